import random
from collections import Counter
from dataclasses import replace
from itertools import accumulate

import msgspec
import pytest

from rts.harness.budget import Standing, admits, first_standing
from rts.harness.decode import decode
from rts.harness.draw import decode_drawn, drawn_size
from rts.harness.drawing import STEP_SIZE
from rts.harness.profile import Budget, Profile
from rts.harness.system import Configuration
from rts.harness.theme import FIXED_HEADER_SIZE, falling, header_size, pick
from rts.schedule import (
    OPERATION_STEPS,
    AnyStep,
    ChangeMembers,
    Crash,
    Heal,
    Partition,
    Promote,
    Read,
    Restart,
    Schedule,
    TransferLeadership,
    Write,
    dumps,
    keys_of,
    loads,
    plain,
    sessions_of,
)
from tests.harness.fake_system import ANY_FOLLOWER, PROFILE

EVERYTHING = replace(
    ANY_FOLLOWER,
    profile=Profile(
        nodes=("n0", "n1", "n2", "n3"),
        operations={"write": 1, "read": 1, "delete": 1, "cas": 1},
        faults=dict.fromkeys(
            (
                *("lag", "loss", "duplicate", "reorder", "partition", "heal"),
                *("crash", "restart", "pause", "resume", "slow-disk", "full-disk", "corrupt-disk"),
                *("skew-clock", "promote", "rejoin"),
            ),
            1,
        ),
        budget=Budget(promotions=("best", "member", "n3"), forced=True),
        settings={"members": (("n0", "n1"),), "policy": ("sync", "quorum")},
        needs=("read-your-writes", "monotonic-reads"),
        fault_share=0.5,
    ),
)

ELECTED = replace(
    ANY_FOLLOWER,
    profile=replace(
        EVERYTHING.profile,
        faults={kind: 1 for kind in EVERYTHING.profile.faults if kind != "promote"}
        | {"change-members": 3, "transfer-leadership": 3, "crash": 6},
        fault_share=0.8,
        budget=Budget(crashed=4, disks_lost=0, promotions=()),
        settings={"voters": (("n0", "n1"), ("n1", "n2", "n3"))},
    ),
)
"""Nobody is promoted, all may be down at once, and no disk is lost."""


def drawn(count: int, configuration: Configuration = EVERYTHING) -> list[Schedule]:
    random_bytes = random.Random(1)
    size = drawn_size(configuration, None)
    return [decode_drawn(random_bytes.randbytes(size), "fake", configuration, None) for _ in range(count)]


SCRIPTS: tuple[tuple[AnyStep, ...], ...] = (
    (Crash(node="n1"), Heal(after_ns=7)),
    (Partition(group=("n0",)), Write(session="s2", key="k1")),
)
SCRIPTED = replace(EVERYTHING, profile=replace(EVERYTHING.profile, scripts=SCRIPTS))


def standings(schedule: Schedule) -> list[Standing]:
    """What is known before each step."""
    return list(accumulate(schedule.steps[:-1], Standing.after, initial=first_standing(schedule)))


def test_zeros_are_the_simplest_schedule() -> None:
    header = bytes(header_size(PROFILE))
    assert decode(header, [bytes(STEP_SIZE)] * 5, ANY_FOLLOWER, system="fake") == Schedule(
        system="fake",
        configuration="any follower",
        mode="any-follower",
        nodes=("n0", "n1", "n2"),
        settings={"heartbeat_ms": 100},
    )


def test_a_step_of_a_plain_schedule() -> None:
    header = bytes(header_size(PROFILE))
    write, read = bytes((1, 0, 0, 0, 0, 0, 0, 0)), bytes((1, 100, 0, 0, 0, 7, 0, 0))
    steps = decode(header, [write, read], ANY_FOLLOWER).steps
    assert steps == (Write(session="s0", key="k0"), Read(session="s0", key="k0", replica=7))


@pytest.mark.parametrize("configuration", [EVERYTHING, ELECTED], ids=["promoted", "elected"])
def test_every_schedule_is_inside_the_budget_and_survives_its_file(configuration: Configuration) -> None:
    for schedule in drawn(300, configuration):
        assert admits(schedule, configuration.profile.budget, configuration)
        assert loads(dumps(schedule)) == schedule


@pytest.mark.parametrize(
    ("configuration", "refused"),
    [(EVERYTHING, set()), (ELECTED, {"corrupt-disk"})],
    ids=["promoted", "elected"],
)
def test_every_kind_of_step_is_drawn(configuration: Configuration, refused: set[str]) -> None:
    kinds = {str(plain(step)["step"]) for s in drawn(300, configuration) for step in s.steps}
    assert kinds == {*configuration.profile.operations, *configuration.profile.faults} - refused


