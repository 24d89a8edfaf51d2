"""What can be said against an input: a problem in a file, a notice beside a dose, a refusal instead of a dose."""

from typing import Literal, NamedTuple

Level = Literal["stop", "warning", "note"]
NoticeLevel = Literal["warning", "note"]
Severity = Literal["error", "advice"]


class Position(NamedTuple):
    """Where something stands in a text: line and column, counted from 1."""

    line: int
    column: int


class Problem(NamedTuple):
    """One thing wrong in a catalogue file: where, which entry, what, by which rule, and what to do.

    An `error` makes the file unusable; `advice` is for the person who keeps it and changes no dose.
    """

    file: str
    position: Position | None
    path: str
    message: str
    rule: str
    hint: str = ""
    source_line: str = ""
    severity: Severity = "error"


class CatalogueError(Exception):
    """A catalogue file cannot be used. `problems` lists everything that is wrong with it, in file order."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(f"{len(problems)} problem(s) in the catalogue")
        self.problems = problems


class Notice(NamedTuple):
    """One thing that the reader of a dose must see. It travels inside the plan and in every form of output."""

    id: str
    level: NoticeLevel
    text: str
    sources: tuple[str, ...] = ()


class Refusal(NamedTuple):
    """No dose is given: the rule that refuses, why, and what to type or do instead.

    `kind` is `usage` where the request itself could not be read (an unknown id), and `refused` where it was
    understood and no dose can be given for it.
    """

    rule: str
    message: str
    hint: str = ""
    sources: tuple[str, ...] = ()
    kind: Literal["usage", "refused"] = "refused"
