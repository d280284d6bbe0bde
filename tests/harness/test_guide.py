from rts.harness.drawing import STEP_SIZE
from rts.harness.guide import CONTROL_SIZE, Guide
from rts.runs import Run
from tests.harness.histories import schedule_of

HEADER = 2
STEPS = 4


def drawn(letter: bytes) -> bytes:
    """A header of two capitals, then steps of one letter each."""
    return letter.upper() * HEADER + letter * (STEPS * STEP_SIZE)


def run_with(states: dict[str, int] | None = None, scores: dict[str, float] | None = None) -> Run:
    return Run(
        schedule=schedule_of(),
        bug=None,
        operations=[],
        one_log=False,
        real_time_writes=False,
        events=[],
        simulated_ns=0,
        states=states or {},
        scores=scores or {},
    )


def control(
    *, vary: int = 255, pool: int = 0, header: int = 0, start: int = 0, count: int = 0, how: int = 0
) -> bytes:
    return bytes((vary, pool, 0, header, start, count, how, 0))


def taught(letter: bytes, run: Run) -> Guide:
    guide = Guide(HEADER, STEPS)
    guide.learn(drawn(letter), run)
    return guide


def steps_of(mixed: bytes) -> str:
    """One letter for each step."""
    return mixed[HEADER::STEP_SIZE].decode()


def test_nothing_learned_nothing_mixed() -> None:
    assert Guide(HEADER, STEPS).mix(drawn(b"x"), control()) == drawn(b"x")
    assert taught(b"a", run_with()).mix(drawn(b"x"), control()) == drawn(b"x")


def test_some_schedules_stay_as_drawn() -> None:
    guide = taught(b"a", run_with(scores={"close": 1.0}))
    assert guide.mix(drawn(b"x"), control(vary=0)) == drawn(b"x")


def test_steps_are_replaced_or_inserted_or_the_tail_is_new() -> None:
    guide = taught(b"a", run_with(scores={"close": 1.0}))
    replaced = guide.mix(drawn(b"x"), control(start=64))
    assert (replaced[:HEADER], steps_of(replaced)) == (b"AA", "axaa")
    assert steps_of(guide.mix(drawn(b"x"), control(start=64, how=128))) == "axaa"
    assert steps_of(guide.mix(drawn(b"x"), control(start=64, how=192))) == "axxx"
    assert steps_of(guide.mix(drawn(b"x"), control(start=0, count=255))) == "xxaa"


def test_the_header_may_be_new() -> None:
    guide = taught(b"a", run_with(scores={"close": 1.0}))
    assert guide.mix(drawn(b"x"), control(header=224))[:HEADER] == b"XX"


def test_the_best_score_is_kept() -> None:
    guide = taught(b"a", run_with(scores={"close": 2.0}))
    guide.learn(drawn(b"b"), run_with(scores={"close": 1.0}))
    assert steps_of(guide.mix(drawn(b"x"), control(start=255))) == "aaax"
    guide.learn(drawn(b"c"), run_with(scores={"close": 3.0}))
    assert steps_of(guide.mix(drawn(b"x"), control(start=255))) == "cccx"


def test_a_new_combination_of_states_is_kept_beside_the_best_score() -> None:
    guide = taught(b"a", run_with(scores={"close": 2.0}))
    guide.learn(drawn(b"b"), run_with(states={"fallback": 2, "never": 0}))
    assert steps_of(guide.mix(drawn(b"x"), control(start=255, pool=0))) == "aaax"
    assert steps_of(guide.mix(drawn(b"x"), control(start=255, pool=255))) == "bbbx"


def test_what_is_drawn_keeps_its_length() -> None:
    guide = taught(b"a", run_with(scores={"close": 1.0}))
    for how in (0, 128, 192):
        for start in range(0, 256, 15):
            mixed = guide.mix(drawn(b"x") + b"rest", bytes((255, 0, 0, 0, start, start, how, 0)))
            assert len(mixed) == len(drawn(b"x")) + 4
    assert len(control()) == CONTROL_SIZE
