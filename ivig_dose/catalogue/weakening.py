"""What a site's file takes away from the safety of the catalogue below it: stops, limits, label ages and rate caps.

A stop may be made stricter. Whether a changed condition still stops everything that the shipped one stops is proved
from its parts; what cannot be proved counts as weaker.
"""

from collections.abc import Iterator
from decimal import Decimal

from ivig_dose.catalogue.models import (
    Bounds,
    Catalogue,
    Condition,
    Population,
    Product,
    RateTable,
    Regimen,
    SafetyRule,
    Weakening,
    is_lower,
)
from ivig_dose.quantity import show, show_ratio

_ANY_OF = ("risks_any", "blood_group", "indications", "phases", "regimens", "products", "weight_policies", "excipients")
_ALL_OF = ("risks_all", "except_indications")
_TEN_PERCENT = Decimal(10)
_EVERY_DOSE = Condition()


def find_weakenings(base: Catalogue, new: Catalogue) -> tuple[Weakening, ...]:
    """Everything in which `new` allows more than `base`, by section and entry, in the order of `base`."""
    return tuple(_find(base, new))


def _find(base: Catalogue, new: Catalogue) -> Iterator[Weakening]:
    for name, rule in base.safety.items():
        after = new.safety.get(name)
        if rule.level == "stop" and after != rule:
            text = "the rule that stops the dose is gone" if after is None else weaken_stop(rule, after)
            if text:
                yield Weakening("safety", name, text, after.replaces_stop or "" if after else "")
    for name, regimen in base.regimens.items():
        changed = new.regimens.get(name)
        if changed is not None and changed != regimen:
            yield from (Weakening("regimens", name, text) for text in _weaken_regimen(regimen, changed))
    for name, product in base.products.items():
        other = new.products.get(name)
        if other is not None and other != product:
            yield from (Weakening("products", name, text) for text in _weaken_product(product, other))
    for name, indication in base.indications.items():
        entry = new.indications.get(name)
        if entry is not None and _admits_more(indication.population, entry.population):
            yield Weakening("indications", name, "the population admits patients that it did not")

    class_before, class_after = base.defaults.at_risk, new.defaults.at_risk
    if class_before is not None and class_before != class_after:
        cap = class_before.maximum.ml_per_kg_per_h(_TEN_PERCENT) if class_before.maximum else None
        now = class_after.maximum.ml_per_kg_per_h(_TEN_PERCENT) if class_after and class_after.maximum else None
        if cap is not None and (now is None or is_lower(cap, now)):
            how = "gone" if now is None else f"raised to {show_ratio(now)} mL/kg/h at 10 %"
            yield Weakening("defaults", "at_risk", f"the class's rate cap for patients at risk is {how}")
        if class_after is None or not set(class_before.risks) <= set(class_after.risks):
            yield Weakening("defaults", "at_risk", "the class's words for patients at risk concern fewer risks")


def weaken_stop(base: SafetyRule, new: SafetyRule) -> str:
    """How `new` lets a dose pass that `base` stops; empty where it is at least as strict."""
    if new.level != "stop":
        return f"a stop became a {new.level}"
    if covers(new.when or _EVERY_DOSE, base.when or _EVERY_DOSE):
        return ""
    return "the condition that stops the dose is another one, and does not cover all that it stopped"


def covers(wide: Condition, narrow: Condition) -> bool:
    """Whether every dose for which `narrow` holds is certainly one for which `wide` holds."""
    for name in _ANY_OF:
        asked, had = set(getattr(wide, name)), set(getattr(narrow, name))
        if asked and (not had or not had <= asked):
            return False
    if any(not set(getattr(wide, name)) <= set(getattr(narrow, name)) for name in _ALL_OF):
        return False
    if wide.sex is not None and wide.sex != narrow.sex:
        return False
    for name, bounds in vars(wide).items():
        if isinstance(bounds, Bounds) and not _contains(bounds, getattr(narrow, name)):
            return False
    alternatives = narrow.any_of or (narrow,)
    return not wide.any_of or all(any(covers(each, one) for each in wide.any_of) for one in alternatives)


def _contains(wide: Bounds, narrow: Bounds | None) -> bool:
    """Whether all that `narrow` admits lies inside `wide`."""
    if narrow is None:
        return False
    return _reaches(_edge(wide, "at_least", "over"), _edge(narrow, "at_least", "over"), Decimal(1)) and _reaches(
        _edge(wide, "at_most", "under"), _edge(narrow, "at_most", "under"), Decimal(-1)
    )


