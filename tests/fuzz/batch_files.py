"""Hypothesis strategies for files of patients: right ones, ones with wrong cells, and ones that are damaged."""

import csv
import io
import json
import re
from collections.abc import Callable
from typing import NamedTuple

from hypothesis import strategies as st

from tests.fuzz.command_lines import hostile_texts, right_options

OPTION_OF = {
    "indication": "",
    "weight_kg": "--weight",
    "height_cm": "--height",
    "sex": "--sex",
    "age_years": "--age",
    "regimen": "--regimen",
    "g_per_kg": "--g-per-kg",
    "days": "--days",
    "weight_policy": "--weight-policy",
    "product": "--product",
    "risks": "--risk",
    "blood_group": "--blood-group",
    "start": "--start",
}
PASSED = ("ward", "notes", "batch no.", "=bed", "é")
A_PATIENT = "MRN-7731"
A_NAME = "Kowalczyk"
# What no file may hold (design section 5): controls, and characters that hide or reorder others. A cell with a line
# break or one of these is made only where the file is to be refused.
UNPRINTABLE = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
                         "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]")  # fmt: skip


class File(NamedTuple):
    """A file of patients as bytes, the rows in it, and whether it can be trusted."""

    content: bytes
    rows: tuple[dict[str, str], ...]
    delimiter: str


@st.composite
def rows(draw: Callable) -> dict[str, str]:
    """One row: a patient by column; now and then one of its cells is wrong."""
    values = draw(right_options())
    row = {column: values[name].replace("\n", " ") for column, name in OPTION_OF.items() if name in values}
    row["id"] = draw(st.one_of(st.integers(1, 9).map(f"{A_PATIENT}-{{}}".format), clean_texts()))
    row["notes"] = draw(st.one_of(st.just(A_NAME), clean_texts()))
    if draw(st.integers(0, 2)) == 0:
        row[draw(st.sampled_from(sorted(row)))] = draw(clean_texts())
    return row


def clean_texts() -> st.SearchStrategy[str]:
    """Wrong values that a file may still hold."""
    return hostile_texts().map(lambda text: UNPRINTABLE.sub("", text)[:9_000])


@st.composite
def files(draw: Callable) -> File:
    """A CSV file that can be trusted, whatever its rows say: delimiter, quotes, line ends and a BOM as they come."""
    records = draw(st.lists(rows(), min_size=1, max_size=6))
    delimiter = draw(st.sampled_from(",;\t"))
    records = [{name: text.replace("\t", " ") for name, text in record.items()} for record in records]
    used = {"id", "indication", "weight_kg"}.union(*records)
    extra = draw(st.lists(st.sampled_from(PASSED), unique=True, max_size=2))
    columns = draw(st.permutations(sorted(used.union(extra))))
    text = io.StringIO()
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    writer = csv.DictWriter(text, columns, restval="", delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writeheader()
    writer.writerows(records)
    content = text.getvalue()
    if draw(st.booleans()):
        content = content.removesuffix(end)
    mark = draw(st.sampled_from(["", "\ufeff"]))
    return File((mark + content).encode(), tuple(records), delimiter)


@st.composite
def json_files(draw: Callable) -> File:
    """A JSON Lines file that can be trusted: numbers as numbers where they are, else as text; empty keys left out."""
    records = draw(st.lists(rows(), min_size=1, max_size=6))
    lines = []
    for record in records:
        cells: dict[str, object] = {"indication": "", "weight_kg": None, **record}
        for name in ("weight_kg", "days", "g_per_kg", "height_cm"):
            if re.fullmatch(r"[1-9][0-9]{0,3}(\.[0-9]{1,3})?", record.get(name, "")) and draw(st.booleans()):
                cells[name] = NumberAsWritten(record[name])
        lines.append(write_object(cells, ascii_only=draw(st.booleans())))
    return File("\n".join(lines).encode() + draw(st.sampled_from([b"", b"\n"])), tuple(records), "json")


class NumberAsWritten(str):
    """The digits of a JSON number."""


def write_object(cells: dict[str, object], ascii_only: bool) -> str:
    """A JSON object on one line, its numbers as written."""
    members = (
        f"{json.dumps(name)}: "
        + (cell if isinstance(cell, NumberAsWritten) else json.dumps(cell, ensure_ascii=ascii_only))
        for name, cell in cells.items()
    )
    return "{" + ", ".join(members) + "}"


@st.composite
def damaged_files(draw: Callable) -> bytes:
    """A file that something has happened to on its way: bytes lost, added, or written in another encoding."""
    content = draw(st.one_of(files(), json_files())).content
    for _ in range(draw(st.integers(1, 2))):
        content = draw(st.sampled_from(DAMAGES))(draw, content)
    return content


def _cut(draw: Callable, content: bytes) -> bytes:
    return content[: draw(st.integers(0, len(content)))]


def _insert(draw: Callable, content: bytes) -> bytes:
    at = draw(st.integers(0, len(content)))
    plain = [b"\0", b'"', b"\r", b"\n", b",", b";", b"\t", b"\x1a", b"{", b"[" * 5000]
    pieces = [*plain, b"\xff", b"\xe9", b"\xe2\x80\xae", b"\xef\xbb\xbf"]
    return content[:at] + draw(st.one_of(st.sampled_from(pieces), st.binary(max_size=8))) + content[at:]


def _encode_otherwise(draw: Callable, content: bytes) -> bytes:
    text = content.decode("utf-8", "replace")
    encodings = ["utf-16", "utf-16-le", "utf-32", "cp1252", "cp037", "utf-8-sig"]
    return text.encode(draw(st.sampled_from(encodings)), "replace")


def _repeat_line(draw: Callable, content: bytes) -> bytes:
    lines = content.splitlines(keepends=True) or [b""]
    at = draw(st.integers(0, len(lines) - 1))
    return b"".join([*lines[: at + 1], *lines[at:]])


def _rename(draw: Callable, content: bytes) -> bytes:
    old = draw(st.sampled_from([b"weight_kg", b"id", b"indication", b"notes", b"height_cm", b"days"]))
    new = draw(st.sampled_from([b"weight", b"Weight_kg", b"weight_lb", b"id", b"", b"wieght_kg", b"course_g"]))
    return content.replace(old, new, 1)


def _replace_all(draw: Callable, content: bytes) -> bytes:
    nearly_nothing = [b"", b"\n", b"\r\n\r\n", b"\xef\xbb\xbf", b"id,indication,weight_kg\n", b"[]", b"{}", b"null\n"]
    return draw(st.sampled_from([*nearly_nothing, b"PK\x03\x04abc", b"x" * 1_200_000]))


DAMAGES = (_cut, _insert, _insert, _insert, _encode_otherwise, _repeat_line, _rename, _replace_all)
