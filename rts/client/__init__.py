"""The client's side: sessions, their tokens, and where reads go. Sans-IO, like the cores."""
