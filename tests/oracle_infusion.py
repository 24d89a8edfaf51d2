"""The infusion ladder (issue 4 point 5; hazards E-09, E-11, E-13)."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tests.oracle_vials import floored
from tests.oracle_weight import within

HALF_HOUR = Fraction(30)
Rung = tuple[Fraction, Fraction]
"""A rate in mL/kg/h and how many minutes it is held."""


@dataclass(frozen=True)
class Rates:
    """How fast a product may run: its rungs before the volume is known, and its maximum in mL/kg/h."""

    rungs: list[Rung]
    maximum: Fraction


@dataclass(frozen=True)
class Step:
    """One step as the pump runs it, exact: the label's rate, the pump's rate, minutes, volume, volume so far."""

    rate_ml_per_kg_per_h: Fraction
    rate_ml_per_h: Fraction
    minutes: Fraction
    volume_ml: Fraction
    cumulative_ml: Fraction


def ml_per_kg_per_h(printed: dict[str, Any], g_per_100_ml: Fraction) -> Fraction:
    """A label's rate in mL/kg/h at the product's concentration; of two printed units the lower counts."""
    mg_per_ml = g_per_100_ml * 10
    factor = {
        "mL/kg/h": Fraction(1),
        "mL/kg/min": Fraction(60),
        "mg/kg/min": 60 / mg_per_ml,
        "mg/kg/h": 1 / mg_per_ml,
    }[printed["unit"]]
    rate = printed["value"] * factor
    also = printed.get("also")
    return rate if also is None else min(rate, ml_per_kg_per_h(also, g_per_100_ml))


def choose_table(product: dict[str, Any], indication: str, risks: Iterable[str]) -> dict[str, Any] | None:
    """The rate table for the indication: `first` unless the patient is known not to be at a first infusion.

    A table that is printed for any infusion serves where there is none for this one; None where no table names
    the indication.
    """
    tables = [table for table in product["rates"] if indication in table["indications"]]
    order = ("later", "any", "first") if "no-first-infusion" in set(risks) else ("first", "any", "later")
    for infusion in order:
        for table in tables:
            if table.get("infusion", "any") == infusion:
                return table
    return None


def doubling(start: Fraction, maximum: Fraction, first_minutes: Fraction, later_minutes: Fraction) -> list[Rung]:
    """From `start` the rate doubles until the maximum is reached."""
    rungs, rate, minutes = [], start, first_minutes
    while rate < maximum:
        rungs.append((rate, minutes))
        rate, minutes = rate * 2, later_minutes
    return [*rungs, (maximum, minutes)]


def rates_for(
    product: dict[str, Any], indication: str, risks: Iterable[str] = (), age_years: Fraction | None = None
) -> Rates:
    """The rungs and the maximum for a product, an indication and a patient.

    Printed steps where there are any; else doubling every `step_minutes` (30 where the label is silent) after
    `start_minutes` at the first rate. Without a table for the indication: the lowest of the product's starts and of
    its maxima, doubling every 30 minutes. A patient at risk, by a stated risk or above the label's age, is held to the
    label's lower maximum where it has one.
    """
    strength = product["g_per_100_ml"]
    table = choose_table(product, indication, risks)
    if table is None:
        start = min(ml_per_kg_per_h(each["start"], strength) for each in product["rates"])
        maximum = min(ml_per_kg_per_h(each["maximum"], strength) for each in product["rates"])
    else:
        start = ml_per_kg_per_h(table["start"], strength)
        maximum = ml_per_kg_per_h(table["maximum"], strength)
    at_risk = product.get("at_risk") or {}
    ages = at_risk.get("age_years")
    too_old = ages is not None and age_years is not None and within(ages, age_years)
    if at_risk.get("maximum") is not None and (too_old or set(at_risk["risks"]) & set(risks)):
        maximum = min(maximum, ml_per_kg_per_h(at_risk["maximum"], strength))
    if table is None:
        return Rates(doubling(start, maximum, HALF_HOUR, HALF_HOUR), maximum)
    if table.get("steps"):
        steps = [(ml_per_kg_per_h(step, strength), step.get("minutes") or HALF_HOUR) for step in table["steps"]]
        return Rates(steps, maximum)
    later = table.get("step_minutes") or HALF_HOUR
    return Rates(doubling(start, maximum, table.get("start_minutes") or later, later), maximum)


def ladder(
    rates: Rates, dosing_kg: Fraction, volume_ml: Fraction, pump_step: Fraction, plateau: Fraction | None = None
) -> list[Step]:
    """The steps that give `volume_ml`: rates rounded down to the pump step, the last one until the volume is given.

    The first rung that reaches the maximum (or the `plateau` in mL/h, where one is chosen) is the last. No step is
    empty: a volume that is given at the end of a rung has no further step. Where the first rate rounds down to 0 there
    is no ladder at all, because every other rung is faster than the label's start.
    """
    done: list[Step] = []
    given = Fraction(0)
    for number, (label_rate, minutes) in enumerate(rates.rungs):
        rate = min(label_rate, rates.maximum)
        pump = floored(rate * dosing_kg, pump_step)
        if plateau is not None:
            pump = min(pump, plateau)
        if pump == 0:
            return []
        last = number == len(rates.rungs) - 1 or rate == rates.maximum or pump == plateau
        volume = volume_ml - given if last else min(pump * minutes / 60, volume_ml - given)
        given += volume
        done.append(Step(rate, pump, volume / pump * 60, volume, given))
        if last or given == volume_ml:
            break
    return done


def total_minutes(steps: list[Step]) -> Fraction:
    """How long the infusion takes."""
    return sum((step.minutes for step in steps), Fraction(0))


@dataclass(frozen=True)
class Plateau:
    """What can be done about the hours that a regimen sets: `verdict` is `yes`, `too-slow` or `no`.

    `too-slow` means that even the product's maximum takes longer; `no` that the pump's grid has no rate for it.
    `lowest` is the slowest plateau in mL/h that keeps the upper limit.
    """

    verdict: str
    lowest: Fraction


def plateau_for(
    hours: dict[str, Fraction], rates: Rates, dosing_kg: Fraction, volume_ml: Fraction, pump_step: Fraction
) -> Plateau:
    """Whether a plateau on the pump's grid brings the total into `hours`.

    A higher plateau never takes longer, so the slowest that keeps the upper limit is found by halving.
    """

    def total(plateau: int) -> Fraction:
        return total_minutes(ladder(rates, dosing_kg, volume_ml, pump_step, plateau * pump_step))

    low, high = 1, int(rates.maximum * dosing_kg / pump_step)
    if high < 1 or total(high) > hours["high"] * 60:
        return Plateau("too-slow", high * pump_step)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if total(middle) <= hours["high"] * 60 else (middle + 1, high)
    return Plateau("yes" if total(low) >= hours["low"] * 60 else "no", low * pump_step)
