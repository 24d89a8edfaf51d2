"""The words of orders: many spellings in, one out; and what to type instead of words that no order has."""

import re
from typing import Final

from ivig_dose.quantity import QuantityError, parse_number, quote

HINT: Final = "write it with its basis: 30 g/day, 150 g/course, 0.4 g/kg/day or 2 g/kg/course"

_SPELLINGS: Final = {
    "g": "gm gms gram grams gramme grammes",
    "mg": "mgs milligram milligrams milligramme milligrammes",
    "ml": "mls milliliter milliliters millilitre millilitres",
    "kg": "kgs kilo kilos kilogram kilograms kilogramme kilogrammes",
    "/": "per",
    "x": "times",
    "day": "d days",
    "week": "w wk wks weeks",
    "month": "mo mos mth mths months",
    "hour": "h hr hrs hours",
    "dose": "doses infusion infusions",
    "course": "courses cycle cycles",
    "divided": "split spread",
    "weekly": "wkly",
    "daily": "everyday",
    "q": "every",
    "1": "one",
    "2": "two",
    "3": "three",
    "4": "four",
    "5": "five",
    "6": "six",
    "7": "seven",
    "8": "eight",
    "10": "ten",
    "12": "twelve",
    "other": "second 2nd alternate",
    "": "an by iv ivig igiv ig immunoglobulin immunoglobulins immune globulin human normal intravenous intravenously "
    "give given infuse infused administer administered repeat repeated of the as on solution consecutive successive "
    "equal equally body weight bw",
}
_ONE_SPELLING: Final = {word: spelling for spelling, words in _SPELLINGS.items() for word in words.split()}
"""Each word that is replaced; words of no meaning for a dose by nothing."""

_NUMBER: Final = r"(?:(?<![0-9a-z])[+-])?[0-9.,_]*[0-9][0-9.,_]*(?:e[+-]?[0-9]+)?"
_TOKEN: Final = re.compile(rf"({_NUMBER})|([a-z]+?(?=x[0-9])|[a-z]+)|(\S)")
_ABBREVIATED: Final = re.compile(r"\b(?:[a-z]\.){2,}")
_SIGNS: Final = str.maketrans("\u2010\u2011\u2013\u2014\u2212\u00d7*\u03bc", "-----xx\u00b5")
"""Hyphens, dashes and the minus sign to `-`, the sign of multiplication to `x`, Greek mu to the micro sign."""

_TWO_READINGS: Final = {
    "biweekly": "biweekly is twice a week or every 2 weeks: write 'every 2 weeks' or the days",
    "bimonthly": "bimonthly is twice a month or every 2 months: write 'every 2 weeks' or 'every 2 months'",
    "gr": "gr is gram or grain: write g",
}
_UNREAD: Final = (
    (r"(?:µ|u|mc) ?g\b|micrograms?\b", "micrograms are no unit of these doses: write g or mg"),
    (r"(?:iu|units?|u)\b", "units of activity are no dose of immunoglobulin: write g or mg"),
    (r"(?:l|litres?|liters?|cc)\b", "write a volume in mL, with a product or its strength: 300 mL/day of 10 %"),
    (r"(?:lbs?|pounds?)\b", "a dose per pound is not read: write g/kg"),
    (r"(?:bd|bid|tds|tid|qid|twice|thrice)\b", "write the grams of the whole day: 30 g/day"),
    (r"(?:prn|needed)\b", "write how often: daily, once, or every 4 weeks"),
    (r"/ m ?2\b|/ m²", "a dose per square metre is not read: write g/kg"),
    (r"/ kg", "write per kg first and the basis after it: 0.4 g/kg/day"),
    (r"(?:ibw|abw|adjbw|ideal|adjusted|actual)\b", "say which weight counts with --weight-policy"),
    (r"(?:(?:q|/|over|for|x|in) )?[0-9.]+ to [0-9]|to [0-9]", "an order is one figure, not a range"),
)


def spell(text: str) -> str:
    """The text in one spelling: its numbers, words and signs with one space between, words without meaning left out.

    Raises:
        QuantityError: for a number that is not written as this tool reads numbers, and for a word with two readings.
    """
    plain = text.lower().translate(_SIGNS).rstrip()
    plain = _ABBREVIATED.sub(lambda match: match[0].replace(".", ""), plain).removesuffix(".")
    plain = re.sub(r"([a-z])\.(?=\s|$)", r"\1", plain)
    found: list[str] = []
    for number, word, sign in _TOKEN.findall(plain):
        if number:
            bare = number.rstrip(",")
            parse_number(bare, "ordered amount")
            found += [bare, ","] if bare != number else [bare]
        elif word in _TWO_READINGS:
            raise QuantityError(f"order {quote(text)} can be read two ways", _TWO_READINGS[word])
        else:
            found.append(_ONE_SPELLING.get(word, word) or sign)
    spelt = " ".join(filter(None, found))
    spelt = re.sub(r"(?<=[0-9]) - (?=[0-9])", " to ", spelt)
    return re.sub(r"(?<=[0-9a-z]) - (?=[0-9a-z])", " ", spelt)


def explain_unread(text: str, rest: str) -> QuantityError:
    """What is wrong with an order of which `rest`, in one spelling, is not read."""
    if any(char.isdigit() and not char.isascii() for char in text):
        return QuantityError(f"order {quote(text)} is not read", "use the digits 0 to 9")
    hint = next((hint for pattern, hint in _UNREAD if re.match(pattern, rest)), None)
    hint = hint or next((hint for pattern, hint in _UNREAD if re.match(rf"[0-9.]+ {pattern}", rest)), HINT)
    if re.fullmatch(r"[0-9.]+", rest):
        return QuantityError(f"order {quote(text)} has no unit and basis that this tool reads", HINT)
    return QuantityError(f"order {quote(text)} is not read from {quote(rest)} on", hint)
