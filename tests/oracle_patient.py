"""Which patients there can be: stated in `Fraction`s from the growth references, and not from the code.

The figures are the published +3 SD and -3 SD of weight for age. Below 5 years: WHO Child Growth Standards (2006), boys,
at 0, 1, 3 and 6 months and at each birthday. From 5 to 10 years: WHO Growth Reference (2007), the heavier sex of +3 SD
and the lighter sex of -3 SD, at 61 months and at each birthday; the reference ends at 10 years.
"""

from fractions import Fraction
from itertools import pairwise
from math import ceil
from typing import Any

F = Fraction
WHO_KG = (
    # completed age in months: (-3 SD, +3 SD)
    (0, F("2.1"), F("5")),
    (1, F("2.9"), F("6.6")),
    (3, F("4.4"), F("9")),
    (6, F("5.7"), F("10.9")),
    (12, F("6.9"), F("13.3")),
    (24, F("8.6"), F("17.1")),
    (36, F("10"), F("20.7")),
    (48, F("11.2"), F("24.2")),
    (60, F("12.352"), F("27.9")),
    (72, F("13.471"), F("33.448")),
    (84, F("14.75"), F("38.274")),
    (96, F("16.291"), F("44.128")),
    (108, F("18.146"), F("51.149")),
    (120, F("20.286"), F("59.177")),
)
ON_RECORD = (
    # age in years, kg: the most extreme that were reported, so that the bounds must admit them
    (F(0), F("0.3")),  # the tool's own least weight: extreme prematurity
    (F("0.25"), F("0.6")),  # born at 0.25 kg after 24 weeks and three months old
    (F(0), F("10.2")),  # the heaviest newborn in record books
    (F("0.83"), F(28)),  # ten months, reported from Mexico in 2017
    (F("1.5"), F(24)),
    (F(3), F(60)),  # reported from China in 2011
    (F(6), F(91)),  # reported from India
    (F(10), F(192)),  # reported from Indonesia in 2016
    (F(14), F("4.5")),  # the shortest men and women of record books
    (F(18), F("5.2")),
    (F(30), F(350)),
)


MONTH_YEARS = F("0.0833")
"""Ages are read in years to 0.0001."""


def age_years(months: int) -> Fraction:
    """A table's age in years, as ages are read."""
    return MONTH_YEARS if months == 1 else F(months, 12)


def possible_kg(age: Fraction) -> tuple[Fraction, Fraction]:
    """The least and the most that a patient of an age can weigh.

    From 6 months a fifth of -3 SD, rounded down to 0.1 kg; 2.5 times (from 5 years 5 times) +3 SD, rounded up to 1 kg.
    An age on a boundary belongs to the older children. From 10 years on 4 to 350 kg.
    """
    for (low_age, low, _), (high_age, _, high) in pairwise(WHO_KG):
        if age_years(low_age) <= age < age_years(high_age):
            least = F("0.3") if low_age < 6 else F(int(low / 5 * 10), 10)
            return least, F(ceil(high * (F("2.5") if high_age <= 60 else 5)))
    return F(4), F(350)


def can_be(weight_kg: Fraction, height_cm: Fraction | None, age: Fraction | None) -> bool:
    """Whether there can be such a patient: a body mass index of 7 to 120 (from 3 below 45 cm), a weight for the age."""
    if height_cm is not None:
        bmi = weight_kg * 10000 / height_cm**2
        if not (3 if height_cm < 45 else 7) <= bmi <= 120:
            return False
    return age is None or possible_kg(age)[0] <= weight_kg <= possible_kg(age)[1]


def is_of(population: dict[str, Any], weight_kg: Fraction, sex: str | None) -> bool:
    """Whether anybody of a population can have that weight, and whether the sex is right.

    A pregnant woman is a woman of 10 years at least.
    """
    ages = population.get("age_years") or {}
    lows = [ages[name] for name in ("at_least", "over") if name in ages]
    highs = [ages[name] for name in ("at_most", "under") if name in ages]
    if population.get("pregnant"):
        lows.append(F(10))
    if "age_days_at_most" in population:
        highs.append(population["age_days_at_most"] / F("365.25"))
    if lows and weight_kg < possible_kg(max(lows))[0]:
        return False
    if highs and weight_kg > possible_kg(min(highs))[1]:
        return False
    wanted = "F" if population.get("pregnant") else population.get("sex")
    return wanted is None or sex in (None, wanted)
