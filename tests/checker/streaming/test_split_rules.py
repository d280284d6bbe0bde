"""A file dealt out: which line goes where, and what is wrong with the whole of it."""

from __future__ import annotations

from pathlib import Path
from zlib import crc32

import pytest

from checker import Header, History, HistoryError, Operation, dumps
from checker.reading import InMemory, Sizes
from checker.streaming.split import Parts, split
from tests.checker.literal import d, f, r, w

PLAIN, LOG = b'{"format":"rts-history/1"}', b'{"format":"rts-history/1","one_log":true}'


def line(operation: Operation) -> bytes:
    return dumps(History.from_operations([operation])).split(b"\n")[1]


def dealt(
    folder: Path, *operations: Operation, header: bytes = PLAIN, page: int = 1 << 20, count: int = 3
) -> Parts:
    return whole(b"\n".join([header, *map(line, operations), b""]), folder, page=page, count=count)


def whole(data: bytes, folder: Path, *, page: int = 1 << 20, count: int = 1) -> Parts:
    sizes = Sizes(short=0, page=page, few=1)
    return split(InMemory(data), file="h.jsonl", folder=folder, count=count, sizes=sizes)


def refused(folder: Path, *operations: Operation, header: bytes = PLAIN, page: int = 1 << 20) -> HistoryError:
    with pytest.raises(HistoryError) as caught:
        dealt(folder, *operations, header=header, page=page)
    assert caught.value.file == "h.jsonl"
    return caught.value


@pytest.mark.parametrize("page", [64, 400, 1 << 20])
def test_keys_are_dealt_by_their_names_and_lines_stay_in_order(tmp_path: Path, page: int) -> None:
    """A page of 64 bytes holds one line or none, one of 400 several."""
    operations = [w(at, f"s{at}", f"key{at % 5}={at}", 10 * at, 10 * at + 5) for at in range(12)]
    parts = dealt(tmp_path, *operations, page=page)
    assert [path.name for path in parts.paths] == ["0.jsonl", "1.jsonl", "2.jsonl"]
    for number, path in enumerate(parts.paths):
        mine = [one for one in operations if crc32((one.key or "").encode()) % 3 == number]
        header, *lines = path.read_bytes().split(b"\n")
        assert header == b'{"format":"rts-history/1","one_log":false,"real_time_writes":false}'
        assert [text for text in lines if text] == [line(one) for one in mine]
    assert (parts.sessions, parts.keys) == (12, 5)


def test_parts_say_of_their_header_what_verdicts_rest_on(tmp_path: Path) -> None:
    header = b'{"format":"rts-history/1","name":"told","one_log":true,"real_time_writes":true}'
    parts = dealt(tmp_path, d(0, "a", "x", 0, 5), header=header, count=1)
    first = parts.paths[0].read_bytes().split(b"\n")[0]
    assert first == b'{"format":"rts-history/1","one_log":true,"real_time_writes":true}'
    assert parts.header == Header(name="told", one_log=True, real_time_writes=True)


@pytest.mark.parametrize("page", [64, 1 << 20])
def test_what_is_counted_on_the_way(tmp_path: Path, page: int) -> None:
    operations = (
        w(0, "a", "x=1", 0, 5),
        w(1, "b", "x=2", 0, 5, status="fail"),
        w(2, "c", "y=3", 0, None),
        r(3, "a", "x=1", 10, 15),
        r(4, "d", "z=null", 0, None),
        d(5, "e", "x", 0, None),
    )
    parts = dealt(tmp_path, *operations, page=page)
    assert (parts.counts.tolist(), parts.sessions, parts.keys) == ([2, 1, 3], 5, 3)
    assert (parts.has_final, parts.has_lists) == (False, False)
    parts = dealt(tmp_path, *operations, f(6, "n", "x=1", 20), page=page)
    assert (parts.has_final, parts.has_lists) == (True, False)


