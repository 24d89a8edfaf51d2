"""`ivig-dose dose`: the plan in every form, and each way in which no dose is given."""

import csv
import io
import json
import re
from datetime import date

import pytest

from ivig_dose.cli import dose as dose_command


def test_the_main_job_shows_day_days_course_and_per_kg_together(run):
    answer = run("dose", "itp", "--weight", "70")

    # 0.4 g/kg x 70 kg = 28 g a day; 28 g x 5 days = 140 g; 140 g / 70 kg = 2 g/kg
    assert answer.code == 0
    assert answer.err == ""
    assert "28 g a day for 5 days = 140 g for the course (0.4 g/kg a day, 2 g/kg for the course)" in answer.out
    assert "\x1b" not in answer.out


def test_json_is_one_document_with_numbers(run):
    answer = run("dose", "itp", "-w", "70", "--json")

    assert answer.code == 0
    assert answer.err == ""
    assert answer.json["dose"]["day_g"] == 28
    assert answer.json["dose"]["course_g"] == 140
    assert [day["dose_g"] for day in answer.json["schedule"]] == [28] * 5
    assert answer.json["regimen"]["id"] == "itp-daily"


def test_every_patient_option_reaches_the_plan(run):
    answer = run(
        "dose", "cidp", "-w", "118", "--height", "170", "--sex", "F", "--age", "54", "--weight-policy", "adjusted",
        "--product", "privigen-us", "--g-per-kg", "1", "--days", "2", "--round", "none", "--blood-group", "A",
        "--risk", "diabetes", "--risk", "no-migraine", "--start", "2026-12-01T09:00", "--pump-step", "1",
        "--tolerance", "5", "--round-direction", "down", "--json",
    )  # fmt: skip

    plan = answer.json
    assert plan["patient"] == {
        "weight_kg": 118,
        "height_cm": 170,
        "sex": "F",
        "age_years": 54,
        "bmi": 40.83,  # 118 / 1.7^2 = 40.8304
        "blood_group": "A",
    }
    # Devine: 45.5 + 2.3 x (170 / 2.54 - 60) = 61.437 kg; adjusted: 61.437 + 0.4 x 56.563 = 84.062 kg
    assert (plan["dosing_weight"]["ideal_kg"], plan["dosing_weight"]["kg"]) == (61.437, 84.062)
    assert plan["regimen"]["g_per_kg"]["chosen"] == 1
    assert plan["regimen"]["days"]["chosen"] == 2
    assert plan["product"]["id"] == "privigen-us"
    rounding = plan["rounding"]
    assert (rounding["rule"], rounding["direction"], rounding["tolerance_pct"]) == ("none", "down", 5)
    assert [day["date"] for day in plan["schedule"]] == ["2026-12-01", "2026-12-02"]
    assert plan["schedule"][0]["steps"][0]["starts"] == "2026-12-01T09:00"
    assert all(step["rate_ml_per_h"] % 1 == 0 for day in plan["schedule"] for step in day["steps"])
    assert "diabetes" not in plan["not_checked"]
    assert "migraine" not in plan["not_checked"]


def test_stock_and_vials_are_over_the_course(run):
    # 2 g/kg x 12 kg = 24 g in one infusion; of 10 g and 5 g vials, 25 g is nearest
    answer = run("dose", "kawasaki", "-w", "12", "--product", "octagam-10-us", "--stock", "10x2,5x2", "--json")

    assert answer.json["schedule"][0]["vials"] == [{"g": 10, "count": 2}, {"g": 5, "count": 1}]
    assert answer.json["rounding"]["difference_g"] == 1


def test_cycles_are_dated_by_the_calendar(run):
    answer = run("dose", "pid", "-w", "83.7", "--start", "2026-08-31", "--cycles", "7", "--json")

    # a month after 31 August is 30 September; counted from the start, not from the month before
    assert [day["date"] for day in answer.json["schedule"]] == [
        "2026-08-31",
        "2026-09-30",
        "2026-10-31",
        "2026-11-30",
        "2026-12-31",
        "2027-01-31",
        "2027-02-28",
    ]


def test_csv_is_a_heading_and_one_line(run):
    rows = list(csv.DictReader(io.StringIO(run("dose", "itp", "-w", "70", "--format", "csv").out)))

    assert len(rows) == 1
    assert (rows[0]["day_g"], rows[0]["course_g"], rows[0]["days"], rows[0]["status"]) == ("28", "140", "5", "ok")


def test_markdown_keeps_the_totals_together(run):
    out = run("dose", "itp", "-w", "70", "--format", "Markdown").out

    assert "28 g" in out
    assert "140 g" in out
    assert "| --- |" in out


