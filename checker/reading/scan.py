"""Many lines at once, by their templates.

Theory of operation: the templates form a tree, since lines of one program begin alike. All lines of a page
stand at the root; at each branch those whose next letters are the branch's, and whose next slot is plain, go
on, their slots read as they go; the others try the next branch. Who comes to the end of a template exactly
at the end of the line is of its form. A branch looks at a line through one row of words: the letters'
words, and then those of the slot, which begins at a word of its own.

Lines that come to no end are few: they are left to msgspec, and templates are learned from some of them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from checker.history.columns import Bools, Ints
from checker.reading.pages import Page
from checker.reading.templates import Piece, Slot, Template, learn
from checker.reading.words import NUMBER_WORDS, TEXT_WORDS, WORD, Words, numbers, until_quote

UNKNOWN = -1
"""The form of a line that agrees with no template."""

FEW = 64
"""So many lines are read one by one as quickly as all at once."""
MOST_TEMPLATES = 64
_SAMPLES = 8
_SHORT_TEXT = 2
"""Words of a text that are looked at with the letters before it; mostly that is all of it."""
_WIDTH = {Slot.NUMBER: NUMBER_WORDS, Slot.DIGITS: NUMBER_WORDS, Slot.TEXT: _SHORT_TEXT, Slot.END: 0}


class Found:
    """What a page's lines say: `form` numbers each line's template, and each slot has a column.

    `numbers` are by field and place in it, `texts` by field, a column for each word of the longest.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.form: NDArray[np.int16] = np.full(size, UNKNOWN, dtype=np.int16)
        self.numbers: dict[tuple[str, int], Words] = {}
        self.texts: dict[str, list[Words]] = {}

    def put_number(self, piece: Piece, rows: Ints, values: Words) -> None:
        """Note the numbers of a slot."""
        if piece.field is not None:
            place = (piece.field, piece.number)
            if place not in self.numbers:
                self.numbers[place] = np.zeros(self.size, dtype=np.uint64)
            self.numbers[place][rows] = values

    def put_text(self, piece: Piece, rows: Ints, number: int, words: Words) -> None:
        """Note a word of the texts of a slot, the `number`-th of each text."""
        if piece.field is not None:
            columns = self.texts.setdefault(piece.field, [])
            while len(columns) <= number:
                columns.append(np.zeros(self.size, dtype=np.uint64))
            columns[number][rows] = words


class _Cursor(NamedTuple):
    """Some lines of a page, and where in the buffer each is read on."""

    rows: Ints
    at: Ints

    def only(self, chosen: Ints) -> _Cursor:
        return _Cursor(self.rows[chosen], self.at[chosen])


