"""The door of the command line: everything, the imports too, runs behind the boundary."""

import gc
import sys

from ivig_dose.cli.boundary import run_guarded

PROGRAM = "ivig-dose"
ALLOCATIONS_BETWEEN_COLLECTIONS = 50_000
"""Python's 700 would collect dozens of times while modules load, and find nothing: 5 ms of each start."""


def run() -> None:
    """Run the command line that was typed and leave with its exit code."""
    gc.set_threshold(ALLOCATIONS_BETWEEN_COLLECTIONS)
    code = run_guarded(_run_typed_command)
    # What is left is given back to the system anyway; taking it apart first costs as much as a small plan.
    gc.freeze()
    sys.exit(code)


def _run_typed_command() -> None:
    from ivig_dose.cli.app import app
    from ivig_dose.cli.completion import hide_rich

    hide_rich()
    app(prog_name=PROGRAM)
