"""Small summaries to render."""

from rts.harness.summary import FaultTally, HarnessError, Outcome, Result, Summary

PATH = "histories/toy-any-follower-read-your-writes-0123456789ab.jsonl"
UNEXPECTED_PATH = "histories/toy-leader-linearizable-ba9876543210.jsonl"


def row(
    name: str, guarantees: dict[str, Outcome], *, table: str = "read modes", bug: str | None = None
) -> Result:
    return Result(
        system="toy",
        configuration=name,
        table=table,
        mode=name,
        bug=bug,
        schedules=500,
        operations=9_000,
        ok=8_100,
        fail=300,
        info=600,
        faults={"lag": FaultTally(drawn=400, took_hold=391), "crash": FaultTally(drawn=12, took_hold=0)},
        states={
            "tail truncated": 31,
            "read served by a follower": 3_000,
            "read served by the leader": 1_000,
        },
        bug_found=None if bug is None else any(o.verdict == "violated" for o in guarantees.values()),
        simulated_s=9_100.0,
        digest="sha256:11",
        guarantees=guarantees,
        could_have_been_stale=210,
    )


def summary(*results: Result, errors: tuple[HarnessError, ...] = (), stopped: bool = False) -> Summary:
    return Summary(
        command="rts hunt --seed 7",
        seed=7,
        complete=not stopped,
        stop_reason="interrupted" if stopped else "schedules",
        wall_s=20.0,
        digest="sha256:22",
        results=results,
        errors=errors,
    )


def holds(judged: int = 15_321, *, schedules_judged: int = 490, stale: int = 205) -> Outcome:
    return Outcome(
        verdict="holds",
        judged=judged,
        expected="holds",
        schedules_judged=schedules_judged,
        could_have_been_stale=stale,
    )


def broken(*, path: str | None = PATH) -> Outcome:
    return Outcome(
        verdict="violated",
        judged=412,
        expected="violated",
        schedules_judged=200,
        counterexample=path,
        found_after_schedules=12,
        found_after_s=0.4,
        shrink_s=3.1,
        steps=3,
        operations=2,
    )


def unexpected(*, path: str | None = UNEXPECTED_PATH) -> Outcome:
    return Outcome(
        verdict="violated",
        judged=500,
        expected="holds",
        counterexample=path,
        shrink_s=1.0,
        steps=4,
        operations=2,
        explanation="Let w be the write. But r did not see it: a contradiction.",
    )


AS_CLAIMED = summary(
    row("leader", {"read-your-writes": holds(), "linearizable": holds(31, schedules_judged=31, stale=12)}),
    row("any-follower", {"read-your-writes": broken()}),
    row("sync, best", {"no-lost-acknowledged-writes": holds()}, table="durability"),
)
WRONG = summary(
    row("leader", {"read-your-writes": holds(), "linearizable": unexpected()}),
    row(
        "any-follower",
        {"read-your-writes": Outcome(verdict="holds", judged=9, expected="violated", schedules_judged=9)},
    ),
)
