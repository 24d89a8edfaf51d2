"""`ivig-dose replay`: a plan's JSON computed again with the same catalogue and with others."""

import json
import re
import sys
from textwrap import dedent

import pytest
from typer.testing import CliRunner

from ivig_dose.cli.app import app

pytestmark = pytest.mark.slow

HEAD = """\
catalogue: {title: Site, version: "1", effective: 2026-11-01, review_by: 2027-11-22}
"""


@pytest.fixture
def plan_of(run, tmp_path):
    """The path of the JSON that `dose` writes for these arguments."""

    def write(*arguments):
        path = tmp_path / "plan.json"
        path.write_text(run("dose", *arguments, "--json").out, encoding="utf-8")
        return str(path)

    return write


@pytest.fixture
def site(tmp_path):
    """The path of a site's file with this content."""

    def write(content):
        path = tmp_path / "site.yaml"
        path.write_text(HEAD + dedent(content), encoding="utf-8")
        return str(path)

    return write


@pytest.fixture
def feed():
    """Run `ivig-dose replay -` on this text or these bytes."""

    def invoke(content, *options):
        return CliRunner().invoke(app, ["replay", "-", *options], input=content, prog_name="ivig-dose")

    return invoke


def causes(answer):
    return {(change["path"], change["moved_by"]) for change in answer.json["changes"]}


REQUESTS = [
    ("itp", "-w", "70"),
    ("itp", "-w", "70", "-p", "privigen-us", "--start", "2026-12-31T23:30"),
    (
        "cidp",
        "-w",
        "118",
        "--height",
        "1.7m",
        "--sex",
        "F",
        "--age",
        "54",
        "--weight-policy",
        "bmi-30",
        "-p",
        "asceniv",
    ),
    ("kawasaki", "-w", "12", "-p", "octagam-10-us", "--stock", "10x2,2x2", "--tolerance", "20"),
    ("pid", "-w", "83.7", "--cycles", "6", "--start", "2026-01-31"),
    ("tss", "-w", "3200g", "--age", "10 days", "--round", "0.5g", "--round-direction", "down"),
    ("gbs", "-w", "75", "--g-per-kg", "1", "--days", "2", "--risk", "diabetes", "--risk", "no-migraine"),
    ("itp", "-w", "71", "-p", "privigen-us", "--pump-step", "1", "--blood-group", "AB", "--round", "none"),
]


@pytest.mark.parametrize("arguments", REQUESTS, ids=" ".join)
def test_a_plan_is_identical_with_the_same_catalogue(run, plan_of, arguments):
    answer = run("replay", plan_of(*arguments))

    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith("identical: every dose, rate, notice and line of the working is the same\n")
    assert "then and now: ivig-dose" in answer.out


def reverse(value):
    """The same JSON with the keys of every object in reverse order."""
    if isinstance(value, dict):
        return {key: reverse(value[key]) for key in reversed(value)}
    return [reverse(each) for each in value] if isinstance(value, list) else value


def write_integers(text, form):
    """The same JSON with its whole numbers in another form."""
    return re.sub(r'"@(-?\d+)"', form, json.dumps(json.loads(text, parse_int="@{}".format)))


REWRITTEN = {
    "keys sorted": lambda text: json.dumps(json.loads(text), sort_keys=True),
    "keys reversed": lambda text: json.dumps(reverse(json.loads(text)), indent=4),
    "numbers as floats": lambda text: json.dumps(json.loads(text, parse_int=float)),
    "numbers with zeros": lambda text: write_integers(text, r"\1.000"),
    "numbers with exponents": lambda text: write_integers(text, r"\1e+0"),
    "letters escaped": lambda text: json.dumps(json.loads(text), ensure_ascii=True, separators=(",", ":")),
}


@pytest.mark.parametrize("rewrite", REWRITTEN.values(), ids=REWRITTEN)
@pytest.mark.parametrize("arguments", REQUESTS, ids=" ".join)
def test_a_plan_that_another_program_wrote_again_is_identical(run, feed, arguments, rewrite):
    text = run("dose", *arguments, "--json").out
    rewritten = rewrite(text)
    answer = feed(rewritten)

    assert rewritten != text
    assert (answer.exit_code, answer.stderr) == (0, "")
    assert answer.stdout.startswith("identical: ")


ORDERS = [
    ("itp", "-w", "70", "--ordered", "28 g/day"),
    ("gbs", "-w", "75", "--ordered", "150 g/day"),
    ("gbs", "-w", "75", "-p", "privigen-us", "--days", "2", "--ordered", "1 g/kg/day"),
    ("itp", "-w", "70", "--days", "9", "--ordered", "28 g/day"),
]


