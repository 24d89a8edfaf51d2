"""Safety rules: which of the catalogue's rules hold for a patient and a dose, and which could not be checked.

A fact is known to hold, known not to, or unknown. An unknown fact never counts as absent: a rule that needs it is
neither kept nor dropped, and where it could stop or warn the fact is named, so that silence is not taken for safety.

What an order says is the same for all its patients: `prepare_rules` asks it once and drops the rules that cannot hold.
`judge_facts` asks the rest of each patient. A new condition is a field of `Condition` and one entry in
`ORDER_CHECKS` or `PATIENT_CHECKS`.
"""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any, Final, NamedTuple

from ivig_dose.catalogue.models import BloodGroup, Bounds, Condition, Phase, SafetyRule, Sex
from ivig_dose.core.growth import most_below
from ivig_dose.core.results import Patient
from ivig_dose.core.risks import Risks
from ivig_dose.problems import Notice, Refusal
from ivig_dose.quantity import Ratio


class OrderFacts(NamedTuple):
    """What a safety rule may ask of the order. `product` and `excipients` are None where no product is named."""

    indication: str
    regimen: str
    phase: Phase
    days: int
    product: str | None
    excipients: frozenset[str] | None
    risks: Risks


class Facts(NamedTuple):
    """What a safety rule may ask of the patient and the dose. None is unknown.

    `day_g_per_kg` and `day_g` are of the largest day. `rate_ml_per_kg_per_h` is the highest rate planned.
    """

    course_g_per_kg: Ratio
    day_g_per_kg: Ratio
    course_g: Ratio
    day_g: Ratio
    rate_ml_per_kg_per_h: Ratio | None
    patient: Patient


class Verdict(NamedTuple):
    """What the rules say: a refusal if a rule stops the dose, else notices, and the facts that were missing."""

    stop: Refusal | None
    notices: tuple[Notice, ...]
    missing: tuple[str, ...]

    @property
    def not_checked(self) -> tuple[str, ...]:
        """The missing facts, each once, those that are no risk first."""
        return tuple(sorted(set(self.missing), key=_fact_order))


Check = Callable[[Any, Any, list[str]], bool | None]
"""Whether a condition's value holds for the facts; None where that is not known, and the missing facts are added."""


class PreparedCondition(NamedTuple):
    """What is left of a condition once the order has been asked.

    `missing` names the facts of the order that are not known; each of `checks` is asked of the patient, with its
    value; one of `any_of` must hold where there are any.
    """

    missing: tuple[str, ...]
    checks: tuple[tuple[Check, Any], ...]
    any_of: tuple["PreparedCondition", ...]

    @property
    def holds(self) -> bool:
        """Whether the condition holds for every patient."""
        return not (self.missing or self.checks or self.any_of)


class PreparedRule(NamedTuple):
    """A rule that may hold for an order's patients, what of it depends on them, and what it would say.

    `unlisted` is the refusal where only the product's unlisted excipients leave it open.
    """

    rule: SafetyRule
    when: PreparedCondition
    said: Notice | Refusal
    unlisted: Refusal | None


def prepare_rules(rules: Iterable[SafetyRule], order: OrderFacts) -> tuple[PreparedRule, ...]:
    """The rules that may hold for patients of an order, in the catalogue's order."""
    return tuple(_prepare_rules(rules, order))


def _prepare_rules(rules: Iterable[SafetyRule], order: OrderFacts) -> Iterator[PreparedRule]:
    for rule in rules:
        when = _EVERY_DOSE if rule.when is None else _prepare(rule.when, order)
        if when is None:
            continue
        said: Notice | Refusal
        if rule.level == "stop":
            said = Refusal(rule.id, rule.text, rule.hint or "", rule.sources)
        else:
            said = Notice(rule.id, rule.level, rule.text, rule.sources)
        unlisted = None
        if rule.level == "stop" and order.product is not None and order.excipients is None:
            unlisted = _refuse_unlisted(rule, order.product)
        yield PreparedRule(rule, when, said, unlisted)


