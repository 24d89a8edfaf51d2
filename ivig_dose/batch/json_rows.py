"""Rows of a JSON Lines file: one object a line, its numbers kept as they are written."""

import json
from collections.abc import Container
from typing import Any, Final

from ivig_dose.batch.columns import NEEDED, READ, Columns, arrange_columns, refuse_strange_headings
from ivig_dose.batch.problems import UntrustedFileError
from ivig_dose.batch.text import MAX_FIELD_LENGTH, Block, decode_lines, describe_invisible, find_unseen
from ivig_dose.quantity import quote

MAX_KEYS: Final = 1000
"""Different keys in one file: they become the columns of a CSV answer."""


class NumberText(str):
    """A JSON number as it stands in the file, so that no digit is lost or added."""

    __slots__ = ()


class JsonRows:
    """The rows of one JSON Lines file. Keys may differ from line to line; `columns` knows all after the check."""

    def __init__(self, given: Container[str]) -> None:
        self._given = given
        self._keys: dict[str, None] = {}
        self.columns: Columns = arrange_columns(NEEDED, given)

    def check(self, block: Block) -> list[str]:
        """The ids of a block's rows. Raises `UntrustedFileError` with the first line that cannot be trusted."""
        ids = []
        for number, line in enumerate(decode_lines(block), start=block.line):
            if not line.strip():
                continue
            row = _read_object(line, number)
            new = [key for key in row if key not in self._keys]
            if new:
                refuse_strange_headings(new, number)
                self._keys.update(dict.fromkeys(new))
                if len(self._keys) > MAX_KEYS:
                    raise UntrustedFileError(number, f"the file has over {MAX_KEYS} different keys", "take some out")
            for name in NEEDED:
                if name not in row and name not in self._given:
                    raise UntrustedFileError(number, f"key {name} is missing", "give it in every line")
            ids.append(write_cell(row.get("id")))
        if self._keys:
            read = [name for name in READ if name in self._keys]
            self.columns = arrange_columns([*read, *[key for key in self._keys if key not in READ]], self._given)
        return ids

    def split(self, block: Block) -> list[list[str]]:
        """The rows of a block that has been checked, as cells under the columns."""
        return [self._lay_out(row) for row in self.read(block)]

    def read(self, block: Block) -> list[dict[str, Any]]:
        """The objects of a block that has been checked."""
        lines = enumerate(decode_lines(block), start=block.line)
        return [_read_object(line, number) for number, line in lines if line.strip()]

    def _lay_out(self, row: dict[str, Any]) -> list[str]:
        if isinstance(row.get("risks"), list):
            row["risks"] = " ".join([write_cell(risk) for risk in row["risks"]])
        return [write_cell(row.get(name)) for name in (*self.columns.read, *self.columns.passed)]


def write_cell(value: object) -> str:
    """A JSON value as the text of a cell: text and numbers as they are, null as nothing, the rest as JSON."""
    if value is None:
        return ""
    return str(value) if isinstance(value, str) else write_value(value)


def write_value(value: object) -> str:
    """A value as it was read, as JSON on one line, its numbers as they were written."""
    if isinstance(value, NumberText):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join([f"{json.dumps(key)}:{write_value(each)}" for key, each in value.items()]) + "}"
    if isinstance(value, list):
        return "[" + ",".join([write_value(each) for each in value]) + "]"
    return json.dumps(value)


def _read_object(line: str, number: int) -> dict[str, Any]:
    def build(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        built = dict(pairs)
        if len(built) < len(pairs):
            names = [key for key, _ in pairs]
            twice = next(key for key in names if names.count(key) > 1)
            raise UntrustedFileError(number, f"key {quote(twice)} stands twice", "give each key once")
        for text in (*built, *built.values()):
            if isinstance(text, str):
                _refuse_text(text, number)
            elif isinstance(text, list):
                for each in text:
                    if isinstance(each, str):
                        _refuse_text(each, number)
        return built

    try:
        row = json.loads(
            line, object_pairs_hook=build, parse_float=NumberText, parse_int=NumberText, parse_constant=_refuse_constant
        )
    except (ValueError, RecursionError):
        raise UntrustedFileError(number, "the line is not a JSON object", "write one object on each line") from None
    if not isinstance(row, dict):
        hint = "write one object on each line; `jq -c '.[]'` makes lines of an array"
        raise UntrustedFileError(number, "the line is not a JSON object", hint)
    return row


def _refuse_text(text: str, number: int) -> None:
    if len(text) > MAX_FIELD_LENGTH:
        raise UntrustedFileError(number, f"a field has {len(text)} characters", f"at most {MAX_FIELD_LENGTH} are read")
    unseen = find_unseen(text)
    if unseen is not None:
        raise UntrustedFileError(number, *describe_invisible(unseen))


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")
