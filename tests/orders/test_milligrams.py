"""Milligrams per kg typed where grams per kg are asked for."""

from decimal import Decimal

import pytest

from ivig_dose.core.plan import make_plan
from ivig_dose.core.request import Request
from ivig_dose.quantity import QuantityError, parse_g_per_kg
from tests.strategies import shipped


@pytest.mark.parametrize(
    ("indication", "typed", "hint"),
    [
        ("itp", "400", "400 mg/kg is 0.4 g/kg: type --g-per-kg 0.4, or '400 mg/kg'"),
        ("gbs", "1500", "1500 mg/kg is 1.5 g/kg: type --g-per-kg 1.5, or '1500 mg/kg'"),
        ("gbs", "140", "is 140 the grams of a dose? 140 g at 70 kg is 2 g/kg"),  # 0.14 g/kg is no dose of the regimen
    ],
)
def test_milligrams_per_kg_in_the_place_of_grams_are_suggested(indication, typed, hint):
    answer = make_plan(Request(indication, Decimal(70), g_per_kg=Decimal(typed)), shipped())
    assert (answer.rule, answer.hint) == ("g-per-kg-out-of-range", hint)


@pytest.mark.parametrize(
    ("typed", "g_per_kg"),
    [("0.4", "0.4"), ("0.4 g/kg", "0.4"), ("400 mg/kg", "0.4"), ("400mg/kg", "0.4"), ("1 G / KG", "1")],
)
def test_a_dose_per_kg_is_read_with_its_unit(typed, g_per_kg):
    assert parse_g_per_kg(typed) == Decimal(g_per_kg)


@pytest.mark.parametrize("typed", ["400 mg", "0.4 g", "0,4 g/kg", "400 µg/kg", ".4 mg/kg", "mg/kg", "0.4 g/kg/day"])
def test_another_unit_per_kg_is_refused(typed):
    with pytest.raises(QuantityError):
        parse_g_per_kg(typed)
