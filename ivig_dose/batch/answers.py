"""The answer of one row: the calculation that `dose` shows, the check that `check` gives, or the reason for neither."""

from typing import NamedTuple

from ivig_dose.batch.repeats import ID_REPEATED
from ivig_dose.batch.requests import Row
from ivig_dose.core.calculation import Calculation
from ivig_dose.core.order import check_order
from ivig_dose.core.plan import Planner
from ivig_dose.core.results import OrderCheck
from ivig_dose.problems import Refusal


class Answer(NamedTuple):
    """A row with its answer. `repeated` says that its id stands on other rows with other answers."""

    row: Row
    result: Calculation | OrderCheck | Refusal
    repeated: bool = False


def answer_row(row: Row, planner: Planner) -> Answer:
    """The answer of one row."""
    if isinstance(row.request, Refusal):
        return Answer(row, row.request)
    if row.ordered is None:
        return Answer(row, planner.calculate(row.request))
    return Answer(row, check_order(row.request, row.ordered, planner.catalogue, planner.today))


def flag_repeated(answer: Answer) -> Answer:
    """The answer with the warning that its id stands on more than one row with different answers."""
    result = answer.result
    if not isinstance(result, Refusal):
        result = result._replace(notices=(ID_REPEATED, *result.notices))
    return Answer(answer.row, result, repeated=True)
