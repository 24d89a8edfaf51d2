"""A file that is written beside its place and moved there whole, so that the old one stands until the new one does."""

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, TextIO

from ivig_dose.cli.boundary import CommandUsageError

_NEW_FILE_MODE = 0o666


@contextmanager
def open_beside(path: Path) -> Iterator[TextIO]:
    """A file to write to, in UTF-8, which takes the place of `path` only once the block has ended well.

    On any failure, Ctrl-C too, what was there before stays and nothing is left behind. A device or a named pipe is
    written to directly. The new file has the old one's permissions.

    Raises:
        OSError: if the file cannot be written whole, or not be put in its place.
    """
    # A link stays a link: what it points to is what is replaced.
    place = Path(os.path.realpath(path))
    mode = place.stat().st_mode if place.exists() else None
    if mode is not None and not stat.S_ISREG(mode):
        with place.open("w", encoding="utf-8", newline="") as device:
            yield device
        return
    descriptor, name = tempfile.mkstemp(prefix=f".{place.name}.", suffix=".part", dir=place.parent)
    try:
        with open(descriptor, "w", encoding="utf-8", newline="") as file:  # noqa: PTH123 - a descriptor
            yield file
            file.flush()
            os.fchmod(descriptor, stat.S_IMODE(mode) if mode is not None else _NEW_FILE_MODE & ~_read_umask())
            os.fsync(descriptor)
        Path(name).replace(place)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def refuse_same_file(source: BinaryIO, target: TextIO | Path) -> None:
    """Raise `CommandUsageError` where the open file `source` is also what would be written to."""
    try:
        read = os.fstat(source.fileno())
        written = target.stat() if isinstance(target, Path) else os.fstat(target.fileno())
    except (OSError, ValueError, AttributeError):
        # What has no descriptor, as in a test, or does not exist yet, is not the same file.
        return
    if stat.S_ISREG(written.st_mode) and os.path.samestat(read, written):
        raise CommandUsageError("the output is the input file, which would be lost", "write to another file")


def _read_umask() -> int:
    umask = os.umask(0)
    os.umask(umask)
    return umask
