"""What `show` says of a product."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from ivig_dose.catalogue.models import Fact, LabelRate, Product, RateTable
from ivig_dose.quantity import show, show_ratio
from ivig_dose.report.phrases import cite

Said = Iterable[tuple[str, Sequence[str]]]


def describe_product(product: Product) -> Said:
    """Strength, vials, rates as the label prints them, and what in it matters to whom."""
    iga = product.iga
    vials = ", ".join([f"{show(vial.g)} g in {show(vial.ml)} mL" for vial in product.vials])
    return [
        ("Region", [product.region]),
        ("Strength", [f"{show(product.g_per_100_ml)} g/100 mL ({show(product.g_per_100_ml)} %)"]),
        ("Vials", [vials]),
        ("Rates", [line for table in product.rates for line in _describe_rates(table, product.g_per_100_ml)]),
        ("At risk", _describe_at_risk(product)),
        ("IgA", [] if iga is None else [f"{iga.qualifier} {show(iga.ug_per_ml)} microgram/mL{cite(iga.sources)}"]),
        ("Excipients", [f"{each.name}: {each.text}{cite(each.sources)}" for each in product.excipients]),
        ("Contraindicated", _say(product.contraindications)),
        ("Boxed warning", _say([product.boxed_warning])),
        ("Cautions", _say(product.cautions)),
        ("Form", _say([product.form])),
        ("Market", _say([product.market])),
        ("Also called", [", ".join(product.aliases)] if product.aliases else []),
    ]


def _say(facts: Iterable[Fact | None]) -> list[str]:
    return [f"{fact.text}{cite(fact.sources)}" for fact in facts if fact is not None]


def _describe_rates(table: RateTable, g_per_100_ml: Decimal) -> list[str]:
    whom = ", ".join(table.indications) or "any indication"
    infusion = {"any": "", "first": ", first infusion", "later": ", later infusions"}[table.infusion]
    held = f" for {table.start_minutes} min" if table.start_minutes else ""
    lines = [
        f"{whom}{infusion}: start {_rate(table.start, g_per_100_ml)}{held}; "
        f"at most {_rate(table.maximum, g_per_100_ml)}{cite(table.sources)}"
    ]
    if table.steps:
        steps = [
            f"{_rate(step, g_per_100_ml)}{f' for {step.minutes} min' if step.minutes else ''}" for step in table.steps
        ]
        basis = f" ({table.ladder_basis})" if table.ladder_basis else ""
        lines.append(f"steps{basis}: {', then '.join(steps)}")
    elif table.step_minutes:
        lines.append(f"a step every {table.step_minutes} min")
    return lines + ([table.note] if table.note else [])


def _rate(rate: LabelRate, g_per_100_ml: Decimal) -> str:
    """A rate as the label prints it and in mL/kg/h; where two printed units disagree, that the lower one counts."""
    printed = f"{show(rate.value, 4)} {rate.unit}"
    counts = f"{show_ratio(rate.effective(g_per_100_ml))} mL/kg/h"
    if rate.also is None:
        return printed if rate.unit == "mL/kg/h" else f"{printed} = {counts}"
    second = f"{show(rate.also.value, 4)} {rate.also.unit}"
    one, other = rate.ml_per_kg_per_h(g_per_100_ml), rate.also.ml_per_kg_per_h(g_per_100_ml)
    if not one < other and not one > other:
        return f"{printed} = {second}" + ("" if "mL/kg/h" in (rate.unit, rate.also.unit) else f" = {counts}")
    return f"{printed} or {second}, which differ: the lower counts, {counts}"


def _describe_at_risk(product: Product) -> list[str]:
    at_risk = product.at_risk
    if at_risk is None:
        return []
    limit = [] if at_risk.maximum is None else [f"at most {_rate(at_risk.maximum, product.g_per_100_ml)}"]
    return [*limit, f"{at_risk.text}{cite(at_risk.sources)}"]
