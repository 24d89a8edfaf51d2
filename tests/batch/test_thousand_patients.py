"""A thousand generated patients, 7 % of them wrong in every way of `reference/hazards.md` that concerns one row."""

import csv
import io
import json
import random
import shutil
import subprocess
from decimal import Decimal

import pytest

from ivig_dose.report.as_csv import COLUMNS

pytestmark = pytest.mark.slow

# grams per kg for a course, as the seed document prints them: 0.4 a day for 5 days, 0.3 a month, 2 in all
G_PER_KG = {"itp": "2", "pid": "0.3", "kawasaki": "2", "gbs": "2", "cidp": "2"}
WRONG = [
    ("weight_kg", "70,5", "unreadable"),
    ("weight_kg", "1,500", "unreadable"),
    ("weight_kg", "7_0", "unreadable"),
    ("weight_kg", ".4", "unreadable"),
    ("weight_kg", "70.", "unreadable"),
    ("weight_kg", "+70", "unreadable"),
    ("weight_kg", "-70", "unreadable"),
    ("weight_kg", "7e1", "unreadable"),
    ("weight_kg", "1e999999999", "unreadable"),
    ("weight_kg", "9" * 5000, "unreadable"),
    ("weight_kg", "nan", "unreadable"),
    ("weight_kg", "inf", "unreadable"),
    ("weight_kg", "٧٠", "unreadable"),  # noqa: RUF001
    ("weight_kg", "７０", "unreadable"),  # noqa: RUF001
    ("weight_kg", "154 lb", "unreadable"),
    ("weight_kg", "", "unreadable"),
    ("weight_kg", "0", "weight-out-of-bounds"),
    ("weight_kg", "700", "weight-out-of-bounds"),
    ("height_cm", "1.75", "unreadable"),
    ("height_cm", "9", "height-out-of-bounds"),
    ("age_years", "200", "age-out-of-bounds"),
    ("sex", "male?", "unreadable"),
    ("indication", "itpp", "unknown-indication"),
    ("indication", "", "indication-missing"),
    ("product", "privigen", "unknown-product"),
    ("g_per_kg", "140", "g-per-kg-out-of-range"),
    ("days", "0", "unreadable"),
    ("days", "99", "days-out-of-range"),
    ("risks", "iga-deficiency-with-antibodies", None),
    ("risks", "diabtes", "unknown-risk"),
    ("risks", "diabetes no-diabetes", "risk-both-ways"),
    ("start", "31/01/2026", "unreadable"),
    ("start", "2026-02-30", "unreadable"),
    ("blood_group", "A+", "unreadable"),
    ("id", "", "id-missing"),
]
HEADINGS = ("id", "indication", "weight_kg", "height_cm", "sex", "age_years", "g_per_kg", "days", "product", "risks",
            "blood_group", "start", "ward")  # fmt: skip


def make_patients(count=1000):
    """The rows, and for each the rule that refuses it or None. The same on every machine."""
    draw = random.Random(20261122)  # noqa: S311 - patients, not keys
    rows, rules = [], []
    for number in range(count):
        height = draw.randrange(150, 196)
        # a BMI of 18 to 32: no weight that looks like a slip
        weight = Decimal(height * height) * draw.randrange(180, 320) / 100_000
        row = dict.fromkeys(HEADINGS, "") | {
            "id": f"P{number:04}",
            "indication": draw.choice(list(G_PER_KG)),
            "weight_kg": str(weight.quantize(Decimal("0.1"))),
            "height_cm": str(height),
            "sex": draw.choice("FM"),
            "age_years": str(draw.randrange(19, 90)),
            "ward": draw.choice(["A", "B", "Süd; 3", 'the "old" wing', "=1+1"]),
        }
        rule = "none"
        if number % 100 in range(5, 12):
            column, text, rule = WRONG[len([rule for rule in rules if rule != "none"]) % len(WRONG)]
            row[column] = text
        rows.append(row)
        rules.append(rule)
    return rows, rules


def write_csv(rows, delimiter=",", end="\n"):
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADINGS, delimiter=delimiter, lineterminator=end)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def test_every_wrong_row_is_refused_and_every_right_one_has_its_dose(batch):
    rows, rules = make_patients()

    answers = batch(write_csv(rows)).rows

    assert len(answers) == 1000
    assert sum(rule != "none" for rule in rules) == 70
    assert {wrong for wrong in WRONG if wrong[2] not in rules} == set()
    for row, rule, answer in zip(rows, rules, answers, strict=True):
        assert answer["id"] == row["id"]
        if rule == "none":
            assert answer["status"] == "ok", row
            exact = Decimal(G_PER_KG[row["indication"]]) * Decimal(row["weight_kg"])
            assert Decimal(answer["course_g"]) == exact
        else:
            assert answer["status"] == "refused", row
            assert answer["course_g"] == answer["given_course_g"] == answer["volume_ml"] == ""
            assert rule is None or answer["refusal"].startswith(f"{rule}: ")


def test_a_spreadsheet_export_gives_the_same_answer(batch):
    rows, _ = make_patients()
    exported = b"\xef\xbb\xbf" + write_csv(rows, delimiter=";", end="\r\n").encode()

    assert batch(exported).out == batch(write_csv(rows)).out


def test_json_lines_give_the_same_doses(batch):
    rows, rules = make_patients(200)
    lines = "".join(
        json.dumps({name: text for name, text in row.items() if text or name in HEADINGS[:3]}) + "\n" for row in rows
    )

    answers = batch(lines).rows

    assert [answer["status"] == "refused" for answer in answers] == [rule != "none" for rule in rules]
    assert answers == batch(write_csv(rows)).rows


@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed here")
def test_jq_reads_every_line(command, tmp_path):
    rows, rules = make_patients(200)
    path = tmp_path / "patients.csv"
    path.write_text(write_csv(rows), encoding="utf-8")
    words = " ".join([*command, "batch", str(path), "--json", "--quiet"])

    totals = subprocess.run(
        [
            "bash",
            "-c",
            f"{words} | jq -s '[length, (map(select(.refusal)) | length), (map(.dose.course_g // 0) | add)]'",
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )

    length, refused, grams = json.loads(totals.stdout)
    assert (length, refused) == (200, sum(rule != "none" for rule in rules))
    exact = sum(
        Decimal(G_PER_KG[row["indication"]]) * Decimal(row["weight_kg"])
        for row, rule in zip(rows, rules, strict=True)
        if rule == "none"
    )
    assert abs(Decimal(grams) - exact) < Decimal("0.001")


def test_pandas_reads_the_answer(process, tmp_path):
    pandas = pytest.importorskip("pandas", reason="pandas is not installed here")
    rows, rules = make_patients()
    path, out = tmp_path / "patients.csv", tmp_path / "doses.csv"
    path.write_text(write_csv(rows), encoding="utf-8")

    process("batch", path, "--out", out)
    frame = pandas.read_csv(out)

    assert len(frame) == 1000
    assert int((frame["status"] == "refused").sum()) == sum(rule != "none" for rule in rules)
    assert frame["course_g"].dtype.kind == "f"


def test_the_answer_can_be_read_by_the_csv_module_with_its_strictest_settings(batch):
    rows, _ = make_patients()

    lines = list(csv.reader(io.StringIO(batch(write_csv(rows)).out), strict=True))

    assert {len(line) for line in lines} == {len(COLUMNS) + 1}
