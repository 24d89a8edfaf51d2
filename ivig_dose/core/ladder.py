"""The ladder of rates of one product for one patient: from the printed rates to the rungs that an infusion climbs.

Five things can lower the highest rate: the label's number for patients at risk, the figure of the class where the label
asks them to be slow and prints none, the disease, and what the request asks for. Each is said in a notice.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from ivig_dose.catalogue.models import AtRisk, MaximumRate, Product, RateTable
from ivig_dose.core.request import MaxRate
from ivig_dose.core.risks import Risks
from ivig_dose.quantity import Ratio

PRACTICE_STEP_MINUTES = 30
FIRST_INFUSION: Final = "first-infusion"
AS_FIRST: Final = ("long-gap", "product-switch")
"""Risks with which a later infusion is given like a first one."""
Basis = Literal["label", "manufacturer-example", "trial", "derived", "practice"]
Concern = Literal["label", "class"]
CONCERNS: Final[tuple[Concern, ...]] = ("label", "class")
"""Whose words for patients at risk concern a patient: the product's label, with its own figure, or only the class's."""


class Ladder(NamedTuple):
    """The rates of one product for one patient group: (mL/kg/h, minutes), rising; the last has no minutes.

    `maximum` is the label's, lowered where something caps it. `licensed` says whether the product has rates for the
    indication. `capped_for_risk` says that the label's lower number for patients at risk is used, `capped_by_class`
    that the class's figure is used because the label prints none, `risk_without_number` that the label asks for caution
    and no figure lowers its rate, `capped_for_indication` that the disease has a lower maximum and `capped_as_asked`
    that the request has. With `stays_below` the maximum itself is not reached; `cap_ml_per_h` is asked for whatever
    the weight.
    """

    steps: tuple[tuple[Ratio, int | None], ...]
    maximum: Ratio
    basis: Basis
    licensed: bool
    capped_for_risk: bool
    risk_without_number: bool
    sources: tuple[str, ...]
    capped_by_class: bool = False
    capped_for_indication: bool = False
    capped_as_asked: bool = False
    stays_below: bool = False
    cap_ml_per_h: Decimal | None = None


class Caps(NamedTuple):
    """What besides the label may lower a ladder: the class's words for patients at risk, the disease, the request."""

    of_class: AtRisk | None = None
    of_indication: MaximumRate | None = None
    asked: MaxRate | None = None


NO_CAPS: Final = Caps()


def starts_anew(risks: Risks) -> bool:
    """Whether an infusion is given like a first one: unless known to be a later one, and after a gap or a switch."""
    return risks.state(FIRST_INFUSION) is not False or any(risks.state(risk) for risk in AS_FIRST)


def choose_ladder(
    product: Product, indication: str, first: bool, concern: Concern | None = None, caps: Caps = NO_CAPS
) -> Ladder | None:
    """The ladder of a product for an indication; None where the product has no rates at all.

    `first` says that it is given like a first infusion (`starts_anew`), `concern` whose words for patients at risk
    concern this one (`find_concern`). A product without rates for the indication gets the lowest of its starts and of
    its maxima.
    """
    if not product.rates:
        return None
    concentration = product.g_per_100_ml
    tables = [table for table in product.rates if indication in table.indications]
    fitting = [table for table in tables if table.infusion in ("any", "first" if first else "later")] or tables
    licensed = bool(fitting)
    table = min(fitting or product.rates, key=lambda table: table.maximum.effective(concentration))
    printed = table.maximum.effective(concentration)
    at_risk = _choose_words(product, concern, caps.of_class)
    limits = _list_limits(at_risk, product, concern, caps)
    maximum = min([printed, *(rate for rate, _, _ in limits)])
    by = next((name for rate, name, _ in limits if rate == maximum and maximum < printed), None)
    if licensed and table.steps:
        rising = [(step.effective(concentration), step.minutes) for step in table.steps]
        basis: Basis = table.ladder_basis or "label"
    else:
        starts = [table.start] if licensed else [table.start for table in product.rates]
        start = min(start.effective(concentration) for start in starts)
        rising = list(_double(start, maximum, table if licensed else None))
        basis = "practice"
    no_number = product.at_risk is None or product.at_risk.maximum is None or concern == "class"
    without_number = concern is not None and no_number and by not in ("risk", "class")
    named = [source for _, name, sources in limits if name == by for source in sources]
    if without_number and product.at_risk is not None:
        named = [*product.at_risk.sources]
    below = by == "risk" and at_risk is not None and bool(at_risk.maximum_is_below)
    return Ladder(
        steps=tuple(_cap_steps(rising, maximum)),
        maximum=maximum,
        basis=basis,
        licensed=licensed,
        capped_for_risk=by == "risk",
        risk_without_number=without_number,
        sources=tuple(dict.fromkeys([*table.sources, *named])),
        capped_by_class=by == "class",
        capped_for_indication=by == "indication",
        capped_as_asked=by == "asked",
        stays_below=below,
        cap_ml_per_h=caps.asked.ml_per_h if caps.asked else None,
    )


