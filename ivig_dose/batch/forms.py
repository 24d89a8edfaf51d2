"""The forms of a batch's answer: CSV, JSON Lines and Markdown, one line for each row."""

import re
from collections.abc import Iterable
from typing import Any, Final, Literal

from ivig_dose.batch.answers import Answer
from ivig_dose.batch.columns import CHECK_COLUMNS
from ivig_dose.batch.json_rows import LINE_UNREADABLE, write_value
from ivig_dose.core.calculation import Calculation
from ivig_dose.core.plan import complete_plan
from ivig_dose.core.results import OrderCheck, Origin
from ivig_dose.problems import Notice, NoticeLevel, Refusal
from ivig_dose.report.as_csv import COLUMNS, calculation_cells, name_notices, neutralise, plan_cells, refusal_cells
from ivig_dose.report.as_json import check_document, dump_line, plan_document, refusal_document
from ivig_dose.report.numbers import percent, write_number

BatchForm = Literal["csv", "jsonl", "markdown"]

_STATUS_AT: Final = COLUMNS.index("status")
_NOTICES_AT: Final[tuple[tuple[int, NoticeLevel | None], ...]] = (
    (COLUMNS.index("notices"), None),
    (COLUMNS.index("warnings"), "warning"),
    (COLUMNS.index("notes"), "note"),
)
_NUMBER: Final = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?", re.ASCII)


def answer_cells(answer: Answer, with_orders: bool) -> list[str]:
    """The cells of an answer under `COLUMNS`, and under `CHECK_COLUMNS` where the file has orders."""
    result, row = answer.result, answer.row
    if isinstance(result, Calculation):
        return [*calculation_cells(result, row.id), *[""] * (len(CHECK_COLUMNS) if with_orders else 0)]
    if isinstance(result, OrderCheck):
        cells = list(plan_cells(result.plan, row.id))
        cells[_STATUS_AT] = result.status
        _put_notices(cells, result.notices)
        difference = write_number(percent(result.difference_percent))
        slips, findings = (" ".join([each.id for each in found]) for found in (result.slips, result.findings))
        agrees_as = "" if result.agrees_with is None else result.agrees_with.how
        return [*cells, result.ordered.text, difference, slips, agrees_as, findings]
    cells = list(refusal_cells(result, row.id, row.indication))
    _put_notices(cells, answer.added)
    ordered = "" if row.ordered is None else row.ordered.text
    return [*cells, *([neutralise(ordered), *[""] * (len(CHECK_COLUMNS) - 1)] if with_orders else [])]


def _put_notices(cells: list[str], notices: Iterable[Notice]) -> None:
    for at, level in _NOTICES_AT:
        cells[at] = name_notices(notices, level)


def pass_through(cell: str) -> str:
    """A cell that is passed through: untouched where it is a number, neutralised where it is text."""
    return cell if _NUMBER.fullmatch(cell) else neutralise(cell)


def name_row(answer: Answer) -> str | None:
    """The id of a row; None where its line was broken, so that the id is not known."""
    result = answer.result
    return None if isinstance(result, Refusal) and result.rule == LINE_UNREADABLE else answer.row.id


def answer_document(answer: Answer, passed: dict[str, Any], origin: Origin) -> str:
    """An answer as one line of JSON: `row` and `id` in front, what was passed through at the end."""
    result, row = answer.result, answer.row
    in_front = {"row": row.number, "id": name_row(answer)}
    if isinstance(result, Calculation):
        document = plan_document(complete_plan(result), in_front)
    elif isinstance(result, OrderCheck):
        document = check_document(result, in_front)
    else:
        request = None if isinstance(row.request, Refusal) else row.request
        ordered = None if row.ordered is None else row.ordered.text
        document = refusal_document(result, origin, in_front, request, ordered)
        document["notices"] = [notice._asdict() for notice in answer.added]
    return f'{dump_line(document)[:-1]},"passed_through":{write_value(passed)}}}\n'