class _Branch:
    """A piece, the pieces that may follow it, and at the end of a template its number."""

    def __init__(self, piece: Piece) -> None:
        self.piece = piece
        self.after: list[_Branch] = []
        self.form = UNKNOWN
        self.lines = 0
        letters = piece.letters
        self.letter_words = -(-len(letters) // WORD)
        self.lead = self.letter_words * WORD - len(letters)
        self.letters = np.frombuffer(letters.rjust(self.letter_words * WORD, b"\0"), dtype="<u8")
        self.mask = np.uint64(2**64 - (1 << (8 * self.lead)))

    def begins(self, others: list[_Branch]) -> int:
        """Count the branches whose letters begin with these: they are tried before, being more exact."""
        letters = self.piece.letters
        return sum(other.piece.letters.startswith(letters) for other in others if other is not self)

    def agree(self, words: Words) -> Bools:
        """Which rows of words begin with the letters."""
        first = words[:, 0] & self.mask if self.lead else words[:, 0]
        agree: Bools = first == self.letters[0]
        for number in range(1, self.letter_words):
            agree &= words[:, number] == self.letters[number]
        return agree


class Scanner:
    """Reads pages by the templates that it has learned from them; fewer than `few` lines are left alone."""

    def __init__(self, *, few: int = FEW) -> None:
        self.templates: list[Template] = []
        self._few = few
        self._first: list[_Branch] = []

    def read(self, page: Page, first: int) -> Found:
        """Return what can be read of a page's lines, from line `first` on."""
        found = Found(len(page))
        rows = page.plain_lines(first)
        while len(rows) >= self._few:
            self._follow(self._first, page, found, _Cursor(rows, page.starts[rows]))
            rows = rows[found.form[rows] == UNKNOWN]
            if len(rows) < self._few or not self._learn(page, rows):
                break
        return found

    def _learn(self, page: Page, rows: Ints) -> bool:
        """Learn from some of these lines; returns whether there is a new template."""
        known = len(self.templates)
        for row in rows[:: max(1, len(rows) // _SAMPLES)].tolist():
            template = learn(page.line(row)) if len(self.templates) < MOST_TEMPLATES else None
            if template is not None:
                self._add(template)
        return len(self.templates) > known

    def _add(self, template: Template) -> None:
        branches = self._first
        for piece in template.pieces:
            same = [branch for branch in branches if branch.piece == piece]
            if not same:
                same = [_Branch(piece)]
                branches += same
            branch = same[0]
            branches = branch.after
        if branch.form == UNKNOWN:
            branch.form = len(self.templates)
            self.templates.append(template)

    def _follow(self, branches: list[_Branch], page: Page, found: Found, cursor: _Cursor) -> None:
        """Take the lines at a fork along its branches; a line goes one way and never comes back."""
        for branch in sorted(branches, key=lambda branch: (branch.begins(branches), -branch.lines)):
            if len(cursor.rows) < self._few:
                return
            words = page.words(cursor.at - branch.lead, branch.letter_words + _WIDTH[branch.piece.slot])
            agree = branch.agree(words)
            count = int(np.count_nonzero(agree))
            if count < self._few:
                continue
            branch.lines += count
            here, rest = cursor, None
            if count < len(agree):
                chosen = np.flatnonzero(agree)
                here, rest = cursor.only(chosen), cursor.only(np.flatnonzero(~agree))
                words = words[chosen]
            here = _Cursor(here.rows, here.at + len(branch.piece.letters))
            if branch.piece.slot is Slot.END:
                found.form[here.rows[here.at == page.ends[here.rows]]] = branch.form
            else:
                slot = words[:, branch.letter_words :]
                self._follow(branch.after, page, found, _read_slot(branch.piece, slot, page, found, here))
            if rest is None:
                return
            cursor = rest


def _read_slot(piece: Piece, words: Words, page: Page, found: Found, here: _Cursor) -> _Cursor:
    """Read a slot of some lines; returns those where it is plain, behind it."""
    if piece.slot is Slot.TEXT:
        return _read_text(piece, words, page, found, here)
    values, length, fine = numbers(words)
    if piece.slot is Slot.DIGITS:
        fine = length > 0
    found.put_number(piece, here.rows, values)
    behind = _Cursor(here.rows, here.at + length)
    return behind if fine.all() else behind.only(np.flatnonzero(fine))


def _read_text(piece: Piece, words: Words, page: Page, found: Found, here: _Cursor) -> _Cursor:
    """Read the text up to its quote; a longer one than fits is not plain."""
    content, length = until_quote(np.ascontiguousarray(words[:, 0]))
    found.put_text(piece, here.rows, 0, content)
    at = here.at + length
    longer = np.flatnonzero(length == WORD)
    words = words[longer]
    for number in range(1, TEXT_WORDS):
        if not len(longer):
            break
        if number == _SHORT_TEXT:
            words = page.words(at[longer] - number * WORD, TEXT_WORDS)
        content, length = until_quote(words[:, number])
        found.put_text(piece, here.rows[longer], number, content)
        at[longer] += length
        longer, words = longer[length == WORD], words[length == WORD]
    behind = _Cursor(here.rows, at)
    if not len(longer):
        return behind
    fine: Bools = np.ones(len(at), dtype=np.bool_)
    fine[longer] = False
    return behind.only(np.flatnonzero(fine))
