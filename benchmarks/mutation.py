"""Plant small bugs in the judge, one at a time, and count which of its tests notice.

Run `python -m benchmarks.mutation --module prepared.scan --module linearizability.zones`; without a module
all of `checker` is meant. `--survivors` shows what nobody noticed. Results go to a log; what was judged once,
of a source that has not changed, is not judged again, unless it survived and `--again` is given.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import json
import os
import random
import sys
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from zlib import crc32

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.mutants import mutants
from benchmarks.planting import ROOT, SURVIVED, further_checksums, path_of, plant

COLUMNS = ("battery", "tests", "further", "import", "time-out", "died", SURVIVED)
Row = dict[str, Any]


def main() -> int:
    parser = argparse.ArgumentParser(prog="mutation.py", description=(__doc__ or "").split("\n")[0])
    parser.add_argument(
        "--module", action="append", help="of checker, as in prepared.scan or linearizability.zones"
    )
    parser.add_argument("--sample", type=int, metavar="N", help="at most N mutants of each module, by chance")
    parser.add_argument("--seed", type=int, default=1, help="of the sample")
    parser.add_argument("--again", action="store_true", help="try again what survived")
    parser.add_argument("--survivors", action="store_true", help="show what survived, and plant nothing")
    parser.add_argument("--log", type=Path, default=Path("build/mutation.jsonl"))
    asked = parser.parse_args()
    modules = asked.module or [_name(path) for path in sorted((ROOT / "checker").rglob("*.py"))]
    if not asked.survivors:
        _load_what_is_not_mutated()
        checksums, usual_s = _in_a_child(further_checksums)
        for module in modules:
            chosen = _chosen(module, asked)
            found = _logging(asked.log, module, len(chosen))
            _in_a_child(partial(plant, module, chosen, checksums, usual_s, found))
    _show_table(modules, asked.log)
    if asked.survivors:
        _show_survivors(modules, asked.log)
    return 0


def _name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT / "checker").with_suffix("").parts).removesuffix(".__init__")


def _load_what_is_not_mutated() -> None:
    for name in ("hypothesis", "msgspec", "networkx", "numpy", "pytest", "rich.table", "zstandard"):
        importlib.import_module(name)


def _in_a_child(work: Callable[[], Any]) -> Any:
    """Return what `work` returns in a process of its own."""
    read, write = os.pipe()
    if os.fork() == 0:
        os.close(read)
        with os.fdopen(write, "w") as out:
            json.dump(work(), out)
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as answer:
        text = answer.read()
    os.wait()
    return json.loads(text)


def _chosen(module: str, asked: argparse.Namespace) -> list[str]:
    """Return the names of the mutants to try."""
    names = list(mutants(ast.parse(path_of(module).read_text())))
    if asked.sample is not None and asked.sample < len(names):
        sample = set(random.Random(asked.seed).sample(names, asked.sample))
        names = [name for name in names if name in sample]
    done = {row["mutant"]: row["by"] for row in _rows(asked.log, module)}
    return [name for name in names if name not in done or (asked.again and done[name] == SURVIVED)]


def _logging(log: Path, module: str, count: int) -> Callable[[str, str, float], None]:
    source = crc32(path_of(module).read_bytes())
    number = 0

    def found(mutant: str, by: str, seconds: float) -> None:
        nonlocal number
        number += 1
        row = {"module": module, "source": source, "mutant": mutant, "by": by, "seconds": round(seconds, 2)}
        log.parent.mkdir(exist_ok=True)
        with log.open("a") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
        print(
            f"\r{module}: {number} of {count}",
            end="\n" if number == count else "",
            flush=True,
            file=sys.stderr,
        )

    return found


def _rows(log: Path, module: str) -> list[Row]:
    """Return the last result of each mutant of a module as its source is now."""
    source = crc32(path_of(module).read_bytes())
    rows = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
    names = mutants(ast.parse(path_of(module).read_text()))
    mine = [
        row for row in rows if (row["module"], row["source"]) == (module, source) and row["mutant"] in names
    ]
    return list({row["mutant"]: row for row in mine}.values())


def _show_table(modules: list[str], log: Path) -> None:
    print(f"{'module':34}{'mutants':>9}" + "".join(f"{column:>9}" for column in COLUMNS))
    total: Counter[str] = Counter()
    for module in modules:
        by = Counter(row["by"].partition(":")[0] for row in _rows(log, module))
        total += by
        print(f"{module:34}{by.total():9}" + "".join(f"{by[column]:9}" for column in COLUMNS))
    print(f"{'together':34}{total.total():9}" + "".join(f"{total[column]:9}" for column in COLUMNS))


def _show_survivors(modules: list[str], log: Path) -> None:
    for module in modules:
        lines = path_of(module).read_text().splitlines()
        for row in _rows(log, module):
            if row["by"] == SURVIVED:
                number, _, change = row["mutant"].partition(": ")
                print(f"\nchecker/{module}, line {number}\n  {lines[int(number) - 1].strip()}\n  {change}")


if __name__ == "__main__":
    sys.exit(main())
