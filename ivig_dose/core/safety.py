"""Safety rules: which of the catalogue's rules hold for a patient and a dose, and which could not be checked.

A fact is known to hold, known not to, or unknown. An unknown fact never counts as absent: a rule that needs it is
neither kept nor dropped, and where it could stop or warn the fact is named, so that silence is not taken for safety.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from ivig_dose.catalogue.models import BloodGroup, Bounds, Condition, Phase, Risk, SafetyRule, Sex
from ivig_dose.core.names import find_entry, refuse_unknown
from ivig_dose.problems import Notice, Refusal
from ivig_dose.quantity import Ratio

DENY: Final = "no-"
NONE_ELSE: Final = "none"


class Risks(NamedTuple):
    """Risk facts: those stated to be present, those stated to be absent, and whether all the rest are absent."""

    present: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()
    rest_absent: bool = False

    def state(self, risk: str) -> bool | None:
        """True where the risk is present, False where it is known not to be, None where nobody said."""
        if risk in self.present:
            return True
        return False if self.rest_absent or risk in self.absent else None


class Facts(NamedTuple):
    """What a safety rule may ask. None is unknown; `product` and `excipients` are None where none was named.

    `day_g_per_kg` and `day_g` are of the largest day. `rate_ml_per_kg_per_h` is the highest rate planned.
    """

    indication: str
    regimen: str
    phase: Phase
    days: int
    course_g_per_kg: Ratio
    day_g_per_kg: Ratio
    course_g: Ratio
    day_g: Ratio
    product: str | None
    excipients: frozenset[str] | None
    rate_ml_per_kg_per_h: Ratio | None
    age_years: Decimal | None
    sex: Sex | None
    blood_group: BloodGroup | None
    risks: Risks


class Verdict(NamedTuple):
    """What the rules say: a refusal if a rule stops the dose, else notices, and the facts that were missing."""

    stop: Refusal | None
    notices: tuple[Notice, ...]
    not_checked: tuple[str, ...]


def read_risks(typed: Iterable[str], risks: Mapping[str, Risk]) -> Risks | Refusal:
    """The risk facts that a request states: `ID` is present, `no-ID` is absent, `none` is none but those named.

    A risk stated both ways, and an unknown one, is refused.
    """
    present: set[str] = set()
    absent: set[str] = set()
    rest_absent = False
    for name in typed:
        if name.casefold() == NONE_ELSE:
            rest_absent = True
            continue
        entry = find_entry(name, risks)
        if entry is not None:
            present.add(entry.id)
            continue
        # an alias may be narrower than its risk ("no-dvt" does not deny every risk of thrombosis): ids only
        denied = name.casefold().removeprefix(DENY)
        if denied == name.casefold() or denied not in risks:
            return refuse_unknown("risk", name, risks)
        absent.add(denied)
    both = present & absent
    if both:
        first = min(both)
        return Refusal(
            "risk-both-ways",
            f"risk {first} is both stated and denied",
            f"leave out {first} or no-{first}",
            kind="usage",
        )
    return Risks(frozenset(present), frozenset(absent), rest_absent)


def evaluate_rules(rules: Iterable[SafetyRule], facts: Facts) -> Verdict:
    """Which rules hold for the facts. The first rule that stops the dose ends the evaluation."""
    notices: list[Notice] = []
    missing: dict[str, None] = {}
    for rule in rules:
        unknown: list[str] = []
        holds = True if rule.when is None else _holds(rule.when, facts, unknown)
        if holds is None and rule.level == "stop" and unknown == ["product"] and facts.product is not None:
            return Verdict(_refuse_unlisted(rule, facts.product), (), ())
        if holds is None and rule.level != "note":
            missing.update(dict.fromkeys(unknown))
        elif holds and rule.level == "stop":
            return Verdict(Refusal(rule.id, rule.text, rule.hint or "", rule.sources), (), ())
        elif holds:
            notices.append(Notice(rule.id, "warning" if rule.level == "warning" else "note", rule.text, rule.sources))
    return Verdict(None, tuple(notices), tuple(sorted(missing, key=_fact_order)))


def _refuse_unlisted(rule: SafetyRule, product: str) -> Refusal:
    """The refusal where only the product's unlisted excipients keep a rule from being known to stop the dose."""
    return Refusal(
        "excipients-not-listed",
        f"{rule.title}: the catalogue lists no excipients of {product}, so this cannot be ruled out",
        "name a product whose excipients are listed, or complete the catalogue's entry from the label",
        rule.sources,
    )


