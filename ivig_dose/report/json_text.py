"""A document as JSON text with exact numbers: no binary float stands between a dose and its digits.

The text is ASCII, so that a pipe in any locale carries it.
"""

from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache

from ivig_dose.quantity import Ratio
from ivig_dose.report.numbers import grams, write_number


class Shared(dict[str, object]):
    """An object that many documents, or many places of one, hold: its line of text is written once."""

    line: str | None = None


def dump(document: object, indent: int = 2) -> str:
    """A document as JSON text over many lines, `indent` spaces a level, exact to the last digit.

    Raises:
        TypeError: for a value that is not of a document, such as a float, which is a bug of ours.
    """
    from json.encoder import encode_basestring_ascii

    return _write_indented(document, encode_basestring_ascii, "\n", " " * indent)


def dump_line(document: object) -> str:
    """A document as one line of JSON without its line end, for JSON Lines. Raises `TypeError` as `dump` does."""
    from json.encoder import encode_basestring_ascii

    return _write_line(document, encode_basestring_ascii)


def _write_line(value: object, quote: Callable[[str], str]) -> str:
    kind = type(value)
    if kind is str:
        return quote(value)  # type: ignore[arg-type]
    if kind is Decimal:
        return write_number(value)  # type: ignore[arg-type]
    if isinstance(value, Shared):
        if value.line is None:
            value.line = _write_object(value, quote)
        return value.line
    if isinstance(value, dict):
        return _write_object(value, quote)
    if value is None:
        return "null"
    if kind is int:
        return str(value)
    if kind is tuple or kind is list:
        return "[" + ",".join([_write_line(each, quote) for each in value]) + "]"  # type: ignore[attr-defined]
    if kind is bool:
        return "true" if value else "false"
    if isinstance(value, Ratio):
        return write_number(grams(value))
    raise TypeError(f"{kind.__name__} has no place in a document")


def _write_object(members: dict[str, object], quote: Callable[[str], str]) -> str:
    # The commonest kinds are written here and not by a call for each: a batch in JSON spends most of its time here.
    parts = []
    for key, value in members.items():
        kind = type(value)
        if kind is str:
            text = quote(value)  # type: ignore[arg-type]
        elif kind is Decimal:
            text = write_number(value)  # type: ignore[arg-type]
        elif value is None:
            text = "null"
        else:
            text = _write_line(value, quote)
        parts.append(f"{_name_member(key)}{text}")
    return "{" + ",".join(parts) + "}"


@lru_cache(maxsize=1024)
def _name_member(key: str) -> str:
    from json.encoder import encode_basestring_ascii

    return f"{encode_basestring_ascii(key)}:"


def _write_indented(value: object, quote: Callable[[str], str], newline: str, step: str) -> str:
    inner = newline + step
    if isinstance(value, dict) and value:
        members = [f"{quote(key)}: {_write_indented(each, quote, inner, step)}" for key, each in value.items()]
        return "{" + inner + ("," + inner).join(members) + newline + "}"
    if value and type(value) in (tuple, list):
        members = [_write_indented(each, quote, inner, step) for each in value]  # type: ignore[attr-defined]
        return "[" + inner + ("," + inner).join(members) + newline + "]"
    return _write_line(value, quote)
