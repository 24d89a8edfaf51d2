"""Rows under headings where they fit, and as sentences where they do not: no cell is ever cut."""

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from ivig_dose.report.tables.layout import Line, Paragraph, RichBlock, StyleName, write
from ivig_dose.report.tables.wording import bind, bind_numbers, count_cells, make_visible, write_ascii


class Column(NamedTuple):
    """A column: its heading, how a cell reads where there is no room for columns, and how it is set.

    A `prose` column wraps; there is at most one and it is the last.
    """

    heading: str
    alone: str = "{}"
    kind: Literal["number", "text", "prose"] = "number"


class Columns(RichBlock):
    """Rows under headings where they fit; otherwise each row as a sentence that names every figure."""

    __slots__ = ("columns", "rows")
    GAP = 2
    LEAST_PROSE = 24

    def __init__(self, columns: tuple[Column, ...], rows: tuple[tuple[str, ...], ...]) -> None:
        self.columns = columns
        self.rows = rows

    def lay_out(self, width: int, ascii_only: bool) -> Iterator[Line]:
        """The table, or a paragraph for each row."""
        rows = self._write_rows(ascii_only)
        sizes = self._find_sizes(rows, width)
        if sizes is None:
            for row_alone in self._write_alone():
                yield from row_alone.lay_out(width, ascii_only)
            return
        yield self._set_line([column.heading for column in self.columns], sizes, "heading")
        for row in rows:
            yield from self._set_row(row, sizes, ascii_only)

    def fits(self, width: int, ascii_only: bool) -> bool:
        """Whether there is room for columns."""
        return self._find_sizes(self._write_rows(ascii_only), width) is not None

    def _write_rows(self, ascii_only: bool) -> list[list[str]]:
        write_cell = write_ascii if ascii_only else str
        rows = [[write_cell(bind_numbers(cell)) for cell in row] for row in self.rows]
        _align_at_point(rows, self.columns)
        return rows

    def _find_sizes(self, rows: Sequence[Sequence[str]], width: int) -> list[int] | None:
        """How wide each column is; None where they have no room. Prose takes what the others leave."""
        sizes = [
            max([count_cells(row[at]) for row in rows] + [len(column.heading)])
            for at, column in enumerate(self.columns)
        ]
        taken = sum(sizes) + self.GAP * (len(sizes) - 1)
        if self.columns[-1].kind == "prose" and taken > width:
            rest = width - (taken - sizes[-1])
            taken += min(rest - sizes[-1], 0) if rest >= self.LEAST_PROSE else 0
            sizes[-1] = rest
        return None if taken > width else sizes

    def _set_row(self, row: Sequence[str], sizes: Sequence[int], ascii_only: bool) -> Iterator[Line]:
        if self.columns[-1].kind != "prose":
            yield self._set_line(row, sizes, "")
            return
        before = [*row[:-1]]
        for words in write(row[-1]).lay_out(sizes[-1], ascii_only):
            yield self._set_line([*before, "".join([text for text, _ in words])], sizes, "")
            before = [""] * len(before)

    def _set_line(self, cells: Sequence[str], sizes: Sequence[int], style: StyleName) -> Line:
        parts = []
        for cell, size, column in zip(cells, sizes, self.columns, strict=True):
            blanks = " " * (size - count_cells(cell))
            parts.append(blanks + cell if column.kind == "number" else cell + blanks)
        return [((" " * self.GAP).join(parts).rstrip(" "), style)]

    def _write_alone(self) -> Iterator[Paragraph]:
        """Each row as a sentence: the first cell, a colon, the others, and what is prose behind a semicolon."""
        for row in self.rows:
            cells = [(column, make_visible(cell)) for column, cell in zip(self.columns, row, strict=True) if cell]
            said = ""
            for at, (column, cell) in enumerate(cells):
                prose = column.kind == "prose"
                gap = ("", ": ")[at] if at < 2 else "; " if prose else ", "
                said += gap + (column.alone.format(cell) if prose else bind(column.alone.format(cell)))
            yield write(said, hanging=2)

    def find_least_width(self) -> int:
        """That of the rows as sentences."""
        return max([row.find_least_width() for row in self._write_alone()], default=0)


def _align_at_point(rows: list[list[str]], columns: Sequence[Column]) -> None:
    """Fill up the plain numbers of each column on the right, so that their points stand below each other."""
    for at, column in enumerate(columns):
        if column.kind == "number":
            fractions = [len(row[at].partition(".")[2]) + 1 if "." in row[at] else 0 for row in rows]
            if any(fractions) and all(row[at].replace(".", "").replace(",", "").isdigit() for row in rows):
                for row, fraction in zip(rows, fractions, strict=True):
                    row[at] += " " * (max(fractions) - fraction)


class FirstThatFits(RichBlock):
    """The first of several sets of columns that has room, or the last as sentences."""

    __slots__ = ("choices",)

    def __init__(self, *choices: tuple[Columns, ...]) -> None:
        self.choices = choices

    def lay_out(self, width: int, ascii_only: bool) -> Iterator[Line]:
        """The columns of one set below each other, a blank line between."""
        for choice in self.choices:
            if all(columns.fits(width, ascii_only) for columns in choice) or choice is self.choices[-1]:
                for at, columns in enumerate(choice):
                    if at:
                        yield []
                    yield from columns.lay_out(width, ascii_only)
                return

    def find_least_width(self) -> int:
        """That of the last set."""
        return max([columns.find_least_width() for columns in self.choices[-1]], default=0)
