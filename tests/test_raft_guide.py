"""docs/raft.md draws the table of roles as it is.

`python -m tests.test_raft_guide` draws it anew.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest

from rts.cli.group import main
from rts.core.raft.roles import TRANSITIONS

GUIDE = Path(__file__).parent.parent / "docs" / "raft.md"
BLOCK = re.compile(r"(<!-- diagram -->\n```mermaid\n)(.*?)(^```$)", flags=re.MULTILINE | re.DOTALL)
TRACE = re.compile(r"```console\n\$ rts (.*?)\n…\n(.*?)\n…\n```", flags=re.DOTALL)


def diagram() -> str:
    """The transitions as a Mermaid state diagram: an arrow for each pair of roles, with its causes."""
    causes: dict[tuple[str, str], list[str]] = defaultdict(list)
    for (before, cause), after in TRANSITIONS.items():
        causes[before, after].append(cause)
    roles = sorted(
        {role for pair in causes for role in pair},
        key=["follower", "pre-candidate", "candidate", "leader"].index,
    )
    lines = ["stateDiagram-v2", "    direction LR"]
    lines += [f'    state "{role}" as {role.replace("-", "_")}' for role in roles]
    lines += ["    [*] --> follower: starts, from its disk"]
    for (before, after), why in causes.items():
        lines.append(f"    {before.replace('-', '_')} --> {after.replace('-', '_')}: {', '.join(why)}")
    return "".join(f"{line}\n" for line in lines)


def test_the_guide_draws_the_table_that_nodes_go_by() -> None:
    assert [drawn for _, drawn, _ in BLOCK.findall(GUIDE.read_text())] == [diagram()]


def test_every_role_and_cause_is_in_the_diagram() -> None:
    for (before, cause), after in TRANSITIONS.items():
        assert any(
            line.strip().startswith(f"{before.replace('-', '_')} --> {after.replace('-', '_')}:")
            and cause in line
            for line in diagram().splitlines()
        )


def test_the_trace_is_the_one_that_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    ((command, shown),) = TRACE.findall(GUIDE.read_text())
    assert main(command.replace("histories/", f"{GUIDE.parents[1]}/histories/").split()) == 0
    assert f"\n{shown}\n" in capsys.readouterr().out


if __name__ == "__main__":
    GUIDE.write_text(BLOCK.sub(rf"\g<1>{diagram()}\g<3>", GUIDE.read_text()))
