"""What a plan says in words, for every form that a person reads: the doses, the days, the vials, the rounding.

A total never stands without what it is the total of: each phrase keeps its number, its unit and its basis together.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final, NamedTuple

from ivig_dose.catalogue.models import Interval, Regimen
from ivig_dose.core.conditions import PLAIN_FACTS
from ivig_dose.core.dosing import describe_days
from ivig_dose.core.interval import TimeSpan, usual_interval, write_interval
from ivig_dose.core.names import join_and
from ivig_dose.core.notices import describe_hours
from ivig_dose.core.results import (
    DosingWeight,
    GivenDay,
    InfusionStep,
    Origin,
    PartVials,
    Plan,
    RegimenChoice,
    VialCount,
)
from ivig_dose.quantity import ZERO, Ratio, show
from ivig_dose.report.numbers import show_amount, show_minutes, show_signed

CLOSING: Final = "Decision support only: an independent check by a second person is required before a dose is given."
DIGEST_DIGITS: Final = 12
RISKS_IN_A_LINE: Final = 4
SOURCES_IN_A_LINE: Final = 2
_DIRECTIONS: Final = {"nearest": "to the nearest, ties up", "down": "down", "up": "up"}


class DayGroup(NamedTuple):
    """Days in a row of one cycle on which the same is given."""

    cycle: int
    days: tuple[GivenDay, ...]

    @property
    def given(self) -> GivenDay:
        """What is given on each of the days."""
        return self.days[0]

    def name_days(self) -> str:
        """`3`, `1-3`, or `1, 3, 5` where days lie between."""
        numbers = [day.day for day in self.days]
        first, last = numbers[0], numbers[-1]
        if last - first >= len(numbers):
            return ", ".join([str(number) for number in numbers])
        return str(first) if first == last else f"{first}-{last}"

    def name_dates(self) -> str:
        """`2026-12-01`, `2026-12-01 to 2026-12-03`, or nothing where no date is known."""
        first, last = self.days[0].date, self.days[-1].date
        if first is None or last is None:
            return ""
        return first.isoformat() if first == last else f"{first.isoformat()} to {last.isoformat()}"


def fold_days(schedule: Iterable[GivenDay]) -> list[DayGroup]:
    """The schedule with consecutive days that are equal taken together, each cycle on its own."""
    groups: list[list[GivenDay]] = []
    for day in schedule:
        if groups and _continues(groups[-1][-1], day):
            groups[-1].append(day)
        else:
            groups.append([day])
    return [DayGroup(days[0].cycle, tuple(days)) for days in groups]


def _continues(before: GivenDay, day: GivenDay) -> bool:
    next_date = None if before.date is None else before.date + timedelta(days=1)
    return before.cycle == day.cycle and next_date == day.date and same_infusion(before, day)


def same_infusion(one: GivenDay, other: GivenDay) -> bool:
    """Whether the same is given in the same way, at whatever time."""
    same_vials = (one.vials, one.part_vials) == (other.vials, other.part_vials)
    return (
        same_vials
        and (one.dose_g, one.volume_ml) == (other.dose_g, other.volume_ml)
        and [_settings(step) for step in one.steps] == [_settings(step) for step in other.steps]
    )


def _settings(step: InfusionStep) -> tuple[object, ...]:
    return step.rate_ml_per_h, step.minutes, step.volume_ml


def title_of(plan: Plan) -> str:
    """The indication and the weight as entered, with the dosing weight where it is another one."""
    weight, entered = plan.dosing_weight, Ratio(plan.patient.weight_kg)
    title = f"{plan.indication.title}, {show_amount(entered, 'kg')}"
    if weight.kind == "actual":
        return title
    return f"{title} (dosing weight {show_amount(weight.kg, 'kg')}, {weight.kind})"


class DosePhrases(NamedTuple):
    """A dose in phrases that are never parted: the grams of a day, the days and the course; then the same per kg."""

    grams: list[str]
    per_kg: list[str]


def describe_dose(plan: Plan) -> DosePhrases:
    """The exact dose: `28 g a day`, `for 5 days`, `= 140 g for the course`; `(0.4 g/kg a day,` and so on."""
    dose = plan.dose
    interval = plan.choice.interval
    repeat = [] if interval is None else [f"repeated every {write_interval(interval)}"]
    per_kg = f"{show_amount(dose.g_per_kg_course, 'g/kg')} {_whole(plan)}"
    if is_repeated_dose(plan) and plan.part_given is None:
        return DosePhrases([f"{show_amount(dose.course_g, 'g')} a dose,", *repeat], [f"({per_kg})"])
    course = f"= {show_amount(dose.course_g, 'g')} {_whole(plan)}" + ("," if repeat else "")
    if dose.day_g is None or dose.g_per_kg_per_day is None:
        return DosePhrases([*_describe_unequal_days(dose.days_g), course, *repeat], [f"({per_kg})"])
    days = len(dose.days_g)
    if days == 1:
        return DosePhrases([f"{show_amount(dose.day_g, 'g')} in one day", course, *repeat], [f"({per_kg})"])
    when = f"for {days} days"
    if plan.choice.regimen.day_spacing > 1:
        when = f"on days {join_and([str(day.day) for day in plan.schedule if day.cycle == 1])}"
    each = [f"{show_amount(dose.day_g, 'g')} a day", when]
    per_kg_day = f"({show_amount(dose.g_per_kg_per_day, 'g/kg')} a day,"
    return DosePhrases([*each, course, *repeat], [per_kg_day, f"{per_kg})"])


def is_repeated_dose(plan: Plan) -> bool:
    """Whether what is given is one dose of a treatment that goes on, which nobody calls a course."""
    return plan.choice.interval is not None and len(plan.dose.days_g) == 1


def _whole(plan: Plan) -> str:
    if plan.part_given is not None:
        return "for the rest of the course"
    return "a dose" if is_repeated_dose(plan) else "for the course"


def _describe_unequal_days(days_g: Sequence[Ratio]) -> list[str]:
    phrases = []
    start = 0
    for at in range(1, len(days_g) + 1):
        if at == len(days_g) or not _are_equal(days_g[at], days_g[start]):
            days = f"on day {start + 1}" if at == start + 1 else f"a day on days {start + 1}-{at}"
            phrases.append(f"{show_amount(days_g[start], 'g')} {days}" + ("," if at < len(days_g) else ""))
            start = at
    return phrases


def _are_equal(one: Ratio, other: Ratio) -> bool:
    return one.numerator * other.denominator == other.numerator * one.denominator


def describe_given(plan: Plan) -> list[str]:
    """What is given of the course after rounding, in phrases; empty where every day is exact."""
    first_cycle = [day for day in plan.schedule if day.cycle == 1]
    exact = [_are_equal(Ratio(day.dose_g), day_g) for day, day_g in zip(first_cycle, plan.dose.days_g, strict=False)]
    if all(exact) and not plan.rounding.difference_g.numerator:
        return []
    groups = fold_days(first_cycle)
    phrases = [
        f"{show_amount(group.given.dose_g, 'g')} {'a day on days' if len(group.days) > 1 else 'on day'} "
        f"{group.name_days()}"
        for group in groups
    ]
    kg, grams = plan.dosing_weight.kg, show_amount(plan.rounding.course_g, "g")
    per_kg = show_amount(Ratio(plan.rounding.course_g * kg.denominator, kg.numerator), "g/kg")
    if is_repeated_dose(plan) and plan.part_given is None:
        return [f"{grams} a dose ({per_kg})"]
    total = f"= {grams} {_whole(plan)} ({per_kg})"
    return [*[f"{phrase}," for phrase in phrases[:-1]], phrases[-1], total]


def describe_rounding(plan: Plan) -> str:
    """The rounding rule and what it did to the course, in grams and percent."""
    rounding, grams = plan.rounding, show_amount(plan.rounding.course_g, "g")
    change = f"{show_signed(rounding.difference_g, 'g')} ({show_signed(rounding.difference_percent, '%', 2)})"
    policy = "" if rounding.policy is None else f"policy {rounding.policy}, "
    if rounding.rule == "none":
        rule = f"{policy}none"
        if not rounding.difference_g.numerator:
            return f"{rule}: the doses are exact to 0.001 g"
    else:
        to = "whole vials" if rounding.rule == "vial" else f"steps of {show(rounding.step_g or ZERO)} g"
        rule = f"{policy}to {to}, {_DIRECTIONS[rounding.direction]}"
    if not rounding.difference_g.numerator:
        return f"{rule}: the {'dose' if is_repeated_dose(plan) else 'course'} stays {grams}, {change}"
    beyond = "" if rounding.within_tolerance else f", beyond the tolerance of {show(rounding.tolerance_percent)} %"
    exact = show_amount(plan.dose.course_g, "g")
    return f"{rule}: {grams} {_whole(plan)} instead of {exact}, {change}{beyond}"


def describe_regimen(plan: Plan) -> list[str]:
    """The regimen, its figures with their ranges, and which of them the catalogue chose by default."""
    choice = plan.choice
    regimen = choice.regimen
    who = {"catalogue": "catalogue default", "request": "as requested"}
    fixed = regimen.g_per_kg.low == regimen.g_per_kg.high
    whole = _whole(plan._replace(part_given=None))
    low, high = (show_amount(value, "g") for value in (plan.dose.course_low_g, plan.dose.course_high_g))
    amount = show_amount(choice.g_per_kg, f"g/kg {per_basis(regimen.basis)}")
    chosen = who[choice.g_per_kg_chosen_by]
    lines = [f"{regimen.title} [{regimen.id}], {who[choice.chosen_by]}"]
    range_said = f"range {show(regimen.g_per_kg.low)} to {show(regimen.g_per_kg.high)} g/kg"
    lines.append(amount + (", fixed" if fixed else f": {chosen}; {range_said}"))
    if regimen.days.low != regimen.days.high:
        lines.append(f"{count(choice.days, 'day')}: {who[choice.days_chosen_by]}; range {describe_days(regimen)}")
    if low != high:
        lines.append(f"whole range for this patient: {low} to {high} {whole}")
    if plan.dose.capped_from_g is not None:
        uncapped = show_amount(plan.dose.capped_from_g, "g")
        capped = plan.dose.course_g if plan.part_given is None else plan.part_given.course.course_g
        lines.append(f"capped at {show_amount(capped, 'g')} {whole}; without the cap {uncapped}")
    if plan.gap is not None:
        asked = "as requested" if plan.gap.chosen_by == "request" else "as in the sources"
        said = f"begins {write_interval(plan.gap.after, always_count=True)} after the first day of the course, {asked}"
        lines.append(said + ("" if plan.gap.chosen_by == "request" else cite(plan.gap.sources)))
    return [*lines, *_describe_interval(choice), *([regimen.repeat] if regimen.repeat else [])]


def describe_dosing_weight(weight: DosingWeight) -> str:
    """The dosing weight, which of the patient's weights it is, and the branch of the policy that chose it."""
    kg, kind = show_amount(weight.kg, "kg"), f"{weight.kind} weight"
    reason = weight.reason[:1].upper() + weight.reason[1:]
    named = "" if kind in reason.lower() else f", {kind}"
    return f"{kg}{named}, policy {weight.policy}. {reason}"


