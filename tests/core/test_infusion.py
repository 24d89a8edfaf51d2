"""The infusion: rates from the label's unit, the ladder, the pump's steps, the time, and no empty step anywhere."""

from datetime import datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ivig_dose.catalogue.models import AtRisk, HourRange, LabelRate, PrintedRate, Product, RateStep, RateTable, Vial
from ivig_dose.core.infusion import can_run, run_ladder, run_within_hours
from ivig_dose.core.ladder import Ladder, choose_ladder
from ivig_dose.core.plan import make_plan
from ivig_dose.core.request import MaxRate
from ivig_dose.core.results import Plan
from ivig_dose.quantity import Ratio
from tests.core.asking import notice, notice_ids, plan, refusal
from tests.strategies import as_fraction, decimals, products, requests, shipped, weights_kg

D = Decimal


def table(steps):
    """Each step as (mL/h, minutes, mL, cumulative mL)."""
    return [
        tuple(f"{value.normalize():f}" for value in (s.rate_ml_per_h, s.minutes, s.volume_ml, s.cumulative_ml))
        for s in steps
    ]


def rate(value, unit="mL/kg/h", also=None):
    return LabelRate(value=D(value), unit=unit, also=also and PrintedRate(value=D(also[0]), unit=also[1]))


def a_product(*tables, at_risk=None, g_per_100_ml="10"):
    vials = (Vial(g=D(5), ml=D(50)),)
    return Product(
        id="p", name="P", region="US", g_per_100_ml=D(g_per_100_ml), vials=vials, rates=tables, sources=("s",),
        at_risk=at_risk,
    )  # fmt: skip


def a_table(start="0.5", maximum="4", indications=("itp",), **extra):
    return RateTable(indications=indications, start=rate(start), maximum=rate(maximum), sources=("s",), **extra)


def a_ladder(*rungs):
    """Rungs as (mL/kg/h, minutes)."""
    steps = tuple((Ratio(D(value)), minutes) for value, minutes in rungs)
    return Ladder(steps, steps[-1][0], "label", True, False, False, ("s",))


# --- from the label to the pump


@pytest.mark.parametrize(
    ("value", "unit", "g_per_100_ml", "ml_per_kg_per_h"),
    [
        ("0.5", "mL/kg/h", "10", "0.5"),
        ("0.06", "mL/kg/min", "10", "3.6"),
        ("0.5", "mg/kg/min", "10", "0.3"),  # 0.5 x 60 / 100 mg/mL
        ("8", "mg/kg/min", "10", "4.8"),
        ("3.33", "mg/kg/min", "5", "3.996"),  # 3.33 x 60 / 50 mg/mL
        ("30", "mg/kg/h", "5", "0.6"),
        ("4", "mg/kg/min", "5", "4.8"),
    ],
)
def test_a_rate_is_exact_from_the_labels_own_unit(value, unit, g_per_100_ml, ml_per_kg_per_h):
    assert as_fraction(rate(value, unit).effective(D(g_per_100_ml))) == Fraction(ml_per_kg_per_h)


@pytest.mark.parametrize(
    ("value", "unit", "also", "g_per_100_ml", "lower"),
    [
        # E-11: the units that labels print beside each other, and differ
        ("3.33", "mg/kg/min", ("0.07", "mL/kg/min"), "5", "3.996"),  # Octagam 5 %: 0.07 is 4.2, 5.1 % more
        ("3.3", "mg/kg/min", ("0.03", "mL/kg/min"), "10", "1.8"),  # Octagam 10 %: 3.3 is 1.98, 10 % more
        ("3.3", "mg/kg/min", ("0.033", "mL/kg/min"), "10", "1.98"),  # Panzyga: they agree
        ("0.5", "mL/kg/h", ("0.8", "mg/kg/min"), "10", "0.48"),  # Gammagard: 0.8 is 0.48, 4 % less
        ("5", "mL/kg/h", ("8", "mg/kg/min"), "10", "4.8"),
    ],
)
def test_the_lower_of_two_printed_units_counts(value, unit, also, g_per_100_ml, lower):
    assert as_fraction(rate(value, unit, also).effective(D(g_per_100_ml))) == Fraction(lower)


@pytest.mark.parametrize(
    ("kg", "per_kg", "pump", "ml_per_h"),
    [
        ("70", "0.3", "0.1", "21"),
        ("10.5", "0.3", "0.1", "3.1"),  # E-14: exactly 3.15, and a rate is rounded down, never up
        ("7.5", "3.6", "1", "27"),  # E-51: a float gives 26
        ("70.05", "0.3", "0.1", "21"),  # 21.015
        ("3.4", "0.3", "1", "1"),  # 1.02
        ("83.7", "2.4", "5", "200"),  # 200.88
    ],
)
def test_a_rate_is_rounded_down_to_the_pumps_step(kg, per_kg, pump, ml_per_h):
    steps = run_ladder(a_ladder((per_kg, None)), Ratio(D(kg)), D(1000), D(pump), None)
    assert steps[0].rate_ml_per_h == D(ml_per_h)


def test_a_pump_that_cannot_go_as_low_as_the_first_rate_gives_no_steps_and_a_warning(catalogue):
    """1 kg at 0.3 mL/kg/h is 0.3 mL/h, below a step of 1 mL/h."""
    assert run_ladder(a_ladder(("0.3", 30), ("0.6", None)), Ratio(D(1)), D(10), D(1), None) == ()
    answer = plan(catalogue, "itp", "1", product="privigen-us", round="none", pump_step="1")
    assert answer.schedule[0].steps == ()
    assert answer.schedule[0].total_minutes is None
    assert answer.infusion_note is None
    warning = notice(answer, "pump-step-too-coarse")
    assert warning.level == "warning"
    assert "below one step of the pump, 1 mL/h" in warning.text


