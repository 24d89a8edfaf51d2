"""`--fields`: a slim answer that still names its row, its warnings and its refusal."""

import csv
import io
import json

import pytest

from ivig_dose.report.as_csv import COLUMNS

pytestmark = pytest.mark.slow

PATIENTS = """id,indication,weight_kg,product,ward
A,itp,70,privigen-us,3
B,kawasaki,12.37,privigen-us,"=1+1"
C,itpp,70,,4
,itp,70,,5
"""


def test_csv_has_the_fields_in_their_order_with_id_warnings_and_refusal(batch):
    answer = batch(PATIENTS, "--fields", "given_day_g,course_g,ward")

    assert answer.code == 5
    # 0.4 g/kg x 70 kg x 5 = 140 g from vials of 10 and 5 g; 2 g/kg x 12.37 kg = 24.74 g, given as 25 g
    assert list(csv.reader(io.StringIO(answer.out))) == [
        ["id", "given_day_g", "course_g", "ward", "warnings", "refusal"],
        ["A", "30x3 25x2", "140", "3", "", ""],
        ["B", "25", "24.74", "'=1+1", "rate-not-for-indication", ""],
        ["C", "", "", "4", "", "unknown-indication: indication 'itpp' is not in the catalogue; did you mean itp?"],
        ["", "", "", "5", "", "id-missing: the id is missing; give each row an id of its own"],
    ]
    assert "passed through unread: 'ward'" in answer.err


def test_json_has_numbers_lists_and_null(batch):
    documents = batch(PATIENTS, "--json", "--fields", "course_g,days,given_day_g,notices,ward,product").documents

    assert list(documents[0]) == [
        "row", "id", "course_g", "days", "given_day_g", "notices", "ward", "product", "warnings", "refusal",
    ]  # fmt: skip
    first = documents[0]
    assert (first["row"], first["id"], first["course_g"], first["days"], first["given_day_g"]) == (
        1, "A", 140, 5, "30x3 25x2",
    )  # fmt: skip
    assert (first["product"], first["refusal"], first["warnings"]) == ("privigen-us", None, [])
    assert set(first["notices"]) >= {"aseptic-meningitis", "assess-infusion"}
    assert documents[1]["ward"] == "=1+1"
    assert documents[1]["warnings"] == ["rate-not-for-indication"]
    refused = documents[2]
    assert (refused["course_g"], refused["days"], refused["given_day_g"], refused["notices"]) == (None, None, None, [])
    assert refused["refusal"]["rule"] == "unknown-indication"


def test_values_of_json_stay_as_they_were_written(batch):
    row = '{"id": "A", "indication": "itp", "weight_kg": 70, "bed": 0.10, "tags": ["x", {"y": null}]}'

    line = batch(row, "--json", "--fields", "bed,tags,course_g").out

    assert line == (
        '{"row":1,"id":"A","bed":0.10,"tags":["x",{"y":null}],"course_g":140,"warnings":[],"refusal":null}\n'
    )


@pytest.mark.parametrize("form", ["csv", "jsonl", "markdown"])
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_every_field_has_the_cell_of_the_whole_answer(batch, form, jobs):
    patients = PATIENTS + "".join(f"{'P' * 150}{number},itp,{40 + number / 5},,\n" for number in range(800))
    whole = batch(patients, "--format", "csv").rows
    answer = batch(patients, "--format", form, "--jobs", jobs, "--fields", ",".join(COLUMNS))

    if form == "csv":
        assert answer.rows == [{name: row[name] for name in COLUMNS} for row in whole]
    elif form == "jsonl":
        for row, document in zip(whole, answer.documents, strict=True):
            assert {name: write(document[name]) for name in COLUMNS if name != "refusal"} == {
                name: row[name] for name in COLUMNS if name != "refusal"
            }
    else:
        assert answer.out.count("\n") == 2 + len(whole)


def write(value):
    if isinstance(value, list):
        return " ".join(value)
    return "" if value is None else value if isinstance(value, str) else json.dumps(value)


def test_the_fields_of_a_check_may_be_asked_for(batch):
    answer = batch("id,indication,weight_kg,ordered\nB,gbs,75,150 g/day\n", "--fields", "status,difference_pct,slips")

    # 150 g x 5 days against 150 g: 400 % above
    assert answer.code == 6
    assert list(answer.rows[0]) == ["id", "status", "difference_pct", "slips", "warnings", "refusal"]
    assert (answer.rows[0]["difference_pct"], answer.rows[0]["slips"]) == ("400", "course-taken-as-daily")


def test_a_file_with_warnings_of_its_own_keeps_both(batch):
    answer = batch("id,indication,weight_kg,warnings\nA,itp,70,mine\n", "--fields", "warnings,course_g")

    assert answer.out.splitlines()[0] == "id,warnings,course_g,dose_warnings,refusal"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ("course", "field 'course' is no column of the answer; type course_g or given_course_g"),
        ("course_g,", "field '' is no column of the answer"),
        ("course_g,course_g", "field 'course_g' is named twice; name each field once"),
        ("weight_kg", "field 'weight_kg' is no column of the answer; type "),
        ("row", "field 'row' is no column of the answer"),
        ("ordered", "field 'ordered' is no column of the answer"),
    ],
)
def test_a_field_that_is_not_there_is_a_mistake_of_the_command(batch, fields, said):
    answer = batch(PATIENTS, "--fields", fields)

    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err


def test_a_column_that_is_named_row_is_not_mixed_up_with_its_number(batch):
    answer = batch("id,indication,weight_kg,row\nA,itp,70,7\n", "--fields", "row", "--json")

    assert answer.code == 2
    assert "field 'row' would hide the number of the row" in answer.err
