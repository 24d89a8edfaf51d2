"""From exact grams to what is given: whole vials, steps or 1 mg, what that changed, and the limits that still hold."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ivig_dose.catalogue.models import MAX_G_PER_KG_COURSE, MAX_G_PER_KG_DAY
from ivig_dose.core.plan import make_plan
from ivig_dose.core.results import Plan
from ivig_dose.quantity import show_ratio
from tests.core.asking import doses, limit_regimen, listed, notice, notice_ids, plan, refusal
from tests.strategies import as_fraction, requests, shipped

D = Decimal


@pytest.mark.parametrize(
    ("product", "given_g", "first", "course", "difference", "percent"),
    [
        # 70 kg, 0.4 g/kg, 5 days: 28 g a day, 140 g
        (None, ["28"] * 5, "", "140", "0", "0"),
        ("privigen-us", ["30", "30", "30", "25", "25"], "1 x 20 g + 1 x 10 g", "140", "0", "0"),
        ("asceniv", ["30", "30", "30", "25", "25"], "6 x 5 g", "140", "0", "0"),
        # Octagam 10 % makes 28 g a day: 20 + 2 x 4 is 5 vials, 10 + 10 + 2 x 4 more
        ("octagam-10-us", ["28"] * 5, "1 x 20 g + 4 x 2 g", "140", "0", "0"),
    ],
)
def test_whole_vials_where_a_product_is_named_and_exact_grams_where_none_is(
    catalogue, product, given_g, first, course, difference, percent
):
    answer = plan(catalogue, "itp", "70", product=product)
    assert doses(answer) == given_g
    assert listed(answer.schedule[0].vials) == first
    assert answer.rounding.course_g == D(course)
    assert answer.rounding.rule == ("vial" if product else "none")
    assert as_fraction(answer.rounding.difference_g) == Fraction(difference)
    assert as_fraction(answer.rounding.difference_percent) == Fraction(percent)


@pytest.mark.parametrize(
    ("policy", "product", "given_g", "course", "percent"),
    [
        # 118 kg, 170 cm, woman: 236 g, 47.2 g a day; adjusted 84.062205 kg: 168.12441 g, 33.62488 g a day;
        # ideal 61.437008 kg: 122.874016 g, 24.574803 g a day
        ("actual", "privigen-us", ["50", "50", "45", "45", "45"], "235", "-0.424"),
        ("actual", "octagam-10-us", ["48", "47", "47", "47", "47"], "236", "0"),
        ("actual", "asceniv", ["50", "50", "45", "45", "45"], "235", "-0.424"),
        ("adjusted", "privigen-us", ["35", "35", "35", "35", "30"], "170", "1.116"),
        ("adjusted", "octagam-10-us", ["34", "34", "34", "33", "33"], "168", "-0.074"),
        ("adjusted", "asceniv", ["35", "35", "35", "35", "30"], "170", "1.116"),
        ("ideal", "privigen-us", ["25", "25", "25", "25", "25"], "125", "1.73"),
        ("ideal", "octagam-10-us", ["25", "25", "25", "24", "24"], "123", "0.103"),
        ("ideal", "asceniv", ["25", "25", "25", "25", "25"], "125", "1.73"),
    ],
)
def test_cidp_for_118_kg_and_170_cm_under_three_policies_with_three_products(
    catalogue, policy, product, given_g, course, percent
):
    """Issue 4's closing runs, worked out by hand: each course is the nearest that whole vials make."""
    answer = plan(catalogue, "cidp", "118", height="170", sex="F", policy=policy, product=product)
    assert doses(answer) == given_g
    assert answer.rounding.course_g == D(course)
    change = answer.rounding.difference_percent
    shown = (
        show_ratio(change) if change.numerator >= 0 else f"-{show_ratio(change._replace(numerator=-change.numerator))}"
    )
    assert shown == percent
    assert as_fraction(answer.rounding.difference_g) == Fraction(course) - as_fraction(answer.dose.course_g)
    assert answer.rounding.within_tolerance