@given(decimals("0.1", "3", "0.1"), decimals("0.3", "10", "0.1"), st.sampled_from([D("0.1"), D(1), D(5)]))
def test_whether_a_pump_can_run_a_ladder_is_whether_it_gives_steps(per_kg, weight, pump):
    ladder = a_ladder((str(per_kg), 30), ("6", None))
    assert can_run(ladder, Ratio(weight), pump) == bool(run_ladder(ladder, Ratio(weight), D(100), pump, None))


@pytest.mark.parametrize(("pump", "can"), [("10", True), ("10.001", False)])
def test_a_pump_is_asked_for_the_first_rate_of_the_exact_dosing_weight(pump, can):
    """A weight from a formula is a quotient: 0.3 mL/kg/h at 100/3 kg is 10 mL/h."""
    ladder = a_ladder(("0.3", 30), ("0.6", None))
    assert can_run(ladder, Ratio(D(100), D(3)), D(pump)) == can
    assert bool(run_ladder(ladder, Ratio(D(100), D(3)), D(100), D(pump), None)) == can


def test_rungs_that_the_pump_cannot_tell_apart_are_one_step():
    """1 kg: 0.30 and 0.35 mL/h are both 0.3 at a step of 0.1, for 60 minutes together."""
    ladder = a_ladder(("0.3", 30), ("0.35", 30), ("0.6", None))
    steps = run_ladder(ladder, Ratio(D(1)), D(1), D("0.1"), None)
    assert table(steps) == [("0.3", "60", "0.3", "0.3"), ("0.6", "70", "0.7", "1")]
    until_the_end = a_ladder(("0.3", 30), ("0.35", None))
    assert table(run_ladder(until_the_end, Ratio(D(1)), D(1), D("0.1"), None)) == [("0.3", "200", "1", "1")]


# --- whole infusions, worked out by hand


def test_privigen_in_itp_for_70_kg(catalogue):
    """0.5 mg/kg/min is 0.3 mL/kg/h, 21 mL/h; doubled to the maximum of 4 mg/kg/min, 168 mL/h. 30 g are 300 mL.

    30 min each: 10.5, 21 and 42 mL = 73.5 mL; the rest, 226.5 mL, at 168 mL/h takes 80.893 min.
    """
    day = plan(catalogue, "itp", "70", product="privigen-us").schedule[0]
    assert day.volume_ml == 300
    assert table(day.steps) == [
        ("21", "30", "10.5", "10.5"),
        ("42", "30", "21", "31.5"),
        ("84", "30", "42", "73.5"),
        ("168", "80.89", "226.5", "300"),
    ]
    assert day.total_minutes == D("170.89")
    assert [str(step.rate_ml_per_kg_per_h.normalize()) for step in day.steps] == ["0.3", "0.6", "1.2", "2.4"]


def test_octagam_10_in_itp_for_70_kg(catalogue):
    """0.01, 0.02, 0.04, 0.08 and 0.12 mL/kg/min are 42, 84, 168, 336 and 504 mL/h (chart of NL-IVIG002). 28 g: 280 mL.

    30 min each: 21 + 42 + 84 = 147 mL; the rest, 133 mL, at 336 mL/h takes 23.75 min, so 504 is not reached.
    """
    day = plan(catalogue, "itp", "70", product="octagam-10-us").schedule[0]
    assert table(day.steps) == [
        ("42", "30", "21", "21"),
        ("84", "30", "42", "63"),
        ("168", "30", "84", "147"),
        ("336", "23.75", "133", "280"),
    ]


def test_a_5_percent_product_takes_twice_the_volume(catalogue):
    """70 kg PID, 21 g of Octagam 5 % as 21 g = 420 mL; 30 mg/kg/h is 0.6 mL/kg/h, 42 mL/h."""
    day = plan(catalogue, "pid", "70", product="octagam-5-us").schedule[0]
    assert (day.dose_g, day.volume_ml) == (21, 420)
    # 42, 84, 168 mL/h for 30 min: 21 + 42 + 84 = 147; 3.996 x 70 = 279.72 -> 279.7 mL/h for 273 mL: 58.563 min
    assert table(day.steps)[-1] == ("279.7", "58.56", "273", "420")


def test_asceniv_asks_for_steps_of_15_minutes(catalogue):
    """70 kg PID, 20 g = 200 mL; 0.5 mg/kg/min doubled every 15 min: 21, 42, 84, 168 mL/h give 78.75 mL in an hour."""
    day = plan(catalogue, "pid", "70", product="asceniv").schedule[0]
    assert table(day.steps) == [
        ("21", "15", "5.25", "5.25"),
        ("42", "15", "10.5", "15.75"),
        ("84", "15", "21", "36.75"),
        ("168", "15", "42", "78.75"),
        ("336", "21.65", "121.25", "200"),  # 121.25 / 336 x 60
    ]


def test_the_grams_of_a_step_follow_from_its_volume():
    """E-10: 210 mL/h for 22.5 min is 78.75 mL, which at 10 g/100 mL is 7.875 g and not 787.5 g."""
    steps = run_ladder(a_ladder(("3", None)), Ratio(D(70)), D("78.75"), D("0.1"), None)
    assert table(steps) == [("210", "22.5", "78.75", "78.75")]
    assert steps[0].volume_ml * 10 / 100 == D("7.875")


def test_the_clock_runs_with_the_steps(catalogue):
    start = datetime.fromisoformat("2026-01-31T23:00")
    answer = plan(catalogue, "itp", "70", product="privigen-us", start=start)
    first, second = answer.schedule[0], answer.schedule[1]
    assert [f"{step.starts:%d %H:%M}" for step in first.steps] == ["31 23:00", "31 23:30", "01 00:00", "01 00:30"]
    assert second.steps[0].starts == datetime.fromisoformat("2026-02-01T23:00")


