"""Are the transactions of a history strictly serializable? All keys are one object of a specification.

    python examples/transactions.py examples/checking/transactions.edn
    python examples/transactions.py HISTORY 0

The second says, as JSON, what keys hold that nobody has written: null if it is left out.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import checker

Registers = dict[str, Any]


def strictly_serializable(unwritten: Any) -> checker.Specification:
    """Transactions of reads, writes and appends, one after another."""

    def step(registers: Registers, transaction: checker.Operation) -> tuple[bool, Registers]:
        after = dict(registers)
        for what, key, value in transaction.ops or ():
            if what == "w":
                after[key] = value
            elif what == "append":
                after[key] = [*(after.get(key) or ()), value]
            elif transaction.status == "ok" and value != after.get(key, unwritten):
                return False, registers  # what an open transaction read may have been anything
        return True, after

    return checker.Specification(
        name="registers", initial={}, step=step, partition=lambda operation: "all keys"
    )


def main() -> int:
    path = Path(sys.argv[1])
    unwritten = json.loads(sys.argv[2]) if len(sys.argv) > 2 else None
    verdict = checker.check_specification(checker.read(path), strictly_serializable(unwritten))
    print(f"{path}: {verdict.judged} transactions judged: {verdict.verdict}")
    for violation in verdict.violations:
        print(violation.explanation)
    return int(verdict.verdict != "holds")


if __name__ == "__main__":
    sys.exit(main())