def per_basis(basis: str) -> str:
    """What the g/kg of a regimen are per: `a day`, `for the course`, `a dose`, `a month`."""
    return {"per_day": "a day", "per_course": "for the course", "per_dose": "a dose", "per_month": "a month"}[basis]


def describe_repeat(regimen: Regimen) -> list[str]:
    """How the course repeats, where it does: `repeated every 4 weeks (range 3 to 4 weeks)`."""
    said = []
    if regimen.per_event == "plasma-exchange":
        said.append("given after each plasma exchange")
    if regimen.interval is not None:
        said.append(f"repeated {_every(usual_interval(regimen.interval), regimen.interval)}")
    return said + ([regimen.repeat] if regimen.repeat else [])


def _describe_interval(choice: RegimenChoice) -> list[str]:
    """The time from course to course that is planned, or at which courses may be repeated."""
    repeats = choice.repeats
    if repeats is None:
        return ["given after each plasma exchange"] if choice.regimen.per_event == "plasma-exchange" else []
    if choice.interval is None:
        return [f"may be repeated {_every(usual_interval(repeats), repeats)}: see --cycles"]
    asked = " as requested" if choice.interval_chosen_by == "request" else ""
    return [f"repeated {_every(choice.interval, repeats)}{asked}"]


def _every(interval: TimeSpan, repeats: Interval) -> str:
    """`every month`, `every 4 weeks (range 3 to 4 weeks)`."""
    span = "" if repeats.low == repeats.high else f" (range {repeats.low} to {repeats.high} {repeats.unit})"
    return f"every {write_interval(interval)}{span}"