def judge_facts(rules: Iterable[PreparedRule], facts: Facts, given: Facts | None = None) -> Verdict:
    """Which rules hold for a patient and the calculated dose, or the given one where that is more.

    The first rule that stops the dose ends the evaluation.
    """
    notices: list[Notice] = []
    missing: list[str] = []
    for rule, when, said, unlisted in rules:
        unknown: list[str] = []
        holds = _holds(when, facts, unknown)
        if given is not None and holds is not True:
            more = _holds(when, given, unknown)
            holds = True if more else None if more is None else holds
        if holds is False:
            continue
        if holds is None:
            if unlisted is not None and set(unknown) == {PRODUCT}:
                return Verdict(unlisted, (), ())
            if rule.level == "stop" and set(unknown) == {AGE}:
                return Verdict(_ask_age(rule), (), ())
            if set(unknown) == {PRODUCT} and rule.level != "note" and _asks_of_patient(rule):
                notices.append(_warn_of_products(rule))
            if rule.level != "note":
                missing.extend(unknown)
        elif isinstance(said, Refusal):
            return Verdict(said, (), ())
        else:
            notices.append(said)
    return Verdict(None, tuple(notices), tuple(missing))


def _refuse_unlisted(rule: SafetyRule, product: str) -> Refusal:
    """The refusal where only the product's unlisted excipients keep a rule from being known to stop the dose."""
    return Refusal(
        "excipients-not-listed",
        f"{rule.title}: the catalogue lists no excipients of {product}, so this cannot be ruled out",
        "name a product whose excipients are listed, or complete the catalogue's entry from the label",
        rule.sources,
    )


def _ask_age(rule: SafetyRule) -> Refusal:
    """The refusal where only the age keeps a rule from being known to stop the dose."""
    return Refusal("age-needed", f"{rule.title}: the age decides, and nobody said it", "add --age", rule.sources)


def _asks_of_patient(rule: SafetyRule) -> bool:
    """Whether a rule about excipients asks for more than those, so that it is known to concern this patient."""
    return rule.when is not None and rule.when != Condition(excipients=rule.when.excipients)


def _warn_of_products(rule: SafetyRule) -> Notice:
    """What a product must not contain for this patient, where none is named."""
    when = rule.when
    names = () if when is None else when.excipients or tuple(name for each in when.any_of for name in each.excipients)
    text = f"{rule.title}: not a product with {' or '.join(names)}; name the product to have it checked."
    return Notice(f"{rule.id}-product", "warning", text, rule.sources)


AGE: Final = "age"
PRODUCT: Final = "product"
PLAIN_FACTS: Final = (AGE, "blood group", "sex", PRODUCT, "infusion rate")
"""Facts that are no risk, as a plan names them where they are missing."""


def _fact_order(fact: str) -> tuple[int, str]:
    return (PLAIN_FACTS.index(fact), "") if fact in PLAIN_FACTS else (len(PLAIN_FACTS), fact)


_EVERY_DOSE: Final = PreparedCondition((), (), ())


def _prepare(when: Condition, order: OrderFacts) -> PreparedCondition | None:
    """What of a condition the patient decides; None where the order already says that it does not hold."""
    missing: list[str] = []
    for name, check in ORDER_CHECKS.items():
        value = getattr(when, name)
        if value not in _NOT_ASKED and check(value, order, missing) is False:
            return None
    checks = [(check, v) for name, check in PATIENT_CHECKS.items() if (v := getattr(when, name)) not in _NOT_ASKED]
    others: tuple[PreparedCondition, ...] = ()
    if when.any_of:
        others = tuple(each for each in (_prepare(other, order) for other in when.any_of) if each is not None)
        if not others:
            return None
        if any(each.holds for each in others):
            others = ()
    return PreparedCondition(tuple(missing), tuple(checks), others)


_NOT_ASKED: Final = (None, ())


def _holds(when: PreparedCondition, facts: Facts, unknown: list[str]) -> bool | None:
    """Whether all of a condition holds; adds the facts that are missing to `unknown` where that is open."""
    mine = list(when.missing)
    for check, value in when.checks:
        if check(value, facts, mine) is False:
            return False
    if when.any_of:
        open_facts: list[str] = []
        for other in when.any_of:
            if _holds(other, facts, open_facts):
                break
        else:
            if not open_facts:
                return False
            mine += open_facts
    unknown += mine
    return None if mine else True


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
    "days": lambda bounds, order, _: bounds.admit(Decimal(order.days)),
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
    "age_years": _is_of_age,
    "sex": _is_sex,
    "blood_group": _is_blood_group,
    "rate_ml_per_kg_per_h": bounds_check("infusion rate", lambda facts: facts.rate_ml_per_kg_per_h),
}
"""What a condition asks of the patient and the dose, by the condition's field."""