@pytest.mark.parametrize("op", ["append", "txn"])
def test_from_the_first_list_on_nothing_is_dealt_out(tmp_path: Path, op: str) -> None:
    made = Operation(index=1, session="b", op=op, key="x", value=1, ops=[], start=9, end=10, status="ok")  # type: ignore[arg-type]
    parts = dealt(
        tmp_path, d(0, "a", "x", 0, 5), made, d(2, "c", "x", 0, 5), f(3, "n", "x=1", 20), page=64, count=1
    )
    assert (parts.has_lists, parts.has_final, parts.counts.tolist()) == (True, True, [4, 0, 0])
    assert parts.paths[0].read_bytes().count(b'"index"') == 1


@pytest.mark.parametrize("page", [64, 1 << 20])
def test_indices_rise(tmp_path: Path, page: int) -> None:
    """Also over a page's end; within one page, an index that is there twice is told as that."""
    first = (d(0, "a", "x", 0, 5), d(4, "b", "x", 0, 5))
    falls = "does not rise: a file that is judged part by part is in the order of `index`"
    for index, message in ((3, falls), (4, falls if page == 64 else "duplicate index 4")):
        wrong = refused(tmp_path, *first, d(index, "c", "x", 0, 5), d(9, "d", "x", 0, 5), page=page)
        assert (wrong.line, wrong.field, wrong.message) == (4, "index", message)
    assert dealt(tmp_path, *first, d(5, "c", "x", 0, 5), page=page).counts.tolist() == [3, 0, 0]


def test_the_first_line_that_is_wrong_is_named(tmp_path: Path) -> None:
    falling = [d(index, f"s{at}", "x", 0, 5) for at, index in enumerate((0, 10, 5, 3))]
    assert refused(tmp_path, *falling).line == 4
    late = (d(0, "a", "x", 9, 10), d(1, "b", "y", 9, 10), d(2, "c", "z", 0, 5))
    again = (d(3, "b", "x", 5, 8), d(4, "a", "x", 5, 8))
    wrong = refused(tmp_path, *late, *again, page=400)
    assert wrong.line == 5
    assert wrong.message.startswith("overlaps an earlier operation of session 'b', ")


@pytest.mark.parametrize("count", range(3, 12))
def test_indices_rise_wherever_a_page_ends(tmp_path: Path, count: int) -> None:
    """Pages of 400 bytes hold some lines; the last index is below the one before it, and above all others."""
    rising = [d(10 * at, f"s{at}", "x", 0, 5) for at in range(count)]
    last = d(10 * count - 15, "z", "x", 0, 5)
    wrong = refused(tmp_path, *rising, last, page=400)
    assert (wrong.line, wrong.field) == (count + 2, "index")


def test_an_index_may_be_below_zero(tmp_path: Path) -> None:
    assert dealt(tmp_path, d(-5, "a", "x", 0, 5), d(-1, "b", "x", 0, 5), page=64).counts.tolist() == [2, 0, 0]


@pytest.mark.parametrize(("start", "fits"), [(4, False), (5, False), (6, True)])
def test_operations_of_a_session_do_not_touch_over_the_end_of_a_page(
    tmp_path: Path, start: int, fits: bool
) -> None:
    operations = (
        d(0, "a", "x", -9, 5),
        d(1, "b", "y", 0, 50),
        d(2, "c", "y", 0, None),
        d(3, "a", "y", start, 9),
    )
    if fits:
        assert dealt(tmp_path, *operations, page=64).keys == 2
    else:
        wrong = refused(tmp_path, *operations, page=64)
        assert (wrong.line, wrong.field) == (5, "start")
        assert wrong.message == (
            "overlaps an earlier operation of session 'a', or is not in the order of time"
        )


def test_the_longest_operation_of_a_session_counts_however_many_pages_ago(tmp_path: Path) -> None:
    wrong = refused(tmp_path, d(0, "a", "x", 30, 35), d(1, "b", "x", 0, 5), d(2, "a", "x", 10, 15), page=64)
    assert (wrong.line, wrong.field) == (4, "start")


