"""What a storage means to the node that starts on it."""

from __future__ import annotations

from collections.abc import Iterable

from rts.core.raft.log import Recovered, SnapshotRecord, founding
from rts.raft.storage.protocol import Storage


def found_cluster(storage: Storage, voters: Iterable[str]) -> None:
    """Write down on a blank first disk who the members are that the cluster begins with."""
    snapshot, _ = storage.load_snapshot()
    is_blank = not snapshot.configuration.members and not storage.load_log()
    if is_blank and storage.load_state() == (0, None):
        (record,) = founding(voters)
        assert isinstance(record, SnapshotRecord)
        storage.save_snapshot(record.snapshot, record.base)


def recover(storage: Storage) -> Recovered:
    """What a node finds on its storage when it starts."""
    term, vote = storage.load_state()
    snapshot, base = storage.load_snapshot()
    return Recovered(term, vote, snapshot, base, storage.load_log())
