"""The patient: the range in which a dose is given at all, and inputs that look like a slip."""

from collections.abc import Iterator
from decimal import Decimal

from ivig_dose.core.request import Request
from ivig_dose.core.results import Patient
from ivig_dose.problems import Notice, Refusal
from ivig_dose.quantity import KG_PER_POUND, Ratio, round_to_places, show, show_ratio

WEIGHT_KG_HARD = (Decimal("0.3"), Decimal(350))
WEIGHT_KG_USUAL = (Decimal("2.5"), Decimal(200))
HEIGHT_CM_HARD = (Decimal(30), Decimal(250))
AGE_YEARS_HARD = (Decimal(0), Decimal(120))

# What follows is no clinical rule but this tool's own sense of a slip of the hand, wide on purpose: outside it the
# reader is asked to look again, and nothing is changed.
ADULT_YEARS = Decimal(18)
ADULT_KG_LOW = Decimal(25)
BMI_POSSIBLE = (Decimal(10), Decimal(80))
BMI_SWAPPED = (Decimal(8), Decimal(100))
BMI_AFTER_SWAP = (Decimal(11), Decimal(60))
CHILD_HEIGHT_CM = Decimal(130)
POUNDS_BMI_ADULT = (Decimal(45), Decimal(15), Decimal(32))
POUNDS_BMI_CHILD = (Decimal(28), Decimal(11), Decimal(23))
HEAVY_UNDER_YEARS = Decimal(12)
LIGHT_FROM_YEARS = Decimal(1)


def body_mass_index(weight_kg: Decimal, height_cm: Decimal) -> Ratio:
    """Body mass index in kg/m2, exact: 76.8 kg at 160 cm is 30 and not 29.99."""
    return Ratio(weight_kg * 10000, height_cm * height_cm)


def read_patient(request: Request) -> Patient | Refusal:
    """The patient of a request, or a refusal where weight, height or age lies outside what any patient has."""
    for what, value, (low, high), unit in (
        ("weight", request.weight_kg, WEIGHT_KG_HARD, "kg"),
        ("height", request.height_cm, HEIGHT_CM_HARD, "cm"),
        ("age", request.age_years, AGE_YEARS_HARD, "years"),
    ):
        if value is not None and not (value.is_finite() and low <= value <= high):
            return Refusal(
                f"{what}-out-of-bounds",
                f"{what} {show(value, 12)} {unit} is outside {show(low)} to {show(high)} {unit}",
                f"check the {what} and its unit",
            )
    bmi = None if request.height_cm is None else body_mass_index(request.weight_kg, request.height_cm)
    return Patient(request.weight_kg, request.height_cm, request.sex, request.age_years, request.blood_group, bmi)


def find_slips(patient: Patient, adults_only: bool) -> Iterator[Notice]:
    """Warnings for inputs that look like a slip: each says what is suspected and what to check.

    `adults_only` says that the regimen is for adults, so that the weight of an infant stands out without an age.
    """
    weight, height, age = patient.weight_kg, patient.height_cm, patient.age_years
    low, high = WEIGHT_KG_USUAL
    if not low <= weight <= high:
        yield _warn(
            "weight-unusual", f"{show(weight)} kg is outside the usual {show(low)} to {show(high)} kg: check it."
        )
    if weight < ADULT_KG_LOW and (age >= ADULT_YEARS if age is not None else adults_only):
        who = "this age" if age is not None else "a regimen for adults"
        yield _warn("weight-of-a-child", f"{show(weight)} kg is the weight of a child, for {who}: is a digit missing?")
    if age is not None and _is_impossible_at_age(weight, age):
        text = f"{show(weight)} kg does not go with {show(age)} years: check the weight, the age and their units."
        yield _warn("weight-age-implausible", text)
    bmi = patient.bmi
    if bmi is None or height is None:
        if age is not None and _too_heavy_for_age(weight, age) and not _too_heavy_for_age(weight * KG_PER_POUND, age):
            yield _pounds(weight, f"for {show(age)} years")
        return
    impossible = bmi.is_below(BMI_SWAPPED[0]) or bmi.is_above(BMI_SWAPPED[1])
    is_a_height = HEIGHT_CM_HARD[0] <= weight <= HEIGHT_CM_HARD[1]
    if impossible and is_a_height and _lies_in(body_mass_index(height, weight), BMI_AFTER_SWAP):
        yield _warn(
            "weight-height-swapped",
            f"{show(weight)} kg with {show(height)} cm looks swapped: is it {show(height)} kg and {show(weight)} cm?",
        )
        return
    above, after_low, after_high = POUNDS_BMI_CHILD if height < CHILD_HEIGHT_CM else POUNDS_BMI_ADULT
    if bmi.is_above(above) and _lies_in(bmi.times(KG_PER_POUND), (after_low, after_high)):
        yield _pounds(weight, f"at {show(height)} cm")
    elif not _lies_in(bmi, BMI_POSSIBLE):
        yield _warn(
            "weight-height-implausible",
            f"{show(weight)} kg at {show(height)} cm is a BMI of {show_ratio(bmi, 1)}: check both and their units.",
        )


def _pounds(weight: Decimal, beside: str) -> Notice:
    kg = show(round_to_places(weight * KG_PER_POUND, 3))
    return _warn(
        "weight-maybe-pounds",
        f"{show(weight)} kg is much {beside}: was it pounds? {show(weight)} lb is {kg} kg.",
    )


def _too_heavy_for_age(weight_kg: Decimal, age_years: Decimal) -> bool:
    return age_years < HEAVY_UNDER_YEARS and weight_kg > _heavy_kg(age_years)


def _heavy_kg(age_years: Decimal) -> Decimal:
    return 16 + 5 * age_years


def _is_impossible_at_age(weight_kg: Decimal, age_years: Decimal) -> bool:
    """Far too heavy, also if it was pounds, or a child at about half the weight of the lightest of that age."""
    too_light = LIGHT_FROM_YEARS <= age_years < ADULT_YEARS and weight_kg < 4 + age_years
    return too_light or _too_heavy_for_age(weight_kg * KG_PER_POUND, age_years)


def _lies_in(value: Ratio, bounds: tuple[Decimal, Decimal]) -> bool:
    return not value.is_below(bounds[0]) and not value.is_above(bounds[1])


def _warn(rule: str, text: str) -> Notice:
    return Notice(rule, "warning", text)
