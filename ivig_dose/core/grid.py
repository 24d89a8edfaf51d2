"""Plans for one request at many weights: the grid that a ward prints."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from ivig_dose.catalogue.models import Catalogue
from ivig_dose.core.plan import Planner
from ivig_dose.core.request import Request
from ivig_dose.core.results import Plan
from ivig_dose.problems import Refusal
from ivig_dose.quantity import ZERO, QuantityError, parse_weight_kg, quote

MAX_WEIGHTS: Final = 1000
"""More than any sheet that is printed: 0.3 to 350 kg in steps of 0.35 kg."""
_FROM_TO_STEP: Final = 3


def read_weights_kg(text: str) -> tuple[Decimal, ...]:
    """The weights in kg that `40:100:5` spells, both ends included, or a list such as `3.2,3.4,4`; rising.

    Raises:
        QuantityError: where it spells none, or more than 1000.
    """
    hint = "write from:to:step in kg, such as 40:100:5, or a list such as 50,60,75"
    if ":" not in text:
        listed = {parse_weight_kg(part) for part in text.split(",")}
        return _refuse_too_many(tuple(sorted(listed)), text)
    parts = text.split(":")
    if len(parts) != _FROM_TO_STEP:
        raise QuantityError(f"weights {quote(text)} are not read", hint)
    low, high, step = (parse_weight_kg(part) for part in parts)
    if step == ZERO or high < low:
        raise QuantityError(f"weights {quote(text)} hold no weight", hint)
    if (high - low) / step >= MAX_WEIGHTS:
        raise _too_many(text)
    count = int((high - low) / step) + 1
    return tuple(low + step * number for number in range(count))


def _refuse_too_many(weights_kg: tuple[Decimal, ...], text: str) -> tuple[Decimal, ...]:
    if len(weights_kg) > MAX_WEIGHTS:
        raise _too_many(text)
    return weights_kg


def _too_many(text: str) -> QuantityError:
    return QuantityError(f"weights {quote(text)} are more than {MAX_WEIGHTS}", "take a larger step")


def plan_weights(
    request: Request, weights_kg: Sequence[Decimal], catalogue: Catalogue, today: date | None
) -> list[tuple[Decimal, Plan | Refusal]]:
    """The plan or the refusal of each weight in kg, for a request whose own weight plays no part."""
    planner = Planner(catalogue, today)
    return [(kg, planner.plan(request._replace(weight_kg=kg))) for kg in weights_kg]
