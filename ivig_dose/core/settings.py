"""The settings of a request: the bounds outside which no schedule can be made from them."""

from decimal import Decimal

from ivig_dose.core.request import (
    EARLIEST_YEAR,
    LATEST_YEAR,
    MAX_CYCLES,
    MAX_TOLERANCE_PERCENT,
    PUMP_STEP_ML_PER_H,
    Request,
)
from ivig_dose.problems import Refusal
from ivig_dose.quantity import ONE, ZERO, show


def refuse_settings(request: Request) -> Refusal | None:
    """The refusal of the first setting that lies outside its bounds, or None. A setting not given has none."""
    year = None if request.start is None else Decimal(request.start.year)
    for rule, what, unit, value, (low, high) in (
        ("cycles", "the number of cycles,", "", Decimal(request.cycles), (ONE, MAX_CYCLES)),
        ("tolerance", "the tolerance,", " %", request.tolerance_percent, (ZERO, MAX_TOLERANCE_PERCENT)),
        ("pump-step", "the step of the pump,", " mL/h", request.pump_step_ml_per_h, PUMP_STEP_ML_PER_H),
        ("start", "the year of the start,", "", year, (EARLIEST_YEAR, LATEST_YEAR)),
    ):
        if value is not None and not (value.is_finite() and low <= value <= high):
            return Refusal(
                f"{rule}-out-of-bounds",
                f"{what} {show(value, 12)}{unit}, is outside {show(low)} to {show(high)}{unit}",
                f"give --{rule} inside these bounds",
                kind="usage",
            )
    return None
