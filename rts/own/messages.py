"""What travels between the parts of one's own store: any Python values, copied on their way like bytes would
be."""

from __future__ import annotations

import copy
from typing import Any, Literal, NamedTuple

import msgspec

_ATOMS = frozenset((str, int, float, bool, bytes, type(None)))
_SMALLEST, _LARGEST = -(2**63), 2**64 - 1


class Envelope(NamedTuple):
    """A message under way. `number` ties a call and its reply together; a message that was only sent has
    0."""

    kind: Literal["send", "call", "reply"]
    number: int
    message: Any


def _is_flat(message: tuple[Any, ...]) -> bool:
    """Whether it has nothing but what is never changed, and what any encoder takes: most messages."""
    for part in message:
        kind = type(part)
        if kind not in _ATOMS or (kind is int and not _SMALLEST <= part <= _LARGEST):
            return False
    return True


def copied(message: Any) -> Any:
    """A copy that shares nothing changeable with `message`: sender and receiver are two machines."""
    kind = type(message)
    if kind in _ATOMS:
        return message
    if kind is tuple:
        return message if _is_flat(message) else tuple([copied(part) for part in message])
    if kind is list:
        return [copied(part) for part in message]
    if kind is dict:
        return {copied(key): copied(value) for key, value in message.items()}
    return copy.deepcopy(message)


def traced(message: Any) -> Any:
    """The message as the trace shows it: what anybody may still change is made plain data first."""
    return message if type(message) is tuple and _is_flat(message) else plain(message)


def plain(message: Any) -> Any:
    """The message as plain data that any encoder takes, the same in every process."""
    kind = type(message)
    if kind is int:
        return message if _SMALLEST <= message <= _LARGEST else str(message)
    if kind in _ATOMS:
        return message
    if isinstance(message, tuple | list):
        return [plain(part) for part in message]
    if isinstance(message, dict):
        return {_plain_key(key): plain(value) for key, value in message.items()}
    if isinstance(message, set | frozenset):
        return sorted((plain(part) for part in message), key=repr)
    try:
        return plain(msgspec.to_builtins(message, builtin_types=(bytes,), order="deterministic"))
    except (TypeError, ValueError):
        return type(message).__name__


def _plain_key(key: Any) -> Any:
    return key if type(key) in _ATOMS else repr(plain(key))
