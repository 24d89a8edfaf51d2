"""The answer of one row: the plan that `dose` gives, the check that `check` gives, or the reason for neither."""

from datetime import date
from typing import NamedTuple

from ivig_dose.batch.repeats import ID_REPEATED
from ivig_dose.batch.requests import Row
from ivig_dose.catalogue.models import Catalogue
from ivig_dose.core.order import check_order
from ivig_dose.core.plan import make_plan
from ivig_dose.core.results import OrderCheck, Plan
from ivig_dose.problems import Refusal


class Answer(NamedTuple):
    """A row with its answer. `repeated` says that its id stands on other rows with other answers."""

    row: Row
    result: Plan | OrderCheck | Refusal
    repeated: bool = False


def answer_row(row: Row, catalogue: Catalogue, today: date | None) -> Answer:
    """The answer of one row in full."""
    if isinstance(row.request, Refusal):
        return Answer(row, row.request)
    if row.ordered is None:
        return Answer(row, make_plan(row.request, catalogue, today))
    return Answer(row, check_order(row.request, row.ordered, catalogue, today))


def flag_repeated(answer: Answer) -> Answer:
    """The answer with the warning that its id stands on more than one row with different answers."""
    result = answer.result
    if not isinstance(result, Refusal):
        result = result._replace(notices=(ID_REPEATED, *result.notices))
    return Answer(answer.row, result, repeated=True)
