"""The working: every line can be done again by hand and gives its value."""

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings

from ivig_dose.core.plan import make_plan
from ivig_dose.core.results import Plan
from tests.core.asking import plan
from tests.strategies import requests, shipped

D = Decimal


def lines(answer):
    return {line.label: (line.formula, f"{line.value.normalize():f}", line.unit) for line in answer.working}


def test_the_main_job_is_written_out(catalogue):
    found = lines(plan(catalogue, "itp", "70"))
    assert found["dose of a day"] == ("0.4 g/kg a day x 70 kg", "28", "g")
    assert found["course"] == ("28 g x 5", "140", "g")
    assert found["volume of a day"] == ("28 g x 100 mL / 10 g (assumed, no product named)", "280", "mL")
    assert found["course given, steps of 0.001 g, nearest, ties up"] == ("28 + 28 + 28 + 28 + 28", "140", "g")
    assert "change by rounding" not in found


def test_a_divided_course_is_written_from_the_course_down(catalogue):
    found = lines(plan(catalogue, "gbs", "75"))
    assert found["course"] == ("2 g/kg x 75 kg", "150", "g")
    assert found["dose of a day"] == ("150 g / 5", "30", "g")


def test_a_single_infusion_has_no_line_for_the_day(catalogue):
    assert "dose of a day" not in lines(plan(catalogue, "kawasaki", "12"))


def test_unequal_days_each_have_their_line(catalogue):
    found = lines(plan(catalogue, "tss", "70"))
    assert found["dose of day 1"] == ("140 g x 1 / 2", "70", "g")
    assert found["dose of day 2"] == found["dose of day 3"] == ("140 g x 0.5 / 2", "35", "g")


def test_a_cap_shows_the_course_before_and_after(catalogue):
    found = lines(plan(catalogue, "mis-c", "60"))
    assert found["course"] == ("2 g/kg x 60 kg", "120", "g")
    assert found["course, capped"] == ("at most 100 g", "100", "g")
    by_day = lines(plan(catalogue, "mis-c", "60", regimen="mis-c-2-days"))
    assert by_day["course"] == ("1 g/kg x 2 x 60 kg", "120", "g")
    assert by_day["dose of a day"] == ("100 g / 2", "50", "g")


def test_the_dosing_weight_is_written_from_height_and_sex(catalogue):
    """170 cm, woman, 118 kg: BMI 40.830; ideal 61.437; adjusted 84.062."""
    found = lines(plan(catalogue, "gbs", "118", height="170", sex="F", policy="adjusted"))
    assert found["body mass index"] == ("118 kg / (1.7 m x 1.7 m)", "40.83", "kg/m2")
    assert found["ideal weight"] == ("45.5 + 2.3 x (170 cm / 2.54 - 60)", "61.437", "kg")
    assert found["adjusted weight"] == ("61.437 + 0.4 x (118 - 61.437)", "84.062", "kg")
    assert found["dosing weight"] == ("adjusted weight", "84.062", "kg")


def test_vials_and_the_change_that_they_make_are_written(catalogue):
    found = lines(plan(catalogue, "pid", "83.7", product="privigen-us"))
    assert found["course given, whole vials, nearest, ties up"] == ("25", "25", "g")
    assert found["change by rounding"] == ("25 g - 25.11 g", "-0.11", "g")
    assert found["volume of a day"] == ("25 g x 100 mL / 10 g (privigen-us)", "250", "mL")


def test_a_change_downwards_is_rounded_like_one_upwards(catalogue):
    """83.712 kg x 0.3 = 25.1136 g; 25 g is 0.1136 g less. Adjusted 84.062205 kg x 2 = 168.12441 g; 168 g is given."""
    found = lines(plan(catalogue, "pid", "83.712", product="privigen-us"))
    assert found["change by rounding"] == ("25 g - 25.114 g", "-0.114", "g")
    facts = {"height": "170", "sex": "F", "policy": "adjusted", "product": "octagam-10-us"}
    assert lines(plan(catalogue, "cidp", "118", **facts))["change by rounding"] == ("168 g - 168.124 g", "-0.124", "g")


def test_a_height_is_written_to_a_tenth_of_a_millimetre(catalogue):
    """150.25 cm is 1.5025 m; 60 / 2.25750625 = 26.578."""
    found = lines(plan(catalogue, "gbs", "60", height="150.25"))
    assert found["body mass index"] == ("60 kg / (1.5025 m x 1.5025 m)", "26.578", "kg/m2")


def test_steps_in_grams_are_named(catalogue):
    assert "course given, steps of 5 g, up, ties up" in lines(plan(catalogue, "gbs", "44", round=D(5), direction="up"))


def test_each_step_of_the_infusion_is_written(catalogue):
    found = lines(plan(catalogue, "itp", "70", product="privigen-us"))
    formula, value, unit = found["rate of step 1"]
    assert (formula.split(",")[0], value, unit) == ("0.3 mL/kg/h x 70 kg", "21", "mL/h")
    assert found["volume of step 1"] == ("21 mL/h x 30 min / 60", "10.5", "mL")
    assert found["time of the first infusion"] == ("30 + 30 + 30 + 80.89", "170.89", "min")