@pytest.mark.parametrize(("direction", "course"), [("nearest", "25"), ("down", "25"), ("up", "30"), (None, "25")])
def test_the_direction_of_rounding_is_the_requests_or_the_nearest(catalogue, direction, course):
    """25.11 g monthly for 83.7 kg in vials of 5 g."""
    answer = plan(catalogue, "pid", "83.7", product="privigen-us", direction=direction)
    assert answer.rounding.course_g == D(course)
    assert answer.rounding.direction == (direction or "nearest")


def test_rounding_to_a_step_needs_no_product(catalogue):
    answer = plan(catalogue, "gbs", "44", round=D(5))
    assert doses(answer) == ["20", "20", "20", "15", "15"]  # E-59: 88 g becomes 90 g and not 100 g
    assert (answer.rounding.rule, answer.rounding.step_g) == ("step", 5)
    assert show_ratio(answer.rounding.difference_percent) == "2.273"  # 2 / 88
    assert answer.schedule[0].vials == ()


def test_rounding_to_a_step_with_a_product_still_gives_whole_vials(catalogue):
    """70 kg: 140 g over 5 days in steps of 10 g from vials of 5 g and more: 30, 30, 30, 30, 20."""
    answer = plan(catalogue, "gbs", "70", product="privigen-us", round=D(10))
    assert doses(answer) == ["30", "30", "30", "30", "20"]
    assert [listed(day.vials) for day in answer.schedule][-1] == "1 x 20 g"


def test_no_rounding_keeps_to_a_milligram_even_with_a_product(catalogue):
    answer = plan(catalogue, "gbs", "70.1", product="privigen-us", round="none")  # 140.2 g / 5 = 28.04 g
    assert doses(answer) == ["28.04"] * 5
    assert (answer.rounding.rule, answer.rounding.step_g) == ("none", D("0.001"))
    uneven = plan(catalogue, "tss", "0.3")  # 0.6 g: 0.3, 0.15, 0.15
    assert doses(uneven) == ["0.3", "0.15", "0.15"]
    thirds = plan(catalogue, "gbs", "50", days=3)  # 100 g over 3 days
    assert doses(thirds) == ["33.334", "33.333", "33.333"]


def test_a_small_dose_is_never_rounded_to_nothing(catalogue):
    """E-54: 5 kg x 0.5 g/kg and 6 kg x 0.4 g/kg are below half of a 5 g vial."""
    assert doses(plan(catalogue, "measles-pep", "6", product="privigen-us")) == ["5"]
    assert doses(plan(catalogue, "pid", "5", product="privigen-us")) == ["5"]  # 1.5 g


def test_a_breach_of_the_tolerance_is_a_warning_that_names_what_would_keep_it(catalogue):
    """5 kg, 0.3 g/kg: 1.5 g; one vial of 5 g is 233 % more. Flebogamma 5 % has 0.5 g vials: 3 x 0.5 g is exact.

    5 g / 5 kg is 1 g/kg, above the regimen's 0.3 g/kg.
    """
    answer = plan(catalogue, "pid", "5", product="privigen-us")
    warning = notice(answer, "rounding-outside-tolerance")
    assert warning.level == "warning"
    assert "233.3 % up, more than 10 %, to 1 g/kg where replacement-monthly gives at most 0.3 g/kg; " in warning.text
    assert "; smaller vials would keep within it:" in warning.text
    assert "flebogamma-dif-5-us" in warning.text
    assert not answer.rounding.within_tolerance


@pytest.mark.parametrize(
    ("product", "instead"),
    [
        # 30 kg PID: 9 g in vials of 5 g and more is 10 g. 5 + 2 + 2 and 5 + 2.5 + 1 + ... g give 9 g exactly
        ("privigen-us", "gammagard-liquid, gamunex-c, octagam-5-us"),
        ("privigen-eu", "octagam-10-eu, gammagard-liquid, gamunex-c"),
    ],
)
def test_three_products_that_keep_the_tolerance_are_named_those_of_the_same_region_first(catalogue, product, instead):
    answer = plan(catalogue, "pid", "30", product=product, tolerance="0", direction="up")
    text = notice(answer, "rounding-outside-tolerance").text
    assert text.startswith("Rounding moves the course 11.1 % up, more than 0 %")
    assert text.endswith(f"; smaller vials would keep within it: {instead}.")


