"""Vials from the shelf: the whole course from what is there, or what is missing."""

from collections.abc import Iterator
from decimal import Decimal

from ivig_dose.core.results import VialCount
from ivig_dose.core.vials import Ceilings, VialGrid, in_units, rank_split
from ivig_dose.problems import Refusal
from ivig_dose.quantity import ZERO, Direction, Ratio, show, show_ratio

Shelf = tuple[tuple[Decimal, int], ...]
MAX_STEPS = 100_000
"""Ways tried for one course before the search ends, within a second; real shelves need a few hundred."""
MAX_STEPS_OF_SPLIT = 2_000
"""Ways tried for one split before the next best split is looked at."""


def split_from_stock(
    days_g: tuple[Ratio, ...], stock: Shelf, direction: Direction, tolerance_percent: Decimal, ceilings: Ceilings
) -> tuple[tuple[Decimal, ...], tuple[tuple[VialCount, ...], ...]] | Refusal:
    """The dose and the vials of each day from the stock alone, as near to the course as the shelf allows.

    The days differ by at most one step of what the sizes on the shelf can make, and the course stays within the
    tolerance; otherwise the refusal says what is missing.
    """
    held: dict[Decimal, int] = {}
    for size, count in stock:
        held[size] = held.get(size, 0) + count
    shelf = tuple(sorted(((size, count) for size, count in held.items() if count > 0), reverse=True))
    in_stock = sum((size * count for size, count in shelf), ZERO)
    course_g = Ratio(sum((share.numerator for share in days_g), ZERO), days_g[0].denominator)
    lowest = course_g.times(100 - tolerance_percent).per(Decimal(100))
    if not shelf or lowest.is_above(in_stock):
        missing = Ratio(course_g.numerator - in_stock * course_g.denominator, course_g.denominator)
        return Refusal(
            "stock-too-small",
            f"the course needs {show_ratio(course_g)} g and the stock holds {show(in_stock)} g",
            f"{show_ratio(missing)} g is missing: add vials to --stock or choose another product",
        )
    highest = course_g.times(100 + tolerance_percent).per(Decimal(100))
    grid = VialGrid(tuple(size for size, _ in shelf))
    splits = [split for split in _list_splits(days_g, grid, lowest, highest) if ceilings.allow(split)]
    steps_left = [MAX_STEPS]
    for split in sorted(splits, key=lambda split: rank_split(split, days_g, direction)):
        vials = _take_from_shelf(split, shelf, steps_left)
        if vials is not None:
            return split, vials
    listed = ", ".join(f"{count} x {show(size)} g" for size, count in shelf)
    return Refusal(
        "stock-does-not-divide",
        f"no way was found to divide {listed} over {len(days_g)} {'day' if len(days_g) == 1 else 'days'} within "
        f"{show(tolerance_percent)} % of {show_ratio(course_g)} g",
        "add smaller vials to --stock, change --days, or allow more with --tolerance",
    )


def _list_splits(
    days_g: tuple[Ratio, ...], grid: VialGrid, lowest: Ratio, highest: Ratio
) -> Iterator[tuple[Decimal, ...]]:
    """Every split over neighbouring grid doses, larger days first, whose course lies within the two limits."""
    count = len(days_g)
    if len(set(days_g)) > 1:
        from itertools import product

        around = [[dose for dose in (grid.floor(share), grid.above(grid.floor(share))) if dose] for share in days_g]
        yield from (split for split in product(*around) if _within(split, lowest, highest))
        return
    low = grid.floor(lowest.per(Decimal(count))) or grid.above(ZERO)
    while not highest.is_below(low * count):
        high = grid.above(low)
        for larger_days in range(count):
            split = (high,) * larger_days + (low,) * (count - larger_days)
            if _within(split, lowest, highest):
                yield split
        low = high


def _within(split: tuple[Decimal, ...], lowest: Ratio, highest: Ratio) -> bool:
    total = sum(split, ZERO)
    return not lowest.is_above(total) and not highest.is_below(total)


def _take_from_shelf(
    split: tuple[Decimal, ...], shelf: Shelf, steps_left: list[int]
) -> tuple[tuple[VialCount, ...], ...] | None:
    """The vials of each day with the fewest vials in all, or None where the shelf does not make this split.

    `steps_left` holds how much may still be tried; what is found before that ends is the answer.
    """
    units, unit_g = in_units(tuple(size for size, _ in shelf))
    doses = [int(dose / unit_g) for dose in split]
    to_come = [sum(doses[day:]) for day in range(len(doses) + 1)]
    full = tuple(count for _, count in shelf)
    stop_at = max(0, steps_left[0] - MAX_STEPS_OF_SPLIT)
    if any(next(_list_ways(units, full, amount), None) is None for amount in {*doses, to_come[0]}):
        return None
    fewest = _count_at_least(units, full, to_come[0])
    best: list[tuple[tuple[int, ...], ...]] = []
    best_count = [sum(full) + 1]
    fewest_before: dict[tuple[int, tuple[int, ...]], int] = {}

    def search(day: int, left: tuple[int, ...], taken: tuple[tuple[int, ...], ...], used: int) -> None:
        if day == len(doses):
            best[:] = [taken]
            best_count[0] = used
            return
        if fewest_before.get((day, left), best_count[0]) <= used:
            return
        fewest_before[day, left] = used
        for counts in _list_ways(units, left, doses[day]):
            if steps_left[0] <= stop_at or best_count[0] == fewest:
                return
            steps_left[0] -= 1
            after = tuple(there - here for there, here in zip(left, counts, strict=True))
            used_after = used + sum(counts)
            if used_after + _count_at_least(units, after, to_come[day + 1]) < best_count[0]:
                search(day + 1, after, (*taken, counts), used_after)

    search(0, full, (), 0)
    if not best:
        return None
    return tuple(
        tuple(VialCount(size, count) for (size, _), count in zip(shelf, counts, strict=True) if count)
        for counts in best[0]
    )


def _list_ways(units: tuple[int, ...], left: tuple[int, ...], dose: int) -> Iterator[tuple[int, ...]]:
    """Every way to make `dose` from what is left of each size, the largest vials first. All are in whole units."""
    dead: set[tuple[int, int]] = set()

    def fill(index: int, rest: int) -> Iterator[tuple[int, ...]]:
        if index == len(units):
            if not rest:
                yield ()
            return
        if (index, rest) in dead:
            return
        found = False
        for count in range(min(left[index], rest // units[index]), -1, -1):
            for others in fill(index + 1, rest - count * units[index]):
                found = True
                yield (count, *others)
        if not found:
            dead.add((index, rest))

    return fill(0, dose)


def _count_at_least(units: tuple[int, ...], left: tuple[int, ...], amount: int) -> int:
    """A number of vials below which `amount` units cannot be made: the largest vials left, and a part of one."""
    vials = 0
    for size, count in zip(units, left, strict=True):
        take = min(count, amount // size)
        vials, amount = vials + take, amount - take * size
        if take < count:
            break
    return vials + (amount > 0)
