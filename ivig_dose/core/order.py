"""Checking an order: the ordered grams against the plan, and the single slip that would explain a difference."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal, localcontext
from typing import Final, NamedTuple

from ivig_dose.catalogue.models import MAX_G_PER_KG_COURSE, MAX_G_PER_KG_DAY, Catalogue
from ivig_dose.core.dosing import course_g_per_kg
from ivig_dose.core.names import join_or
from ivig_dose.core.notices import arrange
from ivig_dose.core.order_words import HINT
from ivig_dose.core.order_written import OrderInterval, WrittenOrder, in_grams
from ivig_dose.core.patient import WEIGHT_KG_HARD
from ivig_dose.core.plan import make_plan
from ivig_dose.core.request import Request
from ivig_dose.core.results import OrderCheck, Plan, Slip
from ivig_dose.problems import Notice, Refusal
from ivig_dose.quantity import (
    EXACT,
    KG_PER_POUND,
    Ratio,
    round_to_places,
    show,
    show_ratio,
)

OWN_CEILING: Final = "this tool's ceiling"


def check_order(
    request: Request, ordered: WrittenOrder, catalogue: Catalogue, today: date | None = None
) -> OrderCheck | Refusal:
    """The order beside the plan: match or mismatch within the tolerance, and the slips that would explain it.

    The course is compared as it is given, rounded with rounded. Refused where the plan is refused, and where the
    order does not say whether it is for a day or for the course and there is more than one day.
    """
    with localcontext(EXACT):
        return _check_order(request, ordered, catalogue, today)


def _check_order(
    request: Request, ordered: WrittenOrder, catalogue: Catalogue, today: date | None
) -> OrderCheck | Refusal:
    plan = make_plan(request, catalogue, today)
    if isinstance(plan, Refusal):
        return plan
    days = plan.choice.days
    written_days = ordered.days or days
    if ordered.main.unit == "mL" and plan.product is None and ordered.g_per_100_ml is None:
        return Refusal(
            "order-needs-strength",
            f"{ordered.text} is a volume, and neither the product nor its strength is named",
            "add --product, or write the strength: 300 mL/day of 10 %",
            kind="usage",
        )
    if ordered.main.per is None and days > 1:
        return Refusal(
            "order-needs-basis",
            f"{ordered.text} does not say whether it is for a day or for the course of {days} days",
            HINT,
            kind="usage",
        )
    if ordered.main.per in ("day", "dose") and plan.dose.day_g is None:
        return Refusal(
            "order-by-day-unequal",
            f"the days of {plan.choice.regimen.id} differ, so an order for each day cannot be compared",
            "give the order for the course, such as 140 g/course",
            kind="usage",
        )
    amount = in_grams(ordered.main, plan.dosing_weight.kg, ordered.g_per_100_ml or plan.g_per_100_ml)
    course_g = amount.times(Decimal(written_days)) if ordered.main.per in ("day", "dose") else amount
    expected_g = plan.rounding.course_g
    off = _difference_percent(course_g, expected_g)
    agrees = written_days == days and _is_interval_of(plan, ordered.interval)
    status = "match" if agrees and _within(off, plan.rounding.tolerance_percent) else "mismatch"
    comparison = _Comparison(request, catalogue, plan, course_g)
    return OrderCheck(
        "match" if status == "match" else "mismatch",
        ordered,
        course_g.per(Decimal(written_days)) if plan.dose.day_g is not None else None,
        course_g,
        max(day.dose_g for day in plan.schedule) if plan.dose.day_g is not None else None,
        expected_g,
        off,
        plan.rounding.tolerance_percent,
        tuple(_find_slips(comparison)) if status == "mismatch" else (),
        arrange([*_warn_of_limits(comparison), *plan.notices]),
        plan,
    )


def _is_interval_of(plan: Plan, written: OrderInterval | None) -> bool:
    """Whether a written interval lies in the regimen's range; one that is not written is not held against it."""
    regimen = plan.choice.regimen
    if written is None:
        return True
    if written.is_spacing:
        return written.number == regimen.day_spacing
    if regimen.interval is None:
        return False
    counts = range(regimen.interval.low, regimen.interval.high + 1)
    return any(written.equals(OrderInterval(count, regimen.interval.unit)) for count in counts)


