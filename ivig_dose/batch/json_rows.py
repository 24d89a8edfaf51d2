"""Rows of a JSON Lines file: one object a line, its numbers kept as they are written."""

import json
from collections.abc import Container, Iterable, Iterator
from typing import Any, Final

from ivig_dose.batch.columns import NEEDED, READ, Columns, arrange_columns, refuse_strange_headings
from ivig_dose.batch.problems import UntrustedFileError
from ivig_dose.batch.text import MAX_FIELD_LENGTH, Block, decode_lines, describe_invisible, find_unseen, refuse_long
from ivig_dose.problems import Refusal
from ivig_dose.quantity import quote

MAX_KEYS: Final = 1000
"""Different keys in one file: they become the columns of a CSV answer."""


LINE_UNREADABLE: Final = "line-unreadable"
"""The rule that refuses a broken line. Its row has no id."""


class NumberText(str):
    """A JSON number as it stands in the file, so that no digit is lost or added."""

    __slots__ = ()


class JsonCells(list[str]):
    """The cells of one line under the columns, with the values of all its keys as they were read."""

    def __init__(self, cells: Iterable[str], values: dict[str, Any]) -> None:
        super().__init__(cells)
        self.values = values


class BrokenLine(JsonCells):
    """A line that is no row: empty cells, and why it is refused."""

    def __init__(self, width: int, error: UntrustedFileError) -> None:
        super().__init__([""] * width, {})
        message = f"line {error.line} cannot be read: {error.problem}"
        self.refusal = Refusal(LINE_UNREADABLE, message, error.hint)


class JsonRows:
    """The rows of one JSON Lines file. Keys may differ from line to line; `columns` knows all after the check.

    Lines are framed by their ends, so a line that is broken is one refused row and takes no other with it.
    """

    def __init__(self, given: Container[str]) -> None:
        self._given = given
        self._keys: dict[str, None] = {}
        self._first_sound = 0
        self._broken: UntrustedFileError | None = None
        self.columns: Columns = arrange_columns(NEEDED, given)

    def check(self, block: Block) -> list[str]:
        """The ids of a block's rows, empty for a broken line. Raises `UntrustedFileError` for a key that is a slip."""
        ids = []
        for number, line in _list_lines(block):
            try:
                row = _read_object(line, number)
            except UntrustedFileError as error:
                self._broken = self._broken or error
                ids.append("")
                continue
            new = [key for key in row if key not in self._keys]
            if new:
                refuse_strange_headings(new, number)
                self._keys.update(dict.fromkeys(new))
                if len(self._keys) > MAX_KEYS:
                    raise UntrustedFileError(number, f"the file has over {MAX_KEYS} different keys", "take some out")
            self._first_sound = self._first_sound or number
            ids.append(write_cell(row.get("id")))
        if self._keys:
            read = [name for name in READ if name in self._keys or name in NEEDED]
            self.columns = arrange_columns([*read, *[key for key in self._keys if key not in READ]], self._given)
        return ids

    def finish_check(self) -> None:
        """Raise `UntrustedFileError` where no line could be read, or none has a key that is needed."""
        missing = [name for name in NEEDED if name not in self._keys and name not in self._given]
        if missing:
            absent = UntrustedFileError(self._first_sound, f"key {missing[0]} is missing", "give it in every line")
            raise self._broken or absent
        if self._broken is not None and not self._first_sound:
            raise self._broken

    def split(self, block: Block) -> list[JsonCells]:
        """The rows of a block that has been checked, as cells under the columns."""
        rows: list[JsonCells] = []
        names = (*self.columns.read, *self.columns.passed)
        for number, line in _list_lines(block):
            try:
                values = _read_object(line, number)
            except UntrustedFileError as error:
                rows.append(BrokenLine(len(names), error))
            else:
                rows.append(JsonCells([_write(name, values.get(name)) for name in names], values))
        return rows


