"""Whole vials and the split of a course over its days, against every possibility tried one by one."""

from decimal import Decimal
from fractions import Fraction
from itertools import combinations_with_replacement, pairwise, product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ivig_dose.core.vials import Allowed, Span, StepGrid, VialGrid, open_vials, pick_vials, split_course
from ivig_dose.quantity import Ratio
from tests.core.asking import listed
from tests.strategies import as_fraction, decimals, equal_days_g, ratios, vial_sizes_g

D = Decimal
ENDLESS = Ratio(D(10) ** 9)
OCTAGAM_10 = tuple(D(size) for size in ("2", "5", "10", "20", "30"))
PRIVIGEN = tuple(D(size) for size in ("5", "10", "20", "40"))
FIVES = (D(5),)


def equal(course, days):
    return (Ratio(D(course), D(days)),) * days


def unequal(*grams):
    return tuple(Ratio(D(each)) for each in grams)


def at_most(days, day_g=ENDLESS, course_g=ENDLESS):
    """No day and no course above these grams."""
    nothing = Ratio(D(0))
    return Allowed((Span(nothing, day_g),) * days, Span(nothing, course_g))


def split(days_g, grid, direction="nearest", allowed=None):
    result = split_course(days_g, grid, direction, allowed)
    return result and [f"{dose.normalize():f}" for dose in result]


# --- which vials


@pytest.mark.parametrize(
    ("sizes", "dose", "vials"),
    [
        (OCTAGAM_10, "6", "3 x 2 g"),  # E-60: a greedy pick takes 5 g and is stuck at 7 g
        (OCTAGAM_10, "26", "1 x 20 g + 3 x 2 g"),  # E-60: greedy gives 27 g
        (OCTAGAM_10, "8", "4 x 2 g"),
        (OCTAGAM_10, "40", "1 x 30 g + 1 x 10 g"),  # 20 + 20 is two vials as well: the larger vial decides
        (PRIVIGEN, "35", "1 x 20 g + 1 x 10 g + 1 x 5 g"),
        (PRIVIGEN, "80", "2 x 40 g"),
        (("10", "2.5", "1"), "12.5", "1 x 10 g + 1 x 2.5 g"),
        (("6", "5"), "10", "2 x 5 g"),
        (("40", "25"), "50", "2 x 25 g"),
    ],
)
def test_a_dose_is_made_of_the_fewest_vials_and_of_those_the_largest(sizes, dose, vials):
    assert listed(pick_vials(tuple(D(size) for size in sizes), D(dose))) == vials


@pytest.mark.parametrize(
    ("sizes", "dose"), [(OCTAGAM_10, "3"), (OCTAGAM_10, "1"), (FIVES, "7"), (FIVES, "0"), (FIVES, "2.5")]
)
def test_what_no_vials_make_has_none(sizes, dose):
    assert pick_vials(sizes, D(dose)) is None


def every_pick(sizes, most):
    """Every way to take up to `most` vials, by the grams that it makes."""
    ways = {}
    for count in range(1, most + 1):
        for way in combinations_with_replacement(sorted(sizes, reverse=True), count):
            ways.setdefault(sum(way), []).append(way)
    return ways


@settings(max_examples=30)
@given(vial_sizes_g())
def test_no_other_pick_of_vials_is_smaller(sizes):
    """Every sum of up to five vials is picked with the fewest vials; among equals the largest come first."""
    for dose, ways in every_pick(sizes, 5).items():
        picked = pick_vials(sizes, dose)
        flat = tuple(vial.g for vial in picked for _ in range(vial.count))
        assert sum(flat) == dose
        fewest = min(len(way) for way in ways)
        assert len(flat) == fewest
        assert flat == max(way for way in ways if len(way) == fewest)


