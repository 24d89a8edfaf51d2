"""Rules over products: vials against the concentration, rates against each other and against what labels print."""

from collections.abc import Iterator
from decimal import Decimal

from ivig_dose.catalogue.document import Path
from ivig_dose.catalogue.findings import Finding
from ivig_dose.catalogue.models import (
    MAX_MG_PER_KG_PER_MIN,
    Catalogue,
    Entry,
    LabelRate,
    PrintedRate,
    Product,
    RateTable,
    is_lower,
)
from ivig_dose.quantity import Ratio, show, show_ratio

_TOLERANCE = Decimal("1.01")
"""Two printed units that agree within 1 % differ by the label's own rounding."""


def check_product(path: Path, record: Entry) -> Iterator[Finding]:
    """A product has vials, and each vial's grams are what its mL hold at the product's concentration."""
    if not isinstance(record, Product):
        return
    if not record.vials:
        yield Finding((*path, "vials"), "the product has no vial", "vials", "write g and ml of each vial as sold")
    for index, vial in enumerate(record.vials):
        place = (*path, "vials", index)
        if vial.g * 100 != vial.ml * record.g_per_100_ml:
            message = (
                f"{show(vial.g)} g in {show(vial.ml)} mL is {show_ratio(Ratio(vial.g * 100, vial.ml))} g/100 mL,"
                f" and the product has {show(record.g_per_100_ml)}"
            )
            yield Finding(place, message, "vial-concentration", "read g and mL on the vial again")
        if vial.g in [each.g for each in record.vials[:index]]:
            yield Finding(place, f"the vial of {show(vial.g)} g is listed twice", "vials", "leave one out")


def check_rate_table(catalogue: Catalogue) -> Iterator[Finding]:
    """Rates start at or below their maximum and rise; one product has one table for an indication and infusion."""
    for product in catalogue.products.values():
        covered: set[tuple[str, str]] = set()
        for index, table in enumerate(product.rates):
            path = ("products", product.id, "rates", index)
            yield from _check_table(path, table, product.g_per_100_ml)
            yield from _check_steps(path, table, product.g_per_100_ml)
            for number, indication in enumerate(table.indications):
                key = (indication, table.infusion)
                if key in covered:
                    message = f"a second table for {indication} ({table.infusion} infusion)"
                    hint = "one table gives the rates of one indication; which of the two is meant?"
                    yield Finding((*path, "indications", number), message, "rate-table-twice", hint)
                covered.add(key)


def _check_table(path: Path, table: RateTable, g_per_100_ml: Decimal) -> Iterator[Finding]:
    start, maximum = table.start.effective(g_per_100_ml), table.maximum.effective(g_per_100_ml)
    if is_lower(maximum, start):
        message = f"the start, {_show(start)}, is above the maximum, {_show(maximum)}"
        yield Finding((*path, "start"), message, "rate-order", "compare the units of both with the label")
    if bool(table.steps) != (table.ladder_basis is not None):
        what = "steps without ladder_basis" if table.steps else "ladder_basis without steps"
        hint = "ladder_basis says who prints the steps: label, manufacturer-example, trial or derived"
        yield Finding(path, what, "rate-ladder-basis", hint)
    for name, rate in (("start", table.start), ("maximum", table.maximum)):
        yield from _check_second_unit((*path, name), rate)
        yield from _check_ceiling((*path, name), rate, g_per_100_ml)


def _check_ceiling(path: Path, rate: PrintedRate, g_per_100_ml: Decimal) -> Iterator[Finding]:
    """No rate is faster than the hard ceiling, whatever a file says."""
    ceiling = PrintedRate(value=MAX_MG_PER_KG_PER_MIN, unit="mg/kg/min").ml_per_kg_per_h(g_per_100_ml)
    found = rate.ml_per_kg_per_h(g_per_100_ml)
    if is_lower(ceiling, found):
        message = f"{show(rate.value)} {rate.unit} is {_show(found)}, above the ceiling of {_show(ceiling)}"
        hint = f"no label read goes above 14 mg/kg/min and none may pass {show(MAX_MG_PER_KG_PER_MIN)}: check the unit"
        yield Finding(path, message, "rate-above-ceiling", hint)


def _check_steps(path: Path, table: RateTable, g_per_100_ml: Decimal) -> Iterator[Finding]:
    maximum = table.maximum.effective(g_per_100_ml)
    before = table.start.effective(g_per_100_ml)
    for index, step in enumerate(table.steps):
        place = (*path, "steps", index)
        rate = step.effective(g_per_100_ml)
        if is_lower(maximum, rate):
            message = f"the step, {_show(rate)}, is above the maximum, {_show(maximum)}"
            yield Finding(place, message, "rate-order", "compare the units of both with the label")
        elif is_lower(rate, before) or (index and not is_lower(before, rate)):
            message = f"the step, {_show(rate)}, is not above the one before it, {_show(before)}"
            yield Finding(place, message, "rate-order", "steps rise from the start")
        last = index == len(table.steps) - 1
        if last != (step.minutes is None):
            message = "the last step has minutes" if last else "a step before the last has no minutes"
            hint = "the last step runs until the volume is given, and every other one for its minutes"
            yield Finding(place, message, "rate-step-minutes", hint)
        yield from _check_second_unit(place, step)
        before = rate


def _check_second_unit(path: Path, rate: LabelRate) -> Iterator[Finding]:
    if rate.also is not None and rate.also.unit == rate.unit:
        message = f"the second unit is {rate.unit} again"
        yield Finding((*path, "also"), message, "rate-unit-twice", "also is for the other unit that the label prints")


def check_printed_units(catalogue: Catalogue) -> Iterator[Finding]:
    """Advice: where a label prints two units more than 1 % apart, the lower one counts."""
    for product in catalogue.products.values():
        for path, rate in _label_rates(product):
            if rate.also is None:
                continue
            first = rate.ml_per_kg_per_h(product.g_per_100_ml)
            second = rate.also.ml_per_kg_per_h(product.g_per_100_ml)
            lower, higher = (second, first) if is_lower(second, first) else (first, second)
            if is_lower(lower.times(_TOLERANCE), higher):
                message = f"the label prints {_printed(rate, first)} and {_printed(rate.also, second)}"
                hint = f"the lower one counts: {_show(lower)}"
                yield Finding(path, message, "printed-units-differ", hint, "advice")


def _label_rates(product: Product) -> Iterator[tuple[Path, LabelRate]]:
    path: Path = ("products", product.id)
    for index, table in enumerate(product.rates):
        yield (*path, "rates", index, "start"), table.start
        yield (*path, "rates", index, "maximum"), table.maximum
        for number, step in enumerate(table.steps):
            yield (*path, "rates", index, "steps", number), step
    if product.at_risk and product.at_risk.maximum:
        yield (*path, "at_risk", "maximum"), product.at_risk.maximum


def _printed(rate: PrintedRate, ml_per_kg_per_h: Ratio) -> str:
    """A printed rate, with its value in mL/kg/h where it is printed in another unit."""
    printed = f"{show(rate.value)} {rate.unit}"
    return printed if rate.unit == "mL/kg/h" else f"{printed} ({_show(ml_per_kg_per_h)})"


def _show(rate: Ratio) -> str:
    return f"{show_ratio(rate)} mL/kg/h"
