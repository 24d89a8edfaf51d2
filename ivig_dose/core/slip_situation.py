"""What a search for slips knows: the order, what is expected, and the courses that other requests would give."""

from decimal import Decimal
from typing import Final, NamedTuple

from ivig_dose.core.calculation import Calculation
from ivig_dose.core.order_dose import difference_percent
from ivig_dose.core.order_written import WrittenOrder
from ivig_dose.core.plan import Planner
from ivig_dose.core.request import Request
from ivig_dose.core.results import OrderedDose
from ivig_dose.problems import Refusal
from ivig_dose.quantity import DOSE_STEP_G, Ratio

EXACT_PERCENT: Final = Decimal(1)
"""A slip that comes as near as this to the order is exact."""


class Situation(NamedTuple):
    """A mismatch: what was asked, what is ordered, what is expected, and how near a slip has to come, in percent."""

    request: Request
    ordered: WrittenOrder
    planner: Planner
    expected: Calculation
    dose: OrderedDose
    near_percent: Decimal

    @property
    def course_g(self) -> Decimal:
        """The expected course as given."""
        return self.expected.given.rounding.course_g

    @property
    def days(self) -> int:
        """The expected days."""
        return self.expected.choices.regimen.days

    @property
    def is_daily(self) -> bool:
        """Whether the order is for each day or dose."""
        return self.ordered.main.per in ("day", "dose")

    @property
    def writes_volume(self) -> bool:
        """Whether the order has a volume."""
        return any(amount.unit == "mL" for amount in self.ordered.amounts)

    def calculate(self, request: Request) -> Calculation | None:
        """Another calculation, or None where there is no such dose."""
        answer = self.planner.calculate(request)
        return None if isinstance(answer, Refusal) else answer

    def ask_defaults(self) -> Request:
        """The request without the figures of its own regimen."""
        return self.request._replace(g_per_kg=None, days=None, cycles=1, stock=None, rounding=None)

    def off_percent(self, course_g: Decimal) -> Ratio:
        """By how many percent the order is off a course, without a sign."""
        percent = difference_percent(self.dose.course_g, Ratio(course_g))
        return Ratio(abs(percent.numerator), percent.denominator)

    def course_as_ordered(self, other: Calculation) -> Decimal:
        """The course of another calculation, over the ordered days where both are for each day."""
        regimen, course_g = other.choices.regimen, other.given.rounding.course_g
        if regimen.regimen.basis != "per_day" or not self.is_daily:
            return course_g
        return in_milligrams(Ratio(course_g * self.dose.days, Decimal(regimen.days)))


def in_milligrams(amount_g: Ratio) -> Decimal:
    """Grams to 1 mg, and never none."""
    return max(amount_g.to_step(DOSE_STEP_G), DOSE_STEP_G)


def count_days(days: int) -> str:
    """`1 day`, `5 days`."""
    return "1 day" if days == 1 else f"{days} days"
