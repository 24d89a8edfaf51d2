"""Slips about the patient: height, pounds, kinds of weight, an old weight, and doses of another regimen or disease."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from ivig_dose.core.dosing import course_g_per_kg
from ivig_dose.core.names import join_or
from ivig_dose.core.order_dose import difference_percent
from ivig_dose.core.patient import WEIGHT_KG_HARD
from ivig_dose.core.results import Slip
from ivig_dose.core.slip_situation import EXACT_PERCENT, Situation, count_days, in_milligrams
from ivig_dose.quantity import DOSE_STEP_G, KG_PER_POUND, Ratio, round_to_places, show, show_ratio

LONGEST_LIST: Final = 3
"""This many indications are named where another one's dose is the ordered one."""
OLD_WEIGHT: Final = (Decimal("0.5"), Decimal("1.5"))
"""An old weight is looked for between half the present one and half as much again."""


def height_taken_as_weight(situation: Situation) -> Iterator[Slip]:
    """The height in cm taken as the weight in kg."""
    height = situation.request.height_cm
    if height is not None:
        words = f"height and weight swapped: {show(height)} taken as kg"
        yield from _with_weight(situation, "height-weight-swapped", words, height, as_actual=True)


def pounds(situation: Situation) -> Iterator[Slip]:
    """Pounds taken as kg, and kg taken as pounds."""
    kg = situation.request.weight_kg
    in_pounds, from_pounds = Ratio(kg, KG_PER_POUND).to_step(DOSE_STEP_G), round_to_places(kg * KG_PER_POUND, 3)
    words = f"pounds taken as kg: {show(kg)} kg is {show(in_pounds, 1)} lb"
    yield from _with_weight(situation, "pounds-taken-as-kg", words, in_pounds)
    words = f"kg taken as pounds and converted again: {show(kg)} lb is {show(from_pounds, 1)} kg"
    yield from _with_weight(situation, "kg-taken-as-pounds", words, from_pounds)


def _with_weight(
    situation: Situation, name: str, words: str, weight_kg: Decimal, as_actual: bool = False
) -> Iterator[Slip]:
    """The slip with the course for another weight, where such a patient would get one."""
    if not WEIGHT_KG_HARD[0] <= weight_kg <= WEIGHT_KG_HARD[1]:
        return
    request = situation.expected.request._replace(weight_kg=weight_kg)
    if as_actual:
        request = request._replace(height_cm=None, weight_policy="actual")
    other = situation.calculate(request)
    if other is None:  # a height that would not go with that weight refuses what the wrong weight alone would not
        other = situation.calculate(request._replace(height_cm=None, age_years=None, weight_policy="actual"))
    if other is not None:
        course_g = situation.course_as_ordered(other)
        yield Slip(name, f"{words}, which would give {show(course_g)} g for the course", course_g)


def other_weight(situation: Situation) -> Iterator[Slip]:
    """Another kind of weight than the plan's, where sex and height are known."""
    used = situation.expected.dosing_weight.kind
    for kind in ("actual", "ideal", "adjusted"):
        if kind == used or kind not in situation.planner.catalogue.weight_policies:
            continue
        other = situation.calculate(situation.expected.request._replace(weight_policy=kind))
        if other is not None and other.dosing_weight.kind == kind:
            course_g, kg = situation.course_as_ordered(other), show_ratio(other.dosing_weight.kg)
            words = f"{kind} weight in place of {used} weight: {kg} kg would give {show(course_g)} g for the course"
            yield Slip(f"{kind}-weight-used", words, course_g)


def other_regimen(situation: Situation) -> Iterator[Slip]:
    """Another regimen of the indication at its defaults; regimens that come to the same dose are one slip."""
    names: dict[tuple[Decimal, str], list[str]] = {}
    chosen = situation.expected.choices.regimen.regimen.id
    for name in situation.expected.choices.indication.regimens:
        other = situation.calculate(situation.ask_defaults()._replace(regimen=name)) if name != chosen else None
        if other is not None:
            course_g, days = situation.course_as_ordered(other), other.choices.regimen.days
            scaled = course_g != other.given.rounding.course_g
            if situation.ordered.days not in (None, days) and not scaled:
                continue
            over = "in 1 day" if days == 1 else f"over {days} days"
            if scaled:
                over = f"in {count_days(situation.dose.days)} at its dose of a day"
            names.setdefault((course_g, over), []).append(name)
    for (course_g, over), same in names.items():
        text = f"another regimen of this indication, {show(course_g)} g {over}: {join_or(same)}"
        yield Slip("other-regimen", text, course_g)


def other_indication(situation: Situation) -> Iterator[Slip]:
    """The default of another indication of the catalogue, where days and grams are exactly those ordered."""
    same: list[tuple[str, Decimal]] = []
    ours = situation.expected.choices.indication.id
    for name, indication in situation.planner.catalogue.indications.items():
        if name == ours or indication.no_default is not None:
            continue
        other = situation.calculate(situation.ask_defaults()._replace(indication=name, regimen=None))
        if other is None or other.choices.regimen.days != situation.dose.days:
            continue
        if not situation.off_percent(situation.course_as_ordered(other)).is_above(EXACT_PERCENT):
            same.append((name, situation.course_as_ordered(other)))
    if same:
        names = join_or([name for name, _ in same[:LONGEST_LIST]])
        yield Slip("other-indication", f"the dose of another indication: {show(same[0][1])} g for {names}", same[0][1])


def weight_taken_as_dose(situation: Situation) -> Iterator[Slip]:
    """The weight in kg written as grams."""
    kg = situation.request.weight_kg
    days = situation.dose.days if situation.is_daily else 1
    text = f"the weight taken as the dose: {show(kg)} kg as {show(kg)} g{'' if days == 1 else f' x {days} days'}"
    yield Slip("weight-taken-as-dose", text, kg * days)


def old_weight(situation: Situation, explained: bool) -> Iterator[Slip]:
    """The weight that would give the ordered dose, where a patient may once have had it; never the one entered."""
    expected, now = situation.expected, situation.request.weight_kg
    if expected.dosing_weight.kind != "actual" or expected.dose.capped_from_g is not None:
        return
    if explained and situation.request.weight_policy is not None:
        return
    choice = expected.choices.regimen
    days = situation.dose.days if choice.regimen.basis == "per_day" else choice.days
    weight = situation.dose.course_g.per(course_g_per_kg(choice.regimen, choice.g_per_kg, days))
    off = difference_percent(weight, Ratio(now))
    entered = not Ratio(abs(off.numerator), off.denominator).is_above(EXACT_PERCENT)
    if entered or weight.is_below(now * OLD_WEIGHT[0]) or weight.is_above(now * OLD_WEIGHT[1]):
        return
    text = f"another weight, such as an old one: {show_ratio(weight, 1)} kg would give the ordered dose"
    yield Slip("stale-weight", text, in_milligrams(situation.dose.course_g))
