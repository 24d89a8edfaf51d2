"""The texts of a request, from the command line or a row of a file, read into a `Request` by one strict grammar.

Every reader raises `QuantityError` with what was read, what is wrong with it and what to type instead.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final, Literal, TypeVar

from ivig_dose.catalogue.models import BloodGroup, Sex
from ivig_dose.core.request import EARLIEST_YEAR, LATEST_YEAR, MAX_CYCLES, MAX_TOLERANCE_PERCENT, MaxRate, Request
from ivig_dose.quantity import (
    ZERO,
    Direction,
    QuantityError,
    parse_age_years,
    parse_count,
    parse_g_per_kg,
    parse_height_cm,
    parse_igg,
    parse_number,
    parse_weight_kg,
    quote,
    show,
)

Choice = TypeVar("Choice")

_SEXES: Final[dict[str, Sex]] = {"F": "F", "M": "M"}
_SEX_WORDS: Final = {"FEMALE": "F", "MALE": "M"}
_BLOOD_GROUPS: Final[dict[str, BloodGroup]] = {"O": "O", "A": "A", "B": "B", "AB": "AB"}
_DIRECTIONS: Final[dict[str, Direction]] = {"nearest": "nearest", "down": "down", "up": "up"}
_STOCK_ENTRY = re.compile(r"([0-9.]+)x([0-9]+)", re.ASCII)
_RATE = re.compile(r"([0-9.,]+) *[mM][lL](/[kK][gG])?/[hH]", re.ASCII)
_BELOW_AND_ABOVE = re.compile(r"-([0-9.]+) *%?[ ,]*\+([0-9.]+) *%?", re.ASCII)
# Spreadsheets and databases write a day as its midnight with seconds, which is no clock time of a ward.
_START = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ]00:00:00(?:\.0+)?|[T ]([0-9]{2}:[0-9]{2}))?", re.ASCII)


def read_request(
    *,
    indication: str,
    weight: str | None,
    height: str | None = None,
    sex: str | None = None,
    age: str | None = None,
    regimen: str | None = None,
    g_per_kg: str | None = None,
    days: str | None = None,
    weight_policy: str | None = None,
    product: str | None = None,
    rounding: str | None = None,
    round_direction: str | None = None,
    tolerance: str | None = None,
    stock: str | None = None,
    risks: tuple[str, ...] = (),
    blood_group: str | None = None,
    start: str | None = None,
    cycles: str | None = None,
    pump_step: str | None = None,
    max_rate: str | None = None,
    order_tolerance: str | None = None,
    rounding_policy: str | None = None,
    interval: str | None = None,
    until: str | None = None,
    given: str | None = None,
    earlier: str | None = None,
    then: str | None = None,
    igg: str | None = None,
    igg_target: str | None = None,
) -> Request:
    """The request that these texts spell; None where a text was not given. Raises `QuantityError`."""
    if weight is None:
        raise QuantityError("the weight is missing", "give the actual body weight in kg: --weight 70")
    request = Request(
        indication=indication,
        weight_kg=parse_weight_kg(weight),
        height_cm=None if height is None else parse_height_cm(height),
        sex=None if sex is None else read_sex(sex),
        age_years=None if age is None else parse_age_years(age),
        regimen=regimen,
        g_per_kg=None if g_per_kg is None else parse_g_per_kg(g_per_kg),
        days=None if days is None else parse_count(days, "number of days"),
        weight_policy=weight_policy,
        product=product,
        rounding=None if rounding is None else read_rounding(rounding),
        round_direction=None if round_direction is None else read_direction(round_direction),
        tolerance_percent=None if tolerance is None else read_tolerance_percent(tolerance),
        stock=None if stock is None else read_stock(stock),
        risks=risks,
        blood_group=None if blood_group is None else read_blood_group(blood_group),
        start=None if start is None else read_start(start),
        cycles=1 if cycles is None else read_cycles(cycles),
        pump_step_ml_per_h=None if pump_step is None else read_above_zero(pump_step, "pump step"),
        max_rate=None if max_rate is None else read_max_rate(max_rate),
        rounding_policy=rounding_policy,
        order_tolerance_percent=None if order_tolerance is None else read_order_tolerance(order_tolerance),
        igg_g_per_l=None if igg is None else parse_igg(igg),
        igg_target_g_per_l=None if igg_target is None else parse_igg(igg_target, "IgG target"),
    )
    over_time = (interval, until, given, earlier, then)
    return request if over_time == (None,) * len(over_time) else _read_treatment(request, *over_time)


def _read_treatment(
    request: Request, interval: str | None, until: str | None, given: str | None, earlier: str | None, then: str | None
) -> Request:
    """The request with what is said of other courses and doses."""
    # These are read by the reader of orders, whose patterns most requests can do without.
    from ivig_dose.core import treatment_text as texts
    from ivig_dose.core.order_parts import parse_interval

    return request._replace(
        interval=None if interval is None else parse_interval(interval, "interval"),
        until=None if until is None else texts.read_day(until, "last day"),
        given=() if given is None else texts.read_doses(given, "given"),
        earlier=() if earlier is None else texts.read_doses(earlier, "earlier"),
        then=None if then is None else texts.read_phase(then),
    )


def read_sex(text: str) -> Sex:
    """F or M, or female or male, in either case."""
    return choose(_SEX_WORDS.get(text.upper(), text.upper()), _SEXES, f"sex {quote(text)}")


def read_blood_group(text: str) -> BloodGroup:
    """O, A, B or AB, in either case; the rhesus factor plays no part and is refused."""
    return choose(text.upper(), _BLOOD_GROUPS, f"blood group {quote(text)}")


def read_direction(text: str) -> Direction:
    """nearest, down or up."""
    return choose(text.lower(), _DIRECTIONS, f"rounding direction {quote(text)}")


def choose(key: str, choices: Mapping[str, Choice], what: str) -> Choice:
    """The choice of that name. `what` begins the message where there is none."""
    choice = choices.get(key)
    if choice is None:
        *all_but_last, last = choices
        raise QuantityError(f"{what} is not known", f"type {', '.join(all_but_last)} or {last}")
    return choice


def read_above_zero(text: str, what: str) -> Decimal:
    """A number above zero."""
    number = parse_number(text, what)
    if number == ZERO:
        raise QuantityError(f"{what} {quote(text)} is zero", "type a number above zero")
    return number


def read_max_rate(text: str) -> MaxRate:
    """The highest rate wanted, with its unit: `200 mL/h` or `2 mL/kg/h`."""
    match = _RATE.fullmatch(text.strip())
    if match is None:
        raise QuantityError(
            f"highest rate {quote(text)} has no unit that is read", "write it in mL/h or mL/kg/h: 200 mL/h, 2 mL/kg/h"
        )
    rate = read_above_zero(match[1], "highest rate")
    return MaxRate(ml_per_kg_per_h=rate) if match[2] else MaxRate(ml_per_h=rate)


def read_cycles(text: str) -> int:
    """How many courses to schedule, 1 to 1000."""
    cycles = parse_count(text, "number of cycles")
    if cycles > MAX_CYCLES:
        raise QuantityError(f"number of cycles {quote(text)} is above {MAX_CYCLES}", "schedule fewer at a time")
    return cycles


def read_tolerance_percent(text: str) -> Decimal:
    """Percent of the course, 0 to 100, with or without the sign: `10` or `10%`."""
    percent = parse_number(text.removesuffix("%").rstrip(), "tolerance")
    if percent > MAX_TOLERANCE_PERCENT:
        raise QuantityError(f"tolerance {quote(text)} is above {MAX_TOLERANCE_PERCENT} %", "type percent, such as 10")
    return percent


def read_order_tolerance(text: str) -> tuple[Decimal, Decimal]:
    """Percent below and above the expected dose: `5` for both, or `-5 +10`."""
    match = _BELOW_AND_ABOVE.fullmatch(text.strip())
    if match is None:
        percent = read_tolerance_percent(text.strip())
        return percent, percent
    return read_tolerance_percent(match[1]), read_tolerance_percent(match[2])


def read_rounding(text: str) -> Literal["vial", "none"] | Decimal:
    """`vial`, `none`, or a step in grams with its unit, such as `5g`."""
    word = text.strip().lower()
    if word == "vial":
        return "vial"
    if word == "none":
        return "none"
    if word.endswith("g"):
        return read_above_zero(word[:-1].rstrip(), "rounding step")
    hint = f"write the unit: {word}g" if word.isascii() and word.isdigit() else "type vial, none or grams such as 5g"
    raise QuantityError(f"rounding {quote(text)} is not known", hint)


def read_stock(text: str) -> tuple[tuple[Decimal, int], ...]:
    """Vials on the shelf as grams x count, separated by commas: `10x4,5x2` is four of 10 g and two of 5 g."""
    entries: dict[Decimal, int] = {}
    for entry in text.split(","):
        match = _STOCK_ENTRY.fullmatch(entry.strip())
        if match is None:
            problem = f"stock {quote(text)} is not read at {quote(entry.strip())}"
            raise QuantityError(problem, "write grams x count, separated by commas: 10x4,5x2")
        size = read_above_zero(match[1], "vial size")
        if size in entries:
            raise QuantityError(f"stock {quote(text)} names {show(size)} g vials twice", "name each size once")
        entries[size] = parse_count(match[2], "count of vials")
    return tuple(entries.items())


def read_start(text: str) -> date | datetime:
    """The first day as `2026-01-31` or `2026-01-31 00:00:00`, or with a clock time: `2026-01-31T09:00`."""
    match = _START.fullmatch(text.strip())
    if match is None:
        raise QuantityError(
            f"start {quote(text)} is not a date this tool reads",
            "write year-month-day, such as 2026-01-31, or with a time: 2026-01-31T09:00",
        )
    try:
        day = date.fromisoformat(match[1])
        moment = time.fromisoformat(match[2]) if match[2] else None
    except ValueError:
        raise QuantityError(f"start {quote(text)} is not in the calendar", "check day, month and time") from None
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        raise QuantityError(f"start {quote(text)} is outside {EARLIEST_YEAR} to {LATEST_YEAR}", "check the year")
    return day if moment is None else datetime.combine(day, moment)
