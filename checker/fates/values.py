"""What became of the writes, as values: counts, and the first writes of each fate by name."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

Fate = Literal["stable", "stale", "lost", "never-read", "recovered", "aborted"]

QUANTILES = (0.5, 0.95, 0.99, 1.0)
"""The quantiles of staleness that are reported."""


class RoleChange(msgspec.Struct, frozen=True):
    """A promotion or a crash that a trace tells of: which, of which node, when (nanoseconds)."""

    kind: Literal["promotion", "crash"]
    node: str
    time: int

    def to_json(self) -> dict[str, Any]:
        """Return the event as in `rts-report/1`."""
        return {"kind": self.kind, "node": self.node, "time": self.time}


class NamedWrite(msgspec.Struct, frozen=True, kw_only=True):
    """One write and what became of it.

    `operation` is its index, `key` what it wrote to. `missed_by` is the index of a read that misses it: of a
    lost write's the first since it was last seen, of a stale write's the last. `stale_for` is in
    nanoseconds, of a stale write. `across` is the promotion or crash that a lost write was lost across, None
    where no trace names one.
    """

    operation: int
    key: str
    missed_by: int | None = None
    stale_for: int | None = None
    across: RoleChange | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the write as in `rts-report/1`; what is not known is left out."""
        fields: dict[str, Any] = {"operation": self.operation, "key": self.key}
        if self.missed_by is not None:
            fields["missed_by"] = self.missed_by
        if self.stale_for is not None:
            fields["stale_ns"] = self.stale_for
        if self.across is not None:
            fields["across"] = self.across.to_json()
        return fields


class DurabilityReport(msgspec.Struct, frozen=True, kw_only=True):
    """What became of every write of a history; `checker.fates` defines the fates.

    `stable`, `stale`, `lost` and `never_read` add up to `acknowledged`. `presumed_lost` counts those of the
    lost that no final read was asked about; `recovered` the writes without acknowledgement that were read,
    `aborted` the failed ones. `staleness` maps the `QUANTILES` to nanoseconds, over the stale writes; empty
    if there are none. `named` holds the first writes of each fate, of the stale ones those that were
    stale longest. `evidence` is `positions` if they alone order the versions.
    """

    acknowledged: int = 0
    stable: int = 0
    stale: int = 0
    lost: int = 0
    never_read: int = 0
    presumed_lost: int = 0
    recovered: int = 0
    aborted: int = 0
    evidence: Literal["positions", "inferred"] | None = None
    staleness: dict[float, int] = {}
    named: dict[Fate, tuple[NamedWrite, ...]] = {}

    @property
    def longest_staleness(self) -> int:
        """For how many nanoseconds the stalest write was missed; 0 if none was."""
        return self.staleness.get(1.0, 0)

    def to_json(self) -> dict[str, Any]:
        """Return the report as the object `durability` of `rts-report/1`."""
        return {
            "evidence": self.evidence,
            "acknowledged": self.acknowledged,
            "stable": self.stable,
            "stale": self.stale,
            "lost": self.lost,
            "never_read": self.never_read,
            "presumed_lost": self.presumed_lost,
            "recovered": self.recovered,
            "aborted": self.aborted,
            "staleness_ns": {f"{quantile:g}": time for quantile, time in self.staleness.items()},
            "named": {fate: [write.to_json() for write in writes] for fate, writes in self.named.items()},
        }
