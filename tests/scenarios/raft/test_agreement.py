"""Agreement on commands, with and without failures (after MIT 6.5840, lab 3B)."""

from __future__ import annotations

import pytest

from tests.core.raft.lab import UPPER_MS, Lab

SEEDS = range(1, 6)
REQUESTS = ("PreVote", "RequestVote", "AppendEntries", "InstallSnapshot")


def requests(lab: Lab) -> int:
    """How many requests the nodes have sent, answers not counted."""
    return sum(lab.network.count[kind] for kind in REQUESTS)


@pytest.mark.parametrize("seed", SEEDS)
def test_basic_agreement(seed: int) -> None:
    lab = Lab(3, seed=seed)
    for command in ("one", "two", "three"):
        assert lab.have(command) == []
        lab.agree(command)
    assert lab.settle()[:3] == ["one", "two", "three"]


@pytest.mark.parametrize("seed", SEEDS)
def test_1000_commands_give_five_identical_logs(seed: int) -> None:
    lab = Lab(5, seed=seed)
    leader = lab.elected()
    for number in range(1_000):
        assert lab.submit(leader, number)
    journal = lab.settle()
    assert journal[:1_000] == list(range(1_000))
    logs = [lab.core(name).log.entries for name in lab.voters]
    assert all(log == logs[0] for log in logs)
    assert len(logs[0]) == len(journal) + 1, "and the no-op"


def test_each_command_travels_to_each_follower_once() -> None:
    lab = Lab(3)
    lab.network.measures = True
    lab.agree("first")
    before, sent = lab.network.bytes, 0
    for number in range(10):
        command = f"{number} " + "x" * 5_000
        lab.agree(command)
        sent += len(command)
    assert lab.network.bytes - before <= (len(lab.voters) - 1) * sent + 20_000


@pytest.mark.parametrize("seed", SEEDS)
def test_followers_fail_one_after_the_other(seed: int) -> None:
    lab = Lab(3, seed=seed)
    lab.agree("all")
    leader = lab.elected()
    first, second = (name for name in lab.voters if name != leader)
    lab.disconnect(first)
    lab.agree("two of three")
    lab.run(500)
    lab.agree("still two of three")

    lab.disconnect(second)
    assert lab.submit(leader, "alone")
    lab.run(4 * UPPER_MS)
    assert lab.have("alone") == []


@pytest.mark.parametrize("seed", SEEDS)
def test_leaders_fail_one_after_the_other(seed: int) -> None:
    lab = Lab(3, seed=seed)
    lab.agree("all")
    lab.disconnect(lab.elected())
    lab.agree("two of three")
    lab.disconnect(lab.elected())
    for name in lab.voters:
        lab.submit(name, f"to {name}")
    lab.run(4 * UPPER_MS)
    assert [lab.have(f"to {name}") for name in lab.voters] == [[], [], []]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_follower_that_was_away_agrees_again(seed: int) -> None:
    lab = Lab(3, seed=seed)
    lab.agree("before")
    leader = lab.elected()
    follower = next(name for name in lab.voters if name != leader)
    lab.disconnect(follower)
    for command in ("one", "two", "three", "four"):
        lab.agree(command)
    lab.connect(follower)
    lab.agree("after")
    assert lab.settle()[:6] == ["before", "one", "two", "three", "four", "after"]


@pytest.mark.parametrize("seed", SEEDS)
def test_no_agreement_when_too_many_followers_are_away(seed: int) -> None:
    lab = Lab(5, seed=seed)
    lab.agree("before")
    leader = lab.elected()
    away = [name for name in lab.voters if name != leader][:3]
    lab.disconnect(*away)
    assert lab.submit(leader, "lost or not")
    lab.run(2_000)
    assert lab.have("lost or not") == []
    assert lab.leaders() == [], "check-quorum: it has given up"

    lab.connect(*away)
    lab.agree("after")
    assert "after" in lab.settle()


@pytest.mark.parametrize("seed", SEEDS)
def test_commands_that_start_at_once_are_all_done(seed: int) -> None:
    lab = Lab(3, seed=seed)
    leader = lab.elected()
    term = lab.core(leader).term
    commands = [f"at once {number}" for number in range(5)]
    assert all(lab.submit(leader, command) for command in commands)
    lab.wait(lambda: all(len(lab.have(command)) == 3 for command in commands), within=200)
    assert lab.core(leader).term == term
    assert lab.journal(leader) == commands


