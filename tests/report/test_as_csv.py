"""CSV: the batch columns for one plan or one refusal, and cells that no spreadsheet runs."""

import csv
from decimal import Decimal
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig_dose.core.plan import make_plan
from ivig_dose.core.reading import read_request
from ivig_dose.problems import Refusal
from ivig_dose.report.as_csv import (
    COLUMNS,
    csv_line,
    neutralise,
    plan_cells,
    plan_csv,
    refusal_cells,
    refusal_csv,
    write_days,
)
from tests.report.plans import REFUSAL, make_exact_plan, make_itp_plan, make_monthly_plan, make_unequal_plan
from tests.strategies import shipped


def test_the_columns_are_those_of_the_design() -> None:
    assert ",".join(COLUMNS) == (
        "id,indication,status,regimen,dosing_weight_kg,day_g,course_g,given_course_g,days,volume_ml,notices,refusal,"
        "actual_weight_kg,product,given_day_g,warnings,notes,part_vials,interval,cycles,before_g,then"
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
        "actual_weight_kg": "70",
        "product": "privigen-us",
        "given_day_g": "30x3 25x2",
        "warnings": "thrombosis haemolysis",
        "notes": "glucose meningitis assess lots trough",
        "part_vials": "",
        "interval": "",
        "cycles": "1",
        "before_g": "",
        "then": "",
    }


def test_several_cycles_give_the_figures_of_one_course() -> None:
    row = read_one(plan_csv(make_monthly_plan()))
    assert (row["day_g"], row["course_g"], row["given_course_g"], row["volume_ml"]) == ("25.11", "25.11", "25", "250")


def test_a_figure_has_at_most_three_decimals_whatever_is_typed() -> None:
    # 70.123456 kg x 0.4 g/kg = 28.0493824 g a day, 140.246912 g for the course; given to the mg, larger days first
    plan = make_plan(read_request(indication="itp", weight="70.123456"), shipped())
    row = read_one(plan_csv(plan))
    figures = (
        "actual_weight_kg",
        "dosing_weight_kg",
        "day_g",
        "course_g",
        "given_course_g",
        "given_day_g",
        "volume_ml",
    )
    assert [row[name] for name in figures] == [
        "70.123", "70.123", "28.049", "140.247", "140.247", "28.05x2 28.049x3", "1402.47",
    ]  # fmt: skip


def test_the_days_as_given_are_one_figure_or_each_with_its_number_of_days() -> None:
    assert write_days([Decimal(28)] * 5) == "28"
    assert write_days([Decimal(35), Decimal(35), Decimal(35), Decimal(35), Decimal(30)]) == "35x4 30x1"
    assert write_days([Decimal("61.5"), Decimal("30.5"), Decimal("61.5")]) == "61.5x1 30.5x1 61.5x1"


def test_unequal_days_leave_the_day_empty() -> None:
    row = read_one(plan_csv(make_unequal_plan()))
    assert row["given_day_g"] == "70x1 35x2"
    assert (row["day_g"], row["course_g"], row["days"], row["volume_ml"]) == ("", "140", "3", "1400")


def test_a_refusal_has_no_figure_and_its_reason_last() -> None:
    cells = refusal_cells(REFUSAL, "A-7", "itp")
    assert len(cells) == len(COLUMNS)
    assert cells[:3] == ("A-7", "itp", "refused")
    filled = ("id", "indication", "status", "refusal")
    assert {cell for name, cell in zip(COLUMNS, cells, strict=True) if name not in filled} == {""}
    assert cells[COLUMNS.index("refusal")] == (
        "days-out-of-range: 6 days are outside the range of itp-daily: 2 to 5 days; choose --days inside it"
    )
    assert refusal_cells(Refusal("rule", "why"))[COLUMNS.index("refusal")] == "rule: why"
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
