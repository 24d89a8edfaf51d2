"""Notices from the plan itself: differences, caps, ages, rates, the review date, and their order."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings

from ivig_dose.catalogue.models import Bounds, Catalogue, Population
from ivig_dose.core.ladder import Ladder
from ivig_dose.core.notices import arrange, describe_minutes, describe_population, notice_rates
from ivig_dose.core.plan import make_plan
from ivig_dose.core.reading import read_max_rate
from ivig_dose.core.results import Plan
from ivig_dose.problems import Notice, Refusal
from ivig_dose.quantity import Ratio
from tests.core.asking import notice, notice_ids, plan
from tests.strategies import requests, shipped

D = Decimal


def a_notice(id_, level="note", text="text"):
    return Notice(id_, level, text)


def test_warnings_come_before_notes_each_once_and_otherwise_as_they_came():
    given_notices = [a_notice("a"), a_notice("b", "warning"), a_notice("c"), a_notice("d", "warning"), a_notice("a")]
    assert [each.id for each in arrange(given_notices)] == ["b", "d", "a", "c"]


def test_what_concerns_the_patient_is_warned_of_before_what_concerns_the_vials(catalogue):
    ids = notice_ids(plan(catalogue, "pid", "5", product="privigen-us", blood_group="AB"))
    assert ids.index("haemolysis-ab") < ids.index("part-vials")


def test_what_comes_from_a_sites_own_file_is_named_once_for_each_file(catalogue):
    """A reader must see that a figure is the site's and not the shipped catalogue's."""
    shipped_file = catalogue.files[0]
    ours = shipped_file._replace(path="site.yaml", version="7")
    entries = {"regimens/itp-daily": 1, "products/privigen-us": 1, "products/asceniv": 1}
    site = Catalogue(**{**vars(catalogue), "files": (shipped_file, ours), "entry_file": entries})
    told = notice(plan(site, "itp", "70", product="privigen-us"), "entries-of-the-site")
    assert told.level == "note"
    assert told.text == "From site.yaml, version 7, and not from the shipped catalogue: itp-daily, privigen-us."
    assert "entries-of-the-site" not in notice_ids(plan(site, "gbs", "70"))


def test_of_two_notices_with_one_id_the_first_stays():
    assert arrange([a_notice("a", text="first"), a_notice("a", text="second")])[0].text == "first"


@pytest.mark.parametrize(
    ("indication", "facts", "id_", "figures"),
    [
        ("pid", {}, "differs-replacement-dose", ("0.2-0.3", "0.3-0.6")),
        ("itp", {}, "differs-itp-dose", ("0.4", "1 g/kg")),
    ],
)
def test_where_authorities_differ_both_figures_are_given(catalogue, indication, facts, id_, figures):
    answer = notice(plan(catalogue, indication, "70", **facts), id_)
    for figure in figures:
        assert figure in answer.text
    assert answer.sources


def test_a_difference_about_one_regimen_is_not_told_of_another(catalogue):
    assert "differs-itp-dose" not in notice_ids(plan(catalogue, "itp", "70", regimen="itp-1g-single"))


def test_a_difference_about_the_indication_is_told_of_every_regimen(catalogue):
    assert "differs-hiv-label" in notice_ids(plan(catalogue, "pediatric-hiv", "20", regimen="hiv-child"))


def test_a_cap_is_told_with_both_courses(catalogue):
    """60 kg x 2 g/kg = 120 g, at most 100 g."""
    warning = notice(plan(catalogue, "mis-c", "60"), "course-capped")
    assert warning.level == "warning"
    assert warning.text == "The course is capped at 100 g; 2 g/kg would be 120 g."


@pytest.mark.parametrize(
    ("indication", "facts", "id_", "words"),
    [
        ("dermatomyositis", {"regimen": "dermatomyositis-label", "age": "17"}, "age-outside-dermatomyositis-label",
         "is for 18 years and over; this patient is 17 years"),
        ("itp", {"regimen": "itp-child-single", "age": "18"}, "age-outside-itp-child-single", "under 18 years"),
        ("pediatric-hiv", {"age": "18.1"}, "age-outside-pediatric-hiv", "up to and including 18 years"),
        ("nait-newborn", {"age": "0.0794"}, "age-outside-nait-newborn-single", "newborns up to 28 days"),  # 29 days
        ("bmt", {"regimen": "bmt-weekly", "age": "20"}, "age-outside-bmt", "over 20 years"),
    ],
)  # fmt: skip
def test_an_age_outside_who_it_is_for_is_a_warning(catalogue, indication, facts, id_, words):
    warning = notice(plan(catalogue, indication, "3.4" if "newborn" in indication else "40", **facts), id_)
    assert warning.level == "warning"
    assert words in warning.text


@pytest.mark.parametrize(
    ("indication", "facts"),
    [
        ("dermatomyositis", {"regimen": "dermatomyositis-label", "age": "18"}),
        ("itp", {"regimen": "itp-child-single", "age": "17.99"}),
        ("pediatric-hiv", {"age": "18"}),
        ("nait-newborn", {"age": "0.0767"}),  # 28 days
        ("bmt", {"regimen": "bmt-weekly", "age": "20.01"}),
        ("itp", {"age": "90"}),
    ],
)
def test_an_age_on_the_inside_of_a_limit_is_none(catalogue, indication, facts):
    answer = plan(catalogue, indication, "3.4" if "newborn" in indication else "40", **facts)
    assert not [name for name in notice_ids(answer) if name.startswith("age-outside")]


def test_an_unknown_age_is_named_where_ages_are_limited_and_never_taken_for_an_adults(catalogue):
    """E-18: a missing age is unknown."""
    answer = plan(catalogue, "dermatomyositis", "70", regimen="dermatomyositis-label")
    assert answer.not_checked[0] == "age"
    assert not [name for name in notice_ids(answer) if name.startswith("age-outside")]


def test_an_unknown_age_is_named_also_where_no_safety_rule_waits_for_it(catalogue):
    """With every age rule settled by a stated risk, the age is still needed for who the regimen is for."""
    risks = ("thrombosis-risk", "renal-impairment", "live-vaccine-planned")
    asked = plan(catalogue, "dermatomyositis", "70", regimen="dermatomyositis-label", risks=risks)
    assert asked.not_checked[0] == "age"
    unsaid = plan(catalogue, "dermatomyositis", "70", regimen="dermatomyositis-label")
    assert unsaid.not_checked.count("age") == 1
    assert "age" not in plan(catalogue, "itp", "70", risks=risks).not_checked


@pytest.mark.parametrize(
    ("population", "words"),
    [
        (Population(age_years=Bounds(at_least=D(18))), "18 years and over"),
        (Population(age_years=Bounds(over=D(20))), "over 20 years"),
        (Population(age_years=Bounds(at_most=D(18))), "up to and including 18 years"),
        (Population(age_years=Bounds(under=D("0.5"))), "under 0.5 years"),
        (Population(age_years=Bounds(at_least=D(2), under=D(16))), "2 years and over and under 16 years"),
        (Population(age_days_at_most=28), "newborns up to 28 days"),
        (Population(note="mothers"), "mothers"),
        (Population(), "a stated population"),
    ],
)
def test_a_population_in_words_says_whether_its_limit_is_inside(population, words):
    assert describe_population(population) == words


def test_the_weight_of_the_source_is_told_where_another_is_used(catalogue):
    facts = {"regimen": "blistering-4-weekly", "height": "170", "sex": "F"}
    other = notice(plan(catalogue, "pemphigus", "118", **facts), "source-weight")
    assert "adjusted weight" in other.text
    assert "actual weight" in other.text
    same = plan(catalogue, "pemphigus", "118", policy="adjusted", **facts)
    assert "source-weight" not in notice_ids(same)
    assert "source-weight" not in notice_ids(plan(catalogue, "itp", "70"))


@pytest.mark.parametrize(
    ("product", "indication", "told", "not_told"),
    [
        ("privigen-us", "itp", "rate-steps-practice", "rate-steps-not-label"),
        ("octagam-10-us", "itp", None, "rate-steps-practice"),  # the label prints the ladder
        ("panzyga-us", "itp", "rate-steps-not-label", "rate-steps-practice"),  # the manufacturer's example
        ("gammaplex-10", "itp", "rate-steps-not-label", "rate-steps-practice"),  # a trial
        ("bivigam", "pid", "rate-steps-not-label", "rate-steps-practice"),  # derived
    ],
)
def test_where_the_steps_are_from_is_told_unless_the_label_prints_them(catalogue, product, indication, told, not_told):
    answer = plan(catalogue, indication, "70", product=product)
    assert not_told not in notice_ids(answer)
    if told:
        assert notice(answer, told).level == "note"


@pytest.mark.parametrize(
    ("product", "indication", "words"),
    [
        ("privigen-us", "itp", "first and highest rate from the label, doubling steps from practice"),
        ("octagam-10-us", "itp", "steps and rates from the label"),
        ("panzyga-us", "itp", "first and highest rate from the label, steps from the manufacturer's example"),
        ("gammaplex-10", "itp", "first and highest rate from the label, steps from a trial's protocol"),
        ("bivigam", "pid", "steps worked out from a rule of the label"),
    ],
)
def test_the_infusion_says_whose_rates_it_shows(catalogue, product, indication, words):
    name = catalogue.products[product].name
    assert plan(catalogue, indication, "70", product=product).infusion_note == f"{name}: {words}"


@pytest.mark.parametrize(
    ("changes", "id_", "level", "text"),
    [
        ({"licensed": False}, "rate-not-for-indication", "warning",
         "The label of privigen-us gives no rates for gbs: its lowest maximum is used."),
        ({"capped_for_risk": True}, "rate-capped-for-risk", "warning",
         "The label's lower maximum for patients at risk is used: 4 mL/kg/h."),
        ({"risk_without_number": True}, "rate-risk-without-number", "warning",
         "The label of privigen-us asks for the lowest practicable rate at risk and gives no number."),
        ({"capped_by_class": True}, "rate-capped-by-class", "warning",
         "Patient at risk: the rate stops at 4 mL/kg/h. Words."),
        ({"capped_for_indication": True}, "rate-capped-for-indication", "warning",
         "The highest rate in gbs is 4 mL/kg/h, with every product."),
        ({"capped_for_risk": True, "stays_below": True}, "rate-capped-for-risk", "warning",
         "The label's lower maximum for patients at risk is used: below 4 mL/kg/h."),
        ({"basis": "practice"}, "rate-steps-practice", "note",
         "The label gives a first and a highest rate; the doubling steps between are practice, not label."),
        ({"basis": "trial"}, "rate-steps-not-label", "note",
         "The steps are a trial's protocol, not printed on the label."),
        ({"basis": "manufacturer-example"}, "rate-steps-not-label", "note",
         "The steps are an example of the manufacturer, not printed on the label."),
        ({"basis": "derived"}, "rate-steps-not-label", "note",
         "The steps are worked out from a rule, not printed on the label."),
    ],
)  # fmt: skip
def test_what_a_reader_of_rates_must_know_is_said_in_full_with_the_labels_source(catalogue, changes, id_, level, text):
    four = Ratio(D(4))
    plain = Ladder(((four, None),), four, "label", True, False, False, ("label",))
    product = catalogue.products["privigen-us"]
    assert list(notice_rates(product, "gbs", plain, "")) == []
    told = list(notice_rates(product, "gbs", plain._replace(**changes), "Words."))
    assert told == [Notice(id_, level, text, ("label",))]


@pytest.mark.parametrize(
    ("indication", "weight", "facts", "id_", "level"),
    [
        ("mis-c", "60", {}, "course-capped", "warning"),
        ("dermatomyositis", "70", {"regimen": "dermatomyositis-label", "age": "17"},
         "age-outside-dermatomyositis-label", "warning"),
        ("pemphigus", "118", {"regimen": "blistering-4-weekly"}, "source-weight", "note"),
    ],
)  # fmt: skip
def test_a_notice_about_a_regimen_has_the_regimens_sources(catalogue, indication, weight, facts, id_, level):
    answer = plan(catalogue, indication, weight, **facts)
    told = notice(answer, id_)
    assert (told.level, told.sources) == (level, answer.choice.sources)
    assert told.sources


def test_without_a_product_and_without_hours_there_is_no_infusion(catalogue):
    answer = plan(catalogue, "itp", "70")
    assert answer.infusion_note is None
    assert answer.schedule[0].steps == ()


@pytest.mark.parametrize(
    ("today", "policy", "expected"),
    [
        ("2026-11-21", "actual", {"catalogue-not-in-force"}),
        ("2026-11-22", "actual", set()),
        ("2026-06-30", "australia-2026", {"catalogue-not-in-force", "policy-not-in-force"}),
        ("2026-11-22", "australia-2026", set()),
        (None, "australia-2026", set()),
    ],
)
def test_what_is_not_yet_in_force_warns(catalogue, today, policy, expected):
    day = today and date.fromisoformat(today)
    answer = plan(catalogue, "itp", "70", height="175", sex="M", age="40", policy=policy, today=day)
    assert {"catalogue-not-in-force", "policy-not-in-force"} & set(notice_ids(answer)) == expected


@pytest.mark.parametrize(("today", "warned"), [("2027-11-22", False), ("2027-11-23", True), (None, False)])
def test_a_catalogue_past_its_review_warns_on_every_plan(catalogue, today, warned):
    """E-30: the review date itself is still in time."""
    answer = plan(catalogue, "itp", "70", today=today and date.fromisoformat(today))
    assert ("catalogue-past-review" in notice_ids(answer)) == warned
    if warned:
        assert "2027-11-22" in notice(answer, "catalogue-past-review").text
        assert notice(answer, "catalogue-past-review").level == "warning"


@pytest.mark.parametrize(
    ("minutes", "text"),
    [("0.4", "0 min"), ("29.5", "30 min"), ("60", "1 h 0 min"), ("210.5", "3 h 31 min"), ("719.08", "11 h 59 min")],
)
def test_a_time_is_said_to_the_whole_minute(minutes, text):
    assert describe_minutes(D(minutes)) == text


@settings(max_examples=150)
@given(requests())
def test_every_notice_and_refusal_can_be_read_by_a_person(request):
    """A sentence with a figure's unit, no exponent, no trailing zero, no placeholder; a refusal says what to do."""
    import re

    answer = make_plan(request, shipped(), date(2028, 1, 1))
    texts = [answer.message, answer.hint] if isinstance(answer, Refusal) else [each.text for each in answer.notices]
    if isinstance(answer, Refusal):
        assert answer.hint, answer
    for text in texts:
        assert text.strip() == text
        assert len(text) <= 240, text
        assert not re.search(r"[0-9]E[+-]?[0-9]|\d\.\d*0\b(?! %)|(?<!\d)\.\d|None|\{|\}|Decimal|  ", text), text


