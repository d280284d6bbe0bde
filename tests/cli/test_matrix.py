import click
import pytest

from rts.cli.matrix import Cell, Matrix, render

MODES = ("leader", "any-follower", "session-consistent")
MATRIX = Matrix(
    title="read modes",
    rows=("read-your-writes", "linearizable"),
    columns=MODES,
    cells={
        "read-your-writes": {
            "leader": Cell("holds", 15_321, "holds"),
            "any-follower": Cell("violated", 412, "violated"),
            "session-consistent": Cell("violated", 7, "holds"),
        },
        "linearizable": {"leader": Cell("unknown", 0, None), "any-follower": Cell("holds", 3, "violated")},
    },
)


def plain(matrix: Matrix, columns: int) -> str:
    return click.unstyle("\n".join(render(matrix, columns=columns)))


def test_every_verdict_has_its_sign_its_count_and_its_mark() -> None:
    assert (
        plain(MATRIX, 80)
        == """\
Read modes

                              any-      session-
                    leader    follower  consistent
  read-your-writes  ✓  15k    ✗  412    ✗    7 !
  linearizable      ?    – ·  ✓    3 !"""
    )


def test_a_narrow_terminal_gets_whole_columns_in_blocks() -> None:
    narrow = plain(MATRIX, 42)
    assert (
        narrow
        == """\
Read modes

                              any-
                    leader    follower
  read-your-writes  ✓  15k    ✗  412
  linearizable      ?    – ·  ✓    3 !

                    session-
                    consistent
  read-your-writes  ✗    7 !
  linearizable"""
    )
    assert max(map(len, narrow.splitlines())) <= 42


def test_only_what_is_unexpected_is_red() -> None:
    coloured = [line for line in render(MATRIX, columns=80) if "\x1b[31m" in line]
    assert [line.count("\x1b[31m") for line in coloured] == [1, 1]


@pytest.mark.parametrize(
    ("verdict", "expected", "unexpected"),
    [
        ("holds", "holds", False),
        ("violated", "holds", True),
        ("unknown", "holds", False),
        ("violated", "violated", False),
        ("holds", "violated", True),
        ("unknown", "violated", True),
        ("violated", None, False),
    ],
)
def test_what_is_unexpected(verdict: str, expected: str | None, unexpected: bool) -> None:
    assert Cell(verdict, 1, expected).unexpected is unexpected


def test_a_transposed_table_has_its_columns_for_rows() -> None:
    turned = MATRIX.transposed()
    assert turned.rows == MODES
    assert turned.columns == ("read-your-writes", "linearizable")
    assert turned.cells["any-follower"]["linearizable"] == Cell("holds", 3, "violated")
    assert "linearizable" not in turned.cells["session-consistent"]
