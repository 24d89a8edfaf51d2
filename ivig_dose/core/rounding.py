"""From the exact dose to what is given: each day on the grid, its vials, and what rounding did to the course."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from ivig_dose.catalogue.models import MAX_G_PER_KG_COURSE, MAX_G_PER_KG_DAY, Product
from ivig_dose.core.choices import Choices
from ivig_dose.core.dosing import course_g_per_kg
from ivig_dose.core.results import Dose, Rounding, VialCount
from ivig_dose.core.stock import split_from_stock
from ivig_dose.core.vials import Ceilings, VialGrid, pick_vials, split_course
from ivig_dose.problems import Notice, Refusal
from ivig_dose.quantity import ZERO, Ratio, show, show_ratio


class Given(NamedTuple):
    """What is given: the grams of each day, the vials of each day, and how that differs from the exact course."""

    days_g: tuple[Decimal, ...]
    vials: tuple[tuple[VialCount, ...], ...]
    rounding: Rounding


def round_course(dose: Dose, choices: Choices, dosing_kg: Ratio) -> Given | Refusal:
    """The course as given. Refused where no split keeps below the ceilings, or the stock cannot make the course."""
    split = split_days(dose, choices, dosing_kg)
    if isinstance(split, Refusal):
        return split
    vials = _pick_days(choices.sizes_g, split.days_g) if split.vials is None else split.vials
    return Given(split.days_g, vials, describe_rounding(dose.course_g, sum(split.days_g, ZERO), choices))


class Split(NamedTuple):
    """The grams of each day, and their vials where they had to be found together with the grams."""

    days_g: tuple[Decimal, ...]
    vials: tuple[tuple[VialCount, ...], ...] | None


def split_days(dose: Dose, choices: Choices, dosing_kg: Ratio) -> Split | Refusal:
    """The grams of each day as given, refused as `round_course` refuses."""
    ceilings = _find_ceilings(choices, dosing_kg)
    if choices.stock is not None:
        taken = split_from_stock(dose.days_g, choices.stock, choices.direction, choices.tolerance_percent, ceilings)
        return taken if isinstance(taken, Refusal) else Split(*taken)
    split = split_course(dose.days_g, choices.grid, choices.direction, ceilings)
    return _refuse_smallest(choices, dose, dosing_kg) if split is None else Split(split, None)


def _pick_days(sizes_g: tuple[Decimal, ...], days_g: tuple[Decimal, ...]) -> tuple[tuple[VialCount, ...], ...]:
    if not sizes_g:
        return ((),) * len(days_g)
    picked = {dose_g: pick_vials(sizes_g, dose_g) or () for dose_g in set(days_g)}
    return tuple(picked[dose_g] for dose_g in days_g)


def describe_rounding(exact_g: Ratio, given_g: Decimal, choices: Choices) -> Rounding:
    """What rounding did to a course, and whether that lies within the tolerance."""
    difference = Ratio(given_g * exact_g.denominator - exact_g.numerator, exact_g.denominator)
    percent = Ratio(difference.numerator * 100, exact_g.numerator)
    within = abs(percent.numerator) <= choices.tolerance_percent * percent.denominator
    return Rounding(
        choices.rule, choices.step_g, choices.direction, given_g, difference, percent, choices.tolerance_percent, within
    )


def _find_ceilings(choices: Choices, dosing_kg: Ratio) -> Ceilings:
    """The grams that a rounded day and course may not pass: the regimen's limits and the hard ceilings."""
    limits = choices.regimen.regimen.limits
    day = [dosing_kg.times(MAX_G_PER_KG_DAY)]
    course = [dosing_kg.times(MAX_G_PER_KG_COURSE)]
    if limits is not None:
        if limits.g_per_day is not None:
            day.append(Ratio(limits.g_per_day))
        if limits.g_per_kg_per_day is not None:
            day.append(dosing_kg.times(limits.g_per_kg_per_day))
        if limits.g_per_course is not None:
            course.append(Ratio(limits.g_per_course))
    return Ceilings(min(day), min(course))


