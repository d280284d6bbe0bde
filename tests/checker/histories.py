"""Random small histories: overlapping sessions, all statuses, repeated values, positions or none."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from checker import Header, History, Operation

KEYS = ("k0", "k1")


@st.composite
def histories(draw: st.DrawFn, *, most: int = 9) -> History:
    """Histories of a store that often tells the truth: half the reads return the newest value."""
    size = draw(st.integers(2, most))
    positions = draw(st.sampled_from(("none", "all", "some")))
    values = draw(st.sampled_from((2, 3, 9)))
    shaped = draw(st.booleans())
    free = {"s0": 0, "s1": 0, "s2": 0}
    written: dict[str, list[tuple[Any, Any]]] = {key: [(None, None)] for key in KEYS}
    operations: list[Operation] = []
    time, place = 10, 0

    def position(number: int) -> Any:
        return (1, number) if shaped else number

    for index in range(size):
        time += draw(st.integers(1, 12))
        idle = [session for session, until in sorted(free.items()) if until < time]
        if not idle:
            time = min(free.values()) + 1
            idle = [session for session, until in sorted(free.items()) if until < time]
        session = idle[draw(st.integers(0, len(idle) - 1))]
        key = KEYS[draw(st.integers(0, 3)) // 3]
        op = ("read", "read", "read", "write", "write", "write", "delete", "cas")[draw(st.integers(0, 7))]
        status = ("ok", "ok", "ok", "ok", "ok", "info", "fail")[draw(st.integers(0, 6))]
        end = time + draw(st.integers(0, 30))
        free[session] = end if status != "info" else time
        fields: dict[str, Any] = {}
        known = written[key]
        seen = known[-1] if draw(st.booleans()) else known[draw(st.integers(0, len(known) - 1))]
        if op == "read":
            fields["value"] = seen[0]
            if draw(st.integers(0, 15)) == 0:
                fields["value"] = draw(st.integers(1, values))
            said = positions == "all" or (positions == "some" and draw(st.booleans()))
            if said and (seen[1] is not None or seen[0] is None):
                fields["version"] = seen[1]
        else:
            fields["value"] = None if op == "delete" else draw(st.integers(1, values))
            if op == "cas":
                fields["expected"] = seen[0]
            mine = None
            if positions != "none" and (positions == "all" or draw(st.integers(0, 3))) and status != "fail":
                place += 1
                swap = draw(st.integers(0, 7)) == 0
                mine = position(max(1, place - 2) if swap else place)
                if status == "ok" or draw(st.booleans()):
                    fields["position"] = mine
            written[key].append((fields["value"], mine))
        operations.append(
            Operation(
                index=index,
                session=session,
                op=op,  # type: ignore[arg-type]
                key=key,
                start=time,
                end=None if status == "info" else end,
                status=status,  # type: ignore[arg-type]
                **fields,
            )
        )
    if draw(st.booleans()):
        time = max(time, *free.values()) + 1
        for node in ("a", "b"):
            for key in KEYS[: draw(st.integers(1, 2))]:
                time += 10
                known = written[key]
                seen = known[-1] if draw(st.booleans()) else known[draw(st.integers(0, len(known) - 1))]
                fields = {"version": seen[1]} if positions == "all" and draw(st.booleans()) else {}
                operations.append(
                    Operation(
                        index=len(operations),
                        session=f"final-{node}",
                        op="read",
                        key=key,
                        value=seen[0],
                        start=time,
                        end=time + 5,
                        status="ok",
                        node=node,
                        phase="final",
                        **fields,
                    )
                )
    header = Header(one_log=draw(st.booleans()), real_time_writes=draw(st.booleans()))
    return History.from_operations(operations, header=header)
