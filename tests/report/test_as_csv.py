"""CSV: the batch columns for one plan or one refusal, and cells that no spreadsheet runs."""

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig_dose.problems import Refusal
from ivig_dose.report.as_csv import COLUMNS, csv_line, neutralise, plan_cells, plan_csv, refusal_cells, refusal_csv
from tests.report.plans import REFUSAL, make_exact_plan, make_itp_plan, make_monthly_plan, make_unequal_plan


def test_the_columns_are_those_of_the_design() -> None:
    assert ",".join(COLUMNS) == (
        "id,indication,status,regimen,dosing_weight_kg,day_g,course_g,given_course_g,days,volume_ml,notices,refusal"
    )


def read_one(text: str) -> dict[str, str]:
    (row,) = csv.DictReader(StringIO(text))
    return row


def test_a_plan_is_one_line() -> None:
    # 3 x 300 mL + 2 x 250 mL = 1400 mL
    assert read_one(plan_csv(make_itp_plan())) == {
        "id": "",
        "indication": "itp",
        "status": "ok",
        "regimen": "itp-daily",
        "dosing_weight_kg": "70",
        "day_g": "28",
        "course_g": "140",
        "given_course_g": "140",
        "days": "5",
        "volume_ml": "1400",
        "notices": "thrombosis haemolysis glucose meningitis assess lots trough",
        "refusal": "",
    }


def test_several_cycles_give_the_figures_of_one_course() -> None:
    row = read_one(plan_csv(make_monthly_plan()))
    assert (row["day_g"], row["course_g"], row["given_course_g"], row["volume_ml"]) == ("25.11", "25.11", "25", "250")


def test_unequal_days_leave_the_day_empty() -> None:
    row = read_one(plan_csv(make_unequal_plan()))
    assert (row["day_g"], row["course_g"], row["days"], row["volume_ml"]) == ("", "140", "3", "1400")


def test_a_refusal_has_no_figure_and_its_reason_last() -> None:
    cells = refusal_cells(REFUSAL, "A-7", "itp")
    assert len(cells) == len(COLUMNS)
    assert cells[:3] == ("A-7", "itp", "refused")
    assert set(cells[3:-1]) == {""}
    assert cells[-1] == (
        "days-out-of-range: 6 days are outside the range of itp-daily: 2 to 5 days; choose --days inside it"
    )
    assert refusal_cells(Refusal("rule", "why"))[-1] == "rule: why"
    assert read_one(refusal_csv(REFUSAL, "itp"))["status"] == "refused"


@pytest.mark.parametrize(
    "text",
    ["=1+1", "\u00a0-1", "\u2003=1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x", " =1"],  # noqa: RUF001
)
def test_a_cell_that_a_spreadsheet_would_run_is_neutralised(text: str) -> None:
    assert neutralise(text) == "'" + text
    assert plan_cells(make_exact_plan(), text)[0] == "'" + text
    assert refusal_cells(REFUSAL, text, text)[:2] == ("'" + text, "'" + text)


@pytest.mark.parametrize("text", ["", "A-1", "1+1", "itp", "'=1", "70", "a@b"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert neutralise(text) == text


@given(st.text())
def test_a_neutralised_cell_needs_no_second_quote(text: str) -> None:
    assert neutralise(neutralise(text)) == neutralise(text)


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"])), min_size=2))
def test_a_line_reads_back_to_its_cells(cells: list[str]) -> None:
    assert next(csv.reader(StringIO(csv_line(cells), newline=""))) == cells
