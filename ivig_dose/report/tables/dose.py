"""The screen of a dose: the answer in a frame first, then how it is given, what to know, and how it was chosen."""

from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType

from ivig_dose.core.results import Alternative, Plan
from ivig_dose.problems import Notice
from ivig_dose.report.numbers import show_amount, write_number
from ivig_dose.report.over_time import describe_over_time, describe_part_given, describe_phase
from ivig_dose.report.phrases import (
    CLOSING,
    DayGroup,
    cite_briefly,
    count,
    describe_assumed_strength,
    describe_concentration,
    describe_course_volume,
    describe_day_vials,
    describe_days_given,
    describe_dose,
    describe_dosing_weight,
    describe_given,
    describe_infusion,
    describe_not_checked,
    describe_origin,
    describe_regimen,
    describe_rounding,
    describe_vaccines,
    fold_days,
    per_basis,
    same_infusion,
    title_of,
)
from ivig_dose.report.tables.infusion import lay_out_steps
from ivig_dose.report.tables.patient import list_facts
from ivig_dose.report.tables.rows import Column, Frame, Rows
from ivig_dose.report.tables.words import BLANK, Labelled, Span, Words, bind, bind_each, stack, write

NOTES_ON_SCREEN = 3


def lay_out_plan(plan: Plan, explain: bool = False) -> Group:
    """The whole plan; with `explain` also every note, the other regimens in full and the working step by step."""
    then = [] if plan.then is None else _lay_out_phase(plan.then, plan, explain)
    answer, first = _lay_out_answer(plan, whole=False), _lay_out_phase(plan, None, explain)
    return stack([*answer, *first, *then, BLANK, *lay_out_footer(plan)])


def lay_out_brief(plan: Plan) -> Group:
    """The framed answer with every warning whole."""
    return stack(_lay_out_answer(plan, whole=True))


def _lay_out_phase(plan: Plan, first: Plan | None, explain: bool) -> Iterable[RenderableType]:
    """How a phase is given, what to know and how it was chosen. What the first phase says is not said again."""
    groups = fold_days(plan.schedule)
    title, said = ("Schedule", ()) if first is None else (describe_phase(plan), first.notices)
    yield BLANK
    yield write((title, "strong"))
    yield _lay_out_schedule(groups)
    yield from [Labelled(label, *lines) for label, lines in describe_over_time(plan)]
    yield from _lay_out_infusions(plan, groups)
    yield from below_a_blank(lay_out_notices([notice for notice in plan.notices if notice not in said], explain))
    if first is None:
        yield BLANK
        yield Labelled("Live vaccines", *_describe_vaccines(plan, explain))
        yield from lay_out_not_checked(plan, explain)
        yield from below_a_blank(_lay_out_alternatives(plan.alternatives, explain))
    yield BLANK
    yield write(("How it was chosen", "strong"))
    yield from _lay_out_choices(plan, explain)
    yield from _lay_out_working(plan) if explain else []


def _lay_out_answer(plan: Plan, whole: bool) -> Iterable[RenderableType]:
    """Grams a day, days, course and grams per kg together, vials, volume and time, and below them every warning.

    A warning is told by its first sentence, unless it is to be `whole`; the rest follows with its sources.
    """
    yield Frame(*_list_answer(plan))
    if plan.then is not None:
        yield Frame(*_list_answer(plan.then, describe_phase(plan.then)))
    warnings = [notice for each in (plan, plan.then) if each for notice in each.notices if notice.level == "warning"]
    for notice in dict.fromkeys(warnings):
        yield write(("WARNING", "warning"), f" {notice.text if whole else shorten(notice.text)}", hanging=2)


def _list_answer(plan: Plan, phase: str | None = None) -> Iterable[Words]:
    facts = list_facts(plan)[1:]
    grams, per_kg = describe_dose(plan)
    given = describe_given(plan)
    if phase is None:
        yield write((title_of(plan), "strong"), *([f"; {', '.join(facts)}"] if facts else []), hanging=2)
    else:
        yield write((phase, "strong"), hanging=2)
    if plan.part_given is not None:
        yield write(bind_each(describe_part_given(plan)), hanging=2)
    days, volume = describe_days_given(plan), bind(describe_course_volume(plan))
    if given:
        yield write(f"Calculated  {bind_each(grams)} {bind_each(per_kg)}", hanging=2)
    else:
        yield write((bind_each(grams), "strong"), f" {bind_each(per_kg)}", hanging=2)
    if len(plan.dose.days_g) == 1:
        how = bind_each([*days[0].how[:-1], days[0].how[-1] + describe_assumed_strength(plan)])
        yield write("Give  ", (bind_each(given), "strong"), f": {how}", hanging=6) if given else write(how, hanging=2)
    elif len(days) == 1 and not given:
        yield write(f"Each day  {bind_each(days[0].how)}; {volume}", hanging=2)
    else:
        for day in days:
            yield write("Give  ", (bind(day.grams), "strong"), f": {bind_each(day.how)}", hanging=6)
        yield write((bind((given or grams)[-1]), "strong"), f", {volume}", hanging=2, indent=6)


def shorten(text: str) -> str:
    """The first sentence of a notice, without its full stop where more follows."""
    first, stop, _ = text.partition(". ")
    return f"{first}." if stop else text


def _lay_out_choices(plan: Plan, explain: bool) -> Iterable[RenderableType]:
    weight = plan.dosing_weight
    chosen: list[str | Span] = [describe_dosing_weight(weight), (cite_briefly(weight.sources, explain), "quiet")]
    yield Labelled("Regimen", *describe_regimen(plan))
    yield Labelled("Dosing weight", chosen, *([] if weight.threshold is None else [weight.threshold]))
    yield Labelled("Product", describe_concentration(plan))
    yield Labelled("Rounding", describe_rounding(plan))


