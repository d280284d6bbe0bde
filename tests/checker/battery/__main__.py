"""Write the golden outcomes again: `python -m tests.checker.battery`.

`--add "plain 12"` adds a history, `--add "plain 12 whole"` one with its whole report; `--drop` drops one.
Nothing is written where the definitions contradict the judge.
"""

from __future__ import annotations

import argparse
import sys

from tests.checker.battery import Name, golden, write
from tests.checker.battery.confirm import by_definition, contradictions

UNDEFINED = ("appends", "lists", "transactions")
"""Families whose verdicts the definitions, written for reads and writes of registers, do not give."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.checker.battery", description=__doc__)
    parser.add_argument("--add", action="append", default=[], type=Name.parse, metavar="NAME")
    parser.add_argument("--drop", action="append", default=[], type=Name.parse, metavar="NAME")
    asked = parser.parse_args()
    old = golden()
    new: dict[Name, list[str]] = {}
    wrong = []
    for name in {*old, *asked.add} - {*asked.drop}:
        lines = new[name] = name.lines()
        if lines == old.get(name) or name.family in UNDEFINED:
            continue
        patience, versions = name.bounds()
        expected = by_definition(name.parts(), patience=patience, versions=versions)
        wrong += [f"{name}: {line}" for line in contradictions(lines, expected)]
    if wrong:
        print("not written, because the definitions say otherwise:", *sorted(wrong), sep="\n")
        return 1
    write(new)
    changed = sorted(str(name) for name, lines in new.items() if lines != old.get(name))
    print(f"{len(new)} histories, {len(changed)} of them new or changed: {', '.join(changed)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