def test_after_an_open_operation_a_session_may_go_on(tmp_path: Path) -> None:
    operations = (d(0, "a", "x", 0, None), d(1, "a", "x", 10, 15))
    assert dealt(tmp_path, *operations, page=64).counts.tolist() == [1, 0, 1]


SHAPES = (
    d(0, "a", "x", 0, 5, position=1),
    d(1, "b", "x", 0, 5),
    d(2, "c", "y", 0, 5, position=(1, 2)),
)


def test_positions_of_one_log_are_of_one_shape_over_all_pages(tmp_path: Path) -> None:
    wrong = refused(tmp_path, *SHAPES, header=LOG, page=64)
    assert (wrong.line, wrong.field) == (None, "position")
    assert wrong.message == "positions of one log (one_log) are not all of one shape"
    for header, operations in ((PLAIN, SHAPES), (LOG, SHAPES[:2]), (LOG, SHAPES[1:])):
        assert dealt(tmp_path, *operations, header=header, page=64).header.one_log == (header == LOG)


def test_what_no_column_holds_is_not_judged_part_by_part(tmp_path: Path) -> None:
    data = PLAIN + b"\n" + line(d(0, "a", "x", 0, 5)).replace(b'"end":5', b'"end":%d' % 2**70) + b"\n"
    with pytest.raises(HistoryError) as caught:
        whole(data, tmp_path)
    message = "positions of several shapes, or numbers beyond 62 bits, are not judged part by part"
    assert (caught.value.file, caught.value.line, caught.value.message) == ("h.jsonl", None, message)


@pytest.mark.parametrize("page", [64, 1 << 20])
def test_a_rule_that_a_line_breaks_is_told_with_its_number(tmp_path: Path, page: int) -> None:
    lines = [line(d(at, f"s{at}", "x", 4, 5)) for at in range(3)]
    data = b"\n".join([PLAIN, *lines[:2], lines[2].replace(b'"end":5', b'"end":3'), b""])
    with pytest.raises(HistoryError) as caught:
        whole(data, tmp_path, page=page)
    assert (caught.value.file, caught.value.line, caught.value.field) == ("h.jsonl", 4, "end")


@pytest.mark.parametrize("page", [64, 1 << 20])
def test_lines_that_have_no_template_are_dealt_out_like_others(tmp_path: Path, page: int) -> None:
    """Backslashes are left to msgspec."""
    operations = [w(at, f"s{at}", f'key{at}="\\n"', 10 * at, 10 * at + 5) for at in range(4)]
    parts = dealt(tmp_path, *operations, d(5, "z", "x", 0, None, error="\n"), page=page)
    assert (parts.counts.tolist(), parts.sessions, parts.keys) == ([4, 0, 1], 5, 5)
    assert sum(path.read_bytes().count(b'"index"') for path in parts.paths) == 5


def test_a_file_without_a_line_feed_at_its_end(tmp_path: Path) -> None:
    data = b"\n".join([PLAIN, line(d(0, "a", "x", 0, 5)), line(d(1, "b", "x", 0, 5))])
    parts = whole(data, tmp_path, page=64)
    assert parts.counts.tolist() == [2, 0, 0]
    assert parts.paths[0].read_bytes().split(b"\n")[1:3] == data.split(b"\n")[1:]


def test_a_header_that_is_cut_off(tmp_path: Path) -> None:
    for data, line_number, message in (
        (b"", 1, "empty: no header"),
        (PLAIN[:-1], 1, "the last line is truncated"),
        (PLAIN[:-1] + b"\n", 1, "not JSON"),
    ):
        with pytest.raises(HistoryError, match=message) as caught:
            whole(data, tmp_path)
        assert (caught.value.file, caught.value.line) == ("h.jsonl", line_number)
        assert data.endswith(b"\n") or caught.value.message == message
