"""The dosing weight: the policies of the catalogue at their boundaries, what they refuse, and the nearest threshold."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ivig_dose.catalogue.models import Bounds, PatientCondition, PolicyBranch, WeightPolicy
from ivig_dose.core.growth import body_mass_index
from ivig_dose.core.results import DosingWeight, Patient
from ivig_dose.core.weight import (
    choose_dosing_weight,
    compute_adjusted_kg,
    compute_ideal_kg,
    describe_threshold,
)
from ivig_dose.problems import Refusal
from ivig_dose.quantity import Ratio, show_ratio
from tests.core.asking import ask, plan, refusal
from tests.strategies import ages_years, as_fraction, heights_cm, shipped, weights_kg

D = Decimal


def patient(weight, height=None, sex=None, age=None):
    weight, height, age = (None if text is None else Decimal(text) for text in (weight, height, age))
    bmi = None if height is None else body_mass_index(weight, height)
    return Patient(weight, height, sex, age, None, bmi)


def devine(height_cm, sex):
    """Devine ideal weight in kg: 50 (M) or 45.5 (F) + 2.3 for each inch above 60, as a fraction."""
    return {"M": Fraction(50), "F": Fraction("45.5")}[sex] + Fraction("2.3") * (
        Fraction(height_cm) / Fraction("2.54") - 60
    )


# --- the formulas


@pytest.mark.parametrize(
    ("sex", "height", "kg"),
    [
        ("M", "152.4", "50"),  # 60 inches exactly: the base alone
        ("F", "152.4", "45.5"),  # E-38: 45.5 for women, not 45
        ("M", "177.8", "73"),  # 70 inches: 50 + 2.3 x 10
        ("F", "165.1", "57"),  # 65 inches: 45.5 + 2.3 x 5
        ("M", "203.2", "96"),  # 80 inches: 50 + 2.3 x 20
    ],
)
def test_ideal_weight_is_devines_at_whole_inches(sex, height, kg):
    assert as_fraction(compute_ideal_kg(sex, D(height))) == Fraction(kg)


@given(heights_cm(), st.sampled_from(["F", "M"]))
def test_ideal_weight_uses_exact_inches(height, sex):
    assert as_fraction(compute_ideal_kg(sex, height)) == devine(height, sex)


@pytest.mark.parametrize(
    ("ideal", "actual", "factor", "kg"),
    [("50", "100", "0.4", "70"), ("50", "50", "0.4", "50"), ("73", "123", "0.4", "93"), ("50", "100", "0.5", "75")],
)
def test_adjusted_weight_is_ideal_plus_a_share_of_the_difference(ideal, actual, factor, kg):
    assert as_fraction(compute_adjusted_kg(Ratio(D(ideal)), D(actual), D(factor))) == Fraction(kg)


@pytest.mark.parametrize(("height", "weight"), [("160", "76.8"), ("170", "86.7"), ("175", "91.875"), ("200", "120")])
def test_a_bmi_of_30_is_exactly_30(height, weight):
    """E-50: in floats 160 cm and 76.8 kg give 29.999999999999993, and 170 cm and 86.7 kg give 30.000000000000004."""
    assert as_fraction(body_mass_index(D(weight), D(height))) == 30


# --- policies: which branch is taken


def chosen(catalogue, policy, *facts, pregnant=None):
    answer = choose_dosing_weight(catalogue.weight_policies[policy], patient(*facts), pregnant)
    assert isinstance(answer, DosingWeight), answer
    return answer


# 170 cm: M ideal 50 + 2.3 x (170/2.54 - 60) = 65.937 kg, F 61.437 kg; 160 cm: F 52.38189 kg
@pytest.mark.parametrize(
    ("policy", "facts", "kind", "kg"),
    [
        ("actual", ("118",), "actual", "118"),
        ("ideal", ("118", "170", "F"), "ideal", "61.437"),  # 45.5 + 2.3 x 6.929134 = 61.437008
        ("adjusted", ("118", "170", "F"), "adjusted", "84.062"),  # 61.437008 + 0.4 x 56.562992 = 84.062205
        ("australia-2026", ("118", "170", "F", "50"), "adjusted", "84.062"),
        ("ontario", ("118", "170", "F", "50"), "adjusted", "84.062"),  # BMI 40.8
        ("us-120-percent", ("118", "170", "F"), "adjusted", "84.062"),  # 192 % of ideal
        ("bmi-30", ("118", "170", "F"), "adjusted", "84.062"),
        # E-50 and E-40: a BMI of exactly 30 is not above 30
        ("bmi-30", ("76.8", "160", "F"), "actual", "76.8"),
        ("bmi-30", ("76.801", "160", "F"), "adjusted", "62.15"),  # 52.38189 + 0.4 x 24.41911 = 62.149534
        ("bmi-30", ("86.7", "170", "M"), "actual", "86.7"),
        # exactly 120 % of ideal is not above it: M 152.4 cm has an ideal of 50 kg, so 60 kg
        ("us-120-percent", ("60", "152.4", "M"), "actual", "60"),
        ("us-120-percent", ("60.1", "152.4", "M"), "adjusted", "54.04"),  # 50 + 0.4 x 10.1
        # Australia: under 18 and under 152 cm mean actual weight, 18 and 152 do not
        ("australia-2026", ("90", "160", "F", "17.99"), "actual", "90"),
        ("australia-2026", ("90", "160", "F", "18"), "adjusted", "67.429"),  # 52.38189 + 0.4 x 37.61811 = 67.429134
        ("australia-2026", ("90", "151.9", "F", "30"), "actual", "90"),
        ("australia-2026", ("90", "152", "F", "30"), "adjusted", "63.083"),  # 45.137795 + 0.4 x 44.862205 = 63.082677
        # Ontario: from 152.4 cm, above 50 kg (M) or 45.5 kg (F)
        ("ontario", ("65", "152.3", "F", "30"), "actual", "65"),  # BMI 28: no criterion holds
        ("ontario", ("65", "152.4", "F", "30"), "adjusted", "53.3"),  # 45.5 + 0.4 x 19.5
        ("ontario", ("45.5", "152.4", "F", "30"), "actual", "45.5"),
        ("ontario", ("45.6", "152.4", "F", "30"), "adjusted", "45.54"),  # 45.5 + 0.4 x 0.1
        ("ontario", ("50", "152.4", "M", "30"), "actual", "50"),
        ("ontario", ("50.1", "152.4", "M", "30"), "adjusted", "50.04"),  # 50 + 0.4 x 0.1
        ("ontario", ("90", "152.3", "F", "17"), "actual", "90"),  # BMI 38.8, but a child below 152.4 cm
        ("ontario", ("90", "152.4", "F", "17"), "adjusted", "63.3"),  # 45.5 + 0.4 x 44.5
    ],
)  # fmt: skip
def test_each_policy_takes_the_branch_that_its_source_prints(catalogue, policy, facts, kind, kg):
    weight = chosen(catalogue, policy, *facts)
    assert weight.kind == kind
    assert show_ratio(weight.kg) == kg
    assert weight.policy == policy
    assert weight.reason
    assert weight.sources


def test_pregnancy_means_actual_weight_in_australia_and_unstated_pregnancy_is_named(catalogue):
    facts = {"height": "165", "sex": "F", "age": "30", "policy": "australia-2026"}
    pregnant = plan(catalogue, "itp", "95", risks=("pregnancy",), **facts)
    assert pregnant.dosing_weight.kind == "actual"
    assert "pregnancy" not in pregnant.not_checked
    assert pregnant.dosing_weight.threshold is None  # no height and no age would change it
    denied = plan(catalogue, "itp", "95", risks=("no-pregnancy",), **facts)
    assert denied.dosing_weight.kind == "adjusted"
    assert "pregnancy" not in denied.not_checked
    unstated = plan(catalogue, "itp", "95", **facts)
    assert unstated.dosing_weight.kind == "adjusted"
    assert "pregnancy" in unstated.not_checked
    man = plan(catalogue, "itp", "95", **{**facts, "sex": "M"})
    assert "pregnancy" not in man.not_checked
    elsewhere = plan(catalogue, "itp", "95", **{**facts, "policy": "bmi-30"})
    assert "pregnancy" not in elsewhere.not_checked


# --- never above the actual weight


@pytest.mark.parametrize(
    ("policy", "facts", "why"),
    [
        ("ideal", ("50", "175", "M"), "E-07: ideal 70.5 kg would dose a lean man 41 % too high"),
        ("adjusted", ("45", "175", "M"), "E-41: unclamped functions give 60.3 or 70.5 kg"),
        ("ontario", ("55", "175", "M", "40"), "E-39: as printed, Ontario's gate gives 64.3 kg, +16.9 %"),
        ("ontario", ("60", "185", "M", "40"), "rules.md: ideal is 79.5 kg"),
        ("australia-2026", ("45", "175", "M", "40"), "Australia doses on actual weight where it is below adjusted"),
    ],
)
def test_a_lean_patient_is_dosed_on_actual_weight(catalogue, policy, facts, why):
    weight = chosen(catalogue, policy, *facts)
    assert weight.kind == "actual", why
    assert as_fraction(weight.kg) == Fraction(facts[0])
    assert "actual weight is below the" in weight.reason
    assert weight.ideal_kg is not None


@pytest.mark.parametrize(
    ("policy", "facts", "ideal", "adjusted"),
    [
        ("bmi-30", ("76.8", "160", "F"), "52.382", "62.149"),  # the branch says actual: 52.38189 + 0.4 x 24.41811
        ("ontario", ("55", "175", "M", "40"), "70.465", "64.279"),  # lean: 70.464567 - 0.4 x 15.464567
        ("actual", ("118",), None, None),
    ],
)
def test_beside_an_actual_weight_stand_the_others_where_they_are_known(catalogue, policy, facts, ideal, adjusted):
    weight = chosen(catalogue, policy, *facts)
    assert (weight.kind, weight.policy) == ("actual", policy)
    assert weight.sources == catalogue.weight_policies[policy].sources
    assert (weight.ideal_kg and show_ratio(weight.ideal_kg)) == ideal
    assert (weight.adjusted_kg and show_ratio(weight.adjusted_kg)) == adjusted


def test_a_weight_equal_to_its_ideal_keeps_the_kind_of_the_policy(catalogue):
    weight = chosen(catalogue, "ideal", "50", "152.4", "M")
    assert (weight.kind, as_fraction(weight.kg)) == ("ideal", 50)


@dataclass(frozen=True)
class Expected:
    kg: Fraction
    kind: str


def expected(policy, person, pregnant):
    """The dosing weight by the catalogue's branches, worked out with fractions; None where a fact is missing."""
    weight = Fraction(person.weight_kg)
    height, sex, age = person.height_cm, person.sex, person.age_years
    ideal = None
    if sex and height is not None and height >= (policy.height_floor_cm or 0):
        ideal = devine(height, sex)

    def inside(bounds, value):
        return value is not None and (
            (bounds.at_least is None or value >= bounds.at_least)
            and (bounds.over is None or value > bounds.over)
            and (bounds.at_most is None or value <= bounds.at_most)
            and (bounds.under is None or value < bounds.under)
        )

    for branch in policy.branches:
        when = branch.when or PatientCondition()
        bmi = weight / (Fraction(height) / 100) ** 2 if height is not None else None
        facts = [
            (when.age_years, age),
            (when.height_cm, height),
            (when.bmi, bmi),
            (when.percent_of_ideal, weight / ideal * 100 if ideal is not None else None),
        ]
        results = [None if value is None else inside(bounds, value) for bounds, value in facts if bounds]
        if when.weight_over_kg:
            results.append(None if sex is None else weight > Fraction(when.weight_over_kg[sex]))
        if when.pregnant is not None:
            results.append(pregnant is True)
        if False in results:
            continue
        if None in results:
            return None
        if branch.use == "actual":
            return Expected(weight, "actual")
        if ideal is None:
            return None
        kg = ideal if branch.use == "ideal" else ideal + Fraction(policy.factor) * (weight - ideal)
        return Expected(weight, "actual") if kg > weight else Expected(kg, branch.use)
    raise AssertionError("the last branch always holds")


