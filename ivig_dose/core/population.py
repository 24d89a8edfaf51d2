"""The population that a regimen or an indication is for, against a patient: whose weight or sex cannot be one of it."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from ivig_dose.catalogue.models import Indication, Population, Product, Regimen
from ivig_dose.core.growth import band_of
from ivig_dose.core.patient import ADULT_KG_LOW, ADULT_YEARS, describe_age
from ivig_dose.core.results import Patient
from ivig_dose.problems import Notice, Refusal
from ivig_dose.quantity import show, years_of_days

MOTHER_YEARS: Final = Decimal(10)
"""Below this age no patient is taken for a pregnant woman."""
NEWBORN_YEARS: Final = Decimal("0.5")


def refuse_for_population(patient: Patient, entries: Iterable[Regimen | Indication]) -> Refusal | None:
    """The refusal where nobody in the population has such a weight, or is of the other sex."""
    weight = patient.weight_kg
    for title, population, sources in _stated(entries):
        youngest, oldest = _ages(population)
        what = f"{show(weight)} kg is no weight of the patients that this is for ({title}): "
        if oldest is not None and weight > band_of(oldest).most_kg:
            most = f"nobody of that age weighs more than {show(band_of(oldest).most_kg)} kg"
            return Refusal(
                "weight-outside-population", what + most, "check the weight, its unit and the disease", sources
            )
        if youngest is not None and weight < band_of(youngest).least_kg:
            least = f"nobody of that age weighs less than {show(band_of(youngest).least_kg)} kg"
            whose = (
                "give the weight of the mother" if population.pregnant else "check the weight, its unit and the disease"
            )
            return Refusal("weight-outside-population", what + least, whose, sources)
        sex = "F" if population.pregnant else population.sex
        if sex is not None and patient.sex not in (None, sex):
            who = "women" if sex == "F" else "men"
            return Refusal(
                "sex-outside-population",
                f"this is for {who} ({title}), and the patient's sex is given as {patient.sex}",
                "check the sex and the disease",
                sources,
            )
    return None


def warn_of_population(patient: Patient, entries: Iterable[Regimen | Indication]) -> Iterator[Notice]:
    """A warning where the weight is possible in the population of newborns and yet above what nearly all have."""
    for title, population, sources in _stated(entries):
        _, oldest = _ages(population)
        if oldest is None or oldest >= NEWBORN_YEARS:
            continue
        band = band_of(oldest)
        if patient.weight_kg > band.high_kg:
            yield Notice(
                "weight-high-for-population",
                "warning",
                f"{show(patient.weight_kg)} kg is above {show(band.high_kg)} kg, the weight of nearly all patients "
                f"that this is for ({title}): check it.",
                sources,
            )


def warn_of_label_ages(patient: Patient, product: Product | None, indication: str) -> Iterator[Notice]:
    """A warning where the product's label for the indication is for other ages, by the age or by a child's weight."""
    for label in product.label_ages if product is not None else ():
        if label.indications and indication not in label.indications:
            continue
        least = label.age_years.at_least or label.age_years.over
        wide = "over" if label.age_years.at_least is None else "from"
        told = f"The label of {product.id if product else ''} is for patients {wide} {show(least or 0)} years"
        if patient.age_years is not None and not label.age_years.admit(patient.age_years):
            text = f"{told}, and this one is {describe_age(patient.age_years)}: use at this age is outside the label."
            yield Notice("age-outside-label", "warning", text, label.sources)
        elif patient.age_years is None and (least or 0) >= ADULT_YEARS and patient.weight_kg < ADULT_KG_LOW:
            text = f"{told}, and {show(patient.weight_kg)} kg is the weight of a child: check the age."
            yield Notice("age-outside-label", "warning", text, label.sources)


def _stated(entries: Iterable[Regimen | Indication]) -> Iterator[tuple[str, Population, tuple[str, ...]]]:
    return ((each.title, each.population, each.sources) for each in entries if each.population is not None)


def _ages(population: Population) -> tuple[Decimal | None, Decimal | None]:
    """The youngest and the oldest age in years that a population states or means."""
    ages, days = population.age_years, population.age_days_at_most
    low = [each for each in (ages.at_least, ages.over) if each is not None] if ages else []
    high = [each for each in (ages.at_most, ages.under) if each is not None] if ages else []
    if population.pregnant:
        low.append(MOTHER_YEARS)
    if days is not None:
        high.append(years_of_days(Decimal(days)))
    return max(low, default=None), min(high, default=None)
