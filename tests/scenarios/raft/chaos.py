"""A cluster to which everything happens that a seed draws: crashes, cuts, loss, drift, changes, transfers."""

from __future__ import annotations

from rts.core.raft.messages import TransferLeadership
from rts.core.raft.settings import Settings
from rts.schedule import MILLISECOND, Duplicate, Lag, Loss, Reorder
from tests.core.raft.lab import Lab

STEPS = 60
DRIFT = Settings().drift_ppm
KINDS = {
    "submit": 30,
    "read": 10,
    "crash": 5,
    "crash at an effect": 3,
    "start": 10,
    "cut": 6,
    "one-way cut": 4,
    "heal": 8,
    "noise": 5,
    "drift": 3,
    "transfer": 4,
    "add": 3,
    "add-learner": 1,
    "remove": 3,
    "lose a disk": 1,
}


class Chaos:
    """One seed's run. `disks`: one of them may be lost."""

    def __init__(self, seed: int, *, disks: bool) -> None:
        self.weights = {kind: weight for kind, weight in KINDS.items() if disks or kind != "lose a disk"}
        self.lost: set[str] = set()
        size = 3 + 2 * (seed % 2)
        outside = tuple(f"n{number}" for number in range(size, size + 2))
        lab = self.lab = Lab(size, seed=seed, outside=outside)
        chance = self.chance = lab.chance
        lab.settings = Settings(
            voters=lab.voters,
            compact_after=chance.choice([0, 2, 5, 20]),
            compact_keep=chance.choice([0, 2]),
            chunk_bytes=chance.choice([50, 1_000]),
            window=chance.choice([1, 2, 16]),
            batch=chance.choice([1, 3, 64]),
            disk_sync_ns=chance.choice([1, 100, 20_000]) * 1_000,
        )
        lab.crash(*lab.nodes)  # the settings are read when a node starts
        for node in lab.nodes.values():
            node.disk.sync_ns = lab.settings.disk_sync_ns
        lab.start(*lab.nodes)

    def run(self) -> Lab:
        """All the steps; the cluster as they leave it."""
        kinds = self.chance.choices(list(self.weights), weights=list(self.weights.values()), k=STEPS)
        for step, kind in enumerate(kinds):
            self.happen(step, kind)
            self.lab.run(self.chance.choice([0, 1, 10, 50, 200]))
        return self.lab

    def happen(self, step: int, kind: str) -> None:
        """One step of a kind."""
        lab, chance = self.lab, self.chance
        name = chance.choice(list(lab.nodes))
        node = lab.nodes[name]
        match kind:
            case "submit":
                for leader in lab.leaders(lab.nodes):
                    lab.submit(leader, f"{step} to {leader}")
            case "read" if node.up:
                lab.read(name, chance.choice(["leader", "lease", "read-index"]))
            case "crash" if node.up:
                lab.crash(name, tear=chance.random() < 0.3)
            case "crash at an effect":
                node.arm(chance.randrange(6), step, tear=chance.random() < 0.3)
            case "start":
                lab.start(*lab.nodes)
            case "cut" | "one-way cut":
                group = chance.sample(list(lab.nodes), chance.randrange(1, len(lab.nodes)))
                into = kind == "cut" or chance.random() < 0.5
                lab.network.cut(group, step, into=into, out_of=kind == "cut" or not into)
            case "heal":
                lab.network.heal()
            case "noise":
                self.noise()
            case "drift" if node.up:
                node.skew(0, chance.randint(-DRIFT // 2, DRIFT // 2), None)
            case "transfer":
                for leader in lab.leaders(lab.nodes):
                    lab.ask(leader, TransferLeadership(0, name))
            case "add" | "add-learner" | "remove":
                lab.change(kind, name)  # type: ignore[arg-type]
            case "lose a disk" if not self.lost:
                self.lost.add(name)
                node.crash(lose_disk=True)

    def noise(self) -> None:
        """Links that lose, repeat, delay and reorder."""
        everyone = {"source": "*", "target": "*"}
        self.lab.fault(
            self.chance.choice(
                [
                    Loss(**everyone, percent=20),
                    Duplicate(**everyone, percent=30, delay_ns=15 * MILLISECOND),
                    Reorder(**everyone, percent=30, delay_ns=25 * MILLISECOND),
                    Lag(**everyone, delay_ns=40 * MILLISECOND),
                ]
            )
        )


def chaos(seed: int, *, disks: bool = True) -> Lab:
    """What a seed's run leaves."""
    return Chaos(seed, disks=disks).run()
