"""The screens of a dose, a check, a comparison and a refusal: what stands on them, and that no width cuts a number."""

import re
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import RenderableType

from ivig_dose.core.results import Agreement, Plan
from ivig_dose.report.as_csv import plan_csv
from ivig_dose.report.as_json import check_document, dump, dump_line, plan_document
from ivig_dose.report.as_markdown import plan_markdown
from ivig_dose.report.tables.check import lay_out_check
from ivig_dose.report.tables.compare import lay_out_comparison
from ivig_dose.report.tables.dose import lay_out_brief, lay_out_plan
from ivig_dose.report.tables.grid import lay_out_grid
from ivig_dose.report.tables.infusion import draw_bar
from ivig_dose.report.weight_grid import GridRow
from tests.report.plans import (
    ALL_PLANS,
    NOTICES,
    ORIGIN,
    REFUSAL,
    make_check,
    make_exact_plan,
    make_itp_plan,
    make_monthly_plan,
    make_unequal_plan,
)
from tests.report.printing import write_plain

UNIT = r"(?:g|kg|mL|mL/h|mL/kg/h|g/kg|g/100|min|h|%|cm|days?|weeks?|months?)(?:[ ,.;:)]|$)"

# What must stand on one line of the ITP screen at every width, from the arithmetic at the head of plans.py.
ITP_FACTS = (
    "70 kg",
    "28 g a day",
    "for 5 days",
    "= 140 g for the course",
    "0.4 g/kg a day",
    "2 g/kg for the course",
    "30 g a day on days 1-3",
    "25 g a day on days 4-5",
    "1 x 20 g",
    "10 g/100 mL",
    "11 months",
    "0123456789ab",
)
ITP_STEPS = (("5", "120", "336", "4.8", "25.5", "142.5", "300"), ("1", "0", "21", "0.3", "30", "10.5", "10.5"))


def numbers_in(text: str) -> set[str]:
    return set(re.findall(r"(?<![\w.])[0-9][0-9,.]*[0-9]|(?<![\w.])[0-9]", text))


SCREENS: dict[str, RenderableType] = {
    "itp": lay_out_plan(make_itp_plan(), explain=True),
    "exact": lay_out_plan(make_exact_plan()),
    "monthly": lay_out_plan(make_monthly_plan()),
    "unequal": lay_out_plan(make_unequal_plan()),
    "check": lay_out_check(make_check()),
    "compare": lay_out_comparison({"actual": make_itp_plan(), "ideal": REFUSAL}),
    "brief": lay_out_brief(make_itp_plan()),
    "grid": lay_out_grid([GridRow(Decimal(70), make_itp_plan()), GridRow(Decimal(400), REFUSAL)], ORIGIN),
}


@pytest.mark.parametrize("name", SCREENS)
@settings(max_examples=25)
@given(width=st.integers(5, 200), ascii_only=st.booleans())
def test_no_number_is_cut_or_parted_from_its_unit(name: str, width: int, ascii_only: bool) -> None:
    text = write_plain(SCREENS[name], width, ascii_only)
    assert numbers_in(text) <= numbers_in(write_plain(SCREENS[name], 10_000)) | {"0"}
    lines = [line.strip() for line in text.splitlines()]
    for line, after in pairwise(lines):
        assert not (re.search(r"[0-9]$", line) and re.match(UNIT, after)), (line, after)


@pytest.mark.parametrize("width", range(5, 201))
def test_the_itp_screen_has_every_figure_whole_at_every_width(width: int) -> None:
    lines = write_plain(SCREENS["itp"], width).splitlines()
    for fact in ITP_FACTS:
        assert any(fact in line for line in lines), fact
    for step, start, rate, per_kg, minutes, ml, total in ITP_STEPS:
        in_columns = rf"\s+{step}\s+{start}\s+{rate}\s+{re.escape(per_kg)}\s+{minutes}\s+{ml}\s+{total}( +[█#]+)?"
        alone = [f"{rate} mL/h", f"{per_kg} mL/kg/h", f"for {minutes} min", f"{ml} mL", f"total {total} mL"]
        assert any(re.fullmatch(in_columns, line) for line in lines) or all(
            any(phrase in line for line in lines) for phrase in alone
        )


