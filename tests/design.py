"""The design as it is, in tables that `test_architecture.py` holds the code to.

A change of them is a decision, and is made with its reason.
"""

from __future__ import annotations

Layers = tuple[tuple[str, ...], ...]

CHECKER_LAYERS: Layers = (
    ("budget", "values", "verdict"),
    ("history",),
    ("orders", "reading", "search"),
    ("formats", "prepared", "sequential"),
    ("describe",),
    ("graph", "report"),
    ("checks",),
    ("fates", "linearizability"),
    ("explain", "guarantees"),
    ("judge", "specified"),
    ("streaming", "witness"),
)
"""The rooms of `checker`: each may import those of the layers above it (but for annotations)."""

ROOM_LAYERS: dict[str, Layers] = {
    "history": (("columns",), ("ranks", "rules"), ("building",), ("history",)),
    "orders": (
        ("candidates", "groups", "ordering"),
        ("causality",),
        ("real_time", "visible"),
        ("overtaken",),
        ("versions",),
    ),
    "prepared": (("moments", "scan", "sweep", "unfolded"), ("places",), ("prepared",)),
    "graph": (("paths", "relations"), ("circles", "happens_before")),
    "checks": (
        ("pairs", "tally"),
        ("causal", "durability", "positions", "prefix", "reads", "sessions", "staleness"),
    ),
    "search": (("budget", "specification"), ("problem",), ("pending",), ("search",), ("deepening",)),
    "sequential": (("deeds", "needs"), ("growing",), ("lists", "makers", "register"), ("registers",)),
    "linearizability": (
        ("apart", "chains", "conflict", "crowded", "floor", "orders", "stuck"),
        ("appended", "objects", "overwritten", "texts"),
        ("zones",),
        ("swaps",),
        ("searched",),
    ),
    "witness": (("closed", "lists", "told"), ("minimal",)),
}
"""The modules of a room, likewise; none imports the names that the room itself offers."""

SHOWN_BY: dict[str, str] = {"history": "report", "verdict": "report"}
"""Values that can show themselves (in a notebook), and the room that draws them, loaded when they are to."""

ARROWS: dict[str, set[str]] = {
    "errors": set(),
    "ids": set(),
    "schedule": set(),
    "storage": set(),
    "core": {"errors", "ids", "schedule"},
    "runs": {"checker", "schedule"},
    "client": {"core", "ids", "schedule"},
    "runtime": {"core"},
    "sim": {"checker", "client", "core", "errors", "ids", "runs", "runtime", "schedule", "storage"},
    "telemetry": {"checker", "client", "core", "errors", "ids", "runs", "schedule", "sim"},
    "raft": {
        "checker",
        "client",
        "core",
        "errors",
        "ids",
        "runs",
        "runtime",
        "schedule",
        "sim",
        "storage",
    },
    "own": {"checker", "errors", "harness", "runs", "runtime", "schedule", "sim"},
    "bugs": {"client", "core", "errors", "ids"},
    "harness": {"checker", "errors", "runs", "schedule"},
    "systems": {"bugs", "errors", "harness", "raft", "runs", "schedule", "sim", "telemetry"},
    "cli": {"checker", "errors", "harness", "ids", "raft", "runs", "schedule", "systems", "telemetry"},
    "pytest_plugin": {"checker", "cli", "errors", "harness", "systems"},
    "__main__": {"cli"},
    # the names that `rts` itself offers
    "": {"errors", "harness", "ids", "own", "schedule", "sim", "telemetry"},
}
"""The rooms of `rts`: each may import those named, annotations included."""

OUTSIDE: dict[str, tuple[str, ...]] = {
    "msgspec": ("checker", "rts"),
    "numpy": ("checker",),
    "networkx": ("checker/graph/happens_before.py", "checker/linearizability/objects.py"),
    "zstandard": (
        "checker/formats/source.py",
        "checker/reading/files.py",
        "checker/reading/texts.py",
        "rts/pytest_plugin/items.py",
    ),
    "rich": ("checker/report/text.py", "rts/cli"),
    "click": ("rts/cli",),
    "pytest": ("rts/pytest_plugin",),
    "_pytest": ("rts/pytest_plugin",),
    "trio": (
        "rts/runtime",
        "rts/sim/virtual.py",
        "rts/telemetry",
        "rts/raft/calls.py",
        "rts/raft/machine.py",
        "rts/raft/node.py",
        "rts/raft/storage",
        "rts/raft/transport",
        "rts/own",
    ),
    "hypothesis": (
        "rts/harness/draw.py",
        "rts/harness/property_test.py",
        "rts/harness/search.py",
        "rts/pytest_plugin/profiles.py",
    ),
}
"""Packages of others, and the files and folders that may import them."""

PRIVATE_NAMES_OF_OTHERS = "rts/runtime/scheduling.py"
"""The one module that may use what another package keeps to itself."""

PURE = ("errors", "ids", "schedule", "runs", "core", "client", "sim", "bugs")
IMPURE = {
    "asyncio",
    "datetime",
    "multiprocessing",
    "os",
    "random",
    "secrets",
    "select",
    "signal",
    "socket",
    "subprocess",
    "tempfile",
    "threading",
    "time",
    "uuid",
}
"""Protocols, clients and the simulator have no clock, no randomness and no input or output of their own."""

BUGS_LOADED_BY = "rts/systems/seeded.py"
MOST_LINES = 400
