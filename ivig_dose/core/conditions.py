"""Conditions: what a rule asks of the order, the patient and the dose, and whether that holds.

A fact is known to hold, known not to, or unknown; an unknown fact never counts as absent. What an order says is the
same for all its patients: `prepare_condition` asks it once, and `holds_for` asks the rest of each patient. A new
condition is a field of `Condition` and one entry in `ORDER_CHECKS` or `PATIENT_CHECKS`.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from ivig_dose.catalogue.models import BloodGroup, Bounds, BoundsInDays, Condition, Phase, Sex
from ivig_dose.core.growth import most_below
from ivig_dose.core.results import Patient
from ivig_dose.core.risks import Risks
from ivig_dose.core.timing import Timing, most_in_span
from ivig_dose.quantity import Ratio

AGE: Final = "age"
PRODUCT: Final = "product"
PLAIN_FACTS: Final = (AGE, "blood group", "sex", PRODUCT, "infusion rate")
"""Facts that are no risk, as a plan names them where they are missing."""


class OrderFacts(NamedTuple):
    """What a safety rule may ask of the order. `product` and `excipients` are None where no product is named."""

    indication: str
    regimen: str
    phase: Phase
    days: int
    cycles: int
    product: str | None
    weight_policy: str
    excipients: frozenset[str] | None
    risks: Risks


class Facts(NamedTuple):
    """What a safety rule may ask of the patient and the dose. None is unknown.

    `day_g_per_kg` and `day_g` are of the largest day, `days_g` of each day of a course. `rate_ml_per_kg_per_h` is the
    highest rate planned. `timing` says when doses fall, earlier ones and those of later courses included.
    """

    course_g_per_kg: Ratio
    day_g_per_kg: Ratio
    course_g: Ratio
    day_g: Ratio
    rate_ml_per_kg_per_h: Ratio | None
    patient: Patient
    days_g: Sequence[Ratio]
    dosing_kg: Ratio
    timing: Timing


Check = Callable[[Any, Any, list[str]], bool | None]
"""Whether a condition's value holds for the facts; None where that is not known, and the missing facts are added."""


class PreparedCondition(NamedTuple):
    """What is left of a condition once the order has been asked.

    `missing` names the facts of the order that are not known; each of `checks` is asked of the patient, with its
    value; one of `any_of` must hold where there are any. `of_patient` says whether anything is asked of the patient,
    `of_dose` whether that may be about the dose.
    """

    missing: tuple[str, ...]
    checks: tuple[tuple[Check, Any], ...]
    any_of: tuple["PreparedCondition", ...]
    of_patient: bool
    of_dose: bool


EVERY_DOSE: Final = PreparedCondition((), (), (), of_patient=False, of_dose=False)


def prepare_condition(when: Condition, order: OrderFacts) -> PreparedCondition | None:
    """What of a condition the patient decides; None where the order already says that it does not hold."""
    given = {name: value for name, value in vars(when).items() if value}
    missing: list[str] = []
    for name, value in given.items():
        if name in ORDER_CHECKS and ORDER_CHECKS[name](value, order, missing) is False:
            return None
    asked = {name: check for name, check in PATIENT_CHECKS.items() if name in given}
    others: tuple[PreparedCondition, ...] = ()
    if when.any_of:
        others = tuple(each for each in (prepare_condition(other, order) for other in when.any_of) if each is not None)
        if not others:
            return None
        settled = [each for each in others if not each.of_patient]
        if any(not each.missing for each in settled):
            others = ()
        elif len(settled) == len(others):
            missing += [fact for each in settled for fact in each.missing]
            others = ()
    return PreparedCondition(
        tuple(missing),
        tuple((check, given[name]) for name, check in asked.items()),
        others,
        of_patient=bool(asked or others),
        of_dose=not asked.keys() <= _NOT_OF_DOSE or any(each.of_dose for each in others),
    )


_NOT_OF_DOSE: Final = frozenset({"age_years", "sex", "blood_group"})


def holds_for(when: PreparedCondition, facts: Facts, unknown: list[str]) -> bool | None:
    """Whether all of a condition holds; adds the facts that are missing to `unknown` where that is open."""
    mine: list[str] = []
    for check, value in when.checks:
        if check(value, facts, mine) is False:
            return False
    if when.any_of:
        open_facts: list[str] = []
        for other in when.any_of:
            if holds_for(other, facts, open_facts):
                break
        else:
            if not open_facts:
                return False
            mine += open_facts
    if not (mine or when.missing):
        return True
    unknown += when.missing
    unknown += mine
    return None


