"""Where 2 g/kg in a day is right, and what the warnings on high daily doses say elsewhere."""

from decimal import Decimal

import pytest

from tests.content.answers import course_g, notices, plan
from tests.strategies import as_fraction, shipped

D = Decimal


@pytest.mark.parametrize("weight", ["12", "70"])
def test_toxic_shock_is_2_g_per_kg_as_one_dose_and_no_rule_asks_to_split_it(weight):
    # Therapeutic Guidelines (AU), staphylococcal toxic shock: adults and children 2 g/kg once, within 72 hours
    answer = plan("tss", weight, regimen="tss-single")
    assert course_g(answer) == 2 * as_fraction(D(weight))
    assert len(answer.dose.days_g) == 1
    said = {each.id for each in answer.notices}
    assert not said & {"single-2g-elsewhere", "daily-above-1g"}
    regimen = shipped().regimens["tss-single"]
    assert "au-etg-tss" in regimen.sources
    assert regimen.derived == ()


def test_the_octagam_eu_text_allows_2_g_per_kg_in_one_day_so_no_warning_says_every_label():
    # Octagam EU, CIDP: 2 g/kg over up to 5 consecutive days; one day is inside it
    said = notices("cidp", "70", regimen="cidp-eu-octagam", days=1)
    assert "every label" not in " ".join(said.values())
    assert "Octagam EU" in said["daily-above-1g"]


def test_one_g_per_kg_in_a_day_is_not_above_and_a_little_more_is():
    # cidp-maintenance, 1 g/kg in 1 day; cidp-eu-octagam, 2 g/kg in 2 days is 1 g/kg a day, in 1 day 2 g/kg
    assert "daily-above-1g" not in notices("cidp", "70", regimen="cidp-eu-octagam", days=2)
    assert "daily-above-1g" in notices("cidp", "70", regimen="cidp-eu-octagam", days=1)


@pytest.mark.parametrize("indication", ["transplant-amr", "transplant-desensitisation"])
@pytest.mark.parametrize(("weight", "warned"), [("140", False), ("140.1", True), ("150", True)])
def test_140_g_in_a_day_is_a_warning_about_the_kidney_and_no_limit_of_the_regimen(indication, weight, warned):
    # Ontario reports 140 g as the ceiling of some nephrologists; 2 g/kg over 2 days is 1 g/kg, so 140 kg x 1 = 140 g
    regimen = {"transplant-amr": "transplant-amr-4-weekly"}.get(indication, "transplant-desensitisation-4-weekly")
    said = notices(indication, weight, regimen=regimen, days=2)
    assert ("transplant-140-g" in said) is warned
    if warned:
        assert "kidney" in said["transplant-140-g"]
    limits = shipped().regimens[regimen].limits
    assert limits is None or limits.g_per_day is None


def test_further_cycles_are_of_ivig_alone():
    assert "IVIG alone" in shipped().regimens["transplant-amr-4-weekly"].repeat
