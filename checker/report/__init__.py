"""Reports for people and for programs.

A report shows a verdict and knows nothing of checks. Within `checker`, only histories and verdicts import it,
when they are to show themselves.
"""

from __future__ import annotations

from checker.report.json import render_json
from checker.report.text import explain_violation, render_text
from checker.report.timeline import draw

__all__ = ["draw", "explain_violation", "render_json", "render_text"]