def read_frame(plan: Plan) -> list[str]:
    """What stands in the frame of a plan, line by line."""
    lines = write_plain(lay_out_plan(plan), 120).splitlines()
    assert (lines[0][0], lines[0][-1]) == ("╭", "╮")
    end = next(at for at, line in enumerate(lines) if line.startswith("╰"))
    return [line.strip("│ ") for line in lines[1:end]]


def test_the_answer_stands_framed_at_the_top() -> None:
    # 28 g at 10 g/100 mL are 280 mL, five times 1,400 mL
    assert read_frame(make_exact_plan()) == [
        "Immune thrombocytopenia (ITP), 70 kg; 175 cm (BMI 22.9), female, 41 years, blood group AB",
        "28 g a day for 5 days = 140 g for the course (0.4 g/kg a day, 2 g/kg for the course)",
        "Each day  280 mL; 1,400 mL in all (at 10 %, no product named)",
    ]


def test_vials_volume_and_time_of_each_day_stand_in_the_answer() -> None:
    # 3 x 300 + 2 x 250 = 1,400 mL; 157.5 mL in 120 min and 142.5 mL at 336 mL/h: 145.4 min
    assert read_frame(make_itp_plan())[1:] == [
        "Calculated  28 g a day for 5 days = 140 g for the course (0.4 g/kg a day, 2 g/kg for the course)",
        "Give  30 g a day on days 1-3: 1 x 20 g + 1 x 10 g, 300 mL over 2 h 25 min",
        "Give  25 g a day on days 4-5: 1 x 20 g + 1 x 5 g, 250 mL over 2 h 17 min",
        "= 140 g for the course (2 g/kg), 1,400 mL in all",
    ]


def test_rounding_stands_in_the_answer() -> None:
    plan = make_monthly_plan()
    assert read_frame(plan)[1:3] == [
        "Calculated  25.11 g a dose, repeated every month (0.3 g/kg a dose)",
        "Give  25 g a dose (0.299 g/kg): 250 mL (at 10 %, no product named)",  # 25 / 83.7 = 0.2987
    ]
    said = " ".join(write_plain(lay_out_plan(plan), 120).split())
    assert "to steps of 5 g, to the nearest, ties up: 25 g a dose instead of 25.11 g, -0.11 g (-0.44 %)" in said


def test_unequal_days_are_named() -> None:
    assert read_frame(make_unequal_plan())[1] == (
        "70 g on day 1, 35 g a day on days 2-3 = 140 g for the course (2 g/kg for the course)"
    )


@pytest.mark.parametrize("plan", ALL_PLANS)
def test_the_first_twelve_lines_at_80_columns_hold_the_whole_answer(plan: Plan) -> None:
    lines = write_plain(lay_out_plan(plan), 80).splitlines()
    answer = lines[: lines.index("Schedule")]
    assert len(answer) <= 13, "twelve lines and a blank"
    assert len([line for line in answer if line.startswith("WARNING ")]) == len(
        [notice for notice in plan.notices if notice.level == "warning"]
    )


def test_brief_is_the_answer_with_every_warning_whole() -> None:
    plan = make_itp_plan()
    brief, whole = (write_plain(screen, 120) for screen in (lay_out_brief(plan), lay_out_plan(plan)))
    warnings = [notice.text for notice in plan.notices if notice.level == "warning"]
    assert all(text in brief for text in warnings)
    assert brief.split("WARNING")[0] == whole.split("WARNING")[0]


def test_the_catalogue_s_choice_is_shown_as_one() -> None:
    text = write_plain(lay_out_plan(make_itp_plan()), 120)
    assert "5 days: catalogue default; range 2 to 5 days" in text
    plan = make_itp_plan()
    asked = plan._replace(choice=plan.choice._replace(days_chosen_by="request"))
    assert "5 days: as requested; range 2 to 5 days" in write_plain(lay_out_plan(asked), 120)


def test_no_product_says_at_which_strength_volumes_are() -> None:
    assert "none named: volumes are at 10 % (10 g/100 mL)" in write_plain(lay_out_plan(make_exact_plan()), 120)


