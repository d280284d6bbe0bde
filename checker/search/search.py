"""The search: is there an order of one object's operations that its specification allows?

Wing & Gong, Testing and Verifying Concurrent Objects (1993); Lowe, Testing for Linearizability (2017),
section 5: just-in-time linearization. The events are gone through in the order of time, with all
configurations that may be true by then. Nothing is linearized before it must be: when an operation
returns, each configuration in which it has not taken effect is extended by all sequences of pending
operations that end with it. A configuration that cannot be extended is dropped; when none is left, there
is no order, and the prefix up to that return is the shortest that has none. Where nothing is pending, all
that is left of the past is a set of states.

A configuration is a state and a set of *debts*, bits of an integer: for each pending operation that it
*owes* taking effect, and for each pending or open operation that it was *spent*, so that it cannot take
effect any more. Neither is set where an operation may have taken effect unseen, and may still do so: at a
state that it does not change; or, for what is always allowed, at once before something that overwrote it.
An operation that only observes is paid at the first state that it fits. Less debt is never worse, so
of two configurations with one state and the debts of one among those of the other, one is enough.

An open operation may take effect or not, so it owes nothing. Of interchangeable operations those that
return first are spent first: in any order that does otherwise, the two can change places.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from checker.search.budget import Meter
from checker.search.pending import Move, Pending
from checker.search.problem import Problem

Frontier: TypeAlias = dict[int, list[int]]
"""Configurations: by state their debts, none among those of another."""


Bound: TypeAlias = Literal["under", "over"]


_SPRAWL = 1_000
"""What is spent and forgotten under the `over` bound can be spent for ever; so far we follow."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a search came to.

    `fits`: there is an order. `stuck`: there is none up to the return of the operation `stuck`. `open`:
    nothing is known, because of the width or of the budget. `returned` counts the operations that had
    returned by then, `configurations` those that were looked at.
    """

    answer: Literal["fits", "stuck", "open"]
    returned: int
    configurations: int
    stuck: int | None = None


class Search:
    """A search through one problem.

    With a `width`, at most so many configurations are kept of each state. Under the `under` bound those
    with the least debt are kept, and the others dropped: what fits then, fits. Under the `over` bound several
    become one that owes only what all of them do: what is stuck then, is stuck.
    """

    def __init__(self, problem: Problem, meter: Meter, *, width: int, bound: Bound) -> None:
        self._problem = problem
        self._machine = problem.machine
        self._meter = meter
        self._pending = Pending(problem)
        self._at = 0
        self._width = width
        self._under = bound == "under"
        self._exact = True
        self.frontier: Frontier = {self._machine.initial: [0]}
        """The configurations after the last event."""

    def run(self) -> Finding:
        """Go through all events, or as many as the meter allows."""
        begun, returned = self._meter.count, 0
        answer: Literal["fits", "stuck", "open"]
        stuck = None
        for at, event in enumerate(self._problem.events):
            self._at = at
            if event >= 0:
                self._invoke(event)
                continue
            left = self._return(~event)
            if not left:
                stuck = None if left is None or (self._under and not self._exact) else ~event
                answer = "open" if stuck is None else "stuck"
                break
            self.frontier = left
            self._pending.close(~event)
            self._pending.drop(left)
            returned += 1
        else:
            answer = "fits" if self._under or self._exact else "open"
        return Finding(answer, returned, self._meter.count - begun, stuck)

    def _invoke(self, number: int) -> None:
        """Every configuration owes what was invoked, but where it is allowed and changes nothing."""
        pending, machine = self._pending, self._machine
        if pending.invoke(number, self._at) and (owe := pending.owe[number]):
            kind = self._problem.kinds[number]
            for state, group in self.frontier.items():
                if machine.at(machine.step(kind, state), self._at) != state:
                    self.frontier[state] = [debts | owe for debts in group]

    def _return(self, number: int) -> Frontier | None:
        """Return the configurations in which an operation took effect; None if the budget is spent."""
        machine, pending = self._machine, self._pending
        meter, add = self._meter, self._add
        pending.look(self._at, number)
        owe, spend = pending.owe[number], pending.spend[number]
        kept: Frontier = {}
        seen: Frontier = {}
        queue: list[tuple[int, int]] = []
        for state, group in self.frontier.items():
            # A step may have come to change nothing, because what it leads to is forgotten by now.
            left = ~pending.loops(state) if machine.stands_in(state) else -1
            for debts in group:
                debts &= left
                if not debts & owe:
                    add(kept, state, debts)
                # What may have taken effect unseen may also take effect only now.
                if debts & owe or (spend and not debts & spend):
                    debts = add(seen, state, debts)
                    if debts >= 0:
                        queue.append((state, debts))
        for state, debts in queue:
            meter.count += 1
            if meter.count >= meter.pause and meter.is_spent(len(queue)):
                return None
            if not self._exact and not self._under and len(queue) > _SPRAWL * self._width:
                return None
            for move in pending.moves(state):
                for owed, spent in _choose(move, debts):
                    after = (debts | spent) & move.mask & ~owed
                    if not after & owe:
                        add(kept, move.led, after)
                        if not spend or spent == spend:
                            continue
                    after = add(seen, move.led, after)
                    if after >= 0:
                        queue.append((move.led, after))
        return self._settle(kept, ~(owe | spend))

    def _settle(self, frontier: Frontier, keep: int) -> Frontier:
        """Clear the debts of what returned, and forget the states that do not matter any more."""
        settled: Frontier = {}
        for state, group in frontier.items():
            stands = self._machine.at(state, self._at + 1)
            for debts in group:
                self._add(settled, stands, debts & keep)
        return settled

    def _add(self, frontier: Frontier, state: int, debts: int) -> int:
        """Add a configuration, and return its debts; -1 if it is superfluous, or is dropped."""
        group = frontier.get(state)
        if group is None:
            frontier[state] = [debts]
            return debts
        for other in group:
            if other & debts == other:
                return -1
        group[:] = [other for other in group if debts & other != debts]
        if len(group) < self._width:
            group.append(debts)
            return debts
        self._exact = False
        if self._under:
            worst = max(group, key=int.bit_count)
            if worst.bit_count() <= debts.bit_count():
                return -1
            group[group.index(worst)] = debts
            return debts
        # The nearest one, so that little is given away.
        near = min(group, key=lambda other: (other ^ debts).bit_count())
        return self._add(frontier, state, near & debts)


def _choose(move: Move, debts: int) -> list[tuple[int, int]]:
    """Return the operations of a class to take next: of those alike the first to return.

    Where a step may not always be allowed, one that owes taking effect is not like one that does not.
    """
    chosen: list[tuple[int, int]] = []
    for owed, spent in move.members:
        if not debts & spent:
            if move.overwrites:
                return [(owed, spent)]
            if debts & owed:
                return [*chosen, (owed, spent)]
            if not chosen:
                chosen.append((owed, spent))
    return chosen