@pytest.mark.parametrize("seed", SEEDS)
def test_a_leader_that_was_cut_off_rejoins(seed: int) -> None:
    lab = Lab(3, seed=seed)
    lab.agree("101")
    first = lab.elected()
    lab.disconnect(first)
    for command in ("102", "103", "104"):
        lab.submit(first, command)
    lab.agree("105", nodes=2)

    second = lab.elected()
    lab.disconnect(second)
    lab.connect(first)
    lab.agree("106", nodes=2)

    lab.connect(second)
    lab.agree("107", nodes=3)
    assert lab.settle()[:4] == ["101", "105", "106", "107"]
    assert lab.have("102") == []


@pytest.mark.parametrize("seed", SEEDS)
def test_the_leader_backs_up_quickly_over_conflicting_logs(seed: int) -> None:
    lab = Lab(5, seed=seed)
    lab.agree("first")
    leader = lab.elected()
    followers = [name for name in lab.voters if name != leader]
    lab.disconnect(*followers[1:])
    lost = [f"lost in the first part {number}" for number in range(50)]
    assert all(lab.submit(leader, command) for command in lost)
    lab.run(200)
    lab.disconnect(leader, followers[0])

    lab.connect(*followers[1:])
    for number in range(50):
        lab.agree(f"kept by three {number}", nodes=3)

    second = lab.elected()
    other = next(name for name in followers[1:] if name != second)
    lab.disconnect(other)
    more = [f"lost in the second part {number}" for number in range(50)]
    assert all(lab.submit(second, command) for command in more)
    lab.run(200)

    lab.disconnect(*lab.voters)
    lab.connect(leader, followers[0], other)
    for number in range(50):
        lab.agree(f"kept at last {number}", nodes=3)

    lab.connect(*lab.voters)
    before = lab.network.count["AppendRejected"]
    journal = lab.settle()
    assert lab.network.count["AppendRejected"] - before <= 12
    assert sum("kept" in command for command in journal) == 100
    assert not any("lost" in command for command in journal)


@pytest.mark.parametrize("seed", SEEDS)
def test_requests_are_few(seed: int) -> None:
    lab = Lab(3, seed=seed)
    leader = lab.elected()
    assert requests(lab) <= 30, "an election"

    lab.run(100)
    before = requests(lab)
    for number in range(10):
        assert lab.submit(leader, number)
    lab.wait(lambda: len(lab.have(9)) == 3, within=200)
    assert requests(lab) - before <= (10 + 1 + 3) * 3, "ten commands"

    before = requests(lab)
    lab.run(1_000)
    assert requests(lab) - before <= 3 * 20, "a second in which nothing happens"


def test_a_leader_on_the_minority_side_commits_nothing_and_the_rest_heals_without_loss() -> None:
    lab = Lab(5, seed=2)
    lab.agree("before")
    leader = lab.elected()
    minority = [leader, next(name for name in lab.voters if name != leader)]
    majority = [name for name in lab.voters if name not in minority]
    lab.network.cut(minority, 0)
    answered = lab.is_answered()
    for number in range(10):
        lab.submit(leader, f"minority {number}")
    lab.wait(lambda: len(lab.leaders(majority)) == 1, within=2 * UPPER_MS)
    assert lab.is_answered() == answered, "nothing that the old leader was given is reported as done"
    (chosen,) = lab.leaders(majority)
    for number in range(10):
        assert lab.submit(chosen, f"majority {number}")
    lab.wait(lambda: len(lab.have("majority 9")) == 3, within=1_000)
    journal = lab.settle()
    assert [command for command in journal if "majority" in command] == [f"majority {n}" for n in range(10)]
    assert not any("minority" in command for command in journal)


def test_a_command_that_is_sent_twice_is_done_once() -> None:
    lab = Lab(3)
    leader = lab.elected()
    for _ in range(3):
        lab.submit(leader, "once")
    lab.run(100)
    lab.submit(leader, "once")
    assert lab.settle().count("once") == 1