def test_without_a_clock_no_step_has_one(catalogue):
    assert all(step.starts is None for step in plan(catalogue, "itp", "70", product="privigen-us").schedule[0].steps)


# --- boundaries


@pytest.mark.parametrize(
    ("volume", "expected"),
    [
        # E-13: a dose that ends on a boundary has no empty step at the next rate. 21 mL/h and 42 mL/h for 30 min
        ("10.5", [("21", "30", "10.5", "10.5")]),
        ("31.5", [("21", "30", "10.5", "10.5"), ("42", "30", "21", "31.5")]),
        ("73.5", [("21", "30", "10.5", "10.5"), ("42", "30", "21", "31.5"), ("84", "30", "42", "73.5")]),
        ("10.49", [("21", "29.97", "10.49", "10.49")]),
        # 0.01 mL more at 42 mL/h takes 0.014 min
        ("10.51", [("21", "30", "10.5", "10.5"), ("42", "0.01", "0.01", "10.51")]),
        ("10.6", [("21", "30", "10.5", "10.5"), ("42", "0.14", "0.1", "10.6")]),
    ],
)
def test_a_dose_that_ends_on_a_boundary_has_no_empty_step(volume, expected):
    ladder = a_ladder(("0.3", 30), ("0.6", 30), ("1.2", 30), ("2.4", None))
    assert table(run_ladder(ladder, Ratio(D(70)), D(volume), D("0.1"), None)) == expected


@settings(max_examples=100)
@given(
    products(),
    st.integers(0, 5),
    st.sampled_from(["itp", "pid", "cidp"]),
    weights_kg("2", "200"),
    st.sampled_from([D("0.1"), D(1)]),
)
def test_no_step_is_empty_on_any_boundary_of_any_product(product, rungs, indication, weight, pump):
    """The volume is set to end exactly where a rung ends, and 0.01 mL before and after."""
    ladder = choose_ladder(product, indication, True)
    assume(ladder is not None)
    whole = run_ladder(ladder, Ratio(weight), D(100000), pump, None)
    assume(whole)
    end = whole[min(rungs, len(whole) - 1)].cumulative_ml
    for volume in (end, end - D("0.01"), end + D("0.01")):
        assume(volume > 0)
        steps = run_ladder(ladder, Ratio(weight), volume, pump, None)
        check_steps(steps, volume, as_fraction(ladder.maximum) * Fraction(weight))


def check_steps(steps, volume, fastest):
    """What holds of every infusion: the volumes add up, no step is empty, no rate is above the cap, rates rise."""
    assert sum(step.volume_ml for step in steps) == volume
    assert steps[-1].cumulative_ml == volume
    assert all(step.volume_ml > 0 for step in steps)
    assert all(step.minutes > 0 for step in steps)
    assert all(step.rate_ml_per_h <= fastest for step in steps)
    rates = [step.rate_ml_per_h for step in steps]
    assert rates == sorted(set(rates))
    assert [step.step for step in steps] == list(range(1, len(steps) + 1))
    for step in steps:
        # rate x time is the volume, to the shown 0.01 min and 0.01 mL
        assert abs(step.rate_ml_per_h * step.minutes / 60 - step.volume_ml) <= D("0.01") + step.rate_ml_per_h / 6000


@settings(max_examples=150)
@given(requests())
def test_every_planned_infusion_gives_the_whole_dose_and_never_above_the_labels_maximum(request):
    answer = make_plan(request, shipped())
    assume(isinstance(answer, Plan))
    kg = as_fraction(answer.dosing_weight.kg)
    for day in answer.schedule:
        exact_ml = Fraction(day.dose_g) * 100 / Fraction(answer.g_per_100_ml)
        assert abs(Fraction(day.volume_ml) - exact_ml) <= Fraction(1, 200)
        if not day.steps:
            assert day.total_minutes is None
            continue
        fastest = max(step.rate_ml_per_h for step in day.steps)
        if answer.product is not None:
            tables = [table for table in answer.product.rates if request.indication in table.indications]
            allowed = max(as_fraction(t.maximum.effective(answer.g_per_100_ml)) for t in tables or answer.product.rates)
            fastest = allowed * kg
        check_steps(day.steps, day.volume_ml, fastest)
        assert day.total_minutes == sum(step.minutes for step in day.steps)


# --- which rates


def test_a_printed_ladder_is_used_as_it_stands_and_cut_at_the_maximum():
    steps = (
        RateStep(value=D(1), unit="mL/kg/h", minutes=30),
        RateStep(value=D(2), unit="mL/kg/h", minutes=30),
        RateStep(value=D(6), unit="mL/kg/h"),
    )
    ladder = choose_ladder(a_product(a_table("1", "4", steps=steps)), "itp", True)
    assert [(as_fraction(value), minutes) for value, minutes in ladder.steps] == [(1, 30), (2, 30), (4, None)]
    assert (ladder.basis, ladder.licensed) == ("label", True)


def test_a_printed_rung_at_the_maximum_is_the_last_one():
    steps = (
        RateStep(value=D(1), unit="mL/kg/h", minutes=30),
        RateStep(value=D(2), unit="mL/kg/h", minutes=30),
        RateStep(value=D(4), unit="mL/kg/h"),
    )
    ladder = choose_ladder(a_product(a_table("1", "2", steps=steps)), "itp", True)
    assert [(as_fraction(value), minutes) for value, minutes in ladder.steps] == [(1, 30), (2, None)]


