"""Reads in every mode, and changes of members and of the leader."""

from __future__ import annotations

import pytest
import trio

from rts.raft import (
    AddLearner,
    AddVoter,
    NotLeader,
    OutcomeUnknown,
    Refused,
    Remove,
)
from tests.raft.clusters import Trial, play

# --- reads


def test_every_mode_of_reading() -> None:
    async def main(trial: Trial) -> None:
        leader = await trial.leader()
        await leader.submit(["set", "a", 1])
        for mode in ("leader", "lease", "read-index", "local"):
            assert await leader.read(lambda table: table.values["a"], mode=mode) == 1
        for name in trial.names:
            assert await trial.nodes[name].read(lambda table: table.values["a"], mode="read-index") == 1
            assert await trial.nodes[name].read(lambda table: table.values["a"], mode="local") == 1

    play(main)


def test_what_a_query_raises_is_the_readers_affair() -> None:
    async def main(trial: Trial) -> None:
        leader = await trial.leader()
        with pytest.raises(KeyError, match="absent"):
            await leader.read(lambda table: table.values["absent"])
        assert await leader.submit(["set", "a", 1]) is None

    play(main)


def test_a_read_is_asked_again_when_its_question_was_lost() -> None:
    async def main(trial: Trial) -> int:
        leader = await trial.leader()
        await leader.submit(["set", "a", 1])
        name = next(name for name in trial.names if name != leader.node_id)
        await trial.nodes[name].wait_leader()

        async def heal_soon() -> None:
            await trio.sleep(0.1)
            trial.network.heal()

        trial.network.partition([name], [leader.node_id])
        trial.nursery.start_soon(heal_soon)
        found: int = await trial.nodes[name].read(lambda table: table.values["a"], mode="read-index")
        return found

    assert play(main, election_ns=(2_000_000_000, 4_000_000_000)) == 1


# --- members and leaders


def test_a_node_is_added_and_another_removed_while_commands_go_on() -> None:
    async def main(trial: Trial) -> None:
        leader = await trial.leader()
        done = 0

        async def write() -> None:
            nonlocal done
            while True:
                try:
                    await (await trial.leader()).submit(["set", "a", done])
                    done += 1
                except (NotLeader, OutcomeUnknown):
                    await trio.sleep(0.01)

        trial.nursery.start_soon(write)
        trial.names.append("n3")
        await trial.start("n3", disk=77)
        members = await leader.change_membership(AddVoter("n3"))
        assert [tuple(member) for member in members.voters] == [("n0", 1), ("n1", 1), ("n2", 1), ("n3", 77)]
        members = await (await trial.leader()).change_membership(Remove("n0"))
        assert [member.node for member in members.voters] == ["n1", "n2", "n3"]
        await trial.crash("n0")
        before = done
        await (await trial.leader(but="n0")).submit(["set", "b", 1])
        assert done >= before > 0
        assert await trial.nodes["n3"].read(lambda table: table.values["b"], mode="read-index") == 1

    play(main)


def test_a_learner_follows_without_a_vote() -> None:
    async def main(trial: Trial) -> None:
        leader = await trial.leader()
        learner = await trial.start("n3", disk=5)
        members = await leader.change_membership(AddLearner("n3"))
        assert [member.node for member in members.learners] == ["n3"]
        await leader.submit(["set", "a", 1])
        assert await learner.read(lambda table: table.values["a"], mode="read-index") == 1
        with pytest.raises(Refused, match="no change"):
            await leader.change_membership(AddLearner("n3"))
        with pytest.raises(TypeError, match="a change is AddVoter, AddLearner or Remove"):
            await leader.change_membership("n3")  # type: ignore[arg-type]

    play(main)


def test_leadership_goes_where_it_is_wanted() -> None:
    async def main(trial: Trial) -> None:
        leader = await trial.leader()
        to = next(name for name in trial.names if name != leader.node_id)
        await leader.transfer_leadership(to)
        assert (await trial.leader()).node_id == to
        with pytest.raises(Refused, match="not a voter"):
            await trial.nodes[to].transfer_leadership("n9")

    play(main)
