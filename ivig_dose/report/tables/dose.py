"""The screen of a dose: what to give first, then how it was chosen, how it is given, and what to watch for."""

from collections.abc import Iterable, Sequence

from ivig_dose.core.results import Alternative, Plan
from ivig_dose.problems import Notice, Refusal
from ivig_dose.report.numbers import show_amount, write_number
from ivig_dose.report.phrases import (
    CLOSING,
    DayGroup,
    cite_briefly,
    count,
    describe_concentration,
    describe_day_vials,
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
from ivig_dose.report.tables.columns import Column, Columns
from ivig_dose.report.tables.infusion import lay_out_infusion
from ivig_dose.report.tables.layout import BLANK, Block, Labelled, Span, Stack, stack, write
from ivig_dose.report.tables.patient import list_facts
from ivig_dose.report.tables.wording import bind, bind_each

NOTES_ON_SCREEN = 3


def lay_out_plan(plan: Plan, explain: bool = False) -> Stack:
    """The whole plan; with `explain` also every note and the working step by step."""
    groups = fold_days(plan.schedule)
    return stack(
        [
            *_lay_out_dose(plan),
            *below_a_blank(lay_out_warnings(plan.notices, explain)),
            BLANK,
            *_lay_out_choices(plan, explain),
            BLANK,
            write(("Schedule", "strong")),
            _lay_out_schedule(groups),
            *_lay_out_infusions(plan, groups),
            BLANK,
            Labelled("Live vaccines", _lay_out_vaccines(plan, explain)),
            *below_a_blank([*lay_out_notes(plan.notices, explain), *lay_out_not_checked(plan, explain)]),
            *_lay_out_alternatives(plan.alternatives),
            *(_lay_out_working(plan) if explain else []),
            BLANK,
            *lay_out_footer(plan),
        ]
    )


def lay_out_brief(plan: Plan) -> Stack:
    """The dose, what is given of it, and every warning."""
    return stack([*_lay_out_dose(plan), *below_a_blank(lay_out_warnings(plan.notices, explain=False))])


def _lay_out_dose(plan: Plan) -> Iterable[Block]:
    """The first block: total, grams a day and grams per kg, never one without the others."""
    yield write((title_of(plan), "strong"))
    grams, per_kg = describe_dose(plan)
    given = describe_given(plan)
    if not given:
        yield write((bind_each(grams), "strong"), f" {bind_each(per_kg)}")
        return
    yield Labelled("Calculated", write(f"{bind_each(grams)} {bind_each(per_kg)}"))
    yield Labelled("Given", write((bind_each(given), "strong")))


def _lay_out_choices(plan: Plan, explain: bool) -> Iterable[Block]:
    facts, weight = list_facts(plan), plan.dosing_weight
    if len(facts) > 1:
        yield Labelled("Patient", write(", ".join(facts)))
    chosen = write(describe_dosing_weight(weight), (cite_briefly(weight.sources, explain), "quiet"))
    yield Labelled("Regimen", stack([write(line) for line in describe_regimen(plan)]))
    threshold = [] if weight.threshold is None else [write(weight.threshold)]
    yield Labelled("Dosing weight", stack([chosen, *threshold]))
    yield Labelled("Product", write(describe_concentration(plan)))
    yield Labelled("Rounding", write(describe_rounding(plan)))


def _lay_out_schedule(groups: Sequence[DayGroup]) -> Block:
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
    return Columns(tuple(columns), tuple(rows))


def _lay_out_infusions(plan: Plan, groups: Sequence[DayGroup]) -> Iterable[Block]:
    """Each infusion that differs from the others once, the largest with its chart."""
    shown: list[DayGroup] = []
    for group in groups:
        if not group.given.steps or any(same_infusion(group.given, before.given) for before in shown):
            continue
        yield BLANK
        yield write(("Infusion", "strong"), f", {describe_infusion(group)}")
        if plan.infusion_note and not shown:
            yield write(plan.infusion_note)
        yield lay_out_infusion(group.given, with_chart=not shown)
        shown.append(group)
    if not shown and plan.infusion_note:
        yield Labelled("Infusion", write(plan.infusion_note))


def _lay_out_vaccines(plan: Plan, explain: bool) -> Block:
    said = [write(describe_vaccines(plan, explain))]
    if explain and plan.vaccines.exception:
        said.append(write(plan.vaccines.exception))
    return stack(said)


def below_a_blank(blocks: Iterable[Block]) -> list[Block]:
    """The blocks with a blank line above them, where there are any."""
    there = list(blocks)
    return [BLANK, *there] if there else []


def lay_out_warnings(notices: Sequence[Notice], explain: bool) -> Iterable[Block]:
    """All the warnings, a paragraph each."""
    return [_lay_out_notice(("WARNING", "warning"), each, explain) for each in notices if each.level == "warning"]


def lay_out_notes(notices: Sequence[Notice], explain: bool) -> Iterable[Block]:
    """At most three notes unless all are asked for, with how many there are more."""
    notes = [notice for notice in notices if notice.level == "note"]
    shown = notes if explain else notes[:NOTES_ON_SCREEN]
    for notice in shown:
        yield _lay_out_notice(("Note", "strong"), notice, explain)
    if len(shown) < len(notes):
        yield write(f"{count(len(notes) - len(shown), 'more note')} with --explain")


def _lay_out_notice(level: Span, notice: Notice, explain: bool) -> Block:
    return write(level, f": {notice.text}", (cite_briefly(notice.sources, explain), "quiet"), hanging=2)


def lay_out_not_checked(plan: Plan, explain: bool) -> Iterable[Block]:
    """The facts that some rule needs and nobody stated, so that silence is not taken for safety."""
    if plan.not_checked:
        yield write(("Not checked", "strong"), f": {describe_not_checked(plan.not_checked, explain)}", hanging=2)


def _lay_out_alternatives(alternatives: Sequence[Alternative]) -> Iterable[Block]:
    if not alternatives:
        return
    rows = [
        (
            other.regimen,
            show_amount(other.course_g, "g"),
            "in 1 day" if other.days == 1 else f"over {other.days} days",
            other.title + _name_default(other),
        )
        for other in alternatives
    ]
    yield BLANK
    yield write(("Other regimens", "strong"), " of this indication, at their defaults")
    columns = (
        Column("regimen", "{}", "text"),
        Column("course", "{} for the course"),
        Column("", "{}", "text"),
        Column("title", "{}", "prose"),
    )
    yield Columns(columns, tuple(rows))


def _name_default(other: Alternative) -> str:
    """The catalogue's choice from a range, which the title does not give."""
    return f"; here {write_number(other.g_per_kg)} g/kg {per_basis(other.basis)}" if other.in_a_range else ""


def _lay_out_working(plan: Plan) -> Iterable[Block]:
    yield BLANK
    yield write(("Working", "strong"), ", to be checked by hand")
    for line in plan.working:
        value = bind(f"= {show_amount(line.value, line.unit, 6).strip()}")
        source = f" [{line.source}]" if line.source else ""
        yield write(f"{line.label}: {line.formula} {value}", (source, "quiet"), hanging=2)


def lay_out_footer(plan: Plan) -> Iterable[Block]:
    """Sources, origin and the demand for an independent check."""
    yield Labelled("Sources", write(", ".join(plan.choice.sources)))
    yield Labelled("Origin", stack([write(line) for line in describe_origin(plan.origin)]))
    yield write((CLOSING, "strong"))


def lay_out_refusal(refusal: Refusal) -> Stack:
    """No dose: why, by which rule, and what to do instead."""
    return stack(
        [
            write(("REFUSED", "warning"), f": {refusal.message} [{refusal.rule}]", hanging=2),
            write(("Hint", "strong"), f": {refusal.hint}", hanging=2) if refusal.hint else None,
            write(("Sources", "strong"), f": {', '.join(refusal.sources)}", hanging=2) if refusal.sources else None,
        ]
    )
