"""`ivig-dose dose` for treatments over time: every form tells the phases, the doses before and the dates alike."""

import csv
import html
import io
import re

import pytest

from tests.schema_faults import find_faults

CIDP = ("dose", "cidp", "-w", "70", "--regimen", "induction-divided", "-p", "privigen-us", "--start", "2026-12-01")
THEN = (*CIDP, "--then", "cidp-maintenance: until 2027-05-31")
ITP = ("dose", "itp", "-w", "70", "-p", "gamunex-c", "--given", "60 g octagam-10-us", "--start", "2026-12-03")
PID = ("dose", "pid", "-w", "64.5", "--regimen", "replacement-label-us", "--interval", "3 weeks", "-p", "privigen-us")
FORMS = ("table", "markdown", "html")


def read_plain(text):
    """The words of a screen, a page of Markdown or of HTML, without tags and with plain spaces."""
    return " ".join(re.sub(r"<[^>]+>", "", html.unescape(text)).split())


@pytest.mark.parametrize("form", FORMS)
def test_every_form_for_a_reader_tells_both_phases(run, form):
    answer = run(*THEN, "--format", form)
    assert answer.code == 0, answer.err
    for said in ("140 g", "Then cidp-maintenance, from 2026-12-22", "70 g a dose", "2027-05-18", "2027-06-22"):
        assert said in read_plain(answer.out)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_for_a_reader_tells_what_was_given(run, form):
    answer = run(*ITP, "--format", form)
    plain = read_plain(answer.out)
    assert "60 g given + 80 g left" in plain
    assert "course of 140 g" in plain


@pytest.mark.parametrize("arguments", [THEN, ITP, (*PID, "--igg", "520 mg/dL", "--igg-target", "7 g/L")])
def test_the_document_keeps_its_schema_and_asks_the_same_again(run, arguments, tmp_path):
    answer = run(*arguments, "--json")
    assert find_faults("plan", answer.json) == []
    saved = tmp_path / "plan.json"
    saved.write_text(answer.out, encoding="utf-8")
    replayed = run("replay", str(saved))
    assert replayed.code == 0, replayed.out


def test_the_next_phase_in_json(run):
    document = run(*THEN, "--json").json
    then = document["then"]
    assert then["regimen"]["id"] == "cidp-maintenance"
    assert then["begins_after"]["number"] == 3
    assert then["begins_after"]["chosen_by"] == "catalogue"
    assert (then["schedule"][0]["date"], then["schedule"][-1]["date"]) == ("2026-12-22", "2027-05-18")
    assert then["year"]["scheduled_g"] == 8 * 70
    assert document["vaccines"]["not_before"] == "2028-03-18"
    assert document["request"]["then"] == "cidp-maintenance: until 2027-05-31"


def test_the_part_given_in_json(run):
    part = run(*ITP, "--json").json["part_given"]
    assert (part["course_g"], part["given_g"], part["left_g"], part["in_all_g"]) == (140, 60, 80, 140)
    assert part["in_all_g_per_kg"] == 2
    assert part["doses"] == [{"g": 60, "date": None, "product": "octagam-10-us"}]


def test_the_interval_in_json_says_who_chose_it(run):
    interval = run(*PID, "--json").json["regimen"]["interval"]
    assert interval == {
        "low": 3, "default": 4, "high": 4, "unit": "weeks",
        "chosen": {"number": 3, "unit": "weeks"}, "chosen_by": "request",
    }  # fmt: skip
    regimen = run("dose", "cidp", "-w", "70", "--json").json["regimen"]
    assert (regimen["interval"], regimen["may_repeat"]["default"]) == (None, 4)


def test_one_line_of_csv_tells_of_both_phases(run):
    (row,) = csv.DictReader(io.StringIO(run(*THEN, "--format", "csv").out))
    assert (row["course_g"], row["interval"], row["cycles"]) == ("140", "", "1")
    assert row["then"] == "cidp-maintenance, 70 g every 3 weeks x 8"
    assert {"advice-cidp", "maintenance-review"} <= {*row["notes"].split()}  # of the first and of the second phase
    (row,) = csv.DictReader(io.StringIO(run(*ITP, "--format", "csv").out))
    assert (row["course_g"], row["before_g"], row["days"]) == ("80", "60", "3")


@pytest.mark.parametrize("command", ["table", "compare", "check"])
def test_the_interval_is_an_option_of_every_command_that_plans(run, command):
    where = {
        "table": ("--weights", "60:70:10"),
        "compare": ("-w", "70"),
        "check": ("-w", "70", "--ordered", "28 g every 3 weeks"),
    }
    options = (command, "pid", *where[command], "--regimen", "replacement-label-us")
    assert run(*options, "--interval", "3 weeks").code == 0
    refused = run(*options, "--interval", "6 weeks")
    assert "every 6 weeks is outside the range of replacement-label-us: every 3 to 4 weeks" in refused.out + refused.err


def test_an_order_for_a_repeated_course_agrees(run):
    options = ("check", "pemphigus", "-w", "70", "--cycles", "3", "--json", "--ordered")
    assert run(*options, "28 g daily x5 every 4 weeks").json["status"] == "match"
    assert run(*options, "28 g daily x5 every 2 weeks").json["status"] == "mismatch"


def test_the_days_that_are_left_are_named_by_their_number_in_the_course(run):
    options = ("itp", "-w", "70", "--regimen", "itp-alternate-days", "--days", "3", "--given", "2026-12-01 70 g")
    answer = run("dose", *options, "--start", "2026-12-03", "--brief")
    assert "70 g a day on days 3 and 5 = 140 g for the rest of the course" in read_plain(answer.out)


def test_an_order_at_another_interval_than_the_one_asked_for_is_a_mismatch(run):
    """Both lie in the range of 3 to 4 weeks; without a word on it either is right."""
    options = ("check", "pid", "-w", "70", "--regimen", "replacement-label-us", "--ordered")
    for ordered in ("28 g every 3 weeks", "28 g every 4 weeks"):
        assert run(*options, ordered, "--json").json["status"] == "match"
    assert run(*options, "28 g q21d", "--interval", "3 weeks", "--json").json["status"] == "match"
    answer = run(*options, "28 g every 4 weeks", "--interval", "3 weeks")
    assert answer.code == 6
    assert "every 4 weeks ordered; every 3 weeks was asked for" in answer.out


def test_the_working_shows_the_subtraction(run):
    answer = run(*ITP, "--explain")
    assert "left of the course" in answer.out
    assert "140 g - 60 g" in answer.out


def test_bad_texts_are_one_line(run):
    for option, text in (
        ("--given", "forty grams"), ("--earlier", "2026-13-01"), ("--then", "every 3 weeks"),
        ("--igg", "5.2"), ("--interval", "now and then"), ("--until", "30.6.2027"),
    ):  # fmt: skip
        answer = run("dose", "pid", "-w", "70", option, text)
        assert (answer.code, answer.out) == (2, "")
        assert text in answer.err
        assert "Traceback" not in answer.err
