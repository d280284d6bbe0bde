"""Whether a project uses RTS. In one that does not, the plugin does nothing."""

from __future__ import annotations

import hashlib
import random
import tomllib
from pathlib import Path

import pytest

HISTORIES = "histories"
KEYWORD = "properties"
UNJUDGED = frozenset({"unjudged", "pending"})

_SEEDS = 2**32


def is_ours(root: Path) -> bool:
    """Whether the project at `root` has saved histories, or settings under `[tool.rts]`."""
    if (root / HISTORIES).is_dir():
        return True
    try:
        content = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return "rts" in content.get("tool", {})


def is_saved_history(path: Path, root: Path) -> bool:
    """Whether `path` lies under a `histories/` folder of the project and is named as a history is.

    Histories that were recorded and never judged expect nothing, and are left out.
    """
    if not path.name.endswith((".jsonl", ".jsonl.zst")) or not path.is_relative_to(root):
        return False
    folders = path.relative_to(root).parts[:-1]
    return HISTORIES in folders and not UNJUDGED.intersection(folders)


def is_property_test(item: pytest.Item) -> bool:
    """Whether `item` is marked as one, or lies in a `properties` folder of the project."""
    if item.get_closest_marker(KEYWORD) is not None:
        return True
    root = item.config.rootpath
    return item.path.is_relative_to(root) and KEYWORD in item.path.relative_to(root).parts[:-1]


def choose_seed(config: pytest.Config) -> None:
    """Settle one seed for this run and for Hypothesis: the one given, that of Hypothesis, or a drawn one.

    A worker process of pytest-xdist takes the one that its controller drew.
    """
    options = config.option
    given = getattr(options, "hypothesis_seed", None)
    if options.rts_seed is None:
        options.rts_seed = getattr(config, "workerinput", {}).get("rts_seed")
    if options.rts_seed is None:
        options.rts_seed = random.SystemRandom().randrange(_SEEDS) if given is None else _as_number(given)
    if given is None:
        options.hypothesis_seed = str(options.rts_seed)


def _as_number(seed: str) -> int:
    """Hypothesis takes any text for a seed; other users of the seed need a number."""
    try:
        return int(seed)
    except ValueError:
        return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:4])
