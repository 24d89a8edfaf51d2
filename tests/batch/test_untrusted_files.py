"""A file that cannot be trusted is refused whole: exit 2, the line named, and no dose printed."""

import json

import pytest

from ivig_dose.batch.columns import READ

HEAD = "id,indication,weight_kg,notes\n"
GOOD = "A,itp,70,x\n"


def test_the_file_that_is_damaged_below_is_sound_as_it_stands(batch):
    # 0.4 g/kg x 70 kg x 5 days = 140 g
    assert [row["course_g"] for row in batch(HEAD + GOOD).rows] == ["140"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (HEAD + GOOD + 'B,itp,60,"unclosed\nC,itp,50,x\n', "line 3: a quoted field does not end on its line"),
        (HEAD + 'A,itp,70,"one\nB,itp,60,two"\nC,itp,50,x\n', "line 2: a quoted field does not end on its line"),
        (HEAD + 'A,itp,70,"one\nB,itp,60,"two\n', "line 2: a quoted field does not end on its line"),
        (HEAD + GOOD + 'B,itp,60,"a"b\n', "line 3: text follows the closing quote of a field"),
        (HEAD + "A,itp,70,5\nA,itp,70,5,x\n", "line 3: 5 cells under 4 headings"),
        ("id,indication,weight_kg\nA,itp,70,5\n", "line 2: 4 cells under 3 headings; a cell holds a comma"),
        (HEAD + GOOD + "B,itp,70\n", "line 3: 3 cells under 4 headings; a cell or a delimiter is missing"),
        (
            "id,indication,weight_kg,weight_kg\nA,itp,70,71\n",
            "line 1: heading 'weight_kg' stands twice, columns 3 and 4",
        ),
        ("id,indication,notes\nA,itp,x\n", "line 1: heading weight_kg is missing"),
        ("A,itp,70,x\n", "heading id and indication and weight_kg is missing"),
        ("id,indication,weight\nA,itp,70\n", "heading 'weight' looks like weight_kg and is not"),
        ("id,indication,weight_kg,weight_lb\nA,itp,70,154\n", "heading 'weight_lb' looks like weight_kg and is not"),
        ("id,indication,Weight_kg\nA,itp,70\n", "heading 'Weight_kg' looks like weight_kg and is not"),
        ("id,indication,weight_kg,gender\nA,itp,70,F\n", "heading 'gender' looks like sex and is not"),
        ("id,indication,weight_kg,regimens\nA,itp,70,x\n", "heading 'regimens' looks like regimen and is not"),
        ("id,indication,weight_kg,course_g\nA,itp,70,99\n", "heading 'course_g' is a column of the answer"),
        ("id,indication,weight_kg,\nA,itp,70,\n", "line 1: heading 4 is empty"),
        ((HEAD + GOOD).encode("utf-16"), "it is UTF-16 text"),
        ((HEAD + GOOD).encode("utf-16-le"), "line 1: a NUL character"),
        (HEAD.encode() + "A,itp,70,Müller\n".encode("cp1252"), "line 2: byte 0xfc is not UTF-8 text"),
        (b"PK\x03\x04rest of a workbook", "a spreadsheet or another zip file"),
        (b"\xd0\xcf\x11\xe0rest", "an old Excel workbook"),
        (b"\x1f\x8brest", "it is compressed"),
        (HEAD + GOOD + "B,itp,60,a\0b\n", "line 3: a NUL character"),
        (HEAD + GOOD + "B,itp,60,a\x1b[2Jb\n", "line 3: the invisible character U+001B"),
        (HEAD + GOOD + "B,itp,60,a\x07b\n", "line 3: the invisible character U+0007"),
        (HEAD + GOOD + "B,itp,60,a\u202eb\n", "line 3: the invisible character U+202E"),
        (HEAD + GOOD + "B,itp,60,a\u200bb\n", "line 3: the invisible character U+200B"),
        (HEAD + GOOD + "B,itp,60,a\u2028b\n", "line 3: the invisible character U+2028"),
        (HEAD + GOOD + "B,itp,60,a\x85b\n", "line 3: the invisible character U+0085"),
        (HEAD + GOOD + 'B,itp,60,"a\rb"\n', "line 3: a carriage return stands inside the line"),
        ("id,indication,weight_kg\rA,itp,70\rB,itp,60\r", "line 1: a carriage return stands inside the line"),
        (HEAD + GOOD + f"B,itp,60,{'x' * 10_001}\n", "line 3: a field has 10001 characters"),
        (HEAD + f'A,itp,70,"{"x" * 10_001}"\n', "line 2: a field has 10001 characters"),
        (HEAD + "A,itp,70," + "x" * 2_000_000, "the line has over a million characters"),
        (HEAD, "the file has no rows"),
        (HEAD + "\n\n", "the file has no rows"),
        ("", "the file is empty"),
    ],
)
def test_a_damaged_csv_file_is_refused_whole(batch, content, said):
    answer = batch(content)

    assert answer.code == 2
    assert answer.out == ""
    assert said in answer.err
    assert "no dose is given from this file" in answer.err


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (['{"id": "A", "indication": "itp", "weight_kg": 70', '{"id": "B"}'], "line 1: the line is not a JSON object"),
        (['{"id": "A", "indication": "itp", "weight_kg": 70}', "7"], "line 2: the line is not a JSON object"),
        (['[{"id": "A", "indication": "itp", "weight_kg": 70}]'], "jq -c '.[]'"),
        (['{"id": "A", "indication": "itp", "weight_kg": 7, "weight_kg": 70}'], "line 1: key 'weight_kg' stands twice"),
        (['{"id": "A", "indication": "itp"}'], "line 1: key weight_kg is missing"),
        (['{"id": "A", "indication": "itp", "weight": 70}'], "line 1: heading 'weight' looks like weight_kg"),
        (['{"id": "A", "indication": "itp", "weight_kg": NaN}'], "line 1: the line is not a JSON object"),
        (['{"id": "A\\u0000", "indication": "itp", "weight_kg": 70}'], "line 1: a NUL character"),
        (['{"id": "A", "indication": "itp", "weight_kg": 70, "n": "a\\u202eb"}'], "the invisible character U+202E"),
        (['{"id": "A", "indication": "itp", "weight_kg": 70, "n": "a\\nb"}'], "the invisible character U+000A"),
        (["[" * 100_000], "line 1: the line is not a JSON object"),
        (['{"id": "A", "indication": "itp", "weight_kg": 70, "n": "' + "x" * 10_001 + '"}'], "10001 characters"),
    ],
)
def test_a_damaged_json_lines_file_is_refused_whole(batch, lines, said):
    answer = batch("\n".join(lines) + "\n")

    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err


