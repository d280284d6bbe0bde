"""What became of a saved history when it was run again, in words. Shared with the pytest plugin."""

from __future__ import annotations

from collections.abc import Iterator

from rts.cli.text import aligned
from rts.harness.failure import failure_report
from rts.harness.replay import Difference, Replay


def headline(replay: Replay) -> str:
    """One line: reproduced, or which verdict is another now."""
    if not replay.differences:
        expected = [name for name, verdict in replay.saved.expect.items() if verdict == "violated"]
        what = f"{', '.join(expected)} violated" if expected else "every verdict as expected"
        return f"{'reproduced' if replay.run is not None else 'confirmed'}: {what}"
    first, *others = sorted(replay.differences, key=lambda difference: difference.found != "violated")
    more = f" (and {len(others)} more)" if others else ""
    return f"{first.guarantee}: expected {first.expected}, now {_found(first)}{more}"


def differing_bytes(replay: Replay) -> Iterator[str]:
    """Lines that show the first operation that is not the recorded one; none where all bytes are the same."""
    difference = replay.first_difference
    if difference is not None:
        yield f"  not the recorded bytes, from operation {difference.place} on:"
        yield f"    recorded  {difference.recorded or '(no such operation)'}"
        yield f"    now       {difference.found or '(no such operation)'}"
    elif replay.same_digest is False:
        yield "  the recorded operations, but not the recorded run: its digest is another"


def failure_text(replay: Replay) -> str:
    """Why a replay is not as expected: each new violation in full, then the verdicts that changed."""
    lines = []
    for difference in replay.differences:
        if difference.found == "violated" and replay.run is not None and replay.judgement is not None:
            report = failure_report(
                replay.run, replay.judgement, difference.guarantee, path=replay.saved.path
            )
            lines += [*report.rstrip("\n").split("\n"), ""]
    lines.append(f"{replay.saved.path}: not as expected")
    rows = [("guarantee", "expected", "now")]
    rows += [(change.guarantee, change.expected, _found(change)) for change in replay.differences]
    lines += aligned(rows)
    lines += differing_bytes(replay)
    if any(change.expected == "violated" for change in replay.differences):
        lines.append(
            "  If the store was mended, change `expect` in the file's first line: it then guards the mending."
        )
    lines.append(f"  rts replay {replay.saved.path}")
    return "\n".join(lines)


def _found(difference: Difference) -> str:
    return difference.found or "not judged"
