"""How an order is to be infused, held against the ladder of the product: its rate step by step, and its time."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from ivig_dose.core.calculation import Calculation
from ivig_dose.core.infusion import NEAR_ENOUGH, run_ladder
from ivig_dose.core.ladder import Ladder
from ivig_dose.core.order_rate import OrderedRate, RateStep
from ivig_dose.core.order_written import WrittenOrder
from ivig_dose.core.results import Finding, OrderedDose
from ivig_dose.quantity import DOSE_STEP_G, MINUTES_PER_HOUR, Ratio, show, show_ratio

_MG_PER_ML_OF_1_PERCENT: Final = 10


def find_short_time(written: WrittenOrder, dose: OrderedDose, calculation: Calculation) -> Iterator[Finding]:
    """A finding where the time of one infusion is shorter than the regimen's, or than the product's ladder needs."""
    if written.hours is None:
        return
    most, regimen = written.hours[1], calculation.choices.regimen.regimen
    if regimen.infusion_hours is not None and most < regimen.infusion_hours.low:
        least = show(regimen.infusion_hours.low)
        yield Finding("hours", f"{show(most)} hours ordered; {regimen.id} takes {least} hours or more: too fast")
        return
    choices, ladder = calculation.choices, calculation.choices.ladder
    if ladder is None or choices.product is None or dose.day_ml is None:
        return
    volume_ml = dose.day_ml.to_step(DOSE_STEP_G)
    steps = run_ladder(ladder, calculation.dosing_weight.kg, volume_ml, choices.pump_step_ml_per_h, None)
    minutes = sum(step.minutes for step in steps)
    if minutes > most * MINUTES_PER_HOUR * NEAR_ENOUGH:
        text = (
            f"{show(most)} hours ordered; the rates of {choices.product.id} give {show(volume_ml, 1)} mL in "
            f"{show(minutes / MINUTES_PER_HOUR, 1)} hours at the fastest"
        )
        yield Finding("hours", text)


def list_fast_steps(rate: OrderedRate, calculation: Calculation) -> Iterator[Finding]:
    """A finding for each step that is faster than the ladder of the product allows for this patient at that time.

    Each step is compared with the rung that the label has reached by then. A step whose minutes are not written lasts
    as long as the one before it; where none is written, steps are compared rung by rung. Slower is never wrong.
    """
    ladder, product = calculation.choices.ladder, calculation.choices.product
    if ladder is None or product is None:
        return
    kg, minutes, lasts = calculation.dosing_weight.kg, 0, None
    timed = any(step.minutes is not None for step in rate)
    for number, step in enumerate(rate, start=1):
        ordered = _in_ml_per_kg_per_h(step, kg, calculation.choices.g_per_100_ml)
        if step.is_maximum:
            allowed, whose = ladder.maximum, "the highest rate of"
        elif number == 1:
            allowed, whose = ladder.steps[0][0], "the first rate of"
        elif timed:
            allowed, whose = _find_rung(ladder, minutes), f"the rate after {minutes} minutes of"
        else:
            allowed, whose = ladder.steps[min(number, len(ladder.steps)) - 1][0], f"step {number} of"
        lasts = step.minutes or lasts
        minutes += lasts or 0
        if _is_too_fast(ordered, allowed, ladder, kg):
            text = (
                f"too fast at step {number}: {show(step.value, 12)} {step.unit} ordered"
                f"{_in_other_unit(step, ordered, kg)}; {whose} {product.id} for this patient is "
                f"{'below ' if ladder.stays_below and not allowed < ladder.maximum else ''}{_tell(allowed, ladder, kg)}"
            )
            yield Finding("rate", text)


def _find_rung(ladder: Ladder, minutes: int) -> Ratio:
    """The rate that the ladder has reached after so many minutes."""
    at = 0
    for rate, lasts in ladder.steps:
        if lasts is None or minutes < at + lasts:
            return rate
        at += lasts
    return ladder.maximum


def _is_too_fast(ordered: Ratio, allowed: Ratio, ladder: Ladder, kg: Ratio) -> bool:
    cap = ladder.cap_ml_per_h
    if cap is not None and _per_hour(ordered, kg).is_above(cap):
        return True
    if ladder.stays_below and not allowed < ladder.maximum:
        return not ordered < allowed
    return allowed < ordered


def _in_ml_per_kg_per_h(step: RateStep, kg: Ratio, g_per_100_ml: Decimal) -> Ratio:
    rate = Ratio(step.value)
    if step.unit == "mL/h":
        return Ratio(rate.numerator * kg.denominator, rate.denominator * kg.numerator)
    if step.unit == "mL/kg/min":
        return rate.times(MINUTES_PER_HOUR)
    if step.unit == "mg/kg/min":
        return rate.times(MINUTES_PER_HOUR).per(g_per_100_ml * _MG_PER_ML_OF_1_PERCENT)
    return rate


def _per_hour(rate: Ratio, kg: Ratio) -> Ratio:
    return Ratio(rate.numerator * kg.numerator, rate.denominator * kg.denominator)


def _in_other_unit(step: RateStep, ordered: Ratio, kg: Ratio) -> str:
    if step.unit == "mL/h":
        return f" ({show_ratio(ordered, 3)} mL/kg/h)"
    return f" ({show_ratio(_per_hour(ordered, kg), 1)} mL/h)"


def _tell(rate: Ratio, ladder: Ladder, kg: Ratio) -> str:
    per_hour, cap = _per_hour(rate, kg), ladder.cap_ml_per_h
    if cap is not None and per_hour.is_above(cap):
        return f"{show(cap)} mL/h, as asked for"
    return f"{show_ratio(rate, 3)} mL/kg/h ({show_ratio(per_hour, 1)} mL/h)"