def test_warnings_come_first_and_three_notes_are_shown() -> None:
    text = write_plain(lay_out_plan(make_itp_plan()._replace(notices=(*NOTICES[2:], *NOTICES[:2]))), 200)
    lines = [line for line in text.splitlines() if line.startswith(("WARNING: ", "Note: "))]
    assert [line.split(":")[0] for line in lines] == ["WARNING", "WARNING", "Note", "Note", "Note"]
    assert "2 more notes with --explain" in text
    assert lines[0].endswith("[fda]")
    explained = write_plain(lay_out_plan(make_itp_plan(), explain=True), 200)
    assert explained.count("\nNote: ") == 5
    assert "with --explain" not in explained


def test_warnings_stand_right_below_the_dose_and_notes_below_the_schedule() -> None:
    lines = write_plain(lay_out_plan(make_itp_plan()), 200).splitlines()
    places = [
        next(at for at, line in enumerate(lines) if line.startswith(start))
        for start in (
            "│ Give",
            "╰",
            "WARNING ",
            "Schedule",
            "Infusion",
            "WARNING: ",
            "Note",
            "Not checked",
            "Not chosen",
            "Regimen",
        )
    ]
    assert places == sorted(places)
    assert places[2] == places[1] + 1


def test_a_notice_names_two_sources_and_how_many_more() -> None:
    notice = NOTICES[0]._replace(sources=("one", "two", "three", "four"))
    plan = make_exact_plan()._replace(notices=(notice,))
    assert f"{notice.text} [one, two, 2 more]\n" in write_plain(lay_out_plan(plan), 200)
    assert f"{notice.text} [one, two, three, four]\n" in write_plain(lay_out_plan(plan, explain=True), 200)


def test_an_alternative_names_its_default_only_where_its_title_gives_a_range() -> None:
    plan = make_exact_plan()
    other = plan.alternatives[0]._replace(title="ITP, 0.8 to 1 g/kg once", in_a_range=True)
    plan = plan._replace(alternatives=(other, *plan.alternatives))
    assert "Not chosen: itp-1g-single 70 g in 1 day, itp-1g-single 70 g in 1 day" in write_plain(
        lay_out_plan(plan), 200
    )
    text = write_plain(lay_out_plan(plan, explain=True), 200)
    assert re.search(r"itp-1g-single +70 g +in 1 day +ITP, 0\.8 to 1 g/kg once; here 1 g/kg a dose\n", text)
    assert re.search(r"itp-1g-single +70 g +in 1 day +ITP, 1 g/kg once\n", text)


def test_what_was_stated_of_the_patient_is_said_back() -> None:
    assert read_frame(make_itp_plan())[0].endswith(", 70 kg; 175 cm (BMI 22.9), female, 41 years, blood group AB")
    bare = make_exact_plan()
    bare = bare._replace(
        patient=bare.patient._replace(height_cm=None, bmi=None, sex=None, age_years=None, blood_group=None)
    )
    assert read_frame(bare)[0] == "Immune thrombocytopenia (ITP), 70 kg"


def test_facts_that_were_not_checked_are_named() -> None:
    assert "Not checked: age, blood group\n" in write_plain(lay_out_check(make_check()), 120)
    assert "Not checked: age, blood group\n" in write_plain(lay_out_plan(make_itp_plan()), 120)


def test_explain_adds_the_working() -> None:
    text = write_plain(lay_out_plan(make_itp_plan(), explain=True), 120)
    assert "Dose a day: 0.4 g/kg x 70 kg = 28 g [seed]\nCourse: 28 g x 5 days = 140 g\n" in text
    assert "Working" not in write_plain(lay_out_plan(make_itp_plan()), 120)


def test_origin_and_closing_line_end_every_dose() -> None:
    lines = write_plain(lay_out_plan(make_exact_plan()), 200).splitlines()
    assert lines[-1] == (
        "Decision support only: an independent check by a second person is required before a dose is given."
    )
    assert "ivig-dose 0.1.0; Immunoglobulin regimens, version 2026.11, sha256 0123456789ab; " in lines[-2]
    assert "review by 2027-11-22" in lines[-2]


