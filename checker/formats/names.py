"""The names of the formats; nothing else, so that asking for them costs nothing."""

from __future__ import annotations

from types import MappingProxyType

OWN = "rts-history"
"""Our own format, `rts-history/1`."""

MODULES = MappingProxyType(
    {
        "elle-json": "elle_json",
        "dbcop": "dbcop",
        "porcupine-kv": "porcupine",
        "jepsen-edn": "jepsen_edn",
        "plume": "plume",
        "jepsen-log": "jepsen_log",
    }
)
"""The formats of others, each with its module, in the order in which they are tried."""

FORMATS: tuple[str, ...] = (OWN, *MODULES)
"""What can be read."""

WRITTEN: tuple[str, ...] = ("jepsen-edn", "jepsen-json", OWN)
"""What can be written."""
