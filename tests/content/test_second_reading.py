"""Rules, notes and vials that a second reading of labels and guidelines settled."""

from decimal import Decimal

import pytest

from tests.content.answers import notices, refusal
from tests.strategies import shipped

D = Decimal


@pytest.mark.parametrize("indication", ["itp", "mg", "cidp"])
def test_an_fcrn_inhibitor_is_a_warning_in_any_disease_and_a_c5_inhibitor_is_not(indication):
    # efgartigimod text: it lowers immunoglobulins whatever the disease; 2 weeks after the last dose of a cycle
    said = notices(indication, "70", risks=("fcrn-inhibitor",))["fcrn-inhibitor-any"]
    assert "2 weeks" in said
    assert said.endswith("read in a copy only.")  # SECONDARY in the second reading
    assert "fcrn-inhibitor-any" not in notices(indication, "70", risks=("c5-inhibitor",))


@pytest.mark.parametrize("risk", ["fcrn-inhibitor", "c5-inhibitor"])
def test_the_australian_rule_on_both_inhibitors_is_for_myasthenia_only(risk):
    assert "mg-fcrn" in notices("mg", "70", risks=(risk,))
    assert "mg-fcrn" not in notices("cidp", "70", risks=(risk,))


@pytest.mark.parametrize(("indication", "regimen"), [("pid", "replacement-label-us"), ("sid", "replacement-sid-eu")])
def test_before_measles_the_replacement_dose_of_pid_and_sid_is_at_least_0_53(indication, regimen):
    # EU Flebogamma text: 0.53 g/kg once before exposure, in PID and in SID; 0.4 is below it
    said = notices(indication, "70", regimen=regimen, risks=("measles-exposure-risk",))
    assert "PID and SID" in said["measles-replacement-dose"]


def test_at_0_53_g_per_kg_nothing_is_asked_for():
    facts = {"regimen": "replacement-label-us-800", "risks": ("measles-exposure-risk",)}
    assert "measles-replacement-dose" not in notices("pid", "70", g_per_kg=D("0.53"), **facts)
    assert "measles-replacement-dose" in notices("pid", "70", g_per_kg=D("0.529"), **facts)


def test_fructose_intolerance_with_sorbitol_is_a_contraindication_of_the_eu_text():
    answer = refusal("pid", "70", product="flebogamma-dif-5-us", risks=("fructose-intolerance",))
    assert (answer.rule, "ema-flebogamma-5" in answer.sources) == ("sorbitol-fructose-intolerance-stop", True)


def test_authorities_differ_on_a_second_dose_in_mis_c():
    # PMC8445592, table 2: the UK consensus considers a second dose, the ACR advises against one
    said = notices("mis-c", "20")["differs-mis-c-repeat"]
    assert "UK consensus considers" in said
    assert "ACR advises against" in said


def test_every_plan_with_flebogamma_5_us_says_which_vials_are_doubtful():
    # NDC 61953-0004, excerpt of 30 October 2026: it starts at package 3: 100, 200 and 400 mL (5, 10 and 20 g)
    assert "0.5 and 2.5 g" in notices("pid", "70", product="flebogamma-dif-5-us")["secondary-flebogamma-dif-5-us"]


def test_the_maker_of_gammaplex_5_asks_for_care_with_2_g_per_kg_in_itp():
    assert any("weigh carefully" in each.text for each in shipped().products["gammaplex-5"].cautions)


def test_gamunex_c_comes_in_bags_too():
    assert "bags" in shipped().products["gamunex-c"].market.text
