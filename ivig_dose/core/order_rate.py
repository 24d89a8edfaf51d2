"""The rate that an order writes, such as `0.5 mL/kg/h x 30 min, 1, 2, max 4`: read and written back."""

import re
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from ivig_dose.quantity import QuantityError, parse_number, quote, show

RateUnit = Literal["mL/h", "mL/kg/h", "mL/kg/min", "mg/kg/min"]

HINT: Final = "write the steps with their unit: 0.5 mL/kg/h x 30 min, 1, 2, max 4"
_UNITS: Final[dict[str, RateUnit]] = {
    "ml/h": "mL/h",
    "ml/kg/h": "mL/kg/h",
    "ml/kg/min": "mL/kg/min",
    "mg/kg/min": "mg/kg/min",
}
_STEP: Final = re.compile(
    r"(?P<max>(?:(?:to|until|with|a|the|and|increase to) )*(?:max(?:imum)?(?: rate)?(?: of)?|up to|<=|no more than|not "
    r"above)[ :]*)?(?:(?:start(?:ing)?|begin|initially|increase(?:d)?|increasing|then)(?: at| with| to)? )*"
    r"(?P<n>[0-9][0-9.,]*)(?: ?(?P<unit>m[lg](?:/kg)?/(?:h|min)))?"
    r"(?:(?: ?x ?| for | over )(?P<time>[0-9]+) ?(?P<of>min|h))?"
)
_SPELLINGS: Final = (
    (r"\s*(?:/|\bper\b)\s*", "/"),
    (r"\bmls\b", "ml"),
    (r"/(?:hours?|hrs?|hr)\b", "/h"),
    (r"/(?:minutes?|mins?)\b", "/min"),
    (r"(?<=[0-9])\s*(?:minutes?|mins?)\b\.?", " min"),
    (r"(?<=[0-9])\s*(?:hours?|hrs?|h)\b", " h"),
    ("\u00d7", "x"),
    (r"\s+", " "),
)


class RateStep(NamedTuple):
    """One step of an ordered rate. `minutes` is None where they are not written; `is_maximum` marks `max 4`."""

    value: Decimal
    unit: RateUnit
    minutes: int | None
    is_maximum: bool


OrderedRate = tuple[RateStep, ...]


def parse_rate(text: str) -> OrderedRate:
    """The steps of a rate as an order writes them. A unit holds for the steps beside it that have none.

    Raises:
        QuantityError: for a piece that is not read, a missing unit, or steps after the highest rate.
    """
    plain = text.strip().lower()
    for pattern, spelling in _SPELLINGS:
        plain = re.sub(pattern, spelling, plain)
    found: list[tuple[Decimal, RateUnit | None, int | None, bool]] = []
    for piece in re.split(r"(?:\s*(?:[,;]|->|\bthen\b|\band\b(?= max| [0-9]))\s*)+", plain.strip(" .")):
        step = _STEP.fullmatch(piece.strip())
        if step is None:
            raise QuantityError(f"rate {quote(text)} is not read at {quote(piece.strip())}", HINT)
        minutes = None if step["time"] is None else int(step["time"]) * (60 if step["of"] == "h" else 1)
        found.append((_read_value(step["n"], text), _UNITS.get(step["unit"] or ""), minutes, step["max"] is not None))
    units = [unit for _, unit, _, _ in found]
    if not any(units):
        raise QuantityError(f"rate {quote(text)} has no unit", HINT)
    steps: list[RateStep] = []
    for place, (value, own, minutes, is_maximum) in enumerate(found):
        unit = own or next((each for each in [*reversed(units[:place]), *units[place:]] if each), None)
        if unit is not None:
            steps.append(RateStep(value, unit, minutes, is_maximum))
    if any(step.is_maximum for step in steps[:-1]):
        raise QuantityError(f"rate {quote(text)} goes on after its highest rate", HINT)
    return tuple(steps)


def _read_value(number: str, text: str) -> Decimal:
    value = parse_number(number, "rate")
    if not value:
        raise QuantityError(f"rate {quote(text)} has a step of 0", HINT)
    return value


def write_rate(rate: OrderedRate) -> str:
    """The steps in this tool's own words, which `parse_rate` reads back as the same."""
    return ", ".join(
        f"{'max ' if step.is_maximum else ''}{show(step.value, 12)} {step.unit}"
        f"{'' if step.minutes is None else f' x {step.minutes} min'}"
        for step in rate
    )