def test_all_may_be_down_and_no_disk_is_lost_where_the_budget_says_so() -> None:
    most_down = 0
    for schedule in drawn(300, ELECTED):
        for standing in standings(schedule):
            most_down = max(most_down, standing.down)
            assert not standing.disks_lost
    assert most_down == len(ELECTED.profile.nodes)


def test_additions_are_mostly_of_nodes_outside_and_the_rest_of_voters() -> None:
    sensible, useless = Counter[str](), Counter[str]()
    for schedule in drawn(500, ELECTED):
        for step, standing in zip(schedule.steps, standings(schedule), strict=True):
            match step:
                case ChangeMembers(action=action, node=node):
                    expected = (node in standing.voters) is (action == "remove")
                    (sensible if expected else useless)[action] += 1
                case TransferLeadership(node=node):
                    (sensible if node in standing.voters else useless)["transfer"] += 1
    assert min(sensible["add"], sensible["remove"]) > 3 * sensible["add-learner"] > 60
    for kind, count in sensible.items():
        assert 0 < useless[kind] < count / 3


def test_few_keys_and_sessions_so_that_operations_meet() -> None:
    schedules = drawn(300)
    one_key = sum(len(keys_of(schedule)) == 1 for schedule in schedules)
    few_sessions = sum(len(sessions_of(schedule)) <= 2 for schedule in schedules)
    assert one_key > 150
    assert few_sessions > 200


def test_some_schedules_have_no_faults_and_none_is_without_operations() -> None:
    schedules = drawn(300)
    faults = [sum(not isinstance(step, OPERATION_STEPS) for step in s.steps) for s in schedules]
    assert 10 < faults.count(0) < 150
    assert max(faults) < 20


def test_candidates_come_from_the_budget() -> None:
    candidates = {
        step.candidate for schedule in drawn(300) for step in schedule.steps if isinstance(step, Promote)
    }
    assert candidates == {"best", "n0", "n1", "n3"}


def test_half_of_the_schedules_begin_with_a_script_and_go_on_as_ever() -> None:
    begun: Counter[tuple[AnyStep, ...]] = Counter()
    for schedule in drawn(300, SCRIPTED):
        begun[schedule.steps[:2] if schedule.steps[:2] in SCRIPTS else ()] += 1
        assert admits(schedule, SCRIPTED.profile.budget, SCRIPTED)
    assert set(begun) == {(), *SCRIPTS}
    assert all(count > 50 for count in begun.values())


@pytest.mark.parametrize(("byte", "script"), [(0, ()), (127, ()), (128, SCRIPTS[0]), (255, SCRIPTS[1])])
def test_a_script_takes_one_byte_at_the_end_of_the_header(byte: int, script: tuple[AnyStep, ...]) -> None:
    header, steps = random.Random(1).randbytes(header_size(EVERYTHING.profile)), [bytes((1,) * STEP_SIZE)] * 3
    without = decode(header, steps, EVERYTHING)
    assert header_size(SCRIPTED.profile) == len(header) + 1
    assert decode(header + bytes((byte,)), steps, SCRIPTED) == msgspec.structs.replace(
        without, steps=(*script, *without.steps)
    )


def test_what_is_down_after_a_script_is_reckoned_with() -> None:
    profile = replace(SCRIPTED.profile, faults={"crash": 1, "restart": 1}, operations={})
    schedules = drawn(300, replace(SCRIPTED, profile=profile))
    after = [
        schedule.steps[2] for schedule in schedules if schedule.steps[:2] == SCRIPTS[0] and schedule.steps[2:]
    ]
    assert len(after) > 40
    assert {step.node for step in after if isinstance(step, Crash | Restart)} == {"n1"}


def test_a_script_beyond_the_budget_is_refused() -> None:
    script = (Crash(node="n0"), Crash(node="n1"))
    wrong = replace(ANY_FOLLOWER, profile=replace(PROFILE, scripts=(script,)))
    with pytest.raises(ValueError, match=r"leaves its fault budget: Crash\(.*node='n1'"):
        decode(bytes((*[0] * (FIXED_HEADER_SIZE + 1), 255)), [], wrong)


@pytest.mark.parametrize(
    ("operations", "faults", "unknown"),
    [({"append": 1}, {}, "append"), ({}, {"flood": 1, "fire": 0}, "fire, flood"), ({"lag": 1}, {}, "lag")],
)
def test_a_profile_of_what_does_not_exist_is_refused(
    operations: dict[str, int], faults: dict[str, int], unknown: str
) -> None:
    with pytest.raises(ValueError, match=f"a profile draws what does not exist: {unknown}$"):
        replace(PROFILE, operations=operations, faults=faults)


@pytest.mark.parametrize(("byte", "index"), [(0, 0), (127, 0), (128, 1), (191, 1), (192, 2), (255, 2)])
def test_pick_shares_a_byte_out_by_weight(byte: int, index: int) -> None:
    assert pick(byte, (2, 1, 1)) == index


def test_falling_weights() -> None:
    assert falling(3) == [3, 2, 1]
