"""Events become operations: times keep the order of the file, and invent no order."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from checker.formats.pairing import Clock
from tests.checker.foreign import imported, refused, told


def event(process: int, kind: str, time: int | None) -> str:
    at = "" if time is None else f", :time {time}"
    return f"{{:process {process}, :type :{kind}, :f :write, :value 1{at}}}\n"


def intervals(*events: tuple[int, str, int | None]) -> list[str]:
    history = imported("".join(event(*given) for given in events), initial=None)
    return [f"{operation.session} {operation.start}-{operation.end}" for operation in history.operations]


def test_without_times_time_is_the_number_of_the_event() -> None:
    events = [(0, "invoke", None), (1, "invoke", None), (0, "ok", None), (1, "ok", None)]
    assert intervals(*events) == ["p0 0-2", "p1 1-3"]


def test_minus_one_is_how_jepsen_writes_no_time() -> None:
    assert intervals((0, "invoke", -1), (0, "ok", -1), (0, "invoke", -1)) == ["p0 0-1", "p0 2-None"]


def test_times_that_keep_the_order_are_kept() -> None:
    assert intervals((0, "invoke", 10), (1, "invoke", 10), (0, "ok", 25), (1, "ok", 25)) == [
        "p0 10-25",
        "p1 10-25",
    ]


def test_what_is_invoked_after_a_completion_starts_after_it() -> None:
    assert intervals((0, "invoke", 10), (0, "ok", 20), (1, "invoke", 20), (0, "invoke", 20)) == [
        "p0 10-20",
        "p1 21-None",
        "p0 21-None",
    ]


def test_what_completes_after_an_invocation_still_overlaps_it() -> None:
    assert intervals((0, "invoke", 10), (1, "invoke", 20), (0, "ok", 20), (1, "ok", 20)) == [
        "p0 10-20",
        "p1 20-20",
    ]


def test_a_clock_that_runs_back_does_not_turn_the_order() -> None:
    assert intervals((0, "invoke", 50), (0, "ok", 40), (1, "invoke", 30), (1, "ok", 35)) == [
        "p0 50-50",
        "p1 51-51",
    ]


@given(
    st.lists(st.tuples(st.booleans(), st.none() | st.integers(0, 9)), min_size=2, max_size=12),
)
def test_order_is_neither_lost_nor_invented(events: Sequence[tuple[bool, int | None]]) -> None:
    clock = Clock()
    times = [clock.invoked(given) if invokes else clock.completed(given) for invokes, given in events]
    for later in range(len(events)):
        for earlier in range(later):
            assert times[earlier] <= times[later]
            if not events[earlier][0] and events[later][0]:
                assert times[earlier] < times[later]


def test_an_open_process_cannot_invoke_again() -> None:
    text = event(3, "invoke", 1) + event(4, "invoke", 2) + event(3, "invoke", 3)
    message = "process 3 invokes before its operation of line 1 completed"
    assert refused(text) == (3, "process", message)


def test_nothing_completes_that_was_not_invoked() -> None:
    assert refused(event(3, "ok", 1)) == (1, "process", "process 3 completes what it did not invoke")


def test_an_unknown_outcome_stays_open() -> None:
    text = event(0, "invoke", 1) + event(0, "info", 5) + event(0, "invoke", 9)
    assert told(imported(text, initial=None)) == [
        "p0 write register=1 1-5 info",
        "p0 write register=1 9- info",
    ]
