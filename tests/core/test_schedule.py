"""Days and dates: when each dose of each cycle is given."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig_dose.core.interval import TimeSpan
from ivig_dose.core.schedule import add_interval, add_months, clock_of, date_of
from tests.core.asking import notice, plan


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),  # a leap year
        ("2026-01-31", 2, "2026-03-31"),
        ("2026-01-31", 3, "2026-04-30"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-01-15", 12, "2027-01-15"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2026-11-30", 11, "2027-10-30"),
        ("2026-05-10", 0, "2026-05-10"),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_of_that_month(day, months, expected):
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(expected)


@given(st.dates(date(1980, 1, 1), date(2100, 12, 31)), st.integers(0, 1200))
def test_months_are_counted_in_the_calendar_and_the_day_only_moves_to_an_earlier_one(day, months):
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or later.day in (28, 29, 30)
    assert later.day <= day.day


def dates(answer):
    return [day.date and day.date.isoformat() for day in answer.schedule]


def test_monthly_replacement_from_31_january_counts_from_the_start_and_loses_no_day(catalogue):
    """After 28 February comes 31 March, not 28 March."""
    answer = plan(catalogue, "pid", "83.7", start=date(2026, 1, 31), cycles=6)
    assert dates(answer) == ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30"]
    assert [(day.cycle, day.day) for day in answer.schedule] == [(number, 1) for number in range(1, 7)]


def test_days_of_a_course_follow_each_other_across_a_month_and_a_leap_day(catalogue):
    answer = plan(catalogue, "itp", "70", start=date(2028, 2, 27))
    assert dates(answer) == ["2028-02-27", "2028-02-28", "2028-02-29", "2028-03-01", "2028-03-02"]


def test_weeks_are_counted_from_the_first_day_of_the_course(catalogue):
    """Four-weekly courses of 2 days: 1 and 2 January, 29 and 30 January."""
    answer = plan(catalogue, "pemphigus", "70", regimen="blistering-4-weekly", days=2, start=date(2026, 1, 1), cycles=2)
    assert dates(answer) == ["2026-01-01", "2026-01-02", "2026-01-29", "2026-01-30"]


def test_days_that_are_not_consecutive_keep_their_distance(catalogue):
    """Alternate days, and the two conditioning days 5 days apart."""
    alternate = plan(catalogue, "itp", "70", regimen="itp-alternate-days", days=3, start=date(2026, 3, 1))
    assert dates(alternate) == ["2026-03-01", "2026-03-03", "2026-03-05"]
    conditioning = plan(catalogue, "bmt", "70", regimen="bmt-conditioning", age="40", start=date(2026, 3, 1))
    assert dates(conditioning) == ["2026-03-01", "2026-03-06"]


def test_after_a_plasma_exchange_only_the_first_date_is_known(catalogue):
    answer = plan(catalogue, "transplant-amr", "70", regimen="after-plasma-exchange", start=date(2026, 1, 1), cycles=3)
    assert dates(answer) == ["2026-01-01", None, None]
    assert answer.vaccines.not_before is None


def test_without_a_start_there_are_no_dates(catalogue):
    answer = plan(catalogue, "pid", "70", cycles=2)
    assert dates(answer) == [None, None]


def test_the_interval_may_be_in_days(catalogue):
    assert add_interval(date(2026, 2, 25), TimeSpan(10, "days"), 2) == date(2026, 3, 17)


def test_a_start_with_a_clock_keeps_its_time_on_every_day(catalogue):
    start = datetime.fromisoformat("2026-01-31T09:00")
    answer = plan(catalogue, "pid", "70", product="privigen-us", start=start, cycles=2)
    assert dates(answer) == ["2026-01-31", "2026-02-28"]
    assert [day.steps[0].starts.isoformat() for day in answer.schedule] == [
        "2026-01-31T09:00:00",
        "2026-02-28T09:00:00",
    ]


def test_a_date_alone_has_no_clock():
    assert clock_of(date(2026, 1, 1)) is None
    assert date_of(None) is None
    moment = datetime.fromisoformat("2026-01-01T09:00")
    assert (clock_of(moment), date_of(moment), date_of(date(2026, 1, 1))) == (
        moment,
        date(2026, 1, 1),
        date(2026, 1, 1),
    )


@pytest.mark.parametrize(
    ("indication", "facts", "days", "on"),
    [
        # "up to 3 doses on alternate days" (fda-gammagard-sd)
        ("itp", {"regimen": "itp-alternate-days", "days": 3}, [1, 3, 5], ["2026-12-30", "2027-01-01", "2027-01-03"]),
        ("itp", {"regimen": "itp-alternate-days"}, [1], ["2026-12-30"]),
        # days -7 and -2 of a transplantation (fpnotebook): the second dose is 5 days after the first
        ("bmt", {"regimen": "bmt-conditioning", "age": "40"}, [1, 6], ["2026-12-30", "2027-01-04"]),
        ("itp", {}, [1, 2, 3, 4, 5], ["2026-12-30", "2026-12-31", "2027-01-01", "2027-01-02", "2027-01-03"]),
    ],
)
def test_days_are_counted_from_the_first_of_the_course(catalogue, indication, facts, days, on):
    answer = plan(catalogue, indication, "70", start=date(2026, 12, 30), **facts)
    assert [day.day for day in answer.schedule] == days
    assert dates(answer) == on


def test_what_decides_on_later_doses_is_said(catalogue):
    decides = "The response and the platelet count decide on doses 2 and 3."
    for days, begins in (
        (1, "Only the first dose is planned; later ones are on days 3 and 5: see --days."),
        (2, "The doses are given on days 1 and 3."),
        (3, "The doses are given on days 1, 3 and 5."),
    ):
        answer = plan(catalogue, "itp", "70", regimen="itp-alternate-days", days=days)
        assert notice(answer, "spaced-days").text == f"{begins} {decides}"
    assert not [each for each in plan(catalogue, "itp", "70").notices if each.id == "spaced-days"]
