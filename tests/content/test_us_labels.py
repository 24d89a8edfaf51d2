"""What US labels say of replacement and of chronic ITP, product by product."""

from decimal import Decimal

import pytest

from tests.content.answers import course_g, notices, plan, refusal
from tests.strategies import as_fraction, shipped

D = Decimal


def test_the_wider_us_range_of_replacement_is_300_to_800_mg_per_kg_every_3_to_4_weeks():
    # asceniv.com, clinical dosing, and both Gammaplex labels: 300-800 mg/kg every 3 to 4 weeks
    regimen = shipped().regimens["replacement-label-us-800"]
    assert (regimen.g_per_kg.low, regimen.g_per_kg.high) == (D("0.3"), D("0.8"))
    assert (regimen.interval.low, regimen.interval.high, regimen.interval.unit) == (3, 4, "weeks")
    # 70 kg: 0.3 x 70 = 21 g, 0.4 x 70 = 28 g, 0.8 x 70 = 56 g
    answer = plan("pid", "70", regimen="replacement-label-us-800")
    assert course_g(answer) == 28
    assert (as_fraction(answer.dose.course_low_g), as_fraction(answer.dose.course_high_g)) == (21, 56)


@pytest.mark.parametrize("g_per_kg", ["0.29", "0.81"])
def test_the_wider_range_ends_at_0_3_and_0_8(g_per_kg):
    assert (
        refusal("pid", "70", regimen="replacement-label-us-800", g_per_kg=D(g_per_kg)).rule == "g-per-kg-out-of-range"
    )


def test_a_plan_says_that_two_products_of_the_range_were_read_in_secondary_sources_only():
    warnings = [
        each for each in plan("pid", "70", regimen="replacement-label-us-800").notices if each.level == "warning"
    ]
    said = {each.id: each.text for each in warnings}["secondary-replacement-label-us-800"]
    assert "Bivigam and Qivigy" in said
    assert "secondary-replacement-label-us" not in notices("pid", "70", regimen="replacement-label-us")


def test_every_plan_with_qivigy_says_that_its_figures_are_secondary():
    assert "secondary-qivigy" in notices("pid", "70", product="qivigy", regimen="replacement-label-us-800")


def test_every_product_with_us_rates_for_pid_is_among_the_labelled_ones():
    # the catalogue's own product section: rates for pid on a US label mean that the label has the indication
    status = shipped().indications["pid"].status["us-fda"]
    assert {"Octagam 5%", "Bivigam", "Asceniv", "Gammaplex 5%", "Gammaplex 10%", "Qivigy"} <= set(status.products)
    for words in ("12 years and over (Asceniv)", "adults (Qivigy)", "Bivigam, Gammaplex 5% and 10%"):
        assert words in status.age.replace("\n", " ")


def test_gammaplex_is_labelled_for_chronic_itp_in_adults():
    status = shipped().indications["itp"].status["us-fda"]
    assert {"Gammaplex 5%", "Gammaplex 10%"} <= set(status.products)
    assert "Gammaplex 5% and 10%" in status.age.split(";")[0]
    assert status.age.startswith("adults")


def test_the_notices_on_low_replacement_name_both_us_ranges():
    said = notices("pid", "70", g_per_kg=D("0.2"))
    assert "up to 0.6 or 0.8" in said["replacement-low-dose"]
    assert "0.3-0.8" in said["differs-replacement-dose"]