Edge = tuple[Decimal, bool] | None
"""A limit and whether it is inside; None where there is none on that side."""


def _edge(bounds: Bounds, inside: str, outside: str) -> Edge:
    value = getattr(bounds, inside)
    if value is not None:
        return value, True
    value = getattr(bounds, outside)
    return None if value is None else (value, False)


def _reaches(wide: Edge, narrow: Edge, sign: Decimal) -> bool:
    """Whether the limit of `wide` lies as far out as that of `narrow`, on the lower (1) or the upper (-1) side."""
    if wide is None or narrow is None:
        return wide is None
    if wide[0] == narrow[0]:
        return wide[1] or not narrow[1]
    return wide[0] * sign < narrow[0] * sign


def _admits_more(base: Population | None, new: Population | None) -> bool:
    """Whether a population admits an age or a sex that it did not."""
    if base is None:
        return False
    if new is None:
        return bool(base.age_years or base.age_days_at_most or base.sex or base.pregnant)
    days = base.age_days_at_most
    if days is not None and (new.age_days_at_most is None or new.age_days_at_most > days):
        return True
    if base.age_years is not None and not (new.age_years is not None and _contains(base.age_years, new.age_years)):
        return True
    return base.sex not in (None, new.sex) or (bool(base.pregnant) and not new.pregnant)


def _weaken_regimen(base: Regimen, new: Regimen) -> Iterator[str]:
    for name, limit in vars(base.limits).items() if base.limits else ():
        now = getattr(new.limits, name) if new.limits else None
        if limit is not None and (now is None or now > limit):
            yield f"the limit {name} of {show(limit)} is {'gone' if now is None else f'raised to {show(now)}'}"
    if _admits_more(base.population, new.population):
        yield "the population admits patients that it did not"


def _weaken_product(base: Product, new: Product) -> Iterator[str]:
    lost = _lost(base, new)
    if lost:
        yield f"the excipients no longer name {', '.join(lost)}"
    for age in base.label_ages:
        same = [
            each for each in new.label_ages if set(age.indications) <= set(each.indications) or not each.indications
        ]
        if not any(_contains(age.age_years, each.age_years) for each in same):
            yield "the ages of the label are wider or gone"
            break
    yield from _weaken_rates(base, new)
    if base.at_risk is None:
        return
    cap, now = base.at_risk.maximum, new.at_risk.maximum if new.at_risk else None
    if new.at_risk is None or not set(base.at_risk.risks) <= set(new.at_risk.risks):
        yield "the words for patients at risk are gone or concern fewer risks"
    if base.at_risk.age_years is not None and (
        new.at_risk is None
        or new.at_risk.age_years is None
        or not _contains(new.at_risk.age_years, base.at_risk.age_years)
    ):
        yield "the age from which the label's words for patients at risk count is higher or gone"
    if cap is not None and (now is None or is_lower(cap.effective(base.g_per_100_ml), now.effective(new.g_per_100_ml))):
        yield f"the rate cap for patients at risk is {'gone' if now is None else 'raised'}"


def lost_excipients(base: Catalogue, new: Catalogue, product: str) -> list[str]:
    """The excipients that the product's entry in `base` names and the one in `new` does not."""
    before = base.products.get(product)
    return [] if before is None else _lost(before, new.products[product])


def _lost(base: Product, new: Product) -> list[str]:
    return sorted({each.name for each in base.excipients} - {each.name for each in new.excipients})


def _weaken_rates(base: Product, new: Product) -> Iterator[str]:
    before, after = _maxima(base), _maxima(new)
    for (indication, infusion), table in before.items():
        old = table.maximum.effective(base.g_per_100_ml)
        other = after.get((indication, infusion)) or after.get((indication, "any"))
        if other is not None and is_lower(old, other.maximum.effective(new.g_per_100_ml)):
            rate = other.maximum.effective(new.g_per_100_ml)
            of = indication if infusion == "any" else f"{indication}, {infusion} infusion"
            yield f"the highest rate for {of} is raised from {show_ratio(old)} to {show_ratio(rate)} mL/kg/h"


def _maxima(product: Product) -> dict[tuple[str, str], RateTable]:
    return {(indication, table.infusion): table for table in product.rates for indication in table.indications}
