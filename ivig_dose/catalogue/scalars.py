"""One unquoted YAML value to text, number, truth value or nothing; whatever YAML readers disagree on is refused.

YAML 1.1 readers take `010` for 8, `1:30` for 90, `no` for false and `1_000` for 1000; YAML 1.2 readers take the
same words differently. A dose must not depend on the reader, so each such value is a problem with a hint.
"""

import re
from decimal import Decimal
from typing import NamedTuple

from ivig_dose.quantity import MAX_NUMBER_LENGTH

Scalar = str | int | Decimal | bool | None
_KEYWORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}
_BOOLEAN_WORDS = {"yes": "true", "y": "true", "on": "true", "no": "false", "n": "false", "off": "false"}
_NOT_FINITE = {".nan", ".inf", "-.inf", "+.inf", "nan", "inf", "-inf", "+inf", "infinity", "-infinity"}
_LONGEST_SHOWN = 40
_WHOLE = re.compile(r"0|[1-9][0-9]*", re.ASCII)
_DECIMAL = re.compile(r"(?:0|[1-9][0-9]*)\.[0-9]+", re.ASCII)


class Refused(NamedTuple):
    """Why a value is not read: the message, the rule and what to write instead."""

    message: str
    rule: str
    hint: str


class _Shape(NamedTuple):
    pattern: re.Pattern[str]
    rule: str
    why: str
    hint: str


def _shape(pattern: str, rule: str, why: str, hint: str) -> _Shape:
    return _Shape(re.compile(pattern), rule, why, hint)


# The first shape that fits the whole value decides. Each `why` follows the value in the message.
_SHAPES = (
    _shape(
        r"[-+]?0[xXoObB][0-9a-fA-F_]+",
        "number-base",
        "is a number in another base to some readers and text to others",
        "write it as an ordinary number",
    ),
    _shape(
        r"0[0-9]+(?:\.[0-9]+)?",
        "number-leading-zero",
        "begins with a zero: 010 is 8 to some readers",
        "{stripped}",
    ),
    _shape(
        r"[-+]?[0-9]+(?::[0-9]+)+(?:\.[0-9]*)?",
        "number-sexagesimal",
        "is a number in base 60 to some readers: 1:30 is 90",
        "write one number in the unit of the field, such as 90",
    ),
    _shape(
        r"[-+]?[0-9.]*_[0-9_.]*",
        "number-underscore",
        "has an underscore, which some readers drop and others keep",
        "write the digits together: {joined}",
    ),
    _shape(
        r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)[eE][-+]?[0-9]+",
        "number-exponent",
        "has an exponent, which is text to some readers",
        "write the number out",
    ),
    _shape(
        r"-(?:[0-9]+(?:[.,][0-9]*)?|\.[0-9]+)",
        "number-sign",
        "is negative, and no value in a catalogue can be",
        "write the amount without the sign, if it is one",
    ),
    _shape(r"\+(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)", "number-sign", "has a plus sign", "write {unsigned}"),
    _shape(r"\.[0-9]+", "number-point", "has no digit before the point", "write 0{text}"),
    _shape(r"[0-9]+\.", "number-point", "has no digit after the point", "write {text}0 or leave the point out"),
    _shape(
        r"[0-9]+(?:,[0-9]+)+(?:\.[0-9]+)?",
        "number-comma",
        "has a comma, which is a decimal point to some readers and groups thousands to others",
        "write a decimal point, such as 0.4, or the digits together, such as 1400",
    ),
    _shape(
        r"(?=.*[^\x00-\x7f])[\d.,]+",
        "number-digits",
        "is written with digits other than 0 to 9",
        "type it again with 0 to 9",
    ),
)


def read_plain(text: str) -> Scalar | Refused:
    """The value of an unquoted scalar: `true`, `false`, nothing, a whole number, an exact decimal, or else text."""
    if text in _KEYWORDS:
        return _KEYWORDS[text]
    first = text[0]
    if first in "0123456789.+-" or (first.isdigit() and not first.isascii()):
        return _read_number_like(text)
    word = text.lower()
    if word in _BOOLEAN_WORDS:
        instead = _BOOLEAN_WORDS[word]
        why = f"{text} is {instead} to some readers and text to others"
        return Refused(why, "yes-or-no", f"write {instead}, or '{text}' in quotes if it is text")
    if word in _KEYWORDS:
        why = f"{text} is {word} to some readers and text to others"
        return Refused(why, "yes-or-no", f"write {word}, or '{text}' in quotes if it is text")
    if word in _NOT_FINITE:
        return _not_finite(text)
    return text


def _read_number_like(text: str) -> Scalar | Refused:
    whole = _WHOLE.fullmatch(text)
    if whole or _DECIMAL.fullmatch(text):
        if len(text) > MAX_NUMBER_LENGTH:
            return _too_long(text)
        return int(text) if whole else Decimal(text)
    if len(text) > _LONGEST_SHOWN and not text.strip("0123456789.,:_eE+-"):
        return _too_long(text)
    if text.lower() in _NOT_FINITE:
        return _not_finite(text)
    for shape in _SHAPES:
        if shape.pattern.fullmatch(text):
            return _refuse(text, shape)
    return text


def _refuse(text: str, shape: _Shape) -> Refused:
    stripped = f"write {text.lstrip('0')}" if text.strip("0.") else "write 0"
    if text.lstrip("0").startswith("."):
        stripped = f"write 0{text.lstrip('0')}"
    hint = shape.hint.format(
        text=text, unsigned=text.lstrip("+"), joined=text.replace("_", "").lstrip("+"), stripped=stripped
    )
    return Refused(f"{text} {shape.why}", shape.rule, f"{hint}; or put it in quotes if it is text")


def _not_finite(text: str) -> Refused:
    return Refused(f"{text} is not a number that a dose can be made of", "number-not-finite", "write the figure itself")


def _too_long(text: str) -> Refused:
    why = f"{text[:MAX_NUMBER_LENGTH]}… has more than {MAX_NUMBER_LENGTH} characters"
    return Refused(why, "number-too-long", "no figure in a catalogue is so long; put it in quotes if it is text")
