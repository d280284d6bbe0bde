"""The theme of a schedule: what its header decides for all of its steps.

Which kinds of faults are on and how many there are (swarm testing: Groce et al., ISSTA 2012), how few the
sessions and keys, how long the pauses and lags. A header of zeros is the plainest: one session, one key, no
faults.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rts.harness.profile import Profile
from rts.schedule import AnyStep

FIXED_HEADER_SIZE = 16

# The bytes of a header, by place; one byte for each setting follows, and one for the script if there are any.
_SESSIONS, _KEYS, _SHARE, _SWARM, _PACE, _LAGS, _PERCENT, _FOCUS, _NEEDS = range(9)
_JITTER = slice(9, 11)
_SWITCHES = slice(11, 15)

_SHARES = (0.0, 0.5, 1.0, 1.5, 2.0)
_MOST_FAULTS = 0.8
_PERCENTS = (100, 50, 20)


def header_size(profile: Profile) -> int:
    """How many bytes the header of a schedule takes."""
    return FIXED_HEADER_SIZE + len(profile.settings) + bool(profile.scripts)


def settings_of(header: bytes, profile: Profile) -> dict[str, Any]:
    """The settings that a header selects."""
    drawn = header[FIXED_HEADER_SIZE : FIXED_HEADER_SIZE + len(profile.settings)]
    return {
        name: values[byte * len(values) >> 8]
        for byte, (name, values) in zip(drawn, profile.settings.items(), strict=True)
    }


def script_of(header: bytes, profile: Profile) -> tuple[AnyStep, ...]:
    """The steps that a header has the schedule begin with: in every second one none."""
    if not profile.scripts:
        return ()
    return ((), *profile.scripts)[pick(header[-1], [len(profile.scripts), *[1] * len(profile.scripts)])]


def jitter_of(header: bytes) -> int:
    """The seed of the jitter; three quarters of the schedules have any."""
    drawn = header[_JITTER]
    return 0 if drawn[0] < 64 else 1 + int.from_bytes(drawn)


@dataclass(frozen=True, slots=True)
class Theme:
    """What all steps of one schedule have in common."""

    sessions: tuple[str, ...]
    keys: tuple[str, ...]
    fault_share: float
    switched_on: tuple[str, ...]
    delays_ns: tuple[int, ...]
    lags_ns: tuple[int, ...]
    percents: tuple[int, ...]
    focus: str
    needs_often: bool

    @classmethod
    def read(cls, header: bytes, profile: Profile) -> Theme:
        """The theme that a header of `header_size(profile)` bytes stands for."""
        session_count = 1 + pick(header[_SESSIONS], [3, 4, *[1] * profile.sessions][: profile.sessions])
        key_count = 1 + pick(header[_KEYS], [4, 2, *[1] * profile.keys][: profile.keys])
        kinds = [kind for kind, weight in profile.faults.items() if weight > 0]
        switches = int.from_bytes(header[_SWITCHES])
        all_on = header[_SWARM] < 64
        pace = 1 + pick(header[_PACE], range(1, len(profile.delays_ns) + 1))
        lag_level = pick(header[_LAGS], [2] + [1] * (len(profile.lags_ns) - 1))
        return cls(
            sessions=tuple(f"s{number}" for number in range(session_count)),
            keys=tuple(f"k{number}" for number in range(key_count)),
            fault_share=min(
                _MOST_FAULTS, profile.fault_share * _SHARES[pick(header[_SHARE], (1, 2, 3, 2, 1))]
            ),
            switched_on=tuple(kind for bit, kind in enumerate(kinds) if all_on or switches >> bit & 1),
            delays_ns=profile.delays_ns[:pace],
            lags_ns=profile.lags_ns[lag_level:],
            percents=_PERCENTS[pick(header[_PERCENT], (2, 1, 1)) :],
            focus=profile.nodes[pick(header[_FOCUS], [len(profile.nodes), *[1] * (len(profile.nodes) - 1)])],
            needs_often=header[_NEEDS] >= 128,
        )


def pick(byte: int, weights: Sequence[int]) -> int:
    """The index that a byte selects where index `i` has `weights[i]` shares of 0..255; a byte of 0 selects
    the first."""
    point = byte * sum(weights) >> 8
    for index, weight in enumerate(weights):
        if point < weight:
            return index
        point -= weight
    raise ValueError("no weights to pick by")


def falling(count: int) -> list[int]:
    """Weights for `count` values of which the first are likelier: count, …, 2, 1."""
    return list(range(count, 0, -1))
