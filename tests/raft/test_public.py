"""What `rts.raft` offers, and that offering it costs nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest

import rts.raft


@pytest.mark.parametrize("name", rts.raft.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(rts.raft, name).__doc__


def test_a_name_that_is_not_there_is_named() -> None:
    with pytest.raises(AttributeError, match=r"module 'rts\.raft' has no attribute 'Paxos'"):
        _ = rts.raft.Paxos


def test_importing_it_loads_neither_trio_nor_the_core() -> None:
    child = (
        "import sys, rts.raft\n"
        "print([name for name in ('trio', 'msgspec', 'rts.core') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", child], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("[]\n", "")
