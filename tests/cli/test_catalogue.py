"""`ivig-dose catalogue`: checking, finding and comparing files."""

import json
import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

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
    assert answer.out.startswith("dose itp\n  itp-daily, day: 3 kg ")
    assert "; 70 kg 28 g -> 35 g (+7 g, +25 %); 120 kg " in answer.out
    assert "itp-daily, course:" not in answer.out

    three_days = REGIMEN.replace("default: 4}", "default: 3}")
    moved = run("catalogue", "diff", write(SITE, "old.yaml"), write(SITE + three_days, "new.yaml"))
    # 0.5 g/kg x 3 days x 70 kg = 105 g, 35 g or 25 % less
    assert "; 70 kg 140 g -> 105 g (-35 g, -25 %); " in moved.out


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


def uncomment(text):
    """The file with every example switched on: a section's line, and the lines indented below it."""
    return re.sub(r"^#(?=[a-z_]+:$|  )", "", text, flags=re.M)


def test_a_new_site_file_checks_clean_and_changes_no_dose(run, tmp_path):
    site = tmp_path / "site.yaml"

    assert run("catalogue", "new", str(site)).code == 0
    checked = run("catalogue", "check", str(site))

    assert (checked.code, checked.out) == (0, f"{site}: no problem; can be used\n")
    doses = [run("dose", "itp", "-w", "70", "--json", *more).json["dose"] for more in ([], ["--catalogue", str(site)])]
    assert doses[0] == doses[1]


def test_every_example_of_a_new_site_file_can_be_used(run, tmp_path):
    site, uncommented = tmp_path / "site.yaml", tmp_path / "all.yaml"
    run("catalogue", "new", str(site))
    uncommented.write_text(uncomment(site.read_text(encoding="utf-8")), encoding="utf-8")

    checked = run("catalogue", "check", str(uncommented))
    of_site = ("--catalogue", str(uncommented), "--height", "170", "--sex", "M")
    plan = run(
        "dose", "urgent itp", "-w", "120", "--product", "our-ivig", "--weight-policy", "our-policy", *of_site, "--json"
    )

    assert (checked.code, checked.out) == (0, f"{uncommented}: no problem; can be used\n")
    # Devine, 170 cm: 50 + 2.3 x (170/2.54 - 60) = 65.937; plus 0.4 x (120 - 65.937) = 87.562 kg, at 1 g/kg a day
    assert plan.json["dose"]["day_g"] == pytest.approx(87.562, abs=0.001)
    assert plan.json["regimen"]["id"] == "our-itp-two-days"
    assert plan.json["product"]["name"] == "Our IVIG 10%"
    assert run("dose", "itp", "-w", "70", *of_site, "--json").json["product"]["id"] == "privigen-us"


def test_a_new_site_file_never_takes_the_place_of_another(run, tmp_path):
    site = tmp_path / "site.yaml"
    site.write_text("ours", encoding="utf-8")

    answer = run("catalogue", "new", str(site))

    assert (answer.code, site.read_text(encoding="utf-8")) == (2, "ours")
    assert "is already there" in answer.err


@pytest.mark.parametrize(
    ("line", "advised"),
    [
        ("note: as in form #2", True),
        ("note: Form #2", True),
        ("note: two words   # a remark", True),
        ("note: word   # a remark", False),
        ('note: "as in form #2"', False),
        ("note: as in form#2", False),
        ("days: {low: 1, high: 2, default: 2}   # as many as two", False),
    ],
)
def test_text_that_a_comment_may_have_cut_is_advised(run, tmp_path, line, advised):
    site = tmp_path / "site.yaml"
    run("catalogue", "new", str(site))
    text = uncomment(site.read_text(encoding="utf-8"))
    old = next(each for each in text.splitlines() if each.strip().startswith("days:"))
    new = f"{old}\n    {line}" if line.startswith("note") else f"    {line}"
    site.write_text(text.replace(old, new), encoding="utf-8")

    checked = run("catalogue", "check", str(site))

    assert (checked.code, "[text-cut]" in checked.out) == (0, advised)


@pytest.mark.parametrize(
    ("value", "hint"), [("0.8.1", "write one decimal point, as in 0.8"), ("'0.8'", "leave out the quotes")]
)
def test_the_hint_fits_the_mistake_in_a_number(run, tmp_path, value, hint):
    site = tmp_path / "site.yaml"
    run("catalogue", "new", str(site))
    text = uncomment(site.read_text(encoding="utf-8"))
    site.write_text(text.replace("low: 0.8,", f"low: {value},"), encoding="utf-8")

    checked = run("catalogue", "check", str(site))

    assert checked.code == 3
    assert f"hint: {hint}\n" in checked.out


REPLACED_STOP = """catalogue: {title: Site, version: "1", effective: 2026-11-01, review_by: 2027-11-01}
safety:
  iga-antibodies-stop:
    title: IgA antibodies
    level: note
    text: IgA deficiency with antibodies.
    status: VERIFIED
    sources: [seed]
    when: {risks_any: [iga-deficiency-with-antibodies]}
    replaces_stop: "desensitised patients only, A. Pharmacist, 2026-11-20"
"""


@pytest.mark.parametrize(
    "words",
    [
        ("dose", "itp", "-w", "70"),
        ("dose", "itp", "-w", "70", "--brief"),
        ("dose", "itp", "-w", "70", "--json"),
        ("dose", "itp", "-w", "70", "--format", "csv"),
        ("dose", "itp", "-w", "70", "--format", "markdown"),
        ("dose", "itp", "-w", "70", "--format", "html"),
        ("check", "itp", "-w", "70", "--ordered", "28 g/day x 5 days"),
        ("check", "itp", "-w", "70", "--ordered", "28 g/day x 5 days", "--json"),
        ("table", "itp", "--weights", "70"),
        ("table", "itp", "--weights", "70", "--format", "csv"),
        ("compare", "itp", "-w", "70"),
        ("batch", "patients.csv"),
        ("batch", "patients.csv", "--format", "jsonl"),
    ],
    ids=" ".join,
)
def test_a_stop_that_a_site_took_away_is_named_on_every_answer(run, tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "site.yaml").write_text(REPLACED_STOP, encoding="utf-8")
    (tmp_path / "patients.csv").write_text("id,indication,weight_kg\nA,itp,70\n", encoding="utf-8")

    answer = run(*words, "--risk", "iga-deficiency-with-antibodies", "--catalogue", "site.yaml")

    assert answer.code == 0
    assert "iga-antibodies-stop" in answer.out
    assert "140" in answer.out