def all_of(states: list[bool | None], names: tuple[str, ...], unknown: list[str]) -> bool | None:
    """Whether all the states hold; names the unknown ones where none is known not to."""
    if False in states:
        return False
    unknown.extend(name for name, state in zip(names, states, strict=True) if state is None)
    return None if None in states else True


def any_of(states: list[bool | None], names: tuple[str, ...], unknown: list[str]) -> bool | None:
    """Whether one of the states holds; names the unknown ones where none is known to."""
    if True in states:
        return True
    unknown.extend(name for name, state in zip(names, states, strict=True) if state is None)
    return None if None in states else False


def _states(risks: tuple[str, ...], order: OrderFacts) -> list[bool | None]:
    return [order.risks.state(risk) for risk in risks]


def _contains(excipients: tuple[str, ...], order: OrderFacts, unknown: list[str]) -> bool | None:
    if order.excipients is None:
        unknown.append(PRODUCT)
        return None
    return any(name in order.excipients for name in excipients)


def bounds_check(fact: str, read: Callable[[Facts], Decimal | Ratio | None]) -> Check:
    """The check of a figure of the patient or the dose against bounds."""

    def check(bounds: Bounds, facts: Facts, unknown: list[str]) -> bool | None:
        value = read(facts)
        if value is None:
            unknown.append(fact)
            return None
        return bounds.admit(*value) if isinstance(value, Ratio) else bounds.admit(value)

    return check


def _is_of_age(bounds: Bounds, facts: Facts, unknown: list[str]) -> bool | None:
    """Whether the age lies in bounds; an unknown age lies in none that nobody of that weight has."""
    patient = facts.patient
    if patient.age_years is not None:
        return bounds.admit(patient.age_years)
    if bounds.under is not None and patient.weight_kg > most_below(bounds.under):
        return False
    unknown.append(AGE)
    return None


def _is_in_days(bounds: BoundsInDays, facts: Facts, _: list[str]) -> bool:
    """Whether the most g/kg that fall on so many days in a row lie in bounds."""
    most = most_in_span(facts.timing, facts.days_g, bounds.days)
    return bounds.admit(most.numerator * facts.dosing_kg.denominator, most.denominator * facts.dosing_kg.numerator)


def _is_sex(sex: Sex, facts: Facts, unknown: list[str]) -> bool | None:
    if facts.patient.sex is None:
        unknown.append("sex")
        return None
    return facts.patient.sex == sex


def _is_blood_group(groups: tuple[BloodGroup, ...], facts: Facts, unknown: list[str]) -> bool | None:
    if facts.patient.blood_group is None:
        unknown.append("blood group")
        return None
    return facts.patient.blood_group in groups


ORDER_CHECKS: Final[dict[str, Check]] = {
    "indications": lambda names, order, _: order.indication in names,
    "except_indications": lambda names, order, _: order.indication not in names,
    "phases": lambda names, order, _: order.phase in names,
    "regimens": lambda names, order, _: order.regimen in names,
    "products": lambda names, order, _: order.product in names,
    "weight_policies": lambda names, order, _: order.weight_policy in names,
    "days": lambda bounds, order, _: bounds.admit(Decimal(order.days)),
    "cycles": lambda bounds, order, _: bounds.admit(Decimal(order.cycles)),
    "excipients": _contains,
    "risks_all": lambda risks, order, unknown: all_of(_states(risks, order), risks, unknown),
    "risks_any": lambda risks, order, unknown: any_of(_states(risks, order), risks, unknown),
}
"""What a condition asks of the order, by the condition's field. Where the field is not given, nothing is asked."""

PATIENT_CHECKS: Final[dict[str, Check]] = {
    "course_g_per_kg": bounds_check("dose", lambda facts: facts.course_g_per_kg),
    "day_g_per_kg": bounds_check("dose", lambda facts: facts.day_g_per_kg),
    "course_g": bounds_check("dose", lambda facts: facts.course_g),
    "day_g": bounds_check("dose", lambda facts: facts.day_g),
    "g_per_kg_in_days": _is_in_days,
    "age_years": _is_of_age,
    "sex": _is_sex,
    "blood_group": _is_blood_group,
    "rate_ml_per_kg_per_h": bounds_check("infusion rate", lambda facts: facts.rate_ml_per_kg_per_h),
}
"""What a condition asks of the patient and the dose, by the condition's field."""
