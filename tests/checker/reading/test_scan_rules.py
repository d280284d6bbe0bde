"""What the scanner reads by its templates, and what it leaves alone, whatever the letters and however few."""

from __future__ import annotations

import pytest

from checker.reading import InMemory
from checker.reading.pages import pages
from checker.reading.scan import MOST_TEMPLATES, UNKNOWN, Scanner

FORM = '{%s"index":%d,"session":"s","op":"%s","key":"k","start":1,"end":2,"status":"ok"}\n'


def read(scanner: Scanner, data: str) -> list[int]:
    """The form of each line of a page."""
    (page,) = pages(InMemory(data.encode()).open())
    found: list[int] = scanner.read(page, 0).form.tolist()
    return found


def forms(scanner: Scanner, letters: str, *, pad: int = 0) -> list[int]:
    """The form of each line of a page with a line for each letter: `w` a write, `r` a read."""
    kinds = {"w": "write", "r": "read"}
    return read(
        scanner, "".join(FORM % (" " * pad, row, kinds[letter]) for row, letter in enumerate(letters))
    )


def forms_with(*ends: str) -> list[int]:
    """The form of each of some lines that have another field, the first being the one that is learned."""
    line = (FORM % ("", 0, "read"))[:-2]
    scanner = Scanner(few=1)
    assert read(scanner, f"{line},{ends[0]}}}\n") == [0]
    return read(scanner, "".join(f"{line},{end}}}\n" for end in ends))


@pytest.mark.parametrize("pad", range(17))
def test_letters_may_have_any_length(pad: int) -> None:
    """Some end where a word ends: then none of the word's bytes is left out."""
    assert forms(Scanner(few=1), "www", pad=pad) == [0, 0, 0]


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


def test_nor_are_fewer_read_that_differ_in_their_last_letters_only() -> None:
    scanner = Scanner(few=3)
    line = FORM % ("", 0, "read")
    other = line.replace("}", " }")
    assert read(scanner, 3 * line + 3 * other) == [0, 0, 0, 1, 1, 1]
    assert read(scanner, 2 * line + 3 * other) == [UNKNOWN, UNKNOWN, 1, 1, 1]


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
    found = read(scanner, "".join(different))
    assert len(scanner.templates) == MOST_TEMPLATES
    assert found.count(UNKNOWN) == 9


def test_digits_behind_a_point_are_any_number_of_them_but_none() -> None:
    """A word and more, zeros in front or not."""
    for digits in ("5", "05", "0" * 8, "9" * 17, "0" * 24):
        assert forms_with('"took":1.5', f'"took":1.{digits}') == [0, 0]
    assert forms_with('"took":1.5', '"took":1.') == [0, UNKNOWN]
    assert forms_with('"took":1.5', '"took":1.e5') == [0, UNKNOWN]


def test_numbers_that_are_not_plain_are_left_alone_among_others() -> None:
    for number in ("01", "", "x", str(2**62), "9" * 20):
        assert forms_with('"took":7', f'"took":{number}', '"took":0') == [0, UNKNOWN, 0]


@pytest.mark.parametrize("length", [0, 7, 8, 9, 15, 16, 17, 24, 40, 62, 63])
def test_texts_are_read_that_are_shorter_than_eight_words(length: int) -> None:
    text = f'"node":"{"x" * length}"'
    assert forms_with('"node":"n"', text, '"node":"m"', text) == [0, 0, 0, 0]
    assert forms_with(text, f'"node":"{"y" * 64}"', '"node":"m"') == [0, UNKNOWN, 0]
