"""When the doses of a treatment fall, for rules that look at more than one course: the most grams in a span of days."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from ivig_dose.core.request import EarlierDose
from ivig_dose.quantity import ZERO, Ratio


class Timing(NamedTuple):
    """The days of a treatment, counted from the first planned one, which is day 0.

    `days` are those of one course, `every_days` the fewest days from course to course, where they are repeated.
    `before` are earlier doses as (day, grams); where the day of one is not known, it is the day before.
    """

    days: tuple[int, ...]
    cycles: int
    every_days: int
    before: tuple[tuple[int, Decimal], ...]

    @property
    def last_course_day(self) -> int:
        """The first day of the last course."""
        return (self.cycles - 1) * self.every_days

    def list_days(self, days_g: Sequence[Decimal]) -> list[tuple[int, Decimal]]:
        """Every planned dose as (day, grams)."""
        return [
            (cycle * self.every_days + day, grams)
            for cycle in range(self.cycles)
            for day, grams in zip(self.days, days_g, strict=True)
        ]


def place_before(doses: Sequence[EarlierDose], start: date | None) -> tuple[tuple[int, Decimal], ...]:
    """Earlier doses as (day, grams), the earliest first."""
    placed = []
    for dose in doses:
        if dose.days_before is not None:
            day = -dose.days_before
        elif dose.on is not None and start is not None:
            day = (dose.on - start).days
        else:
            day = -1
        placed.append((day, dose.g))
    return tuple(sorted(placed))


def most_in_span(timing: Timing, days_g: Sequence[Ratio], span_days: int) -> Ratio:
    """The most grams that fall on so many days in a row, earlier doses included."""
    denominator = Decimal(1)
    for each in {day_g.denominator for day_g in days_g}:
        denominator *= each
    grams = [day_g.numerator * (denominator / day_g.denominator) for day_g in days_g]
    # Courses follow each other evenly, so that no later span holds more than those that begin in the first of them.
    cycles = min(timing.cycles, 2 + span_days // max(timing.every_days, 1))
    planned = timing._replace(cycles=cycles).list_days(grams)
    doses = [(day, g * denominator) for day, g in timing.before] + planned
    most = max(
        sum((g for day, g in doses if first <= day < first + span_days), ZERO) for first in {day for day, _ in doses}
    )
    return Ratio(most, denominator)