@pytest.mark.parametrize(
    ("tables", "first", "maximum"),
    [
        ({"any": "4", "later": "3"}, True, 4),
        ({"any": "4", "first": "3"}, False, 4),
        ({"first": "4", "later": "3"}, True, 4),
        ({"first": "4", "later": "3"}, False, 3),
        ({"any": "4", "later": "3"}, False, 3),  # both are for a later one: the lower
    ],
)
def test_only_the_rates_printed_for_that_infusion_count(tables, first, maximum):
    product = a_product(*(a_table("0.5", value, infusion=kind) for kind, value in tables.items()))
    assert as_fraction(choose_ladder(product, "itp", first).maximum) == maximum


def test_a_licensed_ladder_starts_at_its_own_start_and_not_at_a_lower_one_of_another_use():
    product = a_product(a_table("0.5", "4"), a_table("0.3", "4", indications=("pid",)))
    assert as_fraction(choose_ladder(product, "itp", True).steps[0][0]) == Fraction("0.5")


def test_a_rate_per_kg_is_shown_rounded_down_like_the_rate_itself():
    """2/3 mL/kg/h is shown as 0.666 and not as 0.667, which would be above the label's maximum."""
    two_thirds = Ratio(D(2), D(3))
    ladder = Ladder(((two_thirds, None),), two_thirds, "label", True, False, False, ("s",))
    assert run_ladder(ladder, Ratio(D(30)), D(10), D("0.1"), None)[0].rate_ml_per_kg_per_h == D("0.666")


def test_a_printed_ladder_that_ends_below_the_maximum_stays_there():
    steps = (RateStep(value=D(1), unit="mL/kg/h", minutes=30), RateStep(value=D(3), unit="mL/kg/h"))
    ladder = choose_ladder(a_product(a_table("1", "4", steps=steps, ladder_basis="trial")), "itp", True)
    assert [(as_fraction(value), minutes) for value, minutes in ladder.steps] == [(1, 30), (3, None)]
    assert ladder.basis == "trial"


@pytest.mark.parametrize(
    ("extra", "rungs"),
    [
        ({}, [("0.5", 30), ("1", 30), ("2", 30), ("4", None)]),
        ({"start_minutes": 10}, [("0.5", 10), ("1", 30), ("2", 30), ("4", None)]),
        ({"step_minutes": 15}, [("0.5", 15), ("1", 15), ("2", 15), ("4", None)]),
        ({"start_minutes": 60, "step_minutes": 20}, [("0.5", 60), ("1", 20), ("2", 20), ("4", None)]),
    ],
)
def test_where_a_label_prints_only_start_and_maximum_the_rate_doubles_and_that_is_practice(extra, rungs):
    ladder = choose_ladder(a_product(a_table("0.5", "4", **extra)), "itp", True)
    assert [(as_fraction(value), minutes) for value, minutes in ladder.steps] == [(Fraction(v), m) for v, m in rungs]
    assert ladder.basis == "practice"


def test_a_start_at_the_maximum_is_one_rate():
    ladder = choose_ladder(a_product(a_table("4", "4")), "itp", True)
    assert [(as_fraction(value), minutes) for value, minutes in ladder.steps] == [(4, None)]


def test_a_product_without_rates_has_no_ladder():
    assert choose_ladder(a_product(), "itp", True) is None


@pytest.mark.parametrize(
    ("risks", "first"),
    [
        ((), True),
        (("first-infusion",), True),
        (("no-first-infusion",), False),
        (("no-first-infusion", "long-gap"), True),
        (("no-first-infusion", "product-switch"), True),
        (("long-gap",), True),
        (("none",), False),
    ],
)
def test_an_infusion_is_like_a_first_one_unless_known_to_be_later_and_after_a_gap_or_a_switch(catalogue, risks, first):
    """Qivigy, 70 kg: 1 mg/kg/min is 0.6 mL/kg/h, 42 mL/h, at first, later twice that. Privigen EU: 4.8 and 7.2."""
    steps = plan(catalogue, "pid", "70", product="qivigy", risks=risks, round="none").schedule[0].steps
    assert steps[0].rate_ml_per_h == (42 if first else 84)
    ladder = choose_ladder(catalogue.products["privigen-eu"], "pid", first)
    assert as_fraction(ladder.maximum) == Fraction("4.8" if first else "7.2")


def test_only_later_rates_are_better_than_none():
    ladder = choose_ladder(a_product(a_table(infusion="later")), "itp", True)
    assert ladder.licensed
    assert as_fraction(ladder.maximum) == 4


def test_the_maximum_depends_on_the_indication(catalogue):
    """E-15: Octagam 10 % is capped at 2.4 mL/kg/h in dermatomyositis and at 7.2 in ITP."""
    octagam = catalogue.products["octagam-10-us"]
    assert as_fraction(choose_ladder(octagam, "itp", True).maximum) == Fraction("7.2")
    assert as_fraction(choose_ladder(octagam, "dermatomyositis", True).maximum) == Fraction("2.4")


def test_a_product_without_rates_for_the_indication_gets_its_lowest_start_and_maximum(catalogue):
    """Octagam 10 % in CIDP: of 7.2 and 2.4 the lower, by doubling from 0.6, with a warning."""
    ladder = choose_ladder(catalogue.products["octagam-10-us"], "cidp", True)
    assert not ladder.licensed
    rungs = [(as_fraction(value), minutes) for value, minutes in ladder.steps]
    assert rungs == [(Fraction("0.6"), 30), (Fraction("1.2"), 30), (Fraction("2.4"), None)]
    answer = plan(catalogue, "cidp", "70", product="octagam-10-us")
    assert notice(answer, "rate-not-for-indication").level == "warning"
    low_start = a_product(a_table("0.5", "4"), a_table("0.3", "6", indications=("pid",)))
    assert as_fraction(choose_ladder(low_start, "cidp", True).steps[0][0]) == Fraction("0.3")


