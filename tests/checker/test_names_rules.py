"""The names of the package and of its formats: found where they are first asked for, and listed."""

from __future__ import annotations

from types import ModuleType

import pytest

import checker
from checker import formats


@pytest.mark.parametrize("package", [checker, formats])
def test_every_name_is_found_once_and_stays(package: ModuleType) -> None:
    for name in package.__all__:
        found = getattr(package, name)
        assert vars(package)[name] is found
        assert getattr(found, "__name__", name) == name


@pytest.mark.parametrize(("package", "name"), [(checker, "loads"), (checker, "Report"), (formats, "export")])
def test_a_name_is_what_it_is_when_it_is_first_asked_for(
    package: ModuleType, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(vars(package), name, raising=False)
    assert package.__getattr__(name).__name__ == name


@pytest.mark.parametrize("package", [checker, formats])
def test_names_are_listed_before_they_are_asked_for(
    package: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in package.__all__:
        getattr(package, name)
        monkeypatch.delitem(vars(package), name)
    listed = package.__dir__()
    assert listed == sorted(listed)
    assert {*package.__all__, "__getattr__", "__doc__"} <= set(listed)


@pytest.mark.parametrize("package", [checker, formats])
def test_what_there_is_not_is_said_by_name(package: ModuleType) -> None:
    with pytest.raises(AttributeError, match=rf"^module '{package.__name__}' has no attribute 'Oracle'$"):
        package.Oracle  # noqa: B018


def test_formats_are_named_in_the_order_in_which_they_are_tried() -> None:
    own, *others = formats.FORMATS
    assert own == formats.OWN == "rts-history"
    assert others == ["elle-json", "dbcop", "porcupine-kv", "jepsen-edn", "plume", "jepsen-log"]
    assert formats.WRITTEN == ("jepsen-edn", "jepsen-json", "rts-history")
