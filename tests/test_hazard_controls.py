"""What went wrong in other calculators, tried on this one through its command line.

Each test names the hazards of `docs/hazards.md` that it answers. Figures are worked out by hand beside it.
"""

import ast
import functools
from itertools import pairwise
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ivig_dose.catalogue.loader import load_catalogue
from ivig_dose.cli import plans
from ivig_dose.cli.app import app
from tests.cli.conftest import Answer

PACKAGE = Path(__file__).parent.parent / "ivig_dose"
EXACT_MODULES = [*sorted((PACKAGE / "core").glob("*.py")), PACKAGE / "quantity.py"]
HOW_ALIKE = {"names.py"}
"""Modules whose only floats say how alike two names are spelt."""
LEAN_MAN = ("--height", "175", "--sex", "M", "--age", "40")


@pytest.fixture
def run(monkeypatch):
    """Run `ivig-dose` with these arguments."""
    monkeypatch.setattr(plans, "load_catalogue", load_once)
    return lambda *arguments: Answer(CliRunner().invoke(app, arguments, prog_name="ivig-dose"))


load_once = functools.cache(load_catalogue)


def notice_ids(answer):
    return [notice["id"] for notice in answer.json["notices"]]


def test_total_day_and_grams_per_kg_stand_in_the_frame_at_the_top(run):
    # E-01: 2 g/kg x 75 kg = 150 g; 150 g / 5 = 30 g; 2 g/kg / 5 = 0.4 g/kg
    title, dose = run("dose", "gbs", "-w", "75").out.splitlines()[1:3]

    assert title.strip("│ ").endswith("75 kg")
    assert dose.strip("│ ") == "30 g a day for 5 days = 150 g for the course (0.4 g/kg a day, 2 g/kg for the course)"


def test_pounds_never_become_kilograms(run):
    # E-02: 25 lb x 0.45359237 = 11.33980925 kg
    typed = run("dose", "itp", "-w", "25 lb")
    assert (typed.code, typed.out) == (2, "")
    assert "25 lb is 11.34 kg: type --weight 11.34" in typed.err

    mistaken = run("dose", "itp", "-w", "25", "--height", "80", "--json")
    assert mistaken.json["patient"]["weight_kg"] == 25
    assert "weight-maybe-pounds" in notice_ids(mistaken)
    assert "25 lb is 11.34 kg" in run("dose", "itp", "-w", "25", "--height", "80").out


def test_pounds_are_converted_by_the_exact_factor(run):
    # E-55: 110.2 lb x 0.45359237 = 49.985879174 kg, below Ontario's 50 kg; divided by 2.2 it would be 50.09 kg
    assert "110.2 lb is 49.986 kg" in run("dose", "itp", "-w", "110.2 lb").err


def test_an_impossible_patient_gets_no_dose_in_any_command(run, tmp_path):
    # E-03: swapped, 70 kg would be 170 kg; 70 kg at 10 days; a zero lost from 70 kg
    swapped = run("dose", "itp", "-w", "170", "--height", "70")
    assert (swapped.code, swapped.out) == (4, "")
    assert "weight and height look swapped [weight-height-swapped]" in swapped.err
    assert "is it 70 kg and 170 cm?" in swapped.err

    assert (
        run("dose", "itp", "-w", "70", "--age", "10 days", "--json").json["refusal"]["rule"] == "weight-age-impossible"
    )
    assert run("dose", "itp", "-w", "7", "--height", "170").code == 4
    assert run("check", "itp", "-w", "7", "--height", "170", "--ordered", "2.8 g/day", "--days", "5").code == 4

    rows = tmp_path / "rows.csv"
    rows.write_text("id,indication,weight_kg,height_cm\na,itp,170,70\nb,itp,70,170\n", encoding="utf-8")
    answer = run("batch", str(rows))
    assert answer.code == 5
    assert [line.split(",")[2] for line in answer.out.splitlines()[1:]] == ["refused", "ok"]


def test_an_order_on_an_old_weight_is_traced_to_it(run):
    # E-04: 33.6 g a day is 0.4 g/kg for 84 kg; the weight typed is 70 kg
    answer = run("check", "itp", "-w", "70", "--ordered", "33.6 g/day", "--json")

    assert answer.code == 6
    assert [slip["id"] for slip in answer.json["slips"]] == ["stale-weight"]
    assert "84 kg would give the ordered dose" in answer.json["slips"][0]["text"]


