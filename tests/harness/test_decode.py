import random
from collections import Counter
from dataclasses import replace

import pytest

from rts.harness.budget import admits
from rts.harness.decode import STEP_SIZE, decode
from rts.harness.draw import decode_drawn, drawn_size
from rts.harness.profile import Budget, Profile
from rts.harness.theme import FIXED_HEADER_SIZE, falling, header_size, pick
from rts.schedule import OPERATION_STEPS, Promote, Read, Schedule, Write, dumps, keys_of, loads, sessions_of
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


def drawn(count: int, configuration: object = EVERYTHING) -> list[Schedule]:
    random_bytes = random.Random(1)
    size = drawn_size(EVERYTHING, None)
    return [decode_drawn(random_bytes.randbytes(size), "fake", EVERYTHING, None) for _ in range(count)]


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


def test_every_schedule_is_inside_the_budget_and_survives_its_file() -> None:
    for schedule in drawn(300):
        assert admits(schedule, EVERYTHING.profile.budget, EVERYTHING)
        assert loads(dumps(schedule)) == schedule


def test_every_kind_of_step_is_drawn() -> None:
    kinds = Counter(str(type(step).__struct_config__.tag) for s in drawn(300) for step in s.steps)
    assert set(kinds) == {*EVERYTHING.profile.operations, *EVERYTHING.profile.faults}


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


def test_a_profile_that_names_no_step_is_refused() -> None:
    wrong = replace(ANY_FOLLOWER, profile=replace(PROFILE, operations={"append": 1}))
    with pytest.raises(ValueError, match="'append'"):
        decode(bytes(FIXED_HEADER_SIZE + 1), [bytes((1, 0, 0, 0, 0, 0, 0, 0))], wrong)


@pytest.mark.parametrize(("byte", "index"), [(0, 0), (127, 0), (128, 1), (191, 1), (192, 2), (255, 2)])
def test_pick_shares_a_byte_out_by_weight(byte: int, index: int) -> None:
    assert pick(byte, (2, 1, 1)) == index


def test_falling_weights() -> None:
    assert falling(3) == [3, 2, 1]
