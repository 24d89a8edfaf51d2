"""`--summary`: what the rows of a file come to, worked out by hand and against the rows themselves."""

import itertools
import json
import re
from collections import Counter
from decimal import Decimal

import pytest

# By hand. itp: 0.4 g/kg x 5 days, so 2 g/kg; privigen-us has vials of 5, 10, 20 and 40 g.
#   A 70 kg: 140 g = 30 + 30 + 30 + 25 + 25; 20+10 three times, 20+5 twice
#   B 50 kg: 100 g = 20 on each of 5 days
#   C 70 kg without a product: 140 g, no vials
#   D kawasaki, 2 g/kg x 12 kg = 24 g, octagam-10-us: 20 + 2 + 2
#   E, F refused; G is the second row of patient A
PATIENTS = """id,indication,weight_kg,product,ward
A,itp,70,privigen-us,1
B,itp,50,privigen-us,1
C,itp,70,,2
D,kawasaki,12,octagam-10-us,2
E,itpp,70,,2
F,itp,700,,2
a,itp,50,privigen-us,1
G,itpp,70,,
"""

# g/mL, by the labels
STRENGTH = {"privigen-us": Decimal("0.1"), "octagam-10-us": Decimal("0.1"), "gammaplex-5": Decimal("0.05")}


def test_the_document_has_every_sum(batch, tmp_path):
    answer = batch(PATIENTS, "--summary", "--json", "--out", tmp_path / "rows.jsonl", "--quiet")

    assert (answer.code, answer.err) == (5, "")
    document = json.loads(answer.out)
    origin = document.pop("origin")
    assert origin["catalogue"] == "ivig-dose catalogue"
    assert document == {
        "schema": 1,
        "rows": 8,
        "patients": 7,
        "planned": 5,
        "mismatched": 0,
        "refused": 3,
        "given_course_g": 504,
        "given": [
            {"indication": "itp", "product": "privigen-us", "rows": 3, "given_course_g": 340},
            {"indication": "itp", "product": None, "rows": 1, "given_course_g": 140},
            {"indication": "kawasaki", "product": "octagam-10-us", "rows": 1, "given_course_g": 24},
        ],
        "vials": [
            {"product": "octagam-10-us", "g": 20, "count": 1},
            {"product": "octagam-10-us", "g": 2, "count": 2},
            {"product": "privigen-us", "g": 20, "count": 15},
            {"product": "privigen-us", "g": 10, "count": 3},
            {"product": "privigen-us", "g": 5, "count": 2},
        ],
        "outside_tolerance": {"rows": 0, "share_pct": 0},
        "refused_by": [{"rule": "unknown-indication", "rows": 2}, {"rule": "weight-out-of-bounds", "rows": 1}],
        "compare_policy": None,
        "passed_through_unread": ["ward"],
    }
    assert (tmp_path / "rows.jsonl").read_text().count("\n") == 8


def test_the_tables_have_the_same_figures(batch, tmp_path):
    lines = [line.split() for line in batch(PATIENTS, "--summary", "--out", tmp_path / "rows.csv").out.splitlines()]

    for line in (
        "rows 8", "patients (different ids) 7", "with a plan 5", "refused 3", "given over one course 504 g",
        "itp privigen-us 3 340 g", "itp not named 1 140 g", "kawasaki octagam-10-us 1 24 g", "privigen-us 20 g 15",
        "octagam-10-us 2 g 2", "unknown-indication 2", "weight-out-of-bounds 1",
    ):  # fmt: skip
        assert line.split() in lines


def test_the_rows_keep_stdout_to_themselves(batch):
    plain = batch(PATIENTS, "--quiet")
    summed = batch(PATIENTS, "--quiet", "--summary")
    as_json = batch(PATIENTS, "--quiet", "--summary", "--json")

    assert (summed.out, summed.code) == (plain.out, plain.code)
    assert "Given over one course of each row" in summed.err
    assert len(as_json.documents) == 8
    assert json.loads(as_json.err)["rows"] == 8


def test_json_is_the_form_of_the_summary_where_the_rows_have_their_own(batch, tmp_path):
    out = tmp_path / "rows.csv"
    answer = batch(PATIENTS, "--format", "csv", "--json", "--summary", "--out", out)

    assert json.loads(answer.out)["rows"] == 8
    assert out.read_text().startswith("id,indication,status")
    assert batch(PATIENTS, "--format", "csv", "--json").code == 2


