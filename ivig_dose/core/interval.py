"""Spans of time in whole days, weeks or months: how far apart courses and doses are."""

from typing import Final, Literal, NamedTuple

from ivig_dose.catalogue.models import Interval

SpanUnit = Literal["days", "weeks", "months"]

DAYS_PER_WEEK: Final = 7
LONGEST_SPACING_DAYS: Final = 6
"""An interval of fewer days than a week lies between the doses of a course; a longer one between courses."""
_DAYS_IN: Final[dict[SpanUnit, tuple[int, int]]] = {
    "days": (1, 1),
    "weeks": (DAYS_PER_WEEK, DAYS_PER_WEEK),
    "months": (28, 31),
}


class TimeSpan(NamedTuple):
    """The time from one course to the next, or from one dose to the next where it is less than a week."""

    number: int
    unit: SpanUnit

    @property
    def is_spacing(self) -> bool:
        """Whether it lies between the doses of one course."""
        return self.unit == "days" and self.number <= LONGEST_SPACING_DAYS

    @property
    def days(self) -> tuple[int, int]:
        """The fewest and the most days that it is; a month is 4 weeks, 28 days, or up to 31."""
        low, high = _DAYS_IN[self.unit]
        return self.number * low, self.number * high

    def equals(self, other: "TimeSpan") -> bool:
        """Whether both are the same time: 28 days are 4 weeks; a month is only a month."""
        if "months" in (self.unit, other.unit):
            return self == other
        return self.days == other.days


def usual_interval(interval: Interval) -> TimeSpan:
    """The interval that is taken where nobody says another."""
    return TimeSpan(interval.default, interval.unit)


def is_same_interval(one: TimeSpan, other: TimeSpan) -> bool:
    """Whether two intervals are the same; a month is taken as 4 weeks, 28 days, or up to 31."""
    (low, high), (other_low, other_high) = one.days, other.days
    return low <= other_high and other_low <= high


def lies_in(span: TimeSpan, interval: Interval) -> bool:
    """Whether an interval lies in a range, its ends included; a month is taken as 4 weeks, or up to 31 days."""
    shortest, longest = TimeSpan(interval.low, interval.unit).days[0], TimeSpan(interval.high, interval.unit).days[1]
    low, high = span.days
    return low <= longest and shortest <= high


def write_interval(span: TimeSpan, always_count: bool = False) -> str:
    """`4 weeks`, `month`, `2 days`."""
    unit = span.unit[:-1] if span.number == 1 else span.unit
    return unit if span.number == 1 and not always_count else f"{span.number} {unit}"


def write_length(interval: Interval) -> str:
    """`3 weeks`, `3 to 4 weeks`, `1 month`."""
    high = write_interval(TimeSpan(interval.high, interval.unit), always_count=True)
    return high if interval.low == interval.high else f"{interval.low} to {high}"


def write_range(interval: Interval) -> str:
    """`every 4 weeks`, `every 3 to 4 weeks`."""
    high = write_interval(TimeSpan(interval.high, interval.unit))
    return f"every {high}" if interval.low == interval.high else f"every {interval.low} to {high}"
