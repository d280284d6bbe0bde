"""The state machine behind its table of sessions."""

from __future__ import annotations

from rts.core.raft.machine import Replicated, Result
from rts.ids import Lsn
from tests.core.raft.hand import Keys, command


def replicated() -> tuple[Replicated, Keys]:
    keys = Keys()
    return Replicated(keys), keys


def test_a_command_is_done_and_its_result_kept() -> None:
    state, keys = replicated()
    result = Result(Lsn(1, 1), "k is one")
    assert state.apply(Lsn(1, 1), command("one")) == result
    assert state.done("c", 1) == result
    assert state.done("c", 2) is None
    assert state.done("d", 1) is None
    assert keys.applied == ["one"]


def test_a_command_that_comes_again_gives_the_first_result_and_is_not_done() -> None:
    state, keys = replicated()
    first = state.apply(Lsn(1, 1), command("one"))
    assert state.apply(Lsn(1, 2), command("one")) == first
    assert keys.applied == ["one"]


def test_sessions_are_apart() -> None:
    state, keys = replicated()
    state.apply(Lsn(1, 1), command("one", client="c"))
    state.apply(Lsn(1, 2), command("two", client="d"))
    assert keys.applied == ["one", "two"]


def test_a_client_has_several_requests_under_way_in_any_order() -> None:
    state, keys = replicated()
    for index, request in enumerate((2, 1, 3, 2), 1):
        state.apply(Lsn(1, index), command(f"r{request}", request=request))
    assert keys.applied == ["r2", "r1", "r3"]


def test_answers_that_arrived_are_forgotten_and_late_duplicates_are_not_done() -> None:
    state, keys = replicated()
    state.apply(Lsn(1, 1), command("one", request=1))
    state.apply(Lsn(1, 2), command("two", request=2, answered=2))
    assert state.done("c", 1) is None
    assert state.is_answered("c", 1)
    assert not state.is_answered("c", 2)
    assert state.apply(Lsn(1, 3), command("one", request=1)) is None
    assert keys.applied == ["one", "two"]


def test_what_was_answered_does_not_go_back() -> None:
    state, _ = replicated()
    state.apply(Lsn(1, 1), command("five", request=5, answered=5))
    state.apply(Lsn(1, 2), command("six", request=6, answered=2))
    assert state.is_answered("c", 4)


def test_a_snapshot_carries_state_and_sessions() -> None:
    state, _ = replicated()
    state.apply(Lsn(1, 1), command("one", request=1))
    state.apply(Lsn(1, 2), command("two", request=2, answered=2))
    other, keys = replicated()
    other.restore(state.snapshot())
    assert keys.values == {"k": "two"}
    assert other.done("c", 2) == Result(Lsn(1, 2), "k is two")
    assert other.is_answered("c", 1)
    assert other.snapshot() == state.snapshot()


def test_equal_states_have_equal_snapshots_whatever_the_order_of_clients_and_requests() -> None:
    one, other = replicated()[0], replicated()[0]
    first = command("same", client="c", request=1)
    second = command("same", client="c", request=2)
    third = command("same", client="d", request=1)
    for state, order in ((one, (first, second, third)), (other, (third, second, first))):
        for what in order:
            state.apply(Lsn(1, 1), what)
    assert one.snapshot() == other.snapshot()


def test_no_bytes_are_the_first_state() -> None:
    state, keys = replicated()
    state.apply(Lsn(1, 1), command("one"))
    state.restore(b"")
    assert keys.values == {}
    assert state.done("c", 1) is None