def test_patients_at_risk_get_the_labels_lower_maximum(catalogue):
    """Octagam 10 %: 3.3 mg/kg/min (1.98 mL/kg/h) printed as 0.03 mL/kg/min (1.8): the lower counts."""
    answer = plan(catalogue, "itp", "70", product="octagam-10-us", risks=("thrombosis-risk",))
    assert max(step.rate_ml_per_h for step in answer.schedule[0].steps) == 126  # 1.8 x 70
    assert "1.8 mL/kg/h" in notice(answer, "rate-capped-for-risk").text


# 70 kg. 3.3 mg/kg/min is 3.3 x 60 / 100 = 1.98 mL/kg/h at 10 %, 138.6 mL/h, and 3.3 x 60 / 50 = 3.96 mL/kg/h at 5 %.
@pytest.mark.parametrize(
    ("product", "indication", "facts", "highest", "rule"),
    [
        ("privigen-us", "pid", {"risks": ("renal-impairment", "thrombosis-risk")}, "138.6", "rate-capped-by-class"),
        ("privigen-us", "pid", {"age": "65"}, "336", None),  # 4.8 x 70; the label says over 65
        ("privigen-us", "pid", {"age": "65.1"}, "138.6", "rate-capped-by-class"),
        ("gammagard-liquid", "pid", {"risks": ("sepsis",)}, "138.6", "rate-capped-by-class"),
        ("gamunex-c", "itp", {"risks": ("diabetes",)}, "138.6", "rate-capped-by-class"),
        ("flebogamma-dif-5-us", "pid", {"risks": ("paraprotein",)}, "277.2", "rate-capped-by-class"),  # 3.96 x 70
        ("octagam-10-us", "itp", {"risks": ("thrombosis-risk",)}, "126", "rate-capped-for-risk"),  # the label: 1.8
        ("panzyga-us", "itp", {"risks": ("thrombosis-risk",)}, "138.6", "rate-capped-for-risk"),
        # the label says less than 3.3 mg/kg/min: one step of the pump below 3.96 x 70 = 277.2
        ("octagam-5-us", "pid", {"risks": ("renal-impairment",)}, "277.1", "rate-capped-for-risk"),
        # Bivigam's figure is for thrombosis alone, and below 2 mg/kg/min, 1.2 x 70 = 84; for the kidney the class's
        ("bivigam", "pid", {"risks": ("thrombosis-risk",)}, "83.9", "rate-capped-for-risk"),
        ("bivigam", "pid", {"risks": ("renal-impairment",)}, "138.6", "rate-capped-by-class"),
        # dermatomyositis: 4 mg/kg/min is 2.4 x 70 = 168 mL/h with every 10 % product; at risk the lower one
        ("panzyga-us", "dermatomyositis", {}, "168", None),
        ("gammagard-liquid", "dermatomyositis", {}, "168", "rate-capped-for-indication"),
        ("gammagard-liquid", "dermatomyositis", {"risks": ("sepsis",)}, "138.6", "rate-capped-by-class"),
    ],
)
def test_the_highest_rate_of_a_patient_of_70_kg(catalogue, product, indication, facts, highest, rule):
    answer = plan(catalogue, indication, "70", product=product, **facts)
    assert max(step.rate_ml_per_h for step in answer.schedule[0].steps) == D(highest)
    found = {"rate-capped-by-class", "rate-capped-for-risk", "rate-capped-for-indication"} & set(notice_ids(answer))
    assert rule is None or found == {rule}


def test_the_class_figure_is_said_to_be_the_class_s_and_the_label_to_print_none(catalogue):
    told = notice(plan(catalogue, "pid", "70", product="privigen-us", risks=("sepsis",)), "rate-capped-by-class")
    assert told.level == "warning"
    assert "the rate stops at 1.98 mL/kg/h" in told.text
    assert "lowest practicable rate" in told.text
    assert "Octagam 10% and Panzyga" in told.text


@pytest.mark.parametrize("product", sorted(shipped().products))
@pytest.mark.parametrize("risk", ["renal-impairment", "thrombosis-risk"])
def test_no_product_passes_the_class_figure_at_risk_in_any_indication(catalogue, product, risk):
    entry = catalogue.products[product]
    most = Fraction("3.3") * 60 / (Fraction(entry.g_per_100_ml) * 10) * 70
    for indication in ("pid", "itp", "cidp", "gbs"):
        answer = plan(catalogue, indication, "70", product=product, risks=(risk,), age="40")
        assert bool(answer.schedule[0].steps) == bool(entry.rates)
        assert ("rates-not-known" in [each.id for each in answer.notices]) == (not entry.rates)
        assert all(step.rate_ml_per_h <= most for step in answer.schedule[0].steps)


@pytest.mark.parametrize(
    ("max_rate", "rates"),
    [
        # Privigen US in ITP, 70 kg: 21, 42, 84 and 168 mL/h
        (None, ["21", "42", "84", "168"]),
        (MaxRate(ml_per_h=D(100)), ["21", "42", "84", "100"]),
        (MaxRate(ml_per_h=D(84)), ["21", "42", "84"]),
        (MaxRate(ml_per_h=D(10)), ["10"]),
        (MaxRate(ml_per_h=D(500)), ["21", "42", "84", "168"]),
        (MaxRate(ml_per_kg_per_h=D("1.5")), ["21", "42", "84", "105"]),
        (MaxRate(ml_per_kg_per_h=D(9)), ["21", "42", "84", "168"]),
    ],
)
def test_a_highest_rate_that_is_asked_for_caps_the_ladder(catalogue, max_rate, rates):
    answer = plan(catalogue, "itp", "70", product="privigen-us", round="none", max_rate=max_rate)
    assert [f"{step.rate_ml_per_h.normalize():f}" for step in answer.schedule[0].steps] == rates


