"""What the scanner reads by its templates, and what it leaves alone, whatever the letters and however few."""

from __future__ import annotations

import pytest

from checker.reading import InMemory
from checker.reading.pages import Page, pages
from checker.reading.scan import MOST_TEMPLATES, UNKNOWN, Scanner

FORM = '{%s"index":%d,"session":"s","op":"%s","key":"k","start":1,"end":2,"status":"ok"}\n'


def page_of(letters: str, *, pad: int = 0) -> Page:
    """A page with a line for each letter: `w` a write, `r` a read, `d` a delete."""
    kinds = {"w": "write", "r": "read", "d": "delete"}
    lines = (FORM % (" " * pad, row, kinds[letter]) for row, letter in enumerate(letters))
    (page,) = pages(InMemory("".join(lines).encode()).open())
    return page


def forms(scanner: Scanner, letters: str) -> list[int]:
    """The form of each line of a page."""
    found: list[int] = scanner.read(page_of(letters), 0).form.tolist()
    return found


@pytest.mark.parametrize("pad", range(17))
def test_letters_may_have_any_length(pad: int) -> None:
    """Some end where a word ends: then none of the word's bytes is left out."""
    scanner = Scanner(few=1)
    assert scanner.read(page_of("www", pad=pad), 0).form.tolist() == [0, 0, 0]


def test_as_many_lines_as_are_few_are_read() -> None:
    scanner = Scanner(few=3)
    assert forms(scanner, "ww") == [UNKNOWN, UNKNOWN]
    assert scanner.templates == []
    assert forms(scanner, "www") == [0, 0, 0]


def test_of_a_known_form_fewer_are_left_alone_and_others_are_not() -> None:
    """Whichever form is tried first."""
    scanner = Scanner(few=3)
    assert forms(scanner, "wwwrrr") == [0, 0, 0, 1, 1, 1]
    assert forms(scanner, "wwrrr") == [UNKNOWN, UNKNOWN, 1, 1, 1]
    assert forms(scanner, "wwwrr") == [0, 0, 0, UNKNOWN, UNKNOWN]


@pytest.mark.parametrize(("letters", "learned"), [("wwrw", 2), ("wrww", 1)])
def test_templates_are_learned_from_every_eighth_part(letters: str, learned: int) -> None:
    """Of sixteen lines every second is looked at; what is left is too little to look at again."""
    scanner = Scanner(few=2)
    found = forms(scanner, letters + 6 * "ww")
    assert found == [UNKNOWN if letter == "r" else 0 for letter in letters] + 12 * [0]
    assert len(scanner.templates) == learned


def test_what_was_left_is_looked_at_as_long_as_there_is_something_new() -> None:
    """Every second line again, of the four that were left."""
    scanner = Scanner(few=4)
    assert forms(scanner, 4 * "wr" + 4 * "ww") == 4 * [0, 1] + 8 * [0]


def test_no_more_templates_than_there_may_be() -> None:
    scanner = Scanner(few=1)
    lines = "".join(FORM % ("", 0, "read") for _ in range(MOST_TEMPLATES + 9))
    different = [
        line.replace('"op"', f'"x{row}":1,"op"') for row, line in enumerate(lines.splitlines(keepends=True))
    ]
    (page,) = pages(InMemory("".join(different).encode()).open())
    found = scanner.read(page, 0).form.tolist()
    assert len(scanner.templates) == MOST_TEMPLATES
    assert found.count(UNKNOWN) == 9
