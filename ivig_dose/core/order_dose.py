"""An order beside one regimen: its exact grams, and whether days, interval, grams and limits agree."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from ivig_dose.catalogue.models import MAX_G_PER_KG_COURSE, MAX_G_PER_KG_DAY
from ivig_dose.core.calculation import Calculation
from ivig_dose.core.dosing import course_g_per_kg
from ivig_dose.core.interval import TimeSpan, is_same_interval, lies_in
from ivig_dose.core.order_written import Amount, WrittenOrder, in_grams
from ivig_dose.core.results import OrderedDose, RegimenChoice, Tolerance
from ivig_dose.problems import Notice
from ivig_dose.quantity import Ratio, show, show_ratio

OWN_CEILING: Final = "this tool's ceiling"
G_PER_KG_STEP: Final = Decimal("0.000001")
"""To this the g/kg of an order inside a range are rounded to look up the plan's rules; no dose is given from it."""


def lay_dose(ordered: WrittenOrder, calculation: Calculation, asked_days: int | None = None) -> OrderedDose:
    """The order in grams for this patient, over the days that were asked for where it writes none, else the usual."""
    choice = calculation.choices.regimen
    days = ordered.days or asked_days or choice.days
    fixed = choice.regimen.days.high == 1 and ordered.main.per != "day"
    course_g = course_of(ordered.main, ordered, calculation, days)
    day_g = course_g.per(Decimal(days)) if choice.regimen.day_pattern is None else None
    strength = ordered.g_per_100_ml or calculation.choices.g_per_100_ml
    return OrderedDose(
        days=days,
        days_assumed=ordered.days is None and not fixed,
        day_g=day_g,
        course_g=course_g,
        g_per_kg_course=per_kg(course_g, calculation),
        day_ml=None if day_g is None else Ratio(day_g.numerator * 100, day_g.denominator * strength),
    )


def course_of(amount: Amount, ordered: WrittenOrder, calculation: Calculation, days: int) -> Ratio:
    """The exact grams of the course that one figure of an order comes to over so many days."""
    strength = ordered.g_per_100_ml or calculation.choices.g_per_100_ml
    grams = in_grams(amount, calculation.dosing_weight.kg, strength)
    return grams.times(Decimal(days)) if amount.per in ("day", "dose") else grams


def difference_percent(amount_g: Ratio, expected_g: Ratio) -> Ratio:
    """How much more or less than expected, in percent, exact."""
    expected = expected_g.numerator * amount_g.denominator
    return Ratio((amount_g.numerator * expected_g.denominator - expected) * 100, expected)


def nearest_difference(course_g: Ratio, calculation: Calculation) -> Ratio:
    """The difference to the calculated or to the given course, whichever is nearer: both are right answers."""
    given_g = Ratio(calculation.given.rounding.course_g)
    differences = [difference_percent(course_g, right_g) for right_g in (calculation.dose.course_g, given_g)]
    return min(differences, key=lambda percent: Ratio(abs(percent.numerator), percent.denominator))


def is_right(course_g: Ratio, calculation: Calculation, tolerance: Tolerance) -> bool:
    """Whether a course is the calculated one within the tolerance, or the given one where that is within it."""
    calculated_g, given_g = calculation.dose.course_g, Ratio(calculation.given.rounding.course_g)
    if tolerance.allows(difference_percent(course_g, calculated_g)):
        return True
    is_given = not difference_percent(course_g, given_g).numerator
    return is_given and tolerance.allows(difference_percent(given_g, calculated_g))


def per_kg(amount_g: Ratio, calculation: Calculation) -> Ratio:
    """Grams for each kg of the dosing weight, exact."""
    kg = calculation.dosing_weight.kg
    return Ratio(amount_g.numerator * kg.denominator, amount_g.denominator * kg.numerator)


def find_in_range(course_g: Ratio, calculation: Calculation, tolerance: Tolerance) -> Decimal | None:
    """The g/kg of the regimen's own basis that a course comes to, where the regimen's range has it; else None.

    The tolerance holds at the ends of the range, where whole vials may lie just outside; the figure lies inside.
    """
    choice = calculation.choices.regimen
    regimen, days = choice.regimen, choice.days
    course = per_kg(course_g, calculation)
    low, high = (course_g_per_kg(regimen, end, days) for end in (regimen.g_per_kg.low, regimen.g_per_kg.high))
    if course.is_below(low * (100 - tolerance.below_percent) / 100):
        return None
    if course.is_above(high * (100 + tolerance.above_percent) / 100):
        return None
    own = course.per(Decimal(days)) if regimen.basis == "per_day" else course
    return min(max(own.to_step(G_PER_KG_STEP), regimen.g_per_kg.low), regimen.g_per_kg.high)


def is_interval_of(choice: RegimenChoice, written: TimeSpan | None) -> bool:
    """Whether a written interval is the one that was asked for, or else lies in the regimen's range.

    One that is not written is not held against it.
    """
    if written is None:
        return True
    if choice.interval is not None and choice.interval_chosen_by == "request":
        return is_same_interval(written, choice.interval)
    spacing = choice.regimen.day_spacing
    if written.is_spacing and spacing > 1:
        return written.number == spacing
    return choice.repeats is not None and lies_in(written, choice.repeats)


def list_broken_limits(dose: OrderedDose, calculation: Calculation) -> Iterator[Notice]:
    """A warning for each hard limit that the order itself breaks: the regimen's maxima and this tool's ceilings."""
    choice = calculation.choices.regimen
    limits = choice.regimen.limits
    day_g = dose.day_g or dose.course_g
    course_per_kg, day_per_kg = per_kg(dose.course_g, calculation), per_kg(day_g, calculation)
    whose = f"the maximum of {choice.regimen.id}"
    bounds: tuple[tuple[Decimal | None, Ratio, str, str], ...] = (
        (MAX_G_PER_KG_COURSE, course_per_kg, "g/kg for the course", OWN_CEILING),
        (MAX_G_PER_KG_DAY, day_per_kg, "g/kg a day", OWN_CEILING),
        (limits.g_per_course if limits else None, dose.course_g, "g for the course", whose),
        (limits.g_per_day if limits else None, day_g, "g a day", whose),
        (limits.g_per_kg_per_day if limits else None, day_per_kg, "g/kg a day", whose),
    )
    for limit, value, unit, owner in bounds:
        if limit is not None and value.is_above(limit):
            text = f"The order is {show_ratio(value)} {unit}, above {owner}, {show(limit)} {unit}."
            yield Notice("order-above-limit", "warning", text, () if owner == OWN_CEILING else choice.sources)


def note_range(dose: OrderedDose, calculation: Calculation) -> Iterator[Notice]:
    """A note where the order is more than the regimen's own highest g/kg, which rounding may bring about."""
    choice = calculation.choices.regimen
    highest = course_g_per_kg(choice.regimen, choice.regimen.g_per_kg.high, dose.days)
    value = per_kg(dose.course_g, calculation)
    if value.is_above(highest):
        text = (
            f"The order is {show_ratio(value)} g/kg for the course, above the range of {choice.regimen.id}, "
            f"{show(highest)} g/kg for the course."
        )
        yield Notice("order-above-range", "note", text, choice.sources)