people = st.builds(
    lambda weight, height, sex, age: Patient(
        weight, height, sex, age, None, None if height is None else body_mass_index(weight, height)
    ),
    weights_kg(),
    st.none() | heights_cm(),
    st.sampled_from([None, "F", "M"]),
    st.none() | ages_years(),
)
policies = st.sampled_from(list(shipped().weight_policies.values()))


@given(policies, people, st.sampled_from([None, True, False]))
def test_every_policy_gives_what_fractions_give_and_refuses_only_what_is_missing(policy, person, pregnant):
    answer = choose_dosing_weight(policy, person, pregnant)
    wanted = expected(policy, person, pregnant)
    if wanted is None:
        assert isinstance(answer, Refusal)
        assert answer.hint
    else:
        assert isinstance(answer, DosingWeight), answer
        assert Expected(as_fraction(answer.kg), answer.kind) == wanted
        assert 0 < as_fraction(answer.kg) <= Fraction(person.weight_kg)


@given(policies, people, weights_kg())
def test_more_weight_never_means_a_lower_dosing_weight_within_one_branch(policy, person, other):
    """Between branches a policy may fall: that is what its threshold line is for."""
    heavier = person._replace(weight_kg=max(person.weight_kg, other))
    heavier = heavier._replace(
        bmi=None if person.height_cm is None else body_mass_index(heavier.weight_kg, person.height_cm)
    )
    first, second = (choose_dosing_weight(policy, each, None) for each in (person, heavier))
    assume(isinstance(first, DosingWeight) and isinstance(second, DosingWeight))
    formulas = {"ideal", "adjusted", "australia-2026", "actual"}
    if first.kind == second.kind or policy.id in formulas:
        assert as_fraction(first.kg) <= as_fraction(second.kg)


