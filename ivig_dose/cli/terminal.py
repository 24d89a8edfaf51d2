"""The one place that writes: documents raw and screens at the right width to stdout, talk to stderr.

Nothing else in the package prints. Rich is imported only where a screen is shown.
"""

import contextlib
import os
import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

UNLIMITED_WIDTH = 100_000
"""Columns of a pipe or a file, where the reader wraps and not the writer."""
WIDTH_WITHOUT_TERMINAL = 80


class OutputClosedError(OSError):
    """stdout is closed or was never open, so that nothing can be delivered."""


def prepare_streams() -> None:
    """Make sure that no character can stop an answer: what a terminal cannot show is written as its escape."""
    for stream in (sys.stdout, sys.stderr):
        _reconfigure(stream, errors="backslashreplace")


def write_document(text: str) -> None:
    """Write a document (JSON, CSV, Markdown) to stdout as it is, in UTF-8, with one line end after it.

    Raises:
        OSError: if stdout cannot take it.
    """
    _reconfigure(sys.stdout, encoding="utf-8", errors="backslashreplace", newline="")
    _write_out(text if text.endswith("\n") else f"{text}\n")


def write_piece(text: str) -> None:
    """Write a part of a document to stdout as it is, in UTF-8, and hand it over at once.

    Raises:
        OSError: if stdout cannot take it.
    """
    _reconfigure(sys.stdout, encoding="utf-8", errors="backslashreplace", newline="")
    _write_out(text)
    finish()


def show(screen: "RenderableType") -> None:
    """Write a screen to stdout: as wide as the terminal, unwrapped and without colour where stdout is none.

    Raises:
        OSError: if stdout cannot take it.
    """
    if sys.stdout is None or sys.stdout.closed:
        raise OutputClosedError("standard output is closed")
    _print(screen, sys.stdout)


def _print(screen: "RenderableType", stream: TextIO) -> None:
    from ivig_dose.report.tables.words import Screen

    open_console(stream).print(Screen(screen), crop=False)


def open_console(stream: TextIO) -> "Console":
    """Rich's console on a stream: its width, its colours, and Windows' own driver where the terminal needs it.

    A reader that has had enough is told to the caller as a `BrokenPipeError`, as without Rich.
    """
    from rich.console import Console

    class RaisingConsole(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    coloured = wants_colour(stream)
    return RaisingConsole(
        file=stream,
        width=terminal_width(stream) or UNLIMITED_WIDTH,
        force_terminal=coloured,
        color_system="auto" if coloured else None,
        no_color=not coloured,
        markup=False,
        highlight=False,
        emoji=False,
    )


class Bar:
    """A line of Rich's on stderr that redraws itself. No thread draws it, so that worker processes can be forked."""

    def __init__(self, total: int) -> None:
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        self._progress = Progress(
            BarColumn(bar_width=24),
            TextColumn("{task.description}", markup=False),
            TimeRemainingColumn(),
            console=open_console(sys.stderr),
            auto_refresh=False,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._task = self._progress.add_task("", total=total)
        self._progress.start()
        self._progress.console.show_cursor(True)  # so that a signal cannot leave a terminal without its cursor

    def move(self, done: int, said: str) -> None:
        """Show so much of the bar, with these words behind it. A stderr that cannot take it changes nothing."""
        with contextlib.suppress(OSError, ValueError):
            self._progress.update(self._task, completed=done, description=said, refresh=True)

    def end(self) -> None:
        """Take the line away."""
        with contextlib.suppress(OSError, ValueError):
            self._progress.stop()


def can_redraw(stream: TextIO | None) -> bool:
    """Whether `stream` is a terminal on which a line can be put in the place of another."""
    return is_terminal(stream) and os.environ.get("TERM") != "dumb"


def terminal_width(stream: TextIO | None) -> int | None:
    """Columns of the terminal that `stream` is, or None where it is a pipe or a file and lines are never wrapped.

    `COLUMNS` is obeyed in both cases.
    """
    columns = os.environ.get("COLUMNS", "")
    if columns.isascii() and columns.isdigit() and int(columns) > 0:
        return int(columns)
    if stream is None or not is_terminal(stream):
        return None
    try:
        return os.get_terminal_size(stream.fileno()).columns or WIDTH_WITHOUT_TERMINAL
    except OSError:
        return WIDTH_WITHOUT_TERMINAL


def wants_colour(stream: TextIO | None) -> bool:
    """Whether colour goes to `stream`: never with `NO_COLOR`, always with `FORCE_COLOR`, else only to a terminal."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return is_terminal(stream) and os.environ.get("TERM") != "dumb"


def is_terminal(stream: TextIO | None) -> bool:
    """Whether `stream` is open and a terminal."""
    return stream is not None and not stream.closed and stream.isatty()


def tell(text: str) -> None:
    """Write a sentence for the person at the terminal to stderr, wrapped between words where that is a terminal."""
    if not is_terminal(sys.stderr):
        tell_lines(text)
        return
    from ivig_dose.report.tables.words import write

    level, colon, rest = text.partition(":")
    if level in ("Error", "Refused", "Warning"):
        tell_screen(write((level, "warning"), colon + rest, hanging=2))
    else:
        tell_screen(write(text, hanging=2))


def tell_screen(screen: "RenderableType") -> None:
    """Write a screen to stderr. A stderr that cannot take it changes nothing."""
    if sys.stderr is not None:
        try:
            _print(screen, sys.stderr)
        except (OSError, ValueError):
            abandon(sys.stderr)


def tell_lines(text: str) -> None:
    """Write lines to stderr as they are. A stderr that cannot take them changes nothing."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(f"{_make_visible(text)}\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        abandon(sys.stderr)


def finish() -> None:
    """Hand over everything written so far. Raises `OSError` if stdout did not take it all."""
    if sys.stdout is not None and not sys.stdout.closed:
        sys.stdout.flush()


def abandon(stream: TextIO | None) -> None:
    """Let the rest of a stream that failed go nowhere, so that closing it at the end says nothing more."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())  # type: ignore[union-attr]  # None is suppressed as an AttributeError
        os.close(nowhere)


def _write_out(text: str) -> None:
    if sys.stdout is None or sys.stdout.closed:
        raise OutputClosedError("standard output is closed")
    sys.stdout.write(text)


def _make_visible(text: str) -> str:
    """`text` with whatever a terminal would act on, except line ends, written as its escape."""
    return "".join(
        char if char.isprintable() or char in "\n\xa0" else char.encode("unicode_escape").decode() for char in text
    )


def _reconfigure(stream: TextIO | None, **settings: str) -> None:
    # A stream that a test or an embedding program put in place may not know how.
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        with contextlib.suppress(OSError, ValueError):
            reconfigure(**settings)
