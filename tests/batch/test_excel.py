"""CSV for spreadsheets: what it says, and that LibreOffice reads it back in a German and an English locale."""

import csv
import io
import shutil
import subprocess
import xml.etree.ElementTree as ET
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig_dose.report.as_excel import ExcelLines

PATIENTS = (
    "id,indication,weight_kg,mrn,visit,result\n"
    "00123,itp,70.5,0099887766554433,2026-12-01,1-3\n"
    "1E5,gbs,63,12.5,3/4,Mar 1\n"
    "P-3,itp,7O,TRUE,2026-12-01,=SUM(A1)\n"
    'P-4,pid,70,7,12:30,"a; b, ""c"""\n'
)
FORMS = {"excel-csv": (";", ","), "excel-csv-point": (",", ".")}


def read(text, form):
    delimiter, _ = FORMS[form]
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter))


@pytest.mark.parametrize("form", FORMS)
def test_figures_have_the_decimal_sign_and_ids_stay_text(batch, form):
    answer = batch(PATIENTS, "--format", form)
    _, sign = FORMS[form]
    head, first, second, third, fourth = read(answer.out, form)
    column = {name: at for at, name in enumerate(head)}

    assert answer.out.startswith("\ufeffid")
    assert [row[0] for row in (first, second, third)] == ['="00123"', '="1E5"', "P-3"]
    assert first[column["dosing_weight_kg"]] == f"70{sign}5"  # 0.4 x 70.5 = 28.2 g
    assert first[column["day_g"]] == f"28{sign}2"
    assert first[-3:] == ['="0099887766554433"', "2026-12-01", '="1-3"']
    assert second[-3:] == [f"12{sign}5", '="3/4"', '="Mar 1"']
    assert third[-3:] == ['="TRUE"', "2026-12-01", "'=SUM(A1)"]
    assert fourth[-3:] == ["7", '="12:30"', 'a; b, "c"']


@pytest.mark.parametrize("form", FORMS)
def test_dose_and_table_write_it_too(run, form):
    _, sign = FORMS[form]
    for command in (("dose", "itp", "-w", "70.5"), ("table", "itp", "--weights", "70.5:71:0.5")):
        answer = run(*command, "--format", form)
        assert answer.out.startswith("\ufeff")
        assert f"28{sign}2" in [cell for row in read(answer.out, form) for cell in row]
    refused = run("dose", "itp", "-w", "0.1", "--format", form)
    assert (refused.code, refused.out.startswith("\ufeff")) == (4, True)


def test_the_file_is_the_same_whatever_the_processes(batch, tmp_path):
    rows = "".join(f"{number:05},itp,{50 + number % 50}.5\n" for number in range(3000))
    out = [tmp_path / "one.csv", tmp_path / "two.csv"]
    for path, jobs in zip(out, ("1", "2"), strict=True):
        batch(f"id,indication,weight_kg\n{rows}", "--format", "excel-csv", "--jobs", jobs, "--out", path)
    assert out[0].read_bytes() == out[1].read_bytes()
    assert out[0].read_bytes().startswith(b"\xef\xbb\xbfid;indication")
    assert out[0].read_bytes().count(b"\xef\xbb\xbf") == 1
    assert out[0].read_bytes().count(b"\r\n") == out[0].read_bytes().count(b"\n") == 3001


@given(
    st.lists(st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="\r\n")), min_size=1, max_size=5)
)
def test_no_text_is_lost(cells):
    """Read back, each cell is what it was, with another decimal sign or as the formula of its text."""
    source = io.StringIO()
    csv.writer(source).writerows([["id", *["x"] * (len(cells) - 1)], cells])
    back = read(ExcelLines("excel-csv").convert(source.getvalue()), "excel-csv")[1] if any(cells) else cells
    for cell, written in zip(cells, back, strict=True):
        assert written in (cell, cell.replace(".", ","), f'="{cell}"')
        if written == cell.replace(".", ",") != cell:
            assert Decimal(cell).is_finite()


# --- in a spreadsheet

OFFICE = shutil.which("soffice")
SPACE = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}%s"
GERMAN, ENGLISH = "59,34,76,1,,1031,false,true", "44,34,76,1,,1033,false,true"
"""Delimiter, quote, UTF-8, first line, the language of the locale, and that numbers and dates are looked for."""


def open_in_office(text, settings, tmp_path):
    """The cells of the sheet that LibreOffice makes of a file: (kind, value)."""
    (tmp_path / "sheet.csv").write_bytes(text.encode())
    subprocess.run(
        [
            OFFICE, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", f"--infilter=CSV:{settings}",
            "--convert-to", "fods", "--outdir", tmp_path, tmp_path / "sheet.csv",
        ],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    rows = []
    root = ET.parse(tmp_path / "sheet.fods").getroot()  # noqa: S314 - made by LibreOffice just now
    for row in root.iter(SPACE % ("table", "table-row")):
        cells = []
        for cell in row.findall(SPACE % ("table", "table-cell")):
            kind = cell.get(SPACE % ("office", "value-type"))
            value = cell.get(SPACE % ("office", "value")) or cell.get(SPACE % ("office", "date-value"))
            value = value or "".join(part.text or "" for part in cell.iter(SPACE % ("text", "p")))
            cells += [(kind, value)] * min(int(cell.get(SPACE % ("table", "number-columns-repeated"), 1)), 30)
        rows.append(cells)
    return rows


@pytest.mark.slow
@pytest.mark.skipif(OFFICE is None, reason="needs LibreOffice to open a sheet")
@pytest.mark.parametrize(("form", "settings"), [("excel-csv", GERMAN), ("excel-csv-point", ENGLISH)])
def test_a_spreadsheet_reads_figures_dates_and_text(batch, tmp_path, form, settings):
    head, first, second, third, fourth = open_in_office(batch(PATIENTS, "--format", form).out, settings, tmp_path)[:5]
    column = {name: at for at, (_, name) in enumerate(head)}

    assert [row[0] for row in (first, second, fourth)] == [("string", "00123"), ("string", "1E5"), ("string", "P-4")]
    assert first[column["dosing_weight_kg"]] == ("float", "70.5")
    assert first[column["day_g"]] == ("float", "28.2")
    assert second[column["mrn"]] == ("float", "12.5")
    assert first[column["mrn"]] == ("string", "0099887766554433")
    assert first[column["visit"]] == ("date", "2026-12-01")
    assert [row[column["result"]] for row in (first, second)] == [("string", "1-3"), ("string", "Mar 1")]
    assert [row[column["visit"]] for row in (second, fourth)] == [("string", "3/4"), ("string", "12:30")]
    assert third[column["result"]] == ("string", "'=SUM(A1)")
