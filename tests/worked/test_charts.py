"""Makers' rate charts, payers' billing units and other software, against ours; where theirs contradicts itself, why.

`charts.yaml` is read-only as `cases.yaml` is: `changes-charts.txt` has the digest, the date, source and reason.
"""

import hashlib
import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from ivig_dose.core.plan import make_plan
from ivig_dose.core.request import Request
from ivig_dose.core.results import Plan
from ivig_dose.core.weight import compute_adjusted_kg, compute_ideal_kg
from ivig_dose.problems import Refusal
from ivig_dose.quantity import parse_g_per_kg
from tests.strategies import as_fraction, shipped

HERE = Path(__file__).parent
D = Decimal
LB_PER_KG = Fraction(1) / Fraction("0.45359237")


def read_charts():
    from yaml import safe_load

    return safe_load((HERE / "charts.yaml").read_text(encoding="utf-8"))


CHARTS = read_charts()


def named(prefix):
    return [id_ for id_ in CHARTS if id_.startswith(prefix)]


def case(id_):
    return CHARTS[id_]["inputs"], CHARTS[id_]["published"]


def plan(indication, weight, **facts):
    answer = make_plan(Request(indication, D(weight), **facts), shipped())
    assert isinstance(answer, Plan), answer
    return answer


def rates(indication, weight, **facts):
    """The settings in mL/h that an infusion large enough would climb through."""
    answer = plan(indication, weight, product=facts.pop("product", "gammagard-liquid"), **facts)
    return [step.rate_ml_per_h for step in answer.schedule[0].steps]


def test_no_chart_is_edited_without_a_note_of_its_source_and_reason():
    digest = hashlib.sha256((HERE / "charts.yaml").read_bytes()).hexdigest()
    notes = (HERE / "changes-charts.txt").read_text(encoding="utf-8").splitlines()
    assert all(re.fullmatch(r"[0-9a-f]{64}  [0-9]{4}-[0-9]{2}-[0-9]{2}  \S.{20,}", note) for note in notes)
    assert notes[-1].startswith(digest)


@pytest.mark.parametrize("id_", named("RATE-GGL-PI-"))
def test_gammagard_in_primary_immunodeficiency(id_):
    """0.5, 1, 2, 3, 4, 5 mL/kg/h, 30 minutes each. 0.8 g/kg is enough for all: 2 h 30 min give 0.525 g/kg."""
    inputs, published = case(id_)
    chart = [D(rate) for rate in published["mL_per_h"].values()]
    assert (
        rates("pid", inputs["weight_kg"], regimen="replacement-label-eu", g_per_kg=D("0.8"), rounding="none") == chart
    )
    for per_kg, grams in published["dose_g"].items():
        dose = plan("pid", inputs["weight_kg"], regimen="replacement-label-us", g_per_kg=D(per_kg.split()[0]))
        assert as_fraction(dose.dose.course_g) == Fraction(grams)


@pytest.mark.parametrize("id_", [*named("RATE-GGL-MMN-"), *named("RATE-GGL-CIDP-")])
def test_gammagard_in_mmn_and_cidp(id_):
    """First and highest rate; between them the chart prints no steps."""
    inputs, published = case(id_)
    first, highest = (D(rate) for rate in published["mL_per_h"].values())
    indication = inputs["indication"].lower()
    weight = D(inputs["weight_kg"])
    found = rates(indication, weight, g_per_kg=D(2), days=2, rounding="none")
    assert (found[0], found[-1]) == (first, highest)


@pytest.mark.parametrize("id_", named("RATE-GGL-MMN-"))
def test_the_month_of_mmn(id_):
    inputs, published = case(id_)
    for per_kg, grams in published["dose_g_per_month"].items():
        dose = plan("mmn", inputs["weight_kg"], regimen="mmn-label-us", g_per_kg=D(per_kg.split()[0]))
        assert as_fraction(dose.dose.course_g) == Fraction(grams)


