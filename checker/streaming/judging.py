"""`check_file`: from a file to a report, in one go or in parts."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import numpy as np

from checker.checks.staleness import Staleness
from checker.history import History, HistoryError, Operation
from checker.history.columns import OK, READ
from checker.judge import check
from checker.prepared import Prepared
from checker.reading import Sizes, read_text, text_of
from checker.reading.texts import OnDisk, Text
from checker.streaming.merge import BY_KEY, UNIQUE_POSITIONS, covers, is_ordered_alone, merge
from checker.streaming.split import Parts, split
from checker.verdict import Report, Verdict, Violation

BYTES_PER_OPERATION = 800
"""What reading and judging hold in memory for each operation."""
MOST_PARTS = 256
"""Each is an open file while the lines are dealt out."""

_SAMPLE = 1 << 20
_SPARE = 4
"""Parts are made so many times smaller than the limit, for keys are not all alike."""
_LOST = "no-lost-acknowledged-writes"
_SIZES = Sizes()


def check_file(
    path: str | os.PathLike[str],
    guarantees: Iterable[str] | None = None,
    *,
    staleness: Staleness | None = None,
    real_time_writes: bool | None = None,
    max_violations: int = 10,
    time_limit: float | None = None,
    memory_limit: int | None = None,
) -> Report:
    """Judge the history in a file, as `check` does with one that was read.

    A file that `memory_limit` (bytes) leaves no room for is judged part by part, with temporary files as
    large as itself; the report's `history` is then that of the operations which its violations name.

    Raises `HistoryError` for everything that is wrong with the file, and `ValueError` as `check` does.
    """
    name = os.fspath(path)
    text = text_of(name)
    size = _operations_in(text)
    if memory_limit is None or size * BYTES_PER_OPERATION <= memory_limit:
        return check(
            read_text(text, file=name),
            guarantees,
            staleness=staleness,
            real_time_writes=real_time_writes,
            max_violations=max_violations,
            time_limit=time_limit,
            memory_limit=memory_limit,
        )
    count = _SPARE * size * BYTES_PER_OPERATION // max(memory_limit, 1) + 1
    judging = _Judging(
        None if guarantees is None else tuple(guarantees),
        staleness=staleness,
        real_time_writes=real_time_writes,
        max_violations=max_violations,
        deadline=None if time_limit is None else perf_counter() + time_limit,
        memory_limit=memory_limit,
    )
    return judging.judge(text, file=name, count=min(count, MOST_PARTS))


def _operations_in(text: Text) -> int:
    """Estimate how many operations a file has from its first megabyte."""
    with text.open() as file:
        sample = file.read(_SAMPLE)
    return text.size * (sample.count(b"\n") + 1) // max(len(sample), 1)


class _Judging:
    """Judges a file part by part."""

    def __init__(
        self,
        asked: tuple[str, ...] | None,
        *,
        staleness: Staleness | None,
        real_time_writes: bool | None,
        max_violations: int,
        deadline: float | None,
        memory_limit: int,
    ) -> None:
        self._asked = asked
        self._options: dict[str, Any] = {
            "staleness": staleness,
            "real_time_writes": real_time_writes,
            "max_violations": max_violations,
            "memory_limit": memory_limit,
        }
        self._deadline = deadline
        # What would be judged of no operations at all; raises `ValueError` for a name that there is not.
        self._of_nothing = check(History.from_operations(()), asked, staleness=staleness).guarantees
        self._mentioned: dict[int, Operation] = {}

    def judge(self, text: Text, *, file: str, count: int, sizes: Sizes = _SIZES) -> Report:
        """Return the report on a file dealt out into `count` parts."""
        with TemporaryDirectory(prefix="rts-") as folder:
            try:
                parts = split(text, file=file, folder=Path(folder), count=count, sizes=sizes)
            except OSError as wrong:
                raise HistoryError(f"cannot be dealt out: {wrong.strerror or wrong}", file=file) from None
            verdicts = self._verdicts(parts, file)
        ok, fail, info = parts.counts.tolist()
        mentioned = [self._mentioned[index] for index in sorted(self._mentioned)]
        return Report(
            guarantees=verdicts,
            operations=ok + fail + info,
            ok=ok,
            fail=fail,
            info=info,
            sessions=parts.sessions,
            keys=parts.keys,
            file=file,
            asked=self._asked,
            history=History.from_operations(mentioned, header=parts.header),
        )

    def _verdicts(self, parts: Parts, file: str) -> dict[str, Verdict]:
        excuses = {name: covers(name, one_log=parts.header.one_log) for name in self._of_nothing}
        if parts.has_lists:
            excuses = dict.fromkeys(self._of_nothing, "its appends and transactions may be of several keys")
        judged = [name for name, excuse in excuses.items() if excuse is None]
        found: dict[str, list[Verdict]] = {name: [] for name in judged}
        for path in parts.paths if judged else ():
            for name, verdict in self._of_part(path, judged, parts, file):
                found[name].append(verdict)
        most = self._options["max_violations"]
        return {
            name: merge(name, found[name] or [self._of_nothing[name]], most=most)
            if excuse is None
            else _left_out(excuse)
            for name, excuse in excuses.items()
        }

    def _of_part(
        self, path: Path, names: list[str], parts: Parts, file: str
    ) -> Iterator[tuple[str, Verdict]]:
        """Yield the verdicts on one part."""
        left = None if self._deadline is None else max(0.0, self._deadline - perf_counter())
        try:
            history = read_text(OnDisk(str(path)), file=file)
        except HistoryError as wrong:
            raise HistoryError(wrong.message, file=file, field=wrong.field) from None
        if not len(history):
            return
        report = check(history, names, time_limit=left, **self._options)
        ordered = is_ordered_alone(Prepared(history))
        for name in names:
            verdict = report.guarantees[name]
            self._note(verdict.violations, history)
            if verdict.verdict != "violated" and not ordered and name not in BY_KEY | {UNIQUE_POSITIONS}:
                verdict = _left_out("of some keys, positions do not say which versions are newer")
            elif name == _LOST and parts.has_final and not history.columns.final.any():
                verdict = _without_final(history)
            yield name, verdict

    def _note(self, violations: Iterable[Violation], history: History) -> None:
        """Keep the operations that violations speak of, and their words: the part will be gone."""
        for violation in violations:
            indices = {
                *violation.operations,
                *(end for edge in violation.cycle for end in (edge.from_, edge.to)),
            }
            for row in np.flatnonzero(np.isin(history.columns.index, sorted(indices))).tolist():
                operation = history.operation(row)
                self._mentioned[operation.index] = operation


def _left_out(reason: str) -> Verdict:
    return Verdict(
        verdict="unknown",
        reason=f"not judged part by part, as a file beyond the memory limit is: {reason}",
        reason_code="budget",
    )


def _without_final(history: History) -> Verdict:
    """The file has final reads, but this part has none: no one looked for what it wrote."""
    columns = history.columns
    written = int(np.count_nonzero((columns.kind < READ) & (columns.status == OK)))
    if not written:
        return Verdict(verdict="unknown", reason="no write was acknowledged", reason_code="vacuous")
    return Verdict(
        verdict="unknown",
        ambiguous=written,
        reason="no final read tells whether an acknowledged write is still there",
        reason_code="ambiguous",
    )
