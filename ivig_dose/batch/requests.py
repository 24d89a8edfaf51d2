"""One row and the options of the command to a request: a cell where it is filled, else the option."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from ivig_dose.batch.columns import ORDER_COLUMNS, Columns
from ivig_dose.batch.json_rows import BrokenLine
from ivig_dose.catalogue.models import Product
from ivig_dose.core.order_parts import OrderReader, OrderTexts
from ivig_dose.core.order_written import WrittenOrder
from ivig_dose.core.reading import read_request
from ivig_dose.core.request import Request
from ivig_dose.problems import Refusal
from ivig_dose.quantity import QuantityError

_ARGUMENTS: Final = {
    "indication": "indication",
    "weight_kg": "weight",
    "height_cm": "height",
    "sex": "sex",
    "age_years": "age",
    "regimen": "regimen",
    "g_per_kg": "g_per_kg",
    "days": "days",
    "weight_policy": "weight_policy",
    "product": "product",
    "rounding_policy": "rounding_policy",
    "blood_group": "blood_group",
    "start": "start",
    "interval": "interval",
    "cycles": "cycles",
    "until": "until",
    "given_doses": "given",
    "earlier_doses": "earlier",
    "then_regimen": "then",
    "igg": "igg",
    "igg_target": "igg_target",
}
"""Which argument of `read_request` each column gives."""


class Defaults(NamedTuple):
    """What the command's options say: texts as typed, by argument of `read_request`, and risk ids.

    They hold for rows that leave the cell empty, and for all rows where there is no such column.
    """

    texts: dict[str, str]
    risks: tuple[str, ...]


class Row(NamedTuple):
    """One row as read: its number from 1, its id, the indication as typed, and what it asks for, or why not."""

    number: int
    id: str
    indication: str
    request: Request | Refusal
    ordered: WrittenOrder | None


class RowReader:
    """Reads the cells of a row into a request."""

    def __init__(self, columns: Columns, defaults: Defaults, products: Mapping[str, Product]) -> None:
        read = columns.read
        self._id_at = read["id"]
        self._cells = [(_ARGUMENTS[name], at) for name, at in read.items() if name in _ARGUMENTS]
        self._risks_at = read.get("risks")
        self._orders_at = [read.get(name) for name in ORDER_COLUMNS]
        self._orders = OrderReader(products)
        self._defaults = defaults.texts
        self._risks = defaults.risks

    def read(self, number: int, cells: Sequence[str]) -> Row:
        """The row with its request, or with the refusal of the first cell that cannot be read."""
        if isinstance(cells, BrokenLine):
            return Row(number, "", "", cells.refusal, None)
        texts: dict[str, Any] = {"indication": "", "weight": None, **self._defaults}
        for argument, at in self._cells:
            text = cells[at].strip()
            if text:
                texts[argument] = text
        row_id, indication = cells[self._id_at], texts["indication"]
        risks = cells[self._risks_at].split() if self._risks_at is not None else []
        ordered = OrderTexts(*["" if at is None else cells[at].strip() for at in self._orders_at])
        request: Request | Refusal
        order = None
        try:
            if not row_id.strip():
                request = Refusal("id-missing", "the id is missing", "give each row an id of its own")
            elif not indication:
                request = Refusal("indication-missing", "the indication is missing", "give an id or alias such as itp")
            else:
                request = read_request(
                    **texts,
                    risks=tuple(risks) or self._risks,
                )
                order = self._orders.read(ordered) if any(ordered) else None
        except QuantityError as error:
            request = Refusal("unreadable", error.problem, error.hint)
        return Row(number, row_id, indication, request, order)
