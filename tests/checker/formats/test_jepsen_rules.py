"""What is shown of events that are none."""

from __future__ import annotations

import pytest

from tests.checker.foreign import refused


@pytest.mark.parametrize(("length", "shown"), [(58, '"' + "x" * 58 + '"'), (59, '"' + "x" * 59)])
def test_sixty_characters_of_what_is_no_event_are_shown(length: int, shown: str) -> None:
    text = f'"{"x" * length}"'
    assert refused(text, "jepsen-edn") == (1, None, f"{shown} is no operation: not a map")


def test_an_empty_type_is_called_nothing() -> None:
    message = "nothing is none of invoke, ok, fail, info"
    assert refused('{:process 0, :type "", :f :read}', "jepsen-edn") == (1, "type", message)