@pytest.mark.parametrize("text", ["140", "28", "2.5"])
def test_grams_in_the_place_of_grams_per_kg_give_no_dose(run, text):
    # E-06: what fits no regimen of the indication is refused with its range
    answer = run("dose", "itp", "-w", "70", "--g-per-kg", text)

    assert (answer.code, answer.out) == (4, "")
    assert "outside the range of itp-daily: 0.4 g/kg a day" in answer.err


def test_grams_typed_as_grams_per_kg_are_named(run):
    # E-06: 140 g for 70 kg is 2 g/kg
    answer = run("dose", "gbs", "-w", "70", "--g-per-kg", "140")

    assert answer.code == 4
    assert "140 g at 70 kg is 2 g/kg" in answer.err


@pytest.mark.parametrize("weight", ["50", "55"])
def test_no_policy_doses_a_lean_patient_above_his_weight(run, weight):
    # E-07, E-39, E-41: Devine for 175 cm is 70.5 kg; elsewhere it gave 50 kg +41 % and, in Ontario's words, 55 kg +17 %
    policies = run("compare", "cidp", "-w", weight, *LEAN_MAN, "--json").json["policies"]

    assert len(policies) > 5
    for plan in policies:
        assert (plan["policy"], plan["dosing_weight"]["kg"]) == (plan["policy"], int(weight))


@pytest.mark.parametrize(
    ("weight", "kind", "distance"),
    [
        ("91.874", "actual", "0.001 kg below the rule's threshold of 91.875 kg"),
        ("91.875", "actual", "exactly on the rule's threshold of 91.875 kg"),
        ("91.876", "adjusted", "0.001 kg above the rule's threshold of 91.875 kg"),
    ],
)
def test_a_threshold_is_named_on_both_sides_and_on_it(run, weight, kind, distance):
    # E-08, E-50: 30 x 1.75 x 1.75 = 91.875 kg is BMI 30 exactly, which is not above 30
    dosing = run("dose", "cidp", "-w", weight, *LEAN_MAN, "--weight-policy", "bmi-30", "--json").json["dosing_weight"]

    assert dosing["kind"] == kind
    assert distance in dosing["threshold"]


def test_a_rate_is_rounded_down_to_the_pump_and_the_working_says_so(run):
    # E-14: 0.3 mL/kg/h x 10.5 kg = 3.15 mL/h, which a pump of 0.1 mL/h steps must not pass
    answer = run("dose", "itp", "-w", "10.5", "-p", "privigen-us", "--json")
    assert answer.json["schedule"][0]["steps"][0]["rate_ml_per_h"] == 3.1

    explained = run("dose", "itp", "-w", "10.5", "-p", "privigen-us", "--explain").out
    assert "0.3 mL/kg/h x 10.5 kg, down to a pump step of 0.1 mL/h = 3.1 mL/h" in explained


@pytest.mark.parametrize(
    ("indication", "regimen", "maximum"),
    [
        ("dermatomyositis", "high-dose-divided", 2.4),
        ("itp", "itp-1g-single", 7.2),
        ("cidp", "high-dose-divided", 2.4),
    ],
)
def test_the_maximum_rate_is_the_labels_for_the_indication_or_the_lowest(run, indication, regimen, maximum):
    # E-15: Octagam 10 % prints 0.04 mL/kg/min (2.4 mL/kg/h) for dermatomyositis, 0.12 (7.2) for ITP, none for CIDP
    answer = run("dose", indication, "-w", "200", "-r", regimen, "-p", "octagam-10-us", "--json")

    rates = [step["rate_ml_per_kg_per_h"] for step in answer.json["schedule"][0]["steps"]]
    assert max(rates) == maximum
    assert ("rate-not-for-indication" in notice_ids(answer)) is (indication == "cidp")


@pytest.mark.parametrize("unit", ["mg", "lbs", "st", "banana", "kg/h", "g/hr", "ug", "µg"])
def test_an_unknown_unit_is_never_guessed(run, unit):
    # E-16
    answer = run("dose", "itp", "-w", f"70 {unit}")

    assert (answer.code, answer.out) == (2, "")


