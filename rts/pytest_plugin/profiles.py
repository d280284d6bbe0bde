"""The Hypothesis profiles `quick`, `ci` and `nightly`.

They are registered before any conftest.py is loaded, so that a project that registers or loads profiles of
its own wins. They have no time limit (a busy machine is no failure) and no example database (what was found
is saved under `histories/`).
"""

from __future__ import annotations

EXAMPLES = {"quick": 50, "ci": 300, "nightly": 5_000}
DEFAULT = "quick"


def register() -> None:
    """Register the profiles with Hypothesis and load the default one."""
    from hypothesis import HealthCheck, Phase, settings

    for name, examples in EXAMPLES.items():
        settings.register_profile(
            name,
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=False,
            print_blob=True,
            phases=(Phase.explicit, Phase.generate, Phase.target, Phase.shrink),
            suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large),
        )
    settings.load_profile(DEFAULT)
