"""Results as CSV: one line for a patient, the same columns for one dose and for a batch.

Figures are plain digits without units or grouping: the heading carries the unit.
"""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Final

from ivig_dose.catalogue.models import Indication, Product
from ivig_dose.core.calculation import Calculation
from ivig_dose.core.interval import write_interval
from ivig_dose.core.results import Dose, DosingWeight, PartVials, Plan, RegimenChoice, Rounding
from ivig_dose.problems import Notice, NoticeLevel, Refusal
from ivig_dose.quantity import ZERO, Ratio
from ivig_dose.report.numbers import divide, write_number
from ivig_dose.report.phrases import describe_part

COLUMNS: Final = (
    "id",
    "indication",
    "status",
    "regimen",
    "dosing_weight_kg",
    "day_g",
    "course_g",
    "given_course_g",
    "days",
    "volume_ml",
    "notices",
    "refusal",
    "actual_weight_kg",
    "product",
    "given_day_g",
    "warnings",
    "notes",
    "part_vials",
    "interval",
    "cycles",
    "before_g",
    "then",
)
"""The headings. `day_g` is empty where days are unequal; `volume_ml` is what is given over one course.

`given_day_g` is what is given on each day, `28`, or `35x4 30x1` where days are unequal. `notices` names all, of which
`warnings` and `notes` name those of their level. `part_vials` says for each day what to open, draw and discard where a
vial is not used up. `interval` and `cycles` are of courses that are repeated, `before_g` is what was given of a course
whose rest this is, and `then` tells the phase that follows, whose notices are named with the others.
"""

_REFUSAL_AT: Final = COLUMNS.index("refusal")
_PLACES: Final = 3

# A spreadsheet runs a cell that begins with one of these, also in full width and also behind blanks of any width.
_STARTS_A_FORMULA: Final = re.compile(r"[^\S\t\r\n]*[=+\-@\t\r\n＝＋－＠]")  # noqa: RUF001


def plan_cells(plan: Plan, row_id: str = "") -> tuple[str, ...]:
    """The line of one plan, in the order of `COLUMNS`, ready to be written."""
    return _dose_cells(
        row_id,
        (plan.indication, plan.choice, plan.product),
        (plan.patient.weight_kg, plan.dosing_weight),
        plan.dose,
        plan.rounding,
        [(day.dose_g, day.part_vials) for day in plan.schedule if day.cycle == 1],
        course_volume_ml(plan),
        _of_both_phases(plan),
        plan.schedule[-1].cycle,
        "" if plan.then is None else _tell_phase(plan.then.choice, plan.then.rounding, plan.then.schedule[-1].cycle),
    )


def calculation_cells(found: Calculation, row_id: str = "") -> tuple[str, ...]:
    """The line of one calculation: the same as that of the plan that it makes."""
    choices, given = found.choices, found.given
    return _dose_cells(
        row_id,
        (choices.indication, choices.regimen, choices.product),
        (found.patient.weight_kg, found.dosing_weight),
        found.dose,
        given.rounding,
        list(zip(given.days_g, given.part_vials, strict=True)),
        found.course_volume_ml,
        _of_both_phases(found),
        choices.cycles,
        "" if found.then is None else _tell_calculation(found.then),
    )


def _tell_calculation(found: Calculation) -> str:
    return _tell_phase(found.choices.regimen, found.given.rounding, found.choices.cycles)


def _tell_phase(choice: RegimenChoice, rounding: Rounding, cycles: int) -> str:
    """A phase that follows in a few words: `cidp-maintenance, 70 g every 3 weeks x 8`."""
    every = "" if choice.interval is None else f" every {write_interval(choice.interval)} x {cycles}"
    return f"{choice.regimen.id}, {_write(rounding.course_g)} g{every}"