@pytest.mark.parametrize("order", ["28 units/kg/hr", "28 IU/day", "0.4 ug/kg/day", "28 g/h", "28", "28 g/kg"])
def test_an_order_in_other_units_or_without_basis_is_never_guessed(run, order):
    # E-01, E-16
    answer = run("check", "itp", "-w", "70", "--ordered", order)

    assert (answer.code, answer.out) == (2, "")


def test_a_default_from_a_range_is_shown_as_one(run):
    # E-17: design section 4 makes 2 g/kg the default of 1 to 2 g/kg; 70 kg x 1 = 70 g and x 2 = 140 g
    text = run("dose", "gbs", "-w", "70").out
    assert "2 g/kg for the course: catalogue default; range 1 to 2 g/kg" in text
    assert "whole range for this patient: 70 g to 140 g for the course" in text


def test_an_unknown_age_is_listed_and_no_formula_reaches_below_its_height(run):
    # E-18: Devine's weight for a man of 97 cm would be 50 + 2.3 x (97 / 2.54 - 60) = -0.2 kg
    assert "age" in run("dose", "itp", "-w", "70", "--json").json["not_checked"]
    short = run("dose", "cidp", "-w", "20", "--height", "97", "--sex", "M", "--weight-policy", "ideal")
    assert (short.code, short.out) == (4, "")
    assert "no ideal weight below 152.4 cm" in short.err


def test_a_capped_course_says_so_in_every_form(run):
    # E-21: 2 g/kg x 64 kg = 128 g, capped at 100 g
    command = ("dose", "mis-c", "-w", "64")
    assert "WARNING: The course is capped at 100 g; 2 g/kg would be 128 g." in run(*command).out
    assert run(*command, "--json").json["dose"]["capped_from_g"] == 128
    assert "course-capped" in run(*command, "--format", "csv").out
    assert "capped at 100 g" in run(*command, "--format", "markdown").out


@pytest.mark.parametrize(("weight", "code"), [("0.299", 4), ("0.3", 0), ("350", 0), ("350.001", 4)])
def test_the_limits_of_weight_are_the_same_wherever_they_are_said(run, weight, code):
    # E-22, E-25: 0.4 g/kg x 5 = 2 g/kg: 0.6 g for 0.3 kg and 700 g for 350 kg, in every form
    answer = run("dose", "itp", "-w", weight)
    assert answer.code == code
    if code:
        assert "outside 0.3 to 350 kg" in answer.err
        return
    course = {"0.3": "0.6", "350": "700"}[weight]
    assert f"= {course} g for the course" in answer.out
    assert str(run("dose", "itp", "-w", weight, "--json").json["dose"]["course_g"]) == course
    assert f",{course},{course}," in run("dose", "itp", "-w", weight, "--format", "csv").out
    assert f"= {course} g for the course" in run("dose", "itp", "-w", weight, "--format", "markdown").out


@pytest.mark.parametrize("module", EXACT_MODULES, ids=lambda module: module.name)
def test_no_float_between_reading_and_writing(module):
    # E-14, E-23, E-50 to E-53
    tree = ast.parse(module.read_text(encoding="utf-8"))

    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id in ("float", "round")]
    floats = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, float)]
    assert [node.lineno for node in names] == []
    assert [node.lineno for node in floats if module.name not in HOW_ALIKE] == []


@pytest.mark.parametrize("product", ["privigen", "privigen-au", "octagam", "hizentra", "hyqvia"])
def test_a_product_is_named_in_full_or_not_at_all(run, product):
    # E-34: look-alike names; subcutaneous products are not in the catalogue
    answer = run("dose", "itp", "-w", "70", "-p", product)

    assert (answer.code, answer.out) == (2, "")


@pytest.mark.parametrize("command", [["dose", "itp"], ["check", "itp", "--ordered", "28 g/day"], ["compare", "itp"]])
def test_a_missing_weight_gives_nothing(run, command):
    # E-35, E-47
    answer = run(*command)

    assert (answer.code, answer.out) == (2, "")
    assert "the weight is missing" in answer.err


