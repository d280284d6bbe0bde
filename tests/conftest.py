"""What all tests share: `pytester`, for those of the plugin; which wait for the night, and which go first."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests marked `nightly` run under `--hypothesis-profile=nightly` alone.

    The README's, the longest, come first, so that no worker is left alone with them in the end.
    """
    items.sort(key=lambda item: item.path.name != "test_readme.py")
    if config.getoption("--hypothesis-profile") == "nightly":
        return
    late = [item for item in items if item.get_closest_marker("nightly")]
    config.hook.pytest_deselected(items=late)
    items[:] = [item for item in items if item not in late]
