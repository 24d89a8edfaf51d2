"""Which side of every threshold a fact lies on: patients on the same sides of all of them get the same notices."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from decimal import Decimal

from ivig_dose.catalogue.models import BloodGroup, Bounds, Catalogue, Condition, Population, Product, Sex
from ivig_dose.core.results import Dose
from ivig_dose.quantity import Ratio, years_of_days

Sides = tuple[object, ...]


class Thresholds:
    """The thresholds of a catalogue's safety rules and populations, for age and for the size of a dose."""

    def __init__(self, catalogue: Catalogue) -> None:
        conditions = [
            condition
            for rule in catalogue.safety.values()
            if rule.when is not None
            for condition in _list_conditions(rule.when)
        ]
        populations = [
            entry.population
            for entries in (catalogue.regimens, catalogue.indications)
            for entry in entries.values()
            if entry.population is not None
        ]
        self._ages = sorted(
            {
                *_list_edges(condition.age_years for condition in conditions),
                *_list_edges(population.age_years for population in populations),
                *_list_day_limits(populations),
            }
        )
        self._at_risk_ages = sorted({*_list_at_risk_ages(catalogue.products.values())})
        self._asks_sex = any(condition.sex is not None for condition in conditions)
        self._asks_blood_group = any(condition.blood_group for condition in conditions)
        self._per_kg_course = _list_edges(condition.course_g_per_kg for condition in conditions)
        self._per_kg_day = _list_edges(condition.day_g_per_kg for condition in conditions)
        self._course = _list_edges(condition.course_g for condition in conditions)
        self._day = _list_edges(condition.day_g for condition in conditions)

    def place_person(self, age_years: Decimal | None, sex: Sex | None, blood_group: BloodGroup | None) -> Sides:
        """Where a patient lies: equal for patients whom no rule tells apart by age, sex or blood group."""
        age = None if age_years is None else (bisect_left(self._ages, age_years), bisect_right(self._ages, age_years))
        return age, sex if self._asks_sex else None, blood_group if self._asks_blood_group else None

    def place_at_risk_age(self, age_years: Decimal | None) -> int | None:
        """How many of the ages above which a label has lower rates a patient has passed; None for an unknown age."""
        return None if age_years is None else bisect_left(self._at_risk_ages, age_years)

    def place_dose(self, dose: Dose, dosing_kg: Ratio) -> Sides:
        """Where a dose lies among the thresholds of doses.

        A dose that no ceiling has cut has the regimen's grams per kg, which are the same for every weight.
        """
        if dose.capped_from_g is None and not self._course and not self._day:
            return ()
        day_g = max(dose.days_g)
        sides = [*_place(dose.course_g, self._course), *_place(day_g, self._day)]
        if dose.capped_from_g is not None:
            day_per_kg = Ratio(day_g.numerator * dosing_kg.denominator, day_g.denominator * dosing_kg.numerator)
            sides += [*_place(dose.g_per_kg_course, self._per_kg_course), *_place(day_per_kg, self._per_kg_day), 1]
        return tuple(sides)


def _list_conditions(when: Condition) -> Iterator[Condition]:
    yield when
    for part in when.any_of:
        yield from _list_conditions(part)


def _list_edges(bounds: Iterable[Bounds | None]) -> tuple[Decimal, ...]:
    return tuple(sorted({edge for each in bounds if each is not None for edge in each.edges()}))


def _list_day_limits(populations: Iterable[Population]) -> Iterator[Decimal]:
    for population in populations:
        if population.age_days_at_most is not None:
            yield years_of_days(Decimal(population.age_days_at_most))


def _list_at_risk_ages(products: Iterable[Product]) -> Iterator[Decimal]:
    for product in products:
        if product.at_risk is not None and product.at_risk.age_over_years is not None:
            yield product.at_risk.age_over_years


def _place(amount: Ratio, edges: tuple[Decimal, ...]) -> Iterator[int]:
    for edge in edges:
        yield amount.is_above(edge) - amount.is_below(edge)