def test_two_threads_that_ask_at_once_get_the_vials_that_one_gets():
    """The table of fewest vials is shared; adding to it from two threads would shift every later dose."""
    from concurrent.futures import ThreadPoolExecutor

    from ivig_dose.core import vials

    sizes = tuple(D(size) for size in ("1", "2.5", "5", "10", "20"))
    wanted = {D(dose) / 2: None for dose in range(2, 1200)}
    for dose in wanted:
        wanted[dose] = pick_vials(sizes, dose)
    for _ in range(20):
        vials._TABLES.clear()
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(lambda dose: pick_vials(sizes, dose), [D(600), *wanted]))
        assert found[1:] == list(wanted.values())


# --- the grids of doses


def reachable(sizes, up_to):
    """Every sum of vials from the smallest up to a little above `up_to`, by adding one vial at a time."""
    sums, frontier = set(), {D(0)}
    while frontier:
        frontier = {base + size for base in frontier for size in sizes if base + size <= up_to} - sums
        sums |= frontier
    return sorted(sums)


@settings(max_examples=40)
@given(vial_sizes_g(), decimals("0", "60", "0.1"))
def test_the_grid_of_vials_is_every_sum_of_vials(sizes, amount):
    grid, sums = VialGrid(sizes), reachable(sizes, D(130))
    below = [dose for dose in sums if dose <= amount]
    assert grid.floor(Ratio(amount)) == (below[-1] if below else 0)
    base = below[-1] if below else D(0)
    assert grid.above(base) == next(dose for dose in sums if dose > base)


@pytest.mark.parametrize(
    ("sizes", "step", "amount", "floor", "above"),
    [
        (PRIVIGEN, "10", "28", "20", "30"),  # 25 g is a sum of vials but no step of 10 g
        (OCTAGAM_10, "5", "4", "0", "5"),
        (OCTAGAM_10, "7", "20", "14", "21"),
        (("2.5",), "1", "9", "5", "10"),
    ],
)
def test_a_grid_of_vials_and_a_step_holds_what_both_hold(sizes, step, amount, floor, above):
    grid = VialGrid(tuple(D(size) for size in sizes), D(step))
    assert grid.floor(Ratio(D(amount))) == D(floor)
    assert grid.above(D(floor)) == D(above)


@given(ratios(), decimals("0.001", "10", "0.001"))
def test_the_grid_of_a_step_is_its_multiples(amount, step):
    below = StepGrid(step).floor(amount)
    assert below % step == 0
    assert below <= as_fraction(amount) < below + step
    assert StepGrid(step).above(below) == below + step


# --- the split over the days


@pytest.mark.parametrize(
    ("course", "days", "grid", "direction", "doses"),
    [
        # 70 kg, 2 g/kg over 5 days in vials of 5 g: 140 g exactly (issue 4 point 3)
        ("140", 5, VialGrid(FIVES), "nearest", ["30", "30", "30", "25", "25"]),
        # E-59: 44 kg: 88 g. Each day rounded alone (17.6 to 20 g) would give 100 g; the course lands on 90 g
        ("88", 5, VialGrid(FIVES), "nearest", ["20", "20", "20", "15", "15"]),
        ("88", 5, VialGrid(FIVES), "down", ["20", "20", "15", "15", "15"]),
        ("88", 5, VialGrid(FIVES), "up", ["20", "20", "20", "15", "15"]),
        # 85 and 90 g are equally near to 87.5 g: ties go up
        ("87.5", 5, VialGrid(FIVES), "nearest", ["20", "20", "20", "15", "15"]),
        # E-53 and E-54: single doses
        ("2.5", 1, VialGrid(FIVES), "nearest", ["5"]),
        ("2.4", 1, VialGrid(FIVES), "nearest", ["5"]),  # never 0
        ("2.4", 1, VialGrid(FIVES), "down", ["5"]),  # never 0, even downwards
        ("12.5", 1, VialGrid(FIVES), "nearest", ["15"]),
        ("22.5", 1, VialGrid(FIVES), "nearest", ["25"]),
        ("7.49", 1, VialGrid(FIVES), "nearest", ["5"]),
        ("110", 1, StepGrid(D(10)), "up", ["110"]),
        ("110.001", 1, StepGrid(D(10)), "up", ["120"]),
        # on the grid of 1 mg, what does not divide evenly goes to the first days
        ("100", 3, StepGrid(D("0.001")), "nearest", ["33.334", "33.333", "33.333"]),
        ("0.002", 5, StepGrid(D("0.001")), "nearest", ["0.001"] * 5),
        # Octagam 10 %: 3 g is no dose, so 2 g and 4 g are neighbours
        ("15", 5, VialGrid(OCTAGAM_10), "nearest", ["4", "4", "4", "2", "2"]),  # 14 or 16 g: up
    ],
)
def test_equal_days_share_the_course_larger_days_first(course, days, grid, direction, doses):
    assert split(equal(course, days), grid, direction) == doses


