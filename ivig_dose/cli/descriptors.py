"""Paths that name an open descriptor of this process, such as `/dev/stdout`, `/dev/fd/3` or a link to one."""

import os
import re
from pathlib import Path
from typing import Final

_MOST_LINKS: Final = 40


def find_descriptor(name: str) -> int | None:
    """The descriptor that a path names, or None for any other path.

    To open such a path anew would begin at the start of its file, or cut it; the descriptor goes on where it stands.
    """
    named = re.compile(rf"/(?:dev|proc/(?:self|{os.getpid()}))/fd/([0-9]{{1,9}})")
    path = Path(name)
    for _ in range(_MOST_LINKS):
        try:
            path = path.parent.resolve() / path.name
            found = named.fullmatch(path.as_posix())
            if found is not None:
                return int(found[1])
            path = path.parent / path.readlink()
        except (OSError, ValueError, RuntimeError, NotImplementedError):
            # It is no link, or cannot be looked at: opening it will say so.
            return None
    return None
