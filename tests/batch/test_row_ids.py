"""Ids that a reader takes for the same, and ids that a spreadsheet has shortened, are named; others are left alone."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig_dose.batch.row_ids import ShortenedIds, fold_id, is_shortened

HEAD = "id,indication,weight_kg\n"
COMPOSED, APART = "Jos\u00e9", "Jose\u0301"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (COMPOSED, APART), ("A1", " A1"), ("A1", "A1 "), ("A1", "a1"), ("Stra\u00dfe", "STRASSE"), ("A1", "A1\u00a0"),
        ("\u00c5-1", "a\u030a-1"), ("\u1e9b\u0323", "\u1e9b\u0323 "),
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_ids_that_look_equal_are_flagged_where_their_answers_differ(batch, one, other, form):
    if form == "csv":
        answer = batch(HEAD + f"{one},itp,70\n{other},itp,7\nB,itp,70\n", "--json")
    else:
        rows = [{"id": name, "indication": "itp", "weight_kg": kg} for name, kg in ((one, 70), (other, 7), ("B", 70))]
        answer = batch("\n".join(map(json.dumps, rows)), "--json")

    flagged = [each["notices"][0]["id"] == "id-repeated" for each in answer.documents]
    assert flagged == [True, True, False]
    assert [each["id"] for each in answer.documents] == [one, other, "B"]
    assert "1 id on more than one row with different answers" in answer.err


def test_ids_that_look_equal_with_equal_answers_are_not_flagged(batch):
    answer = batch(HEAD + "A1,itp,70\n a1,itp,70\n")

    assert not [row for row in answer.rows if "id-repeated" in row["notices"]]
    assert "more than one row" not in answer.err


@given(st.text(max_size=8))
def test_an_id_is_equal_to_itself_in_every_composition_case_and_space(text):
    assert fold_id(text) == fold_id(unicodedata.normalize("NFC", text)) == fold_id(unicodedata.normalize("NFD", text))
    assert fold_id(text) == fold_id(f" {text}\t")


@pytest.mark.parametrize("row_id", ["1.67683E+15", "1.6E+15", "2E+11", "1,67683E+15", "9.99999e+14", " 4.5E+12 "])
def test_an_id_that_a_spreadsheet_shortened_is_named_on_its_row_and_in_the_summary(batch, row_id):
    answer = batch(f"id;indication;weight_kg\n{row_id};itp;70\n{row_id};itp;70\nB;itp;70\n")

    assert [row["notices"].split()[0] == "id-shortened" for row in answer.rows] == [True, True, False]
    assert f"2 ids shortened by a spreadsheet, such as '{row_id.strip()}'" in answer.err


@pytest.mark.parametrize("row_id", ["1676830000000000", "12E4", "E+15", "1.67683", "A1.6E+15", "1.67E+15x", "1.5E15"])
def test_other_ids_are_not_said_to_be_shortened(row_id):
    assert not is_shortened(row_id)
    assert ShortenedIds().plus([row_id]) == (0, "")


@pytest.mark.slow
def test_shortened_ids_are_counted_over_all_pieces(batch):
    # 60,000 bytes and more of rows are read in several pieces
    rows = "".join([f"P{number},itp,70\n1.{number:05}E+15,itp,70\n" for number in range(3_000)])

    assert "3,000 ids shortened by a spreadsheet, such as '1.00000E+15'" in batch(HEAD + rows).err
