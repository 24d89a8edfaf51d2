"""The oracle against published figures and hand calculations, so that it can be trusted to judge the tool."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import product as every

import pytest

from tests.oracle import MG, Case, exact_dose, given_doses, infusion, on_the_grid
from tests.oracle_dates import after_months, defer_months, infusion_dates
from tests.oracle_infusion import Rates, ladder, ml_per_kg_per_h, plateau_for, rates_for, total_minutes
from tests.oracle_sample import CATALOGUE
from tests.oracle_vials import Spans, half_up, reachable, round_course, vials_for
from tests.oracle_weight import Person, Refused, adjusted_kg, bmi, devine_kg, dosing_weight

PRODUCTS = CATALOGUE["products"]


def F(text: str | int) -> Fraction:  # noqa: N802
    return Fraction(str(text))


def case(indication: str = "any", weight: str = "70", regimen: str | None = None, **more: object) -> Case:
    return Case(indication, F(weight), regimen, **more)  # type: ignore[arg-type]


def weigh(policy: str, weight: str, height: str | None = None, sex: str | None = None, **more: object):
    person = Person(F(weight), F(height) if height else None, sex, **more)  # type: ignore[arg-type]
    return dosing_weight(CATALOGUE["weight_policies"][policy], person)


def sizes(name: str) -> tuple[Fraction, ...]:
    return tuple(vial["g"] for vial in PRODUCTS[name]["vials"])


# --- weights -------------------------------------------------------------------------------------------------------


def test_devine_and_adjusted_weights_as_clinpk_publishes_them():
    tenth = F("0.1")
    assert half_up(devine_kg(F(180), "M"), tenth) == 75  # DW-IBW-1
    assert half_up(adjusted_kg(F(80), devine_kg(F(180), "M"), F("0.4")), tenth) == 77  # DW-ADJ-1
    assert half_up(weigh("clinpk", "160", "160", "F").kg, tenth) == F("95.4")  # DW-CLINPK-1
    assert half_up(bmi(Person(F(80), F(180))), tenth) == F("24.7")  # DW-BMI-1
    assert half_up(weigh("over-30", "120", "175", "M").kg, tenth) == F("90.3")  # reference/rules.md section 1
    assert half_up(adjusted_kg(F(120), devine_kg(F(175), "M"), F("0.5")), tenth) == F("95.2")
    assert devine_kg(F("152.4"), "F") == F("45.5")
    assert devine_kg(F("152.4"), "M") == 50


@pytest.mark.parametrize(("weight", "height"), [("76.8", "160"), ("86.7", "170")])
def test_bmi_of_exactly_30_is_30_under_both_boundaries(weight, height):  # hazard E-50
    assert bmi(Person(F(weight), F(height))) == 30
    assert weigh("over-30", weight, height, "M").kind == "actual"
    assert weigh("from-30", weight, height, "M").kind == "adjusted"


def test_nobody_is_dosed_above_the_actual_weight():
    assert weigh("ontario", "60", "185", "M").kg == 60  # Ontario as printed gives 71.7 kg
    assert weigh("ontario", "55", "175", "M").kg == 55  # hazard E-39: 64.3 kg
    assert weigh("australia", "45", "175", "M", age_years=F(40)).kg == 45
    assert weigh("ideal", "50", "175", "M").kg == 50  # hazard E-07


@pytest.mark.parametrize(
    ("policy", "height", "kind"),
    [
        ("australia", "151.9", "actual"),
        ("australia", "152", "adjusted"),
        ("ontario", "152.3", "actual"),
        ("ontario", "152.4", "adjusted"),
    ],
)
def test_height_gates_from_both_sides(policy, height, kind):
    assert weigh(policy, "90", height, "F", age_years=F(40)).kind == kind


def test_age_weight_and_ideal_gates_from_both_sides():
    assert weigh("australia", "90", "170", "F", age_years=F("17.9")).kind == "actual"
    assert weigh("australia", "90", "170", "F", age_years=F(18)).kind == "adjusted"
    assert weigh("australia", "90", "170", "F", age_years=F(18), pregnant=True).kind == "actual"
    assert weigh("ontario", "45.5", "152.4", "F").kind == "actual"
    assert weigh("ontario", "45.6", "152.4", "F").kind == "adjusted"
    assert weigh("us-120", "60", "152.4", "M").kind == "actual"  # exactly 120 % of 50 kg
    assert weigh("us-120", "60.1", "152.4", "M").kg == 50 + F("0.4") * F("10.1")


@pytest.mark.parametrize(
    ("policy", "facts", "refusal"),
    [
        ("ideal", {"height": "152.3", "sex": "M"}, ("height-floor",)),
        ("ideal", {"sex": "M"}, ("fact-missing", "height")),
        ("ideal", {"height": "170"}, ("fact-missing", "sex")),
        ("ideal", {}, ("fact-missing", "height", "sex")),
        ("australia", {"height": "170", "sex": "M"}, ("fact-missing", "age")),
        ("us-120", {"height": "140", "sex": "M"}, ("height-floor",)),
        ("over-30", {"sex": "M"}, ("fact-missing", "height")),
    ],
)
def test_a_missing_fact_or_a_short_patient_is_refused(policy, facts, refusal):
    with pytest.raises(Refused) as caught:
        weigh(policy, "90", **facts)
    assert caught.value.args == refusal


# --- doses ---------------------------------------------------------------------------------------------------------


def test_doses_by_hand():
    itp = exact_dose(CATALOGUE, case("itp", "70"))
    assert (itp.day_g, itp.course_g, itp.low_g, itp.high_g) == ((28,) * 5, 140, 56, 140)
    assert exact_dose(CATALOGUE, case("any", "75")).day_g == (30,) * 5  # hazard E-01: 150 g is the course
    assert exact_dose(CATALOGUE, case("any", "70", "toxic-shock")).day_g == (70, 35, 35)
    month = exact_dose(CATALOGUE, case("any", "83.7", "monthly"))
    assert (month.course_g, month.low_g, month.high_g) == (F("25.11"), F("16.74"), F("33.48"))


def test_limits_cap_the_course_and_refuse_the_day():
    capped = exact_dose(CATALOGUE, case("any", "60", "capped", days=2))
    assert (capped.day_g, capped.course_g, capped.capped) == ((50, 50), 100, True)
    assert (capped.low_g, capped.high_g) == (100, 100)
    assert not exact_dose(CATALOGUE, case("any", "50", "capped")).capped
    assert exact_dose(CATALOGUE, case("any", "140", "day-limit")).day_g == (140, 140)
    for weight, days, rule in (("140.1", 2, "g-per-day-limit"), ("70", 1, "g-per-kg-per-day-limit")):
        with pytest.raises(Refused, match=rule):
            exact_dose(CATALOGUE, case("any", weight, "day-limit", days=days))
    for weight in ("0.29", "350.1"):
        with pytest.raises(Refused, match="out-of-bounds"):
            exact_dose(CATALOGUE, case("any", weight))
    for chosen in ({"g_per_kg": F("2.1")}, {"g_per_kg": F("0.9")}, {"days": 1}, {"days": 6}):
        with pytest.raises(Refused, match="range"):
            exact_dose(CATALOGUE, case("any", "70", "divided", **chosen))


def test_unrounded_doses_lie_on_the_grid_and_sum_to_the_course():
    no_limit = (F(1000), F(1000))
    assert on_the_grid((F(10) / 3,) * 3, *no_limit) == (F("3.334"), F("3.333"), F("3.333"))
    assert on_the_grid((F("0.0005"),) * 2, *no_limit) == (F("0.001"), 0)
    assert on_the_grid((F("0.7005"),), F("0.7005"), F(9)) == (F("0.7"),)  # never above a hard limit
    for weight in ("0.5", "3.4", "70.1", "299.9"):
        for days in (2, 3, 4, 5):
            asked = case("any", weight, "divided", g_per_kg=F("1.7"), days=days)
            given = given_doses(CATALOGUE, asked, exact_dose(CATALOGUE, asked))
            assert sum(given) == half_up(F(weight) * F("1.7"), MG)
            assert sorted(given, reverse=True) == list(given)
            assert given[0] - given[-1] <= MG


# --- vials ---------------------------------------------------------------------------------------------------------


def test_vials_fewest_then_largest():
    assert vials_for(F(6), sizes("octagam-10")) == (2, 2, 2)
    assert vials_for(F(26), sizes("octagam-10")) == (20, 2, 2, 2)
    assert vials_for(F(3), sizes("octagam-10")) == ()
    assert vials_for(F(60), (F(10), F(20), F(30), F(40))) == (40, 20)  # not 30 + 30


@pytest.mark.parametrize(
    ("course", "days", "vial", "direction", "given"),
    [
        ("140", 5, "5", "nearest", (30, 30, 30, 25, 25)),
        ("137.5", 5, "5", "nearest", (30, 30, 30, 25, 25)),
        ("137.4", 5, "5", "nearest", (30, 30, 25, 25, 25)),
        ("137.4", 5, "5", "up", (30, 30, 30, 25, 25)),
        ("139.9", 5, "5", "down", (30, 30, 25, 25, 25)),
        ("12.5", 1, "5", "nearest", (15,)),  # hazard E-53: ties up
        ("22.5", 1, "5", "nearest", (25,)),
        ("1.2", 1, "5", "nearest", (5,)),  # hazard E-54: never 0
        ("1.2", 2, "5", "down", (5, 5)),
    ],
)
def test_a_course_in_whole_vials(course, days, vial, direction, given):
    wanted = (F(course) / days,) * days
    assert round_course(wanted, (F(vial),), direction, up_to(days)) == given


def up_to(days, course=10**6):
    """Only highest grams for the course."""
    return Spans(((F(0), F(10**6)),) * days, (F(0), F(course)))


def test_rounding_never_passes_a_limit():
    assert round_course((F(98),), (F(5),), "up", up_to(1, F(98))) == (95,)
    assert round_course((F(4),), (F(5),), "nearest", up_to(1, F(4))) is None
    asked = case("any", "70", "toxic-shock", product="octagam-10")
    assert given_doses(CATALOGUE, asked, exact_dose(CATALOGUE, asked)) == (70, 35, 35)
    unequal = (F("71.3"), F("35.65"), F("35.65"))  # 142.6 g: 145 g is nearest, and the larger day comes first
    assert round_course(unequal, (F(5),), "nearest", up_to(3)) == (75, 35, 35)
    unequal = (F("34.7"), F("17.35"), F("17.35"))  # 70 g is nearest: the first day keeps its 35 g
    assert round_course(unequal, (F(5),), "nearest", up_to(3)) == (35, 20, 15)


@pytest.mark.parametrize(
    ("weight", "given"),
    [
        # 0.4 g/kg on each of 2 days in vials of 5 g
        ("46", (20, 15)),  # 36.8 g, 18.4 a day: 35 g is 4.9 % less, the days 8.7 % more and 18.5 % less
        ("12", (5, 5)),  # 9.6 g: 10 g is 4.2 % more
        ("11", (F("4.4"), F("4.4"))),  # 8.8 g: 10 g would be 13.6 % more
        ("4", (F("1.6"), F("1.6"))),  # 3.2 g: 10 g would be three times as much
    ],
)
def test_whole_vials_only_inside_the_tolerances(weight, given):
    asked = case("any", weight, "daily", days=2, product="qivigy")
    dose = exact_dose(CATALOGUE, asked)
    assert given_doses(CATALOGUE, asked, dose) == given
    if F(given[0]).denominator > 1:
        with pytest.raises(Refused):
            given_doses(CATALOGUE, replace(asked, rounding="vial"), dose)


@pytest.mark.slow
@pytest.mark.parametrize("direction", ["nearest", "down", "up"])
@pytest.mark.parametrize("days", [1, 2, 3])
def test_the_chosen_split_against_every_split(direction, days):
    vials = (F(2), F(5), F(20))
    doses = reachable(vials, F(45))
    splits = [
        split
        for split in every(doses[:40], repeat=days)
        if sorted(split, reverse=True) == list(split) and doses.index(split[0]) - doses.index(split[-1]) <= 1
    ]
    for tenths in range(5, 400, 17):
        course = F(tenths) / 10
        best = round_course((course / days,) * days, vials, direction, up_to(days))
        sums = {sum(split) for split in splits}
        if direction == "down":
            sums = {total for total in sums if total <= course} or {min(sums)}
        if direction == "up":
            sums = {total for total in sums if total >= course}
        nearest = min(abs(total - course) for total in sums)
        assert best in splits
        assert sum(best) == max(total for total in sums if abs(total - course) == nearest)


# --- infusion ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kg", "published"),
    [
        (40, (24, 48, 96, 144, 192, 288, 336)),
        (70, (42, 84, 168, 252, 336, 504, 588)),
        (130, (78, 156, 312, 468, 624, 936, 1092)),
    ],
)
def test_rates_of_the_newfoundland_tables(kg, published):  # NL-IVIG002
    printed = ("0.01", "0.02", "0.04", "0.06", "0.08", "0.12", "0.14")
    rates = [ml_per_kg_per_h({"value": F(rate), "unit": "mL/kg/min"}, F(10)) * kg for rate in printed]
    assert tuple(rates) == published


def test_octagam_10_units_agree_and_the_lower_of_two_counts():
    per_minute, per_hour, ml = (1, 2, 4, 8, 12), (60, 120, 240, 480, 720), ("0.01", "0.02", "0.04", "0.08", "0.12")
    for row in zip(per_minute, per_hour, ml, strict=True):  # RATE-OCT10-STEPS
        units = zip(row, ("mg/kg/min", "mg/kg/h", "mL/kg/min"), strict=True)
        assert len({ml_per_kg_per_h({"value": F(value), "unit": unit}, F(10)) for value, unit in units}) == 1
    lower = PRODUCTS["octagam-10"]["at_risk"]["maximum"]
    assert ml_per_kg_per_h(lower, F(10)) == F("1.8")  # hazard E-11: 0.03 mL/kg/min, not 3.3 mg/kg/min = 1.98
    assert rates_for(PRODUCTS["octagam-10"], "itp", {"thrombosis-risk"}).maximum == F("1.8")
    assert rates_for(PRODUCTS["octagam-10"], "cidp").maximum == F("2.4")  # no table: lowest of the maxima


def test_panzyga_chart_for_50_kg():  # RATE-PANZYGA-50
    steps = ladder(Rates([(F("0.6"), F(30)), (F("2.4"), F(15)), (F("4.8"), F(30))], F("4.8")), F(50), F(500), F("0.1"))
    assert [step.rate_ml_per_h for step in steps] == [30, 120, 240]
    assert [step.volume_ml for step in steps] == [15, 30, 455]


def test_privigen_volume_by_weight():  # DOSE-EQ-PRIVIGEN
    assert [F(mg) / 1000 * 100 / 10 for mg in (200, 800, 1000, 2000)] == [2, 8, 10, 20]


def test_gammaplex_example_takes_2_h_15_min():
    steps = infusion(CATALOGUE, case("pid", "70", product="gammaplex-5"), F(560), F(70))
    assert [step.rate_ml_per_h for step in steps] == [42, 84, 168, 252, 336]
    assert [step.volume_ml for step in steps] == [F("10.5"), 21, 42, 63, F("423.5")]
    assert total_minutes(list(steps)) == F("135.625")


def test_the_published_example_of_822_ml_takes_5_hours_not_three_and_a_half():  # hazard E-09
    rates = Rates([(F(30) * step, F(30)) for step in range(1, 11)], F(300))
    assert half_up(total_minutes(ladder(rates, F(1), F(822), F("0.1"))) / 60, F("0.01")) == F("4.99")


def test_first_and_later_infusions():
    first, later = (rates_for(PRODUCTS["qivigy"], "pid", risks) for risks in ((), ("no-first-infusion",)))
    assert first.rungs == [(F("0.6"), 30), (F("1.2"), 30), (F("2.4"), 30), (F("4.8"), 30)]
    assert later.rungs == [(F("1.2"), 15), (F("2.4"), 15), (F("4.8"), 15)]


def test_rates_are_rounded_down_to_the_pump_step_and_no_step_is_empty():
    rates = rates_for(PRODUCTS["octagam-10"], "dermatomyositis")
    assert [s.rate_ml_per_h for s in ladder(rates, F("10.5"), F(500), F("0.1"))] == [F("6.3"), F("12.6"), F("25.2")]
    assert [s.rate_ml_per_h for s in ladder(rates, F("10.5"), F(500), F(1))] == [6, 12, 25]
    on_a_boundary = ladder(rates, F(70), F(21 + 42), F("0.1"))  # hazard E-13
    assert [(s.rate_ml_per_h, s.minutes, s.cumulative_ml) for s in on_a_boundary] == [(42, 30, 21), (84, 30, 63)]
    assert F("0.06") * 60 * F("7.5") == 27  # hazard E-51
    assert len(ladder(rates, F(70), F("0.1"), F("0.1"))) == 1
    assert ladder(rates, F("1.6"), F(10), F(1)) == []  # 0.96 mL/h is below one step of such a pump


@pytest.mark.parametrize(("kg", "volume"), [(3, 60), (12, 240), (70, 1400), (12, 30)])
@pytest.mark.parametrize(("low", "high"), [(10, 12), (2, 2), (1, 4)])
def test_whether_a_plateau_fits_against_every_plateau(kg, volume, low, high):
    rates = rates_for(PRODUCTS["octagam-10"], "dermatomyositis")
    totals = [
        total_minutes(ladder(rates, F(kg), F(volume), F("0.1"), F(tenths) / 10))
        for tenths in range(1, int(rates.maximum * kg * 10) + 1)
    ]
    assert totals == sorted(totals, reverse=True)
    fits = any(low * 60 <= total <= high * 60 for total in totals)
    expected = "yes" if fits else "too-slow" if totals[-1] > high * 60 else "no"
    found = plateau_for({"low": F(low), "high": F(high)}, rates, F(kg), F(volume), F("0.1"))
    assert found.verdict == expected
    if expected != "too-slow":
        assert totals[int(found.lowest * 10) - 1] <= high * 60
        assert all(total > high * 60 for total in totals[: int(found.lowest * 10) - 1])


# --- dates and vaccines --------------------------------------------------------------------------------------------


def test_a_month_after_31_january():
    assert after_months(date(2027, 1, 31), 1) == date(2027, 2, 28)
    assert after_months(date(2028, 1, 31), 1) == date(2028, 2, 29)
    assert after_months(date(2026, 12, 31), 2) == date(2027, 2, 28)
    assert after_months(date(2026, 11, 30), 11) == date(2027, 10, 30)
    monthly = infusion_dates(date(2027, 1, 31), CATALOGUE["regimens"]["monthly"], 1, 4)
    assert monthly == [date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30)]


@pytest.mark.parametrize(
    ("g_per_kg", "months"), [("0.3", 8), ("0.4", 8), ("0.401", 10), ("1", 10), ("1.2", 11), ("2", 11), ("2.4", 11)]
)
def test_vaccine_rows_of_the_united_states(g_per_kg, months):  # VAX-US-1 to 6
    assert defer_months(CATALOGUE["vaccines"]["us"], "itp", F(g_per_kg)) == months


def test_vaccine_rows_that_name_the_indication_come_first():
    assert defer_months(CATALOGUE["vaccines"]["au"], "pid", F("0.4")) == 9
    assert defer_months(CATALOGUE["vaccines"]["au"], "itp", F("0.4")) == 8
    assert defer_months(CATALOGUE["vaccines"]["au"], "pid", F("0.5")) == 10
    assert defer_months(CATALOGUE["vaccines"]["au"], "pid", F(2)) == 11
