"""The patient: the bounds in which a dose is given at all, and inputs that look like a slip."""

from collections.abc import Iterator
from decimal import Decimal

from ivig_dose.core.growth import (
    LEAST_KG,
    MONTH,
    MOST_KG,
    band_of,
    body_mass_index,
    can_be_age,
    can_be_height,
    is_common_at_age,
)
from ivig_dose.core.request import Request
from ivig_dose.core.results import Patient
from ivig_dose.problems import Notice, Refusal
from ivig_dose.quantity import (
    AGE_STEP_YEARS,
    CM_PER_INCH,
    DAYS_PER_YEAR,
    KG_PER_POUND,
    ONE,
    Ratio,
    round_to_places,
    show,
    show_ratio,
)

WEIGHT_KG_HARD = (LEAST_KG, MOST_KG)
WEIGHT_KG_USUAL = (Decimal("2.5"), Decimal(200))
HEIGHT_CM_HARD = (Decimal(30), Decimal(250))
AGE_YEARS_HARD = (Decimal(0), Decimal(120))

# What follows is no clinical rule but this tool's own sense of a slip of the hand, wide on purpose: outside it the
# reader is asked to look again, and nothing is changed.
ADULT_YEARS = Decimal(18)
ADULT_KG_LOW = Decimal(25)
BMI_POSSIBLE = (Decimal(10), Decimal(80))
BMI_CORRECTED = (Decimal(11), Decimal(60))
CHILD_HEIGHT_CM = Decimal(130)
POUNDS_BMI_ADULT = (Decimal(45), Decimal(15), Decimal(32))
POUNDS_BMI_CHILD = (Decimal(28), Decimal(11), Decimal(23))
HEAVY_UNDER_YEARS = Decimal(12)
MONTHS_BELOW_YEARS = Decimal(2)
INFANT_YEARS = Decimal(1)
LIGHT_FROM_YEARS = Decimal(1)


def read_patient(request: Request) -> Patient | Refusal:
    """The patient of a request, or a refusal where nobody has such a weight, height or age, or has them together."""
    weight, height, age = request.weight_kg, request.height_cm, request.age_years
    for what, value, (low, high), unit in (
        ("weight", weight, WEIGHT_KG_HARD, "kg"),
        ("height", height, HEIGHT_CM_HARD, "cm"),
        ("age", age, AGE_YEARS_HARD, "years"),
    ):
        if value is not None and not (value.is_finite() and low <= value <= high):
            return Refusal(
                f"{what}-out-of-bounds",
                f"{what} {show(value, 12)} {unit} is outside {show(low)} to {show(high)} {unit}",
                f"check the {what} and its unit",
            )
    if height is not None and not can_be_height(weight, height):
        return _refuse_height(weight, height)
    if age is not None and not can_be_age(weight, age):
        return _refuse_age(weight, age)
    bmi = None if height is None else body_mass_index(weight, height)
    return Patient(weight, height, request.sex, age, request.blood_group, bmi)


def _refuse_height(weight: Decimal, height: Decimal) -> Refusal:
    """The refusal of a weight that nobody of that height has, with the corrections that would make sense."""
    bmi = show_ratio(body_mass_index(weight, height), 1)
    what = f"{show(weight)} kg with {show(height)} cm"
    if _could_be(height, weight):
        return Refusal(
            "weight-height-swapped",
            f"{what} is a body mass index of {bmi}: weight and height look swapped",
            f"is it {show(height)} kg and {show(weight)} cm?",
        )
    likely = [f"{show(kg)} kg{how}" for kg, how in _other_weights(weight) if _could_be(kg, height)]
    likely += [
        f"{show(cm)} cm{how}"
        for cm, how in ((height * CM_PER_INCH, f" ({show(height)} inches)"), (height * 10, ""), (height / 10, ""))
        if _could_be(weight, cm)
    ]
    return Refusal(
        "weight-height-impossible",
        f"{what} is a body mass index of {bmi}: no patient has it",
        _ask(likely, "check the weight, the height and their units"),
    )


