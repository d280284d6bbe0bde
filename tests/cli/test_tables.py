import msgspec

from rts.cli.tables import matrices
from rts.harness.summary import Outcome
from tests.cli.summaries import AS_CLAIMED, broken, holds, row, summary

UNCLAIMED = Outcome(verdict="violated", judged=3, expected=None)


def test_read_modes_are_columns_the_rest_rows() -> None:
    modes, durability = matrices(AS_CLAIMED)
    assert (modes.title, modes.columns) == ("read modes", ["leader", "any-follower"])
    assert modes.rows == ["read-your-writes", "linearizable"]
    assert (durability.rows, durability.columns) == (["sync, best"], ["no-lost-acknowledged-writes"])


def test_other_tables_show_what_tells_their_rows_apart() -> None:
    (table,) = matrices(
        summary(
            row("sync", {"lost": holds(), "liveness": holds(), "causal": UNCLAIMED}, table="durability"),
            row("none", {"lost": broken(), "liveness": UNCLAIMED, "causal": UNCLAIMED}, table="durability"),
        )
    )
    assert (table.rows, table.columns) == (["sync", "none"], ["lost"])
    assert table.note == "Kept by every row that claims it: liveness."


def test_what_is_not_as_claimed_is_always_a_column() -> None:
    wrong = Outcome(verdict="violated", judged=3, expected="holds")
    unknown = Outcome(verdict="unknown", judged=0, expected="holds")
    (table,) = matrices(
        summary(
            row("sync", {"lost": wrong, "liveness": holds(), "convergence": unknown}, table="durability"),
        )
    )
    assert table.columns == ["lost", "convergence"]


def test_bug_rows_are_in_no_table() -> None:
    assert matrices(summary(row("leader", {"lost": broken()}, bug="S1"))) == []


def test_each_system_has_tables_of_its_own() -> None:
    first = row("leader", {"lost": holds()})
    second = msgspec.structs.replace(first, system="tower")
    assert [table.title for table in matrices(summary(first, second))] == [
        "toy: read modes",
        "tower: read modes",
    ]
