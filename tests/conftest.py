"""What all tests share: `pytester`, for those of the pytest plugin; and which of them wait for the night."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests marked `nightly` run under `--hypothesis-profile=nightly` alone."""
    if config.getoption("--hypothesis-profile") == "nightly":
        return
    late = [item for item in items if item.get_closest_marker("nightly")]
    config.hook.pytest_deselected(items=late)
    items[:] = [item for item in items if item not in late]
