"""The working: each line of arithmetic as it can be done again by hand, in order, with its source."""

from collections.abc import Iterator
from decimal import Decimal

from ivig_dose.core.choices import Choices
from ivig_dose.core.results import Dose, DosingWeight, GivenDay, InfusionStep, PartGiven, Patient, WorkingLine
from ivig_dose.core.rounding import Given
from ivig_dose.core.weight import DEVINE_BASE_KG
from ivig_dose.quantity import MINUTES_PER_HOUR, Direction, Ratio, show, show_ratio

SHOWN = Decimal("0.001")
UP: Direction = "up"
DOWN: Direction = "down"


def write_working(
    choices: Choices,
    patient: Patient,
    weight: DosingWeight,
    dose: Dose,
    given: Given,
    schedule: tuple[GivenDay, ...],
    part: PartGiven | None = None,
) -> Iterator[WorkingLine]:
    """The lines from the patient's weight to the last infusion. Values are shown to 3 decimals, ties up."""
    yield from _work_weight(choices, patient, weight)
    yield from _work_dose(choices, weight, dose if part is None else part.course)
    if part is not None:
        yield from _work_rest(part, dose)
    yield from _work_given(choices, dose, given)
    yield from _work_infusion(choices, weight, schedule)


def _line(label: str, formula: str, value: Ratio | Decimal, unit: str, source: str = "") -> WorkingLine:
    exact = value if isinstance(value, Ratio) else Ratio(value)
    shown = exact.to_step(SHOWN) if exact.numerator >= 0 else -Ratio(-exact.numerator, exact.denominator).to_step(SHOWN)
    return WorkingLine(label, formula, shown, unit, source)


def _first(sources: tuple[str, ...]) -> str:
    return sources[0] if sources else ""


def _work_weight(choices: Choices, patient: Patient, weight: DosingWeight) -> Iterator[WorkingLine]:
    source = _first(weight.sources)
    kg, height = show(patient.weight_kg), patient.height_cm
    if patient.bmi is not None and height is not None:
        yield _line(
            "body mass index",
            f"{kg} kg / ({show(height / 100, 4)} m x {show(height / 100, 4)} m)",
            patient.bmi,
            "kg/m2",
        )
    if weight.ideal_kg is not None and height is not None and patient.sex is not None:
        base = show(DEVINE_BASE_KG[patient.sex])
        yield _line("ideal weight", f"{base} + 2.3 x ({show(height)} cm / 2.54 - 60)", weight.ideal_kg, "kg", source)
        if weight.adjusted_kg is not None:
            ideal = show_ratio(weight.ideal_kg)
            formula = f"{ideal} + {show(choices.policy.factor or 0)} x ({kg} - {ideal})"
            yield _line("adjusted weight", formula, weight.adjusted_kg, "kg", source)
    yield _line("dosing weight", f"{weight.kind} weight", weight.kg, "kg", source)


def _work_dose(choices: Choices, weight: DosingWeight, dose: Dose) -> Iterator[WorkingLine]:
    regimen, per_kg, days = choices.regimen.regimen, show(choices.regimen.g_per_kg), choices.regimen.days
    source, kg = _first(choices.regimen.sources), show_ratio(weight.kg)
    by_day = regimen.basis == "per_day" and dose.capped_from_g is None and dose.day_g is not None
    if by_day and dose.day_g is not None:
        yield _line("dose of a day", f"{per_kg} g/kg a day x {kg} kg", dose.day_g, "g", source)
        yield _line("course", f"{show_ratio(dose.day_g)} g x {days}", dose.course_g, "g")
        return
    total = f"{per_kg} g/kg x {days} x {kg} kg" if regimen.basis == "per_day" else f"{per_kg} g/kg x {kg} kg"
    yield _line("course", total, dose.capped_from_g or dose.course_g, "g", source)
    if dose.capped_from_g is not None:
        yield _line("course, capped", f"at most {show_ratio(dose.course_g)} g", dose.course_g, "g", source)
    if dose.day_g is not None:
        if days > 1:
            yield _line("dose of a day", f"{show_ratio(dose.course_g)} g / {days}", dose.day_g, "g")
        return
    for day, (share, day_g) in enumerate(zip(regimen.day_pattern or (), dose.days_g, strict=False), start=1):
        whole = sum(regimen.day_pattern or (), Decimal(0))
        formula = f"{show_ratio(dose.course_g)} g x {show(share)} / {show(whole)}"
        yield _line(f"dose of day {day}", formula, day_g, "g", source)


