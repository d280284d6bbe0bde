"""Plays the stories in the text files beside this one: a schedule, `---`, and what must be seen line by line.

The first line after the comments names the nodes, then settings (`policy=sync`). A step is a delay, the kind
of step as in schedule files, and its fields in order, or by name: `+10ms read s0 k0 replica=1`. What was seen
is a timeline: operations as they end, and what nodes and clients noted; then every node's last word, and the
guarantees that were broken.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from checker import Operation
from rts.harness.judge import judge_at
from rts.runs import Run
from rts.schedule import MICROSECOND, MILLISECOND, SECOND, AnyStep, FaultStep, OperationStep, Schedule
from rts.sim.whole_run import LIVENESS
from rts.telemetry.simulation import Simulation

STORIES = sorted(Path(__file__).parent.glob("*.txt"))
KINDS = {str(kind.__struct_config__.tag): kind for kind in get_args(OperationStep) + get_args(FaultStep)}
UNITS = {"us": MICROSECOND, "ms": MILLISECOND, "s": SECOND}


def value(text: str) -> Any:
    """A duration in nanoseconds, a number, a truth value, several (`n0,n1`), or a word."""
    if duration := re.fullmatch(r"(\d+)(us|ms|s)", text):
        return int(duration[1]) * UNITS[duration[2]]
    if "," in text:
        return [value(part) for part in text.split(",") if part]
    return {"true": True, "false": False}.get(text, int(text) if text.isdigit() else text)


def step(line: str) -> AnyStep:
    delay, tag, *words = line.split()
    names = iter(field for field in KINDS[tag].__struct_fields__ if field != "after_ns")
    fields: dict[str, Any] = {"step": tag, "after_ns": value(delay.removeprefix("+"))}
    for word in words:
        name, equals, text = word.rpartition("=")
        fields[name if equals else next(names)] = value(text)
    found: AnyStep = msgspec.convert(fields, KINDS[tag])
    return found


def play(text: str) -> str:
    """What is seen when a story's schedule is run."""
    head, *lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    words = head.split()
    settings = dict(word.split("=") for word in words if "=" in word)
    schedule = Schedule(
        system="telemetry",
        configuration="scenario",
        mode=settings.pop("mode", "leader"),
        nodes=tuple(word for word in words if "=" not in word),
        settings={name: value(text) for name, text in settings.items()},
        steps=tuple(map(step, lines)),
    )
    return render(Simulation(schedule).run())


def render(run: Run) -> str:
    """The timeline up to the end of the last operation that the story asks for, then the rest."""
    told = {done.index for done in run.operations if done.phase == "main" and done.key != LIVENESS}
    timeline: list[str] = []
    for at, kind, who, what, *_ in (event for event in run.events if event[1] in ("note", "end")):
        if kind == "note" and at >= Simulation.start_ns:
            timeline.append(f"{at / MILLISECOND:8.1f} {who}: {what}")
        elif kind == "end" and what in told:
            timeline.append(f"{at / MILLISECOND:8.1f} {line(run.operations[what])}")
            told.remove(what)
        if not told:
            break
    last = [line(done) for done in run.operations if done.phase == "final"]
    broken = ", ".join(judge_at(run, None).violated) or "nothing"
    return "\n".join([*timeline, *last, f"broken: {broken}"])


def line(done: Operation) -> str:
    """`s0 write k0=1 ok by n0 at 1:2`."""
    place = f" by {done.node}" if done.node else ""
    if isinstance(done.position, tuple):
        place += " at " + ":".join(map(str, done.position))
    shown = "" if done.status != "ok" and done.op == "read" else f"={done.value}"
    reason = f" ({done.error})" if done.error else ""
    return f"{done.session} {done.op} {done.key}{shown} {done.status}{place}{reason}"


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_a_story_goes_as_it_is_told(path: Path) -> None:
    story, expected = path.read_text().split("---\n")
    assert play(story) == expected.rstrip("\n")


def test_the_stories_are_there() -> None:
    assert len(STORIES) >= 10


def test_steps_are_read_as_they_are_written() -> None:
    assert step("+10ms lag n0 n1 500ms") == KINDS["lag"](
        after_ns=10 * MILLISECOND, source="n0", target="n1", delay_ns=500 * MILLISECOND
    )
    assert step("+0s partition n0,s0 direction=into") == KINDS["partition"](
        group=("n0", "s0"), direction="into"
    )
    assert step("+1us crash n0 lose_disk=true") == KINDS["crash"](after_ns=1_000, node="n0", lose_disk=True)
