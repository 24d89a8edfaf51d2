"""Days and dates: when each dose of each cycle is given."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from ivig_dose.catalogue.models import Interval, Regimen


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months on, or that month's last day: 31 January + 1 month is 28 February."""
    month_index = day.month - 1 + months
    year, month = day.year + month_index // 12, month_index % 12 + 1
    return day.replace(year=year, month=month, day=min(day.day, monthrange(year, month)[1]))


def add_interval(day: date, interval: Interval, times: int) -> date:
    """The day that is `times` default intervals after `day`, counted from `day` itself so that no day is lost."""
    if interval.unit == "months":
        return add_months(day, interval.default * times)
    return day + timedelta(days=interval.default * times * (7 if interval.unit == "weeks" else 1))


def list_days(regimen: Regimen, days: int, cycles: int, start: date | None) -> Iterator[tuple[int, int, date | None]]:
    """Each dose as (cycle, day, date), both counted from 1. Dates are None without a start or an interval.

    A start with a clock time gives each day that time. After an event such as a plasma exchange the dates of later
    cycles are not known.
    """
    for cycle in range(1, cycles + 1):
        first = start
        if start is not None and cycle > 1:
            first = add_interval(start, regimen.interval, cycle - 1) if regimen.interval else None
        for day in range(1, days + 1):
            yield cycle, day, first + timedelta(days=(day - 1) * regimen.day_spacing) if first else None


def clock_of(day: date | None) -> datetime | None:
    """The date with its clock time where one is known, else None."""
    return day if isinstance(day, datetime) else None


def date_of(day: date | None) -> date | None:
    """The calendar date of a day that may carry a clock time."""
    return day.date() if isinstance(day, datetime) else day
