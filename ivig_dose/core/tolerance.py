"""How far rounding may move a dose: the grams allowed for each day and for the course, and what leaves them.

A course may move by the tolerance and a day by the tolerance of a day. Neither passes a limit, nor by more than the
tolerance the highest g/kg that the regimen gives.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from ivig_dose.catalogue.models import MAX_G_PER_KG_COURSE, MAX_G_PER_KG_DAY, Regimen
from ivig_dose.core.choices import Choices
from ivig_dose.core.dosing import course_g_per_kg
from ivig_dose.core.results import Dose
from ivig_dose.core.vials import Allowed, Span
from ivig_dose.quantity import ZERO, Ratio, show, show_ratio

WHOLE = Decimal(100)


def allow_grams(dose: Dose, choices: Choices, dosing_kg: Ratio) -> Allowed:
    """What whole vials or a step in grams may make of each day and of the course."""
    percent, day_limit = choices.tolerance_percent, find_day_limit(choices, dosing_kg)
    raised_kg = dosing_kg.times(WHOLE + percent).per(WHOLE)
    course_limit = min(find_limits(choices, dosing_kg).course_g, raised_kg.times(_course_g_per_kg_high(choices)))
    days = {share: _around(share, choices.day_tolerance_percent, day_limit) for share in set(dose.days_g)}
    course_limit = course_limit.minus(dose.before_g)
    return Allowed(tuple(days[share] for share in dose.days_g), _around(dose.course_g, percent, course_limit))


def allow_exact(dose: Dose, choices: Choices, dosing_kg: Ratio) -> Allowed:
    """What doses to 0.001 g may come to: only the limits hold, because no tolerance is as small as the step."""
    limits, nothing = find_limits(choices, dosing_kg), Ratio(ZERO)
    course = Span(nothing, limits.course_g.minus(dose.before_g))
    return Allowed((Span(nothing, limits.day_g),) * len(dose.days_g), course)


def _around(exact_g: Ratio, percent: Decimal, limit_g: Ratio) -> Span:
    lowest = exact_g.times(max(ZERO, WHOLE - percent)).per(WHOLE)
    return Span(lowest, min(exact_g.times(WHOLE + percent).per(WHOLE), limit_g))


class GramLimits(NamedTuple):
    """The grams that no day and no course passes: the regimen's limits and the hard ceilings."""

    day_g: Ratio
    course_g: Ratio


def find_limits(choices: Choices, dosing_kg: Ratio) -> GramLimits:
    """The limits for a dosing weight."""
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
    return GramLimits(min(day), min(course))


def find_day_limit(choices: Choices, dosing_kg: Ratio) -> Ratio:
    """The most grams of one day: no limit is passed, nor the regimen's highest by more than the tolerance."""
    high = day_g_per_kg_high(choices.regimen.regimen)
    raised_g = dosing_kg.times(high.numerator * (WHOLE + choices.tolerance_percent)).per(high.denominator * WHOLE)
    return min(find_limits(choices, dosing_kg).day_g, raised_g)


def day_g_per_kg_high(regimen: Regimen) -> Ratio:
    """The most g/kg that the regimen gives on one day: its highest figure over its fewest days."""
    high = regimen.g_per_kg.high
    if regimen.basis == "per_day":
        return Ratio(high)
    if regimen.day_pattern is not None:
        return Ratio(high * max(regimen.day_pattern), sum(regimen.day_pattern, ZERO))
    return Ratio(high, Decimal(regimen.days.low))


def _course_g_per_kg_high(choices: Choices) -> Decimal:
    regimen = choices.regimen.regimen
    return course_g_per_kg(regimen, regimen.g_per_kg.high, choices.regimen.days)


def explain_breach(days_g: tuple[Decimal, ...], dose: Dose, choices: Choices, dosing_kg: Ratio) -> str:
    """What these days would give and why that is not allowed, in words that follow "would give"."""
    return next(_list_breaches(days_g, dose, choices, dosing_kg))


def _list_breaches(days_g: tuple[Decimal, ...], dose: Dose, choices: Choices, dosing_kg: Ratio) -> Iterator[str]:
    regimen, percent = choices.regimen.regimen, choices.tolerance_percent
    limits, several = find_limits(choices, dosing_kg), len(days_g) > 1
    of_course, of_day = (" for the course", " on a day") if several else ("", "")
    day_g, course_g = max(days_g), sum(days_g, ZERO)
    # A course that has begun is held against its limits whole, and against the tolerance as what is left of it.
    whole_g, of_whole = course_g + dose.before_g, " for the whole course" if dose.before_g else of_course
    for given_g, limit_g, what in ((whole_g, limits.course_g, of_whole), (day_g, limits.day_g, of_day)):
        if limit_g.is_below(given_g):
            yield f"{show(given_g)} g{what}, above the limit of {show_ratio(limit_g)} g"
    shares = [(course_g, dose.course_g, percent, of_course)]
    for share_g, exact_g in zip(days_g, dose.days_g, strict=True):
        shares.append((share_g, exact_g, choices.day_tolerance_percent, of_day))
    for given_g, exact_g, allowed, what in shares:
        change = change_percent(given_g, exact_g)
        if abs(change.numerator) > allowed * change.denominator:
            yield (
                f"{show(given_g)} g{what}, {describe_change(change)} than the exact {show_ratio(exact_g)} g "
                f"(allowed: {show(allowed)} %)"
            )
    for given_g, highest, what in (
        (whole_g, Ratio(_course_g_per_kg_high(choices)), of_whole),
        (day_g, day_g_per_kg_high(regimen), of_day),
    ):
        per_kg = Ratio(given_g * dosing_kg.denominator, dosing_kg.numerator)
        if highest.times(WHOLE + percent) < per_kg.times(WHOLE):
            yield (
                f"{show(given_g)} g{what}, {show_ratio(per_kg)} g/kg: {regimen.id} gives at most "
                f"{show_ratio(highest)} g/kg{what} (allowed: {show(percent)} % more)"
            )


def change_percent(given_g: Decimal, exact_g: Ratio) -> Ratio:
    """By how many percent a dose differs from the exact one; below 0 where it is less."""
    return Ratio((given_g * exact_g.denominator - exact_g.numerator) * WHOLE, exact_g.numerator)


def describe_change(change: Ratio) -> str:
    """`296.8 % more`, `44.4 % less`."""
    size = Ratio(abs(change.numerator), change.denominator)
    return f"{show_ratio(size, 1)} % {'more' if change.numerator > 0 else 'less'}"