def refuse_spread_json(first_line: bytes) -> None:
    """Raise `UntrustedFileError` where one JSON value begins that goes on over the following lines."""
    begun = first_line.strip()
    if begun == b"{":
        problem, hint = (
            "the file holds JSON objects spread over several lines",
            "`jq -c . FILE` writes one on each line",
        )
        raise UntrustedFileError(1, problem, hint)
    if begun.startswith(b"[") and not begun.endswith(b"]"):
        problem, hint = "the file is one JSON array", "`jq -c '.[]' FILE` writes each of its objects on a line"
        raise UntrustedFileError(1, problem, hint)


def _list_lines(block: Block) -> Iterator[tuple[int, str | UntrustedFileError]]:
    """The lines of a block that hold something, each as text or as what is wrong with its bytes."""
    try:
        refuse_long(block)
        lines: list[str | UntrustedFileError] = [*decode_lines(block)]
    except UntrustedFileError:
        lines = []
        for number, content in enumerate(block.content.removesuffix(b"\n").split(b"\n"), start=block.line):
            try:
                each = Block(block.offset, number, content)
                refuse_long(each)
                lines.extend(decode_lines(each) or [""])
            except UntrustedFileError as error:
                lines.append(error)
    return (
        (number, line)
        for number, line in enumerate(lines, start=block.line)
        if isinstance(line, UntrustedFileError) or line.strip()
    )


def _write(name: str, value: object) -> str:
    if name == "risks" and isinstance(value, list):
        return " ".join([write_cell(risk) for risk in value])
    return write_cell(value)


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


def _read_object(line: str | UntrustedFileError, number: int) -> dict[str, Any]:
    """The object of a line. Raises `UntrustedFileError` for a line that is broken."""
    if isinstance(line, UntrustedFileError):
        raise line

    def build(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        built = dict(pairs)
        if len(built) < len(pairs):
            names = [key for key, _ in pairs]
            twice = next(key for key in names if names.count(key) > 1)
            raise UntrustedFileError(number, f"key {quote(twice)} stands twice", "give each key once")
        _refuse_texts([*built, *built.values()], number)
        return built

    def refuse_constant(name: str) -> None:
        raise UntrustedFileError(number, f"{name} is no number of JSON", "write null where there is no value")

    try:
        row = json.loads(
            line, object_pairs_hook=build, parse_float=NumberText, parse_int=NumberText, parse_constant=refuse_constant
        )
    except json.JSONDecodeError as error:
        problem = f"the line is not a JSON object: {error.msg[:1].lower()}{error.msg[1:]}, character {error.pos + 1}"
        raise UntrustedFileError(number, problem, "write one whole object on each line") from None
    except (ValueError, RecursionError):
        problem = "the line is not a JSON object: it is nested too deeply"
        raise UntrustedFileError(number, problem, "write one plain object on each line") from None
    if not isinstance(row, dict):
        hint = "write one object on each line; `jq -c '.[]'` makes lines of an array"
        raise UntrustedFileError(number, "the line is not a JSON object", hint)
    _refuse_boxed(row, number)
    return row


def _refuse_boxed(row: dict[str, Any], number: int) -> None:
    """Raise `UntrustedFileError` for a list or an object where a column that is read needs one value."""
    for key, value in row.items():
        if not isinstance(value, list | dict) or key not in READ:
            continue
        if key == "risks" and isinstance(value, list) and not any(isinstance(each, list | dict) for each in value):
            continue
        kind = "a list" if isinstance(value, list) else "an object"
        hint = "write the value alone; in R, toJSON needs auto_unbox = TRUE"
        raise UntrustedFileError(number, f"key {key} holds {kind} and not one value", hint)


def _refuse_texts(values: Iterable[object], number: int) -> None:
    for value in values:
        if isinstance(value, list):
            _refuse_texts(value, number)
        elif isinstance(value, str):
            if len(value) > MAX_FIELD_LENGTH:
                problem = f"a field has {len(value)} characters"
                raise UntrustedFileError(number, problem, f"at most {MAX_FIELD_LENGTH} are read")
            unseen = find_unseen(value)
            if unseen is not None:
                raise UntrustedFileError(number, *describe_invisible(unseen))
