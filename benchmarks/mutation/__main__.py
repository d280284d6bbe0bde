"""Plant small bugs in the judge, one at a time, and say which of them no test notices.

Run `python -m benchmarks.mutation --module prepared.scan --module linearizability.zones`; without a module
all of `checker` is meant. Results go to a log: what was judged once is not judged again while its function
says the same, unless it survived and `--again` is given. Ends with 1 if something survived without a reason
in `benchmarks/survivors`, or a reason is given for what does not survive.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from benchmarks.mutation.items import TESTS
from benchmarks.mutation.log import Log
from benchmarks.mutation.mutants import modules
from benchmarks.mutation.planting import Plan, plant
from benchmarks.mutation.table import idle, table, unexplained, write


def main() -> int:
    parser = argparse.ArgumentParser(prog="mutation", description=(__doc__ or "").split("\n")[0])
    parser.add_argument(
        "--module", action="append", help="of checker, as in prepared.scan or linearizability.zones"
    )
    parser.add_argument(
        "--tests", action="append", help="who is asked, with the battery (default: tests/checker)"
    )
    parser.add_argument("--sample", type=int, metavar="N", help="at most N mutants of each module, by chance")
    parser.add_argument("--seed", type=int, default=1, help="of the sample")
    parser.add_argument(
        "--budget", type=float, default=3.0, metavar="SECONDS", help="of tests for each mutant"
    )
    parser.add_argument("--again", action="store_true", help="try again what survived without a reason")
    parser.add_argument("--log", type=Path, default=Path("build/mutation.jsonl"))
    parser.add_argument("--show", action="store_true", help="plant nothing: show what was found")
    parser.add_argument("--table", action="store_true", help="plant nothing: write benchmarks/mutation.md")
    asked = parser.parse_args()
    chosen = asked.module or modules()
    log = Log(asked.log)
    if not (asked.show or asked.table):
        _load_what_is_not_mutated()
        tests = tuple(asked.tests or TESTS)
        plan = Plan(log, tests, asked.budget, asked.again, asked.sample, asked.seed)
        for module in chosen:
            plant(module, plan)
    found = log.found(chosen)
    if asked.table:
        write(found)
    print(table(found))
    wrong = False
    for module in chosen:
        lacking, needless = unexplained(module, found[module]), list(idle(module, found[module]))
        if lacking:
            print(f"survived, and has no reason, of {module}:\n{lacking}")
        for line in needless:
            print(line)
        wrong |= bool(lacking or needless)
    return int(wrong)


def _load_what_is_not_mutated() -> None:
    for name in ("hypothesis", "msgspec", "networkx", "numpy", "pytest", "rich.table", "zstandard"):
        importlib.import_module(name)


if __name__ == "__main__":
    sys.exit(main())
