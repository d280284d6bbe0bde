import pytest
from hypothesis import Phase, given, seed, settings

from rts.harness.property_test import GuaranteeViolated, check_schedule, schedules
from rts.schedule import Schedule
from tests.harness.fake_system import ANY_FOLLOWER, LEADER, system
from tests.harness.histories import READ, STALE_READ, WRITE, schedule_of


def test_a_store_that_keeps_its_claims() -> None:
    run = check_schedule(system, LEADER, schedule_of(WRITE, READ, configuration="leader", mode="leader"))
    assert [operation.op for operation in run.operations] == ["write", "read", "read", "read", "read"]


def test_what_is_not_claimed_may_break() -> None:
    assert check_schedule(system, ANY_FOLLOWER, schedule_of(*STALE_READ)).states == {"stale read": 1}


def test_hypothesis_shrinks_to_the_smallest_schedule_and_its_report() -> None:
    @seed(1)
    @settings(
        max_examples=500,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        print_blob=False,
    )
    @given(schedules(system, LEADER))
    def store_keeps_its_claims(schedule: Schedule) -> None:
        check_schedule(system, LEADER, schedule, bug="reads-from-follower")

    with pytest.raises(GuaranteeViolated) as raised:
        store_keeps_its_claims()
    assert raised.value.guarantee == "read-your-writes"
    assert len(raised.value.run.schedule.steps) == 3
    assert str(raised.value).startswith("read-your-writes violated: a session did not see its own write\n")
    assert raised.value.judgement.violated[0] == "read-your-writes"
