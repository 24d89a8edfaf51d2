"""Rows of a CSV file. A row is one line: what spans lines, or has too few or too many cells, refuses the file."""

import csv
from collections.abc import Container
from typing import Final

from ivig_dose.batch.columns import READ, Columns, arrange_columns
from ivig_dose.batch.problems import UntrustedFileError
from ivig_dose.batch.text import MAX_FIELD_LENGTH, Block, decode_lines

DELIMITERS: Final = (",", ";", "\t")
_NAMES: Final = {",": "comma", ";": "semicolon", "\t": "tab"}


class CsvRows:
    """The rows of one CSV file, by its delimiter and headings."""

    def __init__(self, heading_line: str, given: Container[str], line: int = 1) -> None:
        """Read the first line. Raises `UntrustedFileError` for headings that cannot be trusted."""
        self.delimiter = max(DELIMITERS, key=lambda delimiter: _count_known(heading_line, delimiter))
        self.columns: Columns = arrange_columns(_split_line(heading_line, self.delimiter, line), given, line)

    def check(self, block: Block) -> list[str]:
        """The ids of a block's rows. Raises `UntrustedFileError` with the first line that cannot be trusted."""
        lines = decode_lines(block)
        cells_at, delimiter = self.columns.read["id"], self.delimiter
        # Lines without quotes, nearly all there are, need only be counted.
        if b'"' not in block.content and max(map(len, lines), default=0) <= MAX_FIELD_LENGTH:
            lines = [line for line in lines if line]
            if {line.count(delimiter) for line in lines} <= {self.columns.width - 1}:
                return [line.split(delimiter, cells_at + 1)[cells_at] for line in lines]
        ids = []
        for number, line in enumerate(decode_lines(block), start=block.line):
            cells = _split_line(line, delimiter, number)
            if cells:
                self._refuse_wrong_count(cells, number)
                ids.append(cells[cells_at])
        return ids

    def split(self, block: Block) -> list[list[str]]:
        """The rows of a block that has been checked."""
        lines = [line for line in decode_lines(block) if line]
        if b'"' in block.content:
            return list(csv.reader(lines, delimiter=self.delimiter, strict=True))
        delimiter = self.delimiter
        return [line.split(delimiter) for line in lines]

    def _refuse_wrong_count(self, cells: list[str], line: int) -> None:
        if len(cells) == self.columns.width:
            return
        few = len(cells) < self.columns.width
        raise UntrustedFileError(
            line,
            f"{len(cells)} cells under {self.columns.width} headings",
            "a cell or a delimiter is missing"
            if few
            else f"a cell holds a {_NAMES[self.delimiter]} and is not quoted, such as a decimal comma",
        )


def names_columns(line: bytes) -> bool:
    """Whether a line names one of the columns that are read, and so begins a CSV file."""
    text = line.decode("utf-8", "replace").strip()
    return any(_count_known(text, delimiter) for delimiter in DELIMITERS)


def _count_known(line: str, delimiter: str) -> int:
    return sum(cell.strip('"') in READ for cell in line.split(delimiter))


def _split_line(line: str, delimiter: str, number: int) -> list[str]:
    """The cells of one line. Raises `UntrustedFileError` where a quoted cell does not end on it."""
    try:
        cells = next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error as error:
        if "field larger" in str(error):
            problem, hint = (
                f"a field has over {csv.field_size_limit()} characters",
                f"at most {MAX_FIELD_LENGTH} are read",
            )
        elif "unexpected end" in str(error):
            problem, hint = "a quoted field does not end on its line", "close the quote; take line breaks out of fields"
        else:
            problem, hint = "text follows the closing quote of a field", "double the quotes inside a quoted field"
        raise UntrustedFileError(number, problem, hint) from None
    longest = max(map(len, cells), default=0)
    if longest > MAX_FIELD_LENGTH:
        raise UntrustedFileError(number, f"a field has {longest} characters", f"at most {MAX_FIELD_LENGTH} are read")
    return cells