@pytest.mark.parametrize(
    ("days_g", "grid", "direction", "doses"),
    [
        (("70", "35", "35"), VialGrid(FIVES), "nearest", ["70", "35", "35"]),
        (("35", "17.5", "17.5"), VialGrid(FIVES), "nearest", ["35", "20", "15"]),  # 70 g, the larger day first
        (
            ("34", "17", "17"),
            VialGrid(FIVES),
            "nearest",
            ["35", "20", "15"],
        ),  # 70 g is nearest to 68; by day 6 g off, not 10
        (("36", "18", "18"), VialGrid(FIVES), "nearest", ["35", "20", "15"]),  # 70 g is nearest to 72
        (("34", "17", "17"), VialGrid(FIVES), "down", ["35", "15", "15"]),
        (("34", "17", "17"), VialGrid(FIVES), "up", ["35", "20", "15"]),
        (("3", "1.5", "1.5"), VialGrid(FIVES), "down", ["5", "5", "5"]),  # never 0
        (("10", "5", "5"), VialGrid(FIVES), "up", ["10", "5", "5"]),
        # 20 g exactly, though neither day is: no direction leaves it, and the larger day comes first
        (("12.5", "7.5"), VialGrid(FIVES), "nearest", ["15", "5"]),
        (("12.5", "7.5"), VialGrid(FIVES), "down", ["15", "5"]),
        (("12.5", "7.5"), VialGrid(FIVES), "up", ["15", "5"]),
        # 1.4 g: 1.5 g is nearer, but above, even by less than a gram
        (("0.9", "0.5"), StepGrid(D("0.5")), "nearest", ["1", "0.5"]),
        (("0.9", "0.5"), StepGrid(D("0.5")), "down", ["0.5", "0.5"]),
        (("0.0014", "0.0007", "0.0007"), StepGrid(D("0.001")), "nearest", ["0.001", "0.001", "0.001"]),
    ],
)
def test_unequal_days_each_go_to_a_dose_beside_their_own_share(days_g, grid, direction, doses):
    assert split(unequal(*days_g), grid, direction) == doses


@pytest.mark.parametrize("denominator", ["1", "2"])
def test_a_day_that_is_a_dose_of_the_grid_stays_as_it_is(denominator):
    """10 g and 8.4 g in vials of 6 g and 10 g: 12 + 6 g would be nearer to 18.4 g, but would move the exact day."""
    days_g = tuple(Ratio(D(grams) * D(denominator), D(denominator)) for grams in ("10", "8.4"))
    assert split(days_g, VialGrid((D(6), D(10)))) == ["10", "10"]


@pytest.mark.parametrize(
    ("days_g", "grid", "day_g", "course_g", "doses"),
    [
        # E-24: rounding up to 145 g would pass 140 g a day, so it goes down
        (equal("143", 1), VialGrid(FIVES), Ratio(D(143)), ENDLESS, ["140"]),
        (equal("99", 1), VialGrid((D(30),)), ENDLESS, Ratio(D(100)), ["90"]),
        (equal("100", 2), VialGrid((D(30),)), ENDLESS, Ratio(D(100)), ["60", "30"]),
        (equal("100", 2), VialGrid((D(30),)), Ratio(D(50)), Ratio(D(100)), ["30", "30"]),
        (equal("6.8", 5), VialGrid(FIVES), ENDLESS, Ratio(D("13.6")), None),  # 5 x 5 g for 3.4 kg: 7.4 g/kg
        (equal("1", 1), VialGrid(FIVES), Ratio(D("4.9")), ENDLESS, None),
        (unequal("34", "17", "17"), VialGrid(FIVES), Ratio(D("34.9")), ENDLESS, ["30", "20", "20"]),
        (unequal("3", "1.5", "1.5"), VialGrid(FIVES), Ratio(D(4)), ENDLESS, None),
    ],
)
def test_a_rounded_dose_never_passes_a_ceiling(days_g, grid, day_g, course_g, doses):
    assert split(days_g, grid, "nearest", at_most(len(days_g), day_g, course_g)) == doses


