"""Raft in the simulator: a cluster of machines with its operator, and whole runs of schedules on it."""