PLAIN_FACTS: Final = ("age", "blood group", "sex", "product", "infusion rate")
"""Facts that are no risk, as a plan names them where they are missing."""


def _fact_order(fact: str) -> tuple[int, str]:
    return (PLAIN_FACTS.index(fact), "") if fact in PLAIN_FACTS else (len(PLAIN_FACTS), fact)


def _holds(when: Condition, facts: Facts, unknown: list[str]) -> bool | None:
    """Whether all of a condition holds; adds the facts that are missing to `unknown` where that is open."""
    if not _fits_dose(when, facts):
        return False
    mine: list[str] = []
    for holds in (
        _admits_value(when.age_years, facts.age_years, "age", mine),
        _is_one_of(when.blood_group, facts.blood_group, "blood group", mine),
        True if when.sex is None else _is_one_of((when.sex,), facts.sex, "sex", mine),
        _contains(when.excipients, facts.excipients, mine),
        _admits_ratio(when.rate_ml_per_kg_per_h, facts.rate_ml_per_kg_per_h, "infusion rate", mine),
        all_of([facts.risks.state(risk) for risk in when.risks_all], when.risks_all, mine),
        not when.risks_any or any_of([facts.risks.state(risk) for risk in when.risks_any], when.risks_any, mine),
        not when.any_of or _any_holds(when.any_of, facts, mine),
    ):
        if holds is False:
            return False
    unknown.extend(mine)
    return None if mine else True


def _fits_dose(when: Condition, facts: Facts) -> bool:
    """The part of a condition that is always known: indication, regimen, product named, amounts and days."""
    return (
        (not when.indications or facts.indication in when.indications)
        and facts.indication not in when.except_indications
        and (not when.phases or facts.phase in when.phases)
        and (not when.regimens or facts.regimen in when.regimens)
        and (not when.products or facts.product in when.products)
        and (when.days is None or when.days.admit(Decimal(facts.days)))
        and (when.course_g_per_kg is None or when.course_g_per_kg.admit(*facts.course_g_per_kg))
        and (when.day_g_per_kg is None or when.day_g_per_kg.admit(*facts.day_g_per_kg))
        and (when.course_g is None or when.course_g.admit(*facts.course_g))
        and (when.day_g is None or when.day_g.admit(*facts.day_g))
    )


def _admits_value(bounds: Bounds | None, value: Decimal | None, fact: str, unknown: list[str]) -> bool | None:
    if bounds is None:
        return True
    if value is None:
        unknown.append(fact)
        return None
    return bounds.admit(value)


def _admits_ratio(bounds: Bounds | None, value: Ratio | None, fact: str, unknown: list[str]) -> bool | None:
    if bounds is None:
        return True
    if value is None:
        unknown.append(fact)
        return None
    return bounds.admit(*value)


def _is_one_of(choices: tuple[str, ...], value: str | None, fact: str, unknown: list[str]) -> bool | None:
    if not choices:
        return True
    if value is None:
        unknown.append(fact)
        return None
    return value in choices


def _contains(excipients: tuple[str, ...], contents: frozenset[str] | None, unknown: list[str]) -> bool | None:
    if not excipients:
        return True
    if contents is None:
        unknown.append("product")
        return None
    return any(name in contents for name in excipients)


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


def _any_holds(conditions: tuple[Condition, ...], facts: Facts, unknown: list[str]) -> bool | None:
    open_facts: list[str] = []
    for condition in conditions:
        holds = _holds(condition, facts, open_facts)
        if holds:
            return True
    unknown.extend(open_facts)
    return None if open_facts else False
