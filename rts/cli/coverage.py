"""What a hunt went through: without it, a table without violations says little."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import click

from rts.cli.text import aligned, hanging, short_count
from rts.harness.summary import FaultTally, Result
from rts.runs import BEHIND_AT_A_READ

# States in which a system counts who answered its reads: shown as a share, for they are not rare.
READ_BY_FOLLOWER = "read served by a follower"
READ_BY_LEADER = "read served by the leader"

LEGEND = (
    "behind: schedules in which a replica was behind at a read, so that an answer could have been stale; "
    "followers: their share of the reads"
)


def coverage(ran: Sequence[Result], *, columns: int) -> Iterator[str]:
    """The lines that say what the rows that ran went through; at most `columns` wide."""
    header = ("", "schedules", "behind", "operations", "ok", "fail", "info", "followers")
    rows = [_share(result) for result in ran]
    yield from aligned([header, *rows], right=frozenset(range(1, len(header))))
    yield hanging("", LEGEND, indent=2, label_width=0, columns=columns)
    yield from _faults(ran, columns=columns)
    yield from _states(ran)
    yield from _least_judged(ran, columns=columns)


def _share(result: Result) -> tuple[str, ...]:
    name = result.configuration if result.bug is None else f"bug {result.bug}"
    shares = [f"{count / result.operations:.0%}" for count in (result.ok, result.fail, result.info)]
    return (
        name,
        short_count(result.schedules),
        _times_behind(result),
        short_count(result.operations),
        *shares,
        followers_share(result),
    )


def followers_share(result: Result) -> str:
    """The share of the answered reads that followers served; a dash for a system that does not say."""
    followers = result.states.get(READ_BY_FOLLOWER, 0)
    reads = followers + result.states.get(READ_BY_LEADER, 0)
    return f"{followers / reads:.0%}" if reads else "–"


def _times_behind(result: Result) -> str:
    """In how many schedules a replica was behind at a read; a dash for a system that does not say."""
    return short_count(result.could_have_been_stale) if result.could_have_been_stale else "–"


def _faults(results: Sequence[Result], *, columns: int) -> Iterator[str]:
    total: dict[str, FaultTally] = {}
    for result in results:
        for kind, tally in result.faults.items():
            so_far = total.get(kind, FaultTally(drawn=0, took_hold=0))
            total[kind] = FaultTally(
                drawn=so_far.drawn + tally.drawn, took_hold=so_far.took_hold + tally.took_hold
            )
    if not total:
        return
    yield ""
    rows = [("fault", "drawn", "took hold")]
    rows += [(kind, short_count(tally.drawn), short_count(tally.took_hold)) for kind, tally in total.items()]
    yield from aligned(rows, right=frozenset({1, 2}))
    idle = [kind for kind, tally in total.items() if tally.drawn and not tally.took_hold]
    if idle:
        yield ""
        text = f"{', '.join(idle)}: drawn, and never took hold; what they would show was not tested"
        yield click.style(hanging("", text, indent=2, label_width=0, columns=columns), fg="red")


def _states(results: Sequence[Result]) -> Iterator[str]:
    states: Counter[str] = Counter()
    for result in results:
        states.update(result.states)
    for common in (READ_BY_FOLLOWER, READ_BY_LEADER, BEHIND_AT_A_READ):
        states.pop(common, None)
    if states:
        yield ""
        rows = [("rare state", "reached")] + [(name, short_count(count)) for name, count in states.items()]
        yield from aligned(rows, right=frozenset({1}))


def _least_judged(results: Sequence[Result], *, columns: int) -> Iterator[str]:
    holding = [
        (outcome, result, name)
        for result in results
        if result.bug is None
        for name, outcome in result.guarantees.items()
        if outcome.verdict == "holds" and outcome.expected == "holds"
    ]
    if not holding:
        return
    outcome, result, name = min(holding, key=lambda cell: cell[0].schedules_judged)
    text = (
        f"Every cell that holds as claimed was judged in at least {outcome.schedules_judged:,} schedules "
        f"(of {result.schedules:,}: {result.configuration}, {name})"
    )
    told = [cell for cell in holding if cell[1].could_have_been_stale]
    if told:
        outcome, result, name = min(told, key=lambda cell: cell[0].could_have_been_stale)
        text += (
            f", and with a replica behind in at least {outcome.could_have_been_stale:,} "
            f"({result.configuration}, {name})"
        )
    yield ""
    yield hanging("", f"{text}.", indent=2, label_width=0, columns=columns)
