"""The first pass over a file: whether it can be trusted, where its rows lie, and which ids are repeated."""

from collections.abc import Container
from typing import BinaryIO, NamedTuple, Protocol

from ivig_dose.batch.columns import Columns
from ivig_dose.batch.csv_rows import CsvRows, names_columns
from ivig_dose.batch.json_rows import JsonRows, refuse_spread_json
from ivig_dose.batch.problems import UntrustedFileError
from ivig_dose.batch.repeats import IdCounter, Repeats
from ivig_dose.batch.row_ids import ShortenedIds
from ivig_dose.batch.text import MAX_LINE_BYTES, Block, decode_lines, list_blocks, skip_byte_order_mark, skip_line


class Piece(NamedTuple):
    """A run of rows: its bytes in the file, its first line, and the number of its first row, both from 1."""

    offset: int
    length: int
    line: int
    first_row: int


class Survey(NamedTuple):
    """A file that can be trusted: how its rows are read, where they lie, how many there are, and ids to look at."""

    rows: CsvRows | JsonRows
    pieces: tuple[Piece, ...]
    row_count: int
    repeats: Repeats
    shortened: ShortenedIds

    @property
    def columns(self) -> Columns:
        """The columns of the file."""
        return self.rows.columns


def survey_file(file: BinaryIO, given: Container[str], begin: int = 0, title_lines: int = 0) -> Survey:
    """Read a whole file once and look at every row before any dose is given.

    `given` names the columns that options fill; the text begins at the byte `begin`, and the headings stand below
    `title_lines` lines that are not read.

    Raises:
        UntrustedFileError: with the first line that cannot be trusted.
    """
    start = skip_byte_order_mark(file, begin)
    file.seek(start)
    for _ in range(title_lines):
        skipped = skip_line(file)
        if not skipped:
            break
        start += skipped
    heading_at = 1 + title_lines
    first_line = file.readline(MAX_LINE_BYTES)
    rows: CsvRows | JsonRows
    if first_line.lstrip()[:1] in (b"{", b"[") or (
        file.readline(MAX_LINE_BYTES).startswith(b"{") and not names_columns(first_line)
    ):
        if title_lines:
            raise UntrustedFileError(heading_at, "JSON Lines have no title lines to skip", "leave --skip-lines out")
        refuse_spread_json(first_line)
        rows, offset, line = JsonRows(given), start, 1
    else:
        headings = decode_lines(Block(start, heading_at, first_line))
        if not headings:
            problem = f"the file has no line below the {title_lines} skipped" if title_lines else "the file is empty"
            raise UntrustedFileError(0, problem, "give a file with headings and rows")
        rows, offset, line = CsvRows(headings[0], given, heading_at), start + len(first_line), heading_at + 1
    pieces, counted, shortened = [], 0, ShortenedIds()
    with IdCounter() as ids:
        for block in list_blocks(file, offset, line, by_line=isinstance(rows, JsonRows)):
            found = rows.check(block)
            if found:
                pieces.append(Piece(block.offset, len(block.content), block.line, counted + 1))
                ids.add(filter(str.strip, found))
                shortened = shortened.plus(found)
                counted += len(found)
        if not counted:
            raise UntrustedFileError(0, "the file has no rows", "give at least one row below the headings")
        if isinstance(rows, JsonRows):
            rows.finish_check()
        return Survey(rows, tuple(pieces), counted, ids.find_repeated(), shortened)


class Readable(Protocol):
    """What a piece is read from: an open file, or one that several processes share."""

    def seek(self, offset: int, /) -> object:
        """Go to a place, in bytes from the start."""

    def read(self, length: int, /) -> bytes:
        """The bytes from there on."""


def read_piece(file: Readable, piece: Piece) -> Block:
    """The lines of a piece of the file. Raises `OSError` where it has become shorter."""
    file.seek(piece.offset)
    content = file.read(piece.length)
    if len(content) != piece.length:
        raise OSError("the file was changed while it was read, so its answer cannot be trusted")
    return Block(piece.offset, piece.line, content)
