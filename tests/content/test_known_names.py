"""Products and diseases that are known by name only, and the content that came with the second reading."""

from decimal import Decimal
from fractions import Fraction

import pytest

from ivig_dose.core.names import refuse_unknown
from ivig_dose.core.plan import make_plan
from ivig_dose.core.request import Request
from ivig_dose.core.results import Plan
from ivig_dose.problems import Refusal
from tests.strategies import as_fraction, shipped

D = Decimal


def ask(indication, weight="70", **facts):
    return make_plan(Request(indication, D(weight), **facts), shipped())


@pytest.mark.parametrize(
    "name",
    ["alyglo", "Alyglo", "yimmugo", "gammaked", "Gammagard ERC", "Gammagard S/D", "iqymune", "intratect", "Gamunex UK"],
)
def test_a_product_that_is_sold_and_not_here_is_known(name):
    answer = ask("pid", product=name)
    assert isinstance(answer, Refusal)
    assert answer.rule == "product-without-figures"
    assert "is known, and its figures are not in the catalogue" in answer.message
    assert "did you mean" not in answer.message + answer.hint


@pytest.mark.parametrize(
    "name",
    ["opsoclonus-myoclonus", "Sydenham chorea", "rasmussen", "MOGAD", "HIT", "TEN", "neonatal-myasthenia"],
)
def test_a_disease_that_is_listed_without_a_dose_is_known(name):
    answer = ask(name)
    assert isinstance(answer, Refusal)
    assert (answer.rule, answer.kind) == ("indication-without-figures", "refused")
    assert answer.sources


@pytest.mark.parametrize("name", ["CMV prophylaxis", "PTLD", "pulmonary GVHD", "C. difficile", "neonatal-sepsis"])
def test_what_authorities_advise_against_is_refused(name):
    answer = ask(name)
    assert isinstance(answer, Refusal)
    assert answer.rule == "indication-not-recommended"


@pytest.mark.parametrize("typed", ["kiovigg", "kyovig", "quivigy", "panziga", "octagan", "privegen", "gamunexx"])
def test_no_look_alike_of_another_letter_is_offered(typed):
    hint = refuse_unknown("product", typed, shipped().products).hint
    if hint.startswith("did you mean "):
        names = hint.removeprefix("did you mean ").removesuffix("?").replace(" or ", ", ").split(", ")
        assert {name[0] for name in names} == {typed[0]}


# g/kg x 70 kg, or the newborn's 3 kg, as the second reading's sources print it.
DOSES = [
    ("gald", "70", {"regimen": "gald-maternal-weekly", "sex": "F", "weight_policy": "actual"}, 70, 1),
    ("gald", "3", {"regimen": "gald-newborn", "age_years": D("0.01")}, 3, 1),
    ("autoimmune-encephalitis", "70", {}, 140, 5),
    ("anti-NMDAR encephalitis", "70", {"regimen": "encephalitis-5-days"}, 140, 5),
    ("autoimmune-encephalitis", "70", {"regimen": "encephalitis-maintenance"}, 70, 1),
    ("vitt", "70", {}, 140, 2),
    ("vitt", "70", {"g_per_kg": D("0.5")}, 70, 2),
    ("hlh", "70", {}, 140, 5),
    ("varicella contact", "70", {}, 28, 1),
    ("pyoderma-gangrenosum", "70", {}, 140, 5),
    ("pyoderma-gangrenosum", "70", {"regimen": "pyoderma-maintenance"}, 70, 2),
    ("parvovirus-transplant", "70", {}, 140, 5),
    ("SCLS", "70", {}, 140, 2),
]


@pytest.mark.parametrize(("indication", "weight", "facts", "course_g", "days"), DOSES)
def test_doses_of_the_indications_added(indication, weight, facts, course_g, days):
    answer = ask(indication, weight, **facts)
    assert isinstance(answer, Plan), answer
    assert (as_fraction(answer.dose.course_g), len(answer.dose.days_g)) == (course_g, days)
    assert all(source in shipped().sources for source in answer.choice.sources)


def test_a_mother_with_an_affected_pregnancy_gets_at_most_100_g():
    answer = ask("gald", "120", regimen="gald-maternal-weekly", sex="F")
    assert as_fraction(answer.dose.course_g) == 100


