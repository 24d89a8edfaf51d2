"""The bounds of a request's settings: outside them a usage refusal, never an endless schedule or an error of ours."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig_dose.core.plan import make_plan
from ivig_dose.core.request import Request
from ivig_dose.core.settings import refuse_settings
from tests.core.asking import refusal
from tests.strategies import shipped

D = Decimal
PLAIN = Request("pid", D(70))


@pytest.mark.parametrize(
    "facts",
    [
        {"cycles": 1},
        {"cycles": 1000},
        {"tolerance_percent": D(0)},
        {"tolerance_percent": D(100)},
        {"pump_step_ml_per_h": D("0.001")},
        {"pump_step_ml_per_h": D(100)},
        {"start": date(1980, 1, 1)},
        {"start": datetime.fromisoformat("2100-12-31T23:59")},
        {},
    ],
)
def test_settings_on_their_bounds_are_taken(facts):
    assert refuse_settings(PLAIN._replace(**facts)) is None


@pytest.mark.parametrize(
    ("facts", "rule", "message"),
    [
        ({"cycles": 0}, "cycles", "the number of cycles, 0, is outside 1 to 1000"),
        ({"cycles": -1}, "cycles", "the number of cycles, -1, is outside 1 to 1000"),
        ({"cycles": 10**12}, "cycles", "the number of cycles, 1000000000000, is outside 1 to 1000"),
        ({"tolerance_percent": D("100.1")}, "tolerance", "the tolerance, 100.1 %, is outside 0 to 100 %"),
        ({"tolerance_percent": D(-1)}, "tolerance", "the tolerance, -1 %, is outside 0 to 100 %"),
        ({"tolerance_percent": D("NaN")}, "tolerance", "the tolerance, NaN %, is outside 0 to 100 %"),
        ({"tolerance_percent": D("100.0004")}, "tolerance", "the tolerance, 100.0004 %, is outside 0 to 100 %"),
        ({"pump_step_ml_per_h": D(0)}, "pump-step", "the step of the pump, 0 mL/h, is outside 0.001 to 100 mL/h"),
        ({"pump_step_ml_per_h": D(101)}, "pump-step", "the step of the pump, 101 mL/h, is outside 0.001 to 100 mL/h"),
        ({"start": date(206, 1, 5)}, "start", "the year of the start, 206, is outside 1980 to 2100"),
        ({"start": date(9999, 12, 31)}, "start", "the year of the start, 9999, is outside 1980 to 2100"),
    ],
)
def test_settings_outside_their_bounds_are_refused_with_the_bounds(facts, rule, message):
    answer = make_plan(PLAIN._replace(**facts), shipped())
    assert answer.rule == f"{rule}-out-of-bounds"
    assert answer.message == message
    assert answer.hint == f"give --{rule} inside these bounds"
    assert answer.kind == "usage"


@given(st.integers(), st.decimals(), st.decimals(), st.dates())
def test_no_setting_breaks_the_plan(cycles, tolerance, pump_step, start):
    request = PLAIN._replace(
        cycles=cycles, tolerance_percent=tolerance, pump_step_ml_per_h=pump_step, start=start, product="panzyga-us"
    )
    answer = make_plan(request, shipped())
    assert answer is not None


@pytest.mark.parametrize("step", ["0", "-5", "0.0005", "0.0015", "100.001", "999999"])
def test_a_rounding_step_off_the_grid_or_out_of_reach_is_refused(catalogue, step):
    answer = refusal(catalogue, "gbs", "70", round=D(step), product="panzyga-us")
    assert answer.rule == "rounding-step-unusable"
    assert answer.message == f"{step} g is no rounding step"
    assert answer.kind == "usage"
    assert answer.hint == "give a step of 0.001 to 100 g, such as --round 5g"
