"""The request inside a document: what was asked, written so that the same can be asked again, and read back."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from ivig_dose.core.interval import write_interval
from ivig_dose.core.request import MaxRate, Request
from ivig_dose.quantity import ZERO, QuantityError
from ivig_dose.report.numbers import write_number

_NUMBERS: Final = {
    "weight_kg": "weight",
    "height_cm": "height",
    "age_years": "age",
    "g_per_kg": "g_per_kg",
    "days": "days",
    "tolerance_pct": "tolerance",
    "cycles": "cycles",
    "pump_step_ml_per_h": "pump_step",
}
_TEXTS: Final = {
    "indication": "indication",
    "sex": "sex",
    "regimen": "regimen",
    "weight_policy": "weight_policy",
    "product": "product",
    "round_direction": "round_direction",
    "blood_group": "blood_group",
    "start": "start",
    "max_rate": "max_rate",
    "order_tolerance": "order_tolerance",
    "rounding_policy": "rounding_policy",
    "interval": "interval",
    "until": "until",
    "given": "given",
    "earlier": "earlier",
    "then": "then",
    "igg": "igg",
    "igg_target": "igg_target",
}
_SPECIAL: Final = ("rounding", "rounding_step_g", "stock", "risks", "ordered")


def request_document(request: Request, ordered: str | None = None) -> dict[str, Any]:
    """The request as an object: ids as typed, numbers with their unit in the key, null for what was not said.

    `ordered` is the order as written, where one was to be checked.
    """
    tolerance = request.order_tolerance_percent
    step_g = request.rounding if isinstance(request.rounding, Decimal) else None
    return {
        "indication": request.indication,
        "weight_kg": request.weight_kg,
        "height_cm": request.height_cm,
        "sex": request.sex,
        "age_years": request.age_years,
        "regimen": request.regimen,
        "g_per_kg": request.g_per_kg,
        "days": request.days,
        "weight_policy": request.weight_policy,
        "product": request.product,
        "rounding": request.rounding if step_g is None else "step",
        "rounding_step_g": step_g,
        "round_direction": request.round_direction,
        "tolerance_pct": request.tolerance_percent,
        "stock": None if request.stock is None else [{"g": size, "count": count} for size, count in request.stock],
        "risks": request.risks,
        "blood_group": request.blood_group,
        "start": None if request.start is None else write_start(request.start),
        "cycles": request.cycles,
        "pump_step_ml_per_h": request.pump_step_ml_per_h,
        "max_rate": None if request.max_rate is None else write_max_rate(request.max_rate),
        "rounding_policy": request.rounding_policy,
        **_write_treatment(request),
        "igg": write_igg(request.igg_g_per_l),
        "igg_target": write_igg(request.igg_target_g_per_l),
        **({} if ordered is None else {"ordered": ordered}),
        **({} if ordered is None or tolerance is None else {"order_tolerance": write_order_tolerance(*tolerance)}),
    }


def _write_treatment(request: Request) -> dict[str, Any]:
    """What is asked of other courses and doses, as texts; null for what was not said."""
    interval, until, given, earlier, then = (
        request.interval,
        request.until,
        request.given,
        request.earlier,
        request.then,
    )
    if not (interval or until or given or earlier or then):
        return dict.fromkeys(("interval", "until", "given", "earlier", "then"))
    # These texts are of the reader of orders, whose patterns most documents can do without.
    from ivig_dose.core.treatment_text import write_doses, write_phase

    return {
        "interval": None if interval is None else write_interval(interval, always_count=True),
        "until": None if until is None else until.isoformat(),
        "given": write_doses(given) if given else None,
        "earlier": write_doses(earlier) if earlier else None,
        "then": None if then is None else write_phase(then),
    }


def write_igg(g_per_l: Decimal | None) -> str | None:
    """A level of IgG as it is typed: `5.2 g/L`."""
    return None if g_per_l is None else f"{write_number(g_per_l)} g/L"


def write_max_rate(rate: MaxRate) -> str:
    """A highest rate as it is typed: `200 mL/h` or `2 mL/kg/h`."""
    if rate.ml_per_h is not None:
        return f"{write_number(rate.ml_per_h)} mL/h"
    return f"{write_number(rate.ml_per_kg_per_h or ZERO)} mL/kg/h"


def write_order_tolerance(below_percent: Decimal, above_percent: Decimal) -> str:
    """What an order may be below and above, as it is typed: `-5 +10`."""
    return f"-{write_number(below_percent)} +{write_number(above_percent)}"


def write_start(start: date) -> str:
    """A first day as it is typed: `2026-12-01`, or `2026-12-01T09:00` where it has a clock time."""
    return start.isoformat(timespec="minutes") if isinstance(start, datetime) else start.isoformat()


def type_request(document: Mapping[str, Any]) -> dict[str, Any]:
    """The texts that would be typed to ask for what such an object holds, by the names of the command's options.

    Its numbers must have been read as `Decimal`s. Raises `QuantityError` for a key that is not of a request and for a
    value of another kind than the tool writes.
    """
    typed: dict[str, Any] = {"weight": None, "risks": ()}
    for key, value in document.items():
        if key in _NUMBERS:
            typed[_NUMBERS[key]] = _type_if_said(key, value, Decimal)
        elif key in _TEXTS:
            typed[_TEXTS[key]] = _type_if_said(key, value, str)
        elif key not in _SPECIAL:
            raise _unreadable(key, "is not a key of a request")
    if typed.get("indication") is None:
        raise _unreadable("indication", "is missing")
    typed["rounding"] = _type_rounding(document)
    typed["stock"] = _type_stock(document.get("stock"))
    risks = document.get("risks") or []
    if not isinstance(risks, list):
        raise _unreadable("risks", "is not a list")
    typed["risks"] = tuple(_type(f"risks[{at}]", risk, str) for at, risk in enumerate(risks))
    return typed


def find_order(document: Mapping[str, Any]) -> str | None:
    """The order that such an object asks to check, as written; None for a plan. Raises `QuantityError` for no text."""
    return _type_if_said("ordered", document.get("ordered"), str)


def _type_if_said(key: str, value: object, kind: type) -> str | None:
    return None if value is None else _type(key, value, kind)


def _type(key: str, value: object, kind: type) -> str:
    if not isinstance(value, kind):
        raise _unreadable(key, f"is not a {'number' if kind is Decimal else 'text'}")
    return write_number(value) if isinstance(value, Decimal) else str(value)


def _type_rounding(document: Mapping[str, Any]) -> str | None:
    if document.get("rounding") == "step":
        return f"{_type('rounding_step_g', document.get('rounding_step_g'), Decimal)}g"
    return _type_if_said("rounding", document.get("rounding"), str)


def _type_stock(stock: object) -> str | None:
    if stock is None:
        return None
    if not isinstance(stock, list) or not all(isinstance(vial, dict) for vial in stock):
        raise _unreadable("stock", "is not a list of vials")
    return ",".join(
        f"{_type('stock', vial.get('g'), Decimal)}x{_type('stock', vial.get('count'), Decimal)}" for vial in stock
    )


def _unreadable(key: str, problem: str) -> QuantityError:
    return QuantityError(
        f"the document's request cannot be read: {key} {problem}", "give the document as ivig-dose wrote it"
    )
