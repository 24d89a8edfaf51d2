"""A course of which some was given: what is left, over which days, and that given and left are the course exactly.

ITP at 0.4 g/kg a day for 5 days in 70 kg is 28 g a day and 140 g; the figures below are worked out from that.
"""

import copy
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig_dose.core.request import EarlierDose
from ivig_dose.quantity import Ratio
from tests.core.asking import ask, doses, notice, notice_ids, plan, refusal
from tests.strategies import shipped

D = Decimal
DAY = [date(2026, 12, 1), date(2026, 12, 2), date(2026, 12, 3), date(2026, 12, 4)]


def had(*grams, product=None):
    return tuple(EarlierDose(D(each), None, product) for each in grams)


@pytest.mark.parametrize(
    ("given_g", "left", "days"),
    [
        ("28", "112", ["28"] * 4),
        ("60", "80", ["26.667", "26.667", "26.666"]),  # 60 g are 2 days of 28 g: 3 are left
        ("56", "84", ["28"] * 3),
        ("112", "28", ["28"]),
        ("139", "1", ["1"]),
        ("24", "116", ["29"] * 4),  # one infusion was smaller: 29 g is within 10 % of the regimen's 28 g a day
        ("14", "126", ["25.2"] * 5),  # 126 / 4 is 31.5 g, more than 110 % of 28 g: one day more
    ],
)
def test_the_rest_is_shared_over_the_days_that_are_left(catalogue, given_g, left, days):
    answer = plan(catalogue, "itp", "70", given=had(given_g))
    assert answer.dose.course_g.to_step(D("0.001")) == D(left)
    assert doses(answer) == days
    assert answer.part_given.given_g + answer.rounding.course_g == 140


def test_a_dose_with_its_date_is_one_infusion_however_large(catalogue):
    """60 g on one day: 80 g over the 4 days that are left."""
    assert doses(plan(catalogue, "itp", "70", given=(EarlierDose(D(60), DAY[0]),), start=DAY[1])) == ["20"] * 4


def test_the_dose_of_what_is_left_has_its_own_figures_and_the_range_of_the_course(catalogue):
    """84 g over 3 days: 28 g and 0.4 g/kg a day, 1.2 g/kg; the course may be 2 to 5 days of 28 g."""
    dose = plan(catalogue, "itp", "70", given=had(56)).dose
    assert (dose.day_g.to_step(D("0.001")), dose.g_per_kg_per_day.to_step(D("0.001"))) == (28, D("0.4"))
    assert dose.g_per_kg_course.to_step(D("0.001")) == D("1.2")
    assert (dose.course_low_g.to_step(D(1)), dose.course_high_g.to_step(D(1))) == (56, 140)
    assert dose.before_g == 56


def test_the_rest_of_an_adjusted_weight_is_exact(catalogue):
    """A dosing weight that is a quotient: 8 g less than the course, to the last digit."""
    facts = {"height": "160", "sex": "F", "age": "50", "policy": "adjusted"}
    whole, rest = (plan(catalogue, "itp", "101.3", given=each, **facts) for each in ((), had(8)))
    assert rest.dose.course_g == whole.dose.course_g.minus(D(8))
    kg = whole.dosing_weight.kg
    left = rest.dose.course_g
    assert rest.dose.g_per_kg_course == Ratio(left.numerator * kg.denominator, left.denominator * kg.numerator)


def test_a_cap_is_that_of_the_course(catalogue):
    assert plan(catalogue, "mis-c", "64", age="15", given=had(90)).dose.capped_from_g.to_step(D(1)) == 128


def with_pattern(catalogue, *pattern):
    """The catalogue with other unequal days in toxic shock syndrome."""
    changed, entry = copy.copy(catalogue), copy.copy(catalogue.regimens["tss-unequal-days"])
    entry.__dict__["day_pattern"] = tuple(D(each) for each in pattern)
    changed.__dict__["regimens"] = {**catalogue.regimens, entry.id: entry}
    return changed


def test_days_that_stay_unequal_have_no_figure_of_a_day(catalogue):
    """1, 0.6 and 0.4 g/kg: after 70 g, 42 g and 28 g."""
    answer = plan(with_pattern(catalogue, "1", "0.6", "0.4"), "tss", "70", given=had(70))
    assert doses(answer) == ["42", "28"]
    assert (answer.dose.day_g, answer.dose.g_per_kg_per_day) == (None, None)


def test_a_pattern_is_left_where_a_day_of_it_would_be_too_large(catalogue):
    """7 g of 70 g on day 1: 133 g as 0.6 to 0.4 would be 79.8 g, above 110 % of 70 g; 66.5 g twice is not."""
    answer = plan(
        with_pattern(catalogue, "1", "0.6", "0.4"), "tss", "70", given=(EarlierDose(D(7), DAY[0]),), start=DAY[1]
    )
    assert doses(answer) == ["66.5", "66.5"]


