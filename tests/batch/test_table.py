"""`ivig-dose table`: the grid by weight in every form, and the check that nothing falls as weight rises."""

import csv
import io
import json
from decimal import Decimal

import pytest

from ivig_dose.core.grid import plan_weights, read_weights_kg
from ivig_dose.core.request import Request
from ivig_dose.core.results import Plan
from ivig_dose.problems import Refusal
from ivig_dose.quantity import QuantityError
from ivig_dose.report.weight_grid import GridRow, find_falls
from tests.strategies import shipped


@pytest.mark.parametrize(
    ("text", "weights"),
    [
        ("40:100:20", ["40", "60", "80", "100"]),
        ("3:4:0.3", ["3", "3.3", "3.6", "3.9"]),
        ("70:70:5", ["70"]),
        ("60,50,60", ["50", "60"]),
        ("3200 g,4kg", ["3.2", "4"]),
    ],
)
def test_weights_are_read(text, weights):
    assert read_weights_kg(text) == tuple(map(Decimal, weights))


@pytest.mark.parametrize(
    "text", ["", "40:100", "40:100:0", "100:40:5", "40:100:5:1", "40;50", "40:x:5", "1:350:0.01", "-5:5:1"]
)
def test_what_spells_no_weights_is_refused(text):
    with pytest.raises(QuantityError):
        read_weights_kg(text)


def test_the_grid_has_grams_vials_volume_rates_and_time_for_each_weight(run):
    answer = run("table", "itp", "--weights", "40:100:30", "--product", "privigen-us", "--format", "csv")

    rows = list(csv.DictReader(io.StringIO(answer.out)))
    assert answer.code == 0
    assert [row["weight_kg"] for row in rows] == ["40", "70", "100"]
    # 0.4 g/kg a day for 5 days: 16, 28 and 40 g a day; vials of 5, 10, 20, 40 g: 140 and 200 g
    # in all; at 40 kg a day of 20 g would be 0.5 g/kg, more than 10 % above 0.4, so 5 days of 15 g
    assert [(row["day_g"], row["course_g"], row["given_course_g"]) for row in rows] == [
        ("16", "80", "75"), ("28", "140", "140"), ("40", "200", "200"),
    ]  # fmt: skip
    assert rows[1]["given_days"] == "3 days of 30 g, 2 days of 25 g"
    assert rows[1]["volume_ml"] == "1400"
    # Privigen US: 0.5 mg/kg/min is 0.3 mL/kg/h: 21 mL/h at 70 kg
    assert rows[1]["rates_ml_per_h"].split()[0] == "21"


def test_the_screen_and_markdown_end_with_the_catalogue_and_its_dates(run):
    edition = shipped().catalogue
    dates = f"version {edition.version}, effective {edition.effective}, review by {edition.review_by}"
    for form in ("table", "markdown"):
        out = run("table", "itp", "--weights", "40:60:10", "--format", form).out
        assert dates in out.replace("\\", "")


def test_json_carries_the_origin(run):
    document = json.loads(run("table", "pid", "--weights", "50,60", "--json").out)

    # 0.3 g/kg
    assert [row["course_g"] for row in document["rows"]] == [15, 18]
    assert document["origin"]["review_by"] == shipped().catalogue.review_by.isoformat()


def test_a_weight_that_is_refused_says_so_in_its_line(run):
    answer = run("table", "itp", "--weights", "0.2:0.4:0.1", "--format", "csv")

    rows = list(csv.DictReader(io.StringIO(answer.out)))
    assert answer.code == 0
    assert [row["refusal"].split(":")[0] for row in rows] == ["weight-out-of-bounds", "", ""]


def test_where_every_weight_is_refused_there_is_no_grid(run):
    assert run("table", "itp", "--weights", "0.1,0.2").code == 4


def test_an_unknown_name_is_a_usage_error(run):
    answer = run("table", "itpp", "--weights", "40:60:10")

    assert (answer.code, answer.out) == (2, "")
    assert "did you mean itp?" in answer.err


def test_weights_are_needed(run):
    answer = run("table", "itp")

    assert answer.code == 2
    assert "--weights 40:100:5" in answer.err


def test_a_grid_in_which_a_dose_falls_is_not_printed(run):
    # bmi-30: actual weight up to BMI 30 (86.7 kg at 170 cm), adjusted above: the dose drops where the policy changes
    answer = run("table", "cidp", "--weights", "80:90:1", "--weight-policy", "bmi-30", "--height", "170", "--sex", "F")

    assert (answer.code, answer.out) == (4, "")
    assert "the dosing weight falls between 86 kg and 87 kg" in answer.err
    assert "[grid-falls]" in answer.err


def test_where_whole_vials_follow_exact_grams_the_grid_is_given(run):
    """45.4 kg: 90.8 g, no vials of 5 g keep 0.4 g/kg a day within 10 %; 45.5 kg: 91 g, 3 x 20 + 2 x 15 = 90 g."""
    answer = run("table", "itp", "--weights", "45.4:45.5:0.1", "--product", "privigen-us", "--format", "csv")

    rows = list(csv.DictReader(io.StringIO(answer.out)))
    assert answer.code == 0
    assert [row["given_course_g"] for row in rows] == ["90.8", "90"]
    assert "part-vials" in rows[0]["notices"].split()
    assert rows[0]["part_vials"].startswith("day 1: open") or rows[0]["part_vials"].startswith("open")
    assert rows[1]["part_vials"] == ""


@pytest.mark.slow
@pytest.mark.parametrize("product", [None, *shipped().products])
def test_nothing_falls_in_any_grid_of_the_catalogue_on_actual_weight(product):
    weights = read_weights_kg("1:30:2.9") + read_weights_kg("35:150:16.4")
    for indication, entry in shipped().indications.items():
        request = Request(indication, Decimal(1), regimen=entry.regimens[0], product=product)
        rows = [GridRow(*planned) for planned in plan_weights(request, weights, shipped(), None)]
        asks = {row.result.rule for row in rows if isinstance(row.result, Refusal)} & {"age-needed"}
        assert any(isinstance(row.result, Plan) for row in rows) or product is not None or asks, indication
        assert find_falls(rows) == [], indication


def test_each_weight_is_marked_with_the_warnings_that_are_its_own(run):
    """9 kg and 45 kg get exact grams from part vials (18 and 90 g, of 5 g vials); 70 kg whole vials."""
    screen = run("table", "itp", "--weights", "9,45,70", "--product", "privigen-us").out.splitlines()

    (warning,) = [line for line in screen if line.startswith("WARNING")]
    assert warning.startswith("WARNING a (part-vials), as at 9 kg: Whole vials of privigen-us would give 25 g")
    marked = {line.split()[0]: " a " in line for line in screen if " kg  " in line}
    assert marked == {"9": True, "45": True, "70": False}
    assert [line.count("part vials") for line in screen if " kg  " in line] == [1, 1, 0]


def test_a_warning_of_all_weights_has_no_mark(run):
    """0.2-0.3 g/kg of the seed is below today's labels at any weight."""
    screen = run("table", "pid", "--weights", "60,70").out

    assert screen.count("WARNING") == screen.count("WARNING for all weights: ") > 0
    assert "warnings  " not in screen
