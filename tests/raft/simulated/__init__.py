"""Raft in the simulator."""
