"""Pieces of a file to pieces of the answer: text in the form that was asked for, and the count of each verdict."""

from collections.abc import Sequence
from datetime import date
from decimal import localcontext
from typing import Any, NamedTuple

from ivig_dose.batch.answers import Answer, answer_row, flag_repeated
from ivig_dose.batch.forms import BatchForm, answer_cells, answer_document, pass_through, write_id, write_passed
from ivig_dose.batch.json_rows import JsonRows
from ivig_dose.batch.outlines import Outliner
from ivig_dose.batch.requests import Defaults, RowReader
from ivig_dose.batch.survey import Piece, Readable, Survey, read_piece
from ivig_dose.batch.text import Block
from ivig_dose.catalogue.models import Catalogue
from ivig_dose.core.plan import describe_origin
from ivig_dose.core.results import OrderCheck
from ivig_dose.problems import Refusal
from ivig_dose.quantity import EXACT
from ivig_dose.report.as_csv import csv_line, neutralise
from ivig_dose.report.as_markdown import table_head, table_line


class Counts(NamedTuple):
    """How many rows were answered with a plan (a check that matches is one), refused, and found to mismatch."""

    planned: int = 0
    refused: int = 0
    mismatched: int = 0

    def plus(self, other: "Counts") -> "Counts":
        """Both counts together."""
        return Counts(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))

    @property
    def rows(self) -> int:
        """All rows."""
        return sum(self)


class Portion(NamedTuple):
    """The answer to one piece: its text and its counts."""

    text: str
    counts: Counts


class Answerer:
    """Answers the pieces of one file. Each piece can be answered by itself, in any order and in any process."""

    def __init__(
        self,
        survey: Survey,
        defaults: Defaults,
        catalogue: Catalogue,
        today: date | None,
        form: BatchForm,
        jobs: int = 1,
    ) -> None:
        self._survey = survey
        self._columns = survey.columns
        self._reader = RowReader(survey.columns, defaults)
        self._catalogue = catalogue
        self._today = today
        self._form = form
        self._with_orders = "ordered" in survey.columns.read
        self._origin = describe_origin(catalogue)
        self._outliner = Outliner(survey.columns, self._reader, catalogue, today, jobs)

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The pieces of the file, in order."""
        return self._survey.pieces

    def write_head(self) -> str:
        """What stands before the first answer: the headings, or nothing in JSON Lines."""
        headings = [neutralise(heading) for heading in self._columns.answered]
        if self._form == "csv":
            return csv_line(headings)
        return table_head(headings) if self._form == "markdown" else ""

    def note_repeats(self, file: Readable) -> None:
        """Find out which repeated ids have answers that differ. Nothing is read where no id is repeated."""
        repeats = self._survey.repeats
        if not len(repeats):
            return
        for piece in self._survey.pieces:
            rows = self._survey.rows.split(read_piece(file, piece))
            for number, cells in enumerate(rows, start=piece.first_row):
                row_id = cells[self._columns.read["id"]]
                if repeats.includes(row_id):
                    repeats.note_answer(row_id, self._sum_up(number, cells))
        repeats.forget_unflagged()

    def _sum_up(self, number: int, cells: Sequence[str]) -> object:
        """What is equal for two rows of one id exactly where their answers are."""
        if not self._with_orders:
            with localcontext(EXACT):
                said = self._outliner.outline(cells)
            if said is not None:
                return said
        answer = answer_row(self._reader.read(number, cells), self._catalogue, self._today)
        return tuple(answer_cells(answer, self._with_orders))

    def answer_piece(self, file: Readable, piece: Piece) -> Portion:
        """The answers of all rows of a piece, in their order."""
        block = read_piece(file, piece)
        with localcontext(EXACT):
            if self._form == "jsonl":
                return self._write_json_lines(block, piece)
            if self._form == "markdown":
                return self._write_markdown(block, piece)
            return self._write_csv(block, piece)

    def _write_csv(self, block: Block, piece: Piece) -> Portion:
        rows = self._survey.rows.split(block)
        lines, others = [], []
        id_at, passed_at = self._columns.read["id"], self._columns.passed_at
        outline = self._outliner.outline
        differs = self._survey.repeats.differs if len(self._survey.repeats) else None
        for place, cells in enumerate(rows):
            row_id = cells[id_at]
            said = outline(cells) if not self._with_orders and (differs is None or not differs(row_id)) else None
            if said is None or not row_id.strip():
                answer = self._answer(piece.first_row + place, cells)
                others.append(answer.result)
                line = [*answer_cells(answer, self._with_orders), *self._pass_cells(cells)]
                lines.append(csv_line(line))
            else:
                passed = "".join(["," + write_passed(cells[at]) for at in passed_at])
                lines.append(f"{write_id(row_id)},{said}{passed}\n")
        return Portion("".join(lines), _count(others).plus(Counts(len(rows) - len(others))))

    def _write_markdown(self, block: Block, piece: Piece) -> Portion:
        lines, results = [], []
        for place, cells in enumerate(self._survey.rows.split(block)):
            answer = self._answer(piece.first_row + place, cells)
            results.append(answer.result)
            lines.append(table_line([*answer_cells(answer, self._with_orders), *self._pass_cells(cells)]))
        return Portion("".join(lines), _count(results))

    def _write_json_lines(self, block: Block, piece: Piece) -> Portion:
        lines, results = [], []
        rows = self._survey.rows
        objects = rows.read(block) if isinstance(rows, JsonRows) else None
        for place, cells in enumerate(rows.split(block)):
            answer = self._answer(piece.first_row + place, cells)
            results.append(answer.result)
            passed = self._pass_json(cells, None if objects is None else objects[place])
            lines.append(answer_document(answer, passed, self._origin))
        return Portion("".join(lines), _count(results))

    def _answer(self, number: int, cells: Sequence[str]) -> Answer:
        answer = answer_row(self._reader.read(number, cells), self._catalogue, self._today)
        return flag_repeated(answer) if self._survey.repeats.differs(answer.row.id) else answer

    def _pass_cells(self, cells: Sequence[str]) -> list[str]:
        return [pass_through(cells[at]) for at in self._columns.passed_at]

    def _pass_json(self, cells: Sequence[str], row: dict[str, Any] | None) -> dict[str, Any]:
        if row is not None:
            return {name: row[name] for name in self._columns.passed if name in row}
        return {name: cells[at] for name, at in zip(self._columns.passed, self._columns.passed_at, strict=True)}


def _count(results: Sequence[object]) -> Counts:
    refused = sum(isinstance(result, Refusal) for result in results)
    mismatched = sum(isinstance(result, OrderCheck) and result.status == "mismatch" for result in results)
    return Counts(len(results) - refused - mismatched, refused, mismatched)
