"""A course of which some has been given: what is left of it, and over how many days."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from ivig_dose.catalogue.models import Regimen
from ivig_dose.core.choices import Choices
from ivig_dose.core.interval import DAYS_PER_WEEK
from ivig_dose.core.names import join_and
from ivig_dose.core.request import EarlierDose, Request
from ivig_dose.core.results import Dose, PartGiven
from ivig_dose.core.schedule import date_of
from ivig_dose.core.tolerance import WHOLE, find_day_limit
from ivig_dose.problems import Notice, NoticeLevel, Refusal
from ivig_dose.quantity import ONE, ZERO, Ratio, show, show_ratio


def read_part_given(request: Request, course: Dose, choices: Choices) -> PartGiven | Refusal | None:
    """What of the course has been given; None where the request says nothing of that.

    Refused where it is the whole course or more, or where its dates do not come before the first day planned.
    """
    if not request.given:
        return None
    given_g = sum((dose.g for dose in request.given), ZERO)
    left_g = course.course_g.minus(given_g)
    if left_g.numerator < 0:
        over_g = Ratio(-left_g.numerator, left_g.denominator)
        return Refusal(
            "given-above-course",
            f"{show(given_g)} g were given, {show_ratio(over_g)} g more than the course of "
            f"{show_ratio(course.course_g)} g",
            "give no more of this course and tell the prescriber; or check the weight and what was given",
            choices.regimen.sources,
        )
    if not left_g.numerator:
        return Refusal(
            "course-complete",
            f"the course of {show_ratio(course.course_g)} g has been given: nothing is left",
            "leave --given out to plan another course",
            choices.regimen.sources,
        )
    infusions = sum(_count_infusions(dose, max(course.days_g)) for dose in request.given)
    first, last = _first_and_last(request.given)
    start = date_of(request.start)
    if start is not None and last is not None and start <= last:
        return Refusal(
            "start-before-given",
            f"the start, {start.isoformat()}, is not after the last dose given, on {last.isoformat()}",
            "give --start as the day of the next infusion",
            kind="usage",
        )
    rest_day = 1 + infusions * choices.regimen.regimen.day_spacing
    if start is not None and first is not None:
        rest_day = (start - first).days + 1
    pause_days = 0 if start is None or last is None else (start - last).days - choices.regimen.regimen.day_spacing
    return PartGiven(course, request.given, given_g, infusions, rest_day, max(pause_days, 0))


def _count_infusions(dose: EarlierDose, day_g: Ratio) -> int:
    """A dose with its date is one infusion; grams alone are as many as come nearest to the days of the course."""
    if dose.on is not None:
        return 1
    return max(1, int(Ratio(dose.g * day_g.denominator, day_g.numerator).to_step(ONE)))


def _first_and_last(given: tuple[EarlierDose, ...]) -> tuple[date | None, date | None]:
    days = [dose.on for dose in given if dose.on is not None]
    return (min(days), max(days)) if days else (None, None)


def plan_rest(part: PartGiven, choices: Choices, dosing_kg: Ratio) -> Dose:
    """The rest of the course over the days that are left of it.

    There are more days where the rest would make one larger than rounding may make the course's largest day, so that
    no limit of the regimen is passed.
    """
    course, choice = part.course, choices.regimen
    left_g = course.course_g.minus(part.given_g)
    most_g = max(course.days_g).times(WHOLE + choices.day_tolerance_percent).per(WHOLE)
    shares = _share_rest(part, choice.regimen, left_g, min(most_g, find_day_limit(choices, dosing_kg)))
    days_g = tuple(left_g.times(share).per(sum(shares, ZERO)) for share in shares)
    left_per_kg = Ratio(left_g.numerator * dosing_kg.denominator, left_g.denominator * dosing_kg.numerator)
    equal = len(set(shares)) == 1
    return Dose(
        left_per_kg.per(Decimal(len(days_g))) if equal else None,
        left_per_kg,
        days_g[0] if equal else None,
        left_g,
        course.course_low_g,
        course.course_high_g,
        days_g,
        course.capped_from_g,
        part.given_g,
    )


def _share_rest(part: PartGiven, regimen: Regimen, left_g: Ratio, most_g: Ratio) -> tuple[Decimal, ...]:
    """The shares of the days that are left, none above `most_g`: the rest of the regimen's pattern, or equal ones."""
    pattern = (regimen.day_pattern or ())[part.infusions :]
    if pattern and not left_g.times(max(pattern)).per(sum(pattern, ZERO)) > most_g:
        return pattern
    left = len(part.course.days_g) - part.infusions
    fewest = int(Ratio(left_g.numerator * most_g.denominator, left_g.denominator * most_g.numerator).to_step(ONE, "up"))
    return (ONE,) * max(left, fewest)


def note_part_given(part: PartGiven, rest: Dose, product: str | None) -> Iterator[Notice]:
    """A note that says what was given, and a warning where that is not known to be of the product planned now."""
    said = [
        f"{show(dose.g)} g{'' if dose.product is None else f' of {dose.product}'}"
        f"{'' if dose.on is None else f' on {dose.on.isoformat()}'}"
        for dose in part.doses
    ]
    days = "1 day" if len(rest.days_g) == 1 else f"{len(rest.days_g)} days"
    yield Notice(
        "part-given",
        "note",
        f"Given of the course of {show_ratio(part.course.course_g)} g: {join_and(said)}. Left are "
        f"{show_ratio(rest.course_g)} g, over {days}.",
    )
    planned = len(part.course.days_g) - part.infusions
    if len(rest.days_g) != max(planned, 1):
        text = f"{days} in place of {max(planned, 0)}, so that no day is far above the largest day of the course."
        yield Notice("rest-takes-more-days", "warning", f"The rest takes {text}")
    if part.pause_days > 0:
        level: NoticeLevel = "warning" if part.pause_days >= DAYS_PER_WEEK else "note"
        days = "1 day lies" if part.pause_days == 1 else f"{part.pause_days} days lie"
        text = f"{days} between the last dose given and the rest: is this still the same course?"
        yield Notice("course-interrupted", level, text)
    if product is not None and part.doses[-1].product is None:
        yield Notice(
            "given-product-not-known",
            "note",
            "Which product was given last is not said: the rates are those of a first infusion unless "
            "--risk no-first-infusion says otherwise.",
        )