def test_explain_adds_the_working(run):
    plain, explained = run("dose", "itp", "-w", "70").out, run("dose", "itp", "-w", "70", "--explain").out

    assert "Working" not in plain
    assert "Working" in explained
    assert "with --explain" in plain
    assert "with --explain" not in explained


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--weight", "70,5"], "write the decimal point: 70.5"),
        (["--weight", "154 lb"], "154 lb is 69.853 kg: type --weight 69.853"),
        (["--weight", "nan"], "not a number"),
        (["--weight", "-70"], "a negative value is not possible"),
        (["--weight", "7_0"], "underscores"),
        ([], "the weight is missing; give the actual body weight in kg: --weight 70"),
        (["-w", "70", "--height", "1.75"], "type 175 for centimetres"),
        (["-w", "70", "--sex", "X"], "type F or M"),
        (["-w", "70", "--age", "old"], "age 'old'"),
        (["-w", "70", "--g-per-kg", "1e2"], "without an exponent"),
        (["-w", "70", "--days", "2.5"], "whole number"),
        (["-w", "70", "--round", "5"], "write the unit: 5g"),
        (["-w", "70", "--tolerance", "ten"], "tolerance 'ten'"),
        (["-w", "70", "--stock", "4 of 10"], "10x4,5x2"),
        (["-w", "70", "--blood-group", "C"], "type O, A, B or AB"),
        (["-w", "70", "--start", "31.01.2026"], "write year-month-day"),
        (["-w", "70", "--cycles", "0"], "1 or more"),
        (["-w", "70", "--pump-step", "0"], "above zero"),
        (["-w", "70", "--format", "xml"], "type table, json, csv, markdown, html, excel-csv or excel-csv-point"),
        (["-w", "70", "--json", "--format", "csv"], "contradict each other"),
        (["-w", "70", "--wieght", "7"], "No such option: --wieght"),
        (["-w", "70", "80"], "an argument is left over"),
        (["-w", "70", "--product"], "requires an argument"),
        (["-w", "70", "--regimen", "itp-dialy"], "itp-daily"),
        (["-w", "70", "--product", "privigen"], "privigen-us"),
        (["-w", "70", "--weight-policy", "adjust"], "adjusted"),
        (["-w", "70", "--risk", "iga"], "iga-deficiency"),
    ],
)
def test_a_usage_error_is_one_line_that_says_what_to_type(run, arguments, says):
    answer = run("dose", "itp", *arguments)

    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("Error: ")
    assert answer.err.count("\n") == 1
    assert says in answer.err


def test_a_usage_error_leaves_stdout_empty_in_json_too(run):
    assert (run("dose", "itp", "-w", "70,5", "--json").code, run("dose", "itp", "-w", "70,5", "--json").out) == (2, "")
    assert run("dose", "itq", "-w", "70", "--json").out == ""


def test_an_unknown_indication_is_refused_with_the_nearest(run):
    answer = run("dose", "kawasaky", "-w", "12")

    assert (answer.code, answer.out) == (2, "")
    assert "did you mean kawasaki" in answer.err


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--weight", "70", "--weight", "7"], "--weight/-w"),
        (["-w", "70", "--weight", "7"], "--weight/-w"),
        (["-w", "70", "-w", "70"], "--weight/-w"),
        (["-w70", "--weight=70"], "--weight/-w"),
        (["-w", "70", "--days", "5", "--days", "2"], "--days"),
        (["-w", "70", "--json", "--json"], "--json"),
        (["-w", "70", "--explain", "--explain"], "--explain"),
    ],
)
def test_an_option_given_twice_is_refused(run, arguments, named):
    answer = run("dose", "itp", *arguments)

    assert (answer.code, answer.out) == (2, "")
    assert answer.err == f"Error: {named} is given more than once; give it once\n"


@pytest.mark.parametrize("option", ["--product", "--weight-policy", "--regimen", "--risk", "--catalogue", "--stock"])
@pytest.mark.parametrize("blank", ["", "  "])
def test_the_empty_variable_of_a_script_is_refused(run, option, blank):
    answer = run("dose", "itp", "-w", "70", option, blank)

    assert (answer.code, answer.out) == (2, "")
    assert f"{option}" in answer.err
    assert answer.err.endswith(" is empty; give a value, or leave it out\n")


def test_only_risk_may_be_repeated(run):
    assert run("dose", "itp", "-w", "70", "--risk", "diabetes", "--risk", "migraine").code == 0


def test_json_and_format_json_agree(run):
    assert run("dose", "itp", "-w", "70", "--json", "--format", "json").json["status"] == "ok"


