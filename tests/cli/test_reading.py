"""Texts of a request are read by one strict grammar, and every refusal says what to type instead."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from ivig_dose.core.reading import (
    read_blood_group,
    read_cycles,
    read_request,
    read_rounding,
    read_sex,
    read_start,
    read_stock,
    read_tolerance_percent,
)
from ivig_dose.quantity import QuantityError


def test_a_request_holds_every_text_as_its_exact_value():
    request = read_request(
        indication="CIDP",
        weight="118 kg",
        height="1.70 m",
        sex="f",
        age="54",
        regimen="high-dose-divided",
        g_per_kg="1.5",
        days="3",
        weight_policy="adjusted",
        product="privigen-us",
        rounding="vial",
        round_direction="Down",
        tolerance="7.5",
        stock="10x4,5x2",
        risks=("diabetes", "no-migraine"),
        blood_group="ab",
        start="2026-01-31T09:00",
        cycles="6",
        pump_step="0.1",
    )

    assert request.indication == "CIDP"
    assert request.weight_kg == Decimal(118)
    assert request.height_cm == Decimal(170)
    assert (request.sex, request.blood_group) == ("F", "AB")
    assert request.age_years == Decimal(54)
    assert request.g_per_kg == Decimal("1.5")
    assert (request.days, request.cycles) == (3, 6)
    assert (request.regimen, request.weight_policy, request.product) == ("high-dose-divided", "adjusted", "privigen-us")
    assert (request.rounding, request.round_direction) == ("vial", "down")
    assert request.tolerance_percent == Decimal("7.5")
    assert request.stock == ((Decimal(10), 4), (Decimal(5), 2))
    assert request.risks == ("diabetes", "no-migraine")
    assert request.start == datetime(2026, 1, 31, 9, 0)  # noqa: DTZ001 - the ward's clock has no zone
    assert request.pump_step_ml_per_h == Decimal("0.1")


def test_what_is_not_said_stays_unknown():
    request = read_request(indication="itp", weight="70")

    assert (request.height_cm, request.sex, request.age_years, request.blood_group) == (None, None, None, None)
    assert (request.g_per_kg, request.days, request.rounding, request.stock, request.start) == (None,) * 5
    assert request.cycles == 1


def test_a_missing_weight_is_never_assumed():
    with pytest.raises(QuantityError, match=r"the weight is missing.*--weight 70"):
        read_request(indication="itp", weight=None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("vial", "vial"), ("NONE", "none"), ("5g", Decimal(5)), ("2.5 g", Decimal("2.5")), (" 10g ", Decimal(10))],
)
def test_rounding_is_vials_nothing_or_grams_with_their_unit(text, expected):
    assert read_rounding(text) == expected


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("5", "write the unit: 5g"),
        ("0g", "is zero"),
        ("-5g", "negative"),
        ("5mg", "not a number"),
        ("5,0g", "decimal point: 5.0"),
        ("up", "vial, none or grams"),
        ("", "vial, none or grams"),
        ("g", "rounding step ''"),
    ],
)
def test_other_roundings_are_refused(text, says):
    with pytest.raises(QuantityError) as caught:
        read_rounding(text)

    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10x4,5x2", ((Decimal(10), 4), (Decimal(5), 2))),
        ("10x4, 5x2", ((Decimal(10), 4), (Decimal(5), 2))),
        ("2.5x12", ((Decimal("2.5"), 12),)),
    ],
)
def test_stock_is_grams_times_count(text, expected):
    assert read_stock(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "10", "10x", "x4", "10x4,", ",10x4", "10x4;5x2", "10x0", "0x4", "10x-1", "10x1.5", "10 x 4", "10gx4", "10x4x2",
     "10x4 5x2", "1_0x4", "\u06610x4", "10x4,10x2", "10x4,10.0x2", "9" * 13 + "x1", "1x" + "9" * 13],
)  # fmt: skip
def test_other_stocks_are_refused(text):
    with pytest.raises(QuantityError):
        read_stock(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-31", date(2026, 1, 31)),
        ("2028-02-29", date(2028, 2, 29)),
        ("2026-01-31T09:00", datetime(2026, 1, 31, 9, 0)),  # noqa: DTZ001
        ("2026-01-31 23:59", datetime(2026, 1, 31, 23, 59)),  # noqa: DTZ001
    ],
)
def test_a_start_is_a_day_with_or_without_the_clock(text, expected):
    start = read_start(text)

    assert start == expected
    assert type(start) is type(expected)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("31/01/2026", "year-month-day"),
        ("2026-1-31", "year-month-day"),
        ("20260131", "year-month-day"),
        ("2026-W05-6", "year-month-day"),
        ("2026-01-31T9:00", "year-month-day"),
        ("2026-01-31T09:00:00", "year-month-day"),
        ("2026-01-31T09:00Z", "year-month-day"),
        ("tomorrow", "year-month-day"),
        ("2026-02-29", "not in the calendar"),
        ("2026-01-31T24:00", "not in the calendar"),
        ("1926-01-31", "outside 1980 to 2100"),
        ("9999-12-31", "outside 1980 to 2100"),
    ],
)
def test_other_starts_are_refused(text, says):
    with pytest.raises(QuantityError) as caught:
        read_start(text)

    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("text", "expected"), [("10", "10"), ("10%", "10"), ("7.5 %", "7.5"), ("0", "0"), ("100", "100")]
)
def test_a_tolerance_is_percent(text, expected):
    assert read_tolerance_percent(text) == Decimal(expected)


@pytest.mark.parametrize("text", ["100.1", "-5", "%", "10%%", "0,1", ""])
def test_other_tolerances_are_refused(text):
    with pytest.raises(QuantityError):
        read_tolerance_percent(text)


@pytest.mark.parametrize("text", ["C", "A+", "O neg", "", "0"])
def test_an_unknown_blood_group_is_refused_with_the_four(text):
    with pytest.raises(QuantityError, match="type O, A, B or AB"):
        read_blood_group(text)


@pytest.mark.parametrize(("text", "sex"), [("Female", "F"), ("male", "M"), ("FEMALE", "F"), ("m", "M")])
def test_a_sex_may_be_written_out(text, sex):
    assert read_sex(text) == sex


@pytest.mark.parametrize("text", ["2026-01-31 00:00:00", "2026-01-31T00:00:00", "2026-01-31 00:00:00.000"])
def test_midnight_with_seconds_is_the_day_alone(text):
    start = read_start(text)

    assert (type(start), start) == (date, date(2026, 1, 31))


@pytest.mark.parametrize("text", ["femal", "X", "", "W", "NA"])
def test_an_unknown_sex_is_refused_with_the_two(text):
    with pytest.raises(QuantityError, match="type F or M"):
        read_sex(text)


@pytest.mark.parametrize("text", ["0", "1001", "-1", "1.5", "999999999999", "six"])
def test_cycles_are_a_schedule_that_a_person_reads(text):
    with pytest.raises(QuantityError):
        read_cycles(text)


def read_one(**texts):
    return read_request(**({"indication": "itp", "weight": "70"} | texts))


@pytest.mark.parametrize(
    ("texts", "problem", "hint"),
    [
        ({"weight": None}, "the weight is missing", "give the actual body weight in kg: --weight 70"),
        ({"g_per_kg": "0,4"}, "g/kg '0,4' is not a number this tool reads",
         "a comma is ambiguous; write the decimal point: 0.4"),
        ({"days": "x"}, "number of days 'x' is not a whole number of 1 or more", "type a number such as 5"),
        ({"sex": "x"}, "sex 'x' is not known", "type F or M"),
        ({"blood_group": "0"}, "blood group '0' is not known", "type O, A, B or AB"),
        ({"round_direction": "x"}, "rounding direction 'x' is not known", "type nearest, down or up"),
        ({"cycles": "x"}, "number of cycles 'x' is not a whole number of 1 or more", "type a number such as 5"),
        ({"cycles": "1001"}, "number of cycles '1001' is above 1000", "schedule fewer at a time"),
        ({"tolerance": "1,5%"}, "tolerance '1,5' is not a number this tool reads",
         "a comma is ambiguous; write the decimal point: 1.5"),
        ({"tolerance": "101"}, "tolerance '101' is above 100 %", "type percent, such as 10"),
        ({"pump_step": "0"}, "pump step '0' is zero", "type a number above zero"),
        ({"pump_step": "x"}, "pump step 'x' is not a number this tool reads",
         "use digits with a decimal point, such as 70 or 70.5"),
        ({"rounding": "5"}, "rounding '5' is not known", "write the unit: 5g"),
        ({"rounding": "x"}, "rounding 'x' is not known", "type vial, none or grams such as 5g"),
        ({"rounding": "0g"}, "rounding step '0' is zero", "type a number above zero"),
        ({"stock": "10x4,5"}, "stock '10x4,5' is not read at '5'",
         "write grams x count, separated by commas: 10x4,5x2"),
        ({"stock": "0x4"}, "vial size '0' is zero", "type a number above zero"),
        ({"stock": "10x0"}, "count of vials '0' is not a whole number of 1 or more", "type a number such as 5"),
        ({"stock": "10x4,10x2"}, "stock '10x4,10x2' names 10 g vials twice", "name each size once"),
        ({"start": "1.2.2026"}, "start '1.2.2026' is not a date this tool reads",
         "write year-month-day, such as 2026-01-31, or with a time: 2026-01-31T09:00"),
        ({"start": "2026-02-30"}, "start '2026-02-30' is not in the calendar", "check day, month and time"),
        ({"start": "2101-01-01"}, "start '2101-01-01' is outside 1980 to 2100", "check the year"),
    ],
)  # fmt: skip
def test_each_refused_text_is_quoted_under_its_name_with_what_to_type(texts, problem, hint):
    with pytest.raises(QuantityError) as caught:
        read_one(**texts)
    assert (caught.value.problem, caught.value.hint) == (problem, hint)


def test_the_bounds_themselves_are_read():
    assert read_one(cycles="1000").cycles == 1000
    assert read_one(tolerance="100").tolerance_percent == 100
    assert read_one(start="1980-01-01").start == date(1980, 1, 1)
    assert read_one(start="2100-12-31").start == date(2100, 12, 31)
