"""The environment of every test: nothing that a developer's shell or a CI service sets reaches the program."""

import os

# Typer and Rich read these when they are imported, so they go before the package is.
for name in ("FORCE_COLOR", "PY_COLORS", "GITHUB_ACTIONS", "NO_COLOR", "TERMINAL_WIDTH", "COLUMNS", "LINES"):
    os.environ.pop(name, None)
for name in [name for name in os.environ if name.startswith(("IVIG_DOSE_", "_IVIG_DOSE_", "_TYPER_"))]:
    del os.environ[name]
