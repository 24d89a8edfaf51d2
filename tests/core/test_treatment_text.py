"""What `--given`, `--earlier`, `--then` and `--igg` take: by hand, and what is written is read back as the same."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig_dose.core.interval import TimeSpan
from ivig_dose.core.request import EarlierDose, NextPhase
from ivig_dose.core.treatment_text import read_day, read_doses, read_phase, write_doses, write_phase
from ivig_dose.quantity import QuantityError, parse_igg

D = Decimal
DAY = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("text", "doses"),
    [
        ("40 g", [EarlierDose(D(40))]),
        ("40g", [EarlierDose(D(40))]),
        ("30 g x 2", [EarlierDose(D(30))] * 2),
        ("30 g, 27.5 g", [EarlierDose(D(30)), EarlierDose(D("27.5"))]),
        ("2026-12-01 30 g privigen-us", [EarlierDose(D(30), DAY, "privigen-us")]),
        ("2026-12-01: 30 grams of privigen-us; 30 g", [EarlierDose(D(30), DAY, "privigen-us"), EarlierDose(D(30))]),
        ("60 g octagam-10-us", [EarlierDose(D(60), None, "octagam-10-us")]),
    ],
)
def test_doses_by_hand(text, doses):
    assert read_doses(text, "given") == tuple(doses)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("40", "is not read"),
        ("", "is not read"),
        ("40 mg", "is not read"),
        ("30 g,", "is not read"),
        ("0 g", "a dose of 0 g"),
        ("2026-02-30 30 g", "is not in the calendar"),
        ("1/12/2026 30 g", "is not read"),
        ("2026-12-01 30 g x 2", "several doses on one date"),
        ("2026-12-01 30 g, 2026-12-01 30 g", "twice"),
        ("1 g x 101", "more than 100 doses"),
        ("1,5 g", "is not read"),
    ],
)
def test_doses_that_are_not_read(text, problem):
    with pytest.raises(QuantityError) as raised:
        read_doses(text, "given")
    assert problem in raised.value.problem
    assert raised.value.hint


HOW = 'write grams, with date and product where known: "40 g", or "2026-12-01 30 g privigen-us, 30 g"'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("40", f"given '40' is not read at '40'; {HOW}"),
        ("30 g, x g", f"given '30 g, x g' is not read at 'x g'; {HOW}"),
        ("0 g", "given '0 g' has a dose of 0 g; leave doses that were not given out"),
        ("2026-02-30 30 g", "given date '2026-02-30' is not in the calendar; check day and month"),
        ("2026-12-01 30 g x 2", "given '2026-12-01 30 g x 2' has several doses on one date; write a date for each"),
        ("1 g x 101", "given '1 g x 101' has more than 100 doses; write their sum"),
    ],
)
def test_what_is_wrong_with_doses_is_one_line(text, said):
    with pytest.raises(QuantityError) as raised:
        read_doses(text, "given")
    assert f"{raised.value.problem}; {raised.value.hint}" == said


def test_as_many_doses_as_are_taken():
    assert len(read_doses("1 g x 100", "given")) == 100


FIGURES = 'write figures as "1 g/kg, 2 days, every 3 weeks, 8 cycles, after 3 weeks"'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "next phase '' does not begin with a regimen; write its id, and its figures after a colon: "
         '"cidp-maintenance: every 3 weeks, 8 cycles"'),
        ("r: soon", f"next phase 'r: soon' is not read at 'soon'; {FIGURES}"),
        ("r: 1001 cycles", "next phase 'r: 1001 cycles': '1001 cycles' is too many; at most 1000"),
        ("r: 8 cycles, until 2027-06-30",
         "next phase 'r: 8 cycles, until 2027-06-30' has cycles and a last day; write one of them"),
        ("r: 8 cycles, 9 cycles",
         "next phase 'r: 8 cycles, 9 cycles' says two things: '9 cycles'; write one of them"),
        ("r: until soon", "last day 'soon' is not a date this tool reads; write year-month-day: 2027-06-30"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_phase_is_one_line(text, said):
    with pytest.raises(QuantityError) as raised:
        read_phase(text)
    assert f"{raised.value.problem}; {raised.value.hint}" == said


@pytest.mark.parametrize(
    ("phase", "text"),
    [
        (NextPhase("r"), "r"),
        (NextPhase("r", D("0.4"), 2, TimeSpan(1, "months"), 8, None, TimeSpan(1, "weeks")),
         "r: 0.4 g/kg, 2 days, every month, 8 cycles, after 1 week"),
        (NextPhase("r", until=date(2027, 6, 30)), "r: until 2027-06-30"),
    ],
)  # fmt: skip
def test_a_phase_is_written_as_it_is_typed(phase, text):
    assert write_phase(phase) == text


DOSES = st.lists(
    st.builds(
        EarlierDose,
        st.decimals(D("0.001"), D(999), places=3),
        st.none() | st.dates(date(2000, 1, 1), date(2100, 1, 1)),
        st.sampled_from([None, "privigen-us", "octagam-10-eu"]),
        st.none(),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda dose: dose.on or object(),
).map(tuple)


@given(DOSES)
def test_doses_written_are_read_back(doses):
    assert read_doses(write_doses(doses), "given") == doses


@pytest.mark.parametrize(
    ("text", "phase"),
    [
        ("cidp-maintenance", NextPhase("cidp-maintenance")),
        ("r: 1 g/kg, 2 days, every 3 weeks, 8 cycles, after 3 weeks",
         NextPhase("r", D(1), 2, TimeSpan(3, "weeks"), 8, None, TimeSpan(3, "weeks"))),
        ("r:after 21 days,until 2027-06-30", NextPhase("r", until=date(2027, 6, 30), after=TimeSpan(21, "days"))),
        ("r: 400 mg/kg, monthly", NextPhase("r", D("0.4"), None, TimeSpan(1, "months"))),
    ],
)  # fmt: skip
def test_phases_by_hand(text, phase):
    assert read_phase(text) == phase


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "does not begin with a regimen"),
        ("1 g/kg every 3 weeks", "does not begin with a regimen"),
        ("r: 8 cycles, until 2027-06-30", "has cycles and a last day"),
        ("r: 8 cycles, 9 cycles", "says two things"),
        ("r: 1001 cycles", "is too many"),
        ("r: soon", "is not read at 'soon'"),
        ("r: after soon", "time after the course 'soon' is not read"),
        ("r: until 2027-02-29", "is not in the calendar"),
    ],
)
def test_phases_that_are_not_read(text, problem):
    with pytest.raises(QuantityError) as raised:
        read_phase(text)
    assert problem in raised.value.problem


SPANS = st.builds(TimeSpan, st.integers(1, 12), st.sampled_from(["weeks", "months"]))
PHASES = st.builds(
    NextPhase,
    st.sampled_from(["cidp-maintenance", "itp-daily"]),
    st.none() | st.decimals(D("0.001"), D(4), places=3),
    st.none() | st.integers(1, 14),
    st.none() | SPANS,
    st.integers(1, 100),
    st.none(),
    st.none() | SPANS | st.builds(TimeSpan, st.integers(1, 60), st.just("days")),
) | st.builds(
    lambda phase, until: NextPhase(phase, until=until),
    st.just("cidp-maintenance"),
    st.dates(date(2000, 1, 1), date(2100, 1, 1)),
)


@given(PHASES)
def test_phases_written_are_read_back(phase):
    assert read_phase(write_phase(phase)) == phase


def test_a_day_is_written_year_first():
    assert read_day("2027-06-30", "last day") == date(2027, 6, 30)
    for text in ("30.6.2027", "2027-6-30", "tomorrow"):
        with pytest.raises(QuantityError, match="not a date"):
            read_day(text, "last day")


@pytest.mark.parametrize(
    ("text", "g_per_l"),
    [("5.2 g/L", "5.2"), ("5.2g/l", "5.2"), ("520 mg/dL", "5.2"), ("520mg/dl", "5.2"), ("0.3 g/L", "0.3"),
     ("30 mg/dL", "0.3"), ("30 g/L", "30"), ("3000 mg/dL", "30")],
)  # fmt: skip
def test_levels_of_igg(text, g_per_l):
    assert parse_igg(text) == D(g_per_l)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("520 g/L", 'did you mean "520 mg/dL"?'),
        ("5.2 mg/dL", 'did you mean "5.2 g/L"?'),
        ("30.1 g/L", 'did you mean "30.1 mg/dL"?'),
        ("0.29 g/L", "check the unit"),
        ("29 mg/dL", 'did you mean "29 g/L"?'),
        ("5.2", "write the level with its unit"),
        ("520 mg/L", "write the level with its unit"),
        ("", "write the level with its unit"),
        ("5,2 g/L", "decimal point"),
    ],
)
def test_levels_of_another_unit_are_refused(text, hint):
    with pytest.raises(QuantityError) as raised:
        parse_igg(text)
    assert hint in raised.value.hint


@given(st.decimals(D("0.3"), D(30), places=2))
def test_a_level_is_the_same_in_both_units(g_per_l):
    assert parse_igg(f"{g_per_l:f} g/L") == parse_igg(f"{g_per_l * 100:f} mg/dL") == g_per_l