def test_a_highest_rate_needs_a_product(catalogue):
    answer = refusal(catalogue, "itp", "70", max_rate=MaxRate(ml_per_h=D(100)))
    assert (answer.rule, answer.kind) == ("max-rate-needs-product", "usage")


def test_another_risk_changes_no_rate(catalogue):
    answer = plan(catalogue, "itp", "70", product="octagam-10-us", risks=("migraine",))
    assert not {"rate-capped-for-risk", "rate-risk-without-number"} & set(notice_ids(answer))


@pytest.mark.parametrize("risk", ["diabetes", "sepsis", "volume-depletion", "paraprotein", "nephrotoxins"])
def test_what_warns_of_the_kidney_lowers_the_rate_too(catalogue, risk):
    """Octagam 10 %: 3.3 mg/kg/min, also printed as 0.03 mL/kg/min; 0.03 x 60 = 1.8 mL/kg/h, x 80 kg = 144 mL/h."""
    answer = plan(catalogue, "itp", "80", product="octagam-10-us", risks=(risk,))
    assert {"renal", "rate-capped-for-risk"} <= set(notice_ids(answer))
    assert max(step.rate_ml_per_h for step in answer.schedule[0].steps) == 144


@pytest.mark.parametrize(("age", "highest"), [("65", D(576)), ("65.1", D(144)), (None, D(576))])
def test_above_65_years_the_lower_maximum_holds(catalogue, age, highest):
    """12 mg/kg/min is 7.2 mL/kg/h, x 80 kg = 576 mL/h; above 65 years 1.8 mL/kg/h. 65 itself is not above."""
    answer = plan(catalogue, "gbs", "80", product="octagam-10-us", age=age, regimen="high-dose-divided", days=2)
    licensed = plan(catalogue, "itp", "80", product="octagam-10-us", age=age, regimen="itp-1g-2-days")
    assert max(step.rate_ml_per_h for step in licensed.schedule[0].steps) == highest
    assert max(step.rate_ml_per_h for step in answer.schedule[0].steps) <= highest


def test_a_cap_for_risk_above_the_maximum_lowers_nothing():
    at_risk = AtRisk(text="x", sources=("r",), risks=("renal-impairment",), maximum=rate("5"))
    ladder = choose_ladder(a_product(a_table(), at_risk=at_risk), "itp", True, "label")
    assert (as_fraction(ladder.maximum), ladder.capped_for_risk, ladder.sources) == (4, False, ("s",))
    same = AtRisk(text="x", sources=("r",), risks=("renal-impairment",), maximum=rate("4"))
    ladder = choose_ladder(a_product(a_table(), at_risk=same), "itp", True, "label")
    assert (as_fraction(ladder.maximum), ladder.capped_for_risk, ladder.sources) == (4, False, ("s",))
    lower = AtRisk(text="x", sources=("r",), risks=("renal-impairment",), maximum=rate("2"))
    ladder = choose_ladder(a_product(a_table(), at_risk=lower), "itp", True, "label")
    assert (as_fraction(ladder.maximum), ladder.capped_for_risk, ladder.sources) == (2, True, ("s", "r"))


def test_the_maximum_of_every_product_is_never_below_its_start(catalogue):
    """E-37: start, each later step and the maximum rise."""
    for product in catalogue.products.values():
        for indication in {name for t in product.rates for name in t.indications}:
            ladder = choose_ladder(product, indication, True)
            rungs = [as_fraction(value) for value, _ in ladder.steps]
            assert rungs == sorted(set(rungs)), (product.id, indication)
            assert rungs[-1] <= as_fraction(ladder.maximum)


# --- infusions that are to take a given time


def test_without_a_product_the_mean_rate_is_said_and_no_pump_step_shown(catalogue):
    """12 kg: 24 g, 240 mL at 10 %. Over 12 h that is 20 mL/h, over 10 h 24 mL/h."""
    answer = plan(catalogue, "kawasaki", "12")
    day = answer.schedule[0]
    assert (day.steps, day.total_minutes) == ((), None)
    assert "over 10 to 12 hours, a mean rate of 20 to 24 mL/h; no product is named" in answer.infusion_note
    assert "infusion-time-not-met" not in notice_ids(answer)


def test_a_product_paces_its_ladder_to_the_hours(catalogue):
    """Privigen EU, 12 kg: 25 g, 250 mL. 3.6, 7.2 and 14.4 mL/h for 30 min give 12.6 mL; the rest, 237.4 mL, in the
    570 min left to 11 h needs 24.99 mL/h: 25 mL/h takes 569.76 min."""
    answer = plan(catalogue, "kawasaki", "12", product="privigen-eu")
    day = answer.schedule[0]
    assert table(day.steps) == [
        ("3.6", "30", "1.8", "1.8"),
        ("7.2", "30", "3.6", "5.4"),
        ("14.4", "30", "7.2", "12.6"),
        ("25", "569.76", "237.4", "250"),
    ]
    # 25 mL/h for 12 kg is 2.0833 mL/kg/h
    assert [f"{step.rate_ml_per_kg_per_h.normalize():f}" for step in day.steps] == ["0.3", "0.6", "1.2", "2.083"]
    assert answer.infusion_note.endswith("; paced for 10 to 12 hours")


