"""In what an order differs from what is expected, and what it leaves unsaid."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from ivig_dose.core.calculation import Calculation
from ivig_dose.core.dosing import describe_days
from ivig_dose.core.interval import is_same_interval, write_interval, write_range
from ivig_dose.core.order_dose import (
    course_of,
    difference_percent,
    is_interval_of,
    is_right,
    list_broken_limits,
    nearest_difference,
)
from ivig_dose.core.order_infusion import find_short_time, list_fast_steps
from ivig_dose.core.order_parts import find_products
from ivig_dose.core.order_written import Amount, WrittenOrder
from ivig_dose.core.results import Finding, OrderedDose, Tolerance
from ivig_dose.problems import Notice
from ivig_dose.quantity import Ratio, show, show_ratio

PART_VIALS: Final = "part-vials"
"""The warning of a plan whose grams are no whole vials."""


def list_differences(
    written: WrittenOrder, dose: OrderedDose, expected: Calculation, tolerance: Tolerance
) -> Iterator[Finding]:
    """Days, interval and grams that are not the expected ones."""
    choice = expected.choices.regimen
    regimen = choice.regimen
    if not regimen.days.low <= dose.days <= regimen.days.high:
        yield Finding("days", f"{_days(dose.days)} ordered; {regimen.id} has {describe_days(regimen)}")
    elif written.days is not None and choice.days_chosen_by == "request" and written.days != choice.days:
        yield Finding("days", f"{_days(written.days)} ordered, {_days(choice.days)} asked for")
    elif dose.days_assumed and written.main.per == "day" and regimen.days.high == 1:
        yield Finding(
            "days", f"a dose for each day ordered without its days; {regimen.id} has {describe_days(regimen)}"
        )
    if not is_interval_of(expected.choices.regimen, written.interval) and written.interval is not None:
        yield Finding("interval", f"every {write_interval(written.interval)} ordered; {_tell_interval(expected)}")
    if not is_right(dose.course_g, expected, tolerance):
        percent = nearest_difference(dose.course_g, expected)
        more = "more" if percent.numerator > 0 else "less"
        off = show_ratio(Ratio(abs(percent.numerator), percent.denominator), 1)
        course = show(expected.given.rounding.course_g)
        text = f"{show_ratio(dose.course_g)} g for the course ordered, {course} g expected: {off} % {more}"
        yield Finding("grams", text)
    for warning in list_broken_limits(dose, expected):
        yield Finding("limit", warning.text.removesuffix("."))


def list_conflicts(
    written: WrittenOrder, dose: OrderedDose, calculation: Calculation, tolerance: Tolerance
) -> Iterator[Finding]:
    """What conflicts beside grams, days and interval: strength, product, further figures, part vials, time and rate."""
    strength, product = calculation.choices.g_per_100_ml, calculation.choices.product
    if product is not None and written.g_per_100_ml not in (None, strength):
        ordered = show(written.g_per_100_ml or strength)
        yield Finding("strength", f"{ordered} % ordered; {product.id} is {show(strength)} %")
    if written.product is not None and product is not None:
        meant = find_products(written.product, written.g_per_100_ml, calculation.choices.catalogue.products.values())
        if product not in meant:
            yield Finding("product", f"{written.product} ordered, {product.id} asked for")
    for amount in written.amounts[1:]:
        course_g = course_of(amount, written, calculation, dose.days)
        if not tolerance.allows(difference_percent(course_g, dose.course_g)):
            text = (
                f"{show(amount.value)} {amount.unit} comes to {show_ratio(course_g)} g for the course, "
                f"the rest of the order to {show_ratio(dose.course_g)} g{_name_strength(amount, course_g, dose)}"
            )
            yield Finding("contradiction", text)
    yield from _find_part_vials(dose, calculation)
    yield from find_short_time(written, dose, calculation)
    yield from list_fast_steps(written.rate, calculation)


def _name_strength(amount: Amount, course_g: Ratio, dose: OrderedDose) -> str:
    """What a volume of half or twice the grams is: that of the other strength."""
    if amount.unit != "mL":
        return ""
    for factor, words in (
        (Decimal(2), ": the volume of a 5 % product"),
        (Decimal("0.5"), ": the volume of a 10 % product"),
    ):
        if not difference_percent(course_g, dose.course_g.times(factor)).numerator:
            return words
    return ""


def _find_part_vials(dose: OrderedDose, calculation: Calculation) -> Iterator[Finding]:
    """An order that needs part vials must be for the grams that are calculated or given; any others ignore that."""
    rounding = calculation.given.rounding
    if not any(notice.id == PART_VIALS for notice in calculation.notices):
        return
    rights = (calculation.dose.course_g, Ratio(rounding.course_g))
    if all(difference_percent(dose.course_g, right_g).numerator for right_g in rights):
        text = (
            f"{show_ratio(dose.course_g)} g ordered; no whole vials come near enough, and part vials give "
            f"{show(rounding.course_g)} g"
        )
        yield Finding(PART_VIALS, text)


def note_unwritten(written: WrittenOrder, dose: OrderedDose, expected: Calculation) -> Iterator[Notice]:
    """A note for each thing that the order leaves out and that is assumed, and for a month taken as 4 weeks."""
    usual = expected.choices.regimen.interval
    if dose.days_assumed:
        yield Notice("order-days-assumed", "note", f"The order does not write its days: {_days(dose.days)} assumed.")
    if usual is None:
        return
    if written.interval is None:
        text = f"The order does not write its interval: every {write_interval(usual)} assumed."
        yield Notice("order-interval-assumed", "note", text)
    elif "months" in (usual.unit, written.interval.unit) and usual.unit != written.interval.unit:
        same = is_same_interval(written.interval, usual)
        text = f"The order says every {write_interval(written.interval)}, the regimen every {write_interval(usual)}."
        yield Notice("order-month-and-weeks", "note", f"{text} They are taken as the same." if same else text)


def _tell_interval(expected: Calculation) -> str:
    choice = expected.choices.regimen
    if choice.repeats is None:
        return f"{choice.regimen.id} is one course"
    if choice.interval is not None and choice.interval_chosen_by == "request":
        return f"every {write_interval(choice.interval)} was asked for"
    return f"{choice.regimen.id} has {write_range(choice.repeats)}"


def _days(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"
