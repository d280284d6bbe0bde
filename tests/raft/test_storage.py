"""What every storage keeps, in memory or in files: the same tests for both."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
import trio

from rts.core.raft.log import EMPTY
from rts.ids import ORIGIN, Lsn
from rts.raft import FileStorage, MemoryStorage, Storage
from tests.raft.entries import N1, entries, noop, snapshot

Reopen: TypeAlias = Callable[[Storage | None], Storage]
"""Crash a storage (nothing that was not synced survives) and open it again; `None`: open a new one."""


def in_memory(_: Path) -> Reopen:
    def reopen(before: Storage | None) -> Storage:
        if before is None:
            return MemoryStorage()
        before.close()
        return before

    return reopen


def in_files(directory: Path) -> Reopen:
    def reopen(before: Storage | None) -> Storage:
        if before is not None:
            before.close()
        return FileStorage(directory / "disk")

    return reopen


@pytest.fixture(params=[in_memory, in_files])
def reopen(request: pytest.FixtureRequest, tmp_path: Path) -> Reopen:
    made: Reopen = request.param(tmp_path)
    return made


def sync(storage: Storage) -> None:
    trio.run(storage.sync)


def test_a_new_storage_is_blank(reopen: Reopen) -> None:
    storage = reopen(None)
    assert storage.disk == 1
    assert storage.load_state() == (0, None)
    assert storage.load_snapshot() == (EMPTY, ORIGIN)
    assert storage.load_log() == ()


def test_term_and_vote_survive_a_crash_once_they_are_synced(reopen: Reopen) -> None:
    storage = reopen(None)
    storage.save_state(3, N1)
    sync(storage)
    storage.save_state(4, None)
    assert storage.load_state() == (4, None)
    assert reopen(storage).load_state() == (3, N1)


def test_entries_survive_a_crash_once_they_are_synced(reopen: Reopen) -> None:
    storage = reopen(None)
    storage.append_log((noop(1, 1), *entries((1, 2))))
    storage.append_log(entries((1, 3)))
    sync(storage)
    storage.append_log(entries((1, 4)))
    storage = reopen(storage)
    assert storage.load_log() == (noop(1, 1), *entries((1, 2), (1, 3)))


def test_one_sync_speaks_for_all_that_was_saved_before(reopen: Reopen) -> None:
    storage = reopen(None)
    storage.save_state(2, N1)
    storage.append_log(entries((2, 1)))
    storage.save_snapshot(snapshot(2, 1), None)
    storage.append_log(entries((2, 2)))
    sync(storage)
    storage = reopen(storage)
    assert storage.load_state() == (2, N1)
    assert storage.load_snapshot() == (snapshot(2, 1), Lsn(2, 1))
    assert storage.load_log() == entries((2, 2))


def test_a_tail_that_was_truncated_is_gone(reopen: Reopen) -> None:
    storage = reopen(None)
    storage.append_log(entries((1, 1), (1, 2), (1, 3)))
    sync(storage)
    storage.truncate_log_after(1)
    storage.append_log(entries((2, 2)))
    sync(storage)
    assert reopen(storage).load_log() == entries((1, 1), (2, 2))


def test_a_truncation_that_was_not_synced_did_not_happen(reopen: Reopen) -> None:
    storage = reopen(None)
    storage.append_log(entries((1, 1), (1, 2)))
    sync(storage)
    storage.truncate_log_after(0)
    assert storage.load_log() == ()
    assert reopen(storage).load_log() == entries((1, 1), (1, 2))


def test_a_snapshot_keeps_the_entries_above_its_base(reopen: Reopen) -> None:
    storage = reopen(None)
    storage.append_log(entries((1, 1), (1, 2), (1, 3), (1, 4)))
    storage.save_snapshot(snapshot(1, 3), Lsn(1, 2))
    sync(storage)
    storage = reopen(storage)
    assert storage.load_snapshot() == (snapshot(1, 3), Lsn(1, 2))
    assert storage.load_log() == entries((1, 3), (1, 4))


def test_a_snapshot_without_a_base_leaves_no_entries(reopen: Reopen) -> None:
    storage = reopen(None)
    storage.append_log(entries((1, 1), (1, 2)))
    storage.save_snapshot(snapshot(3, 9), None)
    sync(storage)
    storage = reopen(storage)
    assert storage.load_snapshot() == (snapshot(3, 9), Lsn(3, 9))
    assert storage.load_log() == ()


def test_a_snapshot_that_was_not_synced_did_not_happen(reopen: Reopen) -> None:
    storage = reopen(None)
    storage.append_log(entries((1, 1), (1, 2)))
    storage.save_snapshot(snapshot(1, 1, b"first"), None)
    sync(storage)
    storage.save_snapshot(snapshot(1, 2, b"second"), None)
    assert storage.load_snapshot()[0].data == b"second"
    assert reopen(storage).load_snapshot()[0].data == b"first"


def test_a_snapshot_may_be_larger_than_one_write(reopen: Reopen) -> None:
    storage = reopen(None)
    data = bytes(range(256)) * 20_000
    storage.save_snapshot(snapshot(1, 1, data), None)
    sync(storage)
    assert reopen(storage).load_snapshot()[0].data == data


def test_appending_goes_on_after_a_crash(reopen: Reopen) -> None:
    storage = reopen(None)
    for index in (1, 2, 3):
        storage.append_log(entries((1, index)))
        sync(storage)
        storage = reopen(storage)
    assert storage.load_log() == entries((1, 1), (1, 2), (1, 3))


def test_a_log_has_no_gaps(reopen: Reopen) -> None:
    storage = reopen(None)
    storage.append_log(entries((1, 1)))
    with pytest.raises(ValueError, match="entry 3 does not follow on entry 1"):
        storage.append_log(entries((1, 3)))
    with pytest.raises(ValueError, match="nothing can follow on index 2: the log is from 0 to 1"):
        storage.truncate_log_after(2)


def test_a_sync_without_anything_to_do(reopen: Reopen) -> None:
    storage = reopen(None)
    sync(storage)
    assert reopen(storage).load_log() == ()


def test_a_failed_sync_in_memory_raises_what_it_is_told_to() -> None:
    storage = MemoryStorage()
    storage.append_log(entries((1, 1)))
    storage.fails = OSError("no space left")
    with pytest.raises(OSError, match="no space left"):
        sync(storage)
