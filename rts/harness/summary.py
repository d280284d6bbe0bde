"""What a hunt found: the `rts-hunt/1` object, and what follows from it."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

FORMAT: Final = "rts-hunt/1"

VerdictName = Literal["holds", "violated", "unknown"]
ErrorKind = Literal["simulate", "judge", "determinism", "shrink", "worker"]
StopReason = Literal["schedules", "max-time", "interrupted", "bug-found", "error"]


class FaultTally(msgspec.Struct, frozen=True, kw_only=True):
    """How many faults of one kind were asked for, and how many took hold, over all schedules of a row."""

    drawn: int
    took_hold: int


class Outcome(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One cell of the table: a guarantee, judged over all schedules of a row.

    `judged` counts pairs or reads; `schedules_judged` the schedules in which there was any, which therefore
    could have shown a violation, and `could_have_been_stale` those of them in which a replica was behind at a
    read, as far as the system can tell. `expected` is what the system claims, `None` where it claims nothing.
    The rest is there when it was violated: the path of the saved counterexample with its size, after how many
    schedules and seconds of the row it was found and how long it took to shrink (seconds).
    """

    verdict: VerdictName
    judged: int
    expected: Literal["holds", "violated"] | None
    schedules_judged: int = 0
    could_have_been_stale: int = 0
    violated_schedules: int = 0
    counterexample: str | None = None
    found_after_schedules: int | None = None
    found_after_s: float | None = None
    shrink_s: float | None = None
    shrink_simulations: int | None = None
    steps: int | None = None
    operations: int | None = None
    explanation: str | None = None

    @property
    def unexpected(self) -> bool:
        """Whether the verdict contradicts the claim; no claim is contradicted by an `unknown`."""
        return (self.expected == "holds" and self.verdict == "violated") or (
            self.expected == "violated" and self.verdict != "violated"
        )


class HarnessError(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that is no verdict: a run that raised, two runs that differ, a judge that failed.

    `path` is the history saved for it, if one was recorded; `schedule`, as JSON text, runs it again.
    """

    kind: ErrorKind
    message: str
    system: str
    configuration: str
    bug: str | None = None
    path: str | None = None
    schedule: str | None = None


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """One row: a system in one configuration, with or without a seeded bug.

    `could_have_been_stale` counts the schedules in which a replica was behind at a read.
    """

    system: str
    configuration: str
    table: str
    mode: str
    bug: str | None
    schedules: int
    operations: int
    ok: int
    fail: int
    info: int
    faults: dict[str, FaultTally]
    states: dict[str, int]
    bug_found: bool | None
    simulated_s: float
    digest: str
    guarantees: dict[str, Outcome]
    could_have_been_stale: int = 0

    @property
    def never_took_hold(self) -> tuple[str, ...]:
        """The kinds of faults that were drawn and did nothing, ever."""
        return tuple(kind for kind, tally in self.faults.items() if tally.drawn and not tally.took_hold)


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """A whole hunt. `complete` says whether every schedule asked for was run, `stop_reason` why it ended."""

    format: Literal["rts-hunt/1"] = FORMAT
    command: str
    seed: int
    complete: bool
    stop_reason: StopReason
    wall_s: float
    digest: str
    results: tuple[Result, ...]
    errors: tuple[HarnessError, ...] = ()

    @property
    def unexpected(self) -> tuple[tuple[Result, str], ...]:
        """The cells that are not as claimed: each row with the name of its guarantee. Bug rows have none."""
        return tuple(
            (result, guarantee)
            for result in self.results
            if result.bug is None
            for guarantee, outcome in result.guarantees.items()
            if outcome.unexpected
        )

    @property
    def inconclusive(self) -> tuple[tuple[Result, str], ...]:
        """The cells that are claimed to hold and were never judged."""
        return tuple(
            (result, guarantee)
            for result in self.results
            if result.bug is None
            for guarantee, outcome in result.guarantees.items()
            if outcome.expected == "holds" and outcome.verdict == "unknown"
        )

    @property
    def exit_status(self) -> int:
        """The process's exit status: 130 interrupted, then the first that applies of 4, 1, 3, 5 and 0.

        A hunt for a seeded bug ends with 1 if the bug was found.
        """
        if self.stop_reason == "interrupted":
            return 130
        if self.errors:
            return 4
        if self.unexpected or any(result.bug_found for result in self.results):
            return 1
        if self.inconclusive:
            return 3
        return 0 if any(result.schedules for result in self.results) else 5


def dumps(summary: Summary) -> bytes:
    """The summary as one JSON object."""
    return msgspec.json.encode(summary)


def loads(data: bytes) -> Summary:
    """The summary that `dumps` wrote. Raises `msgspec.ValidationError` where it is none."""
    return msgspec.json.decode(data, type=Summary)