def test_the_clock_runs_over_midnight() -> None:
    text = write_plain(lay_out_plan(ALL_PLANS[1]), 120)
    assert re.search(r"3 +23:45 +84", text)
    assert re.search(r"4 +00:15 \+1 d +168", text)
    assert "1-3  2026-12-30 to 2027-01-01  30 g a day  300 mL  1 x 20 g + 1 x 10 g" in text


def test_a_bar_is_the_share_of_the_fastest_rate() -> None:
    assert [draw_bar(Decimal(rate), Decimal(84)) for rate in (84, 42, 21, 1)] == [20, 10, 5, 1]
    lines = write_plain(SCREENS["itp"], 100).splitlines()
    bars = [line.count("█") for line in lines if re.match(r" +[0-9] .*█", line)]
    first = bars[: bars.index(20) + 1]
    assert first == sorted(first)
    assert len(first) > 1


def test_a_screen_is_ascii_where_the_encoding_is() -> None:
    assert write_plain(SCREENS["itp"], 80, ascii_only=True).isascii()
    assert "█" in write_plain(SCREENS["itp"], 80)


def test_a_mismatch_says_so_with_both_courses_and_the_slip() -> None:
    text = write_plain(lay_out_check(make_check()), 200)
    assert text.splitlines()[0] == (
        "MISMATCH: ask before anything is given; ordered 750 g for the course, expected 150 g for the course "
        "(+400 %, tolerance 10 %); 1 warning below"
    )
    assert re.search(r"^per dose +150 g +30 g$", text, re.M)
    assert re.search(r"^days +5 \(assumed\) +5$", text, re.M)
    assert re.search(r"^course +750 g +150 g$", text, re.M)
    assert re.search(r"^g/kg for the course +10 g/kg +", text, re.M)
    assert "1. 150 g is the whole course: 150 g / 5 days = 30 g a day [course-taken-as-daily]" in text


def test_a_match_is_one_line_without_slips() -> None:
    agreed = Agreement("high-dose-divided", "chosen")
    check = make_check()._replace(status="match", agrees_with=agreed)
    text = write_plain(lay_out_check(check), 200)
    assert text.splitlines()[0].startswith("MATCH: the order agrees with high-dose-divided")
    assert "What may have happened" not in text


def test_a_mismatch_without_a_known_slip_says_so() -> None:
    assert "No single slip that this tool knows" in write_plain(lay_out_check(make_check()._replace(slips=())), 200)


def test_a_comparison_shows_refused_policies_too() -> None:
    text = write_plain(SCREENS["compare"], 200)
    assert re.search(r"^actual +actual +70 kg +28 g +140 g +140 g$", text, re.M)
    assert "actual: the default policy [seed]\n" in text
    assert "ideal: REFUSED: 6 days are outside the range of itp-daily: 2 to 5 days [days-out-of-range]" in text


def every_form(plan: Plan) -> list[str]:
    document = plan_document(plan)
    screen = lay_out_plan(plan, explain=True)
    return [
        dump(document),
        dump_line(document),
        dump(check_document(make_check()._replace(plan=plan))),
        plan_csv(plan),
        plan_markdown(plan, explain=True),
        write_plain(screen, 80),
        write_plain(screen, 24),
        write_plain(lay_out_check(make_check()._replace(plan=plan)), 80),
        write_plain(lay_out_comparison({"actual": plan}), 80),
    ]


@pytest.mark.parametrize("plan", ALL_PLANS)
def test_every_form_shows_numbers_as_ismp_asks(plan: Plan) -> None:
    for text in every_form(plan):
        figures = text.replace("0.1.0", "VERSION")
        assert not re.search(r"\d+\.\d*0\b", figures.replace("2026.11", "VERSION"))
        assert not re.search(r"(?<!\d)\.\d", figures)
        assert not re.search(r"\d[eE][+-]?\d", re.sub(r"[0-9a-f]{12,}", "DIGEST", figures))
        assert not re.search(r"\d(g|kg|mL|h|min)\b", re.sub(r"\[[^]]*]|itp-1g-\w+", "ID", figures))
