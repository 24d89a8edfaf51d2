"""The first pass over a file: whether it can be trusted, where its rows lie, and which ids are repeated."""

from collections.abc import Container
from typing import BinaryIO, NamedTuple, Protocol

from ivig_dose.batch.columns import Columns
from ivig_dose.batch.csv_rows import CsvRows, names_columns
from ivig_dose.batch.json_rows import JsonRows, refuse_spread_json
from ivig_dose.batch.problems import UntrustedFileError
from ivig_dose.batch.repeats import IdCounter, Repeats
from ivig_dose.batch.row_ids import ShortenedIds
from ivig_dose.batch.text import MAX_LINE_BYTES, Block, decode_lines, list_blocks, skip_byte_order_mark


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


def survey_file(file: BinaryIO, given: Container[str], begin: int = 0) -> Survey:
    """Read a whole file once and look at every row before any dose is given.

    `given` names the columns that options fill; the rows begin at the byte `begin`.

    Raises:
        UntrustedFileError: with the first line that cannot be trusted.
    """
    start = skip_byte_order_mark(file, begin)
    file.seek(start)
    first_line = file.readline(MAX_LINE_BYTES)
    rows: CsvRows | JsonRows
    if first_line.lstrip()[:1] in (b"{", b"[") or (
        file.readline(MAX_LINE_BYTES).startswith(b"{") and not names_columns(first_line)
    ):
        refuse_spread_json(first_line)
        rows, offset, line = JsonRows(given), start, 1
    else:
        headings = decode_lines(Block(start, 1, first_line))
        if not headings:
            raise UntrustedFileError(0, "the file is empty", "give a file with headings and rows")
        rows, offset, line = CsvRows(headings[0], given), start + len(first_line), 2
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
