"""A property test that found a guarantee broken: what it found is saved, and the report says where."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rts.pytest_plugin.failures import Failure, save_text

if TYPE_CHECKING:
    from rts.harness.property_test import GuaranteeViolated
    from rts.harness.system import Configuration, System


def failure_of(error: BaseException, item: pytest.Item) -> Failure | None:
    """The broken guarantee that `error` reports, saved as a history if its system can be loaded again.

    `None` for any other error. Nothing is imported for a test that did not use the harness.
    """
    module = sys.modules.get("rts.harness.property_test")
    if module is None:
        return None
    violated = next(_leaves(error, module.GuaranteeViolated), None)
    return None if violated is None else _saved(violated, item)


def _leaves(error: BaseException, kind: type[GuaranteeViolated]) -> Iterator[GuaranteeViolated]:
    """`error`, or what it groups: Hypothesis reports several failures of one test as a group."""
    if isinstance(error, kind):
        yield error
    elif isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _leaves(inner, kind)


def _saved(violated: GuaranteeViolated, item: pytest.Item) -> Failure:
    from rts.harness import archive
    from rts.harness.failure import failure_report

    run, guarantee = violated.run, violated.guarantee
    found = _system_of(run.schedule.system, item)
    configuration = (
        None if found is None else _configuration_of(found[1], run.schedule.configuration, run.bug)
    )
    if found is None or configuration is None:
        text = f"{violated}\nnot saved: the system {run.schedule.system!r} cannot be loaded again by name\n"
        return Failure(headline=f"{guarantee} violated, not saved", text=text, guarantee=guarantee)
    path = archive.save(
        archive.histories_directory(item.config.rootpath),
        system=found[0],
        configuration=configuration,
        run=run,
        judgement=violated.judgement,
        guarantee=guarantee,
    )
    text = failure_report(run, violated.judgement, guarantee, path=path)
    save_text(path, text)
    shown = path.relative_to(item.config.rootpath) if path.is_relative_to(item.config.rootpath) else path
    return Failure(headline=f"{guarantee} violated; {shown}", text=text, guarantee=guarantee, history=shown)


def _system_of(name: str, item: pytest.Item) -> tuple[str, System] | None:
    """The system called `name` that the test's module uses, and a name that loads it; else a built-in one."""
    from rts import systems

    module = getattr(item, "module", None)
    for value in vars(module).values() if module is not None else ():
        if getattr(value, "name", None) == name and callable(getattr(value, "simulate", None)):
            reference = _reference(value, item.config.rootpath)
            if reference is not None:
                return reference, value
    return (name, systems.load(name)) if name in systems.names() else None


def _reference(system: object, root: Path) -> str | None:
    """`path/to/file.py:variable` of the module that defines `system`, relative to the project."""
    module = sys.modules.get(type(system).__module__)
    file = getattr(module, "__file__", None)
    if module is None or file is None:
        return None
    path = Path(file)
    shown = path.relative_to(root) if path.is_relative_to(root) else path
    return next((f"{shown}:{name}" for name, value in vars(module).items() if value is system), None)


def _configuration_of(system: System, name: str, bug: str | None) -> Configuration | None:
    if bug is not None and bug in system.bugs:
        return system.bugs[bug].configuration
    return next((row for row in system.configurations if row.name == name), None)
