"""What the phrases of an order say together: one meaning, or both readings where there are two."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final, Literal, NamedTuple, NoReturn

from ivig_dose.core.interval import SpanUnit, TimeSpan
from ivig_dose.core.order_words import HINT
from ivig_dose.core.order_written import Amount, AmountUnit, Per, WrittenOrder, write_order
from ivig_dose.quantity import MG_PER_G, MINUTES_PER_HOUR, ONE, QuantityError, quote, show

MAX_COUNT: Final = 366
"""No course has more days, and no order more courses."""
MINUTES_OF_A_DECIMAL: Final = 3
"""Multiples of 3 minutes are hours with two decimals: 45 minutes are 0.75 hours."""
SAME_WITHIN_PERCENT: Final = Decimal(2)
"""Figures of one order are rounded by those who write them: 33 g a day for 5 days is also written 167 g."""

_UNITS: Final[dict[str, AmountUnit]] = {"g": "g", "mg": "mg", "ml": "mL", "g / kg": "g/kg", "mg / kg": "mg/kg"}
_INTERVALS: Final[dict[str, SpanUnit]] = {"week": "weeks", "month": "months", "52": "weeks", "12": "months"}
_G_PER_100_ML: Final = {
    "percent": Decimal(1),
    "g-per-100-ml": Decimal(1),
    "mg-per-ml": Decimal("0.1"),
    "g-per-litre": Decimal("0.1"),
}
"""What each way to write a strength is in g/100 mL."""
_PERS: Final[dict[str, Per]] = {"day": "day", "dose": "dose", "course": "course"}
_How = Literal["over", "divided", "for", "doses", "times", "once"]


class Phrase(NamedTuple):
    """A piece of an order by its name in the grammar, with the numbers and units that it holds."""

    name: str
    holds: dict[str, str]


class _Count(NamedTuple):
    """How many, in which words, and whether that stands after the interval. `bare` is a count without `x` or `for`."""

    number: int
    how: _How
    after_interval: bool
    bare: bool = False


def settle_order(text: str, phrases: Sequence[Phrase]) -> WrittenOrder:
    """The order that the phrases say. Raises `QuantityError` where they say two things, or nothing."""
    return _Reading(text).settle(phrases)


class _Reading:
    """One order while its phrases are put together."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.amounts: list[Amount] = []
        self.counts: list[_Count] = []
        self.pending: Per | None = None
        self.outside: list[int] = []
        self.latest = -1
        self.interval: TimeSpan | None = None
        self.hours: tuple[Decimal, Decimal] | None = None
        self.g_per_100_ml: Decimal | None = None
        self.courses: int | None = None
        self.lasting: TimeSpan | None = None

    def settle(self, phrases: Sequence[Phrase]) -> WrittenOrder:
        for place, phrase in enumerate(phrases, start=1):
            if phrase.name == "amount" and place > 1 and phrases[place - 2].name == "amount":
                self._refuse_two("two amounts")
            self._take(phrase, phrases[place].name if place < len(phrases) else "")
        if not self.amounts or self.pending:
            raise QuantityError(f"order {quote(self.text)} has no amount", HINT)
        main, days = self._settle_days()
        amounts = [main, *(self._settle_other(main, other, days) for other in self.amounts[1:])]
        order = WrittenOrder(
            self.text,
            tuple(amounts),
            days,
            self.interval,
            self.hours,
            self.g_per_100_ml,
            self.courses,
            self.lasting,
        )
        _refuse_contradiction(order)
        return order

    def _take(self, phrase: Phrase, follower: str) -> None:
        name, holds = phrase
        if name == "amount":
            self._add_amount(Decimal(holds["n"]), _UNITS[holds["unit"]])
        elif name in _PERS:
            self._set_per(_PERS[name], for_next=follower == "amount" and name == "course")
        elif name == "each-of":
            self._set_per("day", for_next=False)
            self._count(holds["i"], "for")
        elif name in _G_PER_100_ML:
            self._say_once("g_per_100_ml", Decimal(holds["n"]) * _G_PER_100_ML[name], "strength")
        elif name in ("spacing", "second-day", "interval", "second-unit", "fortnight"):
            self._say_once("interval", self._read_interval(name, holds), "interval")
        elif name in ("hours", "minutes"):
            times = [self._read_hours(Decimal(holds[end]), name) for end in ("n", "m") if end in holds]
            self._say_once("hours", (min(times), max(times)), "time")
        elif name == "courses":
            self._say_once("courses", self._read_count(holds["i"]), "number of courses")
        elif name == "lasting":
            lasting = TimeSpan(self._read_count(holds["i"]), _INTERVALS[holds["unit"]])
            self._say_once("lasting", lasting, "duration")
        elif name == "once":
            self._count("1", "once")
        elif name in ("over", "divided", "for", "doses", "times"):
            how: _How = name  # type: ignore[assignment]  # one of the names just compared
            self._count(holds.get("i") or holds["last"], how, bare=name == "doses" and "x" not in holds)
        elif name == "open":
            self.outside.append(self.latest)
        elif name == "close" and self.outside:
            self.latest = self.outside.pop()

    def _add_amount(self, value: Decimal, unit: AmountUnit) -> None:
        if not value:
            raise QuantityError(f"order {quote(self.text)} is for nothing", HINT)
        self.amounts.append(Amount(value, unit, self.pending))
        self.pending, self.latest = None, len(self.amounts) - 1

    def _set_per(self, per: Per, for_next: bool) -> None:
        if for_next or self.latest < 0:
            if self.pending not in (None, per):
                self._refuse_two(f"{per} and {self.pending}")
            self.pending = per
            return
        amount = self.amounts[self.latest]
        if amount.per not in (None, per) and {amount.per, per} != {"day", "dose"}:
            self._refuse_two(f"{show(amount.value, 12)} {amount.unit} for each {amount.per} and for each {per}")
        self.amounts[self.latest] = amount._replace(per="day" if "day" in (amount.per, per) else per)

    def _read_interval(self, name: str, holds: dict[str, str]) -> TimeSpan:
        if name in ("spacing", "second-day"):
            return TimeSpan(self._read_count(holds.get("i") or holds.get("last", "2")), "days")
        if name == "fortnight":
            return TimeSpan(2, "weeks")
        count = 2 if name == "second-unit" else self._read_count(holds.get("i", "1"))
        return TimeSpan(count, _INTERVALS[holds["unit"]])

    def _count(self, number: str, how: _How, bare: bool = False) -> None:
        self.counts.append(_Count(self._read_count(number), how, self._repeats, bare))

    @property
    def _repeats(self) -> bool:
        """Whether the order already says how often the course comes again."""
        return self.interval is not None and not self.interval.is_spacing

    def _read_count(self, text: str) -> int:
        number = Decimal(text)
        if not ONE <= number <= MAX_COUNT:
            raise QuantityError(f"order {quote(self.text)} counts {text}", f"write a count of 1 to {MAX_COUNT}")
        return int(number)

    def _read_hours(self, time: Decimal, unit: str) -> Decimal:
        if unit == "hours":
            return time
        if time % MINUTES_OF_A_DECIMAL:
            hint = f"write minutes that are a multiple of {MINUTES_OF_A_DECIMAL}, or hours: over 0.75 hours"
            raise QuantityError(f"order {quote(self.text)} has a time that is no short number of hours", hint)
        return time / MINUTES_PER_HOUR

    def _say_once(self, field: str, value: object, what: str) -> None:
        if getattr(self, field) not in (None, value):
            self._refuse_two(f"a second {what}")
        setattr(self, field, value)

    def _refuse_two(self, what: str) -> NoReturn:
        raise QuantityError(f"order {quote(self.text)} says two things: {what}", HINT)

    def _settle_days(self) -> tuple[Amount, int | None]:
        """The first amount with what it is for, and the doses of a course where they are written."""
        main, days = self.amounts[0], None
        if self.lasting is not None and not self._repeats:
            hint = "write the days: 30 g/day for 5 days"
            raise QuantityError(f"order {quote(self.text)} does not say how often", hint)
        for count in self.counts:
            main = main._replace(per=main.per or self._find_per(main, count.number))
            if count.after_interval and count.how in ("times", "doses") and self._count_courses(main, days, count):
                continue
            main = main._replace(per=self._settle_per(main, count))
            if days not in (None, count.number):
                self._refuse_two(f"{days} days and {count.number} days")
            days = count.number
        if main.per is None and self.hours is not None:
            main = main._replace(per="dose")
        if main.per is None and self.interval is not None:
            main = main._replace(per="dose" if self.interval.is_spacing else "course")
        if main.per == "dose" and days is None and self._repeats:
            days = 1
        return main, days

    def _count_courses(self, main: Amount, days: int | None, count: _Count) -> bool:
        """Whether a count that stands after the interval is of courses, as in `every 4 weeks x 6`."""
        if main.per == "day":
            if days is None and count.how == "times":
                often = self._write_courses(main, count.number)
                self._offer(self._write(main, count.number, self.interval), f"'{often}'")
            return days is not None
        self._say_once("courses", count.number, "number of courses")
        return True

    def _find_per(self, main: Amount, number: int) -> Per | None:
        """What the first amount is for, as another figure of the same order tells it: `2 g/kg (1 g/kg/day x 2)`."""
        value, unit = _in_large_unit(main)
        for other in self.amounts[1:]:
            each = _in_large_unit(other)
            if other.per in ("day", "dose") and each == (value / number, unit):
                return "course"
            if other.per == "course" and each == (value * number, unit):
                return "day"
        return None

    def _settle_per(self, main: Amount, count: _Count) -> Per:
        """What the amount is for where this many days or doses are written beside it; refused where that is unclear."""
        number, how, _, bare = count
        if number == 1:
            return main.per or ("course" if how == "over" else "dose")
        spaced = self.interval is not None and self.interval.is_spacing
        if how in ("over", "divided"):
            clear = main.per in (None, "course") or (main.per == "day" and how == "over")
            per: Per = main.per or "course"
        elif main.per == "course":
            clear, per = how != "times", "course"
        else:
            clear = main.per is not None or spaced or (how == "doses" and not bare)
            per = main.per or "dose"
        if not clear and main.per == "course":
            self._offer(self._write(main, number, None), f"'{self._write_courses(main, number)}'")
        if not clear:
            each: Per = "dose" if how == "doses" or main.per == "dose" else "day"
            readings = (main._replace(per=each), main._replace(per="course"))
            self._offer(*(self._write(reading, number, None) for reading in readings))
        return per

    def _write(self, main: Amount, days: int | None, interval: TimeSpan | None) -> str:
        """A reading as the prescriber could write it, with the course that it comes to."""
        words = write_order(WrittenOrder("", (main,), days, interval))
        if days is None or main.per is None or interval is not None:
            return f"'{words}'"
        if main.per == "course":
            return f"'{words}' ({show(main.value / days, 1)} {main.unit} each)"
        return f"'{words}' ({show(main.value * days)} {main.unit} in all)"

    def _write_courses(self, main: Amount, courses: int) -> str:
        return write_order(WrittenOrder("", (main,), None, self.interval, courses=courses))

    def _offer(self, *readings: str) -> NoReturn:
        raise QuantityError(f"order {quote(self.text)} can be read two ways", f"write {' or '.join(readings)}")

    def _settle_other(self, main: Amount, other: Amount, days: int | None) -> Amount:
        """A further amount with what it is for; where that is unsaid, the course if it is not that of each day."""
        if other.per is not None:
            return other
        (value, unit), (other_value, other_unit) = _in_large_unit(main), _in_large_unit(other)
        of_course = main.per in ("day", "dose") and unit == other_unit and value != other_value
        return other._replace(per="course" if of_course and days != 1 else main.per)


def _in_large_unit(amount: Amount) -> tuple[Decimal, str]:
    value, unit = amount.value, amount.unit
    return (value / MG_PER_G, unit[1:]) if unit.startswith("mg") else (value, unit)


def _refuse_contradiction(order: WrittenOrder) -> None:
    """Raise where two figures in one unit do not come to the same course."""
    figures: dict[tuple[str, Per | None], Decimal] = {}
    for amount in order.amounts:
        (value, unit), per = _in_large_unit(amount), amount.per
        if order.days is not None and per in ("day", "dose"):
            value, per = value * order.days, "course"
        first = figures.setdefault((unit, per), value)
        if abs(value - first) * 100 > first * SAME_WITHIN_PERCENT:
            raise QuantityError(
                f"order {quote(order.text)} contradicts itself: {show(first)} {unit} and {show(value)} {unit}",
                "ask the prescriber which is meant",
            )
