"""Ladders that a maker prints, in the unit that the label is dosed in."""

from decimal import Decimal

import pytest

from tests.content.answers import plan

# Takeda, infusion rate table US-GGL-0303v2.0 (05/24): mL/h at each step of 30 min, by weight, PI
CHART = {
    "10": ["5", "10", "20", "30", "40", "50"],
    "15": ["7.5", "15", "30", "45", "60", "75"],
    "105": ["52.5", "105", "210", "315", "420", "525"],
    "120": ["60", "120", "240", "360", "480", "600"],
}


@pytest.mark.parametrize("weight", CHART)
def test_gammagard_liquid_in_pi_runs_as_its_chart_prints(weight):
    # 0.6 g/kg is 6 mL/kg: 0.25 + 0.5 + 1 + 1.5 + 2 = 5.25 mL/kg in five steps of 30 min, the rest at the sixth
    facts = {"product": "gammagard-liquid", "regimen": "replacement-label-us", "rounding": "none"}
    facts["risks"] = ("none",)
    steps = plan("pid", weight, g_per_kg=Decimal("0.6"), **facts).schedule[0].steps
    assert [step.rate_ml_per_h for step in steps] == [Decimal(rate) for rate in CHART[weight]]
    assert [step.minutes for step in steps][:5] == [30] * 5