# --- what a policy refuses


@pytest.mark.parametrize(
    ("policy", "facts", "missing"),
    [
        ("ideal", {}, "sex and height"),
        ("adjusted", {"sex": "F"}, "height"),
        ("adjusted", {"height": "170"}, "sex"),
        ("australia-2026", {}, "sex, height and age"),
        ("australia-2026", {"sex": "F", "height": "170"}, "age"),
        ("us-120-percent", {"height": "170"}, "sex"),
        ("bmi-30", {"sex": "F"}, "height"),
        ("ontario", {"age": "40"}, "sex and height"),
    ],
)
def test_a_policy_that_lacks_a_fact_refuses_and_says_which(catalogue, policy, facts, missing):
    answer = refusal(catalogue, "itp", "90", policy=policy, **facts)
    assert answer.rule == "weight-policy-needs-facts"
    assert answer.message == f"weight policy {policy} needs the patient's {missing}"
    options = " ".join(f"--{fact}" for fact in missing.replace(",", "").replace(" and", "").split())
    assert answer.hint == f"add {options}, or choose --weight-policy actual"
    assert answer.kind == "refused"
    assert answer.sources == catalogue.weight_policies[policy].sources


def a_policy(*branches, **extra):
    """A policy of a site's own, of (use, condition) in order."""
    written = tuple(PolicyBranch(use=use, because="x", when=when) for use, when in branches)
    return WeightPolicy(id="x", title="x", sources=("s",), factor=D("0.4"), branches=written, **extra)


