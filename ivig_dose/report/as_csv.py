"""Results as CSV: one line for a patient, the same columns for one dose and for a batch.

Figures are plain digits without units or grouping: the heading carries the unit.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from ivig_dose.catalogue.models import Indication
from ivig_dose.core.calculation import Calculation
from ivig_dose.core.results import Dose, DosingWeight, Plan, RegimenChoice, Rounding
from ivig_dose.problems import Notice, Refusal
from ivig_dose.quantity import ZERO
from ivig_dose.report.numbers import grams, kilograms, write_number

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
)
"""The headings. `day_g` is empty where days are unequal; `volume_ml` is what is given over one course."""

# A spreadsheet runs a cell that begins with one of these, also in full width and also behind blanks of any width.
_STARTS_A_FORMULA: Final = re.compile(r"[^\S\t\r\n]*[=+\-@\t\r\n＝＋－＠]")  # noqa: RUF001


def plan_cells(plan: Plan, row_id: str = "") -> tuple[str, ...]:
    """The line of one plan, in the order of `COLUMNS`, ready to be written."""
    return _dose_cells(
        row_id,
        plan.indication,
        plan.choice,
        plan.dosing_weight,
        plan.dose,
        plan.rounding,
        course_volume_ml(plan),
        plan.notices,
    )


def calculation_cells(found: Calculation, row_id: str = "") -> tuple[str, ...]:
    """The line of one calculation: the same as that of the plan that it makes."""
    choices, given = found.choices, found.given
    return _dose_cells(
        row_id,
        choices.indication,
        choices.regimen,
        found.dosing_weight,
        found.dose,
        given.rounding,
        found.course_volume_ml,
        found.notices,
    )


def _dose_cells(
    row_id: str,
    indication: Indication,
    choice: RegimenChoice,
    weight: DosingWeight,
    dose: Dose,
    rounding: Rounding,
    volume_ml: Decimal,
    notices: tuple[Notice, ...],
) -> tuple[str, ...]:
    return (
        neutralise(row_id),
        indication.id,
        "ok",
        choice.regimen.id,
        write_number(kilograms(weight.kg)),
        "" if dose.day_g is None else write_number(grams(dose.day_g)),
        write_number(grams(dose.course_g)),
        write_number(rounding.course_g),
        str(choice.days),
        write_number(volume_ml),
        " ".join([notice.id for notice in notices]),
        "",
    )


def refusal_cells(refusal: Refusal, row_id: str = "", indication: str = "") -> tuple[str, ...]:
    """The line of one refused row: no figure, and in the last column `rule: message; hint`.

    `indication` is what the row asked for, as typed.
    """
    said = describe_refusal(refusal)
    return (neutralise(row_id), neutralise(indication), "refused", *[""] * (len(COLUMNS) - 4), neutralise(said))


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
