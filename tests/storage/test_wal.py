"""The write-ahead log: torn tails are cut off, damage is refused, and nothing else is lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rts.storage.wal import Contents, CorruptLog, frame, frames, read

PAYLOADS = [b"first", b"", b"the third"]
DATA = frames(PAYLOADS)
STARTS = [0, 17, 29]
HEADER = 12


def test_the_layout_of_a_record() -> None:
    assert frame(b"a").hex(" ", -4) == "00000001 5643ef8a e8b7be43 61"


def test_an_empty_log() -> None:
    assert read(b"") == Contents([], 0)


def test_records_come_back_in_order() -> None:
    assert read(DATA) == Contents(PAYLOADS, 0)
    assert len(DATA) == 50


@pytest.mark.parametrize("length", range(len(DATA)))
def test_a_log_cut_anywhere_keeps_what_is_whole(length: int) -> None:
    whole = sum(
        start + HEADER + len(payload) <= length for start, payload in zip(STARTS, PAYLOADS, strict=True)
    )
    kept = len(frames(PAYLOADS[:whole]))
    assert read(DATA[:length]) == Contents(PAYLOADS[:whole], length - kept)


@pytest.mark.parametrize("offset", range(len(DATA)))
def test_a_flipped_bit_anywhere_is_refused_with_where_its_record_starts(offset: int) -> None:
    for bit in range(8):
        damaged = bytearray(DATA)
        damaged[offset] ^= 1 << bit
        with pytest.raises(CorruptLog, match="does not fit its checksum") as refused:
            read(bytes(damaged))
        assert refused.value.offset == max(start for start in STARTS if start <= offset)


def test_a_long_length_that_was_damaged_is_not_taken_for_a_torn_tail() -> None:
    with pytest.raises(CorruptLog, match="the record at byte 29 does"):
        read(DATA[:29] + b"\xff" + DATA[30:])


def test_damage_before_a_torn_tail_is_refused() -> None:
    with pytest.raises(CorruptLog, match="the record at byte 0 does"):
        read(b"\x01" + DATA[1:-1])


@settings(derandomize=True, database=None)
@given(st.lists(st.binary(max_size=40), max_size=8), st.integers(0, 60))
def test_round_trip(payloads: list[bytes], cut: int) -> None:
    data = frames(payloads)
    assert read(data) == Contents(payloads, 0)
    contents = read(data[: max(0, len(data) - cut)])
    assert contents.payloads == payloads[: len(contents.payloads)]
    assert len(frames(contents.payloads)) + contents.torn == max(0, len(data) - cut)
