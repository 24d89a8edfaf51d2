"""Entries are immutable records, and printed rates convert exactly."""

import pickle
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig_dose.catalogue.models import DayRange, LabelRate, PrintedRate, Risk, is_lower
from ivig_dose.quantity import Ratio, show_ratio

amounts = st.decimals(min_value="0.001", max_value="1000", places=3)
units = st.sampled_from(["mL/kg/h", "mL/kg/min", "mg/kg/min", "mg/kg/h"])
rates = st.builds(lambda value, unit: PrintedRate(value=value, unit=unit), amounts, units)


def fraction(ratio: Ratio) -> Fraction:
    return Fraction(ratio.numerator) / Fraction(ratio.denominator)


def oracle(rate: PrintedRate, g_per_100_ml: Decimal) -> Fraction:
    """mL/kg/h by dimensions: mg/mL is g/100 mL times 1000 mg/g over 100 mL."""
    mg_per_ml = Fraction(g_per_100_ml) * 1000 / 100
    per_hour = Fraction(rate.value) * (60 if rate.unit.endswith("/min") else 1)
    return per_hour if rate.unit.startswith("mL") else per_hour / mg_per_ml


@pytest.mark.parametrize(
    ("value", "unit", "g_per_100_ml", "ml_per_kg_per_h"),
    [
        ("1", "mg/kg/min", "10", "0.6"),
        ("1", "mg/kg/min", "5", "1.2"),
        ("8", "mg/kg/min", "10", "4.8"),
        ("0.08", "mL/kg/min", "10", "4.8"),
        ("3.33", "mg/kg/min", "5", "3.996"),
        ("200", "mg/kg/h", "5", "4"),
        ("0.5", "mL/kg/h", "10", "0.5"),
    ],
)
def test_label_units_become_ml_per_kg_per_h(value: str, unit: str, g_per_100_ml: str, ml_per_kg_per_h: str) -> None:
    rate = PrintedRate(value=Decimal(value), unit=unit)  # type: ignore[arg-type]

    assert show_ratio(rate.ml_per_kg_per_h(Decimal(g_per_100_ml))) == ml_per_kg_per_h


@given(rates, amounts)
def test_every_conversion_is_exact(rate: PrintedRate, g_per_100_ml: Decimal) -> None:
    assert fraction(rate.ml_per_kg_per_h(g_per_100_ml)) == oracle(rate, g_per_100_ml)


@given(rates, rates, amounts)
def test_of_two_printed_units_the_lower_one_counts(
    first: PrintedRate, second: PrintedRate, g_per_100_ml: Decimal
) -> None:
    label = LabelRate(value=first.value, unit=first.unit, also=second)

    expected = min(oracle(first, g_per_100_ml), oracle(second, g_per_100_ml))
    assert fraction(label.effective(g_per_100_ml)) == expected


@given(amounts, amounts, amounts, amounts)
def test_ratios_are_compared_without_dividing(a: Decimal, b: Decimal, c: Decimal, d: Decimal) -> None:
    assert is_lower(Ratio(a, b), Ratio(c, d)) == (Fraction(a) / Fraction(b) < Fraction(c) / Fraction(d))


def test_an_entry_cannot_be_changed() -> None:
    days = DayRange(low=2, high=5, default=5)

    with pytest.raises(AttributeError, match="immutable"):
        days.low = 1  # type: ignore[misc]
    with pytest.raises(AttributeError, match="immutable"):
        del days.low


def test_an_entry_takes_each_of_its_fields_once_by_name() -> None:
    with pytest.raises(TypeError, match="default is missing"):
        DayRange(low=2, high=5)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="unknown field defualt"):
        DayRange(low=2, high=5, default=5, defualt=5)  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        DayRange(2, 5, 5)  # type: ignore[misc]


def test_entries_are_equal_by_their_values_and_only_to_their_own_kind() -> None:
    days = DayRange(low=2, high=5, default=5)

    assert days == DayRange(low=2, high=5, default=5)
    assert hash(days) == hash(DayRange(low=2, high=5, default=5))
    assert days != replace(days, default=4)
    assert days != (2, 5, 5)
    assert PrintedRate(value=Decimal(1), unit="mL/kg/h") != LabelRate(value=Decimal(1), unit="mL/kg/h")


def test_an_entry_is_shown_copied_and_pickled_whole() -> None:
    risk = Risk(id="diabetes", title="Diabetes")

    assert repr(risk) == "Risk(id='diabetes', title='Diabetes', aliases=())"
    assert replace(risk, title="Diabetes mellitus").id == "diabetes"
    assert pickle.loads(pickle.dumps(risk)) == risk  # noqa: S301 - its own pickle
