"""Exact amounts to the decimals of a document or a screen."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig_dose.quantity import Ratio
from ivig_dose.report.numbers import divide, grams, percent, show_amount, show_minutes, show_signed, write_number

DECIMALS = st.decimals(
    min_value=Decimal("-1e9"), max_value=Decimal("1e9"), allow_nan=False, allow_infinity=False, places=6
)
ABOVE_ZERO = st.decimals(min_value=Decimal("0.001"), max_value=Decimal("1e4"), places=3)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("28", "28"),
        ("28.0", "28"),
        ("28.00", "28"),
        ("0.40", "0.4"),
        ("140", "140"),
        ("1.4E+2", "140"),
        ("1E-6", "0.000001"),
        ("0E-3", "0"),
        ("-0.0", "0"),
        ("-0.110", "-0.11"),
        ("100", "100"),
        ("70.123456789", "70.123456789"),
    ],
)
def test_digits_have_no_exponent_and_no_trailing_zero(value: str, text: str) -> None:
    assert write_number(Decimal(value)) == text


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "sNaN"])
def test_what_is_no_number_is_never_written(value: str) -> None:
    with pytest.raises(ValueError, match="is not a number"):
        write_number(Decimal(value))


@given(DECIMALS)
def test_digits_read_back_to_the_same_number(value: Decimal) -> None:
    text = write_number(value)
    assert Decimal(text) == value
    assert "E" not in text
    assert "." not in text or text[-1] not in "0."


@pytest.mark.parametrize(
    ("ratio", "expected"),
    [
        (Ratio(Decimal(140), Decimal(3)), "46.667"),
        (Ratio(Decimal(-140), Decimal(3)), "-46.667"),
        (Ratio(Decimal("0.0005")), "0.001"),
        (Ratio(Decimal("0.00049")), "0"),
        (Ratio(Decimal("28.20")), "28.2"),
        (Ratio(Decimal(1), Decimal(8)), "0.125"),
    ],
)
def test_grams_are_divided_once_with_ties_away_from_zero(ratio: Ratio, expected: str) -> None:
    assert write_number(grams(ratio)) == expected


@given(DECIMALS, ABOVE_ZERO)
def test_division_is_the_nearest_decimal_of_the_exact_quotient(numerator: Decimal, denominator: Decimal) -> None:
    divided = Fraction(divide(Ratio(numerator, denominator), 2))
    exact = Fraction(numerator) / Fraction(denominator)
    assert abs(divided - exact) <= Fraction(1, 200)
    assert (divided * 100).denominator == 1


@given(DECIMALS)
def test_a_decimal_is_rounded_half_up(value: Decimal) -> None:
    assert divide(value, 2) == value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def test_percentages_have_two_decimals() -> None:
    # -0.11 g of 25.11 g: -11 / 25.11 = -0.43807...
    assert percent(Ratio(Decimal(-11), Decimal("25.11"))) == Decimal("-0.44")


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (Ratio(Decimal(2055), Decimal(2)), "g", "1,027.5 g"),
        (Ratio(Decimal(140), Decimal(3)), "g", "46.667 g"),
        (Decimal("0.30"), "mL/kg/h", "0.3 mL/kg/h"),
        (Ratio(Decimal(-1), Decimal(2)), "g", "-0.5 g"),
    ],
)
def test_amounts_on_screen(value: Ratio | Decimal, unit: str, text: str) -> None:
    assert show_amount(value, unit) == text


@pytest.mark.parametrize(
    ("value", "text"), [(Ratio(Decimal(5)), "+5 g"), (Ratio(Decimal("-0.110")), "-0.11 g"), (Ratio(Decimal(0)), "0 g")]
)
def test_a_change_shows_its_sign(value: Ratio, text: str) -> None:
    assert show_signed(value, "g") == text


@pytest.mark.parametrize(
    ("minutes", "text"),
    [("45", "45 min"), ("660", "11 h"), ("145.45", "2 h 25 min"), ("0.5", "1 min"), ("59.5", "1 h"), ("1500", "25 h")],
)
def test_durations(minutes: str, text: str) -> None:
    assert show_minutes(Decimal(minutes)) == text
