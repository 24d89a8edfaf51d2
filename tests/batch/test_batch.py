"""`ivig-dose batch`: one answer per row, in order, in every form; refusals in the same stream; the exit code."""

import json

import pytest

PATIENTS = """id,indication,weight_kg,height_cm,sex,product,ward
P-001,itp,70,,,,A3
P-002,pid,"64,5",,,,B1
P-003,itpp,70,,,,B1
P-004,kawasaki,12,,,octagam-10-us,K
"""


def test_each_row_has_its_answer_in_order_and_refusals_stand_among_them(batch):
    answer = batch(PATIENTS)

    assert answer.code == 5
    assert answer.out.splitlines()[0] == (
        "id,indication,status,regimen,dosing_weight_kg,day_g,course_g,given_course_g,days,volume_ml,notices,refusal,"
        "actual_weight_kg,product,given_day_g,warnings,notes,part_vials,interval,cycles,before_g,"
        "then,ward"
    )
    rows = answer.rows
    assert [row["id"] for row in rows] == ["P-001", "P-002", "P-003", "P-004"]
    assert [row["status"] for row in rows] == ["ok", "refused", "refused", "ok"]
    assert [row["ward"] for row in rows] == ["A3", "B1", "B1", "K"]
    # 0.4 g/kg x 70 kg = 28 g a day for 5 days; 2 g/kg x 12 kg = 24 g, as vials of 20 + 2 + 2 g, 240 mL at 10 %
    assert (rows[0]["day_g"], rows[0]["course_g"], rows[0]["days"]) == ("28", "140", "5")
    assert (rows[3]["course_g"], rows[3]["given_course_g"], rows[3]["volume_ml"]) == ("24", "24", "240")
    assert (rows[3]["actual_weight_kg"], rows[3]["product"], rows[3]["given_day_g"]) == ("12", "octagam-10-us", "24")
    assert rows[3]["notices"].split() == rows[3]["warnings"].split() + rows[3]["notes"].split()
    assert rows[1]["refusal"].startswith("unreadable: weight '64,5' is not a number")
    assert rows[1]["refusal"].endswith("write the decimal point: 64.5")
    assert rows[2]["refusal"] == ("unknown-indication: indication 'itpp' is not in the catalogue; did you mean itp?")
    assert rows[1]["course_g"] == rows[2]["course_g"] == ""
    assert "4 rows: 2 with a plan, 2 refused" in answer.err


def test_a_file_may_have_notes_and_warnings_of_its_own(batch):
    answer = batch("id,indication,weight_kg,notes,warnings\nA,itp,70,mine,none\n")

    assert answer.out.splitlines()[0].endswith(
        ",given_day_g,dose_warnings,dose_notes,part_vials,interval,cycles,before_g,then,notes,warnings"
    )
    row = answer.rows[0]
    assert (row["notes"], row["warnings"], row["dose_warnings"]) == ("mine", "none", "")
    assert row["dose_notes"] == row["notices"] != ""
    assert batch("id,indication,weight_kg,notes\nA,itp,70,mine\n", "--json").documents[0]["passed_through"] == {
        "notes": "mine"
    }


def test_a_check_names_its_own_warnings_apart(batch):
    # 150 g/day x 5 days is 10 g/kg: above the ceiling for a course
    row = batch("id,indication,weight_kg,ordered\nB,gbs,75,150 g/day\n").rows[0]

    assert "order-above-limit" in row["warnings"].split()
    assert sorted(row["notices"].split()) == sorted(row["warnings"].split() + row["notes"].split())


def test_only_a_file_of_plans_is_a_success(batch):
    assert batch("id,indication,weight_kg\nA,itp,70\nB,pid,60\n").code == 0


