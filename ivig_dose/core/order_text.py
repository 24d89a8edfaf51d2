"""The one reader of orders: the words of a prescriber to a `WrittenOrder`, or what is wrong and what to type instead.

The grammar is written down in `docs/orders.md`. A text is cut into numbers, words and signs in one spelling
(`order_words`), phrases are read one after the other until nothing is left, and what they say together is settled
(`order_meaning`).
"""

import re
from typing import Final

from ivig_dose.core.order_meaning import Phrase, settle_order
from ivig_dose.core.order_words import HINT, explain_unread, spell
from ivig_dose.core.order_written import WrittenOrder
from ivig_dose.quantity import QuantityError, quote

MAX_LENGTH: Final = 200

_N, _M, _I = r"(?P<n>[0-9]+(?:\.[0-9]+)?)", r"(?P<m>[0-9]+(?:\.[0-9]+)?)", r"(?P<i>[0-9]+)"
_PHRASES: Final = [
    (name, re.compile(rf"(?:{pattern})(?= |$)"))
    for name, pattern in (
        ("percent", rf"(?:a )?{_N} %"),
        ("mg-per-ml", rf"{_N} mg / ml"),
        ("g-per-litre", rf"{_N} g / (?:l|1000 ml)"),
        ("g-per-100-ml", rf"{_N} g / (?:100 ml|dl)"),
        ("amount", rf"{_N} (?P<unit>(?:mg|g)(?: / kg)?|ml)(?! / kg)"),
        ("each-of", rf"each {_I} day"),
        ("spacing", rf"(?:once )?q {_I} day|/ (?P<last>[1-9][0-9]) day"),
        ("second-day", r"(?:q )?other day|qod|eod|q 48 hour"),
        ("day", r"(?:once )?(?:/|a|each|q) (?:1 )?day|(?:/|q) 24 hour|od|qd"),
        ("day", r"(?:total )?(?:once )?daily(?: dose| total)?"),
        ("second-unit", r"q other (?P<unit>week|month)"),
        ("interval", rf"(?:once )?(?:/|a|q|each) (?:{_I} )?(?P<unit>week|month)"),
        ("interval", rf"(?:once )?(?:{_I} )?(?P<unit>week|month)ly"),
        ("interval", rf"(?:q )?{_I} / (?P<unit>52|12)"),
        ("fortnight", r"(?:once )?(?:fortnightly|(?:/|a|q|each) fortnight)"),
        ("hours", rf"(?:over|in) {_N}(?: to {_M})? hour"),
        ("divided", rf"divided (?:(?:over|into|in|to|between) )?{_I}(?: day| / 7| (?:divided )?dose)?"),
        ("divided", rf"(?:in|into|over) {_I} (?:divided )?dose"),
        ("over", rf"(?:over|in|/) {_I} (?:day|/ 7)"),
        ("for", rf"(?:(?:for|x) )?{_I} (?:day|/ 7)|day 1 to (?P<last>[0-9]+)"),
        ("for", r"day 1 (?:and|&) (?:day )?(?P<last>2)"),
        ("doses", rf"(?P<x>for |x )?{_I} dose"),
        ("courses", rf"(?:for|x) {_I} course"),
        ("lasting", rf"(?:for|x) {_I} (?P<unit>week|month)"),
        ("times", rf"x {_I}"),
        ("once", r"(?:a )?single(?: dose)?|once(?: only)?|stat|1 off"),
        ("dose", r"(?:/|a|each|q) dose"),
        ("course", r"(?:(?:/|a|each|for|in) )?(?:(?:a|whole|full|total|1) )*course(?: total)?"),
        ("course", r"(?:in )?(?:a )?total(?: dose| course)?|in all|altogether|cumulative(?: dose)?"),
        ("open", r"\("),
        ("close", r"\)"),
        ("mark", r"[,;:=]|ie|then|dose|(?:in )?divided(?: dose)?"),
    )
]  # fmt: skip


def parse_ordered(text: str) -> WrittenOrder:
    """The order that a text spells, such as `30 g/day`, `28 g daily x 5`, `2 g/kg over 5 days` or `30 g q4w`.

    Raises:
        QuantityError: for a text that is no order, that leaves a piece unread, or that can be read two ways; the hint
            says what to type, and gives both readings where there are two.
    """
    if len(text) > MAX_LENGTH:
        raise QuantityError(f"order {quote(text)} is longer than {MAX_LENGTH} characters", HINT)
    spelt = spell(text)
    phrases: list[Phrase] = []
    at = 0
    while at < len(spelt):
        name, match = _read_phrase(text, spelt, at)
        phrases.append(Phrase(name, {key: found for key, found in match.groupdict().items() if found is not None}))
        at = match.end() + 1
    return settle_order(text.strip(), phrases)


def _read_phrase(text: str, spelt: str, at: int) -> tuple[str, re.Match[str]]:
    for name, pattern in _PHRASES:
        match = pattern.match(spelt, at)
        if match is not None:
            return name, match
    raise explain_unread(text, spelt[at:])