def test_a_day_is_added_where_the_rest_would_make_a_day_too_large(catalogue):
    """10 g in each of 4 infusions: 100 g are left for 1 day; 30.8 g is the most of a day, so that 4 days are needed."""
    answer = plan(catalogue, "itp", "70", given=had(10, 10, 10, 10))
    assert doses(answer) == ["25"] * 4
    said = notice(answer, "rest-takes-more-days")
    assert (said.level, said.text) == (
        "warning",
        "The rest takes 4 days in place of 1, so that no day is far above the largest day of the course.",
    )
    assert "rest-takes-more-days" not in notice_ids(plan(catalogue, "itp", "70", given=had(28)))


def test_days_are_counted_from_the_first_dose_and_a_missed_day_is_seen(catalogue):
    """Given on 1 December, gone on with on the 4th: that is day 4 of the course."""
    answer = plan(catalogue, "itp", "70", given=(EarlierDose(D(28), DAY[0]),), start=DAY[3])
    assert [(day.day, day.date.isoformat()) for day in answer.schedule] == [
        (4, "2026-12-04"), (5, "2026-12-05"), (6, "2026-12-06"), (7, "2026-12-07"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("start", "level"),
    [(DAY[1], None), (DAY[2], "note"), (date(2026, 12, 8), "note"), (date(2026, 12, 9), "warning")],
)
def test_a_pause_is_said_and_a_week_of_it_is_a_warning(catalogue, start, level):
    answer = plan(catalogue, "itp", "70", given=(EarlierDose(D(28), DAY[0]),), start=start)
    said = [each for each in answer.notices if each.id == "course-interrupted"]
    assert [each.level for each in said] == ([level] if level else [])
    if start == DAY[2]:
        assert said[0].text.startswith("1 day lies between the last dose given and the rest")


def test_a_changed_weight_changes_the_course_and_not_what_was_given(catalogue):
    """At 75 kg the course is 150 g: 122 g are left of it."""
    answer = plan(catalogue, "itp", "75", given=had(28))
    assert (answer.part_given.course.course_g.to_step(D(1)), answer.dose.course_g.to_step(D(1))) == (150, 122)


def test_unequal_days_keep_their_pattern(catalogue):
    """Toxic shock at 2 g/kg: 1, 0.5 and 0.5 g/kg. After 70 g in 70 kg, 35 g on each of two days."""
    assert doses(plan(catalogue, "tss", "70", given=had(70))) == ["35", "35"]


@pytest.mark.parametrize(
    ("given_g", "rule", "message"),
    [
        ("140.001", "given-above-course", "140.001 g were given, 0.001 g more than the course of 140 g"),
        ("200", "given-above-course", "200 g were given, 60 g more than the course of 140 g"),
        ("140", "course-complete", "the course of 140 g has been given: nothing is left"),
    ],
)
def test_too_much_is_refused_with_what_is_too_much(catalogue, given_g, rule, message):
    answer = refusal(catalogue, "itp", "70", given=had(given_g))
    assert (answer.rule, answer.message) == (rule, message)


def test_the_rest_begins_after_what_was_given(catalogue):
    given_doses = (EarlierDose(D(28), DAY[0]), EarlierDose(D(28), DAY[1]))
    for start, rule in ((DAY[0], "start-before-given"), (DAY[1], "start-before-given")):
        assert refusal(catalogue, "itp", "70", given=given_doses, start=start).rule == rule
    assert plan(catalogue, "itp", "70", given=given_doses, start=DAY[2])


def test_a_rest_is_not_repeated(catalogue):
    answer = refusal(catalogue, "pemphigus", "70", given=had(28), cycles=2)
    assert (answer.rule, answer.kind) == ("given-with-cycles", "usage")


def test_the_plan_says_what_was_given_and_what_is_left(catalogue):
    begun = (EarlierDose(D(30), DAY[0], "octagam-10-us"), EarlierDose(D(26)))
    said = notice(plan(catalogue, "itp", "70", given=begun), "part-given")
    assert (said.level, said.text) == (
        "note",
        "Given of the course of 140 g: 30 g of octagam-10-us on 2026-12-01 and 26 g. Left are 84 g, over 3 days.",
    )
    one = notice(plan(catalogue, "itp", "70", given=had(112)), "part-given")
    assert one.text == "Given of the course of 140 g: 112 g. Left are 28 g, over 1 day."


def test_what_is_too_much_is_exact_where_the_weight_is_a_quotient(catalogue):
    """160 cm, 101.3 kg, a woman: ideal 45.5 + 2.3 x (160 / 2.54 - 60) = 52.3819 kg, adjusted 71.9491 kg: 143.898 g."""
    facts = {"height": "160", "sex": "F", "age": "50", "policy": "adjusted"}
    answer = refusal(catalogue, "itp", "101.3", given=had(150), **facts)
    assert answer.message == "150 g were given, 6.102 g more than the course of 143.898 g"
    assert answer.hint == "give no more of this course and tell the prescriber; or check the weight and what was given"
    complete = refusal(catalogue, "itp", "70", given=had(140))
    assert complete.hint == "leave --given out to plan another course"


def test_a_refusal_cites_the_sources_of_the_course(catalogue):
    for given_g in (140, 150):
        assert refusal(catalogue, "itp", "70", given=had(given_g)).sources == catalogue.regimens["itp-daily"].sources


# --- products


def test_another_product_starts_again_with_a_first_infusion(catalogue):
    facts = {"product": "gamunex-c", "start": DAY[2]}
    switched = plan(catalogue, "itp", "70", given=had(60, product="octagam-10-us"), **facts)
    same = plan(catalogue, "itp", "70", given=had(60, product="gamunex-c"), **facts)
    assert "first-infusion" in notice_ids(switched)
    assert "first-infusion" not in notice_ids(same)


def test_an_unnamed_product_is_said_to_be_unknown(catalogue):
    answer = plan(catalogue, "itp", "70", given=had(60), product="gamunex-c")
    said = notice(answer, "given-product-not-known")
    assert (said.level, said.text) == (
        "note",
        "Which product was given last is not said: the rates are those of a first infusion unless "
        "--risk no-first-infusion says otherwise.",
    )
    assert "given-product-not-known" not in notice_ids(plan(catalogue, "itp", "70", given=had(60)))


def test_a_product_that_is_not_in_the_catalogue_is_refused_by_name(catalogue):
    answer = refusal(catalogue, "itp", "70", given=had(60, product="octagam"))
    assert answer.rule == "unknown-product"


def test_the_rest_is_given_in_vials_of_the_product(catalogue):
    """80 g over 3 days in Gamunex-C (1, 2.5, 5, 10, 20, 40 g): vials add up to each dose, and the doses to 80 g."""
    answer = plan(catalogue, "itp", "70", given=had(60, product="octagam-10-us"), product="gamunex-c")
    for day in answer.schedule:
        assert sum(vial.g * vial.count for vial in day.vials) == day.dose_g
    assert sum(day.dose_g for day in answer.schedule) == 80


# --- rules judge the whole


def test_the_vaccine_wait_is_that_of_the_whole_course(catalogue):
    rest = plan(catalogue, "itp", "70", given=had(112), start=DAY[3])
    assert rest.vaccines.defer_months == plan(catalogue, "itp", "70", start=DAY[3]).vaccines.defer_months


def test_haemolysis_looks_at_the_sum(catalogue):
    assert "haemolysis-non-o" in notice_ids(plan(catalogue, "itp", "70", given=had(112), blood_group="A"))


def test_the_limit_that_rounding_would_pass_is_that_of_the_whole_course(catalogue):
    """MIS-C is capped at 100 g: 97.5 given, and a vial of 5 g for the 2.5 g left would be 102.5 g."""
    answer = plan(catalogue, "mis-c", "64", age="15", given=had("97.5"), product="privigen-us")
    (said,) = [each.text for each in answer.notices if "would give" in each.text]
    assert said.startswith(
        "Whole vials of privigen-us would give 102.5 g for the whole course, above the limit of 100 g."
    )
    assert answer.rounding.course_g == D("2.5")


# --- for any weight and any doses


@given(
    st.decimals(D(3), D(150), places=1),
    st.lists(st.decimals(D("0.1"), D(60), places=1), min_size=1, max_size=4),
    st.sampled_from([None, "privigen-us", "gamunex-c"]),
    st.sampled_from(["itp-daily", "itp-1g-2-days", "itp-alternate-days"]),
)
def test_given_and_left_are_the_course_and_nothing_is_above_it(weight, grams, product, regimen):
    answer = ask(
        shipped(),
        "itp",
        str(weight),
        given=had(*grams),
        product=product,
        regimen=regimen,
        age="30" if weight > 40 else "5",
    )
    given_g = sum(grams)
    if not hasattr(answer, "dose"):
        assert answer.hint
        return
    part, course_g = answer.part_given, answer.part_given.course.course_g
    assert part.given_g == given_g
    assert answer.dose.course_g == course_g.minus(given_g)
    left = answer.dose.course_g
    assert sum((Ratio(day.numerator * 10**6, day.denominator).to_step(D(1)) for day in answer.dose.days_g), D(0)) == (
        pytest.approx(left.numerator / left.denominator * 10**6, abs=5)
    )
    planned_g = sum(day.dose_g for day in answer.schedule)
    assert planned_g == answer.rounding.course_g
    assert abs(planned_g - left.numerator / left.denominator) <= max(
        left.numerator / left.denominator / 10, D("0.0005")
    )
    most_g = max(part.course.days_g)
    for day in answer.dose.days_g:
        assert not Ratio(day.numerator, day.denominator).is_above(most_g.numerator / most_g.denominator * D("1.25001"))


def test_a_request_without_earlier_doses_has_no_such_part(catalogue):
    assert plan(catalogue, "itp", "70").part_given is None
