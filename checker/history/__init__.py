"""A history: its operations as values and as columns, and the rules that make it one.

It knows nothing of guarantees and stands on `values` alone; every other room may import it.
"""

from __future__ import annotations

from checker.history.history import FORMAT as FORMAT
from checker.history.history import Header as Header
from checker.history.history import History as History
from checker.history.history import HistoryError as HistoryError
from checker.history.history import Operation as Operation
from checker.history.history import OperationFields as OperationFields
from checker.history.history import Status as Status
from checker.history.history import columns_of as columns_of

__all__ = [
    "FORMAT",
    "Header",
    "History",
    "HistoryError",
    "Operation",
    "OperationFields",
    "Status",
    "columns_of",
]