BMI_OVER_30 = PatientCondition(bmi=Bounds(over=D(30)))


@pytest.mark.parametrize(
    ("when", "missing"),
    [
        (BMI_OVER_30, "height"),
        (PatientCondition(height_cm=Bounds(under=D(152))), "height"),
        (PatientCondition(percent_of_ideal=Bounds(over=D(120))), "sex and height"),
        (PatientCondition(weight_over_kg={"F": D(45), "M": D(50)}), "sex"),
        (PatientCondition(age_years=Bounds(under=D(18))), "age"),
    ],
)
def test_only_the_facts_that_a_condition_looks_at_are_asked_for(when, missing):
    """A policy that always uses actual weight needs no formula, and so neither sex nor height for one."""
    answer = choose_dosing_weight(a_policy(("actual", when), ("actual", None)), patient("70"), None)
    assert isinstance(answer, Refusal)
    assert answer.message == f"weight policy x needs the patient's {missing}"


def test_a_fact_that_decides_nothing_is_not_asked_for(catalogue):
    """A BMI that is not above 30 settles the branch for children, so that the age is not needed."""
    assert plan(catalogue, "itp", "70", policy="ontario", height="170", sex="F").dosing_weight.kind == "adjusted"


@pytest.mark.parametrize(
    ("policy", "height"),
    [
        ("ideal", "152.3"),
        ("adjusted", "140"),
        ("bmi-30", "140"),
        ("us-120-percent", "140"),
        ("us-120-percent", "90"),  # Devine is below zero at 90 cm; the facts are all there
        ("ideal", "90"),
    ],
)
def test_no_ideal_weight_is_extrapolated_below_the_policys_height(catalogue, policy, height):
    answer = refusal(catalogue, "itp", "70", policy=policy, height=height, sex="F")
    assert answer.rule == "height-below-policy-floor"
    assert answer.message == f"weight policy {policy} has no ideal weight below 152.4 cm, and the height is {height} cm"
    assert answer.hint == "choose --weight-policy actual, or ask how your site doses shorter patients"
    assert answer.sources == catalogue.weight_policies[policy].sources


