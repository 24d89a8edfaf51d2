"""Conditions and limits in words: who a regimen is for, when a weight policy branches, when a safety rule applies."""

from collections.abc import Iterable

from ivig_dose.catalogue.models import Bounds, Condition, PatientCondition, Population
from ivig_dose.quantity import show


def describe_bounds(bounds: Bounds, unit: str = "") -> str:
    """Limits with words that say whether the limit itself is inside: `at least 18 years and under 65 years`."""
    limits = (
        ("at least", bounds.at_least),
        ("over", bounds.over),
        ("at most", bounds.at_most),
        ("under", bounds.under),
    )
    return " and ".join([f"{word} {show(limit)} {unit}".rstrip() for word, limit in limits if limit is not None])


def describe_population(population: Population | None) -> list[str]:
    """Who something is for, in lines; none where nothing is said."""
    if population is None:
        return []
    said = []
    if population.age_years is not None:
        said.append(f"age {describe_bounds(population.age_years, 'years')}")
    if population.age_days_at_most is not None:
        said.append(f"age at most {population.age_days_at_most} days")
    if population.note:
        said.append(population.note)
    return said


def describe_patient(condition: PatientCondition) -> str:
    """The condition of one branch of a weight policy."""
    bounded = (
        ("age", condition.age_years, "years"),
        ("height", condition.height_cm, "cm"),
        ("BMI", condition.bmi, "kg/m2"),
        ("actual weight", condition.percent_of_ideal, "% of ideal weight"),
    )
    said = [f"{name} {describe_bounds(bounds, unit)}" for name, bounds, unit in bounded if bounds is not None]
    for sex, weight_kg in (condition.weight_over_kg or {}).items():
        said.append(f"weight over {show(weight_kg)} kg for {'women' if sex == 'F' else 'men'}")
    if condition.pregnant is not None:
        said.append("pregnant" if condition.pregnant else "not pregnant")
    return " and ".join(said)


def describe_condition(condition: Condition) -> str:
    """The condition of a safety rule."""
    said = [*_describe_names(condition), *_describe_amounts(condition)]
    if condition.any_of:
        said.append("(" + "; or ".join([describe_condition(each) for each in condition.any_of]) + ")")
    return "; and ".join(said)


def _count_days(condition: Condition) -> int:
    return 0 if condition.g_per_kg_in_days is None else condition.g_per_kg_in_days.days


def _describe_names(condition: Condition) -> Iterable[str]:
    named = (
        ("any risk of", condition.risks_any),
        ("all risks of", condition.risks_all),
        ("blood group", condition.blood_group),
        ("sex", (condition.sex,) if condition.sex else ()),
        ("indication", condition.indications),
        ("any indication but", condition.except_indications),
        ("phase", condition.phases),
        ("regimen", condition.regimens),
        ("product", condition.products),
        ("weight policy", condition.weight_policies),
        ("a product with", condition.excipients),
    )
    return [f"{what} {', '.join(names)}" for what, names in named if names]


def _describe_amounts(condition: Condition) -> Iterable[str]:
    bounded = (
        ("age", condition.age_years, "years"),
        ("course", condition.course_g_per_kg, "g/kg"),
        ("dose a day", condition.day_g_per_kg, "g/kg"),
        ("course", condition.course_g, "g"),
        ("dose a day", condition.day_g, "g"),
        ("days", condition.days, ""),
        ("courses", condition.cycles, ""),
        ("in all", condition.g_per_kg_in_days, f"g/kg in {_count_days(condition)} days"),
        ("rate", condition.rate_ml_per_kg_per_h, "mL/kg/h"),
    )
    return [f"{what} {describe_bounds(bounds, unit)}" for what, bounds, unit in bounded if bounds is not None]
