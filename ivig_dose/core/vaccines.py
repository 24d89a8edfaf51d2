"""Live vaccines: how many months they wait after immunoglobulin, and from which date."""

from datetime import date

from ivig_dose.catalogue.models import VaccineTable
from ivig_dose.core.results import Vaccines
from ivig_dose.core.schedule import add_months
from ivig_dose.quantity import Ratio


def find_later(one: Vaccines, other: Vaccines) -> Vaccines:
    """The wait that ends later; where dates are not known the longer one."""
    if one.not_before is not None and other.not_before is not None:
        return max(one, other, key=lambda wait: wait.not_before or date.min)
    return max(other, one, key=lambda wait: wait.defer_months)


def find_deferral(table: VaccineTable, indication: str, course_g_per_kg: Ratio, last_infusion: date | None) -> Vaccines:
    """The wait for a course: by rows that name the indication first, then by dose, rounded up to the next row.

    A dose above the last row waits as long as the table says for that. The date counts from the last infusion.
    """
    own = [row for row in table.rows if indication in row.indications]
    general = [row for row in table.rows if not row.indications]
    months, sources = table.above_last_row_months, table.sources
    for rows in (own, general):
        row = min(
            (row for row in rows if not course_g_per_kg.is_above(row.course_g_per_kg_at_most)),
            key=lambda row: row.course_g_per_kg_at_most,
            default=None,
        )
        if row is not None:
            months, sources = row.months, row.sources
            break
    return Vaccines(
        months,
        add_months(last_infusion, months) if last_infusion else None,
        table.id,
        table.vaccines,
        table.exception.text,
        tuple(dict.fromkeys((*sources, *table.exception.sources))),
    )
