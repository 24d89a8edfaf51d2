"""`ivig-dose catalogue`: checking, finding and comparing files."""

import json
from pathlib import Path

import pytest

SITE = 'catalogue: {title: Ours, version: "1", effective: 2026-01-01, review_by: 2027-01-01}\n'
REGIMEN = """regimens:
  itp-daily:
    title: ITP as our hospital gives it
    phase: acute
    g_per_kg: {low: 0.4, high: 0.5, default: 0.5}
    basis: per_day
    days: {low: 2, high: 4, default: 4}
    status: SEED
    sources: [seed]
"""


@pytest.fixture
def write(tmp_path):
    def write_file(text, name="site.yaml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write_file


def test_the_shipped_catalogue_can_be_used(run):
    answer = run("catalogue", "check")

    assert (answer.code, answer.err) == (0, "")
    assert "no problem" in answer.out.splitlines()[-1]
    assert answer.out.endswith("can be used\n")


def test_a_file_that_can_be_used_is_0(run, write):
    assert run("catalogue", "check", write(SITE)).code == 0


def test_every_problem_is_listed_with_its_place(run, write):
    path = write(SITE + "regimens:\n  x: {titel: y}\nindicatoins: {}\n")
    answer = run("catalogue", "check", path)

    assert (answer.code, answer.err) == (3, "")
    assert f"{path}:3:7: " in answer.out
    assert f"{path}:4:1: " in answer.out
    assert "did you mean title?" in answer.out
    assert answer.out.endswith("cannot be used\n")


def test_the_problems_in_json(run, write):
    path = write(SITE + "regimens:\n  x: {titel: y}\n")
    answer = run("catalogue", "check", path, "--json")

    assert answer.code == 3
    assert answer.json["usable"] is False
    unknown = [problem for problem in answer.json["problems"] if problem["rule"] == "unknown-key"]
    assert unknown == [
        {
            "file": path,
            "line": 3,
            "column": 7,
            "path": "regimens.x.titel",
            "message": "there is no key 'titel' here",
            "rule": "unknown-key",
            "severity": "error",
            "hint": "did you mean title?",
        }
    ]
    assert run("catalogue", "check", write(SITE), "--json").json["usable"] is True


def test_a_missing_file_is_one_problem(run, tmp_path):
    answer = run("catalogue", "check", str(tmp_path / "none.yaml"))

    assert answer.code == 3
    assert "cannot be read" in answer.out


def test_the_path_is_that_of_the_shipped_file(run):
    path = run("catalogue", "path").out

    assert Path(path.rstrip("\n")).name == "regimens.yaml"
    assert Path(path.rstrip("\n")).is_file()


def test_the_schema_is_a_json_schema_of_every_section(run):
    schema = run("catalogue", "schema").json

    assert schema["$schema"].startswith("https://json-schema.org/")
    assert {"regimens", "indications", "products", "safety"} <= set(schema["properties"])


def test_a_file_and_itself_do_not_differ(run, write):
    path = write(SITE + REGIMEN)

    answer = run("catalogue", "diff", path, path)

    assert (answer.code, answer.out) == (0, "no difference\n")


def test_a_changed_regimen_shows_its_fields_and_each_dose_that_moves(run, write):
    answer = run("catalogue", "diff", write(SITE, "old.yaml"), write(SITE + REGIMEN, "new.yaml"))

    # 0.4 g/kg x 5 days x 70 kg = 140 g became 0.5 g/kg x 4 days x 70 kg = 140 g: the day moves, the course does not
    assert answer.code == 0
    assert "regimens.itp-daily.g_per_kg.default: 0.4 -> 0.5" in answer.out
    assert "dose itp (itp-daily), day in g:" in answer.out
    assert "  70 kg: 28 g -> 35 g (+7 g, +25 %)" in answer.out
    assert "dose itp (itp-daily), course in g:" not in answer.out

    three_days = REGIMEN.replace("default: 4}", "default: 3}")
    moved = run("catalogue", "diff", write(SITE, "old.yaml"), write(SITE + three_days, "new.yaml"))
    # 0.5 g/kg x 3 days x 70 kg = 105 g, 35 g or 25 % less
    assert "  70 kg: 140 g -> 105 g (-35 g, -25 %)" in moved.out


def test_the_difference_in_json(run, write):
    three_days = REGIMEN.replace("default: 4}", "default: 3}")
    answer = run("catalogue", "diff", write(SITE, "old.yaml"), write(SITE + three_days, "new.yaml"), "--json")

    courses = [each for each in answer.json["doses"] if each["what"] == "course"]
    dose = next(each for each in courses if each["indication"] == "itp")
    assert {"weight_kg": 70, "old": 140, "new": 105} in dose["moves"]
    assert [each["id"] for each in answer.json["entries"]] == ["itp-daily"]


def test_a_file_that_cannot_be_used_is_not_compared(run, write):
    answer = run("catalogue", "diff", write(SITE), write("regimens: [", "bad.yaml"), "--json")

    assert (answer.code, answer.out) == (3, "")
    assert "bad.yaml:1:" in answer.err


def test_a_command_of_catalogue_is_needed(run):
    answer = run("catalogue")

    assert (answer.code, answer.out) == (2, "")
    assert "Missing command" in answer.err
    assert json.dumps(answer.err).count("\\n") == 1