def describe_vials(vials: Iterable[VialCount]) -> str:
    """`1 x 20 g + 1 x 10 g`."""
    return " + ".join([f"{vial.count} x {show(vial.g)} g" for vial in vials])


def describe_day_vials(day: GivenDay) -> str:
    """`1 x 20 g + 1 x 10 g`, or for part vials `open 1 x 5 g: draw 12.6 mL, discard 37.4 mL`; '' without a product."""
    return describe_vials(day.vials) if day.part_vials is None else describe_part(day.part_vials)


def describe_part(part: PartVials) -> str:
    """`open 1 x 5 g: draw 12.6 mL, discard 37.4 mL`."""
    drawn, discarded = show_amount(part.drawn_ml, "mL", 2), show_amount(part.discarded_ml, "mL", 2)
    return f"open {describe_vials(part.opened)}: draw {drawn}, discard {discarded}"


class DayPhrases(NamedTuple):
    """What is given on some days: `30 g a day on days 1-3`, and `1 x 20 g + 1 x 10 g`, `300 mL over 2 h 25 min`."""

    grams: str
    how: list[str]


def describe_days_given(plan: Plan) -> list[DayPhrases]:
    """The grams, vials, volume and time of each day of a course; days that are alike together."""
    return [_describe_group(group, plan) for group in fold_days(plan.schedule) if group.cycle == 1]


