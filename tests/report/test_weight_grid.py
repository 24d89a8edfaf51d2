"""The grid by weight, in every form."""

import csv
import json
import re
from decimal import Decimal
from io import StringIO

from ivig_dose.quantity import Ratio
from ivig_dose.report.as_json import dump
from ivig_dose.report.as_markdown import grid_markdown
from ivig_dose.report.tables.grid import lay_out_grid
from ivig_dose.report.weight_grid import GRID_COLUMNS, GridRow, find_falls, grid_csv, grid_document
from tests.report.plans import ORIGIN, REFUSAL, make_exact_plan, make_itp_plan
from tests.report.printing import write_plain

ROWS = (GridRow(Decimal("70.0"), make_itp_plan()), GridRow(Decimal(400), REFUSAL))


def test_csv_has_every_figure_of_the_course() -> None:
    planned, refused = csv.DictReader(StringIO(grid_csv(ROWS, ORIGIN)))
    assert planned == {
        "weight_kg": "70",
        "dosing_weight_kg": "70",
        "day_g": "28",
        "course_g": "140",
        "given_course_g": "140",
        "given_days": "3 days of 30 g, 2 days of 25 g",
        "volume_ml": "1400",
        "vials": "5 x 20 g + 3 x 10 g + 2 x 5 g",
        "rates_ml_per_h": "21 42 84 168 336",
        "total_minutes": "145.45",
        "refusal": "",
        "notices": "thrombosis haemolysis glucose meningitis assess lots trough",
        "part_vials": "",
        "catalogue_version": ORIGIN.version,
        "catalogue_effective": ORIGIN.effective.isoformat(),
        "catalogue_review_by": ORIGIN.review_by.isoformat(),
    }
    assert refused["weight_kg"] == "400"
    assert refused["refusal"].startswith("days-out-of-range: ")
    assert {refused[column] for column in GRID_COLUMNS if column not in ("weight_kg", "refusal")} == {""}


def test_json_has_numbers() -> None:
    document = json.loads(dump(grid_document(ROWS, ORIGIN)))
    planned, refused = document["rows"]
    assert planned["given_days_g"] == [30, 30, 30, 25, 25]
    assert planned["rates_ml_per_h"] == [21, 42, 84, 168, 336]
    assert planned["notices"][0] == "thrombosis"
    assert refused["refusal"]["rule"] == "days-out-of-range"
    assert document["origin"]["version"] == "2026.11"


def test_markdown_and_screen_carry_version_dates_and_warnings() -> None:
    for text in (grid_markdown(ROWS, ORIGIN), write_plain(lay_out_grid(ROWS, ORIGIN), 300)):
        assert "Immunoglobulin regimens, version 2026.11, effective 2026-11-22, review by 2027-11-22" in text
        assert "Thrombosis may occur" in text
        assert "an independent check by a second person" in text


def test_the_screen_has_a_line_for_each_weight() -> None:
    text = write_plain(lay_out_grid(ROWS, ORIGIN), 300)
    line = next(line for line in text.splitlines() if line.strip().startswith("70 kg"))
    assert re.split(r" {2,}", line.strip()) == [
        "70 kg",
        "28 g",
        "140 g",
        "3 days of 30 g, 2 days of 25 g",
        "1,400 mL",
        "5 x 20 g + 3 x 10 g + 2 x 5 g",
        "21, 42, 84, 168, 336",
        "2 h 25 min",
    ]
    assert "400 kg: REFUSED: 6 days are outside the range of itp-daily: 2 to 5 days [days-out-of-range]\n" in text


def test_a_narrow_screen_names_every_figure() -> None:
    text = write_plain(lay_out_grid(ROWS, ORIGIN), 40)
    assert "140 g for the course,\n" in text
    assert "1,400 mL for the course" in text


def test_columns_that_nobody_fills_are_left_out() -> None:
    heading = write_plain(lay_out_grid([GridRow(Decimal(70), make_exact_plan())], ORIGIN), 200).splitlines()
    heading = next(line for line in heading if line.startswith("weight "))
    assert heading.split() == ["weight", "a", "day", "course", "given", "course", "volume"]


def test_a_grid_says_what_is_dosed_before_the_figures() -> None:
    heading = write_plain(lay_out_grid(ROWS, ORIGIN), 200).splitlines()[0]
    assert heading.startswith("Immune thrombocytopenia (ITP); regimen itp-daily, 0.4 g/kg a day, 5 days; ")


def test_a_grid_that_is_too_wide_becomes_two_under_the_same_weights() -> None:
    lines = write_plain(lay_out_grid(ROWS, ORIGIN), 80).splitlines()
    headings = [line.split() for line in lines if line.startswith("weight ")]
    assert headings == [
        ["weight", "a", "day", "course", "given", "course", "volume"],
        ["weight", "vials", "for", "the", "course", "rates,", "mL/h", "time", "a", "day"],
    ]
    wide = write_plain(lay_out_grid(ROWS, ORIGIN), 300).splitlines()
    assert len([line for line in wide if line.startswith("weight ")]) == 1


def test_a_figure_that_falls_as_weight_rises_is_found() -> None:
    plan = make_exact_plan()
    lighter = plan._replace(dose=plan.dose._replace(course_g=Ratio(Decimal(141))))
    assert find_falls([GridRow(Decimal(70), plan), GridRow(Decimal(69), lighter)]) == [
        "the course falls between 69 kg and 70 kg"
    ]
    assert find_falls([GridRow(Decimal(70), plan), GridRow(Decimal(71), plan), GridRow(Decimal(72), REFUSAL)]) == []
