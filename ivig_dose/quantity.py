"""Numbers and units: text to exact number, exact number to text, and rounding.

Every number that a person, a spreadsheet cell or a catalogue gives is read here, by one grammar, into a
`decimal.Decimal`. Nothing is a binary float and nothing is divided before the last step: a quotient is carried
as a `Ratio` and rounded once, by a rule that is named at the call.
"""

import re
from decimal import ROUND_HALF_UP, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import Final, Literal, NamedTuple

Direction = Literal["nearest", "down", "up"]

ZERO: Final = Decimal(0)
ONE: Final = Decimal(1)
MINUTES_PER_HOUR: Final = Decimal(60)
MG_PER_G: Final = Decimal(1000)
MG_PER_DL_IN_G_PER_L: Final = Decimal(100)
IGG_G_PER_L: Final = (Decimal("0.3"), Decimal(30))
"""Levels of IgG that are taken. No figure in g/L lies between them that a laboratory also reports in mg/dL."""
CM_PER_INCH: Final = Decimal("2.54")
"""Exact by definition of the international inch (1959)."""
KG_PER_POUND: Final = Decimal("0.45359237")
"""Exact by definition of the international pound (1959)."""
DAYS_PER_YEAR: Final = Decimal("365.25")
AGE_STEP_YEARS: Final = Decimal("0.0001")
"""Ages given in days, weeks or months are kept to less than an hour."""
DOSE_STEP_G: Final = Decimal("0.001")
"""The grid on which unrounded doses lie: 1 mg."""

EXACT: Final = Context(prec=100, rounding=ROUND_HALF_UP, traps=[InvalidOperation, DivisionByZero, Overflow])
"""The arithmetic of every plan, whatever decimal context the caller's program has set: no product is ever rounded."""

MAX_NUMBER_LENGTH: Final = 12
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?", re.ASCII)
_WITH_UNIT = re.compile(r"([0-9.,_+\-eE]*[0-9.])\s*([A-Za-z/²³µ%]+)\s*", re.ASCII)


class QuantityError(ValueError):
    """A text is not the number that was asked for. `problem` says what is wrong, `hint` what to type instead."""

    def __init__(self, problem: str, hint: str) -> None:
        super().__init__(f"{problem}; {hint}" if hint else problem)
        self.problem = problem
        self.hint = hint


class Ratio(NamedTuple):
    """An exact quotient of two decimals that has not been divided yet. The denominator is above zero."""

    numerator: Decimal
    denominator: Decimal = ONE

    def times(self, factor: Decimal) -> "Ratio":
        """This ratio multiplied by `factor`, still exact."""
        return Ratio(self.numerator * factor, self.denominator)

    def per(self, divisor: Decimal) -> "Ratio":
        """This ratio divided by `divisor`, still exact."""
        return Ratio(self.numerator, self.denominator * divisor)

    def to_step(self, step: Decimal, direction: Direction = "nearest") -> Decimal:
        """The nearest multiple of `step` (ties up), or the next one below or above."""
        return step * steps_in(self, step, direction)

    def __lt__(self, other: "Ratio") -> bool:  # type: ignore[override]  # compares amounts, not tuples
        return self.numerator * other.denominator < other.numerator * self.denominator

    def __gt__(self, other: "Ratio") -> bool:  # type: ignore[override]  # compares amounts, not tuples
        return other < self

    def minus(self, amount: Decimal) -> "Ratio":
        """This amount less another, exact."""
        return Ratio(self.numerator - amount * self.denominator, self.denominator) if amount else self

    def is_above(self, limit: Decimal) -> bool:
        """Whether this ratio is greater than `limit`."""
        return self.numerator > limit * self.denominator

    def is_below(self, limit: Decimal) -> bool:
        """Whether this ratio is less than `limit`."""
        return self.numerator < limit * self.denominator


def steps_in(amount: Ratio, step: Decimal, direction: Direction = "nearest") -> int:
    """How many whole steps of `step` make up `amount`, 0 or more: nearest (ties up), down or up."""
    whole, rest = divmod(amount.numerator, amount.denominator * step)
    if rest and (direction == "up" or (direction == "nearest" and rest * 2 >= amount.denominator * step)):
        return int(whole) + 1
    return int(whole)


