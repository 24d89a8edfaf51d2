"""Which columns a file has: those that are read, those that are passed through, and headings that look like a slip."""

import re
from collections.abc import Container, Iterable, Sequence
from typing import Final, NamedTuple

from ivig_dose.batch.headings import find_meant
from ivig_dose.batch.problems import UntrustedFileError
from ivig_dose.quantity import quote
from ivig_dose.report.as_csv import COLUMNS

READ: Final = (
    "id",
    "indication",
    "weight_kg",
    "height_cm",
    "sex",
    "age_years",
    "regimen",
    "g_per_kg",
    "days",
    "weight_policy",
    "product",
    "rounding_policy",
    "risks",
    "blood_group",
    "start",
    "interval",
    "cycles",
    "until",
    "given_doses",
    "earlier_doses",
    "then_regimen",
    "igg",
    "igg_target",
    "ordered",
    "ordered_days",
    "ordered_interval",
    "ordered_product",
    "ordered_volume",
    "ordered_rate",
)
"""The columns that are read. An order, in one column or several, turns the answer of its row into a check of it."""
ORDER_COLUMNS: Final = READ[-6:]
"""The columns of an order, as the fields of `OrderTexts`."""
NEEDED: Final = ("id", "indication", "weight_kg")
CHECK_COLUMNS: Final = ("ordered", "difference_pct", "slips", "agrees_as", "differs_in")
"""What a file with orders has in addition in its answer, after `refusal`."""


YIELDING: Final = {"warnings": "dose_warnings", "notes": "dose_notes"}
"""Columns of the answer that many files have of their own: the answer's takes the other name there."""


class Columns(NamedTuple):
    """The columns of a file: where each one that is read stands, and the headings and places of the others."""

    read: dict[str, int]
    passed: tuple[str, ...]
    passed_at: tuple[int, ...]
    width: int

    @property
    def answered(self) -> tuple[str, ...]:
        """The headings of the answer: the plan's columns, a check's where orders are read, then the passed ones."""
        own = [self.name_of(name) for name in COLUMNS]
        return (*own, *(CHECK_COLUMNS if self.has_orders else ()), *self.passed)

    @property
    def has_orders(self) -> bool:
        """Whether the file has an order's dose or volume, so that its rows are checks."""
        return "ordered" in self.read or "ordered_volume" in self.read

    def name_of(self, column: str) -> str:
        """The heading of a column of the answer in this file."""
        return YIELDING.get(column, column) if column in self.passed else column


def arrange_columns(headings: Sequence[str], given: Container[str], line: int = 1) -> Columns:
    """The columns of a file with these headings. `given` are columns that an option fills where the file has none.

    Raises:
        UntrustedFileError: for an empty, repeated or missing heading, for one that looks like a column that is read
            and is not, and for one that the answer uses itself.
    """
    if not any(_fold(heading) in READ for heading in headings):
        # Without a heading line these are the cells of a patient, which no message may show.
        raise _refuse_missing(NEEDED, line)
    seen: dict[str, int] = {}
    for place, heading in enumerate(headings):
        if not heading.strip():
            raise UntrustedFileError(line, f"heading {place + 1} is empty", "name every column, or take it out")
        if heading in seen:
            both = f"columns {seen[heading] + 1} and {place + 1}"
            raise UntrustedFileError(line, f"heading {quote(heading)} stands twice, {both}", "give each its own name")
        seen[heading] = place
    refuse_strange_headings(headings, line)
    missing = [name for name in NEEDED if name not in seen and name not in given]
    if missing:
        raise _refuse_missing(missing, line)
    others = [heading for heading in headings if heading not in READ]
    return Columns(
        {name: seen[name] for name in READ if name in seen},
        tuple(others),
        tuple(seen[heading] for heading in others),
        len(headings),
    )


def refuse_strange_headings(headings: Iterable[str], line: int) -> None:
    """Raise `UntrustedFileError` for a heading that looks like one that is read, or that the answer uses itself."""
    for heading in headings:
        if heading in READ:
            continue
        if heading in YIELDING:
            continue
        if heading in COLUMNS or heading in CHECK_COLUMNS:
            hint = "give it another name, or take it out"
            raise UntrustedFileError(line, f"heading {quote(heading)} is a column of the answer", hint)
        meant = find_meant(heading, READ)
        if meant is not None:
            convert = "convert it and " if meant.converted else ""
            hint = f"if it is meant, {convert}name it {meant.column}; if not, give it another name"
            raise UntrustedFileError(line, f"heading {quote(heading)} looks like {meant.column} and is not", hint)


def _fold(heading: str) -> str:
    return re.sub(r"[^0-9a-z]+", "_", heading.casefold()).strip("_")


def _refuse_missing(names: Sequence[str], line: int) -> UntrustedFileError:
    hint = (
        "the first line names the columns; id, indication and weight_kg are needed, and --skip-lines N leaves out "
        "title lines above them"
    )
    return UntrustedFileError(line, f"heading {' and '.join(names)} is missing", hint)