def test_the_last_step_is_worked_out_from_what_is_left(catalogue):
    found = lines(plan(catalogue, "itp", "70", product="privigen-us"))
    # 300 mL - 10.5 - 21 - 42 mL; 226.5 x 60 / 168 = 80.892...
    assert found["volume of step 4, the rest"] == ("300 mL - 73.5 mL", "226.5", "mL")
    assert found["time of step 4"] == ("226.5 mL x 60 / 168 mL/h", "80.89", "min")


@pytest.mark.parametrize(
    ("weight", "product", "step", "formula", "rate"),
    [
        # 25 g in 250 mL, of which 12.6 mL in the first 90 min: 237.4 x 60 / 570 = 24.98
        ("12", "privigen-us", 4, "237.4 mL x 60 / (660 min - 90 min), up to a pump step of 0.1 mL/h", "25"),
    ],
)
def test_a_rate_that_is_set_by_the_time_is_worked_out_from_it(catalogue, weight, product, step, formula, rate):
    found = lines(plan(catalogue, "kawasaki", weight, product=product))
    assert found[f"rate of step {step}"] == (formula, rate, "mL/h")


def test_figures_from_a_source_name_it(catalogue):
    sources = {line.label: line.source for line in plan(catalogue, "itp", "70").working}
    assert sources["dose of a day"] == "seed"
    assert sources["dosing weight"]
    assert all(source == "" or source in catalogue.sources for source in sources.values())


def test_every_line_names_the_source_of_its_figures_and_no_other(catalogue):
    answer = plan(catalogue, "gbs", "118", height="170", sex="F", policy="adjusted", product="privigen-us")
    weight, regimen = answer.dosing_weight.sources[0], answer.choice.sources[0]
    product, rates = answer.product.sources[0], catalogue.products["privigen-us"].rates[0].sources[0]
    wanted = {
        "body mass index": "", "ideal weight": weight, "adjusted weight": weight, "dosing weight": weight,
        "course": regimen, "dose of a day": "", "course given, whole vials, nearest, ties up": "",
        "change by rounding": "", "volume of a day": product, "rate of step 1": rates, "volume of step 1": "",
        "volume of step 4, the rest": "", "rate of step 4": rates, "time of step 4": "",
        "time of the first infusion": "",
    }  # fmt: skip
    found = {line.label: line.source for line in answer.working}
    assert {label: found[label] for label in wanted} == wanted
    tss = {line.label: line.source for line in plan(catalogue, "tss", "70").working}
    capped = {line.label: line.source for line in plan(catalogue, "mis-c", "60").working}
    assert capped["course, capped"] == capped["course"] == catalogue.regimens["mis-c-single"].sources[0]
    assert tss["dose of day 1"] == tss["course"] == catalogue.regimens["tss-unequal-days"].sources[0]


def evaluate(formula):
    """The value of an arithmetic formula with its units left out, or None where it has words."""
    formula = formula.partition(",")[0]
    text = re.sub(r"\([^()]*(?:assumed|[a-z]+-[a-z0-9-]+)[^()]*\)", "", formula)
    text = re.sub(r"\b(g/kg|mL/h|mL|kg|cm|min|g|m|a day)\b(/kg/h)?", "", text).replace("x", "*")
    if not re.fullmatch(r"[0-9.+\-*/() ]+", text):
        return None
    return eval(re.sub(r"[0-9.]+", lambda match: f"Fraction('{match[0]}')", text), {"Fraction": Fraction})  # noqa: S307


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("0.4 g/kg a day x 70 kg", 28),
        ("45.5 + 2.3 x (177.8 cm / 2.54 - 60)", Fraction("68.5")),
        ("adjusted weight: x", None),
    ],
)
def test_the_tests_own_arithmetic_is_right(formula, value):
    assert evaluate(formula) == value


@settings(max_examples=150)
@given(requests())
def test_every_formula_gives_its_value(request):
    """E-35: what is written is what was computed, to the 3 decimals that are shown of each term."""
    answer = make_plan(request, shipped())
    assume(isinstance(answer, Plan))
    checked = 0
    for line in answer.working:
        value = evaluate(line.formula)
        if value is None:
            continue
        checked += 1
        # a term shown to 3 decimals is off by at most 0.0005, times what it is multiplied by
        slack = Fraction("0.012") if line.unit == "mL" else Fraction("0.003")
        if line.unit == "mL/h":
            slack = Fraction(request.pump_step_ml_per_h or D("0.1"))  # rounded down to a step of the pump
        time_of_step = re.fullmatch(r"[0-9.]+ mL x 60 / ([0-9.]+) mL/h", line.formula)
        if time_of_step:  # volumes are shown to 0.01 mL, and the smallest patients have few of them
            slack = Fraction("0.005") * 60 / Fraction(time_of_step[1]) + Fraction("0.005")
        assert abs(value - Fraction(line.value)) <= max(slack, abs(value) / 500), line
    assert checked >= 2
