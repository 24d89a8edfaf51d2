"""The exit codes: the verdict that a script reads."""

from enum import IntEnum


class ExitCode(IntEnum):
    """What each exit code of `ivig-dose` means."""

    DONE = 0
    """Done; the dose may carry notices."""
    FAULT = 1
    """A fault of ours or of the system, such as a full disk or a closed pipe."""
    USAGE = 2
    """An unknown option, an unreadable number, an unknown id."""
    CATALOGUE = 3
    """The catalogue is not usable."""
    REFUSED = 4
    """The request is understood and no dose is given."""
    ROWS_REFUSED = 5
    """A batch was finished and some of its rows were refused."""
    MISMATCH = 6
    """An order does not match the plan, or a plan computed again is not the same."""
    INTERRUPTED = 130
    """Stopped by the user (Ctrl-C)."""
