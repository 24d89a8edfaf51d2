"""The answer of one row: the calculation that `dose` shows, the check that `check` gives, or the reason for neither."""

from typing import NamedTuple

from ivig_dose.batch.requests import Row
from ivig_dose.core.calculation import Calculation
from ivig_dose.core.order import judge_order
from ivig_dose.core.plan import Planner
from ivig_dose.core.results import OrderCheck
from ivig_dose.problems import Notice, Refusal


class Answer(NamedTuple):
    """A row with its answer. `added` are notices about its id, which stand before those of the plan."""

    row: Row
    result: Calculation | OrderCheck | Refusal
    added: tuple[Notice, ...] = ()


def answer_row(row: Row, planner: Planner) -> Answer:
    """The answer of one row."""
    if isinstance(row.request, Refusal):
        return Answer(row, row.request)
    if row.ordered is None:
        return Answer(row, planner.calculate(row.request))
    return Answer(row, judge_order(row.request, row.ordered, planner))


def add_notices(answer: Answer, added: tuple[Notice, ...]) -> Answer:
    """The answer with these notices before its own."""
    result = answer.result
    if not isinstance(result, Refusal):
        result = result._replace(notices=(*added, *result.notices))
    return Answer(answer.row, result, added)