@pytest.mark.parametrize("rewrite", [str, *REWRITTEN.values()], ids=["as written", *REWRITTEN])
@pytest.mark.parametrize("arguments", ORDERS, ids=" ".join)
def test_a_check_is_computed_again(run, feed, arguments, rewrite):
    checked = run("check", *arguments, "--json")
    answer = feed(rewrite(checked.out))

    assert checked.json["request"]["ordered"] == arguments[-1]
    assert (answer.exit_code, answer.stderr) == (0, "")
    assert answer.stdout.startswith("identical: ")


def test_a_check_that_was_edited_is_found_out(run, feed):
    text = run("check", *ORDERS[1], "--json").out
    document = json.loads(text)
    document["status"], document["slips"] = "match", []
    answer = feed(json.dumps(document))

    assert answer.exit_code == 6
    assert "status: match -> mismatch" in answer.stdout
    assert "slips[course-taken-as-daily]: none -> " in answer.stdout


def test_a_check_says_which_entry_moved_its_verdict(run, site, tmp_path):
    path = tmp_path / "check.json"
    # the regimen is named, because another regimen of ITP still gives 28 g a day
    path.write_text(run("check", *ORDERS[0], "-r", "itp-daily", "--json").out, encoding="utf-8")
    file = site("""\
        regimens:
          itp-daily:
            title: ITP, 0.5 g/kg a day for 2 to 5 consecutive days
            phase: acute
            g_per_kg: {low: 0.5, high: 0.5, default: 0.5}
            basis: per_day
            days: {low: 2, high: 5, default: 5}
            status: SEED
            sources: [seed]
        """)
    answer = run("replay", str(path), "--catalogue", file, "--json")

    # 0.5 g/kg x 70 kg = 35 g a day; 28 g is 20 % below
    assert answer.code == 6
    cause = f"regimens/itp-daily ({file})"
    assert causes(answer) >= {("status", cause), ("expected.day_g", cause), ("difference_pct", cause)}


def test_the_answers_of_a_checked_batch_are_computed_again(run, tmp_path, feed):
    rows = "id,indication,weight_kg,ordered\nA,itp,70,28 g/day\nB,gbs,75,150 g/day\nC,itp,80,\nD,itp,700,28 g/day\n"
    (tmp_path / "orders.csv").write_text(rows + "E,itp,70,lots\nA,itp,71,28 g/day\n")
    lines = run("batch", str(tmp_path / "orders.csv"), "--json").out
    answer = feed(lines)

    assert [json.loads(line)["status"] for line in lines.splitlines()] == [
        "match", "mismatch", "ok", "refused", "refused", "match",
    ]  # fmt: skip
    assert (answer.exit_code, answer.stderr) == (0, "")
    assert answer.stdout == "6 documents: 5 identical, 0 changed, 1 without a request to compute\n"
    assert feed(lines.replace('"course_g":150,', '"course_g":160,')).exit_code == 6


def test_json_of_an_identical_plan(run, plan_of):
    answer = run("replay", plan_of("itp", "-w", "70"), "--json")

    assert answer.code == 0
    assert list(answer.json) == ["schema", "status", "refused_by", "changes", "not_in_document", "origin"]
    assert (answer.json["status"], answer.json["changes"]) == ("identical", [])
    assert answer.json["origin"]["then"] == answer.json["origin"]["now"]


@pytest.mark.parametrize(
    ("arguments", "rule"),
    [(("itp", "-w", "700"), "weight-out-of-bounds"), (("itp", "-w", "70", "--days", "6"), "days-out-of-range")],
)
def test_a_refusal_is_still_refused(run, plan_of, arguments, rule):
    answer = run("replay", plan_of(*arguments))

    assert answer.code == 0
    assert answer.out.startswith(f"identical: no dose was given, and none is now: refused by {rule}\n")


