"""Tests marked `nightly` run under `--hypothesis-profile=nightly` alone."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long hunts out of the shorter profiles."""
    if config.getoption("--hypothesis-profile") == "nightly":
        return
    late = [item for item in items if item.get_closest_marker("nightly")]
    config.hook.pytest_deselected(items=late)
    items[:] = [item for item in items if item not in late]
