"""Rows of treatments over time: each is what `dose` answers, in CSV and in JSON, and a bad one spoils no other."""

import csv
import io
import json

from ivig_dose.catalogue.loader import load_catalogue
from ivig_dose.core.plan import make_plan
from ivig_dose.core.reading import read_request
from ivig_dose.report.as_csv import csv_line, plan_cells
from ivig_dose.report.as_json import plan_document
from ivig_dose.report.json_text import dump_line

HEADINGS = (
    "id", "indication", "weight_kg", "regimen", "product", "start", "interval", "cycles", "until", "given_doses",
    "earlier_doses", "then_regimen", "igg", "igg_target",
)  # fmt: skip
ROWS = [
    ("A", "itp", "70", "", "gamunex-c", "2026-12-03", "", "", "", "60 g octagam-10-us", "", "", "", ""),
    ("B", "cidp", "70", "induction-divided", "privigen-us", "2026-12-01", "", "", "", "", "",
     "cidp-maintenance: until 2027-05-31", "", ""),
    ("C", "pid", "64.5", "replacement-label-us", "privigen-us", "2026-12-01", "3 weeks", "", "2027-11-30", "", "", "",
     "520 mg/dL", "7 g/L"),
    ("D", "fnait", "75", "fnait-weekly", "privigen-us", "2026-12-01", "", "16", "", "", "", "", "", ""),
    ("E", "kawasaki", "12", "kawasaki-retreatment", "", "2026-12-01", "", "", "", "", "2026-11-29 24 g", "", "", ""),
    ("F", "pemphigus", "70", "", "", "2026-12-01", "", "3", "", "", "", "", "", ""),
]  # fmt: skip
ARGUMENTS = {"weight_kg": "weight", "given_doses": "given", "earlier_doses": "earlier", "then_regimen": "then"}


def as_csv(rows):
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([HEADINGS, *rows])
    return text.getvalue()


def plan_of(row):
    said = {name: cell for name, cell in zip(HEADINGS, row, strict=True) if cell and name != "id"}
    return make_plan(read_request(**{ARGUMENTS.get(name, name): cell for name, cell in said.items()}), load_catalogue())


def test_each_line_is_that_of_the_plan(batch):
    answer = batch(as_csv(ROWS))
    assert answer.code == 0, answer.err
    assert answer.out.splitlines(keepends=True)[1:] == [csv_line(plan_cells(plan_of(row), row[0])) for row in ROWS]


def test_each_document_is_that_of_the_plan(batch):
    answer = batch(as_csv(ROWS), "--format", "jsonl")
    assert answer.code == 0, answer.err
    for line, row in zip(answer.out.splitlines(), ROWS, strict=True):
        document = json.loads(dump_line(plan_document(plan_of(row))))
        told = json.loads(line)
        assert {key: told[key] for key in document} == document


def test_rows_that_cannot_be_planned_stand_among_the_others(batch):
    bad = [
        ("X", "itp", "70", "", "", "", "", "", "", "150 g", "", "", "", ""),
        ("Y", "pid", "70", "", "", "", "", "", "", "", "", "", "520 g/L", ""),
        ("Z", "gbs", "70", "", "", "2026-12-01", "", "", "2027-06-30", "", "", "", "", ""),
    ]
    rows = batch(as_csv([ROWS[0], bad[0], ROWS[1], bad[1], bad[2]])).rows
    assert [row["status"] for row in rows] == ["ok", "refused", "ok", "refused", "refused"]
    assert rows[1]["refusal"].startswith("given-above-course: 150 g were given, 10 g more than the course of 140 g")
    assert 'did you mean "520 mg/dL"?' in rows[3]["refusal"]
    assert rows[4]["refusal"].startswith("no-interval: ")


def test_a_row_with_an_order_and_doses_given_is_refused(batch):
    text = "id,indication,weight_kg,ordered,given_doses\nA,itp,70,28 g daily x5,28 g\n"
    (row,) = batch(text).rows
    assert row["refusal"].startswith("order-with-treatment: ")
