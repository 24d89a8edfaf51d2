"""The screen of `check`: the verdict, the order beside what is expected, and the slips that would explain it."""

from collections.abc import Iterable
from decimal import Decimal

from rich.console import Group, RenderableType

from ivig_dose.core.interval import write_interval
from ivig_dose.core.names import join_and
from ivig_dose.core.order_rate import write_rate
from ivig_dose.core.results import OrderCheck
from ivig_dose.quantity import Ratio, show
from ivig_dose.report.numbers import show_amount, show_signed
from ivig_dose.report.phrases import count, is_repeated_dose, title_of
from ivig_dose.report.tables.dose import (
    below_a_blank,
    lay_out_footer,
    lay_out_not_checked,
    lay_out_notes,
    lay_out_warnings,
)
from ivig_dose.report.tables.patient import list_facts
from ivig_dose.report.tables.rows import Column, Rows
from ivig_dose.report.tables.words import BLANK, Labelled, Span, Words, bind, stack, write

SLIPS_ON_SCREEN = 3
SAID_ELSEWHERE = ("grams", "limit")
"""Findings that the verdict and the warnings say."""
_NAMES = {
    "contradiction": "second figure",
    "hours": "time",
    "product": "product",
    "rate": "rate",
    "strength": "strength",
}
"""What differs where the dose itself agrees."""


def lay_out_check(check: OrderCheck, explain: bool = False) -> Group:
    """The verdict first, then order and expectation side by side, the slips, and the notices."""
    facts = list_facts(check.plan)
    return stack(
        [
            _lay_out_verdict(check),
            *[write(f"- {finding.text}", hanging=2) for finding in check.findings if finding.id not in SAID_ELSEWHERE],
            BLANK,
            write((title_of(check.plan), "strong")),
            Labelled("Patient", ", ".join(facts)) if len(facts) > 1 else None,
            Labelled("Written", check.ordered.text),
            _lay_out_both(check),
            *_lay_out_slips(check, explain),
            *below_a_blank(lay_out_warnings(check.notices, explain)),
            *below_a_blank([*lay_out_notes(check.notices, explain), *lay_out_not_checked(check.plan, explain)]),
            BLANK,
            *lay_out_footer(check.plan),
        ]
    )


def _lay_out_verdict(check: OrderCheck) -> Words:
    """The verdict in words, and whether warnings stand below, so that a match is never read alone."""
    verdict, words = _say_verdict(check)
    allowed = " to ".join(
        [f"-{show(check.tolerance.below_percent)}", f"+{show(check.tolerance.above_percent)} %"]
        if check.tolerance.below_percent != check.tolerance.above_percent
        else [f"{show(check.tolerance.above_percent)} %"]
    )
    change = bind(show_signed(check.difference_percent, "%", 2))
    warnings = len([notice for notice in check.notices if notice.level == "warning"])
    below = f"; {bind(count(warnings, 'warning'))} below" if warnings else ""
    return write(verdict, f": {words} ({change}, tolerance {bind(allowed)}){below}", hanging=2)


def _say_verdict(check: OrderCheck) -> tuple[Span, str]:
    whole, usual = ("a dose", "dose") if _are_doses(check) else ("for the course", "course")
    ordered = bind(f"{show_amount(check.dose.course_g, 'g')} {whole}")
    grams = bind(show_amount(check.expected_course_g, "g"))
    expected = f"{grams} {bind(whole)}"
    agreed = check.agrees_with
    others = [_NAMES[each.id] for each in check.findings if each.id in _NAMES]
    if agreed is None and len(others) == len(check.findings):
        words = f"ask before anything is given; the dose agrees, {ordered}, but not the {join_and(sorted(set(others)))}"
        return ("MISMATCH", "warning"), words
    if agreed is None:
        return ("MISMATCH", "warning"), f"ask before anything is given; ordered {ordered}, expected {expected}"
    if agreed.how == "chosen":
        return ("MATCH", "good"), f"the order agrees with {agreed.regimen}, {expected}"
    if agreed.how == "in-range":
        words = f"{ordered} lies inside the range of {agreed.regimen}, whose usual {usual} is {grams}"
        return ("MATCH IN RANGE", "good"), words
    words = f"{agreed.regimen}, {expected}; it is not the one asked for or usual"
    if not check.tolerance.allows(check.difference_percent):
        words = (
            f"{ordered} lies inside the range of {agreed.regimen}, whose usual {usual} is {grams}; "
            "it is not the regimen asked for or usual"
        )
    return ("MATCH WITH ANOTHER REGIMEN", "good"), words


def _are_doses(check: OrderCheck) -> bool:
    """Whether both the order and the plan are a single dose of a treatment that goes on."""
    return check.dose.days == 1 and is_repeated_dose(check.plan)


def _lay_out_both(check: OrderCheck) -> Rows:
    """What was ordered beside what is expected, figure by figure."""
    plan, dose, written = check.plan, check.dose, check.ordered
    choice = plan.choice
    interval = choice.interval
    single = _are_doses(check)
    whole = "a dose" if single else "for the course"
    assumed = " (assumed)" if dose.days_assumed else ""
    per_kg = Ratio(check.expected_course_g * plan.dosing_weight.kg.denominator, plan.dosing_weight.kg.numerator)
    rows = [
        ("per dose", _grams(dose.day_g), _grams(check.expected_day_g)),
        ("days", f"{dose.days}{assumed}", str(choice.days)),
        *([] if single else [("course", _grams(dose.course_g), _grams(check.expected_course_g))]),
        (f"g/kg {whole}", show_amount(dose.g_per_kg_course, "g/kg"), show_amount(per_kg, "g/kg")),
    ]
    if plan.rounding.difference_g.numerator:
        rows.append(("calculated dose" if single else "calculated course", "", _grams(plan.dose.course_g)))
    if written.interval is not None or interval is not None:
        ordered = "not written" if written.interval is None else f"every {write_interval(written.interval)}"
        rows.append(("interval", ordered, "none" if interval is None else f"every {write_interval(interval)}"))
    if plan.product is not None or written.g_per_100_ml is not None:
        largest = max(day.volume_ml for day in plan.schedule)
        ordered = "" if dose.day_ml is None else show_amount(dose.day_ml, "mL", 1)
        rows.append(("volume of a dose", ordered, show_amount(largest, "mL", 1)))
    if written.rate:
        fastest = max(step.rate_ml_per_h for step in plan.schedule[0].steps) if plan.schedule[0].steps else None
        rows.append(("rate", write_rate(written.rate), "" if fastest is None else f"up to {show(fastest)} mL/h"))
    columns = (Column("", kind="text"), Column("ordered", "ordered {}"), Column("expected", "expected {}"))
    return Rows(columns, [row for row in rows if any(row[1:])])


def _grams(amount_g: Ratio | Decimal | None) -> str:
    return "" if amount_g is None else show_amount(amount_g, "g")


def _lay_out_slips(check: OrderCheck, explain: bool) -> Iterable[RenderableType]:
    if check.status == "match":
        return
    if not check.slips and all(each.id in _NAMES for each in check.findings):
        return
    yield BLANK
    if not check.slips:
        yield write("No single slip that this tool knows turns the expected dose into the ordered one.")
        return
    shown = check.slips if explain else check.slips[:SLIPS_ON_SCREEN]
    yield write(("What may have happened", "strong"), ", the likeliest first")
    for number, slip in enumerate(shown, start=1):
        yield write(f"{number}. {slip.text} [{slip.id}]", hanging=3)
    if len(shown) < len(check.slips):
        yield write(f"and {len(check.slips) - len(shown)} more: --explain")
