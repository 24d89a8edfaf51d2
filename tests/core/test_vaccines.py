"""Live vaccines: months by indication first, then by dose rounded up to the next row, from the last infusion."""

from datetime import date
from decimal import Decimal

import pytest

from ivig_dose.catalogue.models import Fact, VaccineRow, VaccineTable
from ivig_dose.core.vaccines import find_deferral
from ivig_dose.quantity import Ratio
from tests.core.asking import plan

D = Decimal


@pytest.mark.parametrize(
    ("indication", "weight", "facts", "months"),
    [
        # the US table (CDC): replacement 0.3-0.4 g/kg 8, ITP 0.4 g/kg 8, ITP 1 g/kg 10, Kawasaki 2 g/kg 11
        ("pid", "70", {}, 8),
        ("pid", "70", {"regimen": "replacement-label-us", "g_per_kg": "0.4"}, 8),
        ("pid", "70", {"regimen": "replacement-label-us", "g_per_kg": "0.401"}, 10),
        ("measles-pep", "70", {}, 8),
        ("itp", "70", {"regimen": "itp-1g-single"}, 10),
        ("itp", "70", {"days": 2}, 10),  # 0.8 g/kg
        ("itp", "70", {}, 11),  # 2 g/kg
        ("kawasaki", "12", {}, 11),
        ("gbs", "70", {"g_per_kg": "1", "days": 2}, 10),
        ("gbs", "70", {"g_per_kg": "1.001", "days": 2}, 11),
        ("gbs", "70", {}, 11),
        ("hdn", "3.4", {"regimen": "hdn-short-infusion"}, 10),  # 0.5 g/kg
    ],
)
def test_the_wait_follows_the_table_and_a_dose_between_two_rows_takes_the_longer(
    catalogue, indication, weight, facts, months
):
    answer = plan(catalogue, indication, weight, **facts).vaccines
    assert answer.defer_months == months
    assert answer.vaccines == ("measles", "mumps", "rubella", "varicella")
    assert answer.table == "us"
    assert answer.sources
    assert "vaccinated again at least 11 months after IVIG" in answer.exception


@pytest.mark.parametrize(
    ("facts", "months"),
    [
        ({}, 8),  # 0.4 g/kg of 24.8 kg is 9.92 g
        ({"product": "privigen-us"}, 10),  # vials of 5 g give 10 g, 0.403 g/kg: above the row of 0.4
        ({"product": "privigen-us", "round": "none"}, 8),
    ],
)
def test_the_wait_is_that_of_the_grams_given_where_they_are_more(catalogue, facts, months):
    answer = plan(catalogue, "pid", "24.8", regimen="replacement-label-us", g_per_kg="0.4", **facts)
    assert answer.vaccines.defer_months == months


@pytest.mark.parametrize(
    ("indication", "facts", "not_before"),
    [
        ("itp", {}, "2026-12-04"),  # the last of 5 days is 4 January; 11 months on
        ("pid", {}, "2026-08-31"),  # 31 December + 8 months
        ("pid", {"cycles": 3}, "2026-10-28"),  # the third is 28 February
        ("kawasaki", {}, "2026-11-30"),  # 31 December + 11 months: November has 30 days
    ],
)
def test_the_date_is_counted_from_the_last_infusion(catalogue, indication, facts, not_before):
    answer = plan(catalogue, indication, "70", start=date(2025, 12, 31), **facts)
    assert answer.vaccines.not_before == date.fromisoformat(not_before)


def test_without_a_start_there_is_no_date(catalogue):
    assert plan(catalogue, "itp", "70").vaccines.not_before is None


def row(at_most, months, *indications):
    return VaccineRow(
        course_g_per_kg_at_most=D(at_most), months=months, sources=(f"row-{months}",), indications=indications
    )


def a_table(*rows):
    exception = Fact(text="except", sources=("exception",))
    return VaccineTable(
        id="x",
        title="x",
        vaccines=("measles",),
        rows=rows,
        above_last_row_months=12,
        exception=exception,
        sources=("t",),
    )


@pytest.mark.parametrize(
    ("indication", "g_per_kg", "months"),
    [
        ("pid", "0.4", 9),  # its own row first
        ("pid", "0.5", 10),  # above its own rows: the general ones
        ("itp", "0.4", 8),
        ("itp", "0.41", 10),
        ("itp", "1", 10),
        ("itp", "1.01", 12),  # above the last row
        ("pid", "3", 12),
    ],
)
def test_an_indications_own_rows_come_first_then_the_general_ones_then_the_longest_wait(indication, g_per_kg, months):
    table = a_table(row("1", 10), row("0.4", 8), row("0.4", 9, "pid"))
    assert find_deferral(table, indication, Ratio(D(g_per_kg)), None).defer_months == months


def test_the_sources_are_those_of_the_row_and_of_the_exception():
    table = a_table(row("1", 10))
    assert find_deferral(table, "itp", Ratio(D(1)), None).sources == ("row-10", "exception")
    assert find_deferral(table, "itp", Ratio(D(2)), None).sources == ("t", "exception")


def test_the_row_is_chosen_by_the_exact_dose():
    """A course of 2/3 + 1/3 g/kg is 1 g/kg and not a hair above it."""
    assert find_deferral(a_table(row("1", 10)), "itp", Ratio(D(3), D(3)), None).defer_months == 10
