"""The screen of `check`: the verdict on an order, both doses, and the slip that would explain a difference."""

from collections.abc import Iterable

from ivig_dose.core.results import OrderCheck
from ivig_dose.quantity import Ratio, show
from ivig_dose.report.numbers import show_amount, show_signed
from ivig_dose.report.phrases import count, describe_dose, describe_given, title_of
from ivig_dose.report.tables.dose import (
    below_a_blank,
    lay_out_footer,
    lay_out_not_checked,
    lay_out_notes,
    lay_out_warnings,
)
from ivig_dose.report.tables.layout import BLANK, Block, Labelled, Stack, stack, write
from ivig_dose.report.tables.patient import list_facts
from ivig_dose.report.tables.wording import bind, bind_each


def lay_out_check(check: OrderCheck, explain: bool = False) -> Stack:
    """The verdict in one line, then both doses, what slip would explain a difference, and the notices."""
    return stack(
        [
            _lay_out_verdict(check),
            BLANK,
            write((title_of(check.plan), "strong")),
            _lay_out_both(check),
            *_lay_out_slips(check),
            *below_a_blank(lay_out_warnings(check.notices, explain)),
            *below_a_blank([*lay_out_notes(check.notices, explain), *lay_out_not_checked(check.plan, explain)]),
            BLANK,
            *lay_out_footer(check.plan),
        ]
    )


def _lay_out_verdict(check: OrderCheck) -> Block:
    """Match or mismatch, by how much, and whether warnings stand below, so that a match is never read alone."""
    change = bind(show_signed(check.difference_percent, "%", 2))
    allowed = f"tolerance {bind(f'{show(check.tolerance_percent)} %')}"
    warnings = len([notice for notice in check.notices if notice.level == "warning"])
    below = f"; {bind(count(warnings, 'warning'))} below" if warnings else ""
    if check.status == "match":
        return write(("MATCH", "good"), f": the order agrees with the plan ({change}, {allowed}){below}", hanging=2)
    ordered, expected = (show_amount(course_g, "g") for course_g in (check.ordered_course_g, _expected(check)))
    return write(
        ("MISMATCH", "warning"),
        f": ordered {bind(f'{ordered} for the course')}, expected {bind(f'{expected} for the course')}: "
        f"{change} ({allowed}){below}",
        hanging=2,
    )


def _expected(check: OrderCheck) -> Ratio:
    return Ratio(check.expected_course_g)


def _lay_out_both(check: OrderCheck) -> Block:
    """What was ordered beside what is expected; the exact dose too where that is not what is given."""
    plan = check.plan
    facts = list_facts(plan)
    days = f"over {count(plan.choice.days, 'day')}"
    ordered_day = "" if check.ordered_day_g is None else f"{show_amount(check.ordered_day_g, 'g')} a day"
    grams, per_kg = describe_dose(plan)
    rounded = describe_given(plan)
    expected_day = "" if check.expected_day_g is None else f"{show_amount(check.expected_day_g, 'g')} a day"
    exact = _phrase(expected_day, days, _expected(check))
    expected = write((bind_each(rounded or exact), "strong"), "" if rounded else f" {bind_each(per_kg)}")
    ordered = _phrase(ordered_day, days, check.ordered_course_g)
    return stack(
        [
            Labelled("Patient", write(", ".join(facts))) if len(facts) > 1 else None,
            Labelled("Ordered", write(f"{bind_each(ordered)} (written: {check.ordered.text})")),
            Labelled("Expected", expected),
            Labelled("Calculated", write(f"{bind_each(grams)} {bind_each(per_kg)}")) if rounded else None,
        ]
    )


def _phrase(a_day: str, days: str, course_g: Ratio) -> list[str]:
    course = f"{show_amount(course_g, 'g')} for the course"
    return [a_day, days, f"= {course}"] if a_day else [course, days]


def _lay_out_slips(check: OrderCheck) -> Iterable[Block]:
    if check.status == "match":
        return
    yield BLANK
    if not check.slips:
        yield write("No single slip that this tool knows turns the expected dose into the ordered one.")
        return
    yield write(("What may have happened", "strong"), ", the likeliest first")
    for number, slip in enumerate(check.slips, start=1):
        yield write(f"{number}. {slip.text} [{slip.id}]", hanging=3)
