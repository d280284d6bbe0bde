import click

from rts.cli.hunt_report import report
from rts.harness.summary import HarnessError, Outcome, Summary
from tests.cli.summaries import (
    AS_CLAIMED,
    PATH,
    UNEXPECTED_PATH,
    WRONG,
    broken,
    holds,
    row,
    summary,
    unexpected,
)


def plain(found: Summary, *, columns: int = 80, failures: dict[str, str] | None = None) -> str:
    return click.unstyle("\n".join(report(found, failures or {}, columns=columns)))


def test_the_tables_come_first_read_modes_as_columns_the_rest_as_rows() -> None:
    assert plain(AS_CLAIMED).startswith("""
Read modes

                              any-
                    leader    follower
  read-your-writes  ✓  15k    ✗  412
  linearizable      ✓   31

Durability

              no-lost-
              acknowledged-
              writes
  sync, best  ✓  15k

  ✓ holds  ✗ broken  ? unknown; the number: pairs, reads or checks judged
  ! not as the system claims   · the system claims nothing
""")


def test_a_counterexample_is_listed_with_its_size_and_path() -> None:
    assert f"""
Counterexamples

  any-follower
    read-your-writes  3 steps, 2 operations
      {PATH}
""" in plain(AS_CLAIMED)
    assert f"    read-your-writes  3 steps, 2 operations  {PATH}\n" in plain(AS_CLAIMED, columns=120)


def test_what_contradicts_a_claim_comes_right_after_the_tables_with_its_report() -> None:
    text = plain(WRONG, failures={UNEXPECTED_PATH: "the report\nof two lines\n"})
    assert (
        """
  ! not as the system claims   · the system claims nothing

Broken, and claimed to hold

the report
of two lines

Expected to break, and not found broken

  any-follower  read-your-writes  judged in 9 schedules
"""
        in text
    )
    assert "\n2 cells not as claimed.\n" in text


def test_without_a_report_the_explanation_is_shown() -> None:
    assert f"""
  leader: linearizable, 4 steps, 2 operations
    Let w be the write. But r did not see it: a contradiction.
    {UNEXPECTED_PATH}
""" in plain(WRONG)


def test_coverage_shows_shares_faults_states_and_the_least_judged_cell() -> None:
    assert """
Coverage

                schedules  behind  operations   ok  fail  info  followers
  leader              500     210        9.0k  90%    3%    7%        75%
  any-follower        500     210        9.0k  90%    3%    7%        75%
  sync, best          500     210        9.0k  90%    3%    7%        75%
  behind: schedules in which a replica was behind at a read, so that an answer
  could have been stale; followers: their share of the reads

  fault  drawn  took hold
  lag     1.2k       1.2k
  crash     36          0

  crash: drawn, and never took hold; what they would show was not tested

  rare state      reached
  tail truncated       93

  Every cell that holds as claimed was judged in at least 31 schedules (of 500:
  leader, linearizable), and with a replica behind in at least 12 (leader,
  linearizable).

1,500 schedules, 27,000 operations in 20.0 s (1,350/s), 7.6 h simulated.
No cell contradicts a claim.
seed 7, sha256:22
again: rts hunt --seed 7""" in plain(AS_CLAIMED)


def test_bug_rows_are_in_no_table() -> None:
    found = summary(row("leader", {"linearizable": broken(path=UNEXPECTED_PATH)}, bug="S1"))
    text = plain(found, failures={UNEXPECTED_PATH: "the report"})
    assert "Read modes" not in text
    assert (
        """
Seeded bugs

  S1: linearizable broken, 3 steps, 2 operations, found after 12 schedules (0.4 s), shrunk in 3.1 s

the report
"""
        in text
    )


def test_a_bug_that_was_not_found_says_so() -> None:
    text = plain(summary(row("leader", {"linearizable": holds()}, bug="S1")))
    assert "\n  S1: not found in 500 schedules\n" in text


def test_errors_are_shown_apart_from_verdicts() -> None:
    error = HarnessError(
        kind="judge",
        message="KeyError: 'x'",
        system="toy",
        configuration="leader",
        path="histories/unjudged/x.jsonl",
    )
    assert """
Errors of the harness or the system: no verdict

    judge, leader: KeyError: 'x'
    histories/unjudged/x.jsonl
""" in plain(summary(row("leader", {"linearizable": holds()}), errors=(error,)))


def test_a_hunt_that_was_stopped_says_why_and_how_to_go_on() -> None:
    assert plain(summary(stopped=True)).endswith("""
seed 7, sha256:22
Stopped early (interrupted): this is what was found so far.
to go on: rts hunt --seed 7""")


def test_nothing_is_wider_than_the_terminal() -> None:
    nothing_claimed = Outcome(verdict="unknown", judged=0, expected=None)
    modes = ("leader", "any-follower", "session-consistent", "bounded-staleness", "best-effort-fresh")
    found = summary(
        *(row(mode, {"no-lost-acknowledged-writes": holds(), "causal": nothing_claimed}) for mode in modes),
        row("pinned", {"linearizable": unexpected()}),
    )
    assert max(map(len, plain(found, columns=80).splitlines())) <= 80
