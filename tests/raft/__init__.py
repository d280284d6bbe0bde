"""Raft as programs see it, and its demo."""
