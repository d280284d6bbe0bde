"""Verdicts, violations, reports, and what they look like as JSON (`rts-report/1`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import msgspec

FORMAT = "rts-report/1"

Answer = Literal["holds", "violated", "unknown"]
ReasonCode = Literal["vacuous", "ambiguous", "budget"]
EdgeKind = Literal["session-order", "reads-from", "real-time", "version-order", "anti-dependency"]


class Edge(msgspec.Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """One step of a cycle: from one operation's index to another's, of what kind, and why it is there."""

    from_: int
    to: int
    edge: EdgeKind
    reason: str


@dataclass(frozen=True, slots=True)
class Account:
    """What is said of a violation: its cycle, and the argument in words."""

    cycle: tuple[Edge, ...]
    explanation: str


class Violation:
    """A proof that a guarantee is broken: the operations' indices, their key, the cycle, the argument.

    `key` is the key of the last operation. The cycle and the words are worked out when first asked for.
    """

    __slots__ = ("_account", "_tell", "key", "operations")

    def __init__(self, operations: tuple[int, ...], key: str | None, tell: Callable[[], Account]) -> None:
        self.operations = operations
        self.key = key
        self._tell = tell
        self._account: Account | None = None

    def _told(self) -> Account:
        if self._account is None:
            self._account = self._tell()
        return self._account

    @property
    def cycle(self) -> tuple[Edge, ...]:
        """The edges that contradict each other; empty where two operations already do."""
        return self._told().cycle

    @property
    def explanation(self) -> str:
        """The argument in words."""
        return self._told().explanation

    def to_json(self) -> dict[str, Any]:
        """Return the violation as in `rts-report/1`."""
        return {
            "operations": list(self.operations),
            "key": self.key,
            "cycle": [{"from": edge.from_, "to": edge.to, "edge": edge.edge} for edge in self.cycle],
            "explanation": self.explanation,
        }

    def __reduce__(self) -> tuple[Any, ...]:
        return Violation, (self.operations, self.key, partial(_as_told, self._told()))

    def __repr__(self) -> str:
        return f"<Violation by operations {self.operations}>"


def _as_told(account: Account) -> Account:
    return account


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one guarantee's check came to.

    `judged` and `ambiguous` count what could and could not be compared. `evidence` says which order of
    versions was used, None if none. An `unknown` carries `reason` and `reason_code`. `violations` are the
    first of the `violation_count` that were found; `elapsed_s` is in seconds.
    """

    verdict: Answer
    evidence: str | None = None
    judged: int = 0
    ambiguous: int = 0
    reason: str | None = None
    reason_code: ReasonCode | None = None
    violations: tuple[Violation, ...] = ()
    violation_count: int = 0
    elapsed_s: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """Return the verdict as in `rts-report/1`."""
        fields: dict[str, Any] = {"verdict": self.verdict}
        for name in ("evidence", "reason", "reason_code"):
            value = getattr(self, name)
            if value is not None:
                fields[name] = value
        fields |= {"judged": self.judged, "ambiguous": self.ambiguous, "elapsed_s": self.elapsed_s}
        fields["violations"] = [violation.to_json() for violation in self.violations]
        fields["violation_count"] = self.violation_count
        return fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The verdicts on one history. `asked` are the guarantees that were asked for by name."""

    guarantees: dict[str, Verdict]
    operations: int = 0
    ok: int = 0
    fail: int = 0
    info: int = 0
    sessions: int = 0
    keys: int = 0
    file: str | None = None
    asked: tuple[str, ...] | None = None

    @property
    def verdict(self) -> Answer:
        """The verdict of the whole.

        `violated` if any is. Else, where guarantees were asked for by name, `unknown` if any of them is;
        where not, `unknown` if all are or one is for another reason than that there was nothing to judge.
        """
        verdicts = list(self.guarantees.values())
        if any(verdict.verdict == "violated" for verdict in verdicts):
            return "violated"
        if self.asked is not None:
            asked = [self.guarantees[name].verdict for name in self.asked]
            return "unknown" if "unknown" in asked or not asked else "holds"
        unknown = [verdict for verdict in verdicts if verdict.verdict == "unknown"]
        if len(unknown) == len(verdicts) or any(verdict.reason_code != "vacuous" for verdict in unknown):
            return "unknown"
        return "holds"

    def to_json(self) -> dict[str, Any]:
        """Return the report as an `rts-report/1` object."""
        return {
            "format": FORMAT,
            "file": self.file,
            "operations": self.operations,
            "ok": self.ok,
            "fail": self.fail,
            "info": self.info,
            "sessions": self.sessions,
            "keys": self.keys,
            "verdict": self.verdict,
            "guarantees": {name: verdict.to_json() for name, verdict in self.guarantees.items()},
        }


def exit_status(reports: Iterable[Report]) -> int:
    """Return the exit status of a command that came to these reports.

    0 all hold, 1 a violation, 3 inconclusive, 5 there was nothing to check.
    """
    verdicts = {report.verdict for report in reports}
    if not verdicts:
        return 5
    if "violated" in verdicts:
        return 1
    return 3 if "unknown" in verdicts else 0
