"""Vials from the shelf: the whole course from what is there, in whole vials or from part vials, or what is missing."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from heapq import heappop, heappush
from itertools import product

from ivig_dose.core.results import VialCount
from ivig_dose.core.vials import Allowed, Span, VialGrid, in_units, rank_split
from ivig_dose.problems import Refusal
from ivig_dose.quantity import ZERO, Direction, Ratio, show, show_ratio

Shelf = tuple[tuple[Decimal, int], ...]
DayVials = tuple[VialCount, ...]
MAX_STEPS = 100_000
"""Ways tried for one course before the search ends, within a second; real shelves need a few hundred."""
MAX_STEPS_OF_SPLIT = 2_000
"""Ways tried for one split before the next best split is looked at."""
MAX_OPENED = 2_000
"""Ways to open vials for a course that are looked at, those that discard the least first."""


def split_from_stock(
    days_g: tuple[Ratio, ...], stock: Shelf, direction: Direction, allowed: Allowed
) -> tuple[tuple[Decimal, ...], tuple[DayVials, ...]] | None:
    """The dose and the whole vials of each day from the stock alone, as near to the course as the shelf allows.

    The days differ by at most one step of what the sizes on the shelf can make. None where no way is found that stays
    inside what is allowed.
    """
    shelf = _sum_up(stock)
    if not shelf or allowed.course.lowest_g.is_above(_held_g(shelf)):
        return None
    grid = VialGrid(tuple(size for size, _ in shelf))
    splits = [split for split in _list_splits(days_g, grid, allowed.course) if allowed.admits(split)]
    steps_left = [MAX_STEPS]
    for split in sorted(splits, key=lambda split: rank_split(split, days_g, direction)):
        vials = _take_from_shelf(split, shelf, steps_left)
        if vials is not None:
            return split, vials
    return None


def open_from_stock(days_g: tuple[Decimal, ...], stock: Shelf) -> tuple[DayVials, ...] | None:
    """The vials to open on each day for its exact grams, with the least to discard; None where none are found."""
    shelf = _sum_up(stock)
    held_g = _held_g(shelf)
    if held_g < sum(days_g, ZERO):
        return None
    grid = VialGrid(tuple(size for size, _ in shelf))
    enough = {dose_g: _list_enough(grid, dose_g, held_g) for dose_g in set(days_g)}
    first = (0,) * len(days_g)
    heap: list[tuple[Decimal, tuple[int, ...]]] = []
    seen: set[tuple[int, ...]] = set()

    def add(at: tuple[int, ...]) -> None:
        if at not in seen and all(index < len(enough[dose_g]) for index, dose_g in zip(at, days_g, strict=True)):
            seen.add(at)
            opened_g = sum((enough[dose_g][index] for index, dose_g in zip(at, days_g, strict=True)), ZERO)
            if opened_g <= held_g:
                heappush(heap, (opened_g, at))

    add(first)
    steps_left = [MAX_STEPS]
    for _ in range(MAX_OPENED):
        if not heap:
            return None
        _, at = heappop(heap)
        vials = _take_from_shelf(
            tuple(enough[dose_g][index] for index, dose_g in zip(at, days_g, strict=True)), shelf, steps_left
        )
        if vials is not None:
            return vials
        for day in range(len(at)):
            add((*at[:day], at[day] + 1, *at[day + 1 :]))
    return None


def _list_enough(grid: VialGrid, dose_g: Decimal, held_g: Decimal) -> list[Decimal]:
    """The sums of vials that hold a dose, the smallest first, up to one largest vial more than is needed."""
    below_g = grid.floor(Ratio(dose_g))
    sums = [below_g] if below_g == dose_g else []
    next_g = grid.above(below_g)
    while next_g <= min(held_g, dose_g + max(grid.sizes_g)):
        sums.append(next_g)
        next_g = grid.above(next_g)
    return sums


def refuse_stock(days_g: tuple[Ratio, ...], stock: Shelf, course: Span | None) -> Refusal:
    """What is missing from a stock that does not make the course.

    `course` holds the grams that the course may come to in whole vials; None where its exact grams are to be drawn.
    """
    shelf = _sum_up(stock)
    held_g = _held_g(shelf)
    course_g = Ratio(sum((share.numerator for share in days_g), ZERO), days_g[0].denominator)
    needed = course_g if course is None else course.lowest_g
    if not shelf or needed.is_above(held_g):
        missing = Ratio(course_g.numerator - held_g * course_g.denominator, course_g.denominator)
        return Refusal(
            "stock-too-small",
            f"the course needs {show_ratio(course_g)} g and the stock holds {show(held_g)} g",
            f"{show_ratio(missing)} g is missing: add vials to --stock or choose another product",
        )
    listed = ", ".join(f"{count} x {show(size)} g" for size, count in shelf)
    over = f"over {len(days_g)} {'day' if len(days_g) == 1 else 'days'}"
    if course is None:
        return Refusal(
            "stock-does-not-divide",
            f"no way was found to draw {show_ratio(course_g)} g {over} from {listed}",
            "add smaller vials to --stock, or change --days",
        )
    return Refusal(
        "stock-does-not-divide",
        f"no way was found to divide {listed} {over} within the tolerances of {show_ratio(course_g)} g",
        f"leave --round out for exactly {show_ratio(course_g)} g from part vials, or add smaller vials to --stock",
    )


def _sum_up(stock: Shelf) -> Shelf:
    """The shelf with each size once, the largest first, and none of which nothing is left."""
    held: dict[Decimal, int] = {}
    for size, count in stock:
        held[size] = held.get(size, 0) + count
    return tuple(sorted(((size, count) for size, count in held.items() if count > 0), reverse=True))


def _held_g(shelf: Shelf) -> Decimal:
    return sum((size * count for size, count in shelf), ZERO)


def _list_splits(days_g: tuple[Ratio, ...], grid: VialGrid, course: Span) -> Iterator[tuple[Decimal, ...]]:
    """Every split over neighbouring grid doses, larger days first, whose course lies within its span."""
    count = len(days_g)
    if len(set(days_g)) > 1:
        around = [[dose for dose in (grid.floor(share), grid.above(grid.floor(share))) if dose] for share in days_g]
        yield from (split for split in product(*around) if course.admits(sum(split, ZERO)))
        return
    low = grid.floor(course.lowest_g.per(Decimal(count))) or grid.above(ZERO)
    while not course.highest_g.is_below(low * count):
        high = grid.above(low)
        for larger_days in range(count):
            split = (high,) * larger_days + (low,) * (count - larger_days)
            if course.admits(sum(split, ZERO)):
                yield split
        low = high


def _take_from_shelf(split: Sequence[Decimal], shelf: Shelf, steps_left: list[int]) -> tuple[DayVials, ...] | None:
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