def test_a_superseded_text_and_thrombosis_are_said_first():
    for indication, words in (("hlh", "superseded"), ("vitt", "IVIG itself raises the risk of thrombosis")):
        warnings = [notice.text for notice in ask(indication).notices if notice.level == "warning"]
        assert any(words in text for text in warnings)


# The highest rates that the labels print, in mL/kg/h: 0.1 and 0.14 mL/kg/min are 6 and 8.4.
HIGHEST = [
    ("kiovig-eu", "pid", {}, "6"),
    ("panzyga-eu", "pid", {}, "4.8"),
    ("panzyga-eu", "pid", {"risks": ("no-first-infusion",)}, "8.4"),
    ("panzyga-eu", "cidp", {}, "4.8"),
    ("panzyga-ca", "pid", {}, "8.4"),
    ("panzyga-ca", "itp", {}, "4.8"),
    ("flebogamma-dif-5-eu", "pid", {}, "6"),
]


@pytest.mark.parametrize(("product", "indication", "facts", "highest"), HIGHEST)
def test_highest_rates_of_the_products_added(product, indication, facts, highest):
    answer = ask(indication, "70", product=product, age_years=D(40), **facts)
    ladder = shipped().products[product]
    assert isinstance(answer, Plan), answer
    assert ladder.sources
    fastest = max(step.rate_ml_per_h for step in answer.schedule[0].steps)
    assert Fraction(fastest) <= Fraction(highest) * 70
    doubled = Fraction(fastest) * 2
    assert doubled > Fraction(highest) * 70 or len(answer.schedule[0].steps) == 1


def test_a_weight_policy_without_its_formula_is_known():
    answer = ask("cidp", weight_policy="Toledo")
    assert (answer.rule, "the factor were not read" in answer.message) == ("policy-without-figures", True)


def test_gammagard_maintains_cidp_over_one_to_four_days():
    answer = ask("cidp", regimen="cidp-maintenance-gammagard", days=4, product="gammagard-liquid")
    assert (as_fraction(answer.dose.course_g), len(answer.dose.days_g)) == (70, 4)
    assert ask("cidp", regimen="cidp-maintenance-gammagard", days=5).rule == "days-out-of-range"


def test_a_product_without_rates_says_so_and_runs_no_pump():
    answer = ask("pid", product="yimmugo-uk")
    assert answer.schedule[0].steps == ()
    assert [each.level for each in answer.notices if each.id == "rates-not-known"] == ["warning"]
    assert [each.level for each in answer.notices if each.id == "excipients-not-known"] == ["warning"]


@pytest.mark.parametrize(("age", "rule"), [(None, "age-needed"), (D(1), "excipients-not-listed"), (D(2), None)])
def test_what_is_in_a_product_is_asked_where_a_baby_may_be_harmed(age, rule):
    """4 kg may be a newborn: sorbitol cannot be ruled out in a product whose excipients were not read."""
    weight = "4" if age is None else "10"
    answer = ask("pid", weight, product="panzyga-eu", age_years=age)
    assert (answer.rule if isinstance(answer, Refusal) else None) == rule


def test_sorbitol_of_the_eu_product_stops_a_baby_too():
    answer = ask("pid", "8", product="flebogamma-dif-5-eu", age_years=D(1))
    assert isinstance(answer, Refusal)
    assert answer.rule == "sorbitol-under-2"


def test_no_page_is_a_source_twice():
    addresses = [
        source.url.removesuffix("/").replace("://www.", "://") for source in shipped().sources.values() if source.url
    ]
    assert len(addresses) == len(set(addresses))


@pytest.mark.parametrize(
    ("indication", "words"),
    [
        ("gbs", "No second course as a routine, and no plasma exchange straight after"),
        ("kawasaki", "Within 10 days of onset"),
        ("aiha", "Added to steroids"),
        ("pid", "no live vaccine is given"),
        ("itp", "IVIG or anti-D comes first where steroids cannot be given"),
    ],
)
def test_what_a_clinical_pharmacist_would_say_stands_first_among_the_notes(indication, words):
    notes = [notice for notice in ask(indication).notices if notice.level == "note"]
    assert notes[0].id == f"advice-{indication}"
    assert words in notes[0].text
    assert notes[0].sources
