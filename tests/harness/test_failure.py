from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from rts.harness.failure import failure_report
from rts.harness.judge import judge
from rts.runs import Breach
from tests.harness.fake_system import ANY_FOLLOWER, system
from tests.harness.histories import STALE_READ, schedule_of

RUN = system.simulate(schedule_of(*STALE_READ))

STALE_READ_REPORT = """\
read-your-writes violated: a session did not see its own write
  fake, any follower (mode any-follower)

steps
  1  lag    n0 → n1 by 5 ms
  2  write  s0 k0
  3  read   s0 k0, replica 0

operations
  index  session  op     key  value  node  position  version  time                       status
      0  s0       write  k0   2      n0    1                  1 ns – 2.000001 ms         ok
      1  s0       read   k0   null   n1              initial  2.000002 ms – 4.000002 ms  ok
  0 –session-order→ 1: both are of session s0 and operation 0 ended at 2.000001 ms, before operation 1
  started at 2.000002 ms
  1 –anti-dependency→ 0: operation 1 returned the initial version, which is older than any that was
  written
  Let w = operation 0 (s0 writes 2 to k0 at n0) and r = operation 1 (s0 reads null from k0 at n1).
  Then w happened before r, because both are of session s0 and w ended at 2.000001 ms, before r
  started at 2.000002 ms. But r did not see w, because r returned the initial version, which is older
  than any that was written: a contradiction.

saved   histories/x.jsonl
replay  rts replay histories/x.jsonl
pytest  pytest histories/x.jsonl
"""

BREACH_REPORT = """\
log-matching violated: an invariant of the store broke
  fake, any follower (mode any-follower), with the seeded bug overtaking
  setting heartbeat_ms = 50

steps
  1  lag    n0 → n1 by 5 ms
  2  write  s0 k0
  3  read   s0 k0, replica 0

seen 1 ms into the run at n1
  n1 and n2 differ at position 3.

the last 2 events before it
  0 ns  Lag    1
  0 ns  Write  2
"""


def test_a_violation_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "histories" / "x.jsonl"
    report = failure_report(RUN, judge(RUN, ANY_FOLLOWER), "read-your-writes", path=path)
    assert report == STALE_READ_REPORT


def test_a_breach_in_words() -> None:
    run = replace(
        RUN,
        schedule=msgspec.structs.replace(RUN.schedule, settings={"heartbeat_ms": 50}),
        bug="overtaking",
        events=[(0, "Lag", 1), (0, "Write", 2), (1_000_001, "Read", 3)],
        breaches=(Breach("log-matching", "n1 and n2 differ at position 3.", 1_000_000, "n1"),),
    )
    assert failure_report(run, judge(run, ANY_FOLLOWER), "log-matching", path=None) == BREACH_REPORT


def test_a_guarantee_that_is_kept() -> None:
    report = failure_report(RUN, judge(RUN, ANY_FOLLOWER), "convergence", path=None)
    assert report.endswith("convergence is not violated in this run\n")
