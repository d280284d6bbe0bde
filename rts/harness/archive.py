"""The archive of failing histories: one `rts-history/1` file each, content-addressed and append-only.

A file holds everything: the schedule that runs it again, the operations that clients saw, the trace, the
verdicts it must have and the argument for its violation. Nothing here overwrites or deletes a saved history.
A run that is about to be judged can be put on disk first (`on_disk`), so that a judge that fails loses
nothing.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

import checker
from rts.errors import RtsError
from rts.harness.judge import Judgement
from rts.harness.system import Configuration
from rts.runs import Run
from rts.schedule import Schedule, dumps, from_builtins

HISTORIES = "histories"
UNJUDGED = "unjudged"
MOST_EVENTS = 2_000


class NotReplayable(RtsError):
    """A history file that holds no schedule, or not one that can be read; the message names the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A saved history. `bug` is the seeded bug it was found with, `meta` the rest of its header."""

    path: Path
    history: checker.History
    schedule: Schedule
    system: str
    configuration: str
    bug: str | None
    expect: Mapping[str, str]
    digest: str | None
    explanation: str | None
    meta: Mapping[str, Any]

    @property
    def guarantee(self) -> str | None:
        """The guarantee that it was saved for, else the first that is expected to be violated."""
        violated = [name for name, verdict in self.expect.items() if verdict == "violated"]
        return self.meta.get("guarantee") or next(iter(violated), None)


def histories_directory(start: Path) -> Path:
    """The folder `histories` beside the nearest `pyproject.toml` at or above `start`, else in `start`."""
    here = start.resolve()
    for folder in (here, *here.parents):
        if (folder / "pyproject.toml").is_file():
            return folder / HISTORIES
    return here / HISTORIES


def saved_paths(directory: Path) -> tuple[Path, ...]:
    """The judged histories in a folder and the folders below it, in order of their paths."""
    if not directory.is_dir():
        return ()
    found = (path for pattern in ("*.jsonl", "*.jsonl.zst") for path in directory.rglob(pattern))
    return tuple(sorted(path for path in found if UNJUDGED not in path.relative_to(directory).parts))


def save(
    directory: Path,
    *,
    system: str,
    configuration: Configuration,
    run: Run,
    judgement: Judgement,
    guarantee: str,
) -> Path:
    """Save a judged run for one violated guarantee and return the path of its file.

    `system` is the name that loads it again. A file of the same content is returned as it is; one of the same
    name and other content stays, and the new one gets a number. How and when the run was found is not part of
    it, so that the same counterexample found twice is saved once.
    """
    history = checker.History.from_operations(
        run.operations, header=_judged_header(system, configuration, run, judgement, guarantee)
    )
    name = _file_name(system, configuration.name, guarantee, run.schedule)
    return _write_new(directory, name, checker.dumps(history))


def record(directory: Path, *, system: str, run: Run, reason: str) -> Path:
    """Save a run that has no verdict under `directory/unjudged` and return the path of its file."""
    header = msgspec.structs.replace(
        _header(system, run), meta={"configuration": run.schedule.configuration, "unjudged": reason}
    )
    encoded = _unchecked_dumps(run, header)
    name = _file_name(system, run.schedule.configuration, UNJUDGED, run.schedule)
    return _write_new(directory / UNJUDGED, name, encoded)


@contextlib.contextmanager
def on_disk(directory: Path, *, system: str, run: Run) -> Iterator[Path]:
    """Keep the history of `run` on disk while it is judged: it stays there if the block does not end well."""
    path = record(directory, system=system, run=run, reason="it was being judged")
    yield path
    path.unlink(missing_ok=True)


def load(path: Path) -> Saved:
    """The saved history in a file.

    Raises `checker.HistoryError` if it is no history, `NotReplayable` if it has no schedule in it.
    """
    history = checker.read(path, "rts-history")
    header = history.header
    if header.schedule is None:
        raise NotReplayable(f"{path}: line 1: schedule: missing, so it cannot be run again")
    try:
        schedule = from_builtins(header.schedule)
    except msgspec.ValidationError as error:
        raise NotReplayable(f"{path}: line 1: schedule: {error}") from None
    return Saved(
        path=path,
        history=history,
        schedule=schedule,
        system=header.system or schedule.system,
        configuration=schedule.configuration,
        bug=header.bug,
        expect=header.expect,
        digest=header.digest,
        explanation=header.explanation,
        meta=header.meta,
    )


def slug(text: str) -> str:
    """`text` as part of a file name: lower case, everything but letters and digits a hyphen."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "x"


