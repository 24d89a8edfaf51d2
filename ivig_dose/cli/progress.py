"""How far a batch is: one line on a terminal's stderr that redraws itself, and nothing anywhere else."""

import sys
import time
from typing import Final

from ivig_dose.cli import terminal

_SECONDS_BETWEEN: Final = 0.1


class Progress:
    """A bar with rows done, refused, rate and time left."""

    def __init__(self, total: int, shown: bool) -> None:
        self._total = total
        self._shown = shown
        self._started = time.monotonic()
        self._drawn = 0.0
        self._bar: terminal.Bar | None = None

    def move(self, done: int, refused: int) -> None:
        """Show where it stands, at most ten times a second."""
        now = time.monotonic()
        if not self._shown or now - self._drawn < _SECONDS_BETWEEN:
            return
        self._drawn = now
        if self._bar is None:
            self._bar = terminal.Bar(self._total)
        rate = int(done / max(now - self._started, 0.001))
        self._bar.move(done, f"{done:,} of {self._total:,} rows, {refused:,} refused, {rate:,} a second")

    def end(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.end()


def wants_progress(quiet: bool, to_stdout: bool) -> bool:
    """Whether a bar is drawn: stderr is a terminal that can, it does not show the rows as well, and talk is wanted."""
    return not quiet and terminal.can_redraw(sys.stderr) and not (to_stdout and terminal.is_terminal(sys.stdout))
