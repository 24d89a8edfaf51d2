"""The screen of `compare`: one patient under every weight policy, side by side."""

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Group, RenderableType

from ivig_dose.core.notices import arrange
from ivig_dose.core.results import Plan
from ivig_dose.problems import Refusal
from ivig_dose.report.numbers import show_amount, show_signed
from ivig_dose.report.phrases import CLOSING, cite_briefly, count, describe_origin, per_basis
from ivig_dose.report.tables.dose import below_a_blank, lay_out_not_checked, lay_out_warnings
from ivig_dose.report.tables.patient import list_facts
from ivig_dose.report.tables.rows import Column, Rows
from ivig_dose.report.tables.words import BLANK, stack, write


def lay_out_comparison(
    results: Mapping[str, Plan | Refusal], roundings: Mapping[str, Plan | Refusal] | None = None
) -> Group:
    """One patient under each weight policy, by its id: the doses, the branch each took, and every plan's warnings.

    Below them stands what each rounding policy gives.
    """
    plans = {policy: result for policy, result in results.items() if isinstance(result, Plan)}
    refused = {policy: result for policy, result in results.items() if isinstance(result, Refusal)}
    return stack(
        [
            *_lay_out_question(list(plans.values())[:1]),
            *below_a_blank(_lay_out_doses(plans)),
            *below_a_blank(_lay_out_reasons(plans)),
            *below_a_blank(_lay_out_refused(refused)),
            *below_a_blank(_lay_out_roundings(roundings or {})),
            *_lay_out_rest(list(plans.values())),
        ]
    )


def _lay_out_question(first: Sequence[Plan]) -> Iterable[RenderableType]:
    """The patient and the regimen, which are the same for each policy."""
    for plan in first:
        choice = plan.choice
        yield write((f"{plan.indication.title}, {', '.join(list_facts(plan))}", "strong"))
        amount = show_amount(choice.g_per_kg, f"g/kg {per_basis(choice.regimen.basis)}")
        yield write(f"{choice.regimen.title} [{choice.regimen.id}]: {amount}, {count(choice.days, 'day')}")


def _lay_out_doses(plans: Mapping[str, Plan]) -> Iterable[RenderableType]:
    """The dosing weight and the grams of each policy; what is given is a column where doses are rounded."""
    rounded = any(plan.rounding.rule != "none" for plan in plans.values())
    columns = (
        Column("policy", "{}", "text"),
        Column("weight", "{} weight", "text"),
        Column("dosing weight"),
        Column("a day", "{} a day"),
        Column("course", "{} for the course"),
        *([Column("given", "given {} for the course")] if rounded else []),
    )
    if plans:
        yield Rows(columns, [_name_doses(policy, plan, rounded) for policy, plan in plans.items()])


def _name_doses(policy: str, plan: Plan, rounded: bool) -> tuple[str, ...]:
    weight, dose = plan.dosing_weight, plan.dose
    return (
        policy,
        weight.kind,
        show_amount(weight.kg, "kg"),
        "unequal" if dose.day_g is None else show_amount(dose.day_g, "g"),
        show_amount(dose.course_g, "g"),
        *([show_amount(plan.rounding.course_g, "g")] if rounded else []),
    )


def _lay_out_reasons(plans: Mapping[str, Plan]) -> Iterable[RenderableType]:
    """Why each policy takes its weight, and how near its next threshold is."""
    for policy, plan in plans.items():
        weight = plan.dosing_weight
        cited = cite_briefly(weight.sources, explain=False)
        yield write((policy, "strong"), f": {weight.reason}", (cited, "quiet"), hanging=2)
        if weight.threshold:
            yield write(weight.threshold, indent=2)


def _lay_out_roundings(roundings: Mapping[str, Plan | Refusal]) -> Iterable[RenderableType]:
    """What each rounding policy gives of the course at the default weight policy, or why it cannot."""
    columns = (
        Column("rounding policy", "{}", "text"),
        Column("given", "given {} for the course"),
        Column("change", "{}"),
        Column("rule", "{}", "prose"),
    )
    rows = [
        (policy, "", "", f"refused: {result.message}")
        if isinstance(result, Refusal)
        else (
            policy,
            show_amount(result.rounding.course_g, "g"),
            show_signed(result.rounding.difference_percent, "%", 2),
            {"vial": "whole vials", "step": "steps", "none": "exact grams"}[result.rounding.rule],
        )
        for policy, result in roundings.items()
    ]
    if rows:
        yield Rows(columns, rows)


def _lay_out_refused(refused: Mapping[str, Refusal]) -> Iterable[RenderableType]:
    for policy, refusal in refused.items():
        yield write((f"{policy}: REFUSED", "warning"), f": {refusal.message} [{refusal.rule}]", hanging=2)


def _lay_out_rest(plans: Sequence[Plan]) -> Iterable[RenderableType]:
    """The warnings of every plan, each once, what was not checked, and where the figures come from."""
    if not plans:
        return
    warnings = lay_out_warnings(arrange([notice for plan in plans for notice in plan.notices]), explain=False)
    yield from below_a_blank([*warnings, *lay_out_not_checked(plans[0], explain=False)])
    yield BLANK
    for line in describe_origin(plans[0].origin):
        yield write(line)
    yield write((CLOSING, "strong"))
