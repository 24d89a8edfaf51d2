"""Hypothesis strategies for the tests of the core: patients, requests, vials and amounts, all exact decimals."""

from decimal import Decimal
from fractions import Fraction
from functools import cache

from hypothesis import strategies as st

from ivig_dose.catalogue.loader import load_catalogue
from ivig_dose.catalogue.models import Catalogue, Product
from ivig_dose.core.request import Request
from ivig_dose.quantity import Ratio
from tests.oracle_patient import can_be

VIAL_SIZES_G = tuple(Decimal(text) for text in ("0.5", "1", "2", "2.5", "3", "5", "6", "10", "20", "25", "30", "40"))
"""Vials as sold somewhere, and two odd ones that make a greedy choice fail."""


@cache
def shipped() -> Catalogue:
    """The shipped catalogue."""
    return load_catalogue()


def decimals(low: str, high: str, step: str) -> st.SearchStrategy[Decimal]:
    """Multiples of `step` from `low` to `high`, both ends included."""
    unit = Decimal(step)
    first, last = int(Decimal(low) / unit), int(Decimal(high) / unit)
    return st.integers(first, last).map(lambda count: count * unit)


def weights_kg(low: str = "0.3", high: str = "350") -> st.SearchStrategy[Decimal]:
    """Body weights to 0.1 kg, as scales show them; the default range is all that the tool takes."""
    return decimals(low, high, "0.1")


def heights_cm() -> st.SearchStrategy[Decimal]:
    """Heights to 0.1 cm, often on or beside the boundaries that weight policies have."""
    gates = [Decimal(text) for text in ("151.9", "152", "152.1", "152.3", "152.4", "152.5", "160", "170")]
    return st.one_of(decimals("30", "250", "0.1"), st.sampled_from(gates))


def ages_years() -> st.SearchStrategy[Decimal]:
    """Ages to 0.01 years, often on or beside 18, 20 and 65."""
    gates = [Decimal(text) for text in ("0", "17.99", "18", "18.01", "19.99", "20", "64.99", "65", "120")]
    return st.one_of(decimals("0", "120", "0.01"), st.sampled_from(gates))


def ratios(high: int = 2000) -> st.SearchStrategy[Ratio]:
    """Exact quotients of zero or more, with the denominators that doses have: 1, 2.54, 100, a number of days."""
    denominators = st.one_of(st.sampled_from([Decimal(1), Decimal("2.54"), Decimal(100)]), decimals("1", "30", "1"))
    return st.builds(Ratio, decimals("0", str(high), "0.001"), denominators)


def vial_sizes_g() -> st.SearchStrategy[tuple[Decimal, ...]]:
    """The sizes in which a product comes: one to five different ones."""
    return st.lists(st.sampled_from(VIAL_SIZES_G), min_size=1, max_size=5, unique=True).map(tuple)


def equal_days_g(high: str = "200") -> st.SearchStrategy[tuple[Ratio, ...]]:
    """The exact shares of a course over one to five equal days."""

    def divide(course_g: Decimal, days: int) -> tuple[Ratio, ...]:
        return (Ratio(course_g, Decimal(days)),) * days

    return st.builds(divide, decimals("0.01", high, "0.01"), st.integers(1, 5))


def products() -> st.SearchStrategy[Product]:
    """The products of the shipped catalogue."""
    return st.sampled_from(list(shipped().products.values()))


def requests(**fixed: st.SearchStrategy[object]) -> st.SearchStrategy[Request]:
    """Requests of every kind that the shipped catalogue knows, in bounds; most of them are answered with a plan.

    `fixed` puts another strategy in place of a field's own.
    """
    catalogue = shipped()
    pairs = [(name, regimen) for name, entry in catalogue.indications.items() for regimen in entry.regimens]

    def build(pair: tuple[str, str], fields: dict[str, object]) -> Request:
        request = Request(**{"indication": pair[0], "regimen": pair[1], **fields})  # type: ignore[arg-type]
        return leave_out_impossible(request)

    risks = st.sampled_from([*catalogue.risks, *(f"no-{name}" for name in catalogue.risks), "none"])
    fields: dict[str, st.SearchStrategy[object]] = {
        "weight_kg": st.one_of(weights_kg(), weights_kg("2", "120")),
        "height_cm": st.none() | heights_cm(),
        "sex": st.sampled_from([None, "F", "M"]),
        "age_years": st.none() | ages_years(),
        "weight_policy": st.one_of(st.just(None), st.sampled_from(list(catalogue.weight_policies))),
        "product": st.one_of(st.just(None), st.sampled_from(list(catalogue.products))),
        "rounding": st.sampled_from([None, None, None, "none", Decimal(5), Decimal("0.5"), Decimal("0.001")]),
        "round_direction": st.sampled_from([None, "nearest", "down", "up"]),
        "risks": st.lists(risks, max_size=2).map(tuple),
        "blood_group": st.sampled_from([None, "O", "A", "B", "AB"]),
        "pump_step_ml_per_h": st.sampled_from([None, None, Decimal("0.01"), Decimal("0.3"), Decimal(1)]),
    }
    return st.builds(build, st.sampled_from(pairs), st.fixed_dictionaries({**fields, **fixed}))


def leave_out_impossible(request: Request) -> Request:
    """The request without the height or the age that nobody of that weight has."""
    weight, height, age = Fraction(request.weight_kg), request.height_cm, request.age_years
    if height is not None and not can_be(weight, Fraction(height), None):
        request = request._replace(height_cm=None)
    if age is not None and not can_be(weight, None, Fraction(age)):
        request = request._replace(age_years=None)
    return request


def as_fraction(value: Ratio | Decimal) -> Fraction:
    """The exact value for arithmetic that owes nothing to the tool."""
    if isinstance(value, Ratio):
        return Fraction(value.numerator) / Fraction(value.denominator)
    return Fraction(value)