def test_a_refusal_says_why_and_what_to_do_and_gives_no_gram(run):
    answer = run("dose", "itp", "-w", "70", "--g-per-kg", "0.8")

    assert answer.code == 4
    assert answer.out == ""
    assert answer.err.startswith("Refused: ")
    assert "itp-daily" in answer.err
    assert "[g-per-kg-out-of-range]" in answer.err
    assert "\nHint: " in answer.err
    assert "28 g" not in answer.err
    assert "56 g" not in answer.err


def test_a_refusal_in_json_is_an_object_on_stdout(run):
    answer = run("dose", "itp", "-w", "400", "--json")

    assert answer.code == 4
    assert answer.err == ""
    assert answer.json["status"] == "refused"
    assert answer.json["refusal"]["rule"] == "weight-out-of-bounds"
    assert "dose" not in answer.json
    assert "schedule" not in answer.json
    assert len(answer.json["origin"]["sha256"]) == 64


def test_a_refusal_in_csv_is_a_row_so_that_no_patient_is_missing_from_a_file(run):
    answer = run("dose", "itp", "-w", "400", "--format", "csv")

    row = next(csv.DictReader(io.StringIO(answer.out)))
    assert answer.code == 4
    assert (row["indication"], row["status"], row["course_g"], row["day_g"]) == ("itp", "refused", "", "")
    assert row["refusal"].startswith("weight-out-of-bounds: ")


def test_a_stop_gives_no_dose_in_any_form(run):
    for form in ("table", "json", "csv", "markdown"):
        answer = run("dose", "pid", "-w", "70", "--risk", "iga-deficiency-with-antibodies", "--format", form)

        assert answer.code == 4
        # 0.3 g/kg x 70 kg = 21 g
        assert "21 g" not in answer.out + answer.err
        assert '"course_g"' not in answer.out
        assert "IgA" in answer.out + answer.err


def test_past_its_review_date_the_catalogue_says_so(run, monkeypatch):
    monkeypatch.setattr(dose_command, "today", lambda: date(2100, 1, 1))

    plan = run("dose", "itp", "-w", "70", "--json").json

    assert [notice["level"] for notice in plan["notices"] if "review" in notice["text"].lower()][:1] == ["warning"]


def test_a_site_file_is_laid_over_the_catalogue_and_named_in_the_origin(run, tmp_path, monkeypatch):
    site = tmp_path / "site.yaml"
    site.write_text(
        'catalogue: {title: Our hospital, version: "7", effective: 2026-01-01, review_by: 2027-01-01}\n'
        "defaults: {product: privigen-us}\n",
        encoding="utf-8",
    )

    by_option = run("dose", "itp", "-w", "70", "--catalogue", str(site), "--json").json
    monkeypatch.setenv("IVIG_DOSE_CATALOGUE", str(site))
    by_environment = run("dose", "itp", "-w", "70", "--json").json

    assert by_option["product"]["id"] == by_environment["product"]["id"] == "privigen-us"
    assert by_option["origin"]["files"][1]["path"] == str(site)
    monkeypatch.setenv("IVIG_DOSE_CATALOGUE", str(tmp_path / "missing.yaml"))
    assert run("dose", "itp", "-w", "70", "--catalogue", str(site), "--json").code == 0


@pytest.mark.parametrize("content", ["", "regimens: [", "regimens:\n  x: {title: y}\n", "\x00"])
def test_a_catalogue_that_is_not_usable_gives_no_dose(run, tmp_path, content):
    site = tmp_path / "site.yaml"
    site.write_text(content, encoding="utf-8")

    answer = run("dose", "itp", "-w", "70", "--catalogue", str(site), "--json")

    assert (answer.code, answer.out) == (3, "")
    assert str(site) in answer.err
    assert "Traceback" not in answer.err


def test_a_bug_in_the_core_is_no_dose_and_no_traceback(run, monkeypatch):
    def fail(*_):
        raise ZeroDivisionError("70 kg of Mr Smith")

    monkeypatch.setattr(dose_command, "make_plan", fail)

    answer = run("dose", "itp", "-w", "70", "--json")

    assert (answer.code, answer.out) == (1, "")
    assert "Smith" not in answer.err
    assert answer.err.count("\n") == 1


def test_markup_in_what_is_typed_is_printed_literally(run):
    answer = run("dose", "[red]itp[/]", "-w", "70")

    assert "[red]itp[/]" in answer.err


