"""The telemetry store: a cluster in virtual time, and the program's view of it."""
