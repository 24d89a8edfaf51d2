"""The environment of every test: nothing that a developer's shell or a CI service sets reaches the program.

Hypothesis runs are short and repeat themselves, whichever tests are chosen.
"""

import os

import pytest
from hypothesis import Phase, settings

# Typer and Rich read these when they are imported, so they go before the package is.
for name in ("FORCE_COLOR", "PY_COLORS", "GITHUB_ACTIONS", "NO_COLOR", "TERMINAL_WIDTH", "COLUMNS", "LINES"):
    os.environ.pop(name, None)
for name in [name for name in os.environ if name.startswith(("IVIG_DOSE_", "_IVIG_DOSE_", "_TYPER_"))]:
    if name != "IVIG_DOSE_SWEEP":  # asks the tests for the long run, and the program nothing
        del os.environ[name]

settings.register_profile("ci", derandomize=True, max_examples=50, deadline=None, database=None)
settings.register_profile("long", max_examples=2000, deadline=None)
# for mutmut (docs/testing.md): a mutant is killed or not, and nobody reads the smallest example that kills it
settings.register_profile(
    "mutants", settings.get_profile("ci"), max_examples=10, phases=(Phase.explicit, Phase.generate)
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_collection_modifyitems(items):
    """Properties are among the slow tests: each is tried with fifty examples."""
    for item in items:
        if getattr(getattr(item, "function", None), "is_hypothesis_test", False):
            item.add_marker(pytest.mark.slow)
