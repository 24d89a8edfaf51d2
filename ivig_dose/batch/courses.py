"""The core's stages for one order and one dosing weight, without the words and steps that a line does not show."""

from decimal import Decimal
from typing import NamedTuple

from ivig_dose.core.choices import Choices
from ivig_dose.core.dosing import compute_dose
from ivig_dose.core.infusion import can_run, set_within_hours
from ivig_dose.core.plan import Pace, compute_volume_ml
from ivig_dose.core.results import Dose, Rounding
from ivig_dose.core.rounding import describe_rounding, split_days
from ivig_dose.problems import Refusal
from ivig_dose.quantity import ZERO, Ratio


class Course(NamedTuple):
    """The exact dose, the grams of each day as given, what rounding did, and how the infusions go."""

    dose: Dose
    days_g: tuple[Decimal, ...]
    rounding: Rounding
    pace: Pace


def give_course(choices: Choices, dosing_kg: Ratio) -> Course | None:
    """The course of a dosing weight; None where it is refused."""
    dose = compute_dose(choices.regimen, dosing_kg)
    split = None if isinstance(dose, Refusal) else split_days(dose, choices, dosing_kg)
    if isinstance(dose, Refusal) or split is None or isinstance(split, Refusal):
        return None
    rounding = describe_rounding(dose.course_g, sum(split.days_g, ZERO), choices)
    return Course(dose, split.days_g, rounding, _find_pace(choices, dosing_kg, split.days_g))


def _find_pace(choices: Choices, dosing_kg: Ratio, days_g: tuple[Decimal, ...]) -> Pace:
    """How the infusions of these days go, without their steps where the regimen gives no time for them."""
    hours, ladder, pump_step = choices.regimen.regimen.infusion_hours, choices.ladder, choices.pump_step_ml_per_h
    if hours is None:
        return Pace(ladder is None or can_run(ladder, dosing_kg, pump_step), in_time=True, minutes=None)
    first, *others = [
        set_within_hours(ladder, hours, dosing_kg, compute_volume_ml(dose_g, choices), pump_step)
        for dose_g in dict.fromkeys(days_g)
    ]
    settings, minutes, in_time = first
    return Pace(bool(settings), in_time and all(kept for *_, kept in others), minutes if settings else None)


def find_rates(choices: Choices) -> object:
    """What figures depend on of the rates: all steps where the regimen gives a time, else whether the first can run."""
    if choices.ladder is None or choices.regimen.regimen.infusion_hours is not None:
        return choices.ladder and choices.ladder.steps
    return choices.ladder.steps[0]
