"""Safety rules: which of the catalogue's rules hold for a patient and a dose, and which could not be checked.

A fact is known to hold, known not to, or unknown. An unknown fact never counts as absent: a rule that needs it is
neither kept nor dropped, and where it could stop or warn the fact is named, so that silence is not taken for safety.

What an order says is the same for all its patients: `prepare_rules` asks it once, drops the rules that cannot hold and
settles those that the order alone decides. `judge_facts` asks the rest of each patient.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ivig_dose.catalogue.models import Condition, SafetyRule
from ivig_dose.core.conditions import (
    AGE,
    EVERY_DOSE,
    PLAIN_FACTS,
    PRODUCT,
    Facts,
    OrderFacts,
    PreparedCondition,
    holds_for,
    prepare_condition,
)
from ivig_dose.problems import Notice, Refusal


class Verdict(NamedTuple):
    """What the rules say: a refusal if a rule stops the dose, else notices, and the facts that were missing."""

    stop: Refusal | None
    notices: tuple[Notice, ...]
    missing: tuple[str, ...]

    @property
    def not_checked(self) -> tuple[str, ...]:
        """The missing facts, each once, those that are no risk first."""
        return tuple(sorted(set(self.missing), key=_fact_order))


class Said(NamedTuple):
    """What a rule that does not stop the dose says: notices where it holds, the missing facts where that is open."""

    notices: tuple[Notice, ...] = ()
    missing: tuple[str, ...] = ()


class PreparedRule(NamedTuple):
    """A rule that holds for some patients of an order, and what of it they decide.

    `unlisted` is the refusal where only the product's unlisted excipients leave it open.
    """

    rule: SafetyRule
    when: PreparedCondition
    where_it_holds: Said | Refusal
    unlisted: Refusal | None

    def ask(self, facts: Facts, given: Facts | None) -> Said | Refusal | None:
        """What the rule says of a patient and the calculated dose, or of the given one where that is more."""
        unknown: list[str] = []
        holds = holds_for(self.when, facts, unknown)
        if given is not None and holds is not True and self.when.of_dose:
            more = holds_for(self.when, given, unknown)
            holds = True if more else None if more is None else holds
        if holds is None:
            return self._leave_open(unknown)
        return self.where_it_holds if holds else None

    def _leave_open(self, unknown: list[str]) -> Said | Refusal | None:
        rule, facts = self.rule, set(unknown)
        if self.unlisted is not None and facts == {PRODUCT}:
            return self.unlisted
        if rule.level == "stop" and (facts == {AGE} or (self.unlisted is not None and facts == {AGE, PRODUCT})):
            return _ask_age(rule)
        if rule.level == "note":
            return None
        warns = facts == {PRODUCT} and _asks_of_patient(rule)
        return Said((_warn_of_products(rule),) if warns else (), tuple(unknown))


Rules = tuple[PreparedRule | Said | Refusal, ...]
"""The rules of an order, in the catalogue's order; those that the order decides stand as what they say."""


def prepare_rules(rules: Iterable[SafetyRule], order: OrderFacts) -> Rules:
    """The rules that may hold for patients of an order."""
    prepared: list[PreparedRule | Said | Refusal] = []
    for each in _prepare_rules(rules, order):
        before = prepared[-1] if prepared else None
        if isinstance(each, Said) and isinstance(before, Said):
            prepared[-1] = Said(before.notices + each.notices, before.missing + each.missing)
        else:
            prepared.append(each)
    return tuple(prepared)


def _prepare_rules(rules: Iterable[SafetyRule], order: OrderFacts) -> Iterator[PreparedRule | Said | Refusal]:
    for rule in rules:
        when = EVERY_DOSE if rule.when is None else prepare_condition(rule.when, order)
        if when is None:
            continue
        said: Said | Refusal
        unlisted = None
        if rule.level == "stop":
            said = Refusal(rule.id, rule.text, rule.hint or "", rule.sources)
            if order.product is not None and order.excipients is None:
                unlisted = _refuse_unlisted(rule, order.product)
        else:
            text = f"{rule.text} {rule.secondary}" if rule.secondary else rule.text
            said = Said((Notice(rule.id, rule.level, text, rule.sources),))
        prepared = PreparedRule(rule, when, said, unlisted)
        if when.of_patient:
            yield prepared
        elif when.missing:
            yield prepared._leave_open(list(when.missing)) or Said()
        else:
            yield said


def judge_facts(rules: Rules, facts: Facts, given: Facts | None = None) -> Verdict:
    """Which rules hold for a patient and the calculated dose, or the given one where that is more.

    The first rule that stops the dose ends the evaluation.
    """
    notices: tuple[Notice, ...] = ()
    missing: tuple[str, ...] = ()
    for rule in rules:
        said = rule.ask(facts, given) if isinstance(rule, PreparedRule) else rule
        if said is None:
            continue
        if isinstance(said, Refusal):
            return Verdict(said, (), ())
        notices += said.notices
        missing += said.missing
    return Verdict(None, notices, missing)


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


def _fact_order(fact: str) -> tuple[int, str]:
    return (PLAIN_FACTS.index(fact), "") if fact in PLAIN_FACTS else (len(PLAIN_FACTS), fact)
