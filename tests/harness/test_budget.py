import pytest

from rts.harness.budget import admits, admits_step, first_standing
from rts.harness.profile import Budget
from rts.schedule import (
    AnyStep,
    ChangeMembers,
    CorruptDisk,
    Crash,
    Heal,
    Pause,
    Promote,
    Rejoin,
    Restart,
    Resume,
    Schedule,
    TransferLeadership,
)
from tests.harness.fake_system import ANY_FOLLOWER, NODES

ONE_DOWN = Budget(crashed=1, disks_lost=1, promotions=("best", "member"), forced=False)


def schedule_of(*steps: AnyStep, **settings: object) -> Schedule:
    return Schedule(
        system="fake",
        configuration="any follower",
        mode="any-follower",
        nodes=NODES,
        steps=steps,
        settings=settings,
    )


def admitted(*steps: AnyStep, budget: Budget = ONE_DOWN, **settings: object) -> bool:
    return admits(schedule_of(*steps, **settings), budget, ANY_FOLLOWER)


@pytest.mark.parametrize(
    "steps",
    [
        [],
        [Crash(node="n1")],
        [Crash(node="n1"), Crash(node="n1")],
        [Crash(node="n1"), Pause(node="n1")],
        [Crash(node="n1"), Restart(node="n1"), Crash(node="n2")],
        [Pause(node="n1"), Resume(node="n1"), Pause(node="n2")],
        [Pause(node="n1"), Rejoin(node="n1"), Crash(node="n2")],
        [Crash(node="n1", lose_disk=True), Restart(node="n1"), CorruptDisk(node="n1")],
        [Promote(old="leave"), Crash(node="n1")],
        [Crash(node="n0"), Promote(old="crash")],
        [Promote(old="cut"), Heal(), Crash(node="n2")],
        [Promote(candidate="n2", old="leave")],
    ],
    ids=str,
)
def test_inside_the_budget(steps: list[AnyStep]) -> None:
    assert admitted(*steps)


@pytest.mark.parametrize(
    "steps",
    [
        [Crash(node="n1"), Crash(node="n2")],
        [Crash(node="n1"), Pause(node="n2")],
        [Crash(node="n1"), Resume(node="n1"), Crash(node="n2")],
        [Pause(node="n1"), Restart(node="n1"), Crash(node="n2")],
        [Crash(node="n1", lose_disk=True), Restart(node="n1"), CorruptDisk(node="n2")],
        [Promote(old="crash"), Crash(node="n1")],
        [Promote(old="cut"), Pause(node="n1")],
        [Promote(old="crash"), Heal(), Crash(node="n2")],
        [Promote(candidate="any", old="leave")],
        [Promote(old="leave", forced=True)],
    ],
    ids=str,
)
def test_beyond_the_budget(steps: list[AnyStep]) -> None:
    assert not admitted(*steps)


def test_a_leader_that_cannot_be_known_is_any_of_its_suspects() -> None:
    # After the first promotion n0 or any other may lead, so the second one may have crashed any of them.
    twice = (Promote(old="crash"), Rejoin(node="n0"), Promote(old="crash"))
    assert admitted(*twice)
    assert not admitted(*twice, Rejoin(node="n0"), Crash(node="n1"))
    assert admitted(*twice, *(Rejoin(node=node) for node in NODES), Crash(node="n1"))


def test_a_leader_that_crashed_is_known() -> None:
    standing = (
        first_standing(schedule_of()).after(Crash(node="n0")).after(Promote(candidate="n1", old="crash"))
    )
    assert standing.down == 1
    assert standing.leaders == {"n0", "n1"}


def test_a_member_is_what_the_settings_say() -> None:
    promotion = Promote(candidate="n2", old="leave")
    assert admitted(promotion, members=["n0", "n2"])
    assert not admitted(promotion, members=["n0", "n1"])


def test_voters_are_what_the_settings_say_and_what_changes_make_of_them() -> None:
    standing = first_standing(schedule_of(voters=["n0", "n1"]))
    assert standing.voters == {"n0", "n1"}
    for step in (
        ChangeMembers(action="add", node="n2"),
        ChangeMembers(action="add-learner", node="n3"),
        ChangeMembers(action="remove", node="n0"),
        TransferLeadership(node="n2"),
    ):
        assert admits_step(step, standing, ONE_DOWN, NODES)
        standing = standing.after(step)
    assert standing.voters == {"n1", "n2"}
    assert first_standing(schedule_of()).voters == set(NODES)


def test_a_wider_budget_admits_more() -> None:
    wide = Budget(crashed=2, disks_lost=2, promotions=("any",), forced=True)
    both = (Crash(node="n1", lose_disk=True), Crash(node="n2", lose_disk=True))
    assert admitted(*both, budget=wide)
    assert admitted(Promote(candidate="any", forced=True), budget=wide)
    assert not admitted(*both, Crash(node="n0"), budget=wide)


def test_nodes_that_the_configuration_does_not_have() -> None:
    strange = Schedule(system="fake", configuration="any follower", mode="any-follower", nodes=("n0", "n9"))
    assert not admits(strange, ONE_DOWN, ANY_FOLLOWER)