def test_a_regimen_that_moved_is_named_with_what_follows_from_it(run, plan_of, site):
    path = plan_of("itp", "-w", "70")
    file = site("""\
        regimens:
          itp-daily:
            title: ITP, 0.4 g/kg a day for 2 to 4 consecutive days
            phase: acute
            g_per_kg: {low: 0.4, high: 0.4, default: 0.4}
            basis: per_day
            days: {low: 2, high: 4, default: 4}
            status: SEED
            sources: [seed]
        """)
    answer = run("replay", path, "--catalogue", file, "--json")

    # 28 g x 4 days = 112 g; 1.6 g/kg still waits 11 months
    assert answer.code == 6
    cause = f"regimens/itp-daily ({file})"
    assert causes(answer) >= {
        ("regimen.days.chosen", cause),
        ("dose.course_g", cause),
        ("rounding.course_g", cause),
        ("schedule[cycle 1 day 5]", cause),
    }
    course = next(change for change in answer.json["changes"] if change["path"] == "dose.course_g")
    assert (course["old"], course["new"]) == (140, 112)

    screen = run("replay", path, "--catalogue", file)
    assert screen.code == 6
    assert f"\nmoved by {cause}\n" in screen.out
    assert "  dose.course_g: 140 -> 112\n" in screen.out
    assert "  schedule[cycle 1 day 5]: 28 g in 280 mL -> none\n" in screen.out
    assert "of the working with them (--json lists all)" in screen.out


def test_a_pump_step_of_the_site_moves_rates_and_no_dose(run, plan_of, site):
    path = plan_of("itp", "-w", "71", "-p", "privigen-us")
    answer = run("replay", path, "--catalogue", site("defaults: {pump_step_ml_per_h: 1}\n"), "--json")

    moved = {change["path"]: (change["old"], change["new"], change["moved_by"]) for change in answer.json["changes"]}
    assert moved["schedule[cycle 1 day 1].steps[1].rate_ml_per_h"] == (21.3, 21, "defaults")
    assert not any(path.endswith("dose_g") for path in moved)
    assert {cause for path, (_, _, cause) in moved.items() if path.startswith("schedule")} == {"defaults"}


def test_a_safety_rule_that_came_is_named(run, plan_of, site):
    path = plan_of("itp", "-w", "70")
    file = site("""\
        safety:
          ward-round:
            title: Ward round
            level: note
            text: Tell the ward round.
            status: SEED
            sources: [seed]
        """)
    answer = run("replay", path, "--catalogue", file, "--json")

    assert causes(answer) == {("notices[ward-round]", f"safety/ward-round ({file})")}
    assert "notices[ward-round]: none -> note: Tell the ward round." in run("replay", path, "--catalogue", file).out


def test_a_stop_that_came_turns_the_plan_into_a_refusal(run, plan_of, site):
    path = plan_of("itp", "-w", "70", "--risk", "diabetes")
    file = site("""\
        safety:
          no-diabetes:
            title: None in diabetes
            level: stop
            text: This ward gives none.
            status: SEED
            sources: [seed]
            when: {risks_any: [diabetes]}
        """)
    answer = run("replay", path, "--catalogue", file, "--json")

    assert answer.code == 6
    assert answer.json["refused_by"] == "no-diabetes"
    assert answer.json["changes"] == [
        {
            "path": "status",
            "old": "a plan of 140 g for the course",
            "new": "refused by no-diabetes: This ward gives none.",
            "moved_by": f"safety/no-diabetes ({file})",
        }
    ]


def test_a_weight_policy_of_the_site_moves_the_dose_by_way_of_the_defaults(run, plan_of, site):
    path = plan_of("cidp", "-w", "118", "--height", "170", "--sex", "F")
    answer = run("replay", path, "--catalogue", site("defaults: {weight_policy: adjusted}\n"), "--json")

    # 61.437 + 0.4 x (118 - 61.437) = 84.062 kg; x 2 g/kg = 168.124409 g instead of 236 g
    assert {("dosing_weight.kg", "defaults"), ("dose.course_g", "defaults")} <= causes(answer)
    course = next(change for change in answer.json["changes"] if change["path"] == "dose.course_g")
    assert (course["old"], course["new"]) == (236, 168.124)


def test_a_catalogue_that_changed_without_moving_this_plan_is_identical(run, plan_of, site):
    path = plan_of("itp", "-w", "70")
    file = site("""\
        sources:
          ours: {title: Our guideline, url: null, kind: guideline, read: 2026-11-01}
        """)
    answer = run("replay", path, "--catalogue", file)

    assert answer.code == 0
    assert answer.out.startswith("identical: ")
    then, now = answer.out.splitlines()[-2:]
    assert then.startswith("then: ivig-dose")
    assert now.startswith("now: ivig-dose")
    assert file in now
    assert file not in then


def test_a_document_that_was_edited_is_found_out(run, plan_of, tmp_path):
    document = json.loads((tmp_path / plan_of("itp", "-w", "70")).read_text())
    document["dose"]["day_g"] = 82
    (tmp_path / "edited.json").write_text(json.dumps(document))
    answer = run("replay", str(tmp_path / "edited.json"))

    assert answer.code == 6
    assert "changed: 1 value of the document is not the same" in answer.out
    assert "moved by no entry: tool and catalogue are the same, so the document was changed" in answer.out
    assert "dose.day_g: 82 -> 28" in answer.out


