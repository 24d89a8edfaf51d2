"""Doses that can be given: whole vials, a step in grams or the 1 mg grid, and how a course is split over its days.

The split lands as near to the exact course as any split can whose days differ by at most one step of the grid, with
the larger days first. Ties go up. A day is never 0. The vials of a day are the fewest that make up its dose, and of
those the largest.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import product
from math import gcd
from typing import NamedTuple, Protocol

from ivig_dose.core.results import VialCount
from ivig_dose.quantity import MG_PER_G, ZERO, Direction, Ratio, steps_in


class Grid(Protocol):
    """The doses that can be given on one day."""

    def floor(self, amount_g: Ratio) -> Decimal:
        """The largest dose in grams that is not above `amount_g`; 0 where there is none."""

    def above(self, dose_g: Decimal) -> Decimal:
        """The smallest dose in grams above `dose_g`."""


class StepGrid(NamedTuple):
    """Every multiple of a step in grams."""

    step_g: Decimal

    def floor(self, amount_g: Ratio) -> Decimal:
        """The largest multiple of the step that is not above `amount_g`."""
        return amount_g.to_step(self.step_g, "down")

    def above(self, dose_g: Decimal) -> Decimal:
        """The next multiple of the step."""
        return dose_g + self.step_g


class VialGrid(NamedTuple):
    """Every sum of whole vials of the sizes in `sizes_g` that is also a multiple of `step_g`, where one is given."""

    sizes_g: tuple[Decimal, ...]
    step_g: Decimal | None = None

    def floor(self, amount_g: Ratio) -> Decimal:
        """The largest sum of vials that is not above `amount_g`; 0 where even the smallest vial is."""
        units, unit_g = in_units(self.sizes_g)
        count = steps_in(amount_g, unit_g, "down")
        fewest = _fewest_vials(units, count)
        while count > 0 and not self._allows(fewest[count], count * unit_g):
            count -= 1
        return count * unit_g

    def above(self, dose_g: Decimal) -> Decimal:
        """The next sum of vials above `dose_g`."""
        units, unit_g = in_units(self.sizes_g)
        count = int(dose_g / unit_g) + 1
        while not self._allows(_fewest_vials(units, count)[count], count * unit_g):
            count += 1
        return count * unit_g

    def _allows(self, vials: int, dose_g: Decimal) -> bool:
        return vials > 0 and (self.step_g is None or dose_g % self.step_g == 0)


@lru_cache(maxsize=256)
def in_units(sizes_g: tuple[Decimal, ...]) -> tuple[tuple[int, ...], Decimal]:
    """The vial sizes as whole multiples of their greatest common unit (largest first), and that unit in grams."""
    mg = [int(size * MG_PER_G) for size in sizes_g]
    unit_mg = gcd(*mg)
    return tuple(sorted((size // unit_mg for size in mg), reverse=True)), Decimal(unit_mg) / MG_PER_G


_TABLES: dict[tuple[int, ...], list[int]] = {}
"""What `_fewest_vials` has worked out, by sizes: one short list for each product."""


def _fewest_vials(units: tuple[int, ...], up_to: int) -> list[int]:
    """For each total 0 to `up_to` units, the fewest vials that make it exactly; 0 where none do (and for 0 itself)."""
    known = _TABLES.get(units, [0])
    if len(known) > up_to:
        return known
    # a copy twice as long takes the old list's place in one step, so that two threads never add to the same list
    fewest = known.copy()
    for total in range(len(fewest), max(up_to + 1, 2 * len(fewest))):
        counts = [fewest[total - size] for size in units if size < total and fewest[total - size]]
        fewest.append(1 if total in units else min(counts) + 1 if counts else 0)
    _TABLES[units] = fewest
    return fewest


@lru_cache(maxsize=4096)
def pick_vials(sizes_g: tuple[Decimal, ...], dose_g: Decimal) -> tuple[VialCount, ...] | None:
    """The fewest vials whose grams sum to `dose_g` exactly, the largest of those first; None where no vials do."""
    units, unit_g = in_units(sizes_g)
    left, rest = divmod(dose_g, unit_g)
    total = int(left)
    fewest = _fewest_vials(units, total)
    if rest or not fewest[total]:
        return None
    counts = dict.fromkeys(units, 0)
    while total:
        size = next(
            size for size in units if size == total or (size < total and fewest[total - size] == fewest[total] - 1)
        )
        counts[size] += 1
        total -= size
    return tuple(VialCount(size * unit_g, count) for size, count in counts.items() if count)


def open_vials(sizes_g: tuple[Decimal, ...], dose_g: Decimal) -> tuple[VialCount, ...]:
    """The vials to open for a dose in grams: those that leave the least to discard, and of those the fewest."""
    grid = VialGrid(sizes_g)
    enough_g = grid.floor(Ratio(dose_g))
    return pick_vials(sizes_g, enough_g if enough_g == dose_g else grid.above(enough_g)) or ()


class Span(NamedTuple):
    """Grams from the lowest to the highest that are allowed, both included."""

    lowest_g: Ratio
    highest_g: Ratio

    def admits(self, amount_g: Decimal) -> bool:
        """Whether an amount in grams is allowed."""
        return not self.lowest_g.is_above(amount_g) and not self.highest_g.is_below(amount_g)


class Allowed(NamedTuple):
    """What each day and the whole course may come to after rounding."""

    days: tuple[Span, ...]
    course: Span

    def admits(self, days_g: Sequence[Decimal]) -> bool:
        """Whether every day and the course stay inside what is allowed."""
        return self.course.admits(sum(days_g, ZERO)) and all(
            span.admits(day_g) for span, day_g in zip(self.days, days_g, strict=True)
        )


def split_course(
    days_g: tuple[Ratio, ...], grid: Grid, direction: Direction, allowed: Allowed | None
) -> tuple[Decimal, ...] | None:
    """The dose of each day on the grid, larger days first, or None where no such split is allowed.

    `days_g` are the exact shares, all over one denominator. Equal shares are split over two neighbouring doses of the
    grid; unequal ones each go to the grid dose below or above them, and of equally good courses the one nearest day by
    day is taken. Without `allowed` the nearest split is the answer, whatever it comes to.
    """
    if len(set(days_g)) > 1:
        return _split_unequal(days_g, grid, direction, allowed)
    count, share = len(days_g), days_g[0]
    low = grid.floor(share)
    high = grid.above(low)
    if not low:
        splits = [(high,) * count]
    else:
        splits = [(high,) * larger_days + (low,) * (count - larger_days) for larger_days in range(count + 1)]
        above_low = share._replace(numerator=share.numerator - low * share.denominator).times(Decimal(count))
        best = splits[steps_in(above_low, high - low, direction)]
        if allowed is None or allowed.admits(best):
            return best
    return _pick_split(splits, days_g, direction, allowed)


def _split_unequal(
    days_g: tuple[Ratio, ...], grid: Grid, direction: Direction, allowed: Allowed | None
) -> tuple[Decimal, ...] | None:
    choices = []
    for share in days_g:
        low = grid.floor(share)
        exact = low * share.denominator == share.numerator
        choices.append((low,) if exact and low else tuple(dose for dose in (low, grid.above(low)) if dose))
    return _pick_split(product(*choices), days_g, direction, allowed)


def _pick_split(
    splits: Iterable[tuple[Decimal, ...]], days_g: tuple[Ratio, ...], direction: Direction, allowed: Allowed | None
) -> tuple[Decimal, ...] | None:
    admitted = [split for split in splits if allowed is None or allowed.admits(split)]
    return min(admitted, key=lambda split: rank_split(split, days_g, direction), default=None)


def rank_split(split: tuple[Decimal, ...], days_g: tuple[Ratio, ...], direction: Direction) -> tuple[object, ...]:
    """A key that sorts splits of the exact shares `days_g`, all over one denominator, best first.

    First those on the side that `direction` asks for, then by how near the course is (ties up), then by how near the
    days are, then the larger days first.
    """
    denominator = days_g[0].denominator
    off = [dose * denominator - share.numerator for dose, share in zip(split, days_g, strict=True)]
    course_off = sum(off, ZERO)
    wrong_side = (direction == "down" and course_off > 0) or (direction == "up" and course_off < 0)
    by_day = sum((abs(day_off) for day_off in off), ZERO)
    return wrong_side, abs(course_off), -course_off, by_day, tuple(-dose for dose in split)
