"""How fast the judge is: microseconds for a history of 20 operations, operations per second for 100,000.

Run `python benchmarks/checker.py`. Each figure stands beside a yardstick taken in the same run on the
same machine, decoding the same lines into `Operation` values with msgspec, so that ratios compare across
machines.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import msgspec

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from checker import Header, History, Operation, Staleness, check, dumps, loads

BOUND = Staleness.parse("1s")


def store(*, operations: int, sessions: int, keys: int, positions: bool = True) -> History:
    """A leader that tells the truth; final reads at three nodes count among the operations."""
    chance = random.Random(1)
    newest: dict[str, tuple[str | None, tuple[int, int] | None]] = {
        f"k{number}": (None, None) for number in range(keys)
    }
    history: list[Operation] = []
    time = 0
    for index in range(operations - 3 * keys):
        time += 1_000
        key = f"k{chance.randrange(keys)}"
        session = f"s{index % sessions}"
        common = {"index": index, "session": session, "key": key, "start": time, "end": time + 400}
        if chance.random() < 0.45:
            place = (1, index)
            newest[key] = (f"v{index}", place)
            extra = {"position": place} if positions else {}
            history.append(
                Operation(op="write", value=f"v{index}", status="ok", node="n0", **common, **extra)
            )
        else:
            value, version = newest[key]
            extra = {"version": version} if positions else {}
            history.append(Operation(op="read", value=value, status="ok", node="n1", **common, **extra))
    for key, (value, version) in newest.items():
        for node in ("n0", "n1", "n2"):
            time += 1_000
            extra = {"version": version} if positions else {}
            history.append(
                Operation(
                    index=len(history),
                    session=f"final-{node}",
                    op="read",
                    key=key,
                    value=value,
                    start=time,
                    end=time + 400,
                    status="ok",
                    node=node,
                    phase="final",
                    **extra,
                )
            )
    return History.from_operations(history, header=Header(one_log=positions, real_time_writes=positions))


def best(action: Callable[[], object], *, times: int, rounds: int = 7) -> float:
    """Seconds for one call: the best of several rounds."""
    figures = []
    for _ in range(rounds):
        begun = perf_counter()
        for _ in range(times):
            action()
        figures.append((perf_counter() - begun) / times)
    return min(figures)


def yardstick(history: History) -> Callable[[], object]:
    """Decoding the history's lines into operations, and nothing else."""
    lines = dumps(history).splitlines()[1:]
    decode = msgspec.json.Decoder(Operation).decode
    return lambda: [decode(line) for line in lines]


def main() -> None:
    small = store(operations=20, sessions=4, keys=2)
    operations, header = small.operations, small.header
    decoding = best(yardstick(small), times=200)
    building = best(lambda: History.from_operations(operations, header=header), times=200)
    judging = best(lambda: check(small, staleness=BOUND), times=200)
    print(f"{len(small)} operations, all guarantees, positions given")
    print(f"  decoding (yardstick)  {decoding * 1e6:8.0f} µs")
    print(f"  building the history  {building * 1e6:8.0f} µs   {building / decoding:6.1f} × yardstick")
    print(f"  judging               {judging * 1e6:8.0f} µs   {judging / decoding:6.1f} × yardstick")
    for name, verdict in check(small, staleness=BOUND).guarantees.items():
        print(f"    {name:28} {verdict.elapsed_s * 1e6:6.0f} µs  {verdict.verdict}")
    for positions in (True, False):
        large = store(operations=100_000, sessions=10, keys=100, positions=positions)
        data, size = dumps(large), len(large)
        decoding = best(yardstick(large), times=1, rounds=3)
        reading = best(lambda data=data: loads(data), times=1, rounds=3)  # type: ignore[misc]  # bound
        judging = best(lambda large=large: check(large, staleness=BOUND), times=1, rounds=3)  # type: ignore[misc]  # bound
        print(f"{size} operations, all guarantees, {'positions given' if positions else 'without positions'}")
        print(f"  decoding (yardstick)  {size / decoding:12,.0f} operations/s")
        for what, seconds in (("reading a file", reading), ("judging", judging)):
            ratio = f"{seconds / decoding:6.1f} × yardstick"
            print(f"  {what:21} {size / seconds:12,.0f} operations/s  {ratio}")
        for name, verdict in check(large, staleness=BOUND).guarantees.items():
            print(f"    {name:28} {verdict.elapsed_s * 1e3:6.1f} ms  {verdict.verdict}")


if __name__ == "__main__":
    main()
