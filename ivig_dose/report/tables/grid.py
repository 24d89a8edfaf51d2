"""The screen of `table`: a grid of doses by weight, as wards print it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from rich.console import Group

from ivig_dose.core.results import Origin, Plan
from ivig_dose.problems import Refusal
from ivig_dose.report.as_csv import course_volume_ml
from ivig_dose.report.numbers import show_amount, show_minutes, show_value
from ivig_dose.report.phrases import CLOSING
from ivig_dose.report.tables.rows import Column, FirstThatFits, Rows
from ivig_dose.report.tables.words import BLANK, Words, stack, write
from ivig_dose.report.weight_grid import (
    GridRow,
    describe_course_parts,
    describe_course_vials,
    describe_given_days,
    describe_grid,
    describe_grid_origin,
    list_grid_warnings,
    longest_day,
    mark_warnings,
    name_marks,
)


def lay_out_grid(rows: Sequence[GridRow], origin: Origin) -> Group:
    """A line for each weight: exact grams a day and for the course, what is given, volume, vials, rates and time.

    Rates and time are of the day with the largest dose. Columns that no line fills are left out.
    """
    marks = mark_warnings(rows)
    cells = [
        _lay_out_row(row.weight_kg, row.result, name_marks(row.result, marks))
        for row in rows
        if isinstance(row.result, Plan)
    ]
    filled = [at for at in range(len(_COLUMNS)) if any(line[at] for line in cells)]
    doses = [at for at in filled if at <= _LAST_OF_DOSE]
    infusion = [at for at in filled if at == 0 or at > _LAST_OF_DOSE]
    whole = _choose_columns(cells, filled)
    below = () if len(infusion) == 1 else (_choose_columns(cells, infusion),)
    return stack(
        [
            *[write((line, "strong")) for line in describe_grid(rows)],
            *[_lay_out_warning(line) for line in list_grid_warnings(rows)],
            *[_lay_out_refused(row.weight_kg, row.result) for row in rows if isinstance(row.result, Refusal)],
            BLANK,
            FirstThatFits((whole,), (_choose_columns(cells, doses), *below), (whole,)) if cells else None,
            BLANK,
            write(describe_grid_origin(origin)),
            write((CLOSING, "strong")),
        ]
    )


def _lay_out_warning(line: str) -> Words:
    return write(("WARNING", "warning"), line.removeprefix("WARNING"), hanging=2)


def _lay_out_refused(weight_kg: Decimal, refusal: Refusal) -> Words:
    """A weight that has no line, and why."""
    refused = f"{show_value(weight_kg)} kg: REFUSED"
    return write((refused, "warning"), f": {refusal.message} [{refusal.rule}]", hanging=2)


_COLUMNS: Final = (
    Column("weight", "{}"),
    Column("a day", "{} a day"),
    Column("course", "{} for the course"),
    Column("given", "given {}", "text"),
    Column("warnings", "warnings {}", "text"),
    Column("course volume", "{} for the course"),
    Column("vials for the course", "{}", "text"),
    Column("rates, mL/h", "at {} mL/h", "text"),
    Column("time a day", "over {} a day", "text"),
)
_LAST_OF_DOSE: Final = 5
"""Up to the volume it is the dose; behind it, how it is drawn up and infused: a second table on a narrow screen."""


def _choose_columns(cells: Sequence[tuple[str, ...]], kept: Sequence[int]) -> Rows:
    return Rows([_COLUMNS[at] for at in kept], [[line[at] for at in kept] for line in cells])


def _lay_out_row(weight_kg: Decimal, plan: Plan, marks: str) -> tuple[str, ...]:
    day = longest_day(plan)
    return (
        f"{show_value(weight_kg)} kg",
        "unequal" if plan.dose.day_g is None else show_amount(plan.dose.day_g, "g"),
        show_amount(plan.dose.course_g, "g"),
        describe_given_days(plan),
        marks,
        show_amount(course_volume_ml(plan), "mL", 2),
        "part vials" if describe_course_parts(plan) else describe_course_vials(plan),
        ", ".join([show_value(step.rate_ml_per_h) for step in day.steps]),
        "" if day.total_minutes is None else show_minutes(day.total_minutes),
    )