def _dose_cells(
    row_id: str,
    chosen: tuple[Indication, RegimenChoice, Product | None],
    weights: tuple[Decimal, DosingWeight],
    dose: Dose,
    rounding: Rounding,
    given_days: Sequence[tuple[Decimal, PartVials | None]],
    volume_ml: Decimal,
    notices: tuple[Notice, ...],
    cycles: int,
    then: str,
) -> tuple[str, ...]:
    indication, choice, product = chosen
    return (
        neutralise(row_id),
        indication.id,
        "ok",
        choice.regimen.id,
        _write(weights[1].kg),
        "" if dose.day_g is None else _write(dose.day_g),
        _write(dose.course_g),
        _write(rounding.course_g),
        str(len(given_days)),
        _write(volume_ml),
        name_notices(notices),
        "",
        _write(weights[0]),
        "" if product is None else product.id,
        write_days([day_g for day_g, _ in given_days]),
        name_notices(notices, "warning"),
        name_notices(notices, "note"),
        write_part_vials([part for _, part in given_days]),
        "" if choice.interval is None else write_interval(choice.interval, always_count=True),
        str(cycles),
        _write(dose.before_g) if dose.before_g else "",
        then,
    )


def _write(value: Ratio | Decimal) -> str:
    """A figure with at most 3 decimals, which is 1 mg or 1 g of body weight."""
    return write_number(divide(value, _PLACES))


def write_days(days_g: Sequence[Decimal]) -> str:
    """The grams of each day: one figure where all are equal, else each with the number of its days: `35x4 30x1`."""
    runs = [(_write(day_g), len(list(same))) for day_g, same in groupby(days_g)]
    return runs[0][0] if len(runs) == 1 else " ".join([f"{day_g}x{days}" for day_g, days in runs])


def write_part_vials(parts: Sequence[PartVials | None]) -> str:
    """What to open, draw and discard on each day: once where all days are alike, else `day 1: ...; day 2: ...`."""
    said = ["" if part is None else describe_part(part) for part in parts]
    if len(set(said)) == 1:
        return said[0]
    return "; ".join([f"day {day}: {text}" for day, text in enumerate(said, start=1) if text])


def _of_both_phases(result: Plan | Calculation) -> tuple[Notice, ...]:
    """The notices of a dose and those that only the phase after it has."""
    if result.then is None:
        return result.notices
    said = {notice.id for notice in result.notices}
    return (*result.notices, *[notice for notice in result.then.notices if notice.id not in said])


def name_notices(notices: Iterable[Notice], level: NoticeLevel | None = None) -> str:
    """The ids of the notices, or of those of one level, separated by spaces."""
    return " ".join([notice.id for notice in notices if level is None or notice.level == level])


def refusal_cells(refusal: Refusal, row_id: str = "", indication: str = "") -> tuple[str, ...]:
    """The line of one refused row: no figure, and under `refusal` the text `rule: message; hint`.

    `indication` is what the row asked for, as typed.
    """
    cells = [""] * len(COLUMNS)
    cells[:3] = neutralise(row_id), neutralise(indication), "refused"
    cells[_REFUSAL_AT] = neutralise(describe_refusal(refusal))
    return tuple(cells)


def describe_refusal(refusal: Refusal) -> str:
    """A refusal in one line: `rule: message; hint`."""
    said = f"{refusal.rule}: {refusal.message}"
    return f"{said}; {refusal.hint}" if refusal.hint else said


def course_volume_ml(plan: Plan) -> Decimal:
    """The volume that is given over one course, in mL; with several cycles, over the first."""
    return sum((day.volume_ml for day in plan.schedule if day.cycle == 1), ZERO)


def neutralise(text: str) -> str:
    """A text cell that no spreadsheet runs as a formula: an apostrophe goes before one that would be.

    For columns of text only: a negative number in a column of numbers must stay a number.
    """
    return "'" + text if _STARTS_A_FORMULA.match(text) else text


def csv_line(cells: Iterable[str]) -> str:
    """Cells as one line of CSV with its line end: commas, quotes only where they are needed, LF."""
    import csv
    from io import StringIO

    line = StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()


def plan_csv(plan: Plan) -> str:
    """One plan as CSV: the headings and its line, so that the lines of several plans can be joined."""
    return csv_line(COLUMNS) + csv_line(plan_cells(plan))


def refusal_csv(refusal: Refusal, indication: str) -> str:
    """One refusal as CSV: the headings and its line."""
    return csv_line(COLUMNS) + csv_line(refusal_cells(refusal, indication=indication))
