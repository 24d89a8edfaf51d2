"""Which weights a patient can have: bounds by age, by height and by the population that a regimen is for.

By age the bounds stand far outside the WHO's weight-for-age tables: the Child Growth Standards (2006) below 5 years and
the Growth Reference (2007) from 5 to 10, which ends there. Below 5 years a weight is possible up to 2.5 times the WHO's
+3 SD at the end of the age band, from 5 to 10 years up to 5 times it, and from 6 months on down to a fifth of -3 SD at
its beginning. The margins are this tool's own; they leave room for the most extreme children on record.
"""

from decimal import Decimal
from typing import Final, NamedTuple

from ivig_dose.quantity import Ratio

MONTH: Final = Decimal("0.0833")
"""A month in years, as ages are read."""


class Band(NamedTuple):
    """Weights in kg below an age in years: the least and the most that are possible, and the WHO's +3 SD at its end."""

    below_years: Decimal
    least_kg: Decimal
    most_kg: Decimal
    high_kg: Decimal


LEAST_KG: Final = Decimal("0.3")
"""Prematurity has no floor in a table of children born at term: below 6 months only the tool's own bound counts."""
MOST_KG: Final = Decimal(350)
BANDS: Final = tuple(
    Band(Decimal(years), Decimal(least), Decimal(most), Decimal(high))
    for years, least, most, high in (
        (MONTH, LEAST_KG, "17", "6.6"),
        ("0.25", LEAST_KG, "23", "9"),
        ("0.5", LEAST_KG, "28", "10.9"),
        ("1", "1.1", "34", "13.3"),
        ("2", "1.3", "43", "17.1"),
        ("3", "1.7", "52", "20.7"),
        ("4", "2", "61", "24.2"),
        ("5", "2.2", "70", "27.9"),
        ("6", "2.4", "168", "33.5"),
        ("7", "2.6", "192", "38.3"),
        ("8", "2.9", "221", "44.2"),
        ("9", "3.2", "256", "51.2"),
        ("10", "3.6", "296", "59.2"),
    )
)
OLDER: Final = Band(Decimal(120), Decimal(4), MOST_KG, MOST_KG)
"""From 10 years on. The lightest adult now living weighs more than 5 kg."""

BMI_POSSIBLE: Final = (Decimal(7), Decimal(120))
BMI_NEWBORN_LEAST: Final = Decimal(3)
"""INTERGROWTH-21st gives a boy of 24 weeks 0.64 kg and 32.2 cm at the median: a body mass index of 6.2."""
NEWBORN_HEIGHT_CM: Final = Decimal(45)


def band_of(age_years: Decimal) -> Band:
    """The band of an age. An age on a boundary is in the older one: `5` is said of a child until it is 6."""
    return next((band for band in BANDS if age_years < band.below_years), OLDER)


def most_below(age_years: Decimal) -> Decimal:
    """The most that anybody younger than an age can weigh, in kg."""
    return next((band.most_kg for band in BANDS if age_years <= band.below_years), MOST_KG)


def body_mass_index(weight_kg: Decimal, height_cm: Decimal) -> Ratio:
    """Body mass index in kg/m2, exact: 76.8 kg at 160 cm is 30 and not 29.99."""
    return Ratio(weight_kg * 10000, height_cm * height_cm)


def can_be_height(weight_kg: Decimal, height_cm: Decimal) -> bool:
    """Whether anybody of that height can have that weight."""
    bmi = body_mass_index(weight_kg, height_cm)
    least = BMI_NEWBORN_LEAST if height_cm < NEWBORN_HEIGHT_CM else BMI_POSSIBLE[0]
    return not bmi.is_below(least) and not bmi.is_above(BMI_POSSIBLE[1])


def can_be_age(weight_kg: Decimal, age_years: Decimal) -> bool:
    """Whether anybody of that age can have that weight."""
    band = band_of(age_years)
    return band.least_kg <= weight_kg <= band.most_kg


def is_common_at_age(weight_kg: Decimal, age_years: Decimal) -> bool:
    """Whether a weight is one that many of that age have: what a likely correction must come to."""
    band = band_of(age_years)
    if band is OLDER:
        return Decimal(25) <= weight_kg <= Decimal(150)
    return band.high_kg / 4 <= weight_kg <= band.high_kg
