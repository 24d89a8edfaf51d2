"""An order whose days, interval, product, volume and rate stand apart from its dose, as in a form or in columns."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from ivig_dose.catalogue.models import Product
from ivig_dose.core.interval import TimeSpan, write_interval
from ivig_dose.core.order_rate import parse_rate
from ivig_dose.core.order_text import RATE_BEGINS, parse_ordered
from ivig_dose.core.order_written import WrittenOrder
from ivig_dose.quantity import QuantityError, parse_count, quote

_BRAND: Final = re.compile(r"[^0-9(]+")


class OrderTexts(NamedTuple):
    """An order as its fields hold it; an empty text is not written. `dose` is the order, or what is left of it."""

    dose: str
    days: str = ""
    interval: str = ""
    product: str = ""
    volume: str = ""
    rate: str = ""


class OrderReader:
    """Reads orders that may name these products."""

    def __init__(self, products: Mapping[str, Product]) -> None:
        self._products = products
        names = {name for each in products.values() for name in (each.id, *each.aliases, find_brand(each))}
        # Longest first, so that `octagam 10% us` is not read as `octagam`.
        choices = "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name)))
        self._names = re.compile(rf"(?<![a-z0-9-])(?P<name>{choices})(?![a-z0-9-])", re.IGNORECASE) if names else None

    def read(self, texts: OrderTexts) -> WrittenOrder:
        """The order that the fields say together, read by the one reader as one text.

        What the text and a field both say must agree.

        Raises:
            QuantityError: as `parse_ordered` does, and for a field that does not hold what it is for.
        """
        texts = OrderTexts(*[text.strip() for text in texts])
        dose = texts.dose or texts.volume
        if not dose:
            raise QuantityError("the order is missing", 'give it as written: "30 g/day for 5 days"')
        written = self._parse(dose)
        if not any(texts[1:]):
            return written
        words = [
            _read_days(texts.days, written),
            f"every {write_interval(parse_interval(texts.interval, 'ordered interval'))}" if texts.interval else "",
            _read_volume(texts.volume, written) if texts.dose else "",
            f"product {texts.product}" if texts.product else "",
        ]
        begins = RATE_BEGINS.search(dose)
        before, rate = (dose, "") if begins is None else (dose[: begins.start()], dose[begins.start() :])
        if texts.rate:
            if parse_rate(texts.rate) != written.rate and written.rate:
                raise QuantityError(f"order {quote(dose)} says two things: a second rate", "write one of them")
            rate = f"at {texts.rate}"
        return self._parse(" ".join(filter(None, [before.strip(), *words, rate.strip()])))

    def _parse(self, text: str) -> WrittenOrder:
        """The order with the id of its product in place of another name of it."""
        written = parse_ordered(text, self._names)
        if written.product is None:
            return written
        found = find_products(written.product, written.g_per_100_ml, self._products.values())
        return written._replace(product=found[0].id) if len(found) == 1 else written


def find_brand(product: Product) -> str:
    """The name of a product without its strength and label: `Privigen`."""
    match = _BRAND.match(product.name)
    return product.name if match is None else match[0].strip()


def find_products(name: str, strength: Decimal | None, products: Iterable[Product]) -> list[Product]:
    """The products that a written name may mean; those of the written strength, in g/100 mL, where there is one."""
    wanted = name.strip().casefold()
    exact = [each for each in products if wanted in (each.id.casefold(), *[alias.casefold() for alias in each.aliases])]
    found = exact or [each for each in products if wanted == find_brand(each).casefold()]
    return [each for each in found if strength in (None, each.g_per_100_ml)] or found


def _read_days(text: str, written: WrittenOrder) -> str:
    if not text.strip():
        return ""
    days = parse_count(text.strip(), "number of ordered days")
    return "" if written.days == days else f"for {days} days"


def parse_interval(text: str, what: str) -> TimeSpan:
    """An interval as people write it: `3 weeks`, `monthly`, `every 4 weeks`, `q3w`. `what` begins the message.

    Raises:
        QuantityError: for anything else, and for more than an interval.
    """
    for words in (text.strip(), f"every {text.strip()}"):
        try:
            order = parse_ordered(f"1 g {words}")
        except QuantityError:
            continue
        if order.interval is not None and order._replace(text="", interval=None) == _INTERVAL_ALONE:
            return order.interval
    raise QuantityError(f"{what} {quote(text)} is not read", "write it as every 4 weeks, 3 weeks or monthly")


_INTERVAL_ALONE: Final = parse_ordered("1 g every 4 weeks")._replace(text="", interval=None)


def _read_volume(text: str, written: WrittenOrder) -> str:
    text = text.strip()
    if not text:
        return ""
    try:
        order = parse_ordered(text)
    except QuantityError:
        order = None
    if order is None or order.main.unit != "mL":
        raise QuantityError(f"ordered volume {quote(text)} is not read", "write it in mL: 300 mL, or 300 mL/day")
    amount, main = order.main, written.main
    one_dose = written.days == 1 or (written.days is None and written.interval is not None)
    if amount.per is None and main.per == "course" and main.unit != "mL" and not one_dose:
        raise QuantityError(
            f"ordered volume {quote(text)} does not say whether it is for a day or for the course",
            f"write {text}/day or {text}/course",
        )
    return f"= {text}"
