"""The JSON report, `rts-report/1`: one object on one line."""

from __future__ import annotations

import msgspec

from checker.verdict import Report


def render_json(report: Report) -> str:
    """Return a report as one line of JSON."""
    return msgspec.json.encode(report.to_json()).decode()
