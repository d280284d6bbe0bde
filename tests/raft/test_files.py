"""A storage in files, and every crash and damage that can befall it."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest
import trio

from rts.ids import Lsn
from rts.raft import CorruptLog, FileStorage
from rts.raft.storage.system import FileSystem
from tests.raft.entries import N1, entries, snapshot


def sync(storage: FileStorage) -> None:
    trio.run(storage.sync)


def contents(directory: Path) -> tuple[object, ...]:
    """All that a storage finds, opened once more."""
    storage = FileStorage(directory)
    found = (storage.load_state(), *storage.load_snapshot(), storage.load_log())
    storage.close()
    return found


def logs(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir() if path.name != "disk")


def filled(directory: Path) -> tuple[Path, list[int]]:
    """A log of three records, in one file; and where each of them ends."""
    storage = FileStorage(directory)
    ends = []
    for act in (
        lambda: storage.save_state(1, N1),
        lambda: storage.append_log(entries((1, 1), (1, 2))),
        lambda: storage.append_log(entries((1, 3))),
    ):
        act()
        sync(storage)
        ends.append((directory / "00000001.log").stat().st_size)
    storage.close()
    return directory / "00000001.log", ends


# --- torn and damaged records


def test_a_torn_tail_is_cut_wherever_the_crash_came(tmp_path: Path) -> None:
    log, ends = filled(tmp_path / "disk")
    whole = log.read_bytes()
    assert ends[-1] == len(whole)
    for size in range(ends[1], ends[2]):
        log.write_bytes(whole[:size])
        storage = FileStorage(tmp_path / "disk")
        assert storage.load_state() == (1, N1)
        assert storage.load_log() == entries((1, 1), (1, 2))
        assert log.stat().st_size == ends[1]
        storage.append_log(entries((2, 3)))
        sync(storage)
        storage.close()
        assert contents(tmp_path / "disk")[-1] == entries((1, 1), (1, 2), (2, 3))


def test_a_flipped_bit_anywhere_is_refused_with_the_file_and_the_byte(tmp_path: Path) -> None:
    log, ends = filled(tmp_path / "disk")
    whole = log.read_bytes()
    starts = [0, *ends[:-1]]
    for offset in range(len(whole)):
        damaged = bytearray(whole)
        damaged[offset] ^= 1 << offset % 8
        log.write_bytes(damaged)
        with pytest.raises(CorruptLog) as refused:
            FileStorage(tmp_path / "disk")
        start = max(start for start in starts if start <= offset)
        assert (refused.value.path, refused.value.offset) == (str(log), start)
        assert str(refused.value) == f"{log}: the record at byte {start} does not fit its checksum"
        assert log.read_bytes() == damaged


def test_a_record_that_says_nothing_known_is_refused(tmp_path: Path) -> None:
    from rts.storage.wal import frame

    log, ends = filled(tmp_path / "disk")
    log.write_bytes(log.read_bytes() + frame(b"\x93\xa5other\x01\x02"))
    with pytest.raises(CorruptLog, match=f"the record at byte {ends[-1]}"):
        FileStorage(tmp_path / "disk")


def test_entries_that_follow_on_nothing_are_refused(tmp_path: Path) -> None:
    log, ends = filled(tmp_path / "disk")
    whole = log.read_bytes()
    log.write_bytes(whole[: ends[0]] + whole[ends[1] :])
    with pytest.raises(CorruptLog, match=f"the record at byte {ends[0]}"):
        FileStorage(tmp_path / "disk")


def test_a_damaged_snapshot_is_refused_with_its_file(tmp_path: Path) -> None:
    storage = FileStorage(tmp_path)
    storage.save_snapshot(snapshot(1, 4), None)
    sync(storage)
    storage.close()
    path = tmp_path / "1-4.snapshot"
    for damaged in (path.read_bytes()[:-1], b"", path.read_bytes()[:-1] + b"?"):
        path.write_bytes(damaged)
        with pytest.raises(CorruptLog, match=r"1-4\.snapshot: the record at byte 0"):
            FileStorage(tmp_path)


def test_a_missing_snapshot_is_refused(tmp_path: Path) -> None:
    storage = FileStorage(tmp_path)
    storage.save_snapshot(snapshot(1, 4), None)
    sync(storage)
    storage.close()
    (tmp_path / "1-4.snapshot").unlink()
    with pytest.raises(FileNotFoundError, match=r"1-4\.snapshot"):
        FileStorage(tmp_path)


def test_what_a_cancelled_node_was_about_to_write_is_written(tmp_path: Path) -> None:
    async def main() -> None:
        with trio.CancelScope() as scope:
            scope.cancel()
            await storage.sync()

    storage = FileStorage(tmp_path)
    storage.append_log(entries((1, 1)))
    trio.run(main)
    storage.append_log(entries((1, 2)))
    sync(storage)
    storage.close()
    assert contents(tmp_path)[-1] == entries((1, 1), (1, 2))


# --- segments


def test_a_full_segment_is_followed_by_another(tmp_path: Path) -> None:
    storage = FileStorage(tmp_path, segment_bytes=100)
    for index in range(1, 8):
        storage.append_log(entries((1, index)))
        sync(storage)
    storage.close()
    assert logs(tmp_path) == ["00000001.log", "00000002.log", "00000003.log"]
    assert contents(tmp_path)[-1] == entries(*((1, index) for index in range(1, 8)))


def test_a_torn_segment_that_is_not_the_last_is_refused(tmp_path: Path) -> None:
    test_a_full_segment_is_followed_by_another(tmp_path)
    first = tmp_path / "00000001.log"
    first.write_bytes(first.read_bytes()[:-1])
    with pytest.raises(CorruptLog) as refused:
        FileStorage(tmp_path)
    assert refused.value.path == str(first)


@pytest.mark.parametrize("number", [1, 2])
def test_a_missing_segment_is_refused(tmp_path: Path, number: int) -> None:
    test_a_full_segment_is_followed_by_another(tmp_path)
    (tmp_path / f"0000000{number}.log").unlink()
    with pytest.raises(FileNotFoundError, match=f"0000000{number}.log"):
        FileStorage(tmp_path)


def test_a_snapshot_begins_a_segment_and_removes_those_below(tmp_path: Path) -> None:
    storage = FileStorage(tmp_path, segment_bytes=100)
    for index in range(1, 8):
        storage.append_log(entries((1, index)))
        sync(storage)
    storage.save_snapshot(snapshot(1, 5), Lsn(1, 4))
    sync(storage)
    assert logs(tmp_path) == ["00000004.log", "1-5.snapshot"]
    storage.save_snapshot(snapshot(1, 7), None)
    sync(storage)
    storage.close()
    assert logs(tmp_path) == ["00000005.log", "1-7.snapshot"]


# --- a crash between any two steps


class Crash(BaseException):
    """The machine stops here."""


class Dying(FileSystem):
    """A file system on which the machine stops before the step number `last` that changes anything; a write
    at that step gets half of its bytes to the disk."""

    def __init__(self, last: int) -> None:
        self.left = last
        self.steps: list[str] = []

    def step(self, what: str) -> None:
        self.steps.append(what)
        self.left -= 1
        if self.left < 0:
            raise Crash

    def write(self, descriptor: int, data: bytes) -> None:
        if self.left == 0:
            super().write(descriptor, data[: len(data) // 2])
        self.step("write")
        super().write(descriptor, data)

    def sync(self, descriptor: int) -> None:
        self.step("sync")
        super().sync(descriptor)

    def rename(self, old: Path, new: Path) -> None:
        self.step("rename")
        super().rename(old, new)

    def remove(self, path: Path) -> None:
        self.step(f"remove {path.name}")
        super().remove(path)

    def sync_directory(self, directory: Path) -> None:
        self.step("sync directory")
        super().sync_directory(directory)

    def open(self, path: Path) -> int:
        self.step(f"open {path.name}")
        return super().open(path)


SNAPSHOT_STEPS = [
    "write",  # what came before it
    "sync",
    "open 1-3.snapshot.tmp",
    "write",
    "sync",
    "rename",
    "sync directory",
    "open 00000003.log",
    "sync directory",
    "write",
    "sync",  # from here on it counts
    "remove 00000002.log",
    "remove 1-1.snapshot",
    "write",  # what came after it
    "sync",
]


def test_a_snapshot_interrupted_at_any_step_leaves_the_state_before_or_after(tmp_path: Path) -> None:
    before = tmp_path / "before"
    storage = FileStorage(before)
    storage.append_log(entries((1, 1), (1, 2)))
    storage.save_snapshot(snapshot(1, 1, b"old"), Lsn(1, 1))
    sync(storage)
    storage.close()
    assert logs(before) == ["00000002.log", "1-1.snapshot"]
    states = [
        ((0, None), snapshot(1, 1, b"old"), Lsn(1, 1), entries((1, 2))),
        ((0, None), snapshot(1, 1, b"old"), Lsn(1, 1), entries((1, 2), (1, 3), (1, 4))),
        ((0, None), snapshot(1, 3, b"new"), Lsn(1, 2), entries((1, 3), (1, 4))),
        ((0, None), snapshot(1, 3, b"new"), Lsn(1, 2), entries((1, 3), (1, 4), (1, 5))),
    ]
    found = []
    for last in range(len(SNAPSHOT_STEPS) + 1):
        directory = tmp_path / str(last)
        shutil.copytree(before, directory)
        system = Dying(1_000)
        storage = FileStorage(directory, system=system)
        system.steps, system.left = [], last
        storage.append_log(entries((1, 3), (1, 4)))
        storage.save_snapshot(snapshot(1, 3, b"new"), Lsn(1, 2))
        storage.append_log(entries((1, 5)))
        if last < len(SNAPSHOT_STEPS):
            with pytest.raises(Crash):
                sync(storage)
        else:
            sync(storage)
        assert system.steps == SNAPSHOT_STEPS[: last + 1]
        storage.close()
        found.append(states.index(contents(directory)))
        assert len(logs(directory)) <= 3, "what a crash left behind is tidied up"
        storage = FileStorage(directory)  # and it goes on from there
        storage.append_log(entries((2, len(storage.load_log()) + storage.load_snapshot()[1].index + 1)))
        sync(storage)
        storage.close()
        assert contents(directory)[-1][-1].lsn.epoch == 2  # type: ignore[index]
    assert found == [0, *[1] * 9, *[2] * 4, 3, 3]


# --- failing disks, two processes, identities


class Failing(FileSystem):
    """A file system whose disk fails once, when it is told to."""

    fails = False

    def sync(self, descriptor: int) -> None:
        if self.fails:
            self.fails = False
            raise OSError("input/output error")
        super().sync(descriptor)


def test_a_sync_that_failed_is_never_tried_again(tmp_path: Path) -> None:
    system = Failing()
    storage = FileStorage(tmp_path, system=system)
    storage.append_log(entries((1, 1)))
    system.fails = True
    with pytest.raises(OSError, match="input/output error"):
        sync(storage)
    storage.append_log(entries((1, 2)))
    with pytest.raises(OSError, match="failed before"):
        sync(storage)


def test_two_nodes_cannot_have_one_directory(tmp_path: Path) -> None:
    storage = FileStorage(tmp_path)
    with pytest.raises(BlockingIOError):
        FileStorage(tmp_path)
    storage.close()
    FileStorage(tmp_path).close()


def test_a_founding_disk_is_number_1_and_another_draws_its_number_once(tmp_path: Path) -> None:
    founding = FileStorage(tmp_path / "a")
    joining = FileStorage(tmp_path / "b", founding=False, chance=random.Random(7))
    replaced = FileStorage(tmp_path / "c", founding=False, chance=random.Random(8))
    assert founding.disk == 1
    assert 1 < joining.disk != replaced.disk > 1
    joining.close()
    again = FileStorage(tmp_path / "b", founding=False, chance=random.Random(9))
    assert again.disk == joining.disk
    for storage in (founding, again, replaced):
        storage.close()


def test_a_disk_that_is_not_founding_needs_chance(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="draws its number"):
        FileStorage(tmp_path, founding=False)


def test_a_directory_that_lost_its_number_is_refused(tmp_path: Path) -> None:
    filled(tmp_path)
    (tmp_path / "disk").unlink()
    with pytest.raises(FileNotFoundError, match="the disk's number"):
        FileStorage(tmp_path)


def test_closing_lets_go_of_all_files(tmp_path: Path) -> None:
    before = len(os.listdir("/proc/self/fd"))
    storage = FileStorage(tmp_path)
    storage.append_log(entries((1, 1)))
    sync(storage)
    storage.close()
    storage.close()
    assert len(os.listdir("/proc/self/fd")) == before
