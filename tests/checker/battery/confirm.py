"""The verdicts of a history by the definitions themselves, to hold the judge's against."""

from __future__ import annotations

from typing import Any

from checker import GUARANTEES, History, Operation
from tests.checker.brute_force import Definitions

UNCOUNTED = "uncounted"
"""No verdict: how many versions a read is behind has no answer where two of them have one position."""


class _Remembering(Definitions):
    """Tries no order twice, so that forty operations can be tried, too."""

    def has_order(self, key: str) -> bool:
        self._tried: set[tuple[frozenset[int], str]] = set()
        return super().has_order(key)

    def _extend(self, left: list[Operation], state: Any) -> bool:
        point = frozenset(o.index for o in left), repr(state)
        if point in self._tried:
            return False
        self._tried.add(point)
        return super()._extend(left, state)

    def too_many_versions_behind(self, bound: int) -> bool:
        """Whether a read is more acknowledged versions behind an acknowledged write than is allowed."""
        for r in self.reads:
            for w in self.acknowledged:
                if w.key != r.key or w.end is None or w.end >= r.start or not self.candidates[r.index]:
                    continue
                upto = [x for x in self.acknowledged if x.key == w.key and (x is w or self.older(x, w))]
                behind = [sum(self.older(v, x) for x in upto) for v in self.candidates[r.index]]
                if min(behind) > bound:
                    return True
        return False


def by_definition(parts: list[History], *, patience: int, versions: int) -> dict[str, str]:
    """Return the verdicts on the history that is made of these parts.

    `bounded-staleness(versions)` is `violated` or not, or `UNCOUNTED`. Appends and transactions have no
    definition here.
    """
    found: dict[str, list[str]] = {}
    for part in parts:
        definitions = _Remembering(part)
        for name in GUARANTEES:
            if name == "bounded-staleness":
                verdict = definitions.bounded_staleness(patience)
            else:
                verdict = getattr(definitions, name.replace("-", "_"))()
            found.setdefault(name, []).append(verdict)
        behind = "violated" if definitions.too_many_versions_behind(versions) else ""
        if definitions.unique_positions() == "violated":  # two versions at one position cannot be counted
            behind = UNCOUNTED
        found.setdefault("bounded-staleness(versions)", []).append(behind)
    return {name: _together(verdicts) for name, verdicts in found.items()}


def _together(verdicts: list[str]) -> str:
    for verdict in (UNCOUNTED, "violated", "holds", "unknown"):
        if verdict in verdicts:
            return verdict
    return "not violated"


def contradictions(lines: list[str], expected: dict[str, str]) -> list[str]:
    """Return the verdicts, as `outcome` writes them, that are not as expected.

    A judge of linearizability may say that it does not know.
    """
    wrong = []
    for line in lines:
        name, _, rest = line.partition(": ")
        verdict = rest.split(",")[0]
        if name.startswith("bounded-staleness("):
            verdict = "violated" if verdict == "violated" else "not violated"
            name = "bounded-staleness(versions)"
        if (
            expected.get(name, UNCOUNTED) != UNCOUNTED
            and verdict != expected[name]
            and (name, verdict) != ("linearizable", "unknown")
        ):
            wrong.append(f"{line}: by definition {expected[name]}")
    return wrong
