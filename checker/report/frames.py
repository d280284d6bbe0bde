"""Histories as data frames, for those who have pandas or pyarrow: a row per operation, a column per field.

Neither library is a dependency, nor are its types known here. Values, positions and versions are as JSON
text, since a column of mixed types is no use to either; what is absent is null, a version of `null` the
initial one.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import msgspec

from checker.history import History, Operation

_JSON = {"value", "position", "ops", "error"}
"""The fields that may hold any JSON value, None where there is none."""
_SAID = {"expected", "version"}
"""The fields that may hold `null`, which is not the same as to be absent."""


def to_pandas(history: History) -> Any:
    """Return a history as a `pandas.DataFrame`; raises `ImportError` where pandas is not installed."""
    return _library("pandas").DataFrame(fields_of(history))


def to_arrow(history: History) -> Any:
    """Return a history as a `pyarrow.Table`; raises `ImportError` where pyarrow is not installed."""
    return _library("pyarrow").table(fields_of(history))


def fields_of(history: History) -> dict[str, list[Any]]:
    """Return the fields of all operations by name, each as a list with one entry per operation."""
    names = [field.name for field in msgspec.structs.fields(Operation) if field.name != "extra"]
    return {name: [_plain(name, getattr(item, name)) for item in history.operations] for name in names}


def _plain(name: str, value: Any) -> Any:
    if value is msgspec.UNSET or (value is None and name not in _SAID):
        return None
    return msgspec.json.encode(value).decode() if name in _JSON or name in _SAID else value


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        raise ImportError(f"{name} is not installed: pip install {name}", name=name) from None