@given(requests())
def test_notices_are_unique_and_ordered_by_level(request):
    answer = make_plan(request, shipped())
    assume(isinstance(answer, Plan))
    ids = notice_ids(answer)
    assert len(ids) == len(set(ids))
    levels = [each.level for each in answer.notices]
    assert levels == sorted(levels, key=("warning", "note").index)


@pytest.mark.parametrize(
    ("indication", "weight", "facts", "text"),
    [
        # ideal 45.5 + 2.3 x (170 / 2.54 - 60) = 61.437 kg, adjusted 61.437 + 0.4 x (118 - 61.437) = 84.062 kg; x 2 g/kg
        (
            "cidp",
            "118",
            {"height": "170", "sex": "F", "age": "50"},
            "BMI 40.8, dosed on actual weight: other weight policies would give 122.9 g (ideal) to 168.1 g (adjusted) "
            "in place of 236 g. See --weight-policy.",
        ),
        (
            "cidp",
            "118",
            {"height": "170", "sex": "F"},
            "BMI 40.8, dosed on actual weight: other weight policies would give 122.9 g (ideal) to 168.1 g (adjusted) "
            "in place of 236 g; australia-2026 cannot be told without the age. See --weight-policy.",
        ),
        (
            "cidp",
            "118",
            {"height": "170"},
            "BMI 40.8, dosed on actual weight: ideal, adjusted, australia-2026, ontario, us-120-percent, bmi-30 and "
            "us-monograph-100kg cannot be told without the age and sex. See --weight-policy.",
        ),
        # 150 cm is below the floor of Devine's formula, 152 or 152.4 cm
        (
            "cidp",
            "90",
            {"height": "150", "sex": "F", "age": "50"},
            "BMI 40, dosed on actual weight: ideal, adjusted, ontario, us-120-percent, bmi-30 and "
            "us-monograph-100kg cannot be told for this patient. See --weight-policy.",
        ),
        ("itp", "86.7", {"height": "170", "sex": "M", "age": "40"}, None),  # 86.7 / 1.7^2 = 30 exactly
        ("itp", "118", {"sex": "M", "age": "40"}, None),
        ("itp", "118", {"height": "170", "sex": "M", "age": "40", "weight_policy": "ontario"}, None),
    ],
)
def test_above_bmi_30_on_actual_weight_the_other_policies_are_told(catalogue, indication, weight, facts, text):
    answer = plan(catalogue, indication, weight, **facts)
    told = [each for each in answer.notices if each.id == "other-weight-policies"]
    assert [(each.level, each.text) for each in told] == ([] if text is None else [("note", text)])
    assert all(each.sources == catalogue.weight_policies["actual"].sources for each in told)


@pytest.mark.parametrize(
    ("max_rate", "told"),
    [("100 mL/h", ["100 mL/h"]), ("2 mL/kg/h", ["2 mL/kg/h"]), ("900 mL/kg/h", []), (None, [])],
)
def test_a_highest_rate_that_was_asked_for_is_said_in_the_unit_it_was_asked_in(catalogue, max_rate, told):
    """70 kg: the label's 4.8 mL/kg/h are 336 mL/h, above both."""
    asked = None if max_rate is None else read_max_rate(max_rate)
    answer = plan(catalogue, "pid", "70", product="privigen-us", max_rate=asked)
    notices = [each for each in answer.notices if each.id == "rate-capped-as-asked"]
    expected = [f"No step passes {rate}, as asked with --max-rate." for rate in told]
    assert [(each.level, each.text) for each in notices] == [("note", text) for text in expected]