def _describe_group(group: DayGroup, plan: Plan) -> DayPhrases:
    day, hours = group.given, plan.choice.regimen.infusion_hours
    grams = f"{show_amount(day.dose_g, 'g')} {'a day ' if len(group.days) > 1 else ''}on {name_days(group)}"
    over = "" if day.total_minutes is None else f" over {show_minutes(day.total_minutes)}"
    if not over and hours is not None:
        over = f" over {describe_hours(hours)} hours"
    vials = describe_day_vials(day)
    return DayPhrases(grams, [*([f"{vials},"] if vials else []), f"{show_amount(day.volume_ml, 'mL', 1)}{over}"])


def describe_course_volume(plan: Plan) -> str:
    """The volume of a course, and the strength that it is worked out at where no product is named."""
    total_ml = sum([day.volume_ml for day in plan.schedule if day.cycle == 1], ZERO)
    return f"{show_amount(total_ml, 'mL', 1)} in all{describe_assumed_strength(plan)}"


def describe_assumed_strength(plan: Plan) -> str:
    """At which strength volumes are worked out where no product is named; nothing where one is."""
    return "" if plan.product is not None else f" (at {show(plan.g_per_100_ml)} %, no product named)"


def describe_concentration(plan: Plan) -> str:
    """The product with its strength, or that none was named and which strength the volumes are worked out at."""
    strength = f"{show(plan.g_per_100_ml)} g/100 mL"
    if plan.product is None:
        return f"none named: volumes are at {show(plan.g_per_100_ml)} % ({strength})"
    return f"{plan.product.name} [{plan.product.id}], {strength}"


def name_days(group: DayGroup) -> str:
    """`day 5`, `days 1-4`."""
    return f"{'days' if len(group.days) > 1 else 'day'} {group.name_days()}"


def describe_infusion(group: DayGroup) -> str:
    """`days 1-3: 30 g in 300 mL over 4 h 15 min`."""
    day = group.given
    over = "" if day.total_minutes is None else f" over {show_minutes(day.total_minutes)}"
    return f"{name_days(group)}: {show_amount(day.dose_g, 'g')} in {show_amount(day.volume_ml, 'mL')}{over}"


def describe_not_checked(facts: Sequence[str], explain: bool) -> str:
    """The facts that rules need and nobody stated; risks are counted unless all are asked for."""
    plain = [fact for fact in facts if fact in PLAIN_FACTS]
    risks = [fact for fact in facts if fact not in PLAIN_FACTS]
    if explain or len(risks) <= RISKS_IN_A_LINE:
        return ", ".join([*plain, *risks])
    return ", ".join([*plain, f"{len(risks)} risks not stated (--explain lists them, --risk none denies them)"])


def describe_vaccines(plan: Plan, explain: bool = True) -> str:
    """How long live vaccines wait, until when where that is known, and by which table."""
    vaccines = plan.vaccines
    until = "" if vaccines.not_before is None else f", not before {vaccines.not_before.isoformat()}"
    named = f" ({', '.join(vaccines.vaccines)})" if vaccines.vaccines else ""
    months = count(vaccines.defer_months, "month")
    cited = cite_briefly(vaccines.sources, explain)
    return f"wait {months} after the last infusion{until}{named}; table {vaccines.table}{cited}"


def describe_origin(origin: Origin) -> list[str]:
    """The tool, the catalogue with its digest and dates, and each file where there is more than one."""
    dates = f"effective {origin.effective.isoformat()}, review by {origin.review_by.isoformat()}"
    catalogue = f"{origin.catalogue}, version {origin.version}, sha256 {origin.sha256[:DIGEST_DIGITS]}"
    lines = [f"ivig-dose {origin.tool}; {catalogue}; {dates}"]
    if len(origin.files) > 1:
        lines += [f"{file.path}, version {file.version}, sha256 {file.sha256[:DIGEST_DIGITS]}" for file in origin.files]
    return lines


def cite(sources: Sequence[str]) -> str:
    """The ids of sources behind what they are sources of: ` [seed, fda-privigen]`."""
    return f" [{', '.join(sources)}]" if sources else ""


def cite_briefly(sources: Sequence[str], explain: bool) -> str:
    """The first sources and how many more there are; with `explain` all of them."""
    if explain or len(sources) <= SOURCES_IN_A_LINE:
        return cite(sources)
    return f" [{', '.join(sources[:SOURCES_IN_A_LINE])}, {len(sources) - SOURCES_IN_A_LINE} more]"


def count(number: int, noun: str) -> str:
    """`1 day`, `5 days`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