def test_a_paced_infusion_has_its_clock_too(catalogue):
    start = datetime.fromisoformat("2026-01-31T23:00")
    day = plan(catalogue, "kawasaki", "12", product="privigen-eu", start=start).schedule[0]
    assert [f"{step.starts:%d %H:%M}" for step in day.steps] == ["31 23:00", "31 23:30", "01 00:00", "01 00:30"]


@pytest.mark.parametrize(("volume", "in_time"), [("120", True), ("120.1", False), ("123", False)])
def test_one_figure_of_hours_is_not_met_where_the_labels_maximum_is_too_slow(volume, in_time):
    """10 mL/h is the fastest: 120 mL take 12 h, and what takes longer is late, though by less than 5 percent."""
    hours = HourRange(low=D(12), high=D(12))
    _, met = run_within_hours(a_ladder(("1", None)), hours, Ratio(D(10)), D(volume), D("0.1"), None)
    assert met == in_time


def test_no_steps_are_never_in_time():
    """1 kg at 0.3 mL/kg/h is below a pump's step of 1 mL/h."""
    hours = HourRange(low=D(10), high=D(12))
    ladder = a_ladder(("0.3", 30), ("0.6", None))
    assert run_within_hours(ladder, hours, Ratio(D(1)), D(6), D(1), None) == ((), False)


def test_a_plateau_at_the_rate_of_a_rung_is_one_step():
    """10 kg, 17.5 mL in 2 hours: 5 mL/h for 30 min gives 2.5 mL, and the rest needs 10 mL/h for 90 min."""
    hours = HourRange(low=D(2), high=D(2))
    ladder = a_ladder(("0.5", 30), ("1", 30), ("2", None))
    steps, in_time = run_within_hours(ladder, hours, Ratio(D(10)), D("17.5"), D("0.1"), None)
    assert table(steps) == [("5", "30", "2.5", "2.5"), ("10", "90", "15", "17.5")]
    assert in_time


def test_a_maximum_that_is_too_low_for_the_hours_is_kept_and_said(catalogue):
    """Bivigam at risk: 2 mg/kg/min is 1.2 mL/kg/h, and 20 mL/kg take more than 16 h."""
    answer = plan(catalogue, "kawasaki", "20", product="bivigam", risks=("thrombosis-risk",))
    day = answer.schedule[0]
    assert max(step.rate_ml_per_h for step in day.steps) == D("23.9")  # below 1.2 x 20
    assert day.total_minutes > 16 * 60
    assert "17 h 22 min and not the regimen's 10 to 12 hours" in notice(answer, "infusion-time-not-met").text


ANY_RATE = a_ladder(("1000", None))
TEN_TO_TWELVE = HourRange(low=D(10), high=D(12))


def pace(volume_ml, pump, hours):
    """The only rate of a ladder that allows any, and whether the hours are kept; for a patient of 1 kg."""
    steps, in_time = run_within_hours(ANY_RATE, hours, Ratio(D(1)), D(volume_ml), D(pump), None)
    assert len(steps) == 1
    return steps[0].rate_ml_per_h, steps[0].minutes, in_time


@pytest.mark.parametrize(
    ("volume", "pump", "expected"),
    [
        ("140", "5", (10, 840, False)),  # 15 mL/h is 9 h 20 min, too fast; 10 mL/h is 14 h
        ("15", "1", (1, 900, False)),  # 2 mL/h is 7 h 30 min, too fast; 1 mL/h is 15 h
        ("240", "100", (100, 144, False)),  # the lowest rate that the pump has
        ("240", "0.1", (D("21.9"), D("657.53"), True)),  # by the middle, 11 h, 21.82 mL/h are needed
    ],
)
def test_a_pump_too_coarse_for_the_hours_errs_on_the_slow_side(volume, pump, expected):
    assert pace(volume, pump, TEN_TO_TWELVE) == expected


def test_a_pump_too_coarse_for_the_hours_is_a_warning(catalogue):
    """Privigen EU, 25 kg, 500 mL: at 7 mL/h for an hour, then 14 mL/h, far more than 12 h; 120 mL/h is the maximum."""
    answer = plan(catalogue, "kawasaki", "25", product="privigen-eu", pump_step="7", max_rate=MaxRate(ml_per_h=D(14)))
    warning = notice(answer, "infusion-time-not-met")
    assert (warning.level, warning.sources) == ("warning", answer.choice.sources)
    assert "and not the regimen's 10 to 12 hours" in warning.text
    assert "pump steps of 7 mL/h" in warning.text


def test_a_pump_too_coarse_for_a_products_first_rate_is_said_for_hours_too(catalogue):
    answer = plan(catalogue, "kawasaki", "1", product="privigen-eu", round="none", pump_step="1")
    assert answer.schedule[0].steps == ()
    assert "pump-step-too-coarse" in notice_ids(answer)


def test_hours_that_are_one_figure_are_met_or_passed_by_less_than_5_percent():
    """600 mL over 12 h: 50 mL/h exactly. 17 mL over 2 h: 8.5 mL/h. 622 mL in 12 h needs 51.83 mL/h."""
    twelve, two = HourRange(low=D(12), high=D(12)), HourRange(low=D(2), high=D(2))
    assert pace("600", "0.1", twelve) == (50, 720, True)
    assert pace("17", "0.1", two) == (D("8.5"), 120, True)
    assert pace("622", "0.1", twelve) == (D("51.8"), D("720.46"), True)
    assert pace("622", "10", twelve) == (50, D("746.4"), True)  # 3.7 % more
    assert pace("140", "5", twelve) == (10, 840, False)  # 17 % more


