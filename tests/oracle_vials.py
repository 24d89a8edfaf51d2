"""Rounding to whole vials by brute force (design section 3, issue 4 point 3)."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import pairwise, product
from math import gcd, lcm

Vials = tuple[Fraction, ...]


@dataclass(frozen=True)
class Spans:
    """The grams that each day and the course may come to after rounding, both ends included."""

    days: tuple[tuple[Fraction, Fraction], ...]
    course: tuple[Fraction, Fraction]

    def admit(self, split: tuple[Fraction, ...]) -> bool:
        """Whether every day and the course lie inside."""
        low, high = self.course
        return low <= sum(split) <= high and all(
            least <= day <= most for day, (least, most) in zip(split, self.days, strict=True)
        )


def half_up(value: Fraction, step: Fraction) -> Fraction:
    """The nearest multiple of `step`, ties up."""
    return (value / step + Fraction(1, 2)).__floor__() * step


def floored(value: Fraction, step: Fraction) -> Fraction:
    """The greatest multiple of `step` that is not above `value`."""
    return (value / step).__floor__() * step


@cache
def best_vials(sizes: Vials, up_to: int) -> tuple[Fraction, list[Vials | None]]:
    """For each multiple of the common measure up to `up_to` of them: fewest vials, then largest; None if unreachable.

    Every way to reach a dose ends with some last vial, so trying each vial on top of the best smaller dose tries all.
    """
    denominator = lcm(*(size.denominator for size in sizes))
    measure = Fraction(gcd(*(int(size * denominator) for size in sizes)), denominator)
    best: list[Vials | None] = [()]
    for units in range(1, up_to + 1):
        tries = []
        for size in sizes:
            rest = units - int(size / measure)
            smaller = best[rest] if rest >= 0 else None
            if smaller is not None:
                tries.append(tuple(sorted((*smaller, size), reverse=True)))
        fewest = min(map(len, tries), default=0)
        best.append(max((way for way in tries if len(way) == fewest), default=None))
    return measure, best


def vials_for(dose: Fraction, sizes: Vials) -> Vials:
    """The vials that make up `dose` exactly: fewest, then largest; empty where none do."""
    measure, _ = best_vials(sizes, 1)
    units = dose / measure
    if units.denominator != 1:
        return ()
    return best_vials(sizes, 1 << int(units).bit_length())[1][int(units)] or ()


def reachable(sizes: Vials, up_to: Fraction) -> list[Fraction]:
    """Every dose above 0 that whole vials can make, in order, up to `up_to` at least (and some beyond)."""
    measure, _ = best_vials(sizes, 1)
    _, best = best_vials(sizes, 1 << int(up_to / measure + 1).bit_length())
    return [units * measure for units, way in enumerate(best) if way]


def even_splits(doses: list[Fraction], days: int) -> list[tuple[Fraction, ...]]:
    """Every split of a course over `days` in which days differ by at most one step, larger first."""
    steps = [*pairwise(doses), (doses[-1], doses[-1])]
    return [(above,) * more + (below,) * (days - more) for below, above in steps for more in range(days)]


def patterned_splits(doses: list[Fraction], wanted: tuple[Fraction, ...]) -> list[tuple[Fraction, ...]]:
    """Every split in which each day is one of the two reachable doses about its own exact dose."""
    choices = []
    for day in wanted:
        below = [dose for dose in doses if dose <= day][-1:]
        above = [dose for dose in doses if dose >= day][:1]
        choices.append(sorted({*below, *above}))
    return list(product(*choices))


def choose(
    splits: list[tuple[Fraction, ...]],
    wanted: tuple[Fraction, ...],
    direction: str,
    spans: Spans,
) -> tuple[Fraction, ...] | None:
    """The split whose course is nearest (ties up), or the next one down or up, among those inside the spans.

    Down where even the smallest is above the course gives the smallest (never 0); up where no split inside them
    reaches the course gives the largest (round, then clamp). None where no split is inside. Of splits with
    the same course: the days nearest to their own exact doses in all, and then the larger doses first.
    """
    allowed = [split for split in splits if spans.admit(split)]
    if not allowed:
        return None
    course, totals = sum(wanted, Fraction(0)), {sum(split, Fraction(0)) for split in allowed}
    if direction == "down":
        total = max((each for each in totals if each <= course), default=min(totals))
    elif direction == "up":
        total = min((each for each in totals if each >= course), default=max(totals))
    else:
        total = min(totals, key=lambda each: (abs(each - course), -each))

    def away(split: tuple[Fraction, ...]) -> Fraction:
        return sum((abs(given - exact) for given, exact in zip(split, wanted, strict=True)), Fraction(0))

    return min(sorted((split for split in allowed if sum(split) == total), reverse=True), key=away)


def round_course(
    wanted: tuple[Fraction, ...],
    sizes: Vials,
    direction: str,
    spans: Spans,
) -> tuple[Fraction, ...] | None:
    """The doses given for the exact day doses `wanted`, in whole vials of `sizes` (or in steps: one size).

    Reachable doses lie at most one smallest vial apart, so only those within two of it about a day can matter.
    """
    smallest = min(sizes)
    doses = reachable(sizes, max(wanted) + 2 * smallest)
    if len(set(wanted)) == 1:
        near = [dose for dose in doses if abs(dose - wanted[0]) <= 2 * smallest] or doses[:2]
        splits = even_splits(near, len(wanted))
    else:
        splits = patterned_splits(doses, wanted)
    return choose(splits, wanted, direction, spans)