def best_course(days_g, doses, direction):
    """The course of the best split over neighbouring doses, among all of them."""
    course, days = sum((as_fraction(day) for day in days_g), Fraction(0)), len(days_g)
    courses = {Fraction(high * more + low * (days - more)) for low, high in pairwise(doses) for more in range(days + 1)}
    if direction == "down":
        return max((each for each in courses if each <= course), default=min(courses))
    if direction == "up":
        return min(each for each in courses if each >= course)
    return min(courses, key=lambda each: (abs(each - course), -each))


@settings(max_examples=100)
@given(equal_days_g("150"), vial_sizes_g(), st.sampled_from(["nearest", "down", "up"]))
def test_no_split_over_neighbouring_doses_comes_nearer_to_the_course(days_g, sizes, direction):
    given_g = split_course(days_g, VialGrid(sizes), direction, None)
    sums = reachable(sizes, days_g[0].numerator / len(days_g) + 2 * max(sizes))
    assert sum(given_g) == best_course(days_g, sums, direction)
    assert min(given_g) > 0
    assert list(given_g) == sorted(given_g, reverse=True)
    assert all(dose in sums for dose in given_g)
    between = [dose for dose in sums if min(given_g) < dose < max(given_g)]
    assert not between, "the days differ by more than one step"


@settings(max_examples=60)
@given(
    equal_days_g("150"), st.sampled_from(["nearest", "down", "up"]), decimals("1", "200", "1"), decimals("1", "60", "1")
)
def test_a_ceiling_is_kept_whatever_the_direction(days_g, direction, course_limit, day_limit):
    assume(as_fraction(days_g[0]) * len(days_g) <= course_limit)
    assume(as_fraction(days_g[0]) <= day_limit)
    given_g = split_course(
        days_g, VialGrid(PRIVIGEN), direction, at_most(len(days_g), Ratio(day_limit), Ratio(course_limit))
    )
    if given_g is None:
        assert day_limit < 5 or course_limit < 5 * len(days_g)
    else:
        assert max(given_g) <= day_limit
        assert sum(given_g) <= course_limit
        assert min(given_g) > 0


@settings(max_examples=60)
@given(
    decimals("0.1", "100", "0.1"),
    st.sampled_from([(2, 1, 1), (1, 2, 1), (3, 1)]),
    st.sampled_from(["nearest", "down", "up"]),
)
def test_unequal_days_land_on_the_best_course_that_their_neighbours_allow(unit, pattern, direction):
    days_g = tuple(Ratio(unit * share) for share in pattern)
    given_g = split_course(days_g, VialGrid(OCTAGAM_10), direction, None)
    sums = reachable(OCTAGAM_10, unit * 3 + 10)
    beside = []
    for day in days_g:
        exact = day.numerator
        below, above = [dose for dose in sums if dose <= exact][-1:], [dose for dose in sums if dose >= exact][:1]
        beside.append({*below, *above})
    course = unit * sum(pattern)
    courses = {sum(each) for each in product(*beside)}
    wrong = [each for each in courses if (each > course if direction == "down" else each < course)]
    right = courses if direction == "nearest" else (courses - set(wrong)) or courses
    assert sum(given_g) == min(right, key=lambda each: (abs(each - course), -each))
    assert all(dose in options for dose, options in zip(given_g, beside, strict=True))


# --- what is allowed