def find_concern(
    product: Product, of_class: AtRisk | None, risks: frozenset[str], age_years: Decimal | None
) -> Concern | None:
    """Whose words for patients at risk concern this one, by a stated risk or by age: the label's before the class's."""
    if product.at_risk is not None and _concerns(product.at_risk, risks, age_years):
        return "label"
    return "class" if of_class is not None and _concerns(of_class, risks, age_years) else None


def _concerns(words: AtRisk, risks: frozenset[str], age_years: Decimal | None) -> bool:
    by_age = words.age_years is not None and age_years is not None and words.age_years.admit(age_years)
    return by_age or any(risk in risks for risk in words.risks)


def _choose_words(product: Product, concern: Concern | None, of_class: AtRisk | None) -> AtRisk | None:
    """The words with the figure that counts: the label's, or the class's where the label prints none or is silent."""
    if concern is None:
        return None
    label = product.at_risk
    return label if concern == "label" and label is not None and label.maximum is not None else of_class


Limit = tuple[Ratio, Literal["risk", "class", "indication", "asked"], tuple[str, ...]]
"""A rate in mL/kg/h that is not passed, whose it is, and its sources."""


def _list_limits(at_risk: AtRisk | None, product: Product, concern: Concern | None, caps: Caps) -> list[Limit]:
    limits: list[Limit] = []
    if at_risk is not None and at_risk.maximum is not None:
        whose: Literal["risk", "class"] = "risk" if concern == "label" and at_risk is product.at_risk else "class"
        limits.append((at_risk.maximum.effective(product.g_per_100_ml), whose, at_risk.sources))
    if caps.of_indication is not None:
        disease = caps.of_indication
        limits.append((disease.effective(product.g_per_100_ml), "indication", disease.sources))
    if caps.asked is not None and caps.asked.ml_per_kg_per_h is not None:
        limits.append((Ratio(caps.asked.ml_per_kg_per_h), "asked", ()))
    return limits


def _double(start: Ratio, maximum: Ratio, table: RateTable | None) -> Iterator[tuple[Ratio, int | None]]:
    """The rate doubled at each step up to the maximum, in the label's time for a step or 30 minutes."""
    every = (table.step_minutes if table else None) or PRACTICE_STEP_MINUTES
    minutes = (table.start_minutes if table else None) or every
    rate = start
    while rate < maximum:
        yield rate, minutes
        rate, minutes = rate.times(Decimal(2)), every
    yield maximum, None


def _cap_steps(rising: list[tuple[Ratio, int | None]], maximum: Ratio) -> Iterator[tuple[Ratio, int | None]]:
    """The steps below the maximum, then the maximum until the end."""
    yield from ((rate, minutes) for rate, minutes in rising if minutes is not None and rate < maximum)
    last_rate = rising[-1][0]
    yield min(last_rate, maximum), None
