"""A file that cannot be trusted is refused whole: exit 2, the line named, and no dose printed."""

import json

import pytest

from ivig_dose.batch.columns import READ
from ivig_dose.batch.text import BLOCK_BYTES, MAX_LINE_BYTES

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
        (HEAD + f"A,itp,70,{'x' * 140_000}\n", "line 2: a field has over 131072 characters; at most 10000 are read"),
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


GOOD_LINE = '{"id": "A", "indication": "itp", "weight_kg": 70}'
BROKEN_LINES = [
    ('{"id": "B", "indication": "itp", "weight_kg": 70', "the line is not a JSON object: expecting ',' delimiter"),
    ('"B", "indication": "itp", "weight_kg": 70}', "the line is not a JSON object: extra data, character 4"),
    ("7", "the line is not a JSON object; write one object on each line"),
    ("{'id': 'B'}", "the line is not a JSON object: expecting property name enclosed in double quotes, character 2"),
    (GOOD_LINE + ",", "the line is not a JSON object: extra data, character 50"),
    (GOOD_LINE + GOOD_LINE, "the line is not a JSON object: extra data, character 50"),
    (f"[{GOOD_LINE}]", "jq -c '.[]'"),
    ('{"id": "B", "indication": "itp", "weight_kg": 7, "weight_kg": 70}', "key 'weight_kg' stands twice"),
    ('{"id": "B", "indication": "itp", "weight_kg": NaN}', "NaN is no number of JSON; write null where there is no"),
    ('{"id": "B", "indication": "itp", "weight_kg": 70, "x": [-Infinity]}', "-Infinity is no number of JSON"),
    ('{"id": "B\\u0000", "indication": "itp", "weight_kg": 70}', "a NUL character"),
    ('{"id": "B\\ud83d", "indication": "itp", "weight_kg": 70}', "half a character, U+D83D"),
    ('{"id": "B", "indication": "itp", "weight_kg": 70, "name": "Jos\\udce9"}', "half a character, U+DCE9"),
    ('{"id": "B", "indication": "itp", "weight_kg": 70, "x\\udc00": 1}', "half a character, U+DC00"),
    ('{"id": "B", "indication": "itp", "weight_kg": 70, "x": [["\\ud800"]]}', "half a character, U+D800"),
    ('{"id": "B", "indication": "itp", "weight_kg": 70, "n": "a\\u202eb"}', "the invisible character U+202E"),
    ('{"id": "B", "indication": "itp", "weight_kg": 70, "n": "a\\nb"}', "the invisible character U+000A"),
    ('{"id": "B", "indication": "itp", "weight_kg": 70, "n": "\u200b"}', "the invisible character U+200B"),
    ('{"id": "B\0", "indication": "itp", "weight_kg": 70}', "a NUL character"),
    ('{"id": "B\r", "indication": "itp", "weight_kg": 70}', "a carriage return stands inside the line"),
    ("[" * 100_000, "the line is not a JSON object: it is nested too deeply"),
    ('{"id": "B", "indication": "itp", "weight_kg": 70, "n": "' + "x" * 10_001 + '"}', "10001 characters"),
    ('{"id": "B", "indication": "itp", "weight_kg": 70, "n": "' + "x" * 2_000_000 + '"}', "over a million characters"),
    ('{"id": ["B"], "indication": ["itp"], "weight_kg": [70]}', "key id holds a list and not one value; write the"),
    ('{"id": "B", "indication": "itp", "weight_kg": {}}', "key weight_kg holds an object and not one value"),
    (
        '{"id": "B", "indication": "itp", "weight_kg": 70, "risks": [["diabetes"]]}',
        "key risks holds a list and not one",
    ),
]


@pytest.mark.parametrize(("line", "said"), BROKEN_LINES)
def test_a_broken_line_of_json_is_one_refused_row_and_the_others_are_answered(batch, line, said):
    after = '{"id": "C", "indication": "pid", "weight_kg": 60}'

    answer = batch(f"{GOOD_LINE}\n{line}\n{after}\n", "--json")

    assert answer.code == 5
    assert [(each["row"], each["id"], each["status"]) for each in answer.documents] == [
        (1, "A", "ok"), (2, None, "refused"), (3, "C", "ok"),
    ]  # fmt: skip
    # 0.4 g/kg x 70 kg x 5 = 140 g; 0.3 g/kg x 60 kg = 18 g
    assert [each["dose"]["course_g"] for each in answer.documents[::2]] == [140, 18]
    refusal = answer.documents[1]["refusal"]
    assert refusal["rule"] == "line-unreadable"
    assert said in f"{refusal['message']}; {refusal['hint']}"
    assert refusal["message"].startswith("line 2 cannot be read: ")
    assert answer.documents[1]["passed_through"] == {}


@pytest.mark.parametrize("beyond", [-1, 0, 1])
@pytest.mark.parametrize("length", [MAX_LINE_BYTES, MAX_LINE_BYTES + BLOCK_BYTES, 2 * MAX_LINE_BYTES + 3 * BLOCK_BYTES])
@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
def test_the_line_behind_a_long_one_is_found_wherever_the_long_one_ends(batch, length, beyond, end):
    long = '{"n": "' + "x" * (length + beyond - 9) + '"}'
    light = GOOD_LINE.replace("70", "45").replace('"A"', '"C"')

    answer = batch((end or "\n").join([GOOD_LINE, long, light]) + end)

    # 0.4 g/kg x 5: 140 g for 70 kg, 90 g for 45 kg
    assert [(row["id"], row["status"], row["course_g"]) for row in answer.rows] == [
        ("A", "ok", "140"), ("", "refused", ""), ("C", "ok", "90"),
    ]  # fmt: skip