def test_a_formula_never_gives_a_weight_of_zero_or_less_even_without_a_floor():
    """Devine reaches 0 at 97 cm (M) and 102 cm (F); a policy that forgets its floor still gives no such dose."""
    policy = WeightPolicy(
        id="x", title="x", sources=("s",), factor=D("0.4"), branches=(PolicyBranch(use="ideal", because="always"),)
    )
    for height, sex in (("97", "M"), ("102", "F"), ("60", "M")):
        answer = choose_dosing_weight(policy, patient("12", height, sex), None)
        assert isinstance(answer, Refusal)
        assert answer.rule == "height-below-policy-floor"


def test_a_policy_whose_branches_all_fail_gives_no_dose():
    """The catalogue's checks refuse such a policy; without them there is still no weight."""
    branches = (PolicyBranch(use="actual", because="x", when=PatientCondition(bmi=Bounds(over=D(90)))),)
    policy = WeightPolicy(id="x", title="x", sources=(), branches=branches)
    assert isinstance(choose_dosing_weight(policy, patient("70", "170", "F"), None), Refusal)


# --- how near the next threshold is


def threshold(catalogue, policy, *facts, per_kg="2"):
    return describe_threshold(
        catalogue.weight_policies[policy], patient(*facts), None, lambda kg: kg.times(Decimal(per_kg))
    )


def test_the_plan_says_how_far_the_threshold_is_and_what_changes_there(catalogue):
    """160 cm F: BMI 30 at 76.8 kg. Below: 76.8 kg x 2 = 153.6 g. Above: 62.149 kg x 2 = 124.3 g."""
    answer = plan(catalogue, "gbs", "76.5", height="160", sex="F", policy="bmi-30")
    assert answer.dosing_weight.threshold == (
        "BMI 29.9: 0.3 kg below the rule's threshold of 76.8 kg, where the course would change from 153.6 g to 124.3 g"
    )


def test_above_the_threshold_the_change_is_told_from_where_the_patient_is(catalogue):
    assert threshold(catalogue, "bmi-30", "80", "160", "F") == (
        "BMI 31.3: 3.2 kg above the rule's threshold of 76.8 kg, where the course would change from 124.3 g to 153.6 g"
    )


