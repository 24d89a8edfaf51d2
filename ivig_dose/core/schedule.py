"""Days and dates: when each dose of each cycle is given."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from ivig_dose.catalogue.models import Regimen
from ivig_dose.core.interval import TimeSpan


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months on, or that month's last day: 31 January + 1 month is 28 February."""
    month_index = day.month - 1 + months
    year, month = day.year + month_index // 12, month_index % 12 + 1
    return day.replace(year=year, month=month, day=min(day.day, monthrange(year, month)[1]))


def add_interval(day: date, interval: TimeSpan, times: int = 1) -> date:
    """The day that is so many intervals after `day`, counted from `day` itself so that no day is lost."""
    if interval.unit == "months":
        return add_months(day, interval.number * times)
    return day + timedelta(days=interval.days[0] * times)


class DoseDay(NamedTuple):
    """When a dose is given: its cycle and its number in it, the day counted from the cycle's first, all from 1."""

    cycle: int
    dose: int
    day: int
    date: date | None


def list_doses(
    regimen: Regimen, days: int, cycles: int, start: date | None, interval: TimeSpan | None
) -> Iterator[DoseDay]:
    """Each dose of each cycle. Dates are None without a start or an interval.

    A start with a clock time gives each day that time. After an event such as a plasma exchange the dates of later
    cycles are not known.
    """
    for cycle in range(1, cycles + 1):
        first = start
        if start is not None and cycle > 1:
            first = None if interval is None else add_interval(start, interval, cycle - 1)
        for dose, day in enumerate(number_days(regimen, days), start=1):
            yield DoseDay(cycle, dose, day, first + timedelta(days=day - 1) if first else None)


def number_days(regimen: Regimen, days: int) -> range:
    """The days on which so many doses are given, from the first: 1 to 5, or 1, 3 and 5 on alternate days."""
    return range(1, 1 + days * regimen.day_spacing, regimen.day_spacing)


def clock_of(day: date | None) -> datetime | None:
    """The date with its clock time where one is known, else None."""
    return day if isinstance(day, datetime) else None


def date_of(day: date | None) -> date | None:
    """The calendar date of a day that may carry a clock time."""
    return day.date() if isinstance(day, datetime) else day
