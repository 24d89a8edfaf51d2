"""The most grams in a span of days, against a count of every day."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig_dose.core.request import EarlierDose
from ivig_dose.core.timing import Timing, most_in_span, place_before
from ivig_dose.quantity import Ratio

D = Decimal


def ratios(*grams):
    return tuple(Ratio(D(each)) for each in grams)


@pytest.mark.parametrize(
    ("timing", "grams", "span", "most"),
    [
        (Timing((0, 1, 2, 3, 4), 1, 1, ()), (28,) * 5, 14, 140),
        (Timing((0, 1, 2, 3, 4), 1, 1, ()), (28,) * 5, 3, 84),
        (Timing((0, 1, 2, 3, 4), 1, 1, ()), (28,) * 5, 4, 112),
        (Timing((0, 1, 2, 3, 4), 1, 1, ()), (28,) * 5, 5, 140),
        (Timing((0,), 16, 7, ()), (75,), 7, 75),
        (Timing((0,), 16, 7, ()), (75,), 8, 150),
        (Timing((0,), 16, 7, ()), (75,), 28, 300),
        (Timing((0,), 3, 7, ()), (75,), 28, 225),
        (Timing((0,), 1, 1, ((-13, D(70)),)), (70,), 14, 140),
        (Timing((0,), 1, 1, ((-14, D(70)),)), (70,), 14, 70),
        (Timing((0, 1), 1, 1, ((-1, D(30)), (-3, D(200)))), (10, 10), 3, 230),
    ],
)
def test_by_hand(timing, grams, span, most):
    assert most_in_span(timing, ratios(*grams), span) == Ratio(D(most))


COURSES = st.builds(
    Timing,
    st.lists(st.integers(0, 6), min_size=1, max_size=4, unique=True).map(sorted).map(tuple),
    st.integers(1, 12),
    st.integers(7, 40),
    st.lists(st.tuples(st.integers(-60, -1), st.integers(1, 90).map(D)), max_size=4).map(sorted).map(tuple),
)


@given(COURSES, st.integers(1, 90), st.data())
def test_against_every_window_of_days(timing, span, data):
    grams = [D(data.draw(st.integers(1, 90))) for _ in timing.days]
    by_day: dict[int, Decimal] = {}
    for cycle in range(timing.cycles):
        for day, each in zip(timing.days, grams, strict=True):
            by_day[cycle * timing.every_days + day] = by_day.get(cycle * timing.every_days + day, D(0)) + each
    for day, each in timing.before:
        by_day[day] = by_day.get(day, D(0)) + each
    windows = range(min(by_day) - span, max(by_day) + 1)
    most = max(sum((by_day.get(day, D(0)) for day in range(first, first + span)), D(0)) for first in windows)
    assert most_in_span(timing, ratios(*grams), span) == Ratio(most)


def test_thirds_are_added_exactly():
    third = Ratio(D(80), D(3))
    assert most_in_span(Timing((0, 1, 2), 1, 1, ((-1, D(60)),)), (third, third, third), 14) == Ratio(D(420), D(3))


def test_thirds_and_halves_are_added_exactly():
    """80/3 + 1/2 g and 5 g before: 32 and 1/6."""
    most = most_in_span(Timing((0, 1), 1, 1, ((-1, D(5)),)), (Ratio(D(80), D(3)), Ratio(D(1), D(2))), 7)
    assert most.numerator * 6 == most.denominator * 193
    alone = most_in_span(Timing((0, 1), 1, 1, ()), (Ratio(D(80), D(3)), Ratio(D(1), D(2))), 7)
    assert alone.numerator * 6 == alone.denominator * 163


def test_earlier_doses_by_date_by_days_before_and_unknown():
    day = date(2026, 12, 1)
    before = (EarlierDose(D(1), date(2026, 11, 24)), EarlierDose(D(2), None, None, 21), EarlierDose(D(3)))
    assert place_before(before, day) == ((-21, D(2)), (-7, D(1)), (-1, D(3)))
    assert place_before(before[:1], None) == ((-1, D(1)),)
