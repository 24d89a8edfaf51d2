"""The infusion: from a product's printed rates to the settings of a pump, step by step, until the volume is given.

Each rate is exact from the label's unit, multiplied by the dosing weight and rounded down to the pump's step, so that
it never passes the label's maximum. Times and volumes are worked out exactly and shown to 0.01.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from ivig_dose.catalogue.models import HourRange
from ivig_dose.core.ladder import Ladder
from ivig_dose.core.results import InfusionStep
from ivig_dose.quantity import MINUTES_PER_HOUR, ONE, ZERO, Ratio, steps_in

NEAR_ENOUGH = Decimal("1.05")
"""A time that is one figure, such as 12 hours, is passed by less than this share where the pump has no nearer step."""
SHOWN_STEP = Decimal("0.01")
SHOWN_RATE_STEP = Decimal("0.001")


class Setting(NamedTuple):
    """A pump setting: the rate per kg that it comes from, the mL/h keyed in, and for how many minutes.

    The last setting has no minutes: it runs until the volume is given.
    """

    ml_per_kg_per_h: Ratio
    ml_per_h: Decimal
    minutes: int | None


def run_ladder(
    ladder: Ladder, dosing_kg: Ratio, volume_ml: Decimal, pump_step: Decimal, starts: datetime | None
) -> tuple[InfusionStep, ...]:
    """The steps of one infusion of `volume_ml`; empty where the pump cannot be set as low as the first rate."""
    settings = _set_pump(ladder, dosing_kg, pump_step)
    return _run(settings, volume_ml, starts) if settings else ()


def can_run(ladder: Ladder, dosing_kg: Ratio, pump_step: Decimal) -> bool:
    """Whether the pump can be set as low as the first rate of the ladder."""
    return _pump_rate(ladder, ladder.steps[0][0], dosing_kg, pump_step) > 0


def run_within_hours(
    ladder: Ladder,
    hours: HourRange,
    dosing_kg: Ratio,
    volume_ml: Decimal,
    pump_step: Decimal,
    starts: datetime | None,
) -> tuple[tuple[InfusionStep, ...], bool]:
    """The steps of an infusion that is to take a given time, and whether it does as nearly as the pump can be set.

    The plateau is the lowest setting of the pump that gives the volume by the middle of the range, or the setting
    below it where that one is too fast; it never passes the ladder's maximum.
    """
    settings, _, in_time = set_within_hours(ladder, hours, dosing_kg, volume_ml, pump_step)
    return _run(settings, volume_ml, starts) if settings else (), in_time


def set_within_hours(
    ladder: Ladder, hours: HourRange, dosing_kg: Ratio, volume_ml: Decimal, pump_step: Decimal
) -> tuple[list[Setting], Decimal, bool]:
    """The pump's settings for `run_within_hours`, the minutes that they take, and whether that is in time."""
    rising = _set_pump(ladder, dosing_kg, pump_step)
    if not rising:
        return [], ZERO, False
    low, high = hours.low * MINUTES_PER_HOUR, hours.high * MINUTES_PER_HOUR
    middle = (low + high) / 2
    fastest = rising[-1].ml_per_h
    plateau = _find_plateau(rising, volume_ml, pump_step, fastest, middle)
    settings = _level_off(rising, plateau, dosing_kg)
    total = _total_minutes(settings, volume_ml)
    if plateau > pump_step and total < low:
        plateau -= pump_step
        settings = _level_off(rising, plateau, dosing_kg)
        total = _total_minutes(settings, volume_ml)
    a_little_late = low == high and low < total <= high * NEAR_ENOUGH and plateau < fastest
    return settings, total, low <= total <= high or a_little_late


def _set_pump(ladder: Ladder, dosing_kg: Ratio, pump_step: Decimal) -> list[Setting]:
    """The ladder in mL/h, each rate rounded down; rungs that the pump cannot tell apart are one.

    Empty where the first rate is below one step of the pump.
    """
    settings: list[Setting] = []
    for rate, minutes in ladder.steps:
        setting = Setting(rate, _pump_rate(ladder, rate, dosing_kg, pump_step), minutes)
        if setting.ml_per_h == 0:
            return []
        if settings and settings[-1].ml_per_h == setting.ml_per_h:
            before = settings.pop()
            both = None if minutes is None or before.minutes is None else before.minutes + minutes
            setting = Setting(before.ml_per_kg_per_h, before.ml_per_h, both)
        settings.append(setting)
    return settings


