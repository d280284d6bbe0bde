"""Which reads returned a version older than a write that they should have seen.

What a read should have seen is a view: all that is in its causal past for `causal`, all that its session's
earlier reads imply for `consistent-prefix`. Where versions have places, the highest place within the view
decides. Where their order is inferred, a version that started after all the view holds is surely older than
none of it; only the other reads are compared with the newest write of each lane. Reads with several
candidates are compared one by one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from checker.history.columns import Bools, Ints
from checker.orders.candidates import NO_ONE, SEVERAL
from checker.orders.visible import View, Visible

if TYPE_CHECKING:
    from checker.prepared import Prepared


class Overtaken:
    """Judges reads against views.

    Raises `OutOfBudget` through the causal past, and for too many ambiguous reads.
    """

    def __init__(self, prepared: Prepared) -> None:
        self.prepared = prepared
        self.visible = Visible(prepared)
        source = prepared.candidates.source[:-1]
        one_by_one = source == SEVERAL
        if one_by_one.any():
            one_by_one &= ~prepared.positioned_key[prepared.columns.key]
        if len(prepared.unplaced):
            loose = np.zeros(prepared.size + 1, dtype=np.bool_)
            loose[prepared.unplaced] = True
            one_by_one |= (source >= 0) & loose[source]
            for read, choice in prepared.candidates.several.items():
                one_by_one[read] |= loose[list(choice)].any()
            tangled = prepared.columns.key[prepared.versions.tangled[:-1]]
            one_by_one |= np.isin(prepared.columns.key, tangled)
        self._one_by_one: Bools = one_by_one

    def anything(self, view: View) -> Bools:
        """Return for each read of a view whether it should have seen any write of its key."""
        return self.visible.any_within(view)

    def judge(self, view: View) -> tuple[Bools, Bools]:
        """Return for each read whether some write that it should have seen is newer than all that it may have
        returned, and whether some such write may be compared with it and is newer than none.

        The latter is found only for reads that have several candidates.
        """
        violated = np.zeros(len(view.reads), dtype=np.bool_)
        fine = np.zeros(len(view.reads), dtype=np.bool_)
        prepared, source = self.prepared, self.prepared.candidates.source
        legal = source[view.reads] != NO_ONE
        single = self._one_by_one[view.reads] & legal
        placed = prepared.positioned_key[prepared.columns.key[view.reads]]
        ranked = (legal & placed & ~single).nonzero()[0]
        if len(ranked):
            violated[ranked], fine[ranked] = self._judge_placed(view.only(ranked))
        inferred = (legal & ~placed & ~single).nonzero()[0]
        if len(inferred):
            violated[inferred] = self._judge_inferred(view.only(inferred))
        if single.any():
            self._judge_singly(view, single, violated, fine)
        return violated, fine

    def _judge_placed(self, view: View) -> tuple[Bools, Bools]:
        prepared, versions = self.prepared, self.prepared.versions
        source = prepared.candidates.source[view.reads]
        lowest = versions.high[source]
        highest = lowest.copy()
        several = (source == SEVERAL).nonzero()[0]
        for at in several.tolist():
            places = versions.high[list(prepared.versions_of(int(view.reads[at])))]
            lowest[at], highest[at] = places.min(), places.max()
        violated = self.visible.any_above(view, versions.low, highest)
        fine = np.zeros(len(violated), dtype=np.bool_)
        if len(several):
            top = int(versions.low.max())
            at_most = self.visible.any_above(
                view.only(several), top - versions.low, top - lowest[several] - 1
            )
            fine[several] = at_most
        return violated, fine

    def _judge_inferred(self, view: View) -> Bools:
        prepared, causality = self.prepared, self.prepared.causality
        source = prepared.candidates.source[view.reads]
        unwritten = source == prepared.initial
        violated = np.zeros(len(source), dtype=np.bool_)
        if causality.backward:
            later = np.ones(len(source), dtype=np.bool_)
            violated[unwritten] = self.anything(view.only(unwritten))
        else:
            rank = self._by_start()
            later = self.visible.any_above(view, rank, np.where(unwritten, -1, rank[source]))
            violated |= later & unwritten
        real_time = prepared.versions.real_time
        if real_time is not None:
            newer = self.visible.any_above(view, real_time.begun + 1, real_time.done[source] + 1)
            violated |= newer & ~unwritten
        open_questions = (later & ~unwritten & ~violated).nonzero()[0]
        if len(open_questions):
            numbers, writes = self.visible.last_within(view.only(open_questions))
            newer = causality.contains(source[open_questions][numbers], writes)
            violated[open_questions[numbers[newer]]] = True
        return violated

    def _by_start(self) -> Ints:
        start = self.prepared.columns.start
        rank = np.zeros(self.prepared.size + 1, dtype=np.int64)
        rank[start.argsort(kind="stable")] = np.arange(len(start))
        return rank

    def _judge_singly(self, view: View, single: Bools, violated: Bools, fine: Bools) -> None:
        """Compare reads and writes one by one, and mark what comes of it."""
        prepared = self.prepared
        placed = prepared.positioned_key[prepared.columns.key[view.reads]]
        asked = (single & ~placed).nonzero()[0]
        unplaced = (single & placed).nonzero()[0]
        for some, find in (
            (asked, self.visible.last_within),
            (asked, self.visible.first_within),
            (unplaced, self.visible.all_within),
        ):
            if not len(some):
                continue
            numbers, writes = find(view.only(some))
            at = some[numbers]
            every, any_ = prepared.versions.compare(view.reads[at], writes, ones_read=True)
            violated[at[every]] = True
            fine[at[~any_]] = True
