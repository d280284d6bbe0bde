import types

import pytest

from rts.cli.group import main


@pytest.fixture(autouse=True)
def _two_demos(monkeypatch: pytest.MonkeyPatch) -> None:
    demos = types.ModuleType("rts.telemetry.demos")
    demos.DEMOS = {  # type: ignore[attr-defined]
        "stale_read": lambda tell: (tell("lag injected"), tell("read: None")),
        "promotion": lambda tell: tell("n1 leads"),
    }
    elections = types.ModuleType("rts.raft.demos")
    elections.DEMOS = {"election": lambda tell: tell("n2 leads")}  # type: ignore[attr-defined]
    monkeypatch.setattr("rts.telemetry.demos", demos, raising=False)
    monkeypatch.setattr("rts.raft.demos", elections, raising=False)


@pytest.mark.parametrize("name", ["stale_read", "stale-read"])
def test_a_demo_tells_its_story(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", name]) == 0
    assert capsys.readouterr().out == "lag injected\nread: None\n"


def test_without_a_name_the_demos_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo"]) == 0
    assert capsys.readouterr().out == "Scenarios (rts demo NAME):\n  stale_read\n  promotion\n  election\n"


def test_an_unknown_demo_lists_the_known(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "nothing"]) == 2
    assert "there is no demo 'nothing'; there are: stale_read, promotion, election" in capsys.readouterr().err
