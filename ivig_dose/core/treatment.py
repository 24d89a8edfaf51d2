"""A treatment over time: what a request for several courses or phases comes to before a dose is worked out.

`settle_request` turns "until" into a number of courses and what was given into facts about the infusion. `follow` is
the request for the phase after a course.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from ivig_dose.catalogue.models import Catalogue
from ivig_dose.core.calculation import Calculation
from ivig_dose.core.choices import PRODUCT_SWITCH, Choices
from ivig_dose.core.dosing import choose_indication, choose_regimen, refuse_known
from ivig_dose.core.interval import DAYS_PER_WEEK, lies_in, usual_interval, write_interval, write_length
from ivig_dose.core.ladder import FIRST_INFUSION
from ivig_dose.core.names import find_entry, refuse_unknown
from ivig_dose.core.request import MAX_CYCLES, EarlierDose, Request
from ivig_dose.core.results import GivenDay, PhaseGap, ReviewDue, VialCount, YearOfTreatment
from ivig_dose.core.risks import DENY
from ivig_dose.core.schedule import add_interval, add_months, date_of
from ivig_dose.problems import Notice, Refusal
from ivig_dose.quantity import DAYS_PER_YEAR, ZERO, Ratio

MONTHS_PER_YEAR: Final = 12
LONG_GAP_DAYS: Final = 56
"""More days than this since the last infusion are a long gap: 8 weeks."""


def settle_request(request: Request, catalogue: Catalogue) -> Request | Refusal:
    """The request with its courses counted, the products of earlier doses, and what they say of the first infusion."""
    if request.until is None and not request.given and not request.earlier:
        return request
    settled = request if request.until is None else _count_cycles(request, catalogue)
    if isinstance(settled, Refusal):
        return settled
    given, earlier = (_find_products(doses, catalogue) for doses in (settled.given, settled.earlier))
    if isinstance(given, Refusal):
        return given
    if isinstance(earlier, Refusal):
        return earlier
    settled = state_risks(settled._replace(given=given, earlier=earlier), catalogue)
    refusal = _refuse_dates(settled)
    if refusal is not None:
        return refusal
    if given and settled.cycles > 1:
        return Refusal(
            "given-with-cycles",
            "the rest of a course is planned alone, and several cycles were asked for",
            "plan the rest first, then the cycles from their own first day",
            kind="usage",
        )
    return settled


def _refuse_dates(request: Request) -> Refusal | None:
    """The refusal of an earlier dose that is not before the start, or None."""
    start, last = date_of(request.start), max((dose.on for dose in request.earlier if dose.on), default=None)
    if start is None or last is None or last < start:
        return None
    return Refusal(
        "start-before-earlier",
        f"the start, {start.isoformat()}, is not after the earlier dose of {last.isoformat()}",
        "give --start as the first day of this course; doses of this course are --given",
        kind="usage",
    )


def state_risks(request: Request, catalogue: Catalogue) -> Request:
    """The request with the risk facts that its other doses state, where it does not say them itself.

    The last dose says whether this is another product, whether the patient has had this one, and how long ago.
    """
    stated = []
    last = _find_last(request.given or request.earlier)
    days = None if last is None else _count_days_since(last, request)
    if days is not None and days > LONG_GAP_DAYS:
        stated.append("long-gap")
    before = _find_last(request.earlier)
    days_before = None if before is None else _count_days_since(before, request)
    if days_before is not None and days_before <= LONG_GAP_DAYS:
        stated.append("prior-course-8-weeks")
    product = None if request.product is None else find_entry(request.product, catalogue.products)
    if product is not None and last is not None and last.product is not None:
        stated.append(PRODUCT_SWITCH if last.product != product.id else f"{DENY}{FIRST_INFUSION}")
    said = {name.casefold().removeprefix(DENY) for name in request.risks}
    new = [name for name in stated if _is_open(name.removeprefix(DENY), said, catalogue)]
    return request._replace(risks=(*request.risks, *new)) if new else request


def _find_last(doses: tuple[EarlierDose, ...]) -> EarlierDose | None:
    """The latest dose: the last that was typed, or where that has a date the one with the latest date."""
    if not doses or doses[-1].on is None:
        return doses[-1] if doses else None
    return max(doses, key=lambda dose: dose.on or date.min)


def _is_open(risk: str, said: set[str], catalogue: Catalogue) -> bool:
    """Whether a catalogue has a risk and the request says nothing of it, under whatever name."""
    entry = catalogue.risks.get(risk)
    return entry is not None and said.isdisjoint({risk, *(alias.casefold() for alias in entry.aliases)})


def _count_days_since(dose: EarlierDose, request: Request) -> int | None:
    start = date_of(request.start)
    if dose.days_before is not None:
        return dose.days_before
    return None if dose.on is None or start is None else (start - dose.on).days


def _find_products(doses: tuple[EarlierDose, ...], catalogue: Catalogue) -> tuple[EarlierDose, ...] | Refusal:
    found = []
    for dose in doses:
        product = None if dose.product is None else find_entry(dose.product, catalogue.products)
        if dose.product is not None and product is None:
            return refuse_known("product", dose.product, catalogue) or refuse_unknown(
                "product", dose.product, catalogue.products
            )
        found.append(dose if product is None else dose._replace(product=product.id))
    return tuple(found)


def _count_cycles(request: Request, catalogue: Catalogue) -> Request | Refusal:
    """The request for as many courses as begin by its last day."""
    start, until = date_of(request.start), request.until
    if start is None or until is None:
        message = "--until counts courses from a first day, and none is given"
        return Refusal("until-needs-start", message, "add --start", kind="usage")
    if request.cycles > 1:
        message = "--until and --cycles both say how many courses"
        return Refusal("until-and-cycles", message, "give one of them", kind="usage")
    if until < start:
        return Refusal(
            "until-before-start",
            f"the last day, {until.isoformat()}, is before the start, {start.isoformat()}",
            "give --until after --start",
            kind="usage",
        )
    indication = choose_indication(request, catalogue)
    if isinstance(indication, Refusal):
        return indication
    choice = choose_regimen(request, indication, catalogue)
    if isinstance(choice, Refusal):
        return choice
    cycles = 1
    while choice.interval is not None and add_interval(start, choice.interval, cycles) <= until:
        cycles += 1
        if cycles > MAX_CYCLES:
            return Refusal(
                "cycles-out-of-bounds",
                f"until {until.isoformat()} more than {MAX_CYCLES} courses would begin",
                "give an earlier --until",
                kind="usage",
            )
    return request._replace(cycles=cycles)


def choose_gap(first: Calculation) -> PhaseGap | Refusal:
    """The time to the next phase: the request's, else what the indication's sources give, else refused."""
    phase, choices = first.request.then, first.choices
    if phase is None:
        raise ValueError("no phase follows")
    plain = first.request._replace(
        regimen=phase.regimen, g_per_kg=None, days=None, interval=None, cycles=1, until=None, then=None
    )
    next_regimen = choose_regimen(plain, choices.indication, choices.catalogue)
    if isinstance(next_regimen, Refusal):
        return next_regimen
    pair = (choices.regimen.regimen.id, next_regimen.regimen.id)
    usual = next((each for each in choices.indication.sequences if (each.first, each.then) == pair), None)
    if usual is not None:
        span = usual_interval(usual.after) if phase.after is None else phase.after
        return PhaseGap(span, "catalogue" if phase.after is None else "request", usual.after, usual.sources)
    if phase.after is not None:
        return PhaseGap(phase.after, "request", None, ())
    return Refusal(
        "gap-needed",
        f"no source gives the time from {pair[0]} to {pair[1]}",
        f'write it: --then "{pair[1]}: after 4 weeks"',
        kind="usage",
    )


def note_gap(gap: PhaseGap) -> Iterator[Notice]:
    """A warning where the next phase begins at another time than the sources give."""
    if gap.usual is not None and not lies_in(gap.after, gap.usual):
        text = f"The next phase begins {write_interval(gap.after, True)} after the first day of the course"
        yield Notice(
            "gap-differs", "warning", f"{text}; the sources begin it after {write_length(gap.usual)}.", gap.sources
        )


def follow(first: Calculation, gap: PhaseGap) -> Request | Refusal:
    """The request for the phase after a course, with the doses of that course as earlier ones.

    Refused where it would begin before the course ends.
    """
    request, choices, phase = first.request, first.choices, first.request.then
    if phase is None:
        raise ValueError("no phase follows")
    # The time counts from the first day of the last course, of which some may have been given before the start.
    begun_days = 0 if first.part_given is None else first.part_given.rest_day - 1
    next_day = first.timing.last_course_day + gap.after.days[0] - begun_days
    last_day = first.timing.last_course_day + first.timing.days[-1]
    if next_day <= last_day:
        return Refusal(
            "phase-before-course-ends",
            f"{phase.regimen} would begin {write_interval(gap.after, True)} after the first day of the course, "
            f"which ends on day {last_day + begun_days + 1}",
            f'write a longer time: --then "{phase.regimen}: after 4 weeks"',
            kind="usage",
        )
    start = request.start
    if start is not None and choices.cycles > 1 and choices.regimen.interval is not None:
        start = add_interval(start, choices.regimen.interval, choices.cycles - 1)
    if start is not None:
        start = add_interval(start - timedelta(days=begun_days), gap.after)
    return request._replace(
        regimen=phase.regimen,
        g_per_kg=phase.g_per_kg,
        days=phase.days,
        interval=phase.interval,
        cycles=phase.cycles,
        until=phase.until,
        given=(),
        then=None,
        igg_g_per_l=None,
        igg_target_g_per_l=None,
        start=start,
        earlier=_list_doses_before(first, next_day),
    )


def _list_doses_before(first: Calculation, next_day: int) -> tuple[EarlierDose, ...]:
    """The doses of a course and those before it as the next phase sees them; only the last product matters there."""
    product = None if first.choices.product is None else first.choices.product.id
    planned = first.timing.list_days(first.given.days_g)
    return (
        *(EarlierDose(dose_g, None, None, next_day - day) for day, dose_g in first.timing.before),
        *(EarlierDose(dose_g, None, product, next_day - day) for day, dose_g in planned),
    )


def sum_year(choices: Choices, schedule: tuple[GivenDay, ...]) -> YearOfTreatment | None:
    """What repeated courses come to in a week and a year; None where one course is planned."""
    interval = choices.regimen.interval
    if interval is None:
        return None
    course = [day for day in schedule if day.cycle == 1]
    course_g = sum((day.dose_g for day in course), ZERO)
    if interval.unit == "months":
        a_year = Ratio(Decimal(MONTHS_PER_YEAR), Decimal(interval.number))
    else:
        a_year = Ratio(DAYS_PER_YEAR, Decimal(interval.days[0]))
    g_per_year = a_year.times(course_g)
    opened: Counter[Decimal] = Counter()
    for day in schedule:
        for vial in day.part_vials.opened if day.part_vials else day.vials:
            opened[vial.g] += vial.count
    return YearOfTreatment(
        g_per_year.times(Decimal(DAYS_PER_WEEK)).per(DAYS_PER_YEAR),
        g_per_year,
        a_year.times(Decimal(len(course))),
        sum((day.dose_g for day in schedule), ZERO),
        tuple(VialCount(size, opened[size]) for size in sorted(opened, reverse=True)),
    )


def list_reviews(calculation: Calculation, schedule: tuple[GivenDay, ...]) -> tuple[ReviewDue, ...]:
    """The reviews that the rules which hold ask for, each up to the first after the last infusion."""
    first, last = schedule[0].date, schedule[-1].date
    due = []
    for notice in calculation.notices:
        rule = calculation.choices.catalogue.safety.get(notice.id)
        if rule is None or rule.review is None:
            continue
        months = rule.review.first_months
        while True:
            day = None if first is None else add_months(first, months)
            due.append(ReviewDue(rule.id, months, day, rule.sources))
            if rule.review.then_months is None or day is None or last is None or day > last:
                break
            months += rule.review.then_months
    return tuple(due)
