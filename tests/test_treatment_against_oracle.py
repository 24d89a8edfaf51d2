"""Treatments over time against the oracle of `oracle_treatment`: every repeated regimen, and the rest of any course."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from ivig_dose import Request, load_catalogue
from ivig_dose.core.interval import TimeSpan
from ivig_dose.core.plan import Planner
from ivig_dose.core.request import EarlierDose
from ivig_dose.problems import Refusal
from ivig_dose.report.as_json import plan_document
from tests import oracle_treatment as oracle
from tests.oracle import Case
from tests.oracle_catalogue import exact, shipped
from tests.oracle_compare import decimal, shows
from tests.oracle_vials import half_up
from tests.oracle_weight import Refused

pytestmark = pytest.mark.slow

CATALOGUE = shipped()
PLANNER = Planner(load_catalogue())
PAIRS = [
    (indication, regimen)
    for indication, entry in CATALOGUE["indications"].items()
    for regimen in entry["regimens"]
    if not CATALOGUE["regimens"][regimen].get("per_event")
]
REPEATED = [pair for pair in PAIRS if oracle.repeats_of(CATALOGUE, *pair)]
SPANS = st.tuples(st.integers(1, 60), st.just("days")) | st.tuples(
    st.integers(1, 12), st.sampled_from(["weeks", "months"])
)
START = date(2026, 10, 31)


def age_for(indication, regimen):
    """An age that both populations admit."""
    for entry in (CATALOGUE["indications"][indication], CATALOGUE["regimens"][regimen]):
        population = entry.get("population") or {}
        bounds = population.get("age_years")
        if "age_days_at_most" in population:
            return Fraction("0.02")
        if bounds:
            return Fraction(10) if "under" in bounds or "at_most" in bounds else Fraction(40)
    return None


@given(st.sampled_from(PAIRS), SPANS)
def test_an_interval_is_planned_where_the_range_has_it_and_nowhere_else(pair, span):
    indication, regimen = pair
    age = age_for(*pair)
    request = Request(
        indication, Decimal(4 if age == Fraction("0.02") else 30 if age == 10 else 70), regimen=regimen,
        age_years=decimal(age), interval=TimeSpan(*span), sex="F",
    )  # fmt: skip
    answer = PLANNER.plan(request)
    if isinstance(answer, Refusal) and answer.rule not in ("interval-out-of-range", "no-interval"):
        return
    assert isinstance(answer, Refusal) is not oracle.may_repeat(CATALOGUE, indication, regimen, span), answer


@pytest.mark.parametrize("pair", REPEATED)
@pytest.mark.parametrize("days", [0, 27, 28, 200, 400])
def test_courses_begin_until_a_day(pair, days):
    indication, regimen = pair
    repeats = oracle.repeats_of(CATALOGUE, indication, regimen)
    span, until = (int(repeats["default"]), repeats["unit"]), START + timedelta(days=days)
    starts = oracle.course_starts(START, span, until)
    age = age_for(*pair)
    request = Request(
        indication, Decimal(70), regimen=regimen, start=START, until=until, age_years=decimal(age), sex="F"
    )
    answer = PLANNER.plan(request)
    limits = CATALOGUE["regimens"][regimen].get("limits") or {}
    if len(starts) > limits.get("max_cycles", 1000):
        assert answer.rule == "too-many-cycles"
        return
    if isinstance(answer, Refusal):
        assert answer.rule in ("outside-population", "age-needed", "implausible-patient"), answer
        return
    document = plan_document(answer)
    firsts = [str(day["date"]) for day in document["schedule"] if day["day"] == document["schedule"][0]["day"]]
    assert firsts == [day.isoformat() for day in starts]
    course_g = sum((exact(day["dose_g"]) for day in document["schedule"] if day["cycle"] == 1), Fraction(0))
    assert shows(document["year"]["g_per_year"], oracle.grams_a_year(course_g, span))
    assert shows(document["year"]["g_per_week"], oracle.grams_a_year(course_g, span) * 7 / Fraction("365.25"))
    assert exact(document["year"]["scheduled_g"]) == course_g * len(starts)


EVEN = [pair for pair in PAIRS if not CATALOGUE["regimens"][pair[1]].get("day_pattern")]


@settings(max_examples=400)
@given(
    st.sampled_from(EVEN),
    st.integers(30, 1500).map(lambda tenths: Fraction(tenths, 10)),
    st.lists(st.integers(1, 45), min_size=1, max_size=4),
    st.sampled_from([None, "privigen-us", "gamunex-c", "octagam-10-eu"]),
)
def test_the_rest_of_a_course(pair, weight, percents, product):
    given_g = [half_up(weight * percent / 100, Fraction(1, 10)) or Fraction(1, 10) for percent in percents]
    indication, regimen = pair
    case = Case(indication, weight, regimen, product=product, age_years=age_for(*pair), sex="F")
    request = Request(
        indication, decimal(weight), regimen=regimen, product=product, age_years=decimal(case.age_years), sex="F",
        given=tuple(EarlierDose(decimal(each)) for each in given_g),
    )  # fmt: skip
    answer = PLANNER.plan(request)
    try:
        rest, whole_g = oracle.rest_of_course(CATALOGUE, case, given_g)
    except Refused as refused:
        expected_rule = refused.rule
        rest = None
    if rest is None:
        event(f"refused {expected_rule}")
        assert isinstance(answer, Refusal)
        assert answer.rule == expected_rule or expected_rule not in ("given-above-course", "course-complete")
        return
    if isinstance(answer, Refusal):
        # Ceilings and stops are the oracle's of whole courses; none of them may be about what was given.
        event(f"stopped by {answer.rule}")
        assert answer.rule not in ("given-above-course", "course-complete", "start-before-given")
        return
    event("planned")
    document = plan_document(answer)
    part = document["part_given"]
    assert shows(part["course_g"], whole_g)
    assert shows(part["left_g"], rest.course_g)
    assert exact(part["given_g"]) == sum(given_g)
    assert [half_up(each, Fraction("0.001")) for each in rest.day_g] == [
        exact(day) for day in document["dose"]["days_g"]
    ]
    expected = oracle.given_rest(CATALOGUE, case, rest, sum(given_g))
    assert [exact(day["dose_g"]) for day in document["schedule"]] == list(expected)


@given(
    st.sampled_from(["replacement-label-us", "replacement-label-eu", "replacement-monthly", "replacement-ontario"]),
    st.integers(30, 3000),
    st.booleans(),
)
def test_what_may_be_expected_of_a_trough(regimen, hundredths, at_high):
    igg, span = Fraction(hundredths, 100), CATALOGUE["regimens"][regimen]["g_per_kg"]
    now = span["high"] if at_high else span["default"]
    request = Request(
        "pid", Decimal(70), regimen=regimen, igg_g_per_l=decimal(igg), g_per_kg=decimal(now) if at_high else None
    )
    (expected,) = plan_document(PLANNER.plan(request))["trough"]["expected"]
    for end in ("low", "high"):
        assert shows(expected[f"{end}_g_per_l"], oracle.expected_igg(CATALOGUE, igg, now, span[end]))