def _refuse_age(weight: Decimal, age: Decimal) -> Refusal:
    """The refusal of a weight that nobody of that age has, with the corrections that would make sense."""
    band = band_of(age)
    bound = f"more than {show(band.most_kg)} kg" if weight > band.most_kg else f"less than {show(band.least_kg)} kg"
    likely = [f"{show(kg)} kg{how}" for kg, how in _other_weights(weight) if is_common_at_age(kg, age)]
    likely += [text for text, years in _other_ages(age) if is_common_at_age(weight, years)]
    return Refusal(
        "weight-age-impossible",
        f"{show(weight)} kg at {describe_age(age)}: nobody of that age weighs {bound}",
        _ask(likely, "check the weight, the age and their units"),
    )


def _other_weights(weight: Decimal) -> Iterator[tuple[Decimal, str]]:
    """What a wrong weight in kg may have been meant as: pounds, a digit too few, one too many, grams."""
    yield round_to_places(weight * KG_PER_POUND, 3), f" ({show(weight)} lb)"
    yield weight * 10, ""
    yield weight / 10, ""
    yield weight / 1000, f" ({show(weight)} g)"


def _other_ages(age: Decimal) -> Iterator[tuple[str, Decimal]]:
    """What a wrong age may have been meant as: the same number in another unit."""
    number, unit = _split_age(age)
    for other, per_year in _AGE_UNITS:
        years = Ratio(number, per_year).to_step(AGE_STEP_YEARS)
        if other != unit and years <= AGE_YEARS_HARD[1]:
            yield f"{show(number)} {other}", years


_AGE_UNITS = (("years", ONE), ("months", Decimal(12)), ("days", DAYS_PER_YEAR))


def describe_age(age: Decimal) -> str:
    """An age in the unit that it was said in: below two years the largest of which it is a whole number."""
    number, unit = _split_age(age)
    return f"{show(number)} {unit.removesuffix('s') if number == 1 else unit}"


def _split_age(age: Decimal) -> tuple[Decimal, str]:
    if age < MONTHS_BELOW_YEARS:
        for unit, per_year in _AGE_UNITS:
            whole = round_to_places(age * per_year, 0)
            # whole but for the step to which an age is kept in years
            if whole and abs(age * per_year - whole) <= AGE_STEP_YEARS * per_year:
                return whole, unit
    return (round_to_places(age * DAYS_PER_YEAR, 0), "days") if age < 2 * MONTH else (age, "years")


def _could_be(weight: Decimal, height: Decimal) -> bool:
    """Whether a corrected weight and height are those of somebody, and of no slip again."""
    in_bounds = WEIGHT_KG_HARD[0] <= weight <= WEIGHT_KG_HARD[1] and HEIGHT_CM_HARD[0] <= height <= HEIGHT_CM_HARD[1]
    return in_bounds and _lies_in(body_mass_index(weight, height), BMI_CORRECTED)


def _ask(likely: list[str], else_do: str) -> str:
    return f"is it {' or '.join(dict.fromkeys(likely))}? {else_do}" if likely else else_do


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
        text = f"{show(weight)} kg does not go with {describe_age(age)}: check the weight, the age and their units."
        yield _warn("weight-age-implausible", text)
    bmi = patient.bmi
    if bmi is None or height is None:
        if age is not None and _too_heavy_for_age(weight, age) and not _too_heavy_for_age(weight * KG_PER_POUND, age):
            yield _pounds(weight, f"for {describe_age(age)}")
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
    """The weight from which to look again: the WHO's +3 SD for infants, half as much again and more for children."""
    return band_of(age_years).high_kg if age_years < INFANT_YEARS else 16 + 5 * age_years


def _is_impossible_at_age(weight_kg: Decimal, age_years: Decimal) -> bool:
    """Far too heavy, also if it was pounds, or a child at about half the weight of the lightest of that age."""
    too_light = LIGHT_FROM_YEARS <= age_years < ADULT_YEARS and weight_kg < 4 + age_years
    return too_light or _too_heavy_for_age(weight_kg * KG_PER_POUND, age_years)


def _lies_in(value: Ratio, bounds: tuple[Decimal, Decimal]) -> bool:
    return not value.is_below(bounds[0]) and not value.is_above(bounds[1])


def _warn(rule: str, text: str) -> Notice:
    return Notice(rule, "warning", text)