def test_damage_in_the_last_row_is_found_before_the_first_dose_is_printed(batch):
    answer = batch(HEAD + GOOD * 20_000 + "Z,itp,70\n")

    assert (answer.code, answer.out) == (2, "")
    assert "line 20002: 3 cells under 4 headings" in answer.err


def test_no_patient_data_stand_in_the_message(batch):
    answer = batch("id,indication,weight_kg,name\nMRN-7731,itp,70,Kowalczyk,Anna\n")

    assert answer.code == 2
    assert "MRN-7731" not in answer.err
    assert "Kowalczyk" not in answer.err


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("last", [True, False])
def test_every_delimiter_line_end_and_byte_order_mark_is_read(batch, delimiter, end, mark, last):
    lines = [["id", "indication", "weight_kg", "ward"], ["A", "itp", "70", "Süd, 3"], ["B", "pid", "60", ""]]
    if delimiter == ",":
        lines[1][3] = '"Süd, 3"'
    text = end.join([delimiter.join(line) for line in lines]) + (end if last else "")

    rows = batch(mark + text.encode()).rows

    # 0.4 g/kg x 70 kg x 5 = 140 g; 0.3 g/kg x 60 kg = 18 g
    assert [(row["id"], row["course_g"], row["ward"]) for row in rows] == [("A", "140", "Süd, 3"), ("B", "18", "")]


def test_a_column_that_an_option_fills_may_be_missing(batch):
    answer = batch("id,weight_kg\nA,70\n", "--indication", "itp")

    assert [row["indication"] for row in answer.rows] == ["itp"]


def test_json_lines_with_every_column_are_read(batch):
    row = dict.fromkeys(READ, "") | {"id": "A", "indication": "itp", "weight_kg": 70, "risks": ["none"]}

    document = batch(json.dumps(row) + "\n", "--json").documents[0]

    assert (document["status"], document["dose"]["course_g"]) == ("ok", 140)
