from typing import get_args

from rts.harness.kinds import KINDS, PLACES, kind_named, kind_of
from rts.schedule import FaultStep, Heal, OperationStep


def test_every_kind_of_step_is_in_the_table_once() -> None:
    steps = [kind.step for kind in KINDS]
    assert set(steps) == {*get_args(OperationStep), *get_args(FaultStep)}
    assert len(set(steps)) == len(steps)


def test_a_kind_is_found_by_its_step_and_by_its_name() -> None:
    assert kind_of(Heal()) is kind_named("heal") is KINDS[PLACES[Heal]]