@pytest.mark.parametrize(("line", "said"), BROKEN_LINES)
def test_a_json_lines_file_of_broken_lines_alone_is_refused_whole(batch, line, said):
    # What begins a JSON Lines file is known by its first line, here an object.
    answer = batch(f'{{"id": \n{line}\n')

    assert (answer.code, answer.out) == (2, "")
    assert "line 1: the line is not a JSON object" in answer.err


@pytest.mark.parametrize("line", [line for line, _ in BROKEN_LINES if not line.startswith("[[")])
def test_the_first_line_may_be_the_broken_one(batch, line):
    answer = batch(f"{line}\n{GOOD_LINE}\n")

    assert answer.code == 5
    assert [(row["id"], row["status"], row["course_g"]) for row in answer.rows] == [
        ("", "refused", ""), ("A", "ok", "140"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (GOOD_LINE[:-1] + "\n" + '{"id": "B"}\n', "line 1: the line is not a JSON object"),
        (f"[{GOOD_LINE}]\n", "line 1: the line is not a JSON object; write one object on each line; `jq -c '.[]'"),
        (f"[\n  {GOOD_LINE}\n]\n", "line 1: the file is one JSON array; `jq -c '.[]' FILE`"),
        (f"[{GOOD_LINE},\n{GOOD_LINE}]\n", "line 1: the file is one JSON array; `jq -c '.[]' FILE`"),
        (json.dumps(json.loads(GOOD_LINE), indent=2), "line 1: the file holds JSON objects spread over several lines"),
        ('{"id": "A", "indication": "itp", "weight_kg": NaN}', "line 1: NaN is no number of JSON"),
        ('{"id": "A", "indication": "itp"}\n{"id": "B"}\n', "line 1: key weight_kg is missing"),
        ('{"id": "A", "indication": "itp", "weight": 70}', "line 1: heading 'weight' looks like weight_kg"),
        ('{"id": ["A"], "indication": ["itp"], "weight_kg": [70]}\n', "toJSON needs auto_unbox = TRUE"),
    ],
)
def test_a_json_file_without_one_sound_line_or_over_several_lines_is_refused_whole(batch, content, said):
    answer = batch(content)

    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err
    assert "no dose is given from this file" in answer.err


def test_a_line_without_a_needed_key_is_refused_under_its_id(batch):
    answer = batch(GOOD_LINE + '\n{"id": "B", "indication": "itp"}\n{"id": "C", "weight_kg": 70}\n{"weight_kg": 7}\n')

    assert answer.code == 5
    assert [(row["id"], row["status"], row["refusal"].partition(";")[0]) for row in answer.rows] == [
        ("A", "ok", ""),
        ("B", "refused", "unreadable: the weight is missing"),
        ("C", "refused", "indication-missing: the indication is missing"),
        ("", "refused", "id-missing: the id is missing"),
    ]


def test_a_key_that_is_a_slip_refuses_the_file_wherever_it_stands(batch):
    answer = batch(GOOD_LINE + '\n{"id": "B", "indication": "itp", "weight_kg": 70, "dose": "5 g"}\n')

    assert (answer.code, answer.out) == (2, "")
    assert "line 2: heading 'dose' looks like ordered" in answer.err


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


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("titles", [["Ward 7, pharmacy"], ["Ward 7; pharmacy", ""], ['"Printed', "27.11.2026", ",,"]])
def test_title_lines_above_the_headings_are_skipped_and_no_row_is(batch, titles, end, mark):
    lines = [*titles, "id,indication,weight_kg", "A,itp,70", "B,itp,45"]

    answer = batch(mark + end.join(lines) + end, "--skip-lines", len(titles))

    # 0.4 g/kg x 5: 140 g for 70 kg, 90 g for 45 kg
    assert (answer.code, [(row["id"], row["course_g"]) for row in answer.rows]) == (0, [("A", "140"), ("B", "90")])


@pytest.mark.parametrize(
    ("content", "skip", "said"),
    [
        ("t\nid,indication,weight_kg\nA,itp,70\n", "2", "line 3: heading id and indication and weight_kg is missing"),
        (
            "t\nt\nid,indication,weight_kg\nA,itp,70\n",
            "1",
            "line 2: heading id and indication and weight_kg is missing",
        ),
        ("id,indication,weight_kg\nA,itp,70\n", "1", "line 2: heading id and indication and weight_kg is missing"),
        ("t\nid,indication,weight_kg\nA,itp,70,5\n", "1", "line 3: "),
        ("t\nid,indication,weight_kg\n", "2", "the file has no line below the 2 skipped"),
        ("t\nid,indication,weight_kg\n", "1", "the file has no rows"),
        ("t\n", "999999999", "the file has no line below the 999999999 skipped"),
        (f"{GOOD_LINE}\n{GOOD_LINE}\n", "1", "line 2: JSON Lines have no title lines to skip"),
        ("t\nid,indication,weight_kg\nA,itp,70\n", "0", "is not a whole number of 1 or more"),
    ],
)
def test_skipped_lines_that_leave_no_headings_refuse_the_file_and_count_from_its_first_line(batch, content, skip, said):
    answer = batch(content, "--skip-lines", skip)

    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err
