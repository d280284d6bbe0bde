import pickle

import pytest

from rts.schedule import Crash, Partition, Promote, Read, Schedule, Write, dumps, loads

SCHEDULE = Schedule(
    system="fake",
    configuration="any follower",
    mode="any-follower",
    nodes=("n0", "n1"),
    settings={"b": 1, "a": [2]},
    steps=(
        Write(session="s0", key="k0"),
        Read(session="s0", key="k0", after_ns=5),
        Promote(),
        Partition(group=("n0",)),
        Crash(node="n1", tear=True),
    ),
)
WRITTEN = (
    b'{"configuration":"any follower","format":"rts-schedule/1","mode":"any-follower","nodes":["n0","n1"],'
    b'"settings":{"a":[2],"b":1},"steps":[{"key":"k0","session":"s0","step":"write"},'
    b'{"after_ns":5,"key":"k0","session":"s0","step":"read"},{"step":"promote"},'
    b'{"group":["n0"],"step":"partition"},{"node":"n1","step":"crash","tear":true}],"system":"fake"}'
)


@pytest.mark.parametrize(
    "schedule",
    [SCHEDULE, loads(WRITTEN), loads(dumps(SCHEDULE)), pickle.loads(pickle.dumps(SCHEDULE))],
    ids=["made", "read", "written and read", "from another process"],
)
def test_equal_schedules_are_equal_bytes(schedule: Schedule) -> None:
    assert schedule == SCHEDULE
    assert dumps(schedule) == WRITTEN
