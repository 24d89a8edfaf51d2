"""Which safety rules stop a dose (issue 5 point 1), for the conditions that the shipped `stop` rules use.

A fact that is not known makes a condition neither true nor false, and only a true rule stops. What is in a product is
not such a fact: where the catalogue lists no excipients of it, a rule about one cannot be ruled out, and stops.
"""

from fractions import Fraction
from typing import Any

from tests.oracle_weight import within


def stopping_rules(
    catalogue: dict[str, Any],
    indication: str,
    risks: frozenset[str],
    product: str | None,
    age_years: Fraction | None,
) -> list[str]:
    """Ids of the rules that stop a dose for this patient, indication and product."""
    entry = catalogue["products"][product] if product else {}
    excipients = {each["name"] for each in entry.get("excipients", ())}
    checks = {
        "risks_any": lambda ids: bool(risks & set(ids)),
        "risks_all": lambda ids: set(ids) <= risks,
        "indications": lambda ids: indication in ids,
        "products": lambda ids: product in ids,
        "excipients": lambda names: bool(excipients & set(names)) or (bool(product) and not excipients),
        "age_years": lambda bounds: age_years is not None and within(bounds, age_years),
    }
    return [
        rule_id
        for rule_id, rule in catalogue["safety"].items()
        if rule["level"] == "stop" and all(checks[name](wanted) for name, wanted in (rule.get("when") or {}).items())
    ]
