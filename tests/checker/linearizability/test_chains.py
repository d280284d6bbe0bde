"""Lists that tell their order: judged without a search as all orders tried would have it."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from checker import Operation, check
from checker.linearizability.chains import stuck_in
from tests.checker.brute_force import precedes
from tests.checker.literal import history

SETTINGS = settings(
    max_examples=600,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@st.composite
def lists(draw: st.DrawFn) -> list[Operation]:
    """Transactions on two lists; each takes effect at some instant, and now and then one read is false."""
    count = draw(st.integers(1, 7))
    state: dict[str, list[int]] = {"x": [], "y": []}
    lies = draw(st.booleans())
    items = iter(range(100))
    done: list[tuple[int, Operation]] = []
    for index in range(count):
        at = draw(st.integers(0, 40))
        status: Any = draw(st.sampled_from(("ok", "ok", "ok", "ok", "info")))
        words = draw(st.lists(st.tuples(st.booleans(), st.sampled_from("xxy")), min_size=1, max_size=3))
        deeds = [["append", key, next(items)] if appends else ["r", key, None] for appends, key in words]
        start, end = at - draw(st.integers(0, 12)), at + draw(st.integers(0, 12))
        operation = Operation(
            index=index, session=f"s{index}", op="txn", ops=deeds, start=start, end=end, status=status
        )
        done.append((at, operation))
    for _, operation in sorted(done, key=lambda one: one[0]):
        if operation.status == "info" and draw(st.booleans()):
            continue
        for deed in operation.ops or ():
            if deed[0] == "append":
                state[deed[1]].append(deed[2])
            else:
                deed[2] = _read(draw, state[deed[1]], lies=lies)
    appended = {deed[1] for _, operation in done for deed in operation.ops or () if deed[0] == "append"}
    for _, operation in done:
        for deed in operation.ops or ():
            if deed[2] == [] and (deed[1] not in appended or draw(st.booleans())):
                deed[2] = None
    operations = [replace(o, end=None) if o.status == "info" else o for _, o in done]
    return sorted(operations, key=lambda operation: operation.start)


def _read(draw: st.DrawFn, held: list[int], *, lies: bool) -> Any:
    found = list(held)
    if lies and draw(st.integers(0, 3)) == 0:
        match draw(st.integers(0, 3)):
            case 0:
                found = found[: draw(st.integers(0, len(found)))]
            case 1:
                found = draw(st.permutations(found))
            case 2:
                found = [*found, draw(st.integers(0, 20))]
            case 3:
                found = found[1:]
    return found


def has_order(operations: list[Operation]) -> bool:
    """Whether some order of all operations is true to real time, and each finds what it says."""
    return _extend(operations, {"x": [], "y": []})


def _extend(left: list[Operation], state: dict[str, list[int]]) -> bool:
    if all(o.status == "info" for o in left):
        return True
    for o in left:
        if not any(precedes(other, o) for other in left if other is not o):
            after = {key: list(held) for key, held in state.items()}
            if _takes_effect(after, o) and _extend([other for other in left if other is not o], after):
                return True
    return False


def _takes_effect(after: dict[str, list[int]], operation: Operation) -> bool:
    for word, key, value in operation.ops or ():
        if word == "append":
            after[key].append(value)
        elif operation.status == "ok" and after[key] != (value or []):
            return False
    return True


@given(lists())
@SETTINGS
def test_the_one_that_is_stuck_ends_the_shortest_beginning_without_order(operations: list[Operation]) -> None:
    returns = sorted((o.end, number) for number, o in enumerate(operations) if o.status == "ok")
    stuck = None
    for end, number in returns:
        assert end is not None
        beginning = [
            o if o.status == "ok" and (o.end, at) <= (end, number) else replace(o, status="info", end=None)
            for at, o in enumerate(operations)
            if o.start <= end
        ]
        if not has_order(beginning):
            stuck = number
            break
    assert stuck_in(operations, {"x": "lists", "y": "lists"}) == stuck


@given(lists())
@SETTINGS
def test_the_verdict_is_whether_there_is_an_order(operations: list[Operation]) -> None:
    found = check(history(*operations), ["linearizable"]).guarantees["linearizable"]
    if found.reason_code == "vacuous":
        return
    assert found.verdict == ("holds" if has_order(operations) else "violated")
    for violation in found.violations:
        assert not _has_part(operations, violation.operations)
        assert violation.explanation.startswith("Let ")
        assert violation.explanation.endswith(": a contradiction.")


def _has_part(operations: list[Operation], shown: tuple[int, ...]) -> bool:
    """Whether some operations have an order, if what others appended is cut out of what they read."""
    part = [o for o in operations if o.index in shown]
    others = {
        (key, value): o.start
        for o in operations
        for word, key, value in o.ops or ()
        if word == "append" and o not in part
    }

    def left(operation: Operation, key: str, found: list[int]) -> list[int]:
        end = operation.end or 0
        return [item for item in found if others.get((key, item), end + 1) > end]

    return has_order(
        [
            replace(
                o,
                ops=[
                    [word, key, left(o, key, value) if word == "r" and value else value]
                    for word, key, value in o.ops or ()
                ],
            )
            for o in part
        ]
    )
