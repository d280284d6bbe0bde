"""How many mutants of each module were planted, who noticed them, and what is still to be explained."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from benchmarks.mutation.choosing import kind
from benchmarks.mutation.log import SURVIVED, Found
from benchmarks.mutation.mutants import ROOT, Name, mutants, tree_of
from benchmarks.mutation.reasons import Reasons, file_of, reasons_of, written

FILE = ROOT / "benchmarks" / "mutation.md"
_KINDS = ("tests", "battery", "import", "time-out", "other", SURVIVED)
_HEAD = """# Bugs planted in the judge

`python -m benchmarks.mutation` plants one small bug at a time in a module of `checker`: another comparison, a
bound off by one, a step or a condition left out, arguments swapped, a word of a report changed
(`mutation/changes.py` has the list), and asks the tests in `tests/checker`, and the histories of the battery
(`tests/checker/battery`), whether they notice. *Import*: the module, or its tests, cannot even be imported.
*Time-out*: it took ten times as long as usual. *Other*: the process ended. Results count as long as the
function that the bug is in says what it said when it was planted.

What survives cannot be noticed: why is said, mutant by mutant, in `survivors/`.

"""


def table(found: dict[str, dict[Name, Found]]) -> str:
    """Return the table of all that was found."""
    rows = []
    total: Counter[str] = Counter()
    for module, results in found.items():
        count = Counter(_column(result.by) for result in results.values())
        count["of"] = len(mutants(module, tree_of(module)))
        count["planted"] = len(results)
        count["reasons"] = len(set(reasons_of(module)) & set(_survivors(results)))
        if count["of"]:
            rows.append(_row(module, count))
            total += count
    heads = ("module", "planted", "of", *_KINDS, "with a reason")
    lines = [
        f"| {' | '.join(heads)} |",
        f"| --- |{' --: |' * (len(heads) - 1)}",
        *rows,
        _row("together", total),
    ]
    return "\n".join(lines) + "\n"


def write(found: dict[str, dict[Name, Found]]) -> None:
    """Write `mutation.md`."""
    FILE.write_text(_HEAD + table(found))


def unexplained(module: str, results: dict[Name, Found]) -> str:
    """Return the survivors that have no reason, in the form of the reasons' files."""
    reasons = reasons_of(module)
    lacking: Reasons = {name: "?" for name in _survivors(results) if name not in reasons}
    return written(lacking) if lacking else ""


def idle(module: str, results: dict[Name, Found]) -> Iterator[str]:
    """Yield the reasons of what does not survive, or does not exist any more."""
    names = mutants(module, tree_of(module))
    path = file_of(module).relative_to(ROOT)
    for name in reasons_of(module):
        if name not in names:
            yield f"{path}: there is no {' / '.join(name)}"
        elif name in results and results[name].by != SURVIVED:
            yield f"{path}: {results[name].by} notices {' / '.join(name)}"


def _survivors(results: dict[Name, Found]) -> list[Name]:
    return [name for name, found in results.items() if found.by == SURVIVED]


def _column(by: str) -> str:
    return kind(by) if kind(by) in _KINDS else "other"


def _row(name: str, count: Counter[str]) -> str:
    figures = [count[column] for column in ("planted", "of", *_KINDS, "reasons")]
    return f"| {name} | {' | '.join(map(str, figures))} |"