def round_to_places(value: Decimal, places: int) -> Decimal:
    """`value` with at most `places` decimals, ties up; for showing, never for calculating on."""
    return value.quantize(ONE.scaleb(-places, context=EXACT), context=EXACT)


_WHOLE_AS_DECIMAL: Final = re.compile(r"(?<=[0-9])\.0{1,3}\Z", re.ASCII)
_NOT_KNOWN: Final = frozenset({"na", "n/a", "#n/a", "null", "none", "unknown", "?", "-", "--"})
_STONES: Final = re.compile(r"([0-9.]+) *(?:st|stones?)(?:[ ,]*([0-9.]+) *(?:lbs?|pounds?)?)?", re.ASCII | re.I)
_POUNDS: Final = re.compile(r"([0-9.]+) *(?:lbs?|pounds?)[ ,]*([0-9.]+) *(?:oz|ounces?)", re.ASCII | re.I)
_FEET: Final = re.compile(
    r"([0-9.]+) *(?:ft|foot|feet|'|\u2032|\u2019)[ ,]*(?:([0-9.]+) *(?:in|inch|inches|\"|\u2033|\u201d|'')?)?", re.I
)
_INCHES: Final = re.compile(r"([0-9.]+) *(?:in|inch|inches|\"|\u2033|\u201d)", re.I)
POUNDS_PER_STONE: Final = 14
OUNCES_PER_POUND: Final = 16
INCHES_PER_FOOT: Final = 12


def _refuse_other_weight(text: str) -> None:
    """Raise for stones and pounds, or pounds and ounces, with the kilograms to retype."""
    bare = text.strip()
    if match := _STONES.fullmatch(bare):
        pounds = parse_number(match[1], "weight") * POUNDS_PER_STONE + parse_number(match[2] or "0", "weight")
        what = "stones"
    elif match := _POUNDS.fullmatch(bare):
        ounces = parse_number(match[2], "weight")
        pounds = Ratio(parse_number(match[1], "weight") * OUNCES_PER_POUND + ounces, Decimal(OUNCES_PER_POUND)).to_step(
            Decimal("0.0001")
        )
        what = "pounds and ounces"
    else:
        return
    kg = show(round_to_places(pounds * KG_PER_POUND, 3))
    raise QuantityError(f"weight {quote(text)} is in {what}", f"it is {kg} kg: type --weight {kg}")


def _refuse_other_height(text: str) -> None:
    """Raise for feet and inches with the centimetres to retype."""
    bare = text.strip()
    if match := _FEET.fullmatch(bare):
        inches = parse_number(match[1], "height") * INCHES_PER_FOOT + parse_number(match[2] or "0", "height")
    elif match := _INCHES.fullmatch(bare):
        inches = parse_number(match[1], "height")
    else:
        return
    cm = show(round_to_places(inches * CM_PER_INCH, 2))
    raise QuantityError(f"height {quote(text)} is in feet or inches", f"it is {cm} cm: type --height {cm}")


def parse_number(text: str, what: str = "number") -> Decimal:
    """The number that `text` spells: ASCII digits with at most one point that has digits on both sides.

    Raises:
        QuantityError: for anything else, with a hint that shows what to type.
    """
    if len(text) <= MAX_NUMBER_LENGTH and _NUMBER.fullmatch(text):
        return Decimal(text)
    raise QuantityError(f"{what} {quote(text)} is not a number this tool reads", _number_hint(text))


_IGG: Final = re.compile(r"([0-9.,]+) *(?:(g */ *l)|(mg */ *dl))", re.ASCII | re.IGNORECASE)
_PER_KG: Final = re.compile(r"(.*?) *(m?)g */ *kg", re.ASCII | re.IGNORECASE)


def parse_g_per_kg(text: str) -> Decimal:
    """A dose in g/kg: `0.4`, `0.4 g/kg` or `400 mg/kg`. Raises `QuantityError`."""
    match = _PER_KG.fullmatch(text)
    if match is None:
        return parse_number(text, "g/kg")
    number = parse_number(match[1], f"{match[2]}g/kg")
    return number / MG_PER_G if match[2] else number