def _file_name(system: str, configuration: str, guarantee: str, schedule: Schedule) -> str:
    digest = hashlib.sha256(dumps(schedule)).hexdigest()[:12]
    module = system.rpartition(":")[0] or system
    short = slug(Path(module).stem if module.endswith(".py") else module.rpartition(".")[2])
    return f"{short}-{slug(configuration)}-{slug(guarantee)}-{digest}"


def _header(system: str, run: Run) -> checker.Header:
    return checker.Header(
        system=system,
        mode=run.schedule.mode,
        bug=run.bug,
        one_log=run.one_log,
        real_time_writes=run.real_time_writes,
        schedule=msgspec.json.decode(dumps(run.schedule)),
        trace=trace(run),
        digest=run.digest,
    )


def _judged_header(
    system: str,
    configuration: Configuration,
    run: Run,
    judgement: Judgement,
    guarantee: str,
) -> checker.Header:
    meta: dict[str, Any] = {"configuration": configuration.name, "table": configuration.table}
    if configuration.staleness is not None:
        meta["staleness"] = configuration.staleness
    return msgspec.structs.replace(
        _header(system, run),
        name=f"{guarantee} violated by {system}, {configuration.name}",
        meta={**meta, "guarantee": guarantee},
        explanation=judgement.explanation(guarantee),
        expect={name: v.verdict for name, v in judgement.verdicts.items() if v.verdict != "unknown"},
    )


def trace(run: Run) -> dict[str, Any]:
    """The run's events for a file: all of them, or the first and the last `MOST_EVENTS` / 2."""
    events: list[Any] = msgspec.json.decode(msgspec.json.encode(run.events))
    if len(events) <= MOST_EVENTS:
        return {"events": events}
    half = MOST_EVENTS // 2
    return {"events": events[:half] + events[-half:], "left_out": len(events) - 2 * half}


def _unchecked_dumps(run: Run, header: checker.Header) -> bytes:
    """The bytes of a file, also for operations that are no valid history: what a judge could not take."""
    empty = checker.dumps(checker.History.from_operations([], header=header))
    lines = [_plain_line(operation) for operation in run.operations]
    return b"".join((empty, *(line + b"\n" for line in lines)))


def _plain_line(operation: checker.Operation) -> bytes:
    fields: dict[str, Any] = msgspec.to_builtins(operation)
    extra = fields.pop("extra")
    return msgspec.json.encode(fields | extra)


def _write_new(directory: Path, name: str, data: bytes) -> Path:
    """Put `data` in a new file: whole or not at all, and never in the place of another."""
    directory.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=directory, prefix=".", suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        number = 1
        while True:
            path = directory / (f"{name}.jsonl" if number == 1 else f"{name}-{number}.jsonl")
            try:
                _put(temporary, path)
                return path
            except FileExistsError:
                if path.read_bytes() == data:
                    return path
                number += 1
    finally:
        os.unlink(temporary)


def _put(temporary: str, path: Path) -> None:
    """Give the finished file its name. Raises `FileExistsError` if there is one of that name."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:
        # A file system without hard links: the name is still taken by nobody else.
        with open(path, "xb") as file:
            file.write(Path(temporary).read_bytes())
