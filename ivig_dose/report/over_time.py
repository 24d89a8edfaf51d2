"""What a plan says of a treatment over time: the part given, the next phase, year, reviews and the trough of IgG."""

from decimal import Decimal

from ivig_dose.core.names import join_and
from ivig_dose.core.results import Plan, ReviewDue
from ivig_dose.quantity import MG_PER_DL_IN_G_PER_L, Ratio, show
from ivig_dose.report.numbers import show_amount
from ivig_dose.report.phrases import cite, count, describe_vials
from ivig_dose.report.tables.conditions import describe_bounds


def describe_part_given(plan: Plan) -> list[str]:
    """What was given of a course before, and what it comes to with the rest; nothing where nothing was."""
    part = plan.part_given
    if part is None:
        return []
    kg, in_all_g = plan.dosing_weight.kg, part.given_g + plan.rounding.course_g
    per_kg = show_amount(Ratio(in_all_g * kg.denominator, kg.numerator), "g/kg")
    given, left, course = (
        show_amount(grams, "g") for grams in (part.given_g, plan.dose.course_g, part.course.course_g)
    )
    return [
        f"{given} given",
        f"+ {left} left",
        f"= course of {course};",
        f"with what is planned {show_amount(in_all_g, 'g')} in all ({per_kg})",
    ]


def describe_year(plan: Plan) -> list[str]:
    """What repeated courses come to in a week and a year, and the vials of all that is scheduled; else nothing."""
    year = plan.year
    if year is None:
        return []
    infusions = show_amount(year.infusions_per_year, "infusions", 1)
    lines = [
        f"{show_amount(year.g_per_week, 'g', 1)} a week, {show_amount(year.g_per_year, 'g', 0)} and {infusions} a year"
    ]
    cycles = plan.schedule[-1].cycle
    if cycles > 1:
        vials = f": {describe_vials(year.vials)}" if year.vials else ""
        what = "dose" if len(plan.dose.days_g) == 1 else "course"
        lines.append(f"{count(cycles, what)} scheduled, {show_amount(year.scheduled_g, 'g')}{vials}")
    return lines


def describe_trough(plan: Plan) -> list[str]:
    """Where the level of IgG stands against the target and those of sources, and what may be expected; else nothing."""
    trough = plan.trough
    if trough is None:
        return []
    line = f"{_write_igg(trough.g_per_l)} ({show_amount(trough.g_per_l * MG_PER_DL_IN_G_PER_L, 'mg/dL')})"
    if trough.target_g_per_l is not None:
        away = trough.g_per_l - trough.target_g_per_l
        stands = "on it" if not away else f"{_write_igg(abs(away))} {'above' if away > 0 else 'below'} it"
        line += f"; target {_write_igg(trough.target_g_per_l)}: {stands}"
    lines = [line]
    for is_met, word in ((True, "reaches"), (False, "is below")):
        of = [
            f"{each.target.title} ({describe_bounds(each.target.g_per_l, 'g/L')})"
            for each in trough.standings
            if each.is_met is is_met
        ]
        lines += [f"{word} {join_and(of)}"] if of else []
    for each in trough.expected:
        low, high = _write_igg(each.low_g_per_l), _write_igg(each.high_g_per_l)
        span = f"{show(each.low_g_per_kg)} to {show(each.high_g_per_kg)} g/kg"
        measured = f"if it was measured in a steady state on {show(each.now_g_per_kg)} g/kg"
        lines.append(f"expected on average over the range, {span}: {low} to {high}, {measured}")
        average = f"{_write_igg(each.rise.g_per_l)} for each {show(each.rise.per_g_per_kg)} g/kg"
        lines.append(f"{average}: {each.rise.title}. {each.rise.spread.removesuffix('.')}")
    return [*lines, "no dose follows from a level: fit dose and interval to trough and infections"]


def _write_igg(g_per_l: Decimal | Ratio) -> str:
    return show_amount(g_per_l, "g/L", 2)


def describe_reviews(plan: Plan) -> list[str]:
    """When reviews are due: `2027-06-01, 6 months after the first infusion; then 2028-06-01`; nothing where none is."""
    by_rule: dict[str, list[ReviewDue]] = {}
    for due in plan.reviews:
        by_rule.setdefault(due.rule, []).append(due)
    lines = []
    for first, *later in by_rule.values():
        after = f"{first.after_months} months after the first infusion"
        line = after if first.on is None else f"{first.on.isoformat()}, {after}"
        dates = ", ".join([due.on.isoformat() for due in later if due.on is not None])
        lines.append(f"{line}{f'; then {dates}' if dates else ''}{cite(first.sources)}")
    return lines


def describe_over_time(plan: Plan) -> list[tuple[str, list[str]]]:
    """What is to be known of a treatment that goes on, each with its label: the year, the reviews, the trough."""
    said = [
        ("A year", describe_year(plan)),
        ("Review", describe_reviews(plan)),
        ("Trough IgG", describe_trough(plan)),
    ]
    return [(label, lines) for label, lines in said if lines]


def describe_phase(plan: Plan) -> str:
    """The title of a phase that follows: `Then cidp-maintenance, from 2026-12-22`."""
    begins = plan.schedule[0].date
    return f"Then {plan.choice.regimen.id}{'' if begins is None else f', from {begins.isoformat()}'}"
