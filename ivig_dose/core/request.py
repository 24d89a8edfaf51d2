"""What is asked for one patient, after its numbers have been read and before anything is looked up."""

from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from ivig_dose.catalogue.models import BloodGroup, Sex
from ivig_dose.core.interval import TimeSpan
from ivig_dose.quantity import Direction

MAX_CYCLES: Final = Decimal(1000)
"""More than any schedule that a person reads: monthly courses for 83 years."""
MAX_TOLERANCE_PERCENT: Final = Decimal(100)
MAX_ROUNDING_STEP_G: Final = Decimal(100)
"""More than any vial holds, and than the dose of a day that a coarser step could still come near."""
PUMP_STEP_ML_PER_H: Final = (Decimal("0.001"), Decimal(100))
EARLIEST_YEAR: Final = Decimal(1980)
"""Intravenous immunoglobulin was first licensed in 1981; an earlier start is a slip."""
LATEST_YEAR: Final = Decimal(2100)
_NOBODY_KG: Final = Decimal("NaN")
"""The weight of an order without its patient: whatever compares or multiplies it fails loudly."""


class MaxRate(NamedTuple):
    """A rate that no step may pass: in mL/h whatever the weight, or in mL/kg/h; one of the two is None."""

    ml_per_h: Decimal | None = None
    ml_per_kg_per_h: Decimal | None = None


class EarlierDose(NamedTuple):
    """A dose that was given before what is planned: its grams, and the date and the product where they are known.

    `days_before` is how many days before the first planned day it was, where that is known without dates.
    """

    g: Decimal
    on: date | None = None
    product: str | None = None
    days_before: int | None = None


class NextPhase(NamedTuple):
    """What follows a course: a regimen of the same indication with its own figures; None is its default.

    `after` is the time from the first day of the course to the first day of the next phase.
    """

    regimen: str
    g_per_kg: Decimal | None = None
    days: int | None = None
    interval: TimeSpan | None = None
    cycles: int = 1
    until: date | None = None
    after: TimeSpan | None = None


class Request(NamedTuple):
    """One request for a dose. `None` means that the request does not say; nothing is assumed from it.

    `indication`, `regimen`, `weight_policy`, `product` and `rounding_policy` are ids or aliases as typed. `rounding` is
    `vial`, `none` or a step in grams. `stock` is what is on the shelf, as (grams of a vial, how many). `risks` holds
    risk ids as typed; `no-ID` says that a risk is known to be absent and `none` that all unnamed ones are. `start` is
    the first day, with a clock time where one is known. `order_tolerance_percent` is by how much an order that is
    checked may be below and above; the plan does not change with it.
    `until` is the last day on which a course may begin, in place of `cycles`. `given` are doses of this very course
    that the patient has had: the rest of it is planned. `earlier` are doses before the course, which rules look at.
    `then` is the phase that follows. `igg_g_per_l` is the measured trough of IgG, and `igg_target_g_per_l` the one that
    is aimed for: they are judged and change no dose.
    """

    indication: str
    weight_kg: Decimal
    height_cm: Decimal | None = None
    sex: Sex | None = None
    age_years: Decimal | None = None
    regimen: str | None = None
    g_per_kg: Decimal | None = None
    days: int | None = None
    weight_policy: str | None = None
    product: str | None = None
    rounding: Literal["vial", "none"] | Decimal | None = None
    round_direction: Direction | None = None
    tolerance_percent: Decimal | None = None
    stock: tuple[tuple[Decimal, int], ...] | None = None
    risks: tuple[str, ...] = ()
    blood_group: BloodGroup | None = None
    start: date | datetime | None = None
    cycles: int = 1
    pump_step_ml_per_h: Decimal | None = None
    max_rate: MaxRate | None = None
    order_tolerance_percent: tuple[Decimal, Decimal] | None = None
    rounding_policy: str | None = None
    interval: TimeSpan | None = None
    until: date | None = None
    given: tuple[EarlierDose, ...] = ()
    earlier: tuple[EarlierDose, ...] = ()
    then: NextPhase | None = None
    igg_g_per_l: Decimal | None = None
    igg_target_g_per_l: Decimal | None = None


def order_of(request: Request) -> Request:
    """The request without its patient: what is the same for all who are ordered the same.

    Only facts that are known to be the patient's or the day's are taken out. A field that is added stays in, so
    that two requests which differ in it are never taken for one order.
    """
    return request._replace(
        weight_kg=_NOBODY_KG,
        height_cm=None,
        sex=None,
        age_years=None,
        blood_group=None,
        start=None,
        given=(),
        earlier=(),
        then=None,
        igg_g_per_l=None,
        igg_target_g_per_l=None,
    )