@pytest.mark.parametrize("option", ["--json", "--format=jsonl"])
def test_json_lines_number_the_rows_and_carry_the_refusals(batch, option):
    answer = batch(PATIENTS, option)

    documents = answer.documents
    assert [(document["row"], document["id"]) for document in documents] == [
        (1, "P-001"), (2, "P-002"), (3, "P-003"), (4, "P-004"),
    ]  # fmt: skip
    assert list(documents[0])[:2] == list(documents[1])[:2] == ["row", "id"]
    assert documents[0]["dose"]["course_g"] == 140
    assert documents[1]["refusal"]["rule"] == "unreadable"
    assert "dose" not in documents[1]
    assert documents[3]["passed_through"] == {"ward": "K"}


def test_markdown_is_one_table(batch):
    lines = batch(PATIENTS, "--format", "markdown").out.splitlines()

    assert len(lines) == 2 + 4
    assert lines[0].startswith("| id | indication | status |")
    assert lines[2].startswith("| P-001 | itp | ok | itp-daily | 70 | 28 | 140 |")


def test_options_hold_for_rows_that_leave_the_cell_empty(batch):
    content = "id,indication,weight_kg,product,days\nA,itp,70,,\nB,itp,70,octagam-5-us,2\n"

    documents = batch(content, "--json", "--product", "privigen-us", "--days", "4", "--round", "none").documents

    assert [document["product"]["id"] for document in documents] == ["privigen-us", "octagam-5-us"]
    assert [document["regimen"]["days"]["chosen"] for document in documents] == [4, 2]
    # 28 g a day, unrounded: 4 x 28 = 112 g and 2 x 28 = 56 g
    assert [document["rounding"]["course_g"] for document in documents] == [112, 56]


def test_a_wrong_option_is_a_mistake_of_the_command_and_not_of_the_rows(batch):
    answer = batch(PATIENTS, "--days", "two")

    assert (answer.code, answer.out) == (2, "")
    assert "number of days 'two'" in answer.err


def test_a_weight_for_all_rows_is_no_option(batch):
    answer = batch("id,indication,weight_kg\nA,itp,\n", "--weight", "70")

    assert answer.code == 2
    assert "--weight" in answer.err


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (",itp,70", "id-missing"),
        ("A,,70", "indication-missing"),
        ("A,itp,", "unreadable"),
        ("A,itp,7_0", "unreadable"),
        ("A,itp,nan", "unreadable"),
        ("A,itp,1e999999999", "unreadable"),
        ("A,itp,٧٠", "unreadable"),  # noqa: RUF001
        ("A,itp,154 lb", "unreadable"),
        ("A,itp,700", "weight-out-of-bounds"),
        ("A,itp,0", "weight-out-of-bounds"),
        ("A,ibm,70", "indication-not-recommended"),
    ],
)
def test_a_bad_row_is_refused_and_the_next_is_answered(batch, row, rule):
    rows = batch(f"id,indication,weight_kg\n{row}\nB,itp,70\n").rows

    assert rows[0]["status"] == "refused"
    assert rows[0]["refusal"].split(":")[0] == rule
    assert (rows[1]["status"], rows[1]["course_g"]) == ("ok", "140")


def test_a_stop_gives_no_gram_anywhere_in_its_row(batch):
    content = "id,indication,weight_kg,risks\nA,itp,70,iga-deficiency-with-antibodies\nB,itp,70,none\n"

    rows = batch(content).rows

    assert [row["status"] for row in rows] == ["refused", "ok"]
    assert "140" not in ",".join(rows[0].values())


def test_the_same_id_with_different_answers_is_flagged_on_both_rows(batch):
    content = "id,indication,weight_kg\nA,itp,70\nB,itp,70\nA,itp,7\nB,itp,70\nC,itp,70\nC,itp,x\n"

    rows = batch(content).rows
    flagged = ["id-repeated" in row["notices"].split() for row in rows]

    # A has two weights, B the same answer twice, C once no answer at all
    assert flagged == [True, False, True, False, True, True]
    documents = batch(content, "--json").documents
    assert ["id-repeated" in [notice["id"] for notice in document["notices"]] for document in documents] == flagged
    assert "2 ids on more than one row with different answers" in batch(content).err


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", "＋1", "－1", "＠x", " =1"],  # noqa: RUF001
)
def test_an_id_that_a_spreadsheet_would_run_is_neutralised(batch, cell):
    quoted = '"' + cell.replace('"', '""') + '"'

    answer = batch(f"id,indication,weight_kg\n{quoted},itp,70\n{quoted}x,itp,70\n".replace(f"{quoted}x", '"ok"'))

    assert [row["id"] for row in answer.rows] == ["'" + cell, "ok"]


