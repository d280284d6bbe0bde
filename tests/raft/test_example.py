"""The example runs: real sockets, real files, a killed leader."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

EXAMPLE = Path(__file__).parents[2] / "examples" / "raft_kv.py"


def test_the_example_says_what_it_does() -> None:
    done = subprocess.run([sys.executable, EXAMPLE], capture_output=True, text=True, check=False, timeout=60)
    assert done.stderr == ""
    assert done.stdout == (
        "100 commands are committed\n"
        "the leader is killed\n"
        "another leads, and nothing is lost\n"
        "the one that was killed is back, and has caught up\n"
    )