def test_a_patient_on_the_threshold_is_told_so(catalogue):
    text = threshold(catalogue, "bmi-30", "76.8", "160", "F")
    assert text == (
        "BMI 30: exactly on the rule's threshold of 76.8 kg, where the course would change from 153.6 g to 124.3 g"
    )


def test_the_courses_beside_a_threshold_are_told_to_a_tenth_of_a_gram(catalogue):
    """At 0.4 g/kg: 76.8 x 0.4 = 30.72 g and 62.149 x 0.4 = 24.86 g."""
    assert threshold(catalogue, "bmi-30", "76.5", "160", "F", per_kg="0.4").endswith("from 30.7 g to 24.9 g")


@pytest.mark.parametrize(("before", "told"), [("105", True), ("104.999", False)])
def test_a_change_of_5_percent_is_told_and_a_smaller_one_is_not(catalogue, before, told):
    """Below a BMI of 30 the dosing weight is 76.8 kg and above it 62.1 kg; the courses are set to 105 % and 100 %."""

    def course_g(kg):
        return Ratio(D(before) if kg.is_above(D(70)) else D(100))

    person = patient("76.5", "160", "F")
    text = describe_threshold(catalogue.weight_policies["bmi-30"], person, None, course_g)
    assert (text is not None) == told


def two_grams_per_kg(policy, *facts, pregnant=None):
    return describe_threshold(policy, patient(*facts), pregnant, lambda kg: kg.times(D(2)))


@pytest.mark.parametrize(
    ("branches", "floor_cm"),
    [
        # at 0 years nothing lies before the threshold
        ((("actual", PatientCondition(age_years=Bounds(under=D(0)))), ("adjusted", BMI_OVER_30)), None),
        # below 152 cm there is no dose at all
        ((("ideal", PatientCondition(height_cm=Bounds(under=D(152)))), ("adjusted", BMI_OVER_30)), D("152.4")),
        # at 18 years the dose is the same on both sides
        ((("actual", PatientCondition(age_years=Bounds(under=D(18)))), ("adjusted", BMI_OVER_30)), None),
    ],
)
def test_a_threshold_where_nothing_changes_does_not_hide_the_next_one(branches, floor_cm):
    policy = a_policy(*branches, ("actual", None), height_floor_cm=floor_cm)
    assert two_grams_per_kg(policy, "76.5", "160", "F", "40").startswith("BMI 29.9: 0.3 kg below")


def test_the_nearest_threshold_is_the_one_that_the_smallest_share_of_the_value_reaches():
    """78.5 kg is 1.7 kg (2 %) above a BMI of 30, and 19 years are 1 year (5 %) above 18."""
    child = PatientCondition(age_years=Bounds(under=D(18)))
    policy = a_policy(("actual", child), ("adjusted", BMI_OVER_30), ("actual", None))
    assert two_grams_per_kg(policy, "78.5", "160", "F", "19").startswith("BMI 30.7: 1.7 kg above")


def test_pregnancy_counts_on_both_sides_of_a_threshold():
    """A policy that doses pregnant women on actual weight has no threshold for them, whichever side it stands on."""
    pregnant, adult = PatientCondition(pregnant=True), PatientCondition(age_years=Bounds(at_least=D(18)))
    for use, otherwise in (("actual", "adjusted"), ("adjusted", "actual")):
        policy = a_policy(("actual", pregnant), (use, adult), (otherwise, None))
        assert two_grams_per_kg(policy, "90", "160", "F", "17.5", pregnant=True) is None
        assert two_grams_per_kg(policy, "90", "160", "F", "17.5", pregnant=False)


def test_a_threshold_in_kilograms_is_told_from_the_weight():
    """152.4 cm F has an ideal of 45.5 kg: from 60 kg upwards 120 g would become 91 g."""
    policy = a_policy(("ideal", PatientCondition(weight_over_kg={"F": D(60), "M": D(60)})), ("actual", None))
    assert two_grams_per_kg(policy, "58", "152.4", "F") == (
        "weight 58 kg: 2 kg below the rule's threshold of 60 kg, where the course would change from 120 g to 91 g"
    )


