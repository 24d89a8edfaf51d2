"""Finding and reading catalogue files: the shipped one, a site's own laid over it, and any file for checking."""

from pathlib import Path
from typing import TYPE_CHECKING

from ivig_dose.catalogue.models import Catalogue
from ivig_dose.catalogue.quick import sha256_of
from ivig_dose.catalogue.snapshot import read_snapshot, snapshot_path
from ivig_dose.problems import CatalogueError, Problem

if TYPE_CHECKING:
    from ivig_dose.catalogue.assemble import Outcome

__all__ = [
    "CatalogueError",
    "check_catalogue",
    "load_catalogue",
    "read_catalogue",
    "read_shipped",
    "read_whole",
    "shipped_path",
]

CATALOGUE_NAME = "regimens.yaml"
SHIPPED_LABEL = "regimens.yaml (shipped)"
"""How plans name the shipped file, wherever it is installed."""


def shipped_path() -> Path:
    """The catalogue that came with the program: the packaged copy, else the file beside a checkout's package folder.

    Raises:
        CatalogueError: where there is neither.
    """
    package = Path(__file__).parent.parent
    for path in (package / CATALOGUE_NAME, package.with_name(CATALOGUE_NAME)):
        if path.is_file():
            return path
    hint = "install ivig-dose again"
    problem = Problem(CATALOGUE_NAME, None, "", "the shipped catalogue is missing", "file-unreadable", hint)
    raise CatalogueError((problem,))


def load_catalogue(overlay: Path | None = None) -> Catalogue:
    """The shipped catalogue, with a site's own file laid over it where one is given.

    The shipped one comes from the snapshot where that belongs to it; otherwise it is read and checked in full. The
    edition stays the shipped one, with the earlier of both review dates; `files` names every file with its digest.

    Raises:
        CatalogueError: with every problem of the first file that cannot be used.
    """
    base = _load_shipped()
    return base if overlay is None else _use(_lay_over(base, overlay))


def read_catalogue(path: Path) -> Catalogue:
    """The catalogue of any file: by itself where it has every section, otherwise laid over the shipped one.

    Raises:
        CatalogueError: with every problem of the file.
    """
    return _use(_read(path))


def check_catalogue(path: Path | None = None) -> tuple[Problem, ...]:
    """Every problem of a file, errors and advice, in its order; of the shipped catalogue where none is named.

    A file with every section is checked by itself, any other as an overlay of the shipped catalogue. The shipped
    catalogue is read in full here, never from its snapshot. A file that cannot be opened is one problem.
    """
    try:
        return _read(shipped_path() if path is None else path).problems
    except CatalogueError as error:
        return error.problems


def read_shipped() -> Catalogue:
    """The shipped catalogue, read and checked in full. Raises `CatalogueError`."""
    return read_whole(shipped_path(), SHIPPED_LABEL)


def read_whole(path: Path, label: str) -> Catalogue:
    """A complete catalogue file, read and checked in full, shown in plans as `label`. Raises `CatalogueError`."""
    from ivig_dose.catalogue.assemble import build_whole

    content = read_bytes(path)
    return _use(build_whole(content, str(path), label, sha256_of(content)))


def read_bytes(path: Path) -> bytes:
    """A file's bytes, and no more than one above the largest size that is read. Raises `CatalogueError`."""
    from ivig_dose.catalogue.text import MAX_BYTES

    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        hint = "give the path of a catalogue file that you may read"
        problem = Problem(str(path), None, "", f"the file cannot be read: {reason}", "file-unreadable", hint)
        raise CatalogueError((problem,)) from None


def _load_shipped() -> Catalogue:
    path = shipped_path()
    try:
        snapshot = snapshot_path().read_bytes()
        current = sha256_of(path.read_bytes())
    except OSError:
        return read_shipped()
    return read_snapshot(snapshot, current) or read_shipped()


def _lay_over(base: Catalogue, path: Path) -> "Outcome":
    from ivig_dose.catalogue.assemble import lay_over

    content = read_bytes(path)
    return lay_over(base, content, str(path), sha256_of(content))


def _read(path: Path) -> "Outcome":
    from ivig_dose.catalogue.assemble import build_whole, is_whole

    content = read_bytes(path)
    shipped = shipped_path()
    if path.resolve() == shipped.resolve():
        return build_whole(content, str(path), SHIPPED_LABEL, sha256_of(content))
    if is_whole(content, str(path)):
        return build_whole(content, str(path), str(path), sha256_of(content))
    return _lay_over(_load_shipped(), path)


def _use(outcome: "Outcome") -> Catalogue:
    if outcome.catalogue is None:
        errors = tuple(problem for problem in outcome.problems if problem.severity == "error")
        raise CatalogueError(errors)
    return outcome.catalogue