class _Comparison(NamedTuple):
    """What a search for slips needs: the request, its plan and the ordered course in grams."""

    request: Request
    catalogue: Catalogue
    plan: Plan
    course_g: Ratio


def _difference_percent(amount_g: Ratio, expected_g: Decimal) -> Ratio:
    return Ratio((amount_g.numerator - expected_g * amount_g.denominator) * 100, amount_g.denominator * expected_g)


def _within(percent: Ratio, tolerance: Decimal) -> bool:
    return abs(percent.numerator) <= tolerance * percent.denominator


def _warn_of_limits(comparison: _Comparison) -> Iterator[Notice]:
    """Warnings for limits that the order itself breaks, also where it matches the plan."""
    plan, course_g = comparison.plan, comparison.course_g
    regimen, kg = plan.choice.regimen, plan.dosing_weight.kg
    day_g = course_g.per(Decimal(plan.choice.days))
    per_kg = Ratio(course_g.numerator * kg.denominator, course_g.denominator * kg.numerator)
    day_per_kg = per_kg.per(Decimal(plan.choice.days))
    highest = course_g_per_kg(regimen, regimen.g_per_kg.high, plan.choice.days)
    limits = regimen.limits
    bounds: tuple[tuple[Decimal | None, Ratio, str, str], ...] = (
        (MAX_G_PER_KG_COURSE, per_kg, "g/kg for the course", OWN_CEILING),
        (MAX_G_PER_KG_DAY, day_per_kg, "g/kg a day", OWN_CEILING),
        (highest, per_kg, "g/kg for the course", f"the range of {regimen.id}"),
        (limits.g_per_course if limits else None, course_g, "g for the course", f"the maximum of {regimen.id}"),
        (limits.g_per_day if limits else None, day_g, "g a day", f"the maximum of {regimen.id}"),
        (limits.g_per_kg_per_day if limits else None, day_per_kg, "g/kg a day", f"the maximum of {regimen.id}"),
    )
    for limit, value, unit, whose in bounds:
        if limit is not None and value.is_above(limit):
            text = f"The order is {show_ratio(value)} {unit}, above {whose}, {show(limit)} {unit}."
            sources = () if whose == OWN_CEILING else plan.choice.sources
            yield Notice("order-above-limit", "warning", text, sources)
            return


def _find_slips(comparison: _Comparison) -> Iterator[Slip]:
    """Single slips that give the ordered course within the tolerance, the likeliest first."""
    tolerance = comparison.plan.rounding.tolerance_percent
    explained = False
    for slip, course_g in _list_slips(comparison):
        if course_g > 0 and _within(_difference_percent(comparison.course_g, course_g), tolerance):
            explained = True
            yield slip
    stale = _stale_weight(comparison)
    if stale is not None and (not explained or comparison.request.weight_policy is None):
        yield stale


def _list_slips(comparison: _Comparison) -> Iterator[tuple[Slip, Decimal]]:
    """Each slip with the course in grams that it would have given."""
    yield from _basis_slips(comparison)
    yield from _unit_slips(comparison)
    yield from _weight_slips(comparison)
    yield from _regimen_slips(comparison)
    yield from _factor_slips(comparison)


def _basis_slips(comparison: _Comparison) -> Iterator[tuple[Slip, Decimal]]:
    plan, days = comparison.plan, comparison.plan.choice.days
    if days == 1:
        return
    course, day = plan.rounding.course_g, show(max(given.dose_g for given in plan.schedule))
    yield (
        Slip(
            "course-taken-as-daily",
            f"the course of {show(course)} g taken as the dose of each day (x{days}): "
            f"{show(course)} g x {days} days = {show(course * days)} g; a day is {day} g",
        ),
        course * days,
    )
    share = Ratio(course, Decimal(days)).to_step(Decimal("0.001"))
    yield (
        Slip(
            "daily-taken-as-course",
            f"the dose of one day taken as the whole course (/{days}): "
            f"{show(course)} g / {days} days = {show(share)} g; the course is {show(course)} g",
        ),
        share,
    )


