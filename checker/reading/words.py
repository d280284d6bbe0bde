"""Eight bytes at a time: numbers and texts of many lines read by arithmetic on 64-bit words.

Theory of operation: a word holds eight bytes of a line, the first byte lowest. What is asked of a byte is
asked of eight at once, and of thousands of lines with one numpy operation (SWAR: Lamport, Multiple Byte
Processing with Full-Word Instructions, CACM 1975; the product of eight digits after Lemire, Quickly Parsing
Eight Digits, 2018). The first byte of a word that is no digit, or is a quote, shows as the lowest bit set in
a mask; subtracting one and counting bits says how many bytes stand before it. Carries spoil only the bits
above the lowest one, which nobody looks at.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from checker.history.columns import LIMIT, Bools, Ints

Words: TypeAlias = NDArray[np.uint64]

WORD = 8
NUMBER_WORDS = 3
"""Words that hold the longest number that is read here."""
TEXT_WORDS = 8
"""Words that hold the longest text that is read here."""

_ONES = np.uint64(0x0101010101010101)
_HIGHS = np.uint64(0x8080808080808080)
_QUOTES = np.uint64(0x2222222222222222)
_ZEROS = np.uint64(0x3030303030303030)
_SIXES = np.uint64(0x0606060606060606)
_NIBBLES = np.uint64(0xF0F0F0F0F0F0F0F0)
_EVERY_FOURTH = np.uint64(0x000000FF000000FF)
_THOUSANDS = np.uint64(1_000_000 << 32 | 100)
_UNITS = np.uint64(10_000 << 32 | 1)
_ONE, _SEVEN, _TEN = np.uint64(1), np.uint64(7), np.uint64(10)
_EIGHT, _SIXTEEN, _THIRTY_TWO = np.uint64(8), np.uint64(16), np.uint64(32)
_POWERS = 10 ** np.arange(WORD + 1, dtype=np.uint64)
_LONGEST_NUMBER = 19


def numbers(words: Words) -> tuple[Words, Ints, Bools]:
    """Read the decimal number that each row of words begins with.

    Returns the numbers, how many digits they have, and which of them are whole and plain: 1 to 19 digits,
    below 2^62 and without a leading zero.
    """
    first = np.ascontiguousarray(words[:, 0])
    value, digits = _eight_digits(first)
    length = digits
    fine = length > 0
    fine &= (first.view(np.uint8)[::WORD] != ord("0")) | (length == 1)
    for number in range(1, words.shape[1]):
        full = digits == WORD
        if not full.any():
            break
        more, digits = _eight_digits(np.ascontiguousarray(words[:, number]))
        digits = digits * full
        value = value * _POWERS[digits] + more * full
        length = length + digits
    if len(length) and length.max() >= _LONGEST_NUMBER:
        fine &= (length <= _LONGEST_NUMBER) & (value < np.uint64(LIMIT))
    return value, length, fine


def _eight_digits(words: Words) -> tuple[Words, Ints]:
    """Return the number that the digits at the beginning of each word make, and how many they are."""
    bare = words ^ _ZEROS
    other = ((bare + _SIXES) | bare) & _NIBBLES
    bits = np.bitwise_count((other & -other) - _ONE) & np.uint8(0x78)
    # Digits are moved to the end of the word, so that zeros stand in front.
    bare <<= (np.uint8(64) - bits).astype(np.uint64)
    bare = bare * _TEN + (bare >> _EIGHT)
    value = (bare & _EVERY_FOURTH) * _THOUSANDS
    value += ((bare >> _SIXTEEN) & _EVERY_FOURTH) * _UNITS
    value >>= _THIRTY_TWO
    return value, (bits >> np.uint8(3)).astype(np.int64)


def until_quote(words: Words) -> tuple[Words, Ints]:
    """Return each word up to its first quote, zeros after it, and how many bytes that are; 8 if none."""
    other = words ^ _QUOTES
    quote = (other - _ONES) & ~other & _HIGHS
    before = ((quote & -quote) >> _SEVEN) - _ONE
    return words & before, (np.bitwise_count(before) >> np.uint8(3)).astype(np.int64)


def mixed(columns: list[Words], bits: int) -> Ints:
    """Return a number of `bits` bits for each row of some columns, the same for equal rows."""
    total = columns[0] * np.uint64(0x9E3779B97F4A7C15)
    for column in columns[1:]:
        total = (total ^ (total >> _THIRTY_TWO) ^ column) * np.uint64(0xD6E8FEB86659FD93)
    return (total >> np.uint64(64 - bits)).view(np.int64)


def first_rows(columns: list[Words]) -> Ints:
    """Return for each row the first row that is equal to it in all columns.

    Every row leaves its number in a table at a place that its words decide, the first row last, so that it
    stays; who finds another there than its like looks again, with those left over, in a new table.
    """
    size = len(columns[0])
    bits = max(4, (2 * size).bit_length())
    table: NDArray[Any] = np.empty(1 << bits, dtype=np.int32 if size < 1 << 31 else np.int64)
    first, same = _found(columns, bits, table)
    turn, left = 0, np.flatnonzero(~same)
    while len(left):
        turn += 1
        held = [*(column[left] for column in columns), np.full(len(left), turn, dtype=np.uint64)]
        found, same = _found(held, bits, table)
        first[left[same]] = left[found[same]]
        left = left[~same]
    return first


def _found(columns: list[Words], bits: int, table: NDArray[Any]) -> tuple[Ints, Bools]:
    """Return for each row one that shares its place in the table, and whether the two are equal."""
    slot = mixed(columns, bits)
    table[slot[::-1]] = np.arange(len(slot) - 1, -1, -1)
    found = table[slot].astype(np.int64)
    same: Bools = columns[0][found] == columns[0]
    for column in columns[1:]:
        same &= column[found] == column
    return found, same


def packed(texts: list[bytes], width: int) -> list[Words]:
    """Return texts as columns of words, zeros after each: what `until_quote` makes of the same texts."""
    matrix = np.array(texts, dtype=f"S{width * WORD}").view("<u8").reshape(-1, width)
    return [np.ascontiguousarray(matrix[:, number]) for number in range(width)]


def unpacked(columns: list[Words]) -> list[bytes]:
    """Return the texts that columns of words hold."""
    width = len(columns) * WORD
    data = np.stack(columns, axis=1).astype("<u8").tobytes()
    return [data[at : at + width].rstrip(b"\0") for at in range(0, len(data), width)]