@pytest.mark.parametrize("id_", named("RATE-GGL-CIDP-"))
def test_the_dose_columns_of_the_cidp_chart_are_those_of_mmn(id_):
    """The chart's text gives 2 g/kg, then 1 g/kg to go on; its columns hold 0.5 and 2.4 g/kg, the range of MMN."""
    inputs, published = case(id_)
    weight = Fraction(inputs["weight_kg"])
    assert [Fraction(grams) / weight for grams in published["dose_g"].values()] == [Fraction("0.5"), Fraction("2.4")]
    assert as_fraction(plan("cidp", inputs["weight_kg"], regimen="induction-divided").dose.course_g) == 2 * weight
    assert as_fraction(plan("cidp", inputs["weight_kg"], regimen="cidp-maintenance").dose.course_g) == weight


UNITS = {
    "UNIT-MAG-PID": ("pid", {"regimen": "replacement-label-eu", "g_per_kg": D("0.8")}),
    "UNIT-MAG-FAIT": ("fnait", {"sex": "F"}),
    "UNIT-MAG-KD": ("kawasaki", {}),
    "UNIT-MAG-CLL": ("cll", {"regimen": "cll-label-us"}),
    "UNIT-MAG-HIV": ("pediatric-hiv", {"regimen": "hiv-child"}),
    "UNIT-MAG-GBS": ("gbs", {}),
    "UNIT-MAG-BMT": ("bmt", {"regimen": "bmt-weekly", "age_years": D(40)}),
}


