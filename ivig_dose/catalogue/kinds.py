"""Pydantic's complaints about one value, by their type, in words for the person who edits the file."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ivig_dose.catalogue.document import Path
from ivig_dose.catalogue.fields import nearest
from ivig_dose.catalogue.scalars import Refused
from ivig_dose.quantity import quote

# What a field wants, by the type of pydantic's error, and what to do where nothing better is known.
_WANTED = {
    "string_type": ("text", "put it in quotes if it is text"),
    "is_instance_of": ("a number", "write digits with a decimal point, without a unit: the unit is in the key"),
    "int_type": ("a whole number", "write digits without a decimal point, such as 5"),
    "bool_type": ("true or false", "write true or false, without quotes"),
    "tuple_type": ("a list", "write a list, in brackets or with hyphens"),
    "dict_type": ("a mapping of keys to values", "write key: value"),
    "dataclass_type": ("a mapping of keys to values", "write key: value"),
    "date_type": ("a day", "write it as year-month-day, such as 2026-11-22"),
}


def explain_value(error: str, value: object, context: Mapping[str, Any], place: Path, keys: tuple[str, ...]) -> Refused:
    """What is wrong with a value, from the type of pydantic's error, the value and the limits that it names.

    `keys` are those that may be written at this place, where a mapping belongs there.
    """
    if error in _WANTED:
        return _explain_kind(error, value, keys)
    if error == "literal_error":
        return _explain_choice(value, str(context["expected"]), place)
    if error in {"greater_than", "greater_than_equal"}:
        wanted = f"above {context['gt']}" if error == "greater_than" else f"{context['ge']} or more"
        return Refused(f"must be {wanted}, not {_show(value)}", "too-low", "write the figure that the source gives")
    if error == "value_error" and isinstance(value, str):
        hint = "write it as year-month-day, such as 2026-11-22"
        return Refused(f"{quote(value)} is not a day of the calendar", "not-a-day", hint)
    return Refused(f"{_show(value)} cannot stand here", "wrong-kind", "compare it with another entry of its section")


def _explain_kind(error: str, value: object, keys: tuple[str, ...]) -> Refused:
    wanted, hint = _WANTED[error]
    if keys:
        hint = f"its keys are {', '.join(keys)}"
    rule = "not-a-day" if error == "date_type" else "wrong-kind"
    if value is None:
        return Refused(f"must be {wanted}, and nothing is written", rule, "write the value, or leave the key out")
    if error in {"is_instance_of", "int_type"} and isinstance(value, str) and _is_number(value):
        hint = "write one decimal point, as in 0.8" if value.count(".") > 1 else "leave out the quotes"
        return Refused(f"must be {wanted}, not the text {quote(value)}", rule, hint)
    if error == "tuple_type" and isinstance(value, str):
        hint = f"write [{value}]"
    if error == "string_type" and isinstance(value, int | Decimal):
        hint = f"put it in quotes: '{_bare(value)}'"
    return Refused(f"must be {wanted}, not {_show(value)}", rule, hint)


def _explain_choice(value: object, expected: str, place: Path) -> Refused:
    choices = [choice.strip("'") for choice in expected.replace(" or ", ", ").split(", ")]
    near = nearest(value, choices) if isinstance(value, str) else None
    hint = f"did you mean {near}? " if near else ""
    what = f"{place[-1]} " if isinstance(place[-1], str) else ""
    hint += f"it is one of {', '.join(choices)}"
    shown = quote(value) if isinstance(value, str) else _show(value)
    return Refused(f"{what}cannot be {shown}", "not-a-choice", hint)


def _is_number(text: str) -> bool:
    return bool(text) and not text.strip("0123456789.")


def _bare(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _show(value: object) -> str:
    """A value of the file as a message names it."""
    if value is None:
        return "nothing"
    if isinstance(value, str):
        return f"the text {quote(value)}" if value else "an empty text"
    if isinstance(value, dict):
        return "a mapping of keys to values"
    if isinstance(value, list):
        return "a list"
    return _bare(value)
