"""What the judge says of the histories of the battery is what it said when the battery was last written."""

from __future__ import annotations

from difflib import unified_diff

from tests.checker.battery import differences, golden
from tests.checker.battery.confirm import contradictions


def test_the_judge_says_what_it_said() -> None:
    changed = [
        "\n".join(unified_diff(old, new, f"{name}, golden", f"{name}, now", n=0, lineterm=""))
        for name, old, new in differences()
    ]
    more = f"\n… and {len(changed) - 3} histories more" if len(changed) > 3 else ""
    assert not changed, "\n".join(["", *changed[:3]]) + more + "\nmeant? python -m tests.checker.battery"


def test_the_battery_is_large_and_sees_every_verdict() -> None:
    outcomes = golden()
    assert len(outcomes) > 190
    seen = {
        tuple(line.split(",")[0].split(": "))
        for lines in outcomes.values()
        for line in lines
        if not line.startswith(("|", " "))
    }
    for name in ("read-your-writes", "linearizable", "no-lost-acknowledged-writes", "convergence"):
        assert {(name, "holds"), (name, "violated"), (name, "unknown")} <= seen


def test_a_verdict_against_the_definitions_is_refused() -> None:
    lines = ["linearizable: unknown, None, 0 judged", "monotonic-reads: holds, positions, 3 judged", "| x: y"]
    assert contradictions(lines, {"linearizable": "holds", "monotonic-reads": "holds"}) == []
    assert contradictions(lines, {"linearizable": "holds", "monotonic-reads": "violated"}) == [
        "monotonic-reads: holds, positions, 3 judged: by definition violated"
    ]
