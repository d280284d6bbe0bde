import subprocess
import sys

import pytest

HYPOTHESIS_FREE = (
    "archive",
    "budget",
    "decode",
    "determinism",
    "failure",
    "hunt",
    "judge",
    "replay",
    "shrink",
    "summary",
    "work",
)


@pytest.mark.parametrize("names", [HYPOTHESIS_FREE])
def test_only_drawing_imports_hypothesis(names: tuple[str, ...]) -> None:
    """Importing Hypothesis takes longer than replaying a history."""
    imports = "; ".join(f"import rts.harness.{name}" for name in names)
    code = f"import sys; {imports}; print('hypothesis' in sys.modules, 'trio' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
