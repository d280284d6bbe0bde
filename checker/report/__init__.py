"""Reports for people and for programs."""

from __future__ import annotations

from checker.report.json import render_json
from checker.report.text import explain_violation, render_text

__all__ = ["explain_violation", "render_json", "render_text"]