def _refuse_smallest(choices: Choices, dose: Dose, dosing_kg: Ratio) -> Refusal:
    smallest = choices.grid.above(ZERO)
    what, instead = "rounding step", "choose a smaller step, or --round none"
    if choices.rule == "vial" and choices.product:
        what = f"vial of {choices.product.id}"
        instead = "choose a product with smaller vials, or --round none"
    days = len(dose.days_g)
    least = f"{show(smallest)} g" if days == 1 else f"{show(smallest)} g on each of {days} days"
    return Refusal(
        "smallest-vial-above-limit",
        f"the exact course is {show_ratio(dose.course_g)} g, and the smallest {what}, {least}, "
        f"would pass {_name_ceiling(choices, dosing_kg, smallest, days)}",
        instead,
    )


def _name_ceiling(choices: Choices, dosing_kg: Ratio, smallest_g: Decimal, days: int) -> str:
    """The ceiling that the smallest dose on every day would pass, in words."""
    if dosing_kg.times(MAX_G_PER_KG_DAY).is_below(smallest_g):
        return f"{show(MAX_G_PER_KG_DAY)} g/kg a day"
    if dosing_kg.times(MAX_G_PER_KG_COURSE).is_below(smallest_g * days):
        return f"{show(MAX_G_PER_KG_COURSE)} g/kg for the course"
    return f"a maximum of {choices.regimen.regimen.id}"


def warn_of_tolerance(given: Given, dose: Dose, choices: Choices, dosing_kg: Ratio) -> Iterator[Notice]:
    """A warning where rounding moves the course by more than the tolerance, naming what would keep within it."""
    rounding = given.rounding
    if rounding.within_tolerance:
        return
    way = "up" if rounding.difference_g.numerator > 0 else "down"
    change = f"{show_ratio(_size(rounding.difference_percent), 1)} % {way}"
    finer = [product.id for product in _list_finer(dose, choices, dosing_kg)]
    instead = (
        f"smaller vials would keep within it: {', '.join(finer[:3])}" if finer else "--round none gives exact grams"
    )
    yield Notice(
        "rounding-outside-tolerance",
        "warning",
        f"Rounding moves the course {change}, more than {show(rounding.tolerance_percent)} %"
        f"{_tell_above_range(rounding, choices, dosing_kg)}; {instead}.",
    )


def _tell_above_range(rounding: Rounding, choices: Choices, dosing_kg: Ratio) -> str:
    """What is given in g/kg where that is above the most that the regimen gives in as many days; else nothing."""
    regimen = choices.regimen.regimen
    highest = course_g_per_kg(regimen, regimen.g_per_kg.high, choices.regimen.days)
    given = Ratio(rounding.course_g * dosing_kg.denominator, dosing_kg.numerator)
    if not given.is_above(highest):
        return ""
    return f", to {show_ratio(given)} g/kg where {regimen.id} gives at most {show(highest)} g/kg"


def _size(value: Ratio) -> Ratio:
    return Ratio(abs(value.numerator), value.denominator)


def _list_finer(dose: Dose, choices: Choices, dosing_kg: Ratio) -> Iterator[Product]:
    """The catalogue's other products whose vials would keep the course within the tolerance, the same region first."""
    product = choices.product
    region = product.region if product else ""
    ceilings = _find_ceilings(choices, dosing_kg)
    for other in sorted(choices.catalogue.products.values(), key=lambda other: other.region != region):
        if product is not None and other.id == product.id:
            continue
        split = split_course(dose.days_g, VialGrid(tuple(vial.g for vial in other.vials)), choices.direction, ceilings)
        if split is not None and describe_rounding(dose.course_g, sum(split, ZERO), choices).within_tolerance:
            yield other
