"""Markdown: text stays text, and a plan's page has what its screen has."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig_dose.problems import Refusal
from ivig_dose.report.as_markdown import escape, escape_cell, plan_markdown, refusal_markdown, table_head, table_line
from tests.report.plans import ALL_PLANS, REFUSAL, make_itp_plan, make_monthly_plan


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a|b", r"a\|b"),
        ("*x* _y_ `z`", r"\*x\* \_y\_ \`z\`"),
        ("<script>alert(1)</script>", r"\<script\>alert(1)\</script\>"),
        ("[a](b)", r"\[a\](b)"),
        ("![a](b)", r"\!\[a\](b)"),
        ("# x", r"\# x"),
        ("a\nb", "a b"),
        ("a\r\n| b", r"a \| b"),
        ("- x", r"\- x"),
        ("+ x", r"\+ x"),
        ("1. x", r"1\. x"),
        ("1) x", r"1\) x"),
        ("25.11 g", "25.11 g"),
        ("28 g a day", "28 g a day"),
        ("0.4 g/kg (2-5 days)", "0.4 g/kg (2-5 days)"),
        ("\\", "\\\\"),
        ("&lt;", r"\&lt;"),
    ],
)
def test_text_that_markdown_would_act_on_is_escaped(text: str, escaped: str) -> None:
    assert escape(text) == escaped


def split_cells(line: str) -> list[str]:
    return re.split(r"(?<!\\)(?:\\\\)*\|", line)[1:-1]


@given(st.lists(st.text(), min_size=1, max_size=5))
def test_a_line_of_a_table_has_one_cell_for_each_text(cells: list[str]) -> None:
    line = table_line(cells)
    assert line.endswith("|\n")
    assert len(line.splitlines()) == 1
    assert len(split_cells(line.rstrip("\n"))) == len(cells)


@given(st.text())
def test_escaping_can_be_undone(text: str) -> None:
    undone = re.sub(r"\\(.)", r"\1", escape_cell(text))
    assert undone == re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", text)


def test_the_head_of_a_table() -> None:
    assert table_head(("Day", "mL/h")) == "| Day | mL/h |\n| --- | --- |\n"


def test_a_plan_s_page_has_doses_schedule_steps_notices_and_origin() -> None:
    page = plan_markdown(make_itp_plan())
    assert page.startswith(
        "# Immune thrombocytopenia (ITP), 70 kg\n\n"
        "**28 g a day for 5 days = 140 g for the course** (0.4 g/kg a day, 2 g/kg for the course)\n\n"
        "Given: **30 g a day on days 1-3, 25 g a day on days 4-5 = 140 g for the course (2 g/kg)**\n"
    )
    assert "| 1 | 1-3 |  | 30 g a day | 300 mL | 1 x 20 g + 1 x 10 g |\n" in page
    assert "## Infusion, days 1-3: 30 g in 300 mL over 2 h 25 min\n" in page
    assert "| 5 |  | 120 | 336 | 4.8 | 25.45 | 142.5 | 300 |\n" in page
    assert page.count("- **WARNING**: ") == 2
    assert page.count("- Note: ") == 5
    assert "- Not checked: age, blood group\n" in page
    assert "sha256 0123456789ab" in page
    assert "## Working" not in page
    assert "| Course | 28 g x 5 days | 140 g |  |\n" in plan_markdown(make_itp_plan(), explain=True)


def test_dates_stand_in_the_schedule() -> None:
    assert "| 2 | 1 | 2026-02-28 | 25 g | 250 mL |  |\n" in plan_markdown(make_monthly_plan())


@pytest.mark.parametrize("plan", ALL_PLANS)
def test_every_table_of_a_page_is_even(plan: object) -> None:
    page = plan_markdown(plan, explain=True)  # type: ignore[arg-type]
    for table in re.findall(r"(?:^\|.*\n)+", page, re.MULTILINE):
        assert len({len(split_cells(line)) for line in table.splitlines()}) == 1


def test_a_refusal_names_rule_and_hint() -> None:
    assert refusal_markdown(REFUSAL) == (
        "**REFUSED**: 6 days are outside the range of itp-daily: 2 to 5 days \\[days-out-of-range\\]\n"
        "\nHint: choose --days inside it\n"
    )
    assert refusal_markdown(Refusal("r", "why")) == "**REFUSED**: why \\[r\\]\n"
