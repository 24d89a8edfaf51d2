"""Rounding as authorities do it: each rule by hand, and that newborns and tolerances are kept."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig_dose.core.plan import make_plan
from ivig_dose.core.request import Request
from ivig_dose.core.results import Plan
from ivig_dose.problems import Refusal
from tests.strategies import as_fraction, shipped

D = Decimal


def ask(indication, weight, policy, **facts):
    return make_plan(Request(indication, D(weight), rounding_policy=policy, **facts), shipped())


# pid 0.3 g/kg: 63 kg 18.9 g, 75 kg 22.5 g (a tie, up), 70 kg 21 g; itp 63 kg 25.2 g a day, 126 g.
@pytest.mark.parametrize(
    ("indication", "weight", "policy", "facts", "course_g", "rule"),
    [
        ("pid", "63", "ontario", {}, "20", "step"),
        ("pid", "70", "nz", {}, "20", "step"),
        ("pid", "75", "New Zealand", {}, "22.5", "none"),  # 25 g is 11.1 % more, 20 g 11.1 % less
        ("pid", "80", "ontario", {}, "25", "step"),  # 24 g
        ("itp", "63", "ontario", {}, "125", "step"),
        ("itp", "63", "ascia", {"product": "privigen-us"}, "125", "vial"),
        ("itp", "63", "siegel", {"product": "gammagard-liquid"}, "126", "vial"),  # vials of 1 g: 26 + 4 x 25
        ("pid", "4.2", "siegel", {"product": "privigen-us"}, "1.26", "none"),  # one vial would be 5 g
    ],
)
def test_what_each_policy_gives(indication, weight, policy, facts, course_g, rule):
    answer = ask(indication, weight, policy, **facts)
    assert isinstance(answer, Plan), answer
    assert (answer.rounding.course_g, answer.rounding.rule) == (D(course_g), rule)
    assert answer.rounding.policy == policy.lower().replace("new zealand", "nz")


@pytest.mark.parametrize("age_years", ["0", "0.02", "0.07"])
def test_a_newborn_is_not_rounded_by_a_policy(age_years):
    """17 kg is no newborn; 5 kg at 0.5 g/kg is 2.5 g, which a step of 0.5 g would move at other weights."""
    answer = ask("hdn", "3.3", "ontario", age_years=D(age_years), regimen="hdn-short-infusion")
    assert (answer.rounding.course_g, answer.rounding.rule) == (D("1.65"), "none")


def test_vials_need_a_product_and_two_roundings_contradict():
    for refused, rule in (
        (ask("itp", "63", "ascia"), "rounding-needs-product"),
        (ask("itp", "63", "ontario", rounding="none"), "rounding-twice"),
        (ask("itp", "63", "quebec"), "unknown-rounding-policy"),
    ):
        assert isinstance(refused, Refusal)
        assert (refused.rule, refused.kind) == (rule, "usage")


def test_a_rule_read_in_a_digest_warns():
    assert "secondary-siegel" in [each.id for each in ask("itp", "63", "siegel", product="privigen-us").notices]
    assert "secondary-ascia" not in [each.id for each in ask("itp", "63", "ascia", product="privigen-us").notices]


@given(
    st.integers(20, 2000).map(lambda tenths: D(tenths) / 10),
    st.sampled_from(["ontario", "nz", "ascia", "siegel", "us-order-set"]),
    st.sampled_from(["privigen-us", "octagam-10-us", "kiovig-eu"]),
    st.sampled_from(["pid", "itp", "gbs"]),
)
def test_no_policy_leaves_the_tolerance(weight, policy, product, indication):
    answer = ask(indication, weight, policy, product=product)
    if isinstance(answer, Plan):
        exact, given_g = as_fraction(answer.dose.course_g), Fraction(answer.rounding.course_g)
        assert abs(given_g - exact) <= exact / 10
        step = shipped().rounding_policies[policy].step_g
        if answer.rounding.rule == "step":
            assert all(day.dose_g % step == 0 for day in answer.schedule)
