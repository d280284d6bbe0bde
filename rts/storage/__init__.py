"""Durable storage: the port, and the format of the write-ahead log."""