def _work_rest(part: PartGiven, rest: Dose) -> Iterator[WorkingLine]:
    """What was given and what is left; both are the course to the milligram and beyond."""
    terms, course = " + ".join(show(dose.g) for dose in part.doses), show_ratio(part.course.course_g)
    yield _line("given before", terms, part.given_g, "g")
    yield _line("left of the course", f"{course} g - {show(part.given_g)} g", rest.course_g, "g")
    if rest.day_g is not None and len(rest.days_g) > 1:
        formula = f"{show_ratio(rest.course_g)} g / {len(rest.days_g)}"
        yield _line("dose of a day that is left", formula, rest.day_g, "g")


def _work_given(choices: Choices, dose: Dose, given: Given) -> Iterator[WorkingLine]:
    rounding = given.rounding
    rule = {"vial": "whole vials", "step": f"steps of {show(rounding.step_g or 0)} g", "none": "steps of 0.001 g"}
    terms = " + ".join(show(day_g) for day_g in given.days_g)
    yield _line(f"course given, {rule[rounding.rule]}, {rounding.direction}, ties up", terms, rounding.course_g, "g")
    exact = show_ratio(dose.course_g)
    if rounding.difference_g.numerator:
        yield _line("change by rounding", f"{show(rounding.course_g)} g - {exact} g", rounding.difference_g, "g")
    concentration = show(choices.g_per_100_ml)
    for day_g in dict.fromkeys(given.days_g):
        volume = Ratio(day_g * 100, choices.g_per_100_ml)
        whose = choices.product.id if choices.product else "assumed, no product named"
        formula = f"{show(day_g)} g x 100 mL / {concentration} g ({whose})"
        yield _line(
            "volume of a day", formula, volume, "mL", _first(choices.product.sources) if choices.product else ""
        )


def _work_infusion(choices: Choices, weight: DosingWeight, schedule: tuple[GivenDay, ...]) -> Iterator[WorkingLine]:
    first = schedule[0]
    if not first.steps:
        return
    source = _first(choices.ladder.sources) if choices.ladder else ""
    for step in first.steps:
        rate, before_ml = show(step.rate_ml_per_h), show(step.cumulative_ml - step.volume_ml)
        describe = _describe_rate(choices, weight, first, step)
        if step is not first.steps[-1]:
            formula = f"{rate} mL/h x {show(step.minutes)} min / {show(MINUTES_PER_HOUR)}"
            yield _line(f"rate of step {step.step}", describe, step.rate_ml_per_h, "mL/h", source)
            yield _line(f"volume of step {step.step}", formula, step.volume_ml, "mL")
            continue
        left = f"{show(first.volume_ml)} mL - {before_ml} mL"
        time = f"{show(step.volume_ml)} mL x {show(MINUTES_PER_HOUR)} / {rate} mL/h"
        yield _line(f"volume of step {step.step}, the rest", left, step.volume_ml, "mL")
        yield _line(f"rate of step {step.step}", describe, step.rate_ml_per_h, "mL/h", source)
        yield _line(f"time of step {step.step}", time, step.minutes, "min")
    terms = " + ".join(show(step.minutes) for step in first.steps)
    total = sum((step.minutes for step in first.steps), Decimal(0))
    yield _line("time of the first infusion", terms, total, "min")


def _describe_rate(choices: Choices, weight: DosingWeight, day: GivenDay, step: InfusionStep) -> str:
    """The arithmetic of a pump setting: from the label's rate, or for a plateau from the time that is to be taken."""
    pump_step, hours = choices.pump_step_ml_per_h, choices.regimen.regimen.infusion_hours
    grid = f"a pump step of {show(pump_step)} mL/h"
    if hours is not None and step is day.steps[-1]:
        whole = (hours.low + hours.high) * MINUTES_PER_HOUR / 2
        before = sum((earlier.minutes for earlier in day.steps[:-1]), Decimal(0))
        paced = Ratio(step.volume_ml * MINUTES_PER_HOUR, whole - before) if before < whole else None
        for direction in (UP, DOWN):
            if paced is not None and paced.to_step(pump_step, direction) == step.rate_ml_per_h:
                time = f"({show(whole)} min - {show(before)} min)"
                return f"{show(step.volume_ml)} mL x {show(MINUTES_PER_HOUR)} / {time}, {direction} to {grid}"
    per_kg = step.rate_ml_per_kg_per_h
    return f"{show(per_kg)} mL/kg/h x {show_ratio(weight.kg)} kg, down to {grid}"
