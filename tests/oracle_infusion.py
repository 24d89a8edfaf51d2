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
    below: bool = False
    """Whether the maximum itself is not to be reached."""


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

    After a long gap or a change of product an infusion is given like a first one.

    A table that is printed for any infusion serves where there is none for this one; None where no table names
    the indication.
    """
    tables = [table for table in product["rates"] if indication in table["indications"]]
    anew = {"long-gap", "product-switch"} & set(risks)
    order = ("later", "any", "first") if "no-first-infusion" in set(risks) and not anew else ("first", "any", "later")
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


def risk_limit(
    product: dict[str, Any], of_class: dict[str, Any], risks: Iterable[str], age_years: Fraction | None
) -> tuple[Fraction | None, bool]:
    """The lower maximum for a patient at risk in mL/kg/h, and whether the rate must stay below it.

    The label's own figure where it prints one for this patient. Where it asks for the lowest practicable rate without a
    number, or is silent about what the class warns of, the class's figure (3.3 mg/kg/min).
    """

    def concerns(words: dict[str, Any]) -> bool:
        ages = words.get("age_years")
        return bool(set(words.get("risks", ())) & set(risks)) or bool(
            ages is not None and age_years is not None and within(ages, age_years)
        )

    label = product.get("at_risk") or {}
    if concerns(label) and label.get("maximum"):
        return ml_per_kg_per_h(label["maximum"], product["g_per_100_ml"]), bool(label.get("maximum_is_below"))
    if of_class and (concerns(label) or concerns(of_class)):
        return ml_per_kg_per_h(of_class["maximum"], product["g_per_100_ml"]), False
    return None, False


def rates_for(
    product: dict[str, Any],
    indication: str,
    risks: Iterable[str] = (),
    age_years: Fraction | None = None,
    of_class: dict[str, Any] | None = None,
    of_disease: dict[str, Any] | None = None,
) -> Rates:
    """The rungs and the maximum for a product, an indication and a patient.

    Printed steps where there are any; else doubling every `step_minutes` (30 where the label is silent) after
    `start_minutes` at the first rate. Without a table for the indication: the lowest of the product's starts and of
    its maxima, doubling every 30 minutes. A patient at risk is held to the lower maximum of `risk_limit`, a disease to
    its own for every product.
    """
    strength = product["g_per_100_ml"]
    table = choose_table(product, indication, risks)
    if table is None:
        start = min(ml_per_kg_per_h(each["start"], strength) for each in product["rates"])
        maximum = min(ml_per_kg_per_h(each["maximum"], strength) for each in product["rates"])
    else:
        start = ml_per_kg_per_h(table["start"], strength)
        maximum = ml_per_kg_per_h(table["maximum"], strength)
    if of_disease:
        maximum = min(maximum, ml_per_kg_per_h(of_disease, strength))
    limit, below = risk_limit(product, of_class or {}, risks, age_years)
    below = below and limit is not None and limit < maximum
    if limit is not None:
        maximum = min(maximum, limit)
    if table is None:
        return Rates(doubling(start, maximum, HALF_HOUR, HALF_HOUR), maximum, below)
    if table.get("steps"):
        steps = [(ml_per_kg_per_h(step, strength), step.get("minutes") or HALF_HOUR) for step in table["steps"]]
        return Rates(steps, maximum, below)
    later = table.get("step_minutes") or HALF_HOUR
    return Rates(doubling(start, maximum, table.get("start_minutes") or later, later), maximum, below)


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
        if rates.below and pump == rates.maximum * dosing_kg:
            pump -= pump_step
        if plateau is not None:
            pump = min(pump, plateau)
        if pump == 0:
            return []
        last = number == len(rates.rungs) - 1 or rate == rates.maximum or pump == plateau
        volume = volume_ml - given if last else min(pump * minutes / 60, volume_ml - given)
        given += volume
        if done and done[-1].rate_ml_per_h == pump:  # the pump cannot tell the two rungs apart
            before = done.pop()
            rate, volume = before.rate_ml_per_kg_per_h, before.volume_ml + volume
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
    if rates.below and high * pump_step == rates.maximum * dosing_kg:
        high -= 1
    if high < 1 or total(high) > hours["high"] * 60:
        return Plateau("too-slow", high * pump_step)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if total(middle) <= hours["high"] * 60 else (middle + 1, high)
    return Plateau("yes" if total(low) >= hours["low"] * 60 else "no", low * pump_step)
