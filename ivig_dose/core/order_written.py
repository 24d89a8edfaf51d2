"""An order as it was written: its amounts, days, interval and strength, and the one way in which it is written back."""

from decimal import Decimal
from typing import Literal, NamedTuple

from ivig_dose.core.interval import TimeSpan, write_interval
from ivig_dose.core.order_rate import OrderedRate, write_rate
from ivig_dose.quantity import MG_PER_G, Ratio, show

AmountUnit = Literal["g", "mg", "g/kg", "mg/kg", "mL"]
Per = Literal["day", "dose", "course"]


class Amount(NamedTuple):
    """One figure of an order: so much for each day, for each dose, or for the course. `per` is None where unsaid."""

    value: Decimal
    unit: AmountUnit
    per: Per | None


class WrittenOrder(NamedTuple):
    """An order as read. What it does not say is None, and nothing is assumed for it here.

    `amounts` are one or more figures, the first one first; the others say the same in other words, such as the total
    or the volume. `days` counts the doses of a course. `hours` are the shortest and longest time of one infusion,
    `g_per_100_ml` the strength that a volume is of, `courses` how many are ordered, `lasting` for how long. `product`
    is its id or a brand, `rate` the steps of the infusion.
    """

    text: str
    amounts: tuple[Amount, ...]
    days: int | None = None
    interval: TimeSpan | None = None
    hours: tuple[Decimal, Decimal] | None = None
    g_per_100_ml: Decimal | None = None
    courses: int | None = None
    lasting: TimeSpan | None = None
    product: str | None = None
    rate: OrderedRate = ()

    @property
    def main(self) -> Amount:
        """The first figure."""
        return self.amounts[0]


def in_grams(amount: Amount, dosing_kg: Ratio, g_per_100_ml: Decimal) -> Ratio:
    """The exact grams of an amount, for a patient of this dosing weight and a product of this strength."""
    grams = Ratio(amount.value)
    if amount.unit == "mL":
        return Ratio(amount.value * g_per_100_ml, Decimal(100))
    if amount.unit in ("mg", "mg/kg"):
        grams = grams.per(MG_PER_G)
    if amount.unit in ("g/kg", "mg/kg"):
        grams = Ratio(grams.numerator * dosing_kg.numerator, grams.denominator * dosing_kg.denominator)
    return grams


def write_order(order: WrittenOrder) -> str:
    """The order in this tool's own words, which `parse_ordered` reads back as the same order."""
    main, *others = order.amounts
    words = [_write_amount(main)]
    if order.g_per_100_ml is not None:
        words.append(f"of {show(order.g_per_100_ml)} %")
    if order.days is not None:
        words.append(_write_days(main.per, order.days))
    interval = order.interval
    if interval is not None:
        words.append(f"every {write_interval(interval)}")
    if order.courses is not None:
        words.append(f"for {order.courses} courses")
    if order.lasting is not None:
        words.append(f"for {write_interval(order.lasting, always_count=True)}")
    if order.hours is not None:
        low, high = order.hours
        words.append(f"over {show(low)} hours" if low == high else f"over {show(low)} to {show(high)} hours")
    words += [f"= {_write_amount(each)}" for each in others]
    if order.product is not None:
        words.append(f"product {order.product}")
    if order.rate:
        words.append(f"at {write_rate(order.rate)}")
    return " ".join(words)


def _write_amount(amount: Amount) -> str:
    return f"{show(amount.value, 12)} {amount.unit}{'' if amount.per is None else f'/{amount.per}'}"


def _write_days(per: Per | None, days: int) -> str:
    unit = "dose" if per == "dose" else "day"
    return f"{'over' if per == 'course' else 'for'} {days} {unit}{'' if days == 1 else 's'}"
