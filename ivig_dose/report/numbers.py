"""Exact amounts to the decimals in which a document shows them: the one division, at the last moment, ties up."""

from decimal import Decimal
from typing import Final

from ivig_dose.quantity import Ratio, round_to_places, show, show_grouped

_GRAM_PLACES: Final = 3
_KG_PLACES: Final = 3
_PERCENT_PLACES: Final = 2
_BMI_PLACES: Final = 2
_STEPS: Final = tuple(Decimal(1).scaleb(-places) for places in range(7))


def divide(value: Ratio | Decimal, places: int) -> Decimal:
    """`value` as a decimal with at most `places` decimals, ties away from zero; exact where it terminates sooner."""
    if isinstance(value, Decimal):
        rounded = round_to_places(value, places)
        return value if value == rounded else rounded
    numerator, denominator = value
    step = _STEPS[places]
    if numerator < 0:
        return -Ratio(-numerator, denominator).to_step(step)
    return value.to_step(step)


def grams(value: Ratio | Decimal) -> Decimal:
    """Grams, or grams per kg, for a document: at most 3 decimals."""
    return divide(value, _GRAM_PLACES)


def kilograms(value: Ratio | Decimal) -> Decimal:
    """A body weight for a document: at most 3 decimals, which is 1 g."""
    return divide(value, _KG_PLACES)


def percent(value: Ratio | Decimal) -> Decimal:
    """A percentage for a document: at most 2 decimals."""
    return divide(value, _PERCENT_PLACES)


def body_mass_index(value: Ratio | Decimal) -> Decimal:
    """BMI in kg/m2 for a document: at most 2 decimals."""
    return divide(value, _BMI_PLACES)


def write_number(value: Decimal | int) -> str:
    """The digits of `value` without an exponent or a trailing zero: 28, 0.4, 140; never 28.0 or 1.4E+2.

    Raises:
        ValueError: for what is not a number, which is a bug of ours.
    """
    text = str(value)
    if text.isdigit():
        return text
    if text[-1] not in "0123456789":
        raise ValueError(f"{text} is not a number")
    if "E" in text:
        text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def show_amount(value: Ratio | Decimal, unit: str, places: int = 3) -> str:
    """An amount with its unit for a screen, at most `places` decimals, thousands with a comma: `1,027.5 g`."""
    return f"{show_value(value, places)} {unit}"


def show_value(value: Ratio | Decimal, places: int = 3) -> str:
    """An amount without its unit for a screen column whose heading names the unit."""
    number = divide(value, places)
    return "-" + show_grouped(-number, places) if number < 0 else show_grouped(number, places)


def show_signed(value: Ratio | Decimal, unit: str, places: int = 3) -> str:
    """A change with its sign and unit: `+5 g`, `-1.8 %`, `0 g`."""
    number = divide(value, places)
    sign = "+" if number > 0 else "-" if number < 0 else ""
    return f"{sign}{show(abs(number), places)} {unit}"


def show_minutes(minutes: Decimal) -> str:
    """A duration for people, to the nearest minute, ties up: `45 min`, `3 h 30 min`, `11 h`."""
    whole = int(round_to_places(minutes, 0))
    hours, rest = divmod(whole, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"
