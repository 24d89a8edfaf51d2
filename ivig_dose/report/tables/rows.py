"""Rows under headings in tables of Rich, or as sentences where these do not fit; and the frame of an answer."""

from collections.abc import Iterable, Sequence
from typing import Final, Literal, NamedTuple

from rich.box import ROUNDED, SIMPLE_HEAD
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.measure import Measurement
from rich.table import Table

from ivig_dose.report.tables.words import BOUND, Words, bind, make_visible, stack, write

LEAST_PROSE: Final = 24
_ENDLESS: Final = 100_000


class Column(NamedTuple):
    """A column: its heading, how a cell reads where there is no room for columns, and how it is set.

    A `prose` column wraps. A `bar` only repeats another column, and is left out where it has no room.
    """

    heading: str
    alone: str = "{}"
    kind: Literal["number", "text", "prose", "bar"] = "number"


class Rows:
    """Rows under headings where they fit; otherwise each row as a sentence that names every figure."""

    def __init__(self, columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> None:
        self.columns = columns
        self.rows = [*rows]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The table, the table without its bar, or a paragraph for each row."""
        without_bar = [at for at, column in enumerate(self.columns) if column.kind != "bar"]
        for kept in (range(len(self.columns)), without_bar):
            table = self.make_table(kept)
            if fits(table, console, options, self.find_prose_room()):
                yield table
                return
        yield from [self._write_alone([row[at] for at in without_bar], without_bar) for row in self.rows]

    def find_prose_room(self) -> int:
        """What prose has to have beyond its longest word before a table is worth it."""
        cells = [row[at] for at, column in enumerate(self.columns) if column.kind == "prose" for row in self.rows]
        longest = max([len(cell) for cell in cells], default=0)
        return max(
            0, min(LEAST_PROSE, longest) - max([len(word) for cell in cells for word in cell.split()], default=0)
        )

    def make_table(self, kept: Sequence[int]) -> Table:
        """These columns as a table of Rich."""
        table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), header_style="")
        cells = [[bind(row[at]) for row in self.rows] for at in kept]
        for at, column_cells in zip(kept, cells, strict=True):
            column = self.columns[at]
            if column.kind == "number":
                _align_at_point(column_cells)
            table.add_column(bind(column.heading), justify="right" if column.kind == "number" else "left")
        for number in range(len(self.rows)):
            table.add_row(*[self._set_cell(at, column[number], number) for at, column in zip(kept, cells, strict=True)])
        return table

    def _set_cell(self, at: int, bound: str, number: int) -> Words:
        kind = self.columns[at].kind
        return write(self.rows[number][at]) if kind == "prose" else write((bound, "bar" if kind == "bar" else ""))

    def _write_alone(self, row: Sequence[str], kept: Sequence[int]) -> Words:
        """A row as a sentence: the first cell, a colon, the others, and what is prose behind a semicolon."""
        cells = [(self.columns[at], make_visible(cell)) for at, cell in zip(kept, row, strict=True) if cell]
        said = ""
        for place, (column, cell) in enumerate(cells):
            prose = column.kind == "prose"
            gap = ("", ": ")[place] if place < 2 else "; " if prose else ", "
            said += gap + (column.alone.format(cell) if prose else bind(column.alone.format(cell)))
        return write(said, hanging=2)


class FirstThatFits:
    """The first of several sets of rows that has room as tables, or the last as sentences."""

    def __init__(self, *choices: tuple[Rows, ...]) -> None:
        self.choices = choices

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The tables of one set below each other."""
        for choice in self.choices:
            if all(fits(rows.make_table(range(len(rows.columns))), console, options) for rows in choice):
                break
        for at, rows in enumerate(choice):
            if at:
                yield write()
            yield rows


class Frame:
    """The answer in a frame: a table of one cell, or bare lines where a frame has no room."""

    def __init__(self, *lines: RenderableType) -> None:
        self.lines = lines

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The lines, framed where they fit."""
        table = Table(box=ROUNDED, show_header=False)
        table.add_column()
        table.add_row(stack(self.lines))
        yield table if fits(table, console, options) else stack(self.lines)


def fits(table: Table, console: Console, options: ConsoleOptions, spare: int = 0) -> bool:
    """Whether no word of a table has to be cut, with so many columns to spare."""
    needed = Measurement.get(console, options.update(max_width=_ENDLESS), table).minimum
    return needed + spare <= options.max_width


def _align_at_point(cells: list[str]) -> None:
    """Fill up plain numbers on the right, so that their points stand below each other."""
    fractions = [len(cell.partition(".")[2]) + 1 if "." in cell else 0 for cell in cells]
    if any(fractions) and all(cell.replace(".", "").replace(",", "").isdigit() for cell in cells):
        for at, fraction in enumerate(fractions):
            cells[at] += BOUND * (max(fractions) - fraction)