def test_a_number_that_is_passed_through_stays_a_number_and_text_does_not_run(batch):
    content = "id,indication,weight_kg,change,note\nA,itp,70,-1.5,=HYPERLINK(x)\nB,itp,70,+3,-\n"

    rows = batch(content).rows

    assert [(row["change"], row["note"]) for row in rows] == [("-1.5", "'=HYPERLINK(x)"), ("+3", "'-")]


def test_a_heading_that_a_spreadsheet_would_run_is_neutralised(batch):
    assert batch("id,indication,weight_kg,=cmd\nA,itp,70,x\n").out.splitlines()[0].endswith(",'=cmd")


def test_ids_are_printed_as_they_are(batch):
    ids = ["[red]X", "[/]", ":100:", "a|b", "*x*", "é"]
    content = "id,indication,weight_kg\n" + "".join(f"{row_id},itp,70\n" for row_id in ids)

    assert [row["id"] for row in batch(content).rows] == ids
    assert [document["id"] for document in batch(content, "--json").documents] == ids


def test_a_column_of_orders_makes_each_row_a_check(batch):
    content = "id,indication,weight_kg,days,ordered\nA,gbs,75,5,30 g/day\nB,gbs,75,5,150 g/day\nC,gbs,75,5,\n"

    answer = batch(content)

    # ISMP's case: 2 g/kg x 75 kg = 150 g for the course, 30 g a day; 150 g a day is 750 g, 400 % too much
    rows = answer.rows
    assert answer.code == 6
    assert [row["status"] for row in rows] == ["match", "mismatch", "ok"]
    assert [row["difference_pct"] for row in rows] == ["0", "400", ""]
    assert "course-taken-as-daily" in rows[1]["slips"].split()
    assert "1 order not matching, 0 refused" in answer.err
    documents = batch(content, "--json").documents
    assert [document["status"] for document in documents] == ["match", "mismatch", "ok"]


def test_a_refused_row_outweighs_an_order_that_does_not_match(batch):
    content = "id,indication,weight_kg,ordered\nA,gbs,75,150 g/day\nB,gbs,75,150\n"

    answer = batch(content)

    assert answer.code == 5
    assert [row["status"] for row in answer.rows] == ["mismatch", "refused"]


def test_quiet_says_nothing(batch):
    answer = batch(PATIENTS, "--quiet")

    assert (answer.code, answer.err) == (5, "")


def test_json_numbers_are_read_as_they_are_written(batch):
    lines = [
        '{"id": 7, "indication": "itp", "weight_kg": 70.0, "n": 1.50}',
        '{"id": "x", "indication": "itp", "weight_kg": 7e1}',
    ]

    documents = batch("\n".join(lines), "--json").documents

    assert documents[0]["id"] == "7"
    assert documents[0]["dose"]["course_g"] == 140
    assert documents[1]["refusal"]["hint"] == "write the number out without an exponent"
    assert '"passed_through":{"n":1.50}' in batch("\n".join(lines), "--json").out


def test_keys_that_only_some_lines_have_are_columns_of_the_csv(batch):
    lines = [
        {"id": "A", "indication": "itp", "weight_kg": 70, "ward": "3"},
        {"id": "B", "indication": "itp", "weight_kg": 70, "bed": [1]},
    ]

    rows = batch("".join(json.dumps(line) + "\n" for line in lines)).rows

    assert [(row["ward"], row["bed"]) for row in rows] == [("3", ""), ("", "[1]")]