def test_a_change_of_less_than_a_gram_upwards_is_called_up(catalogue):
    """5 kg PID: 1.5 g becomes one vial of 2 g, 33.3 % more."""
    answer = plan(catalogue, "pid", "5", product="octagam-10-us")
    assert "the course 33.3 % up, more than 10 %" in notice(answer, "rounding-outside-tolerance").text


def test_where_no_product_would_keep_the_tolerance_exact_grams_are_offered(catalogue):
    answer = plan(catalogue, "pid", "3.7", product="privigen-us", tolerance="0")  # 1.11 g
    assert notice(answer, "rounding-outside-tolerance").text.endswith("; --round none gives exact grams.")


def test_a_change_downwards_is_called_down(catalogue):
    answer = plan(catalogue, "pid", "24", product="privigen-us", direction="down")  # 7.2 g becomes 5 g: 30.6 % less
    assert "30.6 % down" in notice(answer, "rounding-outside-tolerance").text


@pytest.mark.parametrize(("tolerance", "warned"), [("10", False), ("9.9", True), ("0", True), ("100", False)])
def test_a_change_of_exactly_the_tolerance_is_within_it(catalogue, tolerance, warned):
    """25 kg x 2 g/kg = 50 g; in steps of 55 g that is 55 g, 10 % more."""
    answer = plan(catalogue, "kawasaki", "25", round=D(55), tolerance=tolerance)
    assert answer.rounding.course_g == 55
    assert ("rounding-outside-tolerance" in notice_ids(answer)) == warned


def test_a_tolerance_is_the_sites_where_the_request_has_none(catalogue):
    assert plan(catalogue, "itp", "70").rounding.tolerance_percent == 10
    assert plan(catalogue, "itp", "70", tolerance="5").rounding.tolerance_percent == 5


@pytest.mark.parametrize(
    ("indication", "weight", "facts", "ceiling", "hint"),
    [
        # 3.4 kg ITP, 6.8 g over 5 days: 5 x 5 g would be 7.4 g/kg
        ("itp", "3.4", {"product": "privigen-us"}, "4 g/kg for the course", "a product with smaller vials"),
        ("itp", "3.4", {"round": D(5)}, "4 g/kg for the course", "a smaller step"),
        # 1.5 kg PID, 0.45 g: 5 g would be 3.3 g/kg in a day
        ("pid", "1.5", {"product": "privigen-us"}, "2.5 g/kg a day", "a product with smaller vials"),
        # 10 kg RRMS, 10 g a day: 15 g is 1.5 g/kg a day, above the regimen's own 1 g/kg
        (
            "rrms",
            "10",
            {"regimen": "rrms-induction", "days": 2, "round": D(15)},
            "a maximum of rrms-induction",
            "a smaller",
        ),
    ],
)
def test_the_smallest_dose_is_not_given_where_it_passes_a_limit(catalogue, indication, weight, facts, ceiling, hint):
    answer = refusal(catalogue, indication, weight, **facts)
    assert answer.rule == "smallest-vial-above-limit"
    assert answer.message.endswith(f"would pass {ceiling}")
    assert answer.hint.startswith(f"choose {hint}")
    assert answer.hint.endswith("or --round none")


@pytest.mark.parametrize(
    ("indication", "weight", "facts", "exact", "smallest"),
    [
        ("itp", "3.4", {"product": "privigen-us"}, "6.8", "vial of privigen-us, 5 g on each of 5 days"),
        ("pid", "1.5", {"product": "privigen-us"}, "0.45", "vial of privigen-us, 5 g"),
        ("itp", "3.4", {"round": D(5)}, "6.8", "rounding step, 5 g on each of 5 days"),
        ("itp", "3.4", {"round": D(10), "product": "privigen-us"}, "6.8", "rounding step, 10 g on each of 5 days"),
    ],
)
def test_the_refusal_says_the_exact_course_and_the_smallest_dose(catalogue, indication, weight, facts, exact, smallest):
    message = refusal(catalogue, indication, weight, **facts).message
    assert message.startswith(f"the exact course is {exact} g, and the smallest {smallest}, would pass ")