def parse_igg(text: str, what: str = "IgG") -> Decimal:
    """A level of serum IgG in g/L, from `5.2 g/L` or `520 mg/dL`; the unit must be written.

    Raises:
        QuantityError: also outside 0.3 to 30 g/L, where a figure is most likely one of the other unit.
    """
    match = _IGG.fullmatch(text.strip())
    if match is None:
        raise QuantityError(
            f"{what} {quote(text)} is not read", 'write the level with its unit: "5.2 g/L" or "520 mg/dL"'
        )
    number, in_grams = parse_number(match[1], what), match[2] is not None
    g_per_l = number if in_grams else number / MG_PER_DL_IN_G_PER_L
    low, high = IGG_G_PER_L
    if low <= g_per_l <= high:
        return g_per_l
    other, unit = (number / MG_PER_DL_IN_G_PER_L, "mg/dL") if in_grams else (number, "g/L")
    meant = f'did you mean "{show(number)} {unit}"? ' if low <= other <= high else ""
    raise QuantityError(
        f"{what} {quote(text)} is outside {show(low)} to {show(high)} g/L "
        f"({show(low * MG_PER_DL_IN_G_PER_L)} to {show(high * MG_PER_DL_IN_G_PER_L)} mg/dL)",
        f"{meant}check the unit of the laboratory: 1 g/L is 100 mg/dL",
    )


def _number_hint(text: str) -> str:
    bare = text.strip()
    if not bare or bare.lower() in _NOT_KNOWN:
        known = "type a number such as 70 or 70.5"
        return f"{known}; leave it empty where it is not known" if bare else known
    if len(bare) > MAX_NUMBER_LENGTH:
        return f"use at most {MAX_NUMBER_LENGTH} characters"
    if re.fullmatch(r"[0-9]+,[0-9]+", bare, re.ASCII):
        point = bare.replace(",", ".")
        if re.fullmatch(r"[0-9]{1,3},[0-9]{3}", bare, re.ASCII):
            return f"a comma is ambiguous; write {bare.replace(',', '')} or {show(Decimal(point))}"
        return f"a comma is ambiguous; write the decimal point: {point}"
    if re.fullmatch(r"\.[0-9]+", bare, re.ASCII):
        return f"put a zero before the point: 0{bare}"
    if re.fullmatch(r"[0-9]+\.", bare, re.ASCII):
        return f"leave the point out: {bare[:-1]}"
    if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]+", bare, re.ASCII):
        return "write the number out without an exponent"
    if bare != text and _NUMBER.fullmatch(bare):
        return f"leave the spaces out: {bare}"
    if bare.startswith("-"):
        return "a negative value is not possible"
    if bare.startswith("+"):
        return f"leave the plus sign out: {bare[1:]}"
    if "_" in bare or re.search(r"[0-9] [0-9]", bare):
        return "write the digits together, without underscores or spaces"
    if any(char.isdigit() and not char.isascii() for char in bare):
        return "use the digits 0 to 9"
    return "use digits with a decimal point, such as 70 or 70.5"


def parse_count(text: str, what: str = "count") -> int:
    """The whole number, 1 or more, that `text` spells; `5.0` is 5, as some programs write it. Else `QuantityError`."""
    whole = _WHOLE_AS_DECIMAL.sub("", text)
    if len(text) <= MAX_NUMBER_LENGTH and whole.isascii() and whole.isdigit() and int(whole) > 0:
        return int(whole)
    raise QuantityError(f"{what} {quote(text)} is not a whole number of 1 or more", "type a number such as 5")


def _split_unit(text: str, what: str) -> tuple[str, str]:
    """The number's text and the unit in lower case ('' where there is none)."""
    bare = text.strip()
    match = _WITH_UNIT.fullmatch(bare)
    if match is None or not match[2]:
        return bare, ""
    unit = match[2].lower()
    if re.fullmatch(r"[0-9.]+[eE]", bare[: len(match[1]) + 1]) and unit.startswith("e"):
        raise QuantityError(f"{what} {quote(text)} is not a number this tool reads", _number_hint(bare))
    return match[1], unit


