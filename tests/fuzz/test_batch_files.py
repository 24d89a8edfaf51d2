"""Files of patients under a fuzzer: refused whole, or one answer for each row, the same that `dose` gives."""

import csv
import io
import json
import re
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.batch_files import A_NAME, A_PATIENT, OPTION_OF, damaged_files, files, json_files
from tests.fuzz.calling import call
from tests.fuzz.promises import CSV_COLUMNS, check_stop, check_streams, read_json
from tests.fuzz.test_command_lines import fuzz
from tests.schema_faults import find_faults

FORMS = ((), ("--format", "csv"), ("--json",), ("--format", "markdown"))


@pytest.fixture(scope="module")
def file_of(tmp_path_factory):
    """The path of a file with these bytes."""
    path = tmp_path_factory.mktemp("fuzz") / "patients"

    def write(content):
        path.write_bytes(content)
        return str(path)

    return write


@fuzz(0.1)
@given(st.one_of(files(), json_files()), st.sampled_from(FORMS), st.data())
def test_every_row_gets_the_answer_of_dose(file_of, file, form, data):
    answer = call("batch", file_of(file.content), *form)
    check_streams(answer, "batch", {0, 5})

    lines = read_answers(answer.out, form)
    assert len(lines) == len(file.rows)
    refused = 0
    for line, row in zip(lines, file.rows, strict=True):
        assert plain(line["id"]) == plain(row.get("id", ""))
        refused += line["status"] == "refused"
        assert (line["status"] == "refused") == (line["given_course_g"] == "")
    assert answer.code == (5 if refused else 0)
    if form != ("--format", "markdown"):
        at = data.draw(st.integers(0, len(lines) - 1))
        check_same_as_dose(lines[at], file.rows[at])


@fuzz(0.1)
@given(damaged_files(), st.sampled_from(FORMS), st.booleans())
def test_a_damaged_file_is_refused_whole_or_answered_row_by_row(file_of, content, form, from_stdin):
    answer = call("batch", "-" if from_stdin else file_of(content), *form, stdin=content)
    check_streams(answer, "batch")
    check_stop(answer)
    if answer.code == 2:
        # a first line that is lost makes headings of the first patient: they are what is wrong then
        assert "heading" in answer.err or not re.search(f"{A_PATIENT}-[0-9]|{A_NAME}", answer.err), answer.err
    else:
        read_answers(answer.out, form)


def read_answers(text, form):
    """The answers of a batch as rows of texts under the columns of design section 5."""
    if form == ("--json",):
        documents = [read_json(line) for line in text.splitlines()]
        assert [fault for line in text.splitlines() for fault in find_faults("batch", json.loads(line))] == []
        assert [document["row"] for document in documents] == list(range(1, len(documents) + 1))
        return [describe_document(document) for document in documents]
    if form == ("--format", "markdown"):
        head, rule, *lines = text.splitlines()
        assert set(rule) <= set("|- :")
        # a bar in a cell is written as \|
        table = [re.split(r"(?<!\\)\|", line)[1:-1] for line in (head, *lines)]
        return [dict(zip(unmark(table[0]), unmark(line), strict=True)) for line in table[1:]]
    headings, *lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    # where the file has notes of its own, the answer's have another name
    own = [name.removeprefix("dose_") for name in headings[: len(CSV_COLUMNS)]]
    assert own == CSV_COLUMNS
    return [dict(zip(headings, line, strict=True)) for line in lines]


def plain(row_id):
    """An id without what keeps spreadsheets and Markdown from reading anything into it."""
    return " ".join(row_id.removeprefix("'").split())


def unmark(cells):
    """Markdown cells as text, far enough to find an id again."""
    return [re.sub(r"\\([^0-9A-Za-z])", r"\1", cell.strip()) for cell in cells]


def describe_document(document):
    """A JSON answer as the cells that CSV would show, as far as they are compared."""
    if document["status"] == "refused":
        return {"id": document["id"], "status": "refused", "given_course_g": ""}
    return {
        "id": document["id"],
        "status": document["status"],
        "regimen": document["regimen"]["id"],
        "course_g": str(document["dose"]["course_g"]),
        "given_course_g": str(document["rounding"]["course_g"]),
        "dosing_weight_kg": str(document["dosing_weight"]["kg"]),
        "notices": " ".join(notice["id"] for notice in document["notices"]),
    }


def check_same_as_dose(line, row):
    """A row of a batch has the regimen, the grams and the notices that `dose` gives for the same patient."""
    options = []
    for column, name in OPTION_OF.items():
        text = row.get(column, "").strip()
        if name and text:
            options += [f"{name}={each}" for each in (text.split() if name == "--risk" else [text])]
    alone = call("dose", *options, "--format", "csv", "--", row.get("indication", "").strip())
    if alone.code != 0 or not row.get("id", "").strip():
        assert line["status"] == "refused", (alone, line)
        return
    expected = read_answers(alone.out, ())[0]
    for column in ("status", "regimen", "given_course_g", "dosing_weight_kg"):
        assert as_number(line[column]) == as_number(expected[column]), (column, line, expected)
    # JSON shows the exact course, CSV to the mg
    assert round_up_at_half(line["course_g"]) == Decimal(expected["course_g"]), (line, expected)
    assert line["notices"].replace("id-repeated", "").split() == expected["notices"].split()


def round_up_at_half(text):
    """A figure to three decimals."""
    return Decimal(text).quantize(Decimal("0.001"), ROUND_HALF_UP)


def as_number(text):
    """A figure whatever its zeros, or the text itself."""
    return Decimal(text) if re.fullmatch(r"[0-9.]+", text) else text
