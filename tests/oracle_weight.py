"""Dosing weight from the catalogue's weight policies (design sections 3 and 4, issue 4 point 1)."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

CM_PER_INCH = Fraction("2.54")


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """No dose is given. `rule` is the oracle's own word for why; `missing` names the facts that are not known."""

    def __init__(self, rule: str, *missing: str) -> None:
        super().__init__(rule, *missing)
        self.rule = rule
        self.missing = missing


@dataclass(frozen=True)
class Person:
    """What is known of a patient; None is unknown."""

    weight_kg: Fraction
    height_cm: Fraction | None = None
    sex: str | None = None
    age_years: Fraction | None = None
    pregnant: bool = False


@dataclass(frozen=True)
class DosingWeight:
    """The weight that the dose is multiplied by; `kind` is actual, ideal or adjusted; `branch` counts from 0."""

    kg: Fraction
    kind: str
    branch: int


def bmi(person: Person) -> Fraction:
    """Weight in kg over the square of the height in m, exact."""
    if person.height_cm is None:
        raise Refused("fact-missing", "height")
    return person.weight_kg / (person.height_cm / 100) ** 2


def devine_kg(height_cm: Fraction, sex: str) -> Fraction:
    """Devine ideal weight: 50 kg (M) or 45.5 kg (F) + 2.3 kg for each inch above 60, the inches exact (cm / 2.54)."""
    base = {"M": Fraction(50), "F": Fraction("45.5")}[sex]
    return base + Fraction("2.3") * (height_cm / CM_PER_INCH - 60)


def adjusted_kg(actual: Fraction, ideal: Fraction, factor: Fraction) -> Fraction:
    """Ideal + factor x (actual - ideal)."""
    return ideal + factor * (actual - ideal)


def ideal_kg(policy: dict[str, Any], person: Person) -> Fraction:
    """The ideal weight; refused without height or sex, and never extrapolated below the policy's height floor."""
    missing = [name for name, value in (("height", person.height_cm), ("sex", person.sex)) if value is None]
    if missing:
        raise Refused("fact-missing", *missing)
    floor = policy.get("height_floor_cm")
    if floor is not None and person.height_cm < floor:
        raise Refused("height-floor")
    return devine_kg(person.height_cm, person.sex)


def within(bounds: dict[str, Fraction], value: Fraction) -> bool:
    """`at_least` and `at_most` include the boundary, `over` and `under` do not."""
    return (
        ("at_least" not in bounds or value >= bounds["at_least"])
        and ("over" not in bounds or value > bounds["over"])
        and ("at_most" not in bounds or value <= bounds["at_most"])
        and ("under" not in bounds or value < bounds["under"])
    )


def holds(policy: dict[str, Any], when: dict[str, Any], person: Person) -> bool:
    """Whether all the conditions hold. One that is known to fail settles it; else a missing fact refuses.

    Only facts that are needed may refuse (design section 5 of the issue: "a policy that needs sex, height or age
    and lacks it refuses"): where another condition of the branch fails already, the missing one decides nothing.
    """

    def percent() -> Fraction:
        return person.weight_kg / ideal_kg(policy, person) * 100

    def known(value: Any, name: str) -> Any:
        if value is None:
            raise Refused("fact-missing", name)
        return value

    checks = {
        "age_years": lambda bounds: within(bounds, known(person.age_years, "age")),
        "height_cm": lambda bounds: within(bounds, known(person.height_cm, "height")),
        "bmi": lambda bounds: within(bounds, bmi(person)),
        "percent_of_ideal": lambda bounds: within(bounds, percent()),
        "weight_over_kg": lambda by_sex: person.weight_kg > by_sex[known(person.sex, "sex")],
        "pregnant": lambda wanted: person.pregnant is wanted,
    }
    refusals = []
    for name, wanted in when.items():
        try:
            if not checks[name](wanted):
                return False
        except Refused as refusal:
            refusals.append(refusal)
    if refusals:
        raise refusals[0]
    return True


def dosing_weight(policy: dict[str, Any], person: Person) -> DosingWeight:
    """The first branch whose condition holds; the weight it uses, never above the actual weight."""
    for number, branch in enumerate(policy["branches"]):
        if branch.get("when") is not None and not holds(policy, branch["when"], person):
            continue
        if branch["use"] == "actual":
            return DosingWeight(person.weight_kg, "actual", number)
        kg = ideal_kg(policy, person)
        if branch["use"] == "adjusted":
            kg = adjusted_kg(person.weight_kg, kg, policy["factor"])
        if kg > person.weight_kg:
            return DosingWeight(person.weight_kg, "actual", number)
        return DosingWeight(kg, branch["use"], number)
    raise Refused("no-branch")