def _unit_slips(comparison: _Comparison) -> Iterator[tuple[Slip, Decimal]]:
    request, kg = comparison.request, comparison.request.weight_kg
    in_pounds = Ratio(kg, KG_PER_POUND).to_step(Decimal("0.001"))
    from_pounds = round_to_places(kg * KG_PER_POUND, 3)
    cases = [
        ("pounds-taken-as-kg", in_pounds, f"pounds taken as kg: {show(kg)} kg is {show(in_pounds, 1)} lb"),
        (
            "kg-taken-as-pounds",
            from_pounds,
            f"kg taken as pounds and converted again: {show(kg)} lb is {show(from_pounds, 1)} kg",
        ),
    ]
    if request.height_cm is not None:
        words = f"height and weight swapped: {show(request.height_cm)} taken as kg"
        cases.append(("height-weight-swapped", request.height_cm, words))
    for name, weight, words in cases:
        if WEIGHT_KG_HARD[0] <= weight <= WEIGHT_KG_HARD[1]:
            swapped = request._replace(weight_kg=weight, height_cm=None, weight_policy="actual")
            yield from _replanned(comparison, name, words, swapped if name == "height-weight-swapped" else None, weight)


def _replanned(
    comparison: _Comparison, name: str, words: str, request: Request | None, weight: Decimal
) -> Iterator[tuple[Slip, Decimal]]:
    """The slip with the course of a plan for another weight, where there is such a plan."""
    plan = make_plan(request or comparison.request._replace(weight_kg=weight), comparison.catalogue)
    if isinstance(plan, Plan):
        course = plan.rounding.course_g
        yield Slip(name, f"{words}, which would give {show(course)} g for the course"), course


def _weight_slips(comparison: _Comparison) -> Iterator[tuple[Slip, Decimal]]:
    """Another kind of weight than the plan's, where sex and height are known."""
    used = comparison.plan.dosing_weight.kind
    for kind in ("actual", "ideal", "adjusted"):
        if kind == used or kind not in comparison.catalogue.weight_policies:
            continue
        plan = make_plan(comparison.request._replace(weight_policy=kind), comparison.catalogue)
        if isinstance(plan, Plan) and plan.dosing_weight.kind == kind:
            course, kg = plan.rounding.course_g, show_ratio(plan.dosing_weight.kg)
            words = f"{kind} weight in place of {used} weight: {kg} kg would give {show(course)} g for the course"
            yield Slip(f"{kind}-weight-used", words), course


def _regimen_slips(comparison: _Comparison) -> Iterator[tuple[Slip, Decimal]]:
    """Another regimen of the indication at its defaults; regimens that come to the same dose are one slip."""
    names: dict[tuple[Decimal, int], list[str]] = {}
    for name in comparison.plan.indication.regimens:
        if name == comparison.plan.choice.regimen.id:
            continue
        other = comparison.request._replace(regimen=name, g_per_kg=None, days=None, cycles=1, stock=None)
        plan = make_plan(other, comparison.catalogue)
        if isinstance(plan, Plan):
            names.setdefault((plan.rounding.course_g, plan.choice.days), []).append(name)
    for (course, days), same in names.items():
        over = "in 1 day" if days == 1 else f"over {days} days"
        yield (
            Slip("other-regimen", f"another regimen of this indication, {show(course)} g {over}: {join_or(same)}"),
            course,
        )


def _factor_slips(comparison: _Comparison) -> Iterator[tuple[Slip, Decimal]]:
    course = comparison.plan.rounding.course_g
    for name, factor, words in (
        ("volume-at-other-strength", Decimal(2), "a volume read at 10 % for a 5 % product (x2)"),
        ("volume-at-other-strength", Decimal("0.5"), "a volume read at 5 % for a 10 % product (/2)"),
        ("decimal-shifted", Decimal(10), "the decimal point one place to the right (x10)"),
        ("decimal-shifted", Decimal("0.1"), "the decimal point one place to the left (/10)"),
    ):
        yield Slip(name, f"{words}: {show(course)} g becomes {show(course * factor)} g"), course * factor


def _stale_weight(comparison: _Comparison) -> Slip | None:
    """The weight that would give the ordered dose, where a patient may once have had it."""
    plan = comparison.plan
    if plan.dosing_weight.kind != "actual" or plan.dose.capped_from_g is not None:
        return None
    per_kg = course_g_per_kg(plan.choice.regimen, plan.choice.g_per_kg, plan.choice.days)
    weight = comparison.course_g.per(per_kg)
    now = comparison.request.weight_kg
    if weight.is_below(now / 2) or weight.is_above(now * 3 / 2):
        return None
    kg = show_ratio(weight, 1)
    return Slip("stale-weight", f"another weight, such as an old one: {kg} kg would give the ordered dose")
