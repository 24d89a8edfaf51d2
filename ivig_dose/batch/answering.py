"""Pieces of a file to pieces of the answer: text in the form that was asked for, and the count of each verdict."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from decimal import localcontext
from typing import Any, NamedTuple

from ivig_dose.batch.answers import Answer, add_notices, answer_row
from ivig_dose.batch.fields import Fields
from ivig_dose.batch.forms import BatchForm, answer_cells, answer_document, name_row, pass_through
from ivig_dose.batch.json_rows import JsonCells
from ivig_dose.batch.requests import Defaults, RowReader
from ivig_dose.batch.row_ids import ID_REPEATED, ID_SHORTENED, is_shortened
from ivig_dose.batch.survey import Piece, Readable, Survey, read_piece
from ivig_dose.batch.text import Block
from ivig_dose.catalogue.models import Catalogue
from ivig_dose.core.calculation import Calculation
from ivig_dose.core.plan import Planner, describe_origin
from ivig_dose.core.results import OrderCheck
from ivig_dose.core.tally import Tally
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
    """The answer to one piece: its text, its counts, and what it comes to where that is wanted."""

    text: str
    counts: Counts
    tally: Tally | None = None


class Summed(NamedTuple):
    """That answers are added up, and the id of a weight policy that they are compared with."""

    compare_policy: str | None = None


class Answerer:
    """Answers the pieces of one file. Each piece can be answered by itself, in any order and in any process."""

    def __init__(
        self,
        survey: Survey,
        defaults: Defaults,
        catalogue: Catalogue,
        today: date | None,
        form: BatchForm,
        fields: Fields | None = None,
        summed: Summed | None = None,
    ) -> None:
        """Ready to answer. `fields` makes the answer slim; `summed` asks for a tally of every piece."""
        self._survey = survey
        self._columns = survey.columns
        self._reader = RowReader(survey.columns, defaults, catalogue.products)
        self._planner = Planner(catalogue, today)
        self._form = form
        self._fields = fields
        self._summed = summed
        self._with_orders = survey.columns.has_orders
        self._origin = describe_origin(catalogue)

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The pieces of the file, in order."""
        return self._survey.pieces

    @property
    def row_count(self) -> int:
        """How many rows the file had when it was surveyed."""
        return self._survey.row_count

    def write_head(self) -> str:
        """What stands before the first answer: the headings, or nothing in JSON Lines."""
        names = self._columns.answered if self._fields is None else self._fields.names
        headings = [neutralise(heading) for heading in names]
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
        return tuple(answer_cells(answer_row(self._reader.read(number, cells), self._planner), self._with_orders)[1:])

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
        return self._write(block, piece, lambda answer, cells: csv_line(self._list_cells(answer, cells)))

    def _write_markdown(self, block: Block, piece: Piece) -> Portion:
        return self._write(block, piece, lambda answer, cells: table_line(self._list_cells(answer, cells)))

    def _write_json_lines(self, block: Block, piece: Piece) -> Portion:
        return self._write(block, piece, self._write_document)

    def _write(self, block: Block, piece: Piece, write: Callable[[Answer, Sequence[str]], str]) -> Portion:
        lines = []
        verdicts: Counter[str] = Counter()
        tally = None if self._summed is None else Tally()
        for place, cells in enumerate(self._survey.rows.split(block)):
            answer = self._answer(piece.first_row + place, cells)
            verdicts[_verdict(answer.result)] += 1
            lines.append(write(answer, cells))
            if tally is not None:
                self._add(answer, tally)
        return Portion("".join(lines), Counts(**verdicts), tally)

    def _list_cells(self, answer: Answer, cells: Sequence[str]) -> list[str]:
        line = [*answer_cells(answer, self._with_orders), *self._pass_cells(cells)]
        return line if self._fields is None else self._fields.pick(line)

    def _write_document(self, answer: Answer, cells: Sequence[str]) -> str:
        passed = self._pass_json(cells)
        if self._fields is None:
            return answer_document(answer, passed, self._origin)
        line = [*answer_cells(answer, self._with_orders), *self._pass_cells(cells)]
        return self._fields.write_document(answer, name_row(answer), line, passed)

    def _add(self, answer: Answer, tally: Tally) -> None:
        result, request = answer.result, answer.row.request
        tally.add(result)
        policy = None if self._summed is None else self._summed.compare_policy
        if policy is not None and not isinstance(result, Refusal) and not isinstance(request, Refusal):
            tally.add_change(result, self._planner.calculate(request._replace(weight_policy=policy)))

    def _answer(self, number: int, cells: Sequence[str]) -> Answer:
        answer = answer_row(self._reader.read(number, cells), self._planner)
        added = []
        if self._survey.repeats.differs(answer.row.id):
            added.append(ID_REPEATED)
        if self._survey.shortened.total and is_shortened(answer.row.id):
            added.append(ID_SHORTENED)
        return add_notices(answer, tuple(added)) if added else answer

    def _pass_cells(self, cells: Sequence[str]) -> list[str]:
        return [pass_through(cells[at]) for at in self._columns.passed_at]

    def _pass_json(self, cells: Sequence[str]) -> dict[str, Any]:
        if isinstance(cells, JsonCells):
            return {name: cells.values[name] for name in self._columns.passed if name in cells.values}
        return {name: cells[at] for name, at in zip(self._columns.passed, self._columns.passed_at, strict=True)}


def _verdict(result: Calculation | OrderCheck | Refusal) -> str:
    """Which of `Counts` a row belongs to."""
    if isinstance(result, Refusal):
        return "refused"
    return "mismatched" if isinstance(result, OrderCheck) and result.status == "mismatch" else "planned"