@pytest.mark.parametrize(
    ("days_g", "day", "course", "doses"),
    [
        # 3.6 g a day, 18 g from vials of 2 g and more: 4, 4, 4, 4, 2 is the nearest, and 2 g is less than a day may be
        (equal("18", 5), ("2.7", "4.5"), ("16", "20"), ["4"] * 5),
        (equal("18", 5), ("2.7", "4.5"), ("16.2", "19.8"), None),
        (equal("18", 5), ("2", "4.5"), ("16.2", "19.8"), ["4", "4", "4", "4", "2"]),  # the ends are inside
        # 28 g a day in vials of 5 g: 30 g is too much, so every day has 25 g
        (equal("140", 5), ("21", "29.9"), ("125", "154"), ["25"] * 5),
        (equal("140", 5), ("21", "29.9"), ("125.1", "154"), None),
    ],
)
def test_only_days_and_courses_inside_what_is_allowed_are_taken(days_g, day, course, doses):
    grid = VialGrid(OCTAGAM_10) if days_g[0].denominator == 5 and days_g[0].numerator == 18 else VialGrid(FIVES)
    spans = [Span(Ratio(D(low)), Ratio(D(high))) for low, high in (day, course)]
    assert split(days_g, grid, "nearest", Allowed((spans[0],) * len(days_g), spans[1])) == doses


def test_each_day_has_its_own_span():
    days_g = unequal("10", "5")
    spans = (Span(Ratio(D(10)), Ratio(D(10))), Span(Ratio(D("4.9")), Ratio(D("5.1"))))
    assert split(days_g, VialGrid(FIVES), "nearest", Allowed(spans, Span(Ratio(D(15)), Ratio(D(15))))) == ["10", "5"]
    assert split(days_g, VialGrid(FIVES), "nearest", Allowed(spans[::-1], Span(Ratio(D(15)), Ratio(D(15))))) is None
    # 13.1, 6.55 and 6.55 g: 15 g is above the 14.41 g of the first day, and 10 g above the 8.1875 g of the others
    spans = [Span(Ratio(D(low)), Ratio(D(high))) for low, high in (("9.825", "14.41"), *[("4.9125", "8.1875")] * 2)]
    course = Span(Ratio(D("23.58")), Ratio(D("28.82")))
    assert split(unequal("13.1", "6.55", "6.55"), VialGrid(FIVES), "nearest", Allowed(tuple(spans), course)) is None


# --- part vials


@pytest.mark.parametrize(
    ("sizes", "dose", "opened"),
    [
        (PRIVIGEN, "1.26", "1 x 5 g"),
        (PRIVIGEN, "7.6", "1 x 10 g"),  # 5 + 5 g would be two vials for the same 2.4 g left over
        (PRIVIGEN, "13.1", "1 x 10 g + 1 x 5 g"),  # 20 g would be one vial and leave 6.9 g, not 1.9 g
        (PRIVIGEN, "40.001", "1 x 40 g + 1 x 5 g"),
        (OCTAGAM_10, "3", "2 x 2 g"),  # 1 g left over, and 2 g from a vial of 5 g
        (OCTAGAM_10, "3.6", "2 x 2 g"),
        (OCTAGAM_10, "0.001", "1 x 2 g"),
        (OCTAGAM_10, "6", "3 x 2 g"),  # nothing is left over
        (OCTAGAM_10, "4.5", "1 x 5 g"),
    ],
)
def test_the_vials_to_open_leave_the_least_and_are_the_fewest(sizes, dose, opened):
    assert listed(open_vials(sizes, D(dose))) == opened


@settings(max_examples=30)
@given(vial_sizes_g(), decimals("0.001", "20", "0.001"))
def test_no_other_way_to_open_vials_leaves_less_or_takes_fewer(sizes, dose):
    opened = open_vials(sizes, dose)
    total, count = sum(vial.g * vial.count for vial in opened), sum(vial.count for vial in opened)
    assert total == min(each for each in reachable(sizes, dose + max(sizes)) if each >= dose)
    assert count == min(map(len, every_pick(sizes, count)[total]))
