"""The arrows of the design, held: who may import whom, where the world outside begins, how long files are."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.design import (
    ARROWS,
    BUGS_LOADED_BY,
    CHECKER_LAYERS,
    IMPURE,
    MOST_LINES,
    OUTSIDE,
    PRIVATE_NAMES_OF_OTHERS,
    PURE,
    ROOM_LAYERS,
    SHOWN_BY,
    Layers,
)

ROOT = Path(__file__).parent.parent


class Import(NamedTuple):
    """One import: line, module, whether it is for annotations alone, whether inside a function."""

    line: int
    module: str
    typing: bool
    inside: bool


def is_module(name: str) -> bool:
    place = ROOT.joinpath(*name.split("."))
    return place.is_dir() or place.with_suffix(".py").is_file()


def imports(tree: ast.AST, *, typing: bool = False, inside: bool = False) -> Iterator[Import]:
    """All imports below a node; `from a import b` is of the module `a.b` where that is one."""
    for node in ast.iter_child_nodes(tree):
        match node:
            case ast.Import(names=names):
                yield from (Import(node.lineno, alias.name, typing, inside) for alias in names)
            case ast.ImportFrom(module=module, names=names, level=level):
                base = "." * level + (module or "")
                found = {f"{base}.{alias.name}" for alias in names if is_module(f"{base}.{alias.name}")}
                if len(found) < len(names):
                    found.add(base)
                yield from (Import(node.lineno, name, typing, inside) for name in sorted(found))
            case ast.If(test=ast.Name(id="TYPE_CHECKING"), body=body, orelse=orelse):
                yield from imports(ast.Module(body, []), typing=True, inside=inside)
                yield from imports(ast.Module(orelse, []), typing=typing, inside=inside)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield from imports(node, typing=typing, inside=True)
            case _:
                yield from imports(node, typing=typing, inside=inside)


def room(module: str) -> str:
    """`rts.core.effects` is of the room `core`, `rts` itself of the room without a name."""
    return [*module.split("."), ""][1]


def lies_in(path: str, places: tuple[str, ...]) -> bool:
    return any(path == place or path.startswith(place + "/") for place in places)


def layer(name: str, layers: Layers) -> int:
    return next(number for number, names in enumerate(layers) if name in names)


def broken_rules(path: str, source: str) -> list[str]:
    """What a file does that the tables do not allow: file, line and rule."""
    package, *rest = path.removesuffix(".py").removesuffix("/__init__").split("/")
    own = rest[0] if rest else ""
    wrong = []
    for found in imports(ast.parse(source)):
        top = found.module.split(".")[0]
        for rule in rules(path, package, own, found, top):
            wrong.append(f"{path}:{found.line}: imports {found.module}, but {rule}")
    lines = source.count("\n")
    if lines > MOST_LINES:
        wrong.append(f"{path}:{MOST_LINES + 1}: has {lines} lines, but {MOST_LINES} is the most")
    return wrong


def rules(path: str, package: str, own: str, found: Import, top: str) -> Iterator[str]:
    """The rules that one import breaks."""
    if top in ("rts", "checker"):
        yield from arrows(path, package, own, found, top)
    elif top in sys.stdlib_module_names:
        if package == "rts" and own in PURE and top in IMPURE:
            yield f"rts.{own} has no clock, no randomness and no input or output of its own"
    elif top not in OUTSIDE:
        yield f"{top or 'a relative import'} is in no table"
    elif not lies_in(path, OUTSIDE[top]):
        yield f"{top} is for {', '.join(OUTSIDE[top])} alone"
    elif (
        any(part.startswith("_") for part in found.module.split(".")[1:]) and path != PRIVATE_NAMES_OF_OTHERS
    ):
        yield f"private names of other packages are for {PRIVATE_NAMES_OF_OTHERS} alone"


def arrows(path: str, package: str, own: str, found: Import, top: str) -> Iterator[str]:
    """The same, of an import between rooms."""
    target = room(found.module)
    if package == "checker":
        if top == "rts":
            yield "checker knows nothing of rts"
        elif target == own:
            yield from arrows_within(path, own, found)
        else:
            shown = found.inside and SHOWN_BY.get(own) == target
            free = found.typing or shown or not target or not own
            if not free and layer(target, CHECKER_LAYERS) >= layer(own, CHECKER_LAYERS):
                yield f"checker.{target} stands on checker.{own}, or beside it"
        return
    if top == "checker":
        target = "checker"
    if target == own:
        return
    if own not in ARROWS:
        yield f"rts.{own} is a room in no table"
    elif target not in ARROWS[own]:
        yield f"there is no arrow from rts.{own} to {found.module if top == 'checker' else 'rts.' + target}"
    elif target == "bugs" and not (found.inside or path == BUGS_LOADED_BY):
        yield "bugs are loaded when they are asked for by name"


def arrows_within(path: str, own: str, found: Import) -> Iterator[str]:
    """The same, of an import within a room of `checker`."""
    module = Path(path).stem
    if own not in ROOM_LAYERS or module == "__init__" or found.typing:
        return
    layers, (_, _, target, *_) = ROOM_LAYERS[own], [*found.module.split("."), ""]
    if not target:
        yield f"checker.{own} itself stands on checker.{own}.{module}"
    elif layer(target, layers) >= layer(module, layers):
        yield f"checker.{own}.{target} stands on checker.{own}.{module}, or beside it"


FILES = sorted(
    path.relative_to(ROOT).as_posix() for name in ("checker", "rts") for path in (ROOT / name).rglob("*.py")
)


# --- the tree is as the tables say


def test_every_file_keeps_the_rules() -> None:
    wrong = [line for path in FILES for line in broken_rules(path, (ROOT / path).read_text())]
    assert wrong == [], "\n" + "\n".join(wrong)


def test_there_is_something_to_check() -> None:
    assert len(FILES) > 100
    assert {"rts/core/effects.py", "checker/judge.py", "rts/__init__.py"} <= set(FILES)


def test_every_room_is_in_a_table() -> None:
    names = {path.removesuffix(".py").removesuffix("/__init__") for path in FILES}
    assert {room(name.replace("/", ".")) for name in names if name.startswith("rts")} <= set(ARROWS)
    layered = {name for rooms in CHECKER_LAYERS for name in rooms}
    assert {room(name.replace("/", ".")) for name in names if name.startswith("checker")} - {""} == layered
    for own, layers in ROOM_LAYERS.items():
        modules = {path.stem for path in (ROOT / "checker" / own).glob("*.py")}
        assert modules - {"__init__"} == {name for names in layers for name in names}


def test_no_arrow_points_back_up() -> None:
    order = tuple(TopologicalSorter(ARROWS).static_order())
    assert order.index("core") < order.index("sim") < order.index("telemetry") < order.index("systems")


def test_no_bug_is_loaded_before_it_is_asked_for() -> None:
    child = (
        "import sys\n"
        "import rts.cli.hunt, rts.harness.work, rts.systems.telemetry, rts.telemetry.simulation\n"
        "print([name for name in sys.modules if name.startswith('rts.bugs')])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", child], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")


# --- and the rules would find what breaks them


@pytest.mark.parametrize(
    ("path", "source", "rule"),
    [
        (
            "rts/core/x.py",
            "import rts.sim.pump",
            "imports rts.sim.pump, but there is no arrow from rts.core to rts.sim",
        ),
        (
            "rts/core/x.py",
            "from rts import harness",
            "imports rts.harness, but there is no arrow from rts.core to",
        ),
        (
            "rts/core/a/b.py",
            "def f():\n    from rts.client.session import Done",
            "there is no arrow from rts.core",
        ),
        ("rts/core/x.py", "import checker", "there is no arrow from rts.core to checker"),
        (
            "rts/core/x.py",
            "import trio",
            "trio is for rts/runtime, rts/sim/virtual.py, rts/telemetry, rts/raft/calls.py",
        ),
        ("rts/core/x.py", "from random import Random", "rts.core has no clock, no randomness"),
        ("rts/client/x.py", "import os.path", "rts.client has no clock, no randomness"),
        ("rts/core/x.py", "from . import log", "a relative import is in no table"),
        ("rts/harness/x.py", "from hypothesis import given", "hypothesis is for rts/harness/draw.py, "),
        ("rts/harness/x.py", "import requests", "requests is in no table"),
        (
            "rts/telemetry/x.py",
            "import trio._core._run",
            "private names of other packages are for rts/runtime",
        ),
        ("rts/systems/x.py", "from rts import bugs", "bugs are loaded when they are asked for by name"),
        ("rts/telemetry/x.py", "import rts.bugs", "there is no arrow from rts.telemetry to rts.bugs"),
        ("rts/cellar/x.py", "import rts.ids", "rts.cellar is a room in no table"),
        ("checker/judge.py", "from rts.ids import Lsn", "checker knows nothing of rts"),
        ("checker/judge.py", "if TYPE_CHECKING:\n    import rts.ids", "checker knows nothing of rts"),
        ("checker/judge.py", "import trio", "trio is for "),
        ("checker/judge.py", "import networkx", "networkx is for checker/graph/happens_before.py, "),
        ("checker/values.py", "from checker.judge import check", "checker.judge stands on checker.values"),
        ("checker/history/x.py", "from checker import orders", "checker.orders stands on checker.history"),
        (
            "checker/history/columns.py",
            "from checker.history.rules import x",
            "checker.history.rules stands on checker.history.columns, or beside it",
        ),
        (
            "checker/history/columns.py",
            "def f():\n    from checker.history import History",
            "checker.history itself stands on checker.history.columns",
        ),
        (
            "checker/checks/reads.py",
            "from checker.checks import causal",
            "checker.checks.causal stands on checker.checks.reads, or beside it",
        ),
        ("checker/verdict.py", "from checker.report import html", "checker.report stands on checker.verdict"),
        ("rts/core/x.py", "\n" * 401, "rts/core/x.py:401: has 401 lines, but 400 is the most"),
    ],
)
def test_a_broken_rule_is_named_with_its_file_and_line(path: str, source: str, rule: str) -> None:
    (wrong,) = broken_rules(path, source)
    assert rule in wrong
    assert wrong.startswith(f"{path}:")


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("rts/core/x.py", "from rts.ids import Lsn\nimport math"),
        ("rts/sim/x.py", "from rts.core.events import Event\nfrom rts.sim import pump"),
        ("rts/systems/x.py", "def load():\n    from rts import bugs"),
        ("checker/orders/versions.py", "if TYPE_CHECKING:\n    from checker.prepared import Prepared"),
        ("checker/history/columns.py", "if TYPE_CHECKING:\n    from checker.history import History"),
        ("checker/history/rules.py", "from checker.history.columns import Columns"),
        ("checker/history/__init__.py", "from checker.history.history import History"),
        ("checker/verdict.py", "def _repr_html_(self):\n    from checker.report import html"),
        ("rts/core/x.py", "\n" * 400),
    ],
)
def test_what_keeps_the_rules_is_not_named(path: str, source: str) -> None:
    assert broken_rules(path, source) == []
