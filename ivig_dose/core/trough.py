"""The trough of serum IgG: where a level stands against targets, and what the range of a regimen may do to it."""

from ivig_dose.core.choices import Choices
from ivig_dose.core.request import Request
from ivig_dose.core.results import ExpectedTrough, IggStanding, Trough
from ivig_dose.problems import Refusal
from ivig_dose.quantity import ZERO, Ratio


def refuse_igg(request: Request, choices: Choices) -> Refusal | None:
    """The refusal of a level or a target where the catalogue has no target for the indication, or None."""
    if request.igg_g_per_l is None:
        if request.igg_target_g_per_l is None:
            return None
        return Refusal(
            "igg-needed", "a target is given without a level", "add --igg with the measured trough", kind="usage"
        )
    indication, targets = choices.indication.id, choices.catalogue.igg_targets.values()
    if any(indication in target.indications for target in targets):
        return None
    known = sorted({name for target in targets for name in target.indications})
    return Refusal(
        "igg-without-target",
        f"no source here aims for a trough of IgG in {indication}",
        f"leave --igg out; it is for {', '.join(known) or 'no indication'}",
    )


def judge_trough(request: Request, choices: Choices) -> Trough | None:
    """Where the level stands, and what is expected at the ends of the regimen's range; None where none was given.

    The expectation holds where the level was measured before an infusion in a steady state on the planned dose and
    interval. It never goes below zero, and it is no dose: nothing here is planned from it.
    """
    igg, target = request.igg_g_per_l, request.igg_target_g_per_l
    if igg is None:
        return None
    indication, choice = choices.indication.id, choices.regimen
    catalogue = choices.catalogue
    standings = tuple(
        IggStanding(each, each.g_per_l.admit(igg))
        for each in catalogue.igg_targets.values()
        if indication in each.indications
    )
    span = choice.regimen.g_per_kg
    expected = []
    for rise in catalogue.igg_rises.values():
        if indication not in rise.indications or choice.interval is None or choice.regimen.basis != "per_dose":
            continue
        low, high = (
            Ratio(max(igg * rise.per_g_per_kg + (end - choice.g_per_kg) * rise.g_per_l, ZERO), rise.per_g_per_kg)
            for end in (span.low, span.high)
        )
        expected.append(ExpectedTrough(rise, choice.g_per_kg, span.low, low, span.high, high))
    return Trough(igg, target, standings, tuple(expected))
