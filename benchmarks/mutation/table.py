"""How many mutants of each module were planted, who noticed them, and what is still to be explained."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from benchmarks.mutation.choosing import kind
from benchmarks.mutation.log import SURVIVED, Found
from benchmarks.mutation.mutants import ROOT, Name, mutants_of
from benchmarks.mutation.reasons import Reasons, file_of, reasons_of, written

FILE = ROOT / "benchmarks" / "mutation.md"
_KINDS = ("tests", "battery", "import", "time-out", "other", SURVIVED)


def table(found: dict[str, dict[Name, Found]]) -> str:
    """Return the table of all that was found."""
    rows = []
    total: Counter[str] = Counter()
    for module, results in found.items():
        count = Counter(_column(result.by) for result in results.values())
        count["of"] = len(mutants_of(module))
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
    """Put the table in the place of the one that is in `mutation.md`."""
    head, _, rest = FILE.read_text().partition("\n| module |")
    after = rest.partition("\n\n")[2]
    FILE.write_text("\n".join((head, table(found), after)))


def unexplained(module: str, results: dict[Name, Found]) -> str:
    """Return the survivors that have no reason, in the form of the reasons' files."""
    reasons = reasons_of(module)
    lacking: Reasons = {name: "?" for name in _survivors(results) if name not in reasons}
    return written(lacking) if lacking else ""


def idle(module: str, results: dict[Name, Found]) -> Iterator[str]:
    """Yield the reasons of what does not survive, or does not exist any more."""
    names = mutants_of(module)
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
