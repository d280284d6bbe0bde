"""The judge against the definitions, on as many random histories as one has time for.

Run `python -m benchmarks.brute_force --histories 10000 --seed 1`. For each guarantee it prints how often each
verdict was reached, and how often the definitions, every pair looked at and every order tried, say otherwise;
then of what the histories were made. It ends with 1 if they ever disagree, and names the histories.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from checker import History
from tests.checker.battery import Name
from tests.checker.battery.__main__ import UNDEFINED
from tests.checker.battery.confirm import by_definition, contradictions
from tests.checker.battery.families import FAMILIES

TRIED = [name for name in FAMILIES if name not in UNDEFINED]
VERDICTS = ("holds", "violated", "unknown")
Counts = Counter[tuple[str, str]]


def main() -> int:
    parser = argparse.ArgumentParser(prog="brute_force.py", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--histories", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    begun = perf_counter()
    first = asked.seed * 10_000_000
    names = [
        Name(TRIED[number % len(TRIED)], first + number, whole=False) for number in range(asked.histories)
    ]
    verdicts: Counts = Counter()
    made: Counter[str] = Counter()
    wrong: list[str] = []
    with get_context("fork").Pool(asked.workers) as pool:
        for counts, holding, complaints in pool.imap_unordered(_compare, names, chunksize=50):
            verdicts += counts
            made += holding
            wrong += complaints
    print(f"{'guarantee':32}{'holds':>8}{'violated':>10}{'unknown':>9}{'disagree':>10}")
    for guarantee in dict.fromkeys(guarantee for guarantee, _ in verdicts):
        counted = [verdicts[guarantee, verdict] for verdict in VERDICTS]
        disagree = verdicts[guarantee, "disagree"]
        print(f"{guarantee:32}{counted[0]:8}{counted[1]:10}{counted[2]:9}{disagree:10}")
    print(f"\nOf {asked.histories} histories, seed {asked.seed}, in {perf_counter() - begun:.0f} s:")
    for what, count in sorted(made.items()):
        print(f"  {count:6} with {what}")
    print(*sorted(wrong), sep="\n", end="\n" if wrong else "")
    return 1 if wrong else 0


def _compare(name: Name) -> tuple[Counts, Counter[str], list[str]]:
    """Return the verdicts on a history, what it is made of, and where the definitions disagree."""
    (history,) = name.parts()
    patience, versions = name.bounds()
    lines = name.lines()
    expected = by_definition([history], patience=patience, versions=versions)
    wrong = contradictions(lines, expected)
    counts: Counts = Counter()
    for line in lines:
        guarantee, _, rest = line.partition(": ")
        guarantee = "bounded-staleness(versions)" if guarantee.startswith("bounded-staleness(") else guarantee
        verdict = rest.split(",")[0]
        if guarantee in expected and verdict in VERDICTS:
            counts[guarantee, verdict] += 1
    for complaint in wrong:
        counts[complaint.split(": ")[0].split("(")[0], "disagree"] += 1
    return counts, _made_of(history), [f"{name}: {complaint}" for complaint in wrong]


def _made_of(history: History) -> Counter[str]:
    operations = history.operations
    writes = [o for o in operations if o.op not in ("read", "delete")]
    acknowledged = [o for o in operations if o.op != "read" and o.status == "ok"]
    values = [(o.key, repr(o.value)) for o in writes]
    positions = [o.position is not None for o in acknowledged]
    return Counter(
        what
        for what, found in {
            "info": any(o.status == "info" for o in operations),
            "fail": any(o.status == "fail" for o in operations),
            "a delete": any(o.op == "delete" for o in operations),
            "a compare-and-set": any(o.op == "cas" for o in operations),
            "a value written twice": len(set(values)) < len(values),
            "final reads": any(o.phase == "final" for o in operations),
            "positions of all writes": bool(positions) and all(positions),
            "positions of some writes": any(positions) and not all(positions),
            "no positions": not any(positions),
            "one log": history.header.one_log,
            "writes in real time": history.header.real_time_writes,
        }.items()
        if found
    )


if __name__ == "__main__":
    sys.exit(main())