def parse_weight_kg(text: str) -> Decimal:
    """Body weight in kg from `70`, `70kg`, `70 kg` or `3200 g`.

    Pounds are refused with their exact conversion to retype, because a silent conversion hides which unit
    the chart was in. Raises `QuantityError`.
    """
    _refuse_other_weight(text)
    number, unit = _split_unit(text, "weight")
    if unit in {"lb", "lbs", "pound", "pounds"}:
        pounds = parse_number(number, "weight")
        kg = show(round_to_places(pounds * KG_PER_POUND, 3))
        raise QuantityError(f"weight {quote(text)} is in pounds", f"{show(pounds)} lb is {kg} kg: type --weight {kg}")
    if unit == "g":
        return parse_number(number, "weight") / MG_PER_G
    if unit in {"", "kg", "kgs"}:
        return parse_number(number, "weight")
    raise QuantityError(
        f"weight {quote(text)} has an unknown unit", "give kilograms, such as 70 or 70 kg, or grams: 3200 g"
    )


def parse_height_cm(text: str) -> Decimal:
    """Height in cm from `175`, `175 cm` or `1.75 m`.

    A bare number below 3 can only be metres and is refused with the two ways to write it. Raises
    `QuantityError`.
    """
    _refuse_other_height(text)
    number, unit = _split_unit(text, "height")
    if unit == "m":
        return parse_number(number, "height") * 100
    if unit not in {"", "cm"}:
        raise QuantityError(
            f"height {quote(text)} has an unknown unit", "give centimetres, such as 175 or 175 cm, or 1.75 m"
        )
    height = parse_number(number, "height")
    if not unit and height < 3:
        raise QuantityError(
            f"height {quote(text)} looks like metres", f"type {show(height * 100)} for centimetres or {show(height)} m"
        )
    return height


def parse_age_years(text: str) -> Decimal:
    """Age in years from `8`, `8 y`, `18 months`, `6 weeks` or `10 days`. Raises `QuantityError`."""
    number, unit = _split_unit(text, "age")
    age = parse_number(number, "age")
    if unit in {"", "y", "yr", "year", "years"}:
        return age
    if unit in {"month", "months", "mo"}:
        return Ratio(age, Decimal(12)).to_step(AGE_STEP_YEARS)
    days = {"day": 1, "days": 1, "d": 1, "week": 7, "weeks": 7, "wk": 7}.get(unit)
    if days is None:
        raise QuantityError(
            f"age {quote(text)} has an unknown unit", "give years, or add months, weeks or days: 10 days"
        )
    return years_of_days(age * days)


def years_of_days(days: Decimal) -> Decimal:
    """Days as years of 365.25 days, to 0.0001, so that an age and an age limit in days are rounded alike."""
    return Ratio(days, DAYS_PER_YEAR).to_step(AGE_STEP_YEARS)


def show(value: Decimal | int, places: int = 3) -> str:
    """`value` as ISMP asks: no trailing zero, a zero before the point, never an exponent; at most `places` decimals."""
    text = str(value)
    if text.isdigit():
        return text
    whole, _, decimals = text.partition(".")
    if len(decimals) > places or not (whole + decimals).isdigit():
        exact = Decimal(value)
        if not exact.is_finite():
            return text
        rounded = round_to_places(exact, places)
        if not rounded:
            return "0"
        text = format(rounded, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def show_grouped(value: Decimal | int, places: int = 3) -> str:
    """`show` with a comma between thousands (1,400), for screens only: JSON and CSV never group."""
    whole, _, part = show(value, places).partition(".")
    return f"{int(whole):,}" + (f".{part}" if part else "")


def show_ratio(value: Ratio, places: int = 3) -> str:
    """`show` for an exact quotient, divided and rounded (ties up) at this last moment."""
    return show(value.to_step(Decimal(1).scaleb(-places)), places)


def quote(text: str, limit: int = 40) -> str:
    """`text` in quotes for a message, shortened, with anything that a terminal would act on made visible."""
    shown = text if len(text) <= limit else text[: limit - 1] + "…"
    return "'" + "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in shown) + "'"
