"""Where each seeded bug of Raft is hunted.

A bug has a configuration of its own: a read mode, settings, and weights of the operations and faults that the
rule it breaks is there for, on as few nodes as have all the parts. It claims what the mode claims, so the
same hunt without the bug has to come back clean.
"""

from __future__ import annotations

from rts.harness.system import Configuration
from rts.systems.seeded import Seeded

HUNTS: dict[str, Configuration] = {}

SEEDED = Seeded("raft", HUNTS)