@pytest.mark.parametrize("columns", [5, 12, 30])
def test_on_a_narrow_terminal_no_figure_is_cut(batch, tmp_path, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = batch(PATIENTS, "--summary", "--out", tmp_path / "rows.csv").out.splitlines()

    assert " ".join(" ".join(lines).split()).startswith("Summary rows: 8 patients (different ids): ")
    assert "itp: product privigen-us, rows 3, given 340 g" in " ".join(" ".join(lines).split())
    assert any("given 340 g" in line for line in lines)


@pytest.mark.slow
def test_the_sums_are_those_of_the_rows_whatever_the_form_and_the_processes(batch, tmp_path):
    products = ("", "privigen-us", "octagam-10-us", "gammaplex-5")
    # notes of a ward make several pieces of few rows
    rows = "".join(
        f"P{number % 400},{('itp', 'pid', 'x')[number % 3]},{5 + number / 4},{products[number % 4]},{'w' * 300}\n"
        for number in range(600)
    )
    head = "id,indication,weight_kg,product,ward\n"
    lines = batch(head + rows).rows

    for form, jobs in itertools.product(["csv", "jsonl"], ["1", "2"]):
        summary = batch(
            head + rows, "--summary", "--json", "--format", form, "--jobs", jobs, "--out", tmp_path / "rows.out",
            "--fields", "indication,product,given_course_g,status",
        )  # fmt: skip
        check_sums(json.loads(summary.out, parse_float=Decimal), lines, products)


def check_sums(document, lines, products):
    grams = Counter()
    for line in lines:
        if line["status"] == "ok":
            grams[line["indication"], line["product"] or None] += Decimal(line["given_course_g"])

    assert {(use["indication"], use["product"]): use["given_course_g"] for use in document["given"]} == grams
    assert document["given_course_g"] == sum(grams.values())
    assert (document["rows"], document["patients"]) == (600, 400)
    refused = Counter(line["refusal"].partition(":")[0] for line in lines if line["status"] == "refused")
    assert {each["rule"]: each["rows"] for each in document["refused_by"]} == refused
    assert refused["unknown-indication"] == 200
    # An opened vial is ordered whole: the grams of the vials are those given and those discarded.
    vials, discarded = Counter(), Counter()
    for vial in document["vials"]:
        vials[vial["product"]] += vial["g"] * vial["count"]
    for line in lines:
        if line["status"] == "ok" and line["part_vials"]:
            per_day_ml = re.search(r"discard ([0-9.]+) mL", line["part_vials"])[1]
            discarded[line["product"]] += Decimal(per_day_ml) * int(line["days"]) * STRENGTH[line["product"]]
    for product in products[1:]:
        given = sum(given for (_, named), given in grams.items() if named == product)
        assert vials[product] == given + discarded[product]


def test_another_policy_is_compared_row_by_row(batch, tmp_path):
    # us-120-percent needs height and sex. Ideal weight (Devine) of a woman of 160 cm:
    # 45.5 + 2.3 x (160 / 2.54 - 60) = 52.382 kg; 90 kg is above 120 % of it, so the adjusted weight
    # 52.382 + 0.4 x (90 - 52.382) = 67.429 kg doses; 60 kg is not.
    # 0.4 g/kg x 5: 180 g against 134.858 g; 120 g against 120 g; the row without a height is refused by the policy.
    rows = "id,indication,weight_kg,height_cm,sex\nA,itp,90,160,F\nB,itp,60,160,F\nC,itp,70,,\nD,itpp,70,,\n"
    answer = batch(rows, "--compare-policy", "us-120-percent", "--json", "--out", tmp_path / "rows.jsonl")

    document = json.loads(answer.out, parse_float=Decimal)
    own = batch(rows, "--weight-policy", "us-120-percent").rows[0]
    saved = Decimal(180) - Decimal(own["given_course_g"])
    assert 45 < saved < Decimal("45.2")
    assert document["compare_policy"] == {
        "policy": "us-120-percent", "rows": 2, "refused": 1, "saved_g": saved, "added_g": 0, "difference_g": -saved,
    }  # fmt: skip
    back = batch(
        rows, "--weight-policy", "us-120-percent", "--compare-policy", "actual", "--json", "--out", tmp_path / "rows"
    )
    change = json.loads(back.out, parse_float=Decimal)["compare_policy"]
    assert (change["saved_g"], change["added_g"], change["rows"], change["refused"]) == (0, saved, 2, 0)


def test_a_policy_that_is_not_there_is_a_mistake_of_the_command(batch):
    answer = batch(PATIENTS, "--compare-policy", "us-12o-percent")

    assert (answer.code, answer.out) == (2, "")
    assert "weight policy 'us-12o-percent' is not in the catalogue; did you mean us-120-percent?" in answer.err


def test_orders_count_with_the_plan_they_are_checked_by(batch, tmp_path):
    rows = "id,indication,weight_kg,product,ordered\nA,itp,70,privigen-us,28 g/day\nB,gbs,75,privigen-us,150 g/day\n"
    document = json.loads(batch(rows, "--summary", "--json", "--out", tmp_path / "rows.jsonl").out)

    # gbs: 2 g/kg x 75 kg = 150 g, 30 g on each of 5 days
    assert (document["planned"], document["mismatched"], document["given_course_g"]) == (1, 1, 290)
    assert {(vial["g"], vial["count"]) for vial in document["vials"]} == {(20, 10), (10, 8), (5, 2)}
