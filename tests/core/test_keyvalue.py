"""The key-value store as a state machine."""

from __future__ import annotations

import pytest

from rts.core.keyvalue import KeyValue
from rts.ids import Lsn


def after(*commands: tuple[object, ...]) -> KeyValue:
    """A store that did these commands, at 1:1, 1:2, …."""
    store = KeyValue()
    for index, command in enumerate(commands, 1):
        store.apply(Lsn(1, index), command)
    return store


def test_a_key_that_never_was_has_neither_value_nor_version() -> None:
    assert KeyValue().query("k") == (None, None)


def test_a_write_puts_a_value_with_its_position() -> None:
    assert after(("write", "k", 1), ("write", "k", 2)).query("k") == (2, Lsn(1, 2))


def test_a_delete_leaves_nothing_but_its_position() -> None:
    assert after(("write", "k", 1), ("delete", "k")).query("k") == (None, Lsn(1, 2))


def test_a_compare_and_set_is_done_where_the_value_is_the_expected_one() -> None:
    store = after(("write", "k", 1))
    assert store.apply(Lsn(1, 2), ("cas", "k", 1, 2)) is True
    assert store.apply(Lsn(1, 3), ("cas", "k", 1, 3)) is False
    assert store.query("k") == (2, Lsn(1, 2))
    assert store.apply(Lsn(1, 4), ("cas", "new", None, 4)) is True


def test_a_snapshot_holds_everything_and_equal_states_give_equal_bytes() -> None:
    store = after(("write", "b", 1), ("write", "a", 2), ("delete", "b"))
    again = KeyValue()
    again.restore(store.snapshot())
    assert again.values == store.values
    assert after(("write", "b", 1), ("write", "a", 2), ("delete", "b")).snapshot() == again.snapshot()
    again.restore(b"")
    assert again.values == {}


def test_commands_are_the_same_after_a_way_over_a_wire() -> None:
    assert KeyValue().apply(Lsn(1, 1), ["write", "k", 1]) is True


def test_what_is_no_command_is_refused() -> None:
    with pytest.raises(ValueError, match="'increment' is no operation of a key-value store"):
        KeyValue().apply(Lsn(1, 1), ("increment", "k"))
