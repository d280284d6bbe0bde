"""Work done in a process of its own, which may be ended, and changes nothing here."""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import traceback
from collections.abc import Callable
from typing import Any

TIME_OUT = "time-out"
DIED = "died"
_MEMORY = 4 << 30
_WAIT_S = 1_200
"""For a child that neither works nor ends."""


def in_a_child(work: Callable[[], Any], *, silent: bool = True) -> Any:
    """Return what `work` returns, as JSON does; `TIME_OUT` or `DIED` if it does not return."""
    read, write = os.pipe()
    if (child := os.fork()) == 0:
        os.close(read)
        try:
            if silent:
                be_silent()
            answer(write, work())
        except Exception:
            traceback.print_exc()
        finally:
            os._exit(1)
    os.close(write)
    return answered(child, read)


def answer(write: int, said: Any) -> None:
    """Say something to the parent, and end."""
    try:
        with os.fdopen(write, "w") as out:
            json.dump(said, out)
    finally:
        os._exit(0)


def answered(child: int, read: int) -> Any:
    """Return what a child says on `read`; one that says nothing for long is ended."""
    pieces = []
    while select.select([read], [], [], _WAIT_S)[0]:
        piece = os.read(read, 1 << 20)
        if not piece:
            break
        pieces.append(piece)
    else:
        os.kill(child, signal.SIGKILL)
    os.close(read)
    _, status = os.waitpid(child, 0)
    if pieces:
        return json.loads(b"".join(pieces))
    ended = os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL)
    return TIME_OUT if ended else DIED


def limit(cpu_s: float) -> None:
    """End this process if it takes more than some seconds from now, or more memory than is sensible."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soonest = int(used.ru_utime + used.ru_stime + cpu_s) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soonest, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))


def be_silent() -> None:
    """Let nothing more be printed."""
    silence = os.open(os.devnull, os.O_RDWR)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