def test_json_of_every_indication_is_one_object(run):
    for entry in json.loads(run("list", "indications", "--json").out):
        answer = run("dose", entry["id"], "-w", "70", "--json")

        assert answer.code in (0, 2, 4), answer.err
        if answer.code != 2:
            assert answer.json["status"] in ("ok", "refused")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("10 days", "10 days"),
        ("10d", "10 days"),
        ("1 day", "1 day"),
        ("0 days", "0 days"),
        ("30 days", "30 days"),
        ("1 month", "1 month"),
        ("1 year", "1 year"),
        ("365 days", "365 days"),
        ("61 days", "61 days"),
        ("100 days", "100 days"),
        ("2 months", "2 months"),
        ("6 months", "6 months"),
        ("18 months", "18 months"),
        ("1.3", "1.3 years"),
        ("2 years", "2 years"),
    ],
)
@pytest.mark.parametrize("form", ["table", "html"])
def test_an_age_is_shown_in_the_unit_in_which_it_was_given(run, typed, shown, form):
    weight = "3.4" if shown in ("0 days", "1 day", "10 days", "30 days", "1 month") else "9"

    answer = run("dose", "itp", "-w", weight, "--age", typed, "--format", form)

    assert answer.code == 0
    assert re.search(rf"\b{shown}\b", answer.out.replace("\u00a0", " ").replace("&nbsp;", " "))


def test_the_brief_screen_is_the_dose_and_all_its_warnings(run):
    """3.2 kg in vials of 5 g: 3.2 g, which they do not come to within 10 %."""
    words = ("dose", "nait-newborn", "-w", "3.2", "--product", "privigen-us")
    warnings = [each for each in run(*words, "--json").json["notices"] if each["level"] == "warning"]

    brief = run(*words, "--brief")

    assert brief.code == 0
    assert brief.out.splitlines()[2].startswith("│ 3.2 g in one day = 3.2 g for the course")
    assert brief.out.count("WARNING ") == len(warnings) > 1
    assert all(each["text"] in brief.out for each in warnings)
    assert all(word not in brief.out for word in ("Note:", "Schedule", "Origin"))


@pytest.mark.parametrize("other", ["--explain", "--json", "--format=html"])
def test_brief_goes_with_no_other_form(run, other):
    answer = run("dose", "itp", "-w", "70", "--brief", other)

    assert (answer.code, answer.out) == (2, "")
    assert "--brief" in answer.err


def other_policies(run, *words):
    """The text of the note on other weight policies; empty where there is none."""
    notices = run("dose", "cidp", *words, "--json").json["notices"]
    return "".join(each["text"] for each in notices if each["id"] == "other-weight-policies")


def test_above_bmi_30_a_note_says_what_other_weight_policies_give(run):
    """118 kg, 170 cm, woman: ideal 45.5 + 2.3 x (170 / 2.54 - 60) = 61.437 kg; adjusted 61.437 + 0.4 x 56.563 = 84.062.

    At 2 g/kg 122.9 g and 168.1 g, where 236 g are planned.
    """
    text = other_policies(run, "-w", "118", "--height", "170", "--sex", "F", "--age", "50")

    assert "would give 122.9 g (ideal) to 168.1 g (adjusted) in place of 236 g" in text
    assert "cannot" not in text


def test_what_no_other_policy_can_say_without_a_fact_is_said(run):
    both, age = "without the age and sex", "australia-2026 cannot be told without the age."

    assert both in other_policies(run, "-w", "118", "--height", "170")
    assert age in other_policies(run, "-w", "118", "--height", "170", "--sex", "F")


@pytest.mark.parametrize(
    ("words", "there"),
    [
        (("-w", "86.7", "--height", "170", "--sex", "M", "--age", "40"), False),  # 86.7 / 1.7^2 = 30
        (("-w", "86.8", "--height", "170", "--sex", "M", "--age", "40"), True),
        (("-w", "118", "--sex", "M", "--age", "40"), False),  # no height, no BMI
        (("-w", "118", "--height", "170", "--sex", "M", "--age", "40", "--weight-policy", "bmi-30"), False),
    ],
)
def test_other_weight_policies_are_named_above_bmi_30_on_actual_weight_only(run, words, there):
    assert bool(other_policies(run, *words)) is there


@pytest.mark.parametrize(
    ("words", "there"),
    [
        (("itp", "--weight-policy", "ontario", "--risk", "pregnancy"), True),
        (("itp", "--weight-policy", "ontario"), False),
        (("itp", "--risk", "pregnancy"), False),
        (("pid", "--weight-policy", "ontario", "--risk", "pregnancy"), False),  # IgG guides the dose there
    ],
)
def test_ontarios_weight_in_pregnancy_is_a_warning_on_the_screen(run, words, there):
    answer = run("dose", *words, "-w", "70", "--height", "165", "--sex", "F", "--age", "30", "--brief")

    assert answer.code == 0
    assert ("pre-pregnancy" in answer.out) is there
