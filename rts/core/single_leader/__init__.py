"""Single-leader replication: one leader, followers that a write waits for, and others."""