def test_another_version_of_the_tool_is_named(run, plan_of, tmp_path):
    document = json.loads((tmp_path / plan_of("itp", "-w", "70")).read_text())
    document["origin"]["tool"] = "0.0.9"
    document["dose"]["day_g"] = 82
    del document["patient"]["bmi"]
    (tmp_path / "older.json").write_text(json.dumps(document))
    answer = run("replay", str(tmp_path / "older.json"))

    assert "moved by the tool, 0.0.9 then and " in answer.out
    assert "not compared, because the document does not have them: patient.bmi" in answer.out


def test_json_lines_of_a_batch(run, tmp_path, feed):
    rows = (
        "id,indication,weight_kg,product,ward",
        "a,itp,70,privigen-us,B",
        "a,itp,71,,B",
        'b,itp,"70,5",,B',
        "c,itp,700,,B",
    )
    (tmp_path / "rows.csv").write_text("\n".join(rows))
    lines = run("batch", str(tmp_path / "rows.csv"), "--format", "jsonl").out
    answer = feed(lines)

    assert answer.exit_code == 0
    assert answer.stdout == "4 documents: 3 identical, 0 changed, 1 without a request to compute\n"

    changed = lines.replace('"day_g":28.4', '"day_g":29.4')
    answer = feed(changed)
    assert answer.exit_code == 6
    assert answer.stdout.startswith("line 2 (row 2, id a):\n  changed: ")
    assert "  dose.day_g: 29.4 -> 28.4\n" in answer.stdout
    assert answer.stdout.endswith("4 documents: 2 identical, 1 changed, 1 without a request to compute\n")

    documents = [json.loads(line) for line in feed(changed, "--json").stdout.splitlines()]
    assert [(each["row"], each["id"], each["status"]) for each in documents] == [
        (1, "a", "identical"),
        (2, "a", "changed"),
        (3, "b", "skipped"),
        (4, "c", "identical"),
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "standard input is empty"),
        ("\n\n", "standard input is empty"),
        ("{", "standard input:1: this is no JSON: expecting property name"),
        ("[]", "standard input:1: this is no plan"),
        ('{"schema": 1, "status": "ok"}', "standard input:1: this is no whole document: indication is missing"),
        ('{"a": 1, "a": 2}', "standard input:1: this is no JSON: the key 'a' is given twice"),
        (b"\xff\xfe{\x00", "standard input:1: this is not UTF-8 text"),
        ("[" * 100_000, "standard input:1: this is no JSON: it is nested too deeply"),
        ('{"schema": 1, "status": "refused", "refusal": {}}', "this document does not hold its request"),
        (
            '{"schema": 1, "status": "refused", "refusal": {}, "request": {"indication": "itp", "weight_kg": "70"}}',
            "standard input:1: the document's request cannot be read: weight_kg is not a number",
        ),
    ],
)
def test_what_is_no_plan_is_one_line_and_exit_2(feed, content, message):
    answer = feed(content)

    assert answer.exit_code == 2
    assert answer.stdout == ""
    assert answer.stderr.startswith("Error: ")
    assert answer.stderr.count("\n") == 1
    assert message in answer.stderr


def test_a_bad_line_among_good_ones_is_named(run, feed):
    good = json.dumps(run("dose", "itp", "-w", "70", "--json").json)
    answer = feed(f"{good}\n\n{good}\n{{\n")

    assert answer.exit_code == 2
    assert "standard input:4: this is no JSON" in answer.stderr


def test_a_byte_order_mark_is_read_over(run, feed):
    answer = feed(b"\xef\xbb\xbf" + run("dose", "itp", "-w", "70", "--json").out.encode())
    assert answer.exit_code == 0


@pytest.mark.parametrize("name", ["not-there.json", "."])
def test_a_file_that_cannot_be_read_is_a_question_of_usage(run, name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    answer = run("replay", name)
    assert answer.code == 2
    assert answer.err.startswith(f"Error: {name} cannot be read: ")


def test_a_terminal_is_not_waited_for(run, monkeypatch):
    monkeypatch.setattr("ivig_dose.cli.terminal.is_terminal", lambda stream: stream is sys.stdin)
    answer = run("replay", "-")
    assert answer.code == 2
    assert answer.err == "Error: replay waits for a plan's JSON on standard input; pipe one in, or name a file\n"
