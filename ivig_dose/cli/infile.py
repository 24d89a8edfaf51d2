"""The rows to read: a file, a descriptor or standard input, from where it stands, so that it can be read twice."""

import os
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, Final, NamedTuple

from ivig_dose.cli import terminal
from ivig_dose.cli.boundary import CommandUsageError
from ivig_dose.cli.descriptors import find_descriptor
from ivig_dose.quantity import quote

STANDARD_INPUT: Final = "-"
_SHOWN: Final = 200
_MOST_IN_MEMORY: Final = 4 * 1024 * 1024


class Source(NamedTuple):
    """A file that can be read twice, and where its rows begin, in bytes from its start."""

    file: BinaryIO
    start: int


@contextmanager
def open_rows(name: str) -> Iterator[Source]:
    """The rows of a file, or of standard input for `-`.

    Only a file on a disk can be read again. Whatever else says that it can, such as a pipe on Windows, is first kept:
    in memory, or in a temporary file where it is large.
    """
    with ExitStack() as opened:
        source = _find_standard_input() if name == STANDARD_INPUT else opened.enter_context(_open_file(name))
        if _is_on_disk(source):
            yield Source(source, source.tell())
            return
        yield Source(opened.enter_context(_keep(source)), 0)


def _keep(source: BinaryIO) -> BinaryIO:
    """What is left in `source`, to be read as often as needed. A small input needs no folder for temporary files."""
    head = source.read(_MOST_IN_MEMORY + 1)
    if len(head) <= _MOST_IN_MEMORY:
        return BytesIO(head)
    kept = TemporaryFile()  # noqa: SIM115 - closed by the caller
    kept.write(head)
    shutil.copyfileobj(source, kept)
    kept.flush()
    return kept


def _find_standard_input() -> BinaryIO:
    if sys.stdin is None or terminal.is_terminal(sys.stdin):
        what = "closed" if sys.stdin is None else "a terminal"
        raise CommandUsageError(f"standard input is {what}", "give a file, or pipe CSV or JSON Lines into it")
    return sys.stdin.buffer


def _open_file(name: str) -> BinaryIO:
    try:
        descriptor = find_descriptor(name)
        return Path(name).open("rb") if descriptor is None else open(os.dup(descriptor), "rb")  # noqa: PTH123
    except (OSError, ValueError) as fault:
        reason = getattr(fault, "strerror", None) or str(fault)
        problem = f"{quote(name, _SHOWN)} cannot be read: {reason}"
        raise CommandUsageError(problem, "give a file of rows, or -") from None


def _is_on_disk(file: BinaryIO) -> bool:
    try:
        return stat.S_ISREG(os.fstat(file.fileno()).st_mode)
    except (OSError, ValueError, AttributeError):
        # What has no descriptor, as in a test, is kept like a pipe.
        return False
