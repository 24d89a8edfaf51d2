"""The request in a document: whatever is asked can be asked again from what was written."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig_dose.core.interval import TimeSpan
from ivig_dose.core.reading import read_request
from ivig_dose.core.request import EarlierDose, MaxRate, NextPhase, Request
from ivig_dose.quantity import QuantityError
from ivig_dose.replay.json_reading import read_json
from ivig_dose.report.json_text import dump_line
from ivig_dose.report.request_json import request_document, type_request

NUMBERS = st.decimals(Decimal("0.001"), Decimal("99999.999"), places=3)
NAMES = st.sampled_from(["itp", "ITP", "primary immunodeficiency", "x-y", "<b>"])
DAYS = st.dates(date(1980, 1, 1), date(2100, 12, 31))
SPANS = st.builds(TimeSpan, st.integers(1, 12), st.sampled_from(["weeks", "months"]))
DOSES = st.lists(
    st.builds(EarlierDose, NUMBERS, st.none() | DAYS, st.sampled_from([None, "privigen-us"]), st.none()),
    max_size=3,
    unique_by=lambda dose: dose.on or object(),
).map(tuple)
REQUESTS = st.builds(
    Request,
    indication=NAMES,
    weight_kg=NUMBERS,
    height_cm=st.none() | st.decimals(Decimal(3), Decimal(300), places=2),
    sex=st.sampled_from([None, "F", "M"]),
    age_years=st.none() | st.decimals(Decimal(0), Decimal(120), places=4),
    regimen=st.none() | NAMES,
    g_per_kg=st.none() | NUMBERS,
    days=st.none() | st.integers(1, 99),
    weight_policy=st.none() | NAMES,
    product=st.none() | NAMES,
    rounding=st.sampled_from([None, "vial", "none"]) | NUMBERS,
    round_direction=st.sampled_from([None, "nearest", "down", "up"]),
    tolerance_percent=st.none() | st.decimals(Decimal(0), Decimal(100), places=1),
    stock=st.none()
    | st.dictionaries(NUMBERS, st.integers(1, 99), min_size=1, max_size=3).map(lambda vials: tuple(vials.items())),
    risks=st.lists(NAMES, max_size=3).map(tuple),
    blood_group=st.sampled_from([None, "O", "A", "B", "AB"]),
    start=st.none()
    | DAYS
    | st.builds(lambda day, hour, minute: datetime(day.year, day.month, day.day, hour, minute),  # noqa: DTZ001
                DAYS, st.integers(0, 23), st.integers(0, 59)),
    cycles=st.integers(1, 1000),
    pump_step_ml_per_h=st.none() | NUMBERS,
    max_rate=st.none() | NUMBERS.map(MaxRate) | NUMBERS.map(lambda rate: MaxRate(None, rate)),
    order_tolerance_percent=st.none() | st.tuples(*[st.decimals(Decimal(0), Decimal(100), places=1)] * 2),
    rounding_policy=st.none() | NAMES,
    interval=st.none() | SPANS,
    until=st.none() | DAYS,
    given=DOSES,
    earlier=DOSES,
    then=st.none() | st.builds(
        NextPhase,
        st.sampled_from(["cidp-maintenance", "itp-daily"]),
        st.none() | st.decimals(Decimal("0.001"), Decimal(4), places=3),
        st.none() | st.integers(1, 14),
        st.none() | SPANS,
        st.integers(1, 100),
        st.none(),
        st.none() | SPANS,
    ),
    igg_g_per_l=st.none() | st.decimals(Decimal("0.3"), Decimal(30), places=2),
    igg_target_g_per_l=st.none() | st.decimals(Decimal("0.3"), Decimal(30), places=2),
)  # fmt: skip


def write(request: Request) -> Any:
    return read_json(dump_line(request_document(request, "28 g/day")))


@given(REQUESTS)
def test_what_was_written_asks_the_same(request: Request) -> None:
    assert read_request(**type_request(write(request))) == request


def test_a_plan_has_no_tolerance_of_an_order() -> None:
    request = Request("itp", Decimal(70), order_tolerance_percent=(Decimal(5), Decimal(10)))
    assert "order_tolerance" not in request_document(request)
    assert request_document(request, "28 g/day")["order_tolerance"] == "-5 +10"


def test_the_keys_are_always_all_there_and_name_their_units() -> None:
    assert " ".join(request_document(Request("itp", Decimal(70)))) == (
        "indication weight_kg height_cm sex age_years regimen g_per_kg days weight_policy product rounding "
        "rounding_step_g round_direction tolerance_pct stock risks blood_group start cycles pump_step_ml_per_h "
        "max_rate rounding_policy interval until given earlier then igg igg_target"
    )


def test_a_request_as_an_object() -> None:
    request = Request(
        "itp",
        Decimal(70),
        rounding=Decimal(5),
        stock=((Decimal(10), 4), (Decimal("2.5"), 2)),
        start=datetime(2026, 12, 1, 9, 0),  # noqa: DTZ001
    )
    document = write(request)
    assert (document["rounding"], document["rounding_step_g"]) == ("step", 5)
    assert document["stock"] == [{"g": 10, "count": 4}, {"g": Decimal("2.5"), "count": 2}]
    assert document["start"] == "2026-12-01T09:00"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"wieght_kg": Decimal(70)}, "wieght_kg is not a key of a request"),
        ({"indication": None}, "indication is missing"),
        ({"indication": Decimal(1)}, "indication is not a text"),
        ({"weight_kg": "70"}, "weight_kg is not a number"),
        ({"weight_kg": True}, "weight_kg is not a number"),
        ({"sex": Decimal(1)}, "sex is not a text"),
        ({"risks": "diabetes"}, "risks is not a list"),
        ({"risks": [Decimal(1)]}, r"risks\[0\] is not a text"),
        ({"rounding": "step"}, "rounding_step_g is not a number"),
        ({"stock": "10x4"}, "stock is not a list of vials"),
        ({"stock": [{"g": Decimal(10)}]}, "stock is not a number"),
    ],
)
def test_what_the_tool_does_not_write_is_refused(changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(QuantityError, match=problem):
        type_request({**write(Request("itp", Decimal(70))), **changes})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("weight_kg", Decimal("-70")),
        ("cycles", Decimal("1.5")),
        ("cycles", Decimal(10_000)),
        ("days", Decimal(0)),
        ("start", "9999-12-31"),
        ("start", "tomorrow"),
        ("sex", "X"),
        ("rounding", "halves"),
        ("pump_step_ml_per_h", Decimal(0)),
    ],
)
def test_values_pass_the_same_grammar_as_typed_ones(key: str, value: Any) -> None:
    with pytest.raises(QuantityError):
        read_request(**type_request({**write(Request("itp", Decimal(70))), key: value}))
