"""The infusion on screen: the steps as a nurse follows them, each with its rate as a bar."""

from decimal import Decimal
from typing import Final

from ivig_dose.core.results import GivenDay, InfusionStep
from ivig_dose.quantity import ZERO, Ratio
from ivig_dose.report.numbers import show_value
from ivig_dose.report.tables.rows import Column, Rows

BAR_COLUMNS: Final = Decimal(20)


def lay_out_steps(day: GivenDay) -> Rows:
    """The steps of one infusion, with the clock where it is known and the minutes since the start where not."""
    clock = day.steps[0].starts is not None
    columns = (
        Column("step", "step {}"),
        Column("clock", "from {}", "text") if clock else Column("from min", "from {} min"),
        Column("mL/h", "{} mL/h"),
        Column("mL/kg/h", "{} mL/kg/h"),
        Column("min", "for {} min"),
        Column("mL", "{} mL"),
        Column("total mL", "total {} mL"),
        *([Column("rate", kind="bar")] if len(day.steps) > 1 else []),
    )
    rows = []
    elapsed, fastest = ZERO, max([step.rate_ml_per_h for step in day.steps])
    for step in day.steps:
        rows.append(
            (
                str(step.step),
                _name_clock(step, day.steps[0]) if clock else show_value(elapsed, 1),
                show_value(step.rate_ml_per_h),
                show_value(step.rate_ml_per_kg_per_h),
                show_value(step.minutes, 1),
                show_value(step.volume_ml, 2),
                show_value(step.cumulative_ml, 2),
                *(["█" * draw_bar(step.rate_ml_per_h, fastest)] if len(day.steps) > 1 else []),
            )
        )
        elapsed += step.minutes
    return Rows(columns, rows)


def _name_clock(step: InfusionStep, first: InfusionStep) -> str:
    if step.starts is None or first.starts is None:
        return ""
    days_on = (step.starts.date() - first.starts.date()).days
    return step.starts.strftime("%H:%M") + (f" +{days_on} d" if days_on else "")


def draw_bar(rate_ml_per_h: Decimal, fastest_ml_per_h: Decimal) -> int:
    """How many columns a rate takes where the fastest takes all; at least one."""
    return max(1, int(Ratio(rate_ml_per_h * BAR_COLUMNS, fastest_ml_per_h).to_step(Decimal(1))))
