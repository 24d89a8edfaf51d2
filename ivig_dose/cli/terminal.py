"""The one place that writes: documents raw and screens at the right width to stdout, talk to stderr.

Nothing else in the package prints. Rich is imported only when a screen is shown in colour.
"""

import contextlib
import os
import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from ivig_dose.report.tables.layout import Block

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


def redraw(line: str) -> None:
    """Put `line` in the place of the last line of the terminal on stderr; nothing takes it away."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError, ValueError):
            width = (terminal_width(sys.stderr) or WIDTH_WITHOUT_TERMINAL) - 1
            sys.stderr.write(f"\r\x1b[K{line if len(line) <= width else ''}")
            sys.stderr.flush()


def show(block: "Block") -> None:
    """Write a screen to stdout: as wide as the terminal, unwrapped and without colour where stdout is none.

    Raises:
        OSError: if stdout cannot take it.
    """
    _write_out(render(block))


def render(block: "Block") -> str:
    """The text that `show` writes."""
    from ivig_dose.report.tables.layout import write_plain

    width = terminal_width(sys.stdout) or UNLIMITED_WIDTH
    if not wants_colour(sys.stdout):
        return write_plain(block, width, ascii_only=not _knows_unicode(sys.stdout))
    from rich.console import Console

    console = Console(force_terminal=True, width=width, markup=False, highlight=False, emoji=False)
    with console.capture() as captured:
        console.print(block, crop=False)
    return captured.get()


def fit_tables(tables: "Sequence[RenderableType]", stream: TextIO | None) -> str | None:
    """Rich tables as text without colour for a stream; None where the terminal is too narrow for their figures."""
    from rich.console import Console, Group
    from rich.measure import Measurement

    width = terminal_width(stream) or UNLIMITED_WIDTH
    console = Console(file=stream, width=width, color_system=None, markup=False, highlight=False, emoji=False)
    needed = [Measurement.get(console, console.options.update(max_width=UNLIMITED_WIDTH), each) for each in tables]
    if max(each.minimum for each in needed) > width:
        return None
    with console.capture() as captured:
        console.print(Group(*tables))
    return "\n".join([line.rstrip() for line in captured.get().splitlines()])


def _knows_unicode(stream: TextIO | None) -> bool:
    return (getattr(stream, "encoding", None) or "utf-8").lower().startswith("utf")


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
    if is_terminal(sys.stderr):
        from ivig_dose.report.tables.layout import write, write_plain

        width = terminal_width(sys.stderr) or UNLIMITED_WIDTH
        text = write_plain(write(text, hanging=2), width, ascii_only=not _knows_unicode(sys.stderr)).rstrip("\n")
    tell_lines(text)


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