@pytest.mark.parametrize("id_", named("UNIT-MAG-"))
def test_units_of_half_a_gram_that_a_payer_allows(id_):
    """The policy prints units of 0.5 g, rounded up to the whole; one weight explains its nine rows."""
    inputs, published = case(id_)
    indication, facts = UNITS[id_]
    course_g = as_fraction(plan(indication, inputs["weight_kg_inferred"], **facts).dose.course_g)
    assert -(-course_g // Fraction(inputs["g_per_billable_unit"])) == int(published["billable_units"])


def test_dose_care_simple():
    inputs, published = case("DOSE-CARE-SIMPLE")
    dose = plan("mg", inputs["weight_kg"], g_per_kg=D(inputs["g_per_kg"]), days=int(inputs["days"])).dose
    assert as_fraction(dose.course_g) == Fraction(published["total_g"])
    assert as_fraction(dose.g_per_kg_per_day) == Fraction(published["g_per_kg_per_day"])


def test_dose_icr_kd_12():
    inputs, published = case("DOSE-ICR-KD-12")
    assert as_fraction(plan("kawasaki", inputs["weight_kg"]).dose.course_g) == Fraction(published["dose_g"])


def test_dose_fhir_r6_68():
    """5 mg/kg in a format's example is 40 to 400 times below any dose: refused."""
    inputs, _ = case("DOSE-FHIR-R6-68")
    request = Request(
        "pid", D(inputs["weight_kg_inferred"]), g_per_kg=parse_g_per_kg(inputs["dose"]), product="gammagard-liquid"
    )
    answer = make_plan(request, shipped())
    assert isinstance(answer, Refusal)
    assert answer.rule == "g-per-kg-out-of-range"


@pytest.mark.parametrize("id_", ["DW-GDL-F180", "DW-GDL-M190"])
def test_ideal_weight_in_whole_kilograms(id_):
    inputs, published = case(id_)
    ideal = as_fraction(compute_ideal_kg(inputs["sex"], D(inputs["height_cm"])))
    assert int(ideal) == int(published["ibw_kg"])


def test_dw_gdl_f160_80():
    """45.5 + 0.91 x 7.6 is 52.42 by Devine's inches 52.38; 154 % is 80/52 and not 80/52.38 = 152.7 %."""
    inputs, published = case("DW-GDL-F160-80")
    ideal = compute_ideal_kg(inputs["sex"], D(inputs["height_cm"]))
    adjusted = compute_adjusted_kg(ideal, D(inputs["weight_kg"]), D(inputs["factor"]))
    assert (int(as_fraction(ideal)), int(as_fraction(adjusted))) == (
        int(published["ibw_kg"]),
        int(published["adjusted_kg"]),
    )
    assert round(float(Fraction(80) / as_fraction(ideal) * 100), 1) == 152.7
    assert CHARTS["DW-GDL-F160-80"]["consistent"] is False


def test_dw_gdl_f70in():
    inputs, published = case("DW-GDL-F70IN")
    pounds = as_fraction(compute_ideal_kg(inputs["sex"], D(inputs["height_cm"]))) * LB_PER_KG
    assert round(pounds) == int(published["ibw_lb"])


def test_dw_gdl_m67in_150lb():
    """Kilograms and pounds are mixed there: a man at 103 % of his ideal weight is called 227 %."""
    inputs, published = case("DW-GDL-M67IN-150LB")
    ideal = as_fraction(compute_ideal_kg(inputs["sex"], D(inputs["height_cm"])))
    assert float(ideal) == pytest.approx(66.1)  # printed as 66 lb
    assert round(float(Fraction(inputs["weight_kg"]) / ideal * 100), 1) == 102.9
    assert published["percent_of_ibw"] == "227"


def test_max_tx_flebo5():
    """5 mg/kg/min at 20 kg and 50 mg/mL: 120 mL/h."""
    inputs, _ = case("MAX-TX-FLEBO5")
    weight = inputs["weight_kg_chosen_here"]
    found = rates(
        "pid", weight, product="flebogamma-dif-5-us", regimen="replacement-label-us", g_per_kg=D("0.6"), age_years=D(5),
        rounding="none", risks=("none",),
    )  # fmt: skip
    assert max(found) == 120


def test_rate_asceniv_70():
    """0.5 and 8 mg/kg/min of a 10 % product: 0.005 and 0.08 mL/kg/min, 21 and 336 mL/h at 70 kg."""
    found = rates(
        "pid", "70", product="asceniv", regimen="replacement-label-us-800", g_per_kg=D("0.8"), rounding="none"
    )
    _, published = case("RATE-ASCENIV-70")
    ends = (published["start_mL_per_kg_per_min"], published["max_mL_per_kg_per_min"])
    assert (found[0], found[-1]) == tuple(D(rate) * 60 * 70 for rate in ends)


def test_rate_ggl_ex_72():
    """40 g are 400 mL: 36 mL/h for 30 minutes are 18 mL, 1.8 g; on the chart's ladder it takes 2 h 34 min."""
    inputs, published = case("RATE-GGL-EX-72")
    answer = plan(
        "pid", inputs["weight_kg"], product="gammagard-liquid", regimen="replacement-label-eu", g_per_kg=D("0.55"),
        rounding=D(5),
    )  # fmt: skip
    day = answer.schedule[0]
    assert (day.dose_g, day.volume_ml) == (D(inputs["dose_g"]), D(published["volume_mL"]))
    assert [step.rate_ml_per_h for step in day.steps[:2]] == [
        D(published["start_mL_per_h"]),
        D(published["second_mL_per_h"]),
    ]
    assert day.steps[-1].rate_ml_per_h == D(published["max_mL_per_h"])
    assert day.steps[0].cumulative_ml * 10 / 100 == D(published["given_g_after_30_min"])
    assert round(day.total_minutes, 1) == D("153.7")


def test_rate_cdss_first_60():
    """A nurses' app stops a first infusion at 4 mL/kg/h by a house rule, the label at 5: the rungs below agree."""
    inputs, published = case("RATE-CDSS-FIRST-60")
    found = rates(
        "pid", inputs["weight_kg_inferred"], regimen="replacement-label-eu", g_per_kg=D("0.8"), rounding="none"
    )
    assert found[:5] == [D(rate) for rate in published["mL_per_h"]]
    assert found[5:] == [300]


def test_every_chart_has_a_test():
    source = Path(__file__).read_text(encoding="utf-8")
    prefixes = re.findall(r'named\("([A-Z-]+)"\)', source)
    assert [id_ for id_ in CHARTS if f'"{id_}"' not in source and not id_.startswith(tuple(prefixes))] == []
