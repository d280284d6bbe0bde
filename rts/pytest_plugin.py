"""The pytest plugin: saved histories are tests, and a failure shows its report before any traceback."""

from __future__ import annotations

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line("markers", "properties: property tests and saved histories (`-k properties`).")