def test_a_newborn_of_3_4_kg_is_served_by_small_vials_or_exact_grams(catalogue):
    """0.4 g/kg is 1.36 g a day, 6.8 g in all. In 0.5 g vials: 7 g as 1.5, 1.5, 1.5, 1.5, 1 g."""
    exact = plan(catalogue, "itp", "3.4")
    assert doses(exact) == ["1.36"] * 5
    assert exact.schedule[0].volume_ml == D("13.6")
    vials = plan(catalogue, "itp", "3.4", product="flebogamma-dif-5-us", age="2")
    assert doses(vials) == ["1.5", "1.5", "1.5", "1.5", "1"]
    assert vials.schedule[0].volume_ml == 30  # 1.5 g of 5 %


def test_a_ceiling_in_grams_holds_after_rounding_up(catalogue):
    """MIS-C, 49.9 kg: 99.8 g rounds up to 100 g and not to 105 g; with 30 g steps to 90 g."""
    assert plan(catalogue, "mis-c", "49.9", product="privigen-us", direction="up").rounding.course_g == 100
    assert plan(catalogue, "mis-c", "60", round=D(30), direction="up").rounding.course_g == 90


def test_a_limit_of_a_day_holds_after_rounding_up(catalogue):
    """A site's 140 g a day; 139 kg, 2 days: 139 g a day; up in steps of 30 g would be 150 g, above 140."""
    catalogue = limit_regimen(catalogue, "transplant-amr-4-weekly", g_per_day="140")
    answer = plan(
        catalogue, "transplant-amr", "139", regimen="transplant-amr-4-weekly", days=2, round=D(30), direction="up"
    )
    assert doses(answer) == ["120", "120"]


def test_whole_vials_need_a_product(catalogue):
    answer = refusal(catalogue, "itp", "70", round="vial")
    assert (answer.rule, answer.kind) == ("rounding-needs-product", "usage")
    assert answer.hint == "add --product, or round to a step in grams such as --round 5g"


@settings(max_examples=150)
@given(requests(tolerance_percent=st.none() | st.sampled_from([D(0), D(5), D(50)])))
def test_what_is_given_is_whole_on_its_grid_and_under_every_limit(request):
    answer = make_plan(request, shipped())
    assume(isinstance(answer, Plan))
    rounding, regimen = answer.rounding, answer.choice.regimen
    given_g = [day.dose_g for day in answer.schedule]
    kg = as_fraction(answer.dosing_weight.kg)
    assert sum(given_g) == rounding.course_g
    assert min(given_g) > 0
    assert max(given_g) <= Fraction(MAX_G_PER_KG_DAY) * kg
    assert rounding.course_g <= Fraction(MAX_G_PER_KG_COURSE) * kg
    limits = regimen.limits
    if limits is not None:
        assert limits.g_per_course is None or rounding.course_g <= limits.g_per_course
        assert limits.g_per_day is None or max(given_g) <= limits.g_per_day
        assert limits.g_per_kg_per_day is None or max(given_g) <= Fraction(limits.g_per_kg_per_day) * kg
    if rounding.step_g is not None:
        assert all(dose % rounding.step_g == 0 for dose in given_g)
    if answer.product is not None and rounding.rule != "none":
        sizes = {vial.g for vial in answer.product.vials}
        for day in answer.schedule:
            assert sum(vial.g * vial.count for vial in day.vials) == day.dose_g
            assert {vial.g for vial in day.vials} <= sizes
    else:
        assert all(day.vials == () for day in answer.schedule)
    exact = as_fraction(answer.dose.course_g)
    assert as_fraction(rounding.difference_g) == Fraction(rounding.course_g) - exact
    assert as_fraction(rounding.difference_percent) == (Fraction(rounding.course_g) / exact - 1) * 100
    within = abs(as_fraction(rounding.difference_percent)) <= rounding.tolerance_percent
    assert rounding.within_tolerance == within
    assert ("rounding-outside-tolerance" in notice_ids(answer)) == (not within)
