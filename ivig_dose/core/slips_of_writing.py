"""Slips of writing and reading: days, interval, units, strength, decimal point, several products, a vial's size."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from ivig_dose.core.interval import write_interval
from ivig_dose.core.order_dose import difference_percent, find_in_range, is_interval_of, per_kg
from ivig_dose.core.results import Slip, Tolerance
from ivig_dose.core.slip_situation import Situation, count_days, in_milligrams
from ivig_dose.quantity import DOSE_STEP_G, MG_PER_G, ZERO, Ratio, show, show_ratio

SEVERAL_PRODUCTS: Final = (2, 3)


def course_taken_as_daily(situation: Situation) -> Iterator[Slip]:
    """The whole course given on each day, as in the published order of 150 g for 5 days."""
    course_g, days = situation.course_g, situation.days
    given = situation.dose.days if situation.is_daily else days
    if days == 1 or given == 1:
        return
    text = (
        f"the course of {show(course_g)} g taken as the dose of each day (x{given}): {show(course_g)} g x {given} days "
        f"= {show(course_g * given)} g; a day is {show(max(situation.expected.given.days_g))} g"
    )
    yield Slip("course-taken-as-daily", text, course_g * given)


def daily_taken_as_course(situation: Situation) -> Iterator[Slip]:
    """The dose of one day given as the whole course."""
    course_g, days = situation.course_g, situation.days
    if days == 1:
        return
    share = in_milligrams(Ratio(course_g, Decimal(days)))
    text = (
        f"the dose of one day taken as the whole course (/{days}): {show(course_g)} g / {days} days = {show(share)} g; "
        f"the course is {show(course_g)} g"
    )
    yield Slip("daily-taken-as-course", text, share)


def wrong_number_of_days(situation: Situation) -> Iterator[Slip]:
    """The right dose of a day for other days than expected, or the dose of a day of a course over other days."""
    if not situation.is_daily or situation.dose.day_g is None:
        return
    course_g, regimen = situation.course_g, situation.expected.choices.regimen.regimen
    ordered_days = situation.dose.days
    others = [days for days in range(regimen.days.low, regimen.days.high + 1) if days != situation.days]
    if regimen.basis == "per_day":
        others = []
    for days in (situation.days, *others):
        day_g = in_milligrams(Ratio(course_g, Decimal(situation.days if regimen.basis == "per_day" else days)))
        if days == ordered_days:
            continue
        text = (
            f"the number of days: {show(day_g)} g a day is the dose for {count_days(days)}; "
            f"for {count_days(ordered_days)} it comes to {show(day_g * ordered_days)} g"
        )
        yield Slip("wrong-number-of-days", text, day_g * ordered_days)


def wrong_interval(situation: Situation) -> Iterator[Slip]:
    """Right grams at another interval, an interval left out, and grams doubled or halved with the interval."""
    choice, written = situation.expected.choices.regimen, situation.ordered.interval
    regimen, course_g = choice.regimen, situation.course_g
    if choice.interval is None:
        return
    usual = write_interval(choice.interval)
    if situation.is_daily and written is None and regimen.days.high == 1 and situation.ordered.main.per == "day":
        days = situation.dose.days
        text = f"the interval left out: {show(course_g)} g every {usual}, ordered for each day"
        yield Slip("interval-dropped", text, course_g * days)
    if written is None:
        return
    every = f"every {write_interval(written)}"
    if not is_interval_of(choice, written):
        in_range = find_in_range(situation.dose.course_g, situation.expected, Tolerance(ZERO, ZERO)) is not None
        amount_g = in_milligrams(situation.dose.course_g) if in_range else course_g
        text = f"the interval: {show(amount_g)} g is the dose every {usual}, and it is ordered {every}"
        yield Slip("wrong-interval", text, amount_g)
    for name, factor, words in (
        ("interval-doubled", Decimal(2), "twice the dose for twice the interval"),
        ("interval-halved", Decimal("0.5"), "half the dose for half the interval"),
    ):
        amount_g = course_g * factor
        yield Slip(name, f"{words}: {show(amount_g)} g {every} for {show(course_g)} g every {usual}", amount_g)


def milligrams(situation: Situation) -> Iterator[Slip]:
    """A milligram for a gram and back, a thousandfold."""
    course_g = situation.course_g
    less, more = in_milligrams(Ratio(course_g, MG_PER_G)), course_g * MG_PER_G
    yield Slip("mg-for-g", f"mg written for g (/1000): {show(course_g)} g becomes {show(less)} g", less)
    yield Slip("g-for-mg", f"g written for mg (x1000): {show(course_g)} g becomes {show(more)} g", more)


def grams_per_kg(situation: Situation) -> Iterator[Slip]:
    """Grams per kg written as grams, and grams as grams per kg."""
    expected, unit = situation.expected, situation.ordered.main.unit
    course_g = situation.course_g
    if unit in ("g", "mg"):
        figure = in_milligrams(per_kg(expected.dose.course_g, expected))
        text = f"g/kg written as g: {show(figure)} g/kg for the course taken as {show(figure)} g"
        yield Slip("g-per-kg-taken-as-g", text, figure)
    if unit in ("g/kg", "mg/kg"):
        kg = expected.dosing_weight.kg
        amount_g = in_milligrams(kg.times(course_g))
        text = f"g written as g/kg: {show(course_g)} g x {show_ratio(kg)} kg = {show(amount_g)} g"
        yield Slip("g-taken-as-g-per-kg", text, amount_g)


def volume_at_other_strength(situation: Situation) -> Iterator[Slip]:
    """A written volume read at half or at twice the strength."""
    if situation.writes_volume:
        yield from _at_other_strength(situation)


def grams_at_other_strength(situation: Situation) -> Iterator[Slip]:
    """Grams from a volume at half or at twice the strength, which the order does not write."""
    if not situation.writes_volume:
        yield from _at_other_strength(situation)


def _at_other_strength(situation: Situation) -> Iterator[Slip]:
    for factor, words in (
        (Decimal(2), "a volume read at 10 % for a 5 % product (x2)"),
        (Decimal("0.5"), "a volume read at 5 % for a 10 % product (/2)"),
    ):
        yield _scaled(situation, "volume-at-other-strength", words, factor)


def decimal_point(situation: Situation) -> Iterator[Slip]:
    """The decimal point one or two places off."""
    for factor, words in (
        (Decimal(10), "the decimal point one place to the right (x10)"),
        (Decimal("0.1"), "the decimal point one place to the left (/10)"),
        (Decimal(100), "the decimal point two places to the right (x100)"),
        (Decimal("0.01"), "the decimal point two places to the left (/100)"),
    ):
        yield _scaled(situation, "decimal-shifted", words, factor)


def several_products(situation: Situation) -> Iterator[Slip]:
    """The dose of a day ordered for each of several products."""
    for number in SEVERAL_PRODUCTS:
        words = f"the dose ordered for each of {number} products (x{number})"
        yield _scaled(situation, "dose-for-each-product", words, Decimal(number))


def _scaled(situation: Situation, name: str, words: str, factor: Decimal) -> Slip:
    course_g = situation.course_g
    amount_g = max(course_g * factor, DOSE_STEP_G)
    return Slip(name, f"{words}: {show(course_g)} g becomes {show(amount_g)} g", amount_g)


def vial_size(situation: Situation) -> Iterator[Slip]:
    """The size of one of the product's vials in the place of the dose."""
    product, day_g = situation.expected.choices.product, situation.dose.day_g
    sizes = [] if product is None or day_g is None else [vial.g for vial in product.vials]
    for size in sizes:
        if day_g is not None and not difference_percent(day_g, Ratio(size)).numerator:
            text = f"the size of a vial taken as the dose: one vial of {show(size)} g a day"
            yield Slip("vial-size-taken-as-dose", text, size * situation.dose.days)