def test_a_distance_is_never_shown_as_zero_unless_it_is(catalogue):
    text = threshold(catalogue, "bmi-30", "76.799", "160", "F")
    assert text.startswith("BMI 30: 0.001 kg below the rule's threshold of 76.8 kg")


def test_thresholds_of_age_and_height_are_told_in_their_own_units(catalogue):
    """160 cm F, 90 kg: at 18 years 90 kg becomes 67.429 kg."""
    assert threshold(catalogue, "australia-2026", "90", "160", "F", "17.5").startswith(
        "age 17.5 years: 0.5 years below the rule's threshold of 18 years"
    )
    assert threshold(catalogue, "australia-2026", "90", "152.1", "F", "60").startswith(
        "height 152.1 cm: 0.1 cm above the rule's threshold of 152 cm"
    )


def test_a_threshold_of_percent_of_ideal_is_told_in_kilograms(catalogue):
    """152.4 cm M: 58 kg is 116 % of 50 kg; 120 % is 60 kg, where 120 g becomes 108 g."""
    text = threshold(catalogue, "us-120-percent", "58", "152.4", "M")
    assert text.startswith("116 % of ideal weight: 2 kg below the rule's threshold of 60 kg, ")
    assert text.endswith("where the course would change from 120 g to 108 g")
    # 57.77 / 50 = 1.1554
    assert threshold(catalogue, "us-120-percent", "57.77", "152.4", "M").startswith("115.5 % of ideal weight: 2.23 kg")


def test_a_newborns_age_of_zero_has_a_distance_too(catalogue):
    text = threshold(catalogue, "australia-2026", "90", "160", "F", "0")
    assert text is not None


@pytest.mark.parametrize(
    ("policy", "facts"),
    [
        ("actual", ("118", "170", "F", "50")),  # no threshold at all
        ("ideal", ("118", "170", "F")),
        ("australia-2026", ("46", "152.4", "F", "30")),  # ideal 45.5, adjusted 45.7: under 1 % at any gate
        ("bmi-30", ("70", "140", "F")),  # beyond the gate there is no dose at all
    ],
)
def test_no_threshold_is_told_where_the_dose_would_change_by_less_than_5_percent(catalogue, policy, facts):
    assert threshold(catalogue, policy, *facts) is None


def test_a_threshold_of_zero_is_no_threshold():
    branches = (
        PolicyBranch(use="actual", because="x", when=PatientCondition(bmi=Bounds(over=D(0)))),
        PolicyBranch(use="adjusted", because="x"),
    )
    policy = WeightPolicy(id="x", title="x", sources=(), factor=D("0.4"), branches=branches)
    assert describe_threshold(policy, patient("90", "160", "F"), None, lambda kg: kg) is None


@given(policies, people)
def test_a_threshold_is_only_told_where_both_sides_have_a_dose(policy, person):
    text = describe_threshold(policy, person, None, lambda kg: kg.times(D(2)))
    assert text is None or "where the course would change from" in text


# --- the issue's own patient


@pytest.mark.parametrize(
    ("policy", "course"),
    # 118 kg, 170 cm, woman, 2 g/kg: ideal 61.437008 kg, adjusted 84.062205 kg
    [("actual", "236"), ("ideal", "122.874"), ("adjusted", "168.124"), ("australia-2026", "168.124")],
)
def test_cidp_for_a_woman_of_118_kg_and_170_cm_under_four_policies(catalogue, policy, course):
    answer = plan(catalogue, "cidp", "118", height="170", sex="F", age="50", policy=policy)
    assert show_ratio(answer.dose.course_g) == course


def test_an_unknown_policy_is_refused_with_the_nearest_id(catalogue):
    answer = ask(catalogue, "itp", "70", policy="ontaro")
    assert isinstance(answer, Refusal)
    assert (answer.rule, answer.kind) == ("unknown-weight-policy", "usage")
    assert answer.hint == "did you mean ontario?"
