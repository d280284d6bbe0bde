"""The command `rts`, and `python -m rts`."""

from __future__ import annotations

import sys

from rts.cli.group import main

__all__ = ["main"]

if __name__ == "__main__":
    sys.exit(main())
