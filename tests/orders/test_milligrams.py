"""Milligrams per kg typed where grams per kg are asked for."""

from decimal import Decimal

import pytest

from ivig_dose.core.plan import make_plan
from ivig_dose.core.request import Request
from tests.strategies import shipped


@pytest.mark.parametrize(
    ("indication", "typed", "hint"),
    [
        ("itp", "400", "400 mg/kg is 0.4 g/kg: type --g-per-kg 0.4"),
        ("gbs", "1500", "1500 mg/kg is 1.5 g/kg: type --g-per-kg 1.5"),
        ("gbs", "140", "is 140 the grams of a dose? 140 g at 70 kg is 2 g/kg"),  # 0.14 g/kg is no dose of the regimen
    ],
)
def test_milligrams_per_kg_in_the_place_of_grams_are_suggested(indication, typed, hint):
    answer = make_plan(Request(indication, Decimal(70), g_per_kg=Decimal(typed)), shipped())
    assert (answer.rule, answer.hint) == ("g-per-kg-out-of-range", hint)
