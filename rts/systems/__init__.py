"""The systems that can be hunted, by name: those that ship with the package, and a user's own.

A name is one of `names()`, a file (`stores/mine.py`, `stores/mine.py:variable`) or an importable module
with an attribute (`mine.store:system`). Nothing is imported before it is asked for, so that `rts --help`
costs nothing; worker processes load a system again by the same name.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import re
import sys
import traceback
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, cast

from rts.errors import RtsError

if TYPE_CHECKING:
    from rts.harness.system import System

BUILT_IN = {"telemetry": "rts.systems.telemetry:system", "raft": "rts.systems.raft:system"}
DEFAULT_ATTRIBUTE = "system"

_REQUIRED = ("name", "configurations", "bugs", "simulate")
_IDENTIFIER = re.compile(r"[^\W\d]\w*")


class SystemNotFound(RtsError):
    """There is no such system, or what the name leads to is none; the message says what to write instead."""


def names() -> tuple[str, ...]:
    """The names of the systems that ship with the package."""
    return tuple(BUILT_IN)


def load(name: str) -> System:
    """The system called `name`: a built-in one, `path/to/file.py[:attribute]` or `module:attribute`.

    The attribute is a system, or a class or function that makes one without arguments.
    Raises `SystemNotFound`.
    """
    target, attribute = _parse(BUILT_IN.get(name, name))
    module = _import_file(Path(target), name) if target.endswith(".py") else _import_module(target, name)
    try:
        found = getattr(module, attribute)
    except AttributeError:
        raise SystemNotFound(
            f"system {name!r}: {target} has no {attribute!r} (write {target}:NAME to use another variable)"
        ) from None
    return _as_system(found, name)


def _parse(name: str) -> tuple[str, str]:
    """The module or file, and the attribute in it; a colon that belongs to a path is none of ours."""
    target, colon, attribute = name.rpartition(":")
    if colon and _IDENTIFIER.fullmatch(attribute):
        return target, attribute
    if name.endswith(".py"):
        return name, DEFAULT_ATTRIBUTE
    raise SystemNotFound(
        f"no system is called {name!r}; there are: {', '.join(names())}; "
        "or name your own: path/to/file.py, path/to/file.py:variable, module:variable"
    )


def _import_file(path: Path, name: str) -> ModuleType:
    absolute = path.resolve()
    if not absolute.is_file():
        raise SystemNotFound(f"system {name!r}: there is no file {path}")
    tag = hashlib.sha256(str(absolute).encode()).hexdigest()[:8]
    module_name = "rts_user_system_" + re.sub(r"\W", "_", absolute.stem) + "_" + tag
    if module_name in sys.modules:
        return sys.modules[module_name]
    spec = importlib.util.spec_from_file_location(module_name, absolute)
    if spec is None or spec.loader is None:
        raise SystemNotFound(f"system {name!r}: {path} cannot be imported")
    module = importlib.util.module_from_spec(spec)
    # What stands beside the file can be imported by it, as in `python file.py`; last, to hide nothing.
    if str(absolute.parent) not in sys.path:
        sys.path.append(str(absolute.parent))
    sys.modules[module_name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[module_name]
        raise SystemNotFound(f"system {name!r}: {_failure(error, path)}") from error
    return module


def _import_module(target: str, name: str) -> ModuleType:
    # A console script, unlike `python -m`, does not look for modules in the current folder.
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.append(here)
    try:
        return importlib.import_module(target)
    except Exception as error:
        raise SystemNotFound(f"system {name!r}: {_failure(error, target)}") from error


def _failure(error: Exception, what: str | Path) -> str:
    """One line: what was raised and by which line of the user's code."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" ({frames[-1].filename}, line {frames[-1].lineno})" if frames else ""
    return f"importing {what} failed: {type(error).__name__}: {error}{where}"


def _as_system(found: object, name: str) -> System:
    if isinstance(found, type) or (callable(found) and not hasattr(found, "simulate")):
        try:
            found = found()
        except Exception as error:
            raise SystemNotFound(f"system {name!r}: {_failure(error, 'it')}") from error
    missing = [attribute for attribute in _REQUIRED if not hasattr(found, attribute)]
    if missing:
        raise SystemNotFound(
            f"system {name!r}: a {type(found).__name__} is no system, it lacks {', '.join(missing)}"
        )
    return cast("System", found)
