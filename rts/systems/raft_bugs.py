"""The seeded bugs of Raft, each with where it is hunted."""

from __future__ import annotations

from rts.systems.raft_hunts import elections_and_logs, snapshots_members_reads
from rts.systems.seeded import Seeded

SEEDED = Seeded("raft", {**elections_and_logs.HUNTS, **snapshots_members_reads.HUNTS})
