"""Dates of a schedule and the wait before live vaccines (issue 2 point 4, issue 5 point 3)."""

import calendar
from datetime import date, timedelta
from fractions import Fraction
from typing import Any


def after_months(day: date, months: int) -> date:
    """The same day of the month `months` later, or the last day of a month that is too short for it."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def cycle_start(start: date, interval: dict[str, Any] | None, cycle: int) -> date:
    """The first day of cycle `cycle` (from 1), counted from the first day of the first one."""
    if interval is None or cycle == 1:
        return start
    count = int(interval["default"]) * (cycle - 1)
    if interval["unit"] == "months":
        return after_months(start, count)
    return start + timedelta(days=count * {"days": 1, "weeks": 7}[interval["unit"]])


def infusion_dates(start: date, regimen: dict[str, Any], days: int, cycles: int) -> list[date]:
    """The date of each infusion, cycle by cycle; `day_spacing` days apart within a cycle."""
    spacing = int(regimen.get("day_spacing", 1))
    return [
        cycle_start(start, regimen.get("interval"), cycle) + timedelta(days=day * spacing)
        for cycle in range(1, cycles + 1)
        for day in range(days)
    ]


def defer_months(table: dict[str, Any], indication: str, course_g_per_kg: Fraction) -> int:
    """Months to wait: rows that name the indication first, then rows for all, then the figure above the last row.

    Within either, the first row in order whose bound is not below the g/kg of the course as chosen.
    """
    rows = table["rows"]
    named = [row for row in rows if indication in row.get("indications", ())]
    unnamed = [row for row in rows if not row.get("indications")]
    for row in [*named, *unnamed]:
        if course_g_per_kg <= row["course_g_per_kg_at_most"]:
            return int(row["months"])
    return int(table["above_last_row_months"])
