"""Orders worked out by hand (`table.txt`): the verdict on each, and the slip that is named first."""

from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest

from ivig_dose.core.order import check_order
from ivig_dose.core.order_parts import OrderReader, OrderTexts
from ivig_dose.core.reading import read_request
from ivig_dose.problems import Refusal
from ivig_dose.quantity import QuantityError
from tests.strategies import shipped

TABLE = Path(__file__).with_name("table.txt")
OPTIONS = {"-p": "product", "-r": "regimen", "--days": "days", "--height": "height", "--sex": "sex", "--age": "age"}


class Row(NamedTuple):
    patient: str
    order: str
    verdict: str
    slip: str


def read_table():
    lines = [line for line in TABLE.read_text().splitlines() if line.strip() and not line.startswith("#")]
    cells = [[cell.strip() for cell in line.split(" |")] for line in lines]
    assert all(len(row) == 5 for row in cells), [row for row in cells if len(row) != 5]
    return [Row(*row[:4]) for row in cells]


ROWS = read_table()


def ask(patient):
    indication, weight, *options = patient.split()
    names = {**OPTIONS, "--weight-policy": "weight_policy"}
    said = {names[name]: text for name, text in zip(options[::2], options[1::2], strict=True)}
    return read_request(indication=indication, weight=weight, **said)


def judge(row):
    """The verdict and the ids of the slips."""
    catalogue = shipped()
    try:
        order = OrderReader(catalogue.products).read(OrderTexts(row.order))
    except QuantityError:
        return "refused", []
    answer = check_order(ask(row.patient), order, catalogue)
    if isinstance(answer, Refusal):
        assert answer.hint
        return "refused", []
    slips = [slip.id for slip in answer.slips]
    return ("mismatch" if answer.agrees_with is None else answer.agrees_with.how.removesuffix("-regimen")), slips


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.patient}: {row.order}" for row in ROWS])
def test_the_verdict_and_the_slip_are_those_worked_out_by_hand(row):
    verdict, slips = judge(row)
    assert verdict == row.verdict, slips
    if row.slip:
        assert slips[0] in row.slip.split("/"), slips


def test_the_table_is_large_and_half_of_it_is_right_orders():
    right = [row for row in ROWS if row.verdict in ("chosen", "in-range", "other")]
    assert len(ROWS) >= 150
    assert 0.4 < len(right) / len(ROWS) < 0.6
    assert {Decimal(row.patient.split()[1]) for row in ROWS}
