"""Texts taken apart: how each may consist of a beginning and of items, one after another.

What is read of a key that grows mostly continues what was read before. So the short texts are taken apart
before the long ones, and each from where the last one ended that it begins with.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

Text: TypeAlias = str | tuple[Hashable, ...]
"""A string, or the identities of a list's items."""


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """An item that a text ends with, if nothing comes after it; the beginning itself has none before it.

    `several` says that what is up to here comes apart in several ways, of which this is one.
    """

    item: Text
    before: Piece | None = None
    several: bool = False


def take_apart(
    texts: Iterable[Text], beginnings: Collection[Text], items: Collection[Text]
) -> dict[Text, dict[int, Piece]]:
    """Return the last piece of each text, by the length of its beginning, where it comes apart.

    No item is empty.
    """
    first, others = _Words(beginnings), _Words(items)
    begun: dict[Text, list[_Reached]] = {}
    apart: dict[Text, dict[int, Piece]] = {}
    for text in sorted(dict.fromkeys(texts), key=len):
        found = apart[text] = {}
        for start in first.ends(text, 0):
            beginning = text[:start]
            reached = begun.setdefault(beginning, [_Reached(beginning, {start: Piece(beginning)})])
            while reached[-1].text != text[: len(reached[-1].text)]:
                reached.pop()
            reached.append(_continued(reached[-1], text, others))
            if len(text) in reached[-1].at:
                found[start] = reached[-1].at[len(text)]
    return apart


@dataclass(frozen=True, slots=True)
class _Reached:
    """The last places of a text where items may end that it begins with, and the pieces that end there."""

    text: Text
    at: dict[int, Piece]


def _continued(reached: _Reached, text: Text, items: _Words) -> _Reached:
    """Return what is reached of a text, from what is reached of one that it begins with."""
    done = len(reached.text)
    at = dict(reached.at)
    for place in range(min(at, default=len(text)), len(text)):
        for end in items.ends(text, place) if place in at else ():
            if end in at and end > done:
                at[end] = replace(at[end], several=True)
            elif end > done:
                at[end] = Piece(text[place:end], at[place], at[place].several)
    last = len(text) - items.longest
    return _Reached(text, {place: piece for place, piece in at.items() if place >= last})


class _Words:
    """Texts that others may be made of."""

    def __init__(self, texts: Collection[Text]) -> None:
        self._texts = texts
        self._lengths = set(map(len, texts))
        self.longest = max(self._lengths, default=0)

    def ends(self, text: Text, start: int) -> list[int]:
        """Return where those end that stand at a place of a text."""
        ends = [start + length for length in self._lengths if start + length <= len(text)]
        return [end for end in ends if text[start:end] in self._texts]
