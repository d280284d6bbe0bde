"""The operations that are pending or open at one event, and where they lead from each state.

Each has bits of its own in the debts of a configuration (`search`): one for what it owes, one for being
spent. They are given to others after its return, so that debts stay as short as the window of what is
pending.

Few steps are worth taking before the one that returns. What overwrites is, where it leads to a state that
some pending operation observes, or from which one that owes taking effect may take it; else the next
overwriting step does as well without it. What is open and owes nothing is worth as little elsewhere.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from heapq import heappop, heappush
from typing import NamedTuple

from checker.history.columns import FOREVER
from checker.search.problem import REFUSED, Problem

_MANY = 60
"""States of which we keep what leads from them, before those left behind are dropped."""


class Move(NamedTuple):
    """Where the operations of one class lead from a state.

    `mask` keeps the debts that the step leaves; `members` are the bits of the pending operations of the
    class, (owed, spent), in the order in which they return.
    """

    led: int
    mask: int
    overwrites: bool
    members: list[tuple[int, int]]


class _Class:
    """The pending and open operations of one class."""

    def __init__(self) -> None:
        self.keys: list[tuple[int, int]] = []
        self.members: list[tuple[int, int]] = []
        self.owed = 0


class Pending:
    """The operations that are pending or open, by class."""

    def __init__(self, problem: Problem) -> None:
        size = len(problem.kinds)
        self.owe = [0] * size
        self.spend = [0] * size
        """The bits of each operation since it was invoked; 0 where it has none."""
        self._problem, self._machine = problem, problem.machine
        self._free: list[int] = []
        self._width = 0
        self._classes: dict[int, _Class] = {}
        self._overwriting: dict[int, int] = {}
        self._absorbed = 0
        # By state, kept up as operations come and go: what its loops owe, and where other classes lead.
        self._loops: dict[int, int] = {}
        self._leads: dict[int, dict[int, int]] = {}
        # By state, for one event.
        self._moves: dict[int, list[Move]] = {}
        self._overwrites: list[Move] | None = None
        self._useful: set[int] = set()
        self._surveyed: set[int] = set()
        """States of which it was asked whether they are useful; those come upon later may be."""
        self._event = -1
        self._returning = -1

    def invoke(self, number: int, event: int) -> bool:
        """Take up an operation that is invoked at an event; False if it can be left out."""
        kind = self._problem.kinds[number]
        effect = self._machine.effects[kind]
        returns = self._problem.returns[number]
        if returns == FOREVER and (effect == "observes" or self._is_idle(kind, event)):
            return False
        owe = 0 if returns == FOREVER else self._take()
        spend = 0 if effect == "observes" else self._take()
        self.owe[number], self.spend[number] = owe, spend
        group = self._classes.get(kind)
        if group is None:
            group = self._classes[kind] = _Class()
            if effect == "overwrites":
                self._overwriting[kind] = self._machine.step(kind, self._machine.initial)
            elif effect != "observes":
                for state, leads in self._leads.items():
                    self._add_lead(leads, kind, state)
        place = bisect_left(group.keys, (returns, number))
        group.keys.insert(place, (returns, number))
        group.members.insert(place, (owe, spend))
        group.owed |= owe
        if effect in ("overwrites", "blind"):
            self._absorbed |= owe
        if owe:
            for state in self._loops:
                if self._machine.step(kind, state) == state:
                    self._loops[state] |= owe
        return True

    def close(self, number: int) -> None:
        """Leave out an operation that returned."""
        kind = self._problem.kinds[number]
        owe, spend = self.owe[number], self.spend[number]
        group = self._classes[kind]
        place = bisect_left(group.keys, (self._problem.returns[number], number))
        del group.keys[place], group.members[place]
        group.owed &= ~owe
        if not group.keys:
            del self._classes[kind]
            self._overwriting.pop(kind, None)
            for leads in self._leads.values():
                leads.pop(kind, None)
        self._absorbed &= ~owe
        for state in self._loops:
            self._loops[state] &= ~owe
        for bit in (owe, spend):
            if bit:
                heappush(self._free, bit)

    def look(self, event: int, number: int) -> None:
        """Turn to the event at which an operation returns."""
        self._event = event
        self._returning = self._problem.kinds[number]
        self._moves.clear()
        self._overwrites = None

    def loops(self, state: int) -> int:
        """Return what the operations owe that are allowed at a state and do not change it."""
        machine = self._machine
        if machine.stands_in(state):  # in time, more and more steps lead to what is forgotten
            owed = 0
            for kind, group in self._classes.items():
                if group.owed and machine.at(machine.step(kind, state), self._event) == state:
                    owed |= group.owed
            return owed
        loops = self._loops.get(state)
        if loops is None:
            loops = 0
            for kind, group in self._classes.items():
                if group.owed and machine.step(kind, state) == state:
                    loops |= group.owed
            self._loops[state] = loops
        return loops

    def moves(self, state: int) -> list[Move]:
        """Return the steps that change a state and are worth taking before the one that returns."""
        moves = self._moves.get(state)
        if moves is not None:
            return moves
        if self._overwrites is None:
            self._overwrites = self._find_overwrites()
        # A step that overwrites a state with itself counts, too: it hides what else was pending.
        moves = self._moves[state] = list(self._overwrites)
        for kind, led in self._leads_from(state).items():
            led = self._machine.at(led, self._event)
            group = self._classes[kind]
            if led != state and (group.owed or led in self._useful or led not in self._surveyed):
                moves.append(Move(led, ~self.loops(led), False, group.members))
        return moves

    def _find_overwrites(self) -> list[Move]:
        """Return the steps that overwrite whatever there is, as far as they are worth taking."""
        machine, event = self._machine, self._event
        leads = {kind: machine.at(led, event) for kind, led in self._overwriting.items()}
        for led in leads.values():
            self._leads_from(led)
        self._useful, self._surveyed = self._find_useful(), set(self._leads)
        return [
            Move(led, ~(self.loops(led) | self._absorbed), True, self._classes[kind].members)
            for kind, led in leads.items()
            if kind == self._returning or led in self._useful
        ]

    def _find_useful(self) -> set[int]:
        """Return the states where something is paid, or from which others may lead to such."""
        leads_to = {
            state: {self._machine.at(led, self._event) for led in leads.values()}
            for state, leads in self._leads.items()
        }
        useful = {
            state
            for state, leads in self._leads.items()
            if self.loops(state) & ~self._absorbed
            or any(self._classes[kind].owed for kind in leads)
            or not leads_to.keys() >= leads_to[state]  # nothing is known of where it leads
        }
        grown = True
        while grown:
            found = {state for state, led in leads_to.items() if not led.isdisjoint(useful)}
            grown = not found <= useful
            useful |= found
        return useful

    def _leads_from(self, state: int) -> dict[int, int]:
        leads = self._leads.get(state)
        if leads is None:
            leads = self._leads[state] = {}
            for kind in self._classes:
                if self._machine.effects[kind] in ("blind", "depends"):
                    self._add_lead(leads, kind, state)
        return leads

    def _add_lead(self, leads: dict[int, int], kind: int, state: int) -> None:
        led = self._machine.step(kind, state)
        if led not in (REFUSED, state):
            leads[kind] = led

    def drop(self, frontier: Iterable[int]) -> None:
        """Drop what is kept of states, where most of them are left behind."""
        if len(self._leads) + len(self._loops) > _MANY:
            states = set(frontier)
            for kept in (self._leads, self._loops):
                for state in kept.keys() - states:
                    del kept[state]

    def _is_idle(self, kind: int, event: int) -> bool:
        """Whether nobody will see what an open operation overwrote with, nor build on it.

        Then it can be left out of any order: between it and the next change nothing is observed, so the
        state that it found may as well have lasted until then.
        """
        machine = self._machine
        if machine.effects[kind] != "overwrites":
            return False
        led = machine.step(kind, machine.initial)
        return machine.until[led] < event and machine.is_barren(machine.forgotten[led])

    def _take(self) -> int:
        if self._free:
            return heappop(self._free)
        self._width += 1
        return 1 << (self._width - 1)
