"""The one reader of orders: the words of a prescriber to a `WrittenOrder`, or what is wrong and what to type instead.

The grammar is written down in `docs/orders.md`. A text is cut into numbers, words and signs in one spelling
(`order_words`), phrases are read one after the other until nothing is left, and what they say together is settled
(`order_meaning`).
"""

import re
from typing import Final

from ivig_dose.core.order_meaning import Phrase, settle_order
from ivig_dose.core.order_rate import parse_rate
from ivig_dose.core.order_words import HINT, explain_unread, spell
from ivig_dose.core.order_written import WrittenOrder
from ivig_dose.quantity import QuantityError, quote

MAX_LENGTH: Final = 300

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
        ("minutes", rf"(?:over|in) {_N}(?: to {_M})? (?:min|mins|minute|minutes)"),
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


RATE_BEGINS: Final = re.compile(
    r"(?:(?<=\s)|^|(?<=[,;]))(?:at|rate|@)\s*:?\s*(?=(?:a )?(?:max|start|begin|initial|up to|[0-9]))", re.IGNORECASE
)
"""Where the rate of an order begins; it goes on to the order's end."""
_PRODUCT: Final = re.compile(r"(?<![^\s,;])product:?\s+(?P<name>[a-z][a-z0-9.-]*[a-z0-9])(?![a-z0-9])", re.IGNORECASE)


def parse_ordered(text: str, products: re.Pattern[str] | None = None) -> WrittenOrder:
    """The order that a text spells, such as `30 g/day`, `28 g daily x 5`, `2 g/kg over 5 days` or `30 g q4w`.

    `products` finds the names of products that the text may hold (`order_parts.OrderReader`); without it a product is
    only read as `product privigen-us`.

    Raises:
        QuantityError: for a text that is no order, that leaves a piece unread, or that can be read two ways; the hint
            says what to type, and gives both readings where there are two.
    """
    if len(text) > MAX_LENGTH:
        raise QuantityError(f"order {quote(text)} is longer than {MAX_LENGTH} characters", HINT)
    begins = RATE_BEGINS.search(text)
    rate = () if begins is None else parse_rate(text[begins.end() :])
    product, rest = _take_product(text, text if begins is None else text[: begins.start()], products)
    spelt = spell(rest)
    phrases: list[Phrase] = []
    at = 0
    while at < len(spelt):
        name, match = _read_phrase(text, spelt, at)
        phrases.append(Phrase(name, {key: found for key, found in match.groupdict().items() if found is not None}))
        at = match.end() + 1
    return settle_order(text.strip(), phrases)._replace(product=product, rate=rate)


def _take_product(text: str, dose: str, products: re.Pattern[str] | None) -> tuple[str | None, str]:
    """The product that an order names, and the order without it. Raises `QuantityError` for two of them.

    A brand beside the id that begins with it is one product.
    """
    found: list[str] = []
    for pattern in (_PRODUCT, products):
        match = None if pattern is None else pattern.search(dose)
        while pattern is not None and match is not None:
            found.append(match["name"].lower())
            dose = f"{dose[: match.start()]} {dose[match.end() :]}"
            match = pattern.search(dose)
    longest = max(found, key=len, default=None)
    if longest is not None and not all(_fold(longest).startswith(_fold(name)) for name in found):
        names = " and ".join(found)
        raise QuantityError(f"order {quote(text)} names two products: {names}", "write one order for each product")
    return longest, dose


def _fold(name: str) -> str:
    return name.casefold().replace(" ", "-")


def _read_phrase(text: str, spelt: str, at: int) -> tuple[str, re.Match[str]]:
    for name, pattern in _PHRASES:
        match = pattern.match(spelt, at)
        if match is not None:
            return name, match
    raise explain_unread(text, spelt[at:])