def test_one_patient_leaves_nothing_behind_for_the_next(run):
    # E-35
    before = run("dose", "itp", "-w", "70", "--json").out
    run("dose", "cidp", "-w", "12", "--age", "3", "-p", "octagam-10-us", "--risk", "thrombosis-risk", "--days", "2")

    assert run("dose", "itp", "-w", "70", "--json").out == before


def test_what_was_read_is_said_back(run):
    # E-36: BMI 118 / 1.7 / 1.7 = 40.83
    text = run("dose", "cidp", "-w", "118", "--height", "1.7 m", "--sex", "f", "--age", "50", "--blood-group", "ab").out

    assert "118 kg; 170 cm (BMI 40.8), female, 50 years, blood group AB " in text.splitlines()[1]


def test_grams_a_day_are_never_read_as_grams_per_kg(run):
    # E-37: 1 g/day for 2 days is 2 g, and not 65 kg x 1 g/kg
    answer = run("check", "itp", "-w", "65", "--days", "2", "--ordered", "1 g/day", "--json")

    assert answer.json["ordered"]["course_g"] == 2


def test_a_regimen_of_another_indication_gives_no_dose(run):
    # E-37: 0.4 g/kg a day for 5 days is no replacement
    answer = run("dose", "pid", "-w", "70", "-r", "itp-daily")

    assert (answer.code, answer.out) == (4, "")
    assert "regimen itp-daily is not one of pid" in answer.err


@pytest.mark.parametrize("product", sorted(load_once().products))
def test_every_products_rates_rise_and_every_step_gives_something(run, product):
    # E-13, E-37: the first rate is the lowest, and no step is empty
    steps = run("dose", "itp", "-r", "itp-1g-single", "-w", "70", "-p", product, "--json").json["schedule"][0]["steps"]

    rates = [step["rate_ml_per_h"] for step in steps]
    assert all(before < after for before, after in pairwise(rates))
    assert all(step["volume_ml"] > 0 and step["minutes"] > 0 for step in steps)


def test_rounding_to_whole_vials_is_always_told(run):
    # E-44, E-59: 44 kg x 2 g/kg = 88 g; in vials of 5 g and more the nearest course is 90 g: +2 g, 2 / 88 = 2.27 %
    answer = run("dose", "cidp", "-w", "44", "-p", "privigen-us", "--json")
    rounding = answer.json["rounding"]
    assert (rounding["rule"], rounding["course_g"], rounding["difference_g"]) == ("vial", 90, 2)
    assert rounding["difference_pct"] == 2.27
    assert sum(day["dose_g"] for day in answer.json["schedule"]) == 90

    text = run("dose", "cidp", "-w", "44", "-p", "privigen-us").out
    assert "90 g for the course instead of 88 g, +2 g (+2.27 %)" in text


def test_a_small_child_is_never_rounded_to_nothing(run):
    # E-54: 8 kg x 0.4 g/kg = 3.2 g: 5 g a day would be 25 g for 16 g, +56.25 %, and 0 g nothing
    told = run("dose", "itp", "-w", "8", "--product", "privigen-us", "--json")
    assert [day["dose_g"] for day in told.json["schedule"]] == [3.2] * 5
    assert "part-vials" in [notice["id"] for notice in told.json["notices"]]
    parts = [day["part_vials"] for day in told.json["schedule"]]
    # 10 %: 3.2 g are 32 mL of a vial of 5 g in 50 mL
    assert [(part["drawn_ml"], part["discarded_ml"]) for part in parts] == [(32, 18)] * 5

    refused = run("dose", "itp", "-w", "8", "--round", "5g")
    assert (refused.code, refused.out) == (4, "")
    assert "--round none for exactly 16 g over 5 days" in refused.err


@pytest.mark.parametrize(("weight", "vials"), [("6", {2: 3}), ("26", {20: 1, 2: 3})])
def test_vials_are_the_fewest_that_make_the_dose(run, weight, vials):
    # E-60: Octagam 10 % has 2, 5, 10, 20 and 30 g; the greedy pick gives 7 g for 6 g and 27 g for 26 g
    answer = run("dose", "itp", "-r", "itp-1g-single", "-w", weight, "-p", "octagam-10-us", "--json")

    picked = answer.json["schedule"][0]["vials"]
    assert {vial["g"]: vial["count"] for vial in picked} == vials
    assert answer.json["schedule"][0]["dose_g"] == int(weight)
