"""Where an answer is written: to a descriptor, or beside a file whose place it takes once it is whole."""

import errno
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

from ivig_dose.cli import terminal
from ivig_dose.cli.boundary import CommandUsageError
from ivig_dose.cli.descriptors import find_descriptor
from ivig_dose.stopping import half_written, hold_signals

STANDARD_OUTPUT: Final = 1
_DASH: Final = "-"
_NEW_FILE_MODE: Final = 0o666

Target = int | Path
"""An open descriptor, or the path of a file."""


def find_target(name: str | None) -> Target:
    """Where `--out` leads: standard output where it is not given or is `-`."""
    if name is None or name == _DASH:
        return STANDARD_OUTPUT
    descriptor = find_descriptor(name)
    return Path(name) if descriptor is None else descriptor


@contextmanager
def open_target(target: Target) -> Iterator[Callable[[str], object]]:
    """What writes text to a target, in UTF-8. A descriptor goes on where it stands and is never cut."""
    if target == STANDARD_OUTPUT:
        yield terminal.write_piece
    elif isinstance(target, int):
        with open(os.dup(target), "w", encoding="utf-8", newline="") as stream:  # noqa: PTH123 - a descriptor
            yield stream.write
    else:
        with open_beside(target) as write:
            yield write


@contextmanager
def open_beside(path: Path) -> Iterator[Callable[[str], object]]:
    """What writes to a file, in UTF-8, which takes the place of `path` only once the block has ended well.

    On any failure, and where a signal stops it, what was there before stays and nothing is left behind. A device or a
    named pipe is written to directly. The new file has the permissions and the owner of the old one.

    Raises:
        OSError: if the file cannot be written whole, or not be put in its place.
    """
    # A link stays a link: what it points to is what is replaced.
    place = Path(os.path.realpath(path))
    old = place.stat() if place.exists() else None
    if old is not None and not stat.S_ISREG(old.st_mode):
        with place.open("w", encoding="utf-8", newline="") as device:
            yield device.write
        return
    if old is not None and not os.access(place, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(place))
    with hold_signals():
        descriptor, name = _make_part(place, may_be_elsewhere=old is not None)
        half_written.add(name)
    part = Path(name)
    try:
        with open(descriptor, "w", encoding="utf-8", newline="") as file:  # noqa: PTH123 - a descriptor
            yield file.write
            file.flush()
            os.fsync(descriptor)
        with hold_signals():
            _put_in_place(part, place, old)
            half_written.discard(name)
    finally:
        with hold_signals():
            with suppress(OSError):
                part.unlink()
            half_written.discard(name)


def _make_part(place: Path, may_be_elsewhere: bool) -> tuple[int, str]:
    """A new file beside `place`; elsewhere where its folder takes none, if that is allowed."""
    try:
        return tempfile.mkstemp(prefix=".ivig-dose.", suffix=".part", dir=place.parent)
    except OSError:
        if not may_be_elsewhere:
            raise
        return tempfile.mkstemp(prefix="ivig-dose.", suffix=".part")


def _put_in_place(part: Path, place: Path, old: os.stat_result | None) -> None:
    """Move the finished file over the old one, or copy it into it where a move would change more than the content.

    A file that is mounted by itself cannot be replaced; another owner's, or one with a second name, would no longer be
    the same file.
    """
    if old is None:
        part.chmod(_NEW_FILE_MODE & ~_read_umask())
        part.replace(place)
        return
    if old.st_nlink == 1 and _give_to(part, old):
        try:
            part.chmod(stat.S_IMODE(old.st_mode))
            part.replace(place)
        except OSError:
            pass
        else:
            return
    _copy_into(part, place, old.st_size)


def _give_to(part: Path, old: os.stat_result) -> bool:
    """Whether the new file now has the old one's owner and group."""
    new = part.stat()
    if (new.st_uid, new.st_gid) == (old.st_uid, old.st_gid):
        return True
    with suppress(OSError, AttributeError):
        os.chown(part, old.st_uid, old.st_gid)
        return True
    return False


def _copy_into(part: Path, place: Path, old_size: int) -> None:
    """Write the new content over the old, once the disk is known to have the room, so that a full one loses nothing."""
    with part.open("rb") as source, place.open("r+b") as target:
        size = part.stat().st_size
        try:
            if hasattr(os, "posix_fallocate") and size > old_size:
                os.posix_fallocate(target.fileno(), old_size, size - old_size)
        except OSError as full:
            target.truncate(old_size)
            if full.errno not in (errno.EOPNOTSUPP, errno.EINVAL):
                raise
        shutil.copyfileobj(source, target)
        target.truncate()
        target.flush()
        os.fsync(target.fileno())


def refuse_same_file(source: BinaryIO, target: Target) -> None:
    """Raise `CommandUsageError` where the open file `source` is also what would be written to."""
    try:
        read = os.fstat(source.fileno())
        written = target.stat() if isinstance(target, Path) else os.fstat(_find_descriptor_of(target))
    except (OSError, ValueError, AttributeError):
        # What has no descriptor, as in a test, or does not exist yet, is not the same file.
        return
    if stat.S_ISREG(written.st_mode) and os.path.samestat(read, written):
        raise CommandUsageError("the output is the input file, which would be lost", "write to another file")


def _find_descriptor_of(target: int) -> int:
    return sys.stdout.fileno() if target == STANDARD_OUTPUT else target


def _read_umask() -> int:
    umask = os.umask(0)
    os.umask(umask)
    return umask
