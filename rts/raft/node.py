"""RaftNode: one node of a replicated state machine, as a program sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import trio

from rts.core.events import Received, Started
from rts.core.raft.log import Configuration
from rts.core.raft.messages import (
    Answered,
    Changed,
    ChangeMembers,
    FromNode,
    Query,
    ReadMode,
    Submit,
    TransferLeadership,
)
from rts.core.raft.node import RaftCore, Statistics
from rts.core.raft.settings import Chance, Settings
from rts.errors import DiskFailed, Refused
from rts.ids import Member
from rts.raft.calls import Batch, Call, ClientSession, Done, Notice, Submission, Ticket, in_parts
from rts.raft.changes import Change, as_message
from rts.raft.machine import Machine
from rts.raft.state_machine import Packed, Raised, StateMachine, join, pack, unpack
from rts.raft.storage.protocol import FIRST_DISK, Storage
from rts.raft.storage.start import found_cluster, recover
from rts.raft.transport.protocol import Transport
from rts.schedule import MILLISECOND, SECOND

DEFAULTS = Settings(
    election_ns=(300 * MILLISECOND, 600 * MILLISECOND),
    compact_after=10_000,
    compact_keep=500,
)
"""Settings of a node that is given none (its members come from `peers` and from its storage)."""


class RaftNode:
    """One node. `run` it in a nursery; while it runs, the other methods may be used by any task.

    `peers` are the other voters that the cluster begins with. They matter to a blank first disk alone: from
    then on the members are in the log. A node that joins a running cluster has no peers and a storage that is
    not a founding one; it waits to be added by `change_membership`.

    `settings`: how it elects, replicates and compacts (its `voters`, `learners` and the times of simulated
    clients and disks are of no concern here). `chance` (such as `random.Random()`) draws election time-outs
    and what tells this life's questions from another's: other nodes, and other lives of this one, must not
    draw the same. `on_note(what, detail)` hears of what an operator may want to count (`leads`, `log
    compacted`, …).

    Raises `ValueError` where `node_id` is among the peers.
    """

    def __init__(
        self,
        node_id: str,
        peers: Iterable[str],
        transport: Transport,
        storage: Storage,
        state_machine: StateMachine,
        *,
        chance: Chance,
        settings: Settings = DEFAULTS,
        on_note: Callable[[str, Any], None] | None = None,
    ) -> None:
        self.node_id = node_id
        self._transport = transport
        self._storage = storage
        self._settings = settings
        voters = (node_id, *peers)
        if len(set(voters)) < len(voters):
            raise ValueError(f"a node is named twice among {', '.join(voters)}")
        own = Member(node_id, storage.disk)
        if storage.disk == FIRST_DISK:
            found_cluster(storage, voters)
        recovered = recover(storage)
        core = RaftCore(own, settings, recovered, Packed(state_machine), chance)
        # Of two lives on one disk that led, the later began in a higher term: the earlier had made its own
        # durable before it led. So no two that submitted anything have one name.
        self._session = ClientSession(f"{node_id}/{own.disk}/{recovered.term}")
        self._core = core
        self._machine = Machine(core, transport, storage)
        self._machine.on_note = on_note
        self._called = 0
        self._submissions: list[Submission | Notice] = []
        self._others: list[tuple[str, Any]] = []
        self._something = trio.Event()
        self._state = "new"

    # --- running --------------------------------------------------------------------------------------------

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Take part in the cluster until cancelled, once; to go on later, make another node on the same
        storage.

        Whoever waits for an answer when it ends gets `OutcomeUnknown`. Raises `DiskFailed` where the storage
        fails (what it holds is not known: open it anew), `InvariantBroken` where the node's state contradicts
        itself, whatever a method of the state machine or the transport raises (`FrameTooLong`), and
        `RuntimeError` when called again.
        """
        if self._state != "new":
            raise RuntimeError(f"{self.node_id} has run already; a node runs once")
        self._state = "running"
        machine = self._machine
        try:
            await self._sync_first()
            async with trio.open_nursery() as nursery:
                machine.stop = nursery.cancel_scope.cancel
                machine.handle(Started())
                await nursery.start(self._transport.run, self._deliver)
                nursery.start_soon(machine.keep_durable)
                nursery.start_soon(machine.keep_time)
                nursery.start_soon(self._take_calls)
                task_status.started()
        finally:
            self._state = "stopped"
            never_taken, self._submissions = self._submissions, []
            machine.end(never_taken, Refused(f"{self.node_id} has stopped"))
        if machine.failure is not None:
            raise machine.failure

    async def _sync_first(self) -> None:
        """Make durable who the members are, before anything is promised."""
        try:
            await self._storage.sync()
        except OSError as error:
            raise DiskFailed(f"{self.node_id} could not write to its disk: {error}") from error

    def _deliver(self, sender: str, message: FromNode) -> None:
        self._machine.handle(Received(sender, message))

    async def _take_calls(self) -> None:
        """Hand in what programs asked for; commands of one turn of Trio's loop go into one entry of the log,
        or few."""
        machine = self._machine
        while True:
            await self._something.wait()
            self._something = trio.Event()
            submissions, self._submissions = self._submissions, []
            for together in in_parts(submissions):
                batch = Batch(together, self._session)
                machine.handle(Received(self._register(batch), batch.message()))
            others, self._others = self._others, []
            for address, message in others:
                machine.handle(Received(address, message))

    def _register(self, call: Call | Batch) -> str:
        """An address for the answer."""
        self._called += 1
        address = f"{self.node_id}, call {self._called}"
        self._machine.calls[address] = call
        return address

    async def _call(self, message: Submit | Query | ChangeMembers | TransferLeadership) -> Any:
        self._check_that_it_runs()
        call = Call()
        address = self._register(call)
        self._others.append((address, message))
        self._something.set()
        try:
            return await call.wait()
        finally:
            self._machine.calls.pop(address, None)

    # --- commands and reads ---------------------------------------------------------------------------------

    async def submit(self, command: Any, *, ticket: Ticket | None = None) -> Any:
        """Do a command, and return what it gave, once it is committed and applied here.

        A node is one client session with many requests under way, and each is done at most once. A server
        that passes on the requests of clients who ask again, at this node or another, gives each of them its
        own `ticket`.

        Raises `NotLeader` (with `.leader`, where it is known) or another `Refused` where the command was
        certainly not done; `OutcomeUnknown` where this node stopped leading, or stopped, meanwhile: then only
        the same ticket may be tried again without the danger of doing it twice. `TypeError`, where the
        command is not what MessagePack carries; `ValueError`, where the ticket's client had said that it has
        this answer.
        """
        submission = Submission(pack(command))
        if ticket is not None:
            return await self._submit_with(ticket, submission)
        self._check_that_it_runs()
        self._submissions.append(submission)
        self._something.set()
        return await submission.wait()

    def submit_nowait(self, command: Any, done: Done) -> None:
        """The same without a task that waits: `done(result, error)` is called once, with what `submit` would
        return or raise.

        It is called by the node's own tasks, must return at once, and may submit more; what it raises stops
        the node. Raises `Refused` where the node does not run, and `TypeError` as `submit` does.
        """
        notice = Notice(pack(command), done)
        self._check_that_it_runs()
        self._submissions.append(notice)
        self._something.set()

    async def _submit_with(self, ticket: Ticket, submission: Submission) -> Any:
        client, request, answered = ticket
        if self._core.state.is_answered(client, request):
            raise ValueError(f"{client!r} has said that it has the answer to request {request}")
        done = await self._call(Submit(client, request, answered, join([submission.packed])))
        (result,) = unpack(done.result)
        return result

    async def read(self, query: Callable[[Any], Any], *, mode: ReadMode = "leader") -> Any:
        """What `query(state_machine)` returns on this node; it must change nothing and keep no part of the
        state that can change.

        `mode`: `"leader"`, this node leads and asks a majority whether it still does; `"read-index"`, any
        node, which asks the leader how far it must have applied; `"lease"`, the leader answers alone as long
        as a majority promised to elect nobody else, which is right if clocks run as evenly as the settings'
        `drift_ppm` says, and no machine is suspended while the others run; `"local"`, what this node has, of
        any age. All but the last are linearizable (thesis, §6.4). Waits while there is no majority; use
        Trio's time-outs.

        Raises `NotLeader` where the mode needs a leader and none is at hand, another `Refused` where a local
        read finds the log not applied yet, and what `query` raises.
        """
        answer: Answered | None = None
        while answer is None:
            with trio.move_on_after(self._settings.attempt_ns / SECOND):
                answer = await self._call(Query(0, query, mode))
        if isinstance(answer.result, Raised):
            raise answer.result.error
        return answer.result

    # --- operations -----------------------------------------------------------------------------------------

    async def change_membership(self, change: Change) -> Configuration:
        """Carry out `AddVoter`, `AddLearner` or `Remove`, and return the members once they are committed.

        A new voter catches up first. Raises `NotLeader`; another `Refused` where the change is none, another
        is under way, or a newcomer is silent or too slow; `OutcomeUnknown` where this node stopped leading
        meanwhile; `TypeError` for what is no change.
        """
        changed: Changed = await self._call(as_message(change))
        return changed.configuration

    async def transfer_leadership(self, to: str) -> None:
        """Let the voter `to` lead in this node's place, and return when this node leads no more.

        Raises `NotLeader`; another `Refused` where `to` is no other voter, or did not take over within an
        election time-out.
        """
        await self._call(TransferLeadership(0, to))

    @property
    def is_leader(self) -> bool:
        """Whether this node leads, as far as it knows: another may have been elected meanwhile."""
        return self._state == "running" and self._core.role == "leader"

    @property
    def leader(self) -> str | None:
        """The node that leads, as far as this one knows."""
        return self._core.leader if self._state == "running" else None

    async def wait_leader(self) -> str:
        """Wait until this node knows who leads, and return who it is. Raises `Refused` where it does not
        run.
        """
        while (leader := self.leader) is None:
            self._check_that_it_runs()
            await self._machine.wait_leader()
        return leader

    def _check_that_it_runs(self) -> None:
        if self._state != "running":
            raise Refused(f"{self.node_id} does not run")

    def statistics(self) -> Statistics:
        """How the node is at this moment, or was when it stopped."""
        return self._core.statistics()
