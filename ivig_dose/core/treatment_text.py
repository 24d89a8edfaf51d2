"""Earlier doses and the next phase as texts: what `--given`, `--earlier` and `--then` take, and how they are written.

What is written is read back as the same.
"""

import re
from datetime import date
from decimal import Decimal
from typing import Any, Final

from ivig_dose.core.interval import SpanUnit, TimeSpan, write_interval
from ivig_dose.core.order_parts import parse_interval
from ivig_dose.core.request import MAX_CYCLES, EarlierDose, NextPhase
from ivig_dose.quantity import ZERO, QuantityError, parse_count, parse_g_per_kg, parse_number, quote, show

MAX_DOSES: Final = 100
_DOSE: Final = re.compile(
    r"(?:(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[: ]+)?(?P<g>[0-9.]+) *(?:g|gm|grams?)"
    r"(?: *x *(?P<times>[0-9]+))?(?: +(?:of +)?(?P<product>[a-z][^ ]*))?",
    re.ASCII | re.IGNORECASE,
)
_TIME: Final = re.compile(r"(?P<number>[0-9]{1,3}) *(?P<unit>day|week|month)s?", re.ASCII | re.IGNORECASE)
_UNITS: Final[dict[str, SpanUnit]] = {"day": "days", "week": "weeks", "month": "months"}
_HOW_TO_WRITE: Final = 'write grams, with date and product where known: "40 g", or "2026-12-01 30 g privigen-us, 30 g"'
_PER_KG: Final = re.compile(r"[0-9.]+ *m?g */ *kg(?: */ *(?:day|dose|course))?", re.ASCII | re.IGNORECASE)
_COUNTED: Final = re.compile(r"(?P<number>[0-9]+) *(?P<what>days?|cycles?|courses?)", re.ASCII | re.IGNORECASE)


def read_doses(text: str, what: str) -> tuple[EarlierDose, ...]:
    """Doses that were given, separated by commas: `40 g`, `30 g x 2`, `2026-12-01 30 g privigen-us`.

    Raises:
        QuantityError: for a dose that is not read, and a date that is not in the calendar or stands twice. `what`
            begins the message.
    """
    doses: list[EarlierDose] = []
    for part in re.split(r"[,;\n]", text):
        match = _DOSE.fullmatch(part.strip())
        if match is None:
            raise QuantityError(f"{what} {quote(text)} is not read at {quote(part.strip())}", _HOW_TO_WRITE)
        grams = parse_number(match["g"], f"{what} grams")
        if grams == ZERO:
            raise QuantityError(f"{what} {quote(text)} has a dose of 0 g", "leave doses that were not given out")
        day = None if match["date"] is None else read_day(match["date"], f"{what} date")
        times = 1 if match["times"] is None else parse_count(match["times"], f"{what} count")
        if times > 1 and day is not None:
            raise QuantityError(f"{what} {quote(part.strip())} has several doses on one date", "write a date for each")
        if any(dose.on == day for dose in doses if day is not None):
            raise QuantityError(
                f"{what} {quote(text)} has {match['date']} twice", "write each day once, with its grams"
            )
        if len(doses) + times > MAX_DOSES:
            raise QuantityError(f"{what} {quote(text)} has more than {MAX_DOSES} doses", "write their sum")
        doses += [EarlierDose(grams, day, match["product"])] * times
    return tuple(doses)


def write_doses(doses: tuple[EarlierDose, ...]) -> str:
    """The doses as they are typed."""
    return ", ".join(
        [
            " ".join(
                filter(
                    None,
                    ["" if dose.on is None else dose.on.isoformat(), f"{show(dose.g, 12)} g", dose.product or ""],
                )
            )
            for dose in doses
        ]
    )


def read_day(text: str, what: str) -> date:
    """A calendar day: `2027-06-30`."""
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text.strip(), re.ASCII):
            return date.fromisoformat(text.strip())
    except ValueError:
        raise QuantityError(f"{what} {quote(text)} is not in the calendar", "check day and month") from None
    raise QuantityError(f"{what} {quote(text)} is not a date this tool reads", "write year-month-day: 2027-06-30")


def read_phase(text: str) -> NextPhase:
    """The phase after a course: `cidp-maintenance`, or with its figures after a colon.

    `cidp-maintenance: 1 g/kg, 2 days, every 3 weeks, 8 cycles, after 3 weeks`, in any order; `until 2027-06-30` in
    place of cycles. Raises `QuantityError`.
    """
    regimen, _, figures = text.strip().partition(":")
    if not regimen.strip() or " " in regimen.strip():
        raise QuantityError(
            f"next phase {quote(text)} does not begin with a regimen",
            'write its id, and its figures after a colon: "cidp-maintenance: every 3 weeks, 8 cycles"',
        )
    said: dict[str, Any] = {}
    for part in filter(None, (part.strip() for part in figures.split(","))):
        name, value = _read_figure(part, text)
        if name in said:
            raise QuantityError(f"next phase {quote(text)} says two things: {quote(part)}", "write one of them")
        said[name] = value
    if "cycles" in said and "until" in said:
        raise QuantityError(f"next phase {quote(text)} has cycles and a last day", "write one of them")
    return NextPhase(regimen.strip(), **said)


def _read_figure(part: str, text: str) -> tuple[str, Decimal | int | TimeSpan | date]:
    word, _, rest = part.partition(" ")
    if word.lower() == "after":
        return "after", _read_time(rest)
    if word.lower() == "until":
        return "until", read_day(rest, "last day")
    if _PER_KG.fullmatch(part):
        return "g_per_kg", parse_g_per_kg(re.sub(r"(?i)(kg) */.*", r"\1", part))
    counted = _COUNTED.fullmatch(part)
    if counted is not None:
        number = parse_count(counted["number"], "count")
        if number > MAX_CYCLES:
            raise QuantityError(f"next phase {quote(text)}: {quote(part)} is too many", f"at most {MAX_CYCLES}")
        return "days" if counted["what"].lower().startswith("day") else "cycles", number
    try:
        return "interval", parse_interval(part, "interval")
    except QuantityError:
        raise QuantityError(
            f"next phase {quote(text)} is not read at {quote(part)}",
            'write figures as "1 g/kg, 2 days, every 3 weeks, 8 cycles, after 3 weeks"',
        ) from None


def _read_time(text: str) -> TimeSpan:
    """`3 weeks`, `2 days`: also less than an interval between courses."""
    match = _TIME.fullmatch(text.strip())
    if match is None:
        return parse_interval(text, "time after the course")
    unit = _UNITS[match["unit"].lower()]
    return TimeSpan(parse_count(match["number"], "time after the course"), unit)


def write_phase(phase: NextPhase) -> str:
    """The phase as it is typed."""
    figures = [
        None if phase.g_per_kg is None else f"{show(phase.g_per_kg, 12)} g/kg",
        None if phase.days is None else f"{phase.days} days",
        None if phase.interval is None else f"every {write_interval(phase.interval)}",
        None if phase.cycles == 1 else f"{phase.cycles} cycles",
        None if phase.until is None else f"until {phase.until.isoformat()}",
        None if phase.after is None else f"after {write_interval(phase.after, always_count=True)}",
    ]
    said = ", ".join(filter(None, figures))
    return f"{phase.regimen}: {said}" if said else phase.regimen