@given(weights_kg("2", "100"), st.sampled_from(["0.1", "1"]), st.integers(1, 6), st.integers(0, 6))
def test_a_paced_infusion_is_the_slowest_that_ends_by_the_middle_unless_that_is_too_fast(weight, pump, low, width):
    hours, volume, pump = HourRange(low=D(low), high=D(low + width)), weight * 20, D(pump)
    steps, kept = run_within_hours(ANY_RATE, hours, Ratio(weight), volume, pump, None)
    assert len(steps) == 1

    def minutes(pump_steps):
        return Fraction(int(volume * 60 * 100 / (pump_steps * pump) + D("0.5")), 100)  # as shown: to 0.01, ties up

    enough = -(-Fraction(volume) * 2 / (2 * low + width) // Fraction(pump))
    enough -= enough > 1 and minutes(enough - 1) <= (2 * low + width) * 30
    too_fast = enough > 1 and minutes(enough) < low * 60
    assert steps[0].rate_ml_per_h == (enough - too_fast) * pump
    high = low + width
    most = high * Fraction(105, 100) if low == high else high
    assert kept == (low * 60 <= steps[0].minutes <= most * 60)


@pytest.mark.parametrize(
    ("rungs", "volume", "expected"),
    [
        # 1202 mL in 1 h: 1202 mL/h takes 60 min, and 1201.9 mL/h takes 60.005 min, shown as 60
        ((("1300", None),), "1202", [("1201.9", "60", "1202", "1202")]),
        # two rungs of 30 min leave no time for a plateau: the fastest rate is the answer, and the time is not met
        (
            (("10", 30), ("20", 30), ("40", None)),
            "55",
            [("10", "30", "5", "5"), ("20", "30", "10", "15"), ("40", "60", "40", "55")],
        ),
        # the first rung alone would give more than the whole: the plateau lies below it
        ((("100", 30), ("200", None)), "20", [("20", "60", "20", "20")]),
    ],
)
def test_the_plateau_is_found_where_rungs_or_rounded_times_leave_little(rungs, volume, expected):
    steps, kept = run_within_hours(
        a_ladder(*rungs), HourRange(low=D(1), high=D(1)), Ratio(D(1)), D(volume), D("0.1"), None
    )
    assert table(steps) == expected
    assert kept == (sum(step.minutes for step in steps) == 60)


@given(
    st.lists(
        st.tuples(st.integers(1, 300), st.sampled_from([10, 15, 30])), min_size=1, max_size=5, unique_by=lambda r: r[0]
    ),
    decimals("1", "2000", "0.01"),
    st.sampled_from([D("0.1"), D(1), D(7)]),
    st.integers(1, 12),
    st.integers(0, 2),
)
def test_the_plateau_is_the_lowest_that_ends_by_the_middle_among_all(rungs, volume, pump, low, width):
    """Every setting of the pump is tried, from the lowest: none below the answer ends by the middle of the range."""
    rising = sorted(rungs)
    ladder = a_ladder(*((str(rate), minutes) for rate, minutes in rising[:-1]), (str(rising[-1][0]), None))
    hours = HourRange(low=D(low), high=D(low + width))
    assume(can_run(ladder, Ratio(D(1)), pump))
    steps, _ = run_within_hours(ladder, hours, Ratio(D(1)), volume, pump, None)
    check_steps(steps, volume, Fraction(rising[-1][0]))

    def total(plateau):
        flat = [(str(rate), minutes) for rate, minutes in rising[:-1] if rate // pump * pump < plateau]
        return sum(
            step.minutes for step in run_ladder(a_ladder(*flat, (str(plateau), None)), Ratio(D(1)), volume, pump, None)
        )

    settings_ = [count * pump for count in range(1, int(rising[-1][0] // pump) + 1)]
    middle = (2 * low + width) * 30
    lowest = next((setting for setting in settings_ if total(setting) <= middle), settings_[-1])
    if total(lowest) < low * 60 and lowest > pump:
        lowest -= pump
    assert sum(step.minutes for step in steps) == total(lowest)


@given(products(), decimals("2", "60", "0.1"))
def test_a_paced_infusion_of_a_product_never_passes_its_maximum(product, weight):
    ladder = choose_ladder(product, "kawasaki", True)
    assume(ladder is not None)
    volume = (weight * 200 / product.g_per_100_ml).quantize(D("0.01"))
    hours = HourRange(low=D(10), high=D(12))
    steps, kept = run_within_hours(ladder, hours, Ratio(weight), volume, D("0.1"), None)
    check_steps(steps, volume, as_fraction(ladder.maximum) * Fraction(weight))
    assert kept == (600 <= sum(step.minutes for step in steps) <= 720)


# --- from an app's own prose


def test_the_time_of_a_ladder_is_the_sum_of_its_steps():
    """E-09: 822 mL in steps of 30 mL/h every 30 min up to 300 mL/h takes 4.99 h and not the 3.5 h that a page says.

    Nine steps of 30 min give 15 x (1 + ... + 9) = 675 mL in 270 min; 147 mL at 300 mL/h take 29.4 min: 299.4 min.
    """
    ladder = a_ladder(*((str(30 * step), 30) for step in range(1, 10)), ("300", None))
    steps = run_ladder(ladder, Ratio(D(1)), D(822), D("0.1"), None)
    assert sum(step.minutes for step in steps) == D("299.4")
    assert sum(step.volume_ml for step in steps) == 822


def test_a_paced_time_is_judged_as_it_is_shown():
    """The middle is 19.986 min. 19.02 mL at 57.1 mL/h take 19.98599 min, shown as 19.99, so 57.2 mL/h: 19.951 min."""
    hours = HourRange(low=D("0.3"), high=D("0.3662"))
    steps, _ = run_within_hours(a_ladder(("100", None)), hours, Ratio(D(1)), D("19.02"), D("0.1"), None)
    assert table(steps) == [("57.2", "19.95", "19.02", "19.02")]
