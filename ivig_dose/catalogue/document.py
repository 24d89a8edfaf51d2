"""Plain data that was read from a catalogue file, with the place of every value in it."""

from dataclasses import dataclass, field
from typing import Any

from ivig_dose.catalogue.scalars import Refused
from ivig_dose.problems import Position, Problem, Severity
from ivig_dose.quantity import quote

Path = tuple[str | int, ...]
"""Keys and list indexes from the top of a document down to a value."""

_LONGEST_KEY = 60


@dataclass(slots=True)
class Document:
    """What a file says, and where.

    `place` has a position for each path: of the value where it is a scalar or stands in a list, of its key where it is
    a mapping or a list under a key. `unread` are the paths whose value could not be read and is left as `None`;
    `incomplete` are the mappings of which a key was left out. `advice` keeps nobody from using the file. `usable` is
    false where reading had to stop.
    """

    file: str
    lines: list[str]
    data: Any = None
    place: dict[Path, Position] = field(default_factory=dict)
    key_place: dict[Path, Position] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    advice: list[Problem] = field(default_factory=list)
    unread: set[Path] = field(default_factory=set)
    incomplete: set[Path] = field(default_factory=set)
    usable: bool = True

    def position(self, path: Path) -> Position | None:
        """Where `path` stands, or the nearest thing above it that stands in the text."""
        while path not in self.place and path:
            path = path[:-1]
        return self.place.get(path)

    def problem(self, position: Position | None, path: Path, refused: Refused, severity: Severity = "error") -> Problem:
        """A problem at a position of this document, with its source line."""
        line = self.lines[position.line - 1] if position and position.line <= len(self.lines) else ""
        message, rule, hint = refused
        return Problem(self.file, position, show_path(path), message, rule, hint, line, severity)

    def report(self, position: Position, path: Path, refused: Refused) -> None:
        """Adds a problem to this document's."""
        self.problems.append(self.problem(position, path, refused))

    def stop(self, position: Position, refused: Refused) -> None:
        """Adds the problem after which nothing more of this document can be read."""
        self.report(position, (), refused)
        self.usable = False


def show_path(path: Path) -> str:
    """`regimens.itp-daily.g_per_kg.low`, `products.x.vials[0].g`; keys that are no plain word are quoted."""
    shown = ""
    for part in path:
        if isinstance(part, int):
            shown += f"[{part}]"
        else:
            plain = part.replace("-", "").replace("_", "").isalnum() and len(part) <= _LONGEST_KEY
            shown += ("." if shown else "") + (part if plain else quote(part))
    return shown