def _lay_out_schedule(groups: Sequence[DayGroup]) -> Rows:
    many_cycles = any(group.cycle > 1 for group in groups)
    dated = any(group.given.date for group in groups)
    in_vials = any(describe_day_vials(group.given) for group in groups)
    columns = [
        *([Column("cycle", "cycle {}")] if many_cycles else []),
        Column("day", "day {}", "text"),
        *([Column("date", "{}", "text")] if dated else []),
        Column("dose", "{}"),
        Column("volume", "{}"),
        *([Column("vials", "{}", "prose")] if in_vials else []),
    ]
    rows = []
    for group in groups:
        given = group.given
        rows.append(
            (
                *([str(group.cycle)] if many_cycles else []),
                group.name_days(),
                *([group.name_dates()] if dated else []),
                f"{show_amount(given.dose_g, 'g')} a day" if len(group.days) > 1 else show_amount(given.dose_g, "g"),
                show_amount(given.volume_ml, "mL", 2),
                *([describe_day_vials(given)] if in_vials else []),
            )
        )
    return Rows(columns, rows)


def _lay_out_infusions(plan: Plan, groups: Sequence[DayGroup]) -> Iterable[RenderableType]:
    """Each infusion that differs from the others once."""
    shown: list[DayGroup] = []
    for group in groups:
        if not group.given.steps or any(same_infusion(group.given, before.given) for before in shown):
            continue
        yield BLANK
        yield write(("Infusion", "strong"), f", {describe_infusion(group)}")
        if plan.infusion_note and not shown:
            yield write(plan.infusion_note)
        yield lay_out_steps(group.given)
        shown.append(group)
    if not shown and plan.infusion_note:
        yield BLANK
        yield Labelled("Infusion", plan.infusion_note)


def _describe_vaccines(plan: Plan, explain: bool) -> list[str]:
    exception = plan.vaccines.exception
    return [describe_vaccines(plan, explain), *([exception] if explain and exception else [])]


def below_a_blank(blocks: Iterable[RenderableType]) -> list[RenderableType]:
    """The blocks with a blank line above them, where there are any."""
    there = list(blocks)
    return [BLANK, *there] if there else []


def lay_out_notices(notices: Sequence[Notice], explain: bool) -> Iterable[RenderableType]:
    """All the warnings with their sources, and at most three notes unless all are asked for."""
    yield from lay_out_warnings(notices, explain)
    yield from lay_out_notes(notices, explain)


def lay_out_warnings(notices: Sequence[Notice], explain: bool) -> Iterable[RenderableType]:
    """All the warnings, a paragraph each."""
    return [_lay_out_notice(("WARNING", "warning"), each, explain) for each in notices if each.level == "warning"]


def lay_out_notes(notices: Sequence[Notice], explain: bool) -> Iterable[RenderableType]:
    """At most three notes unless all are asked for, with how many there are more."""
    notes = [notice for notice in notices if notice.level == "note"]
    shown = notes if explain else notes[:NOTES_ON_SCREEN]
    for notice in shown:
        yield _lay_out_notice(("Note", "strong"), notice, explain)
    if len(shown) < len(notes):
        yield write(f"{count(len(notes) - len(shown), 'more note')} with --explain")


def _lay_out_notice(level: Span, notice: Notice, explain: bool) -> Words:
    return write(level, f": {notice.text}", (cite_briefly(notice.sources, explain), "quiet"), hanging=2)


def lay_out_not_checked(plan: Plan, explain: bool) -> Iterable[RenderableType]:
    """The facts that some rule needs and nobody stated, so that silence is not taken for safety."""
    if plan.not_checked:
        yield write(("Not checked", "strong"), f": {describe_not_checked(plan.not_checked, explain)}", hanging=2)


def _lay_out_alternatives(alternatives: Sequence[Alternative], explain: bool) -> Iterable[RenderableType]:
    """The other regimens: a line with their grams, or with `explain` a table."""
    if not alternatives:
        return
    if not explain:
        said = [bind(f"{each.regimen} {show_amount(each.course_g, 'g')} {_over(each)}") for each in alternatives]
        yield write(("Not chosen", "strong"), f": {', '.join(said)} (--explain tells more)", hanging=2)
        return
    rows = [
        (each.regimen, show_amount(each.course_g, "g"), _over(each), each.title + _name_default(each))
        for each in alternatives
    ]
    yield write(("Not chosen", "strong"), ": other regimens of this indication, at their defaults")
    columns = (
        Column("regimen", "{}", "text"),
        Column("course", "{} for the course"),
        Column("", "{}", "text"),
        Column("title", "{}", "prose"),
    )
    yield Rows(columns, rows)


def _over(other: Alternative) -> str:
    return "in 1 day" if other.days == 1 else f"over {other.days} days"


def _name_default(other: Alternative) -> str:
    """The catalogue's choice from a range, which the title does not give."""
    return f"; here {write_number(other.g_per_kg)} g/kg {per_basis(other.basis)}" if other.in_a_range else ""


def _lay_out_working(plan: Plan) -> Iterable[RenderableType]:
    yield BLANK
    yield write(("Working", "strong"), ", to be checked by hand")
    for line in plan.working:
        value = bind(f"= {show_amount(line.value, line.unit, 6).strip()}")
        source = f" [{line.source}]" if line.source else ""
        yield write(f"{line.label}: {line.formula} {value}", (source, "quiet"), hanging=2)


def lay_out_footer(plan: Plan) -> Iterable[RenderableType]:
    """Sources, origin and the demand for an independent check."""
    yield Labelled("Sources", ", ".join(plan.choice.sources))
    yield Labelled("Origin", *describe_origin(plan.origin))
    yield write((CLOSING, "strong"))
