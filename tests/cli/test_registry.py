import sys
from pathlib import Path

import pytest

from rts import systems

STORE = """
class Store:
    name = "mine"
    configurations = ()
    bugs = {}
    def simulate(self, schedule, *, bug=None):
        raise NotImplementedError

system = Store()
other = Store
answer = 42
"""


@pytest.fixture
def store_file(tmp_path: Path) -> Path:
    file = tmp_path / "mine.py"
    file.write_text(STORE)
    return file


def test_two_stores_are_built_in() -> None:
    assert systems.names() == ("telemetry", "raft")


def test_a_file_s_system_is_loaded_and_loaded_once(store_file: Path) -> None:
    loaded = systems.load(str(store_file))
    assert loaded.name == "mine"
    assert systems.load(str(store_file)) is loaded
    assert systems.load(f"{store_file}:system") is loaded


def test_a_class_is_instantiated(store_file: Path) -> None:
    assert systems.load(f"{store_file}:other").name == "mine"


def test_a_file_may_import_what_stands_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", list(sys.path))
    (tmp_path / "beside_it_a.py").write_text(STORE)
    (tmp_path / "user.py").write_text("from beside_it_a import system\n")
    assert systems.load(str(tmp_path / "user.py")).name == "mine"


def test_a_module_s_system_is_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "importable_store.py").write_text(STORE)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.chdir(tmp_path)
    assert systems.load("importable_store:system").name == "mine"


def test_an_unknown_name_lists_the_known() -> None:
    with pytest.raises(systems.SystemNotFound, match="called 'telemtry'; there are: telemetry, raft;"):
        systems.load("telemtry")


def test_a_missing_file_is_named() -> None:
    with pytest.raises(systems.SystemNotFound, match=r"there is no file nowhere/store\.py"):
        systems.load("nowhere/store.py")


def test_a_missing_attribute_is_named(store_file: Path) -> None:
    with pytest.raises(systems.SystemNotFound, match="has no 'nothing'"):
        systems.load(f"{store_file}:nothing")


def test_what_is_no_system_says_what_it_lacks(store_file: Path) -> None:
    with pytest.raises(systems.SystemNotFound, match="a int is no system, it lacks name, configurations"):
        systems.load(f"{store_file}:answer")


def test_an_error_in_the_user_s_code_names_its_line(tmp_path: Path) -> None:
    file = tmp_path / "broken.py"
    file.write_text("x = 1\ny = x / 0\n")
    with pytest.raises(systems.SystemNotFound, match=r"ZeroDivisionError: .*broken\.py, line 2"):
        systems.load(str(file))


def test_a_windows_drive_is_no_attribute() -> None:
    with pytest.raises(systems.SystemNotFound, match="there is no file"):
        systems.load(r"C:\stores\mine.py")