def _pump_rate(ladder: Ladder, rate: Ratio, dosing_kg: Ratio, pump_step: Decimal) -> Decimal:
    """The highest setting that passes neither the rate nor the mL/h asked for; below a rate not to be reached."""
    per_h = Ratio(rate.numerator * dosing_kg.numerator, rate.denominator * dosing_kg.denominator)
    setting = per_h.to_step(pump_step, "down")
    if ladder.stays_below and not rate < ladder.maximum and not per_h.is_above(setting):
        setting -= pump_step
    if ladder.cap_ml_per_h is not None and setting > ladder.cap_ml_per_h:
        setting = Ratio(ladder.cap_ml_per_h).to_step(pump_step, "down")
    return setting


def _find_plateau(
    rising: list[Setting], volume_ml: Decimal, pump_step: Decimal, fastest: Decimal, minutes: Decimal
) -> Decimal:
    """The lowest setting that gives the volume within the minutes; the fastest where none does."""
    highest = int(fastest / pump_step)
    steps = _guess_plateau(rising, volume_ml, pump_step, highest, minutes)

    def is_enough(steps: int) -> bool:
        return _total_minutes(_level_off(rising, steps * pump_step, Ratio(ONE)), volume_ml) <= minutes

    # The guess is exact but for the rounding of times to what is shown.
    while steps > 1 and is_enough(steps - 1):
        steps -= 1
    while steps < highest and not is_enough(steps):
        steps += 1
    return steps * pump_step


def _guess_plateau(
    rising: list[Setting], volume_ml: Decimal, pump_step: Decimal, highest: int, minutes: Decimal
) -> int:
    """How many pump steps the plateau has: what the settings below it leave, in the time that they leave."""
    left, time_left = volume_ml * MINUTES_PER_HOUR, minutes
    for setting in rising:
        if time_left <= 0 or left <= 0:
            return highest
        steps = max(steps_in(Ratio(left, time_left), pump_step, "up"), 1)
        if setting.minutes is None or steps * pump_step <= setting.ml_per_h:
            return min(steps, highest)
        left -= setting.ml_per_h * setting.minutes
        time_left -= setting.minutes
    return min(max(steps_in(Ratio(left, time_left), pump_step, "up"), 1), highest)


def _level_off(rising: list[Setting], plateau: Decimal, dosing_kg: Ratio) -> list[Setting]:
    """The settings below the plateau, then the plateau until the end."""
    below = [setting for setting in rising if setting.minutes is not None and setting.ml_per_h < plateau]
    return [*below, Setting(Ratio(plateau * dosing_kg.denominator, dosing_kg.numerator), plateau, None)]


def _total_minutes(settings: list[Setting], volume_ml: Decimal) -> Decimal:
    return sum((minutes for _, _, minutes in _flow(settings, volume_ml)), ZERO)


def _flow(settings: list[Setting], volume_ml: Decimal) -> Iterator[tuple[Setting, Decimal, Decimal]]:
    """Each step as (setting, volume given so far x 60, minutes), until the volume is given.

    The volume is carried times 60 so that mL/h times minutes needs no division. A remainder too small to show is
    given with the step before it, so that no step is empty.
    """
    target, given, last = volume_ml * MINUTES_PER_HOUR, ZERO, settings[-1]
    for setting, following in pairwise(settings):
        rate, minutes = setting.ml_per_h, setting.minutes
        too_small = max(SHOWN_STEP * MINUTES_PER_HOUR, SHOWN_STEP * following.ml_per_h) / 2
        if minutes is None or given + rate * minutes + too_small >= target:
            last = setting
            break
        given += rate * minutes
        yield setting, given, Decimal(minutes)
    yield last, target, Ratio(target - given, last.ml_per_h).to_step(SHOWN_STEP)


def _run(settings: list[Setting], volume_ml: Decimal, starts: datetime | None) -> tuple[InfusionStep, ...]:
    steps: list[InfusionStep] = []
    before, clock = ZERO, starts
    for number, (setting, given, minutes) in enumerate(_flow(settings, volume_ml), start=1):
        total = Ratio(given, MINUTES_PER_HOUR).to_step(SHOWN_STEP)
        per_kg = setting.ml_per_kg_per_h.to_step(SHOWN_RATE_STEP, "down")
        steps.append(InfusionStep(number, per_kg, setting.ml_per_h, minutes, total - before, total, clock))
        before = total
        clock = clock + timedelta(seconds=int(minutes * 60)) if clock else None
    return tuple(steps)
