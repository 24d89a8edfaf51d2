"""Checking an order: match or mismatch, rounded with rounded, and the single slip that explains a difference."""

from datetime import date
from decimal import Context, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ivig_dose.catalogue.models import Catalogue, Limits, Regimen
from ivig_dose.core.order import check_order
from ivig_dose.core.order_text import parse_ordered
from ivig_dose.core.plan import make_plan
from ivig_dose.core.reading import read_order_tolerance
from ivig_dose.core.request import Request
from ivig_dose.core.results import Agreement, OrderCheck, Plan, Tolerance
from ivig_dose.problems import Refusal
from ivig_dose.quantity import QuantityError, show
from tests.core.asking import number
from tests.strategies import as_fraction, decimals, requests, shipped

D = Decimal


def check(catalogue, indication, weight, ordered, **facts):
    facts = {name: number(value) if name in ("height_cm", "g_per_kg", "tolerance_percent", "age_years") else value
             for name, value in facts.items()}  # fmt: skip
    return check_order(Request(indication, D(weight), **facts), parse_ordered(ordered), catalogue)


def slip_ids(answer):
    assert isinstance(answer, OrderCheck), answer
    return [slip.id for slip in answer.slips]


# --- match and mismatch


@pytest.mark.parametrize(
    ("weight", "ordered", "facts", "status", "percent"),
    [
        # 75 kg, 2 g/kg over 5 days: 150 g, 30 g a day
        ("75", "30 g/day", {}, "match", "0"),
        ("75", "150 g/course", {}, "match", "0"),
        ("75", "0.4 g/kg/day", {}, "match", "0"),
        ("75", "2 g/kg/course", {}, "match", "0"),
        ("75", "33 g/day", {}, "match", "10"),  # exactly the tolerance
        ("75", "33.1 g/day", {}, "mismatch", "31/3"),  # 165.5 / 150
        ("75", "27 g/day", {}, "match", "-10"),
        ("75", "26.9 g/day", {}, "mismatch", "-31/3"),
        ("75", "150 g/day", {}, "mismatch", "400"),
        ("75", "31 g/day", {"tolerance_percent": "0"}, "mismatch", "10/3"),
        # E-28: 70 kg in 5 g vials is 30, 30, 30, 25, 25 g = 140 g
        ("70", "140 g/course", {"product": "privigen-us", "tolerance_percent": "0"}, "match", "0"),
        # 71 kg is 142 g, given as 140 g: both are right answers, and each is 0 % off itself
        ("71", "140 g/course", {"product": "privigen-us"}, "match", "0"),
        ("71", "142 g/course", {"product": "privigen-us"}, "match", "0"),
    ],
)
def test_an_order_matches_within_the_tolerance_of_the_course(catalogue, weight, ordered, facts, status, percent):
    answer = check(catalogue, "gbs", weight, ordered, **facts)
    assert answer.status == status
    assert as_fraction(answer.difference_percent) == Fraction(percent)
    assert (answer.slips == ()) or status == "mismatch"


def test_the_amounts_compared_are_given_for_the_course_and_the_day(catalogue):
    answer = check(catalogue, "gbs", "75", "150 g/day")
    assert (as_fraction(answer.dose.course_g), as_fraction(answer.dose.day_g)) == (750, 150)
    assert (answer.expected_course_g, answer.expected_day_g) == (150, 30)
    assert answer.tolerance == (10, 10)
    assert answer.ordered.text == "150 g/day"
    assert isinstance(answer.plan, Plan)


def test_an_order_in_grams_per_kg_is_of_the_exact_dosing_weight(catalogue):
    """118 kg, 170 cm, woman: adjusted 84.062205 kg, 168.12441 g, which is the calculated dose exactly."""
    answer = check(catalogue, "gbs", "118", "2 g/kg/course", height_cm="170", sex="F", weight_policy="adjusted")
    assert answer.status == "match"
    assert as_fraction(answer.difference_percent) == 0
    ideal = Fraction("45.5") + Fraction("2.3") * (170 / Fraction("2.54") - 60)
    assert as_fraction(answer.dose.course_g) == 2 * (ideal + Fraction("0.4") * (118 - ideal))


def test_two_days_need_a_basis_too(catalogue):
    answer = check(catalogue, "gbs", "75", "150 g", days=2)
    assert isinstance(answer, Refusal)
    assert answer.rule == "order-needs-basis"


def test_the_callers_decimal_context_changes_no_comparison(catalogue):
    wanted = check(catalogue, "gbs", "71.37", "31.13 g/day")
    with localcontext(Context(prec=3)):
        assert check(catalogue, "gbs", "71.37", "31.13 g/day") == wanted


def test_a_catalogue_past_its_review_is_told_of_an_order_too(catalogue):
    request = Request("gbs", D(75))
    answer = check_order(request, parse_ordered("30 g/day"), catalogue, date(2040, 1, 1))
    assert "catalogue-past-review" in [each.id for each in answer.notices]


def test_grams_alone_are_an_order_only_where_there_is_one_day(catalogue):
    assert check(catalogue, "kawasaki", "12", "24 g").status == "match"
    answer = check(catalogue, "gbs", "75", "150 g")
    assert isinstance(answer, Refusal)
    assert (answer.rule, answer.kind) == ("order-needs-basis", "usage")
    assert answer.message == "150 g does not say whether it is for a day or for the course of 5 days"
    assert "30 g/day, 150 g/course" in answer.hint


def test_an_order_by_the_day_cannot_be_compared_with_unequal_days(catalogue):
    answer = check(catalogue, "tss", "70", "70 g/day")
    assert isinstance(answer, Refusal)
    assert (answer.rule, answer.kind) == ("order-by-day-unequal", "usage")
    assert answer.message == "the days of tss-unequal-days differ, so an order for each day cannot be compared"
    assert answer.hint == "give the order for the course, such as 140 g/course"
    by_course = check(catalogue, "tss", "70", "140 g/course")
    assert by_course.status == "match"
    assert by_course.dose.day_g is None
    assert by_course.expected_day_g is None


def test_a_refused_plan_is_a_refused_check(catalogue):
    answer = check(catalogue, "gbs", "400", "30 g/day")
    assert isinstance(answer, Refusal)
    assert answer.rule == "weight-out-of-bounds"


def test_days_that_no_regimen_has_are_a_mismatch_that_says_so(catalogue):
    """75 kg: 30 g a day is the dose for 5 days; for 9 it is 270 g."""
    for answer in (
        check(catalogue, "gbs", "75", "30 g/day", days=9),
        check(catalogue, "gbs", "75", "30 g daily x 9"),
    ):
        assert answer.status == "mismatch"
        assert [each.id for each in answer.findings] == ["days", "grams"]
        assert (answer.slips[0].id, answer.slips[0].course_g) == ("wrong-number-of-days", 270)


# --- slips


def test_the_ismp_case_is_named_with_its_arithmetic(catalogue):
    """E-01: 75 kg, 2 g/kg over 5 days, ordered 150 g a day; the first slip is the likeliest."""
    answer = check(catalogue, "gbs", "75", "150 g/day")
    assert slip_ids(answer)[0] == "course-taken-as-daily"
    text = answer.slips[0].text
    assert text == ("the course of 150 g taken as the dose of each day (x5): 150 g x 5 days = 750 g; a day is 30 g")


@pytest.mark.parametrize(
    ("indication", "weight", "ordered", "facts", "slip"),
    [
        ("gbs", "75", "150 g/day", {}, "course-taken-as-daily"),
        ("gbs", "75", "30 g/course", {}, "daily-taken-as-course"),
        ("kawasaki", "25", "110 g", {}, "pounds-taken-as-kg"),  # 25 kg is 55.1 lb: 110.2 g
        ("kawasaki", "25", "22.7 g", {}, "kg-taken-as-pounds"),  # 25 lb is 11.34 kg: 22.68 g
        ("gbs", "70", "340 g/course", {"height_cm": "170"}, "height-weight-swapped"),  # 170 kg x 2
        ("itp", "70", "350 g/course", {}, "volume-at-other-strength"),  # not one: 140 x 2 = 280
        ("itp", "70", "280 g/course", {}, "volume-at-other-strength"),
        ("prca", "50", "50 g/course", {}, "volume-at-other-strength"),  # 100 g / 2
        ("gbs", "75", "300 g/day", {}, "decimal-shifted"),  # 1500 g
        ("gbs", "75", "3 g/day", {}, "decimal-shifted"),  # 15 g
        ("itp", "70", "70 g/course", {"regimen": "itp-daily"}, "other-regimen"),  # 1 g/kg once
        ("prca", "70", "120 g/course", {}, "stale-weight"),  # 60 kg
    ],
)
def test_each_single_slip_is_found(catalogue, indication, weight, ordered, facts, slip):
    answer = check(catalogue, indication, weight, ordered, **facts)
    assert answer.status == "mismatch"
    if ordered == "350 g/course":
        assert slip not in slip_ids(answer)
    else:
        assert slip in slip_ids(answer)


@pytest.mark.parametrize(
    ("indication", "weight", "ordered", "facts", "text"),
    [
        (
            "gbs", "75", "30 g/course", {},
            "the dose of one day taken as the whole course (/5): 150 g / 5 days = 30 g; the course is 150 g",
        ),
        (
            "gbs", "75", "150 g/day", {"days": 2},
            "the course of 150 g taken as the dose of each day (x2): 150 g x 2 days = 300 g; a day is 75 g",
        ),
        # 25 / 0.45359237 = 55.1156, so 55.116 kg x 2; 25 x 0.45359237 = 11.33981, so 11.34 kg x 2
        (
            "kawasaki", "25", "110 g", {},
            "pounds taken as kg: 25 kg is 55.1 lb, which would give 110.232 g for the course",
        ),
        (
            "kawasaki", "25", "22.7 g", {},
            "kg taken as pounds and converted again: 25 lb is 11.3 kg, which would give 22.68 g for the course",
        ),
        (
            "gbs", "70", "340 g/course", {"height_cm": "170"},
            "height and weight swapped: 170 taken as kg, which would give 340 g for the course",
        ),
        (
            "gbs", "70", "340 g/course", {"height_cm": "170", "sex": "F", "weight_policy": "ideal"},
            "height and weight swapped: 170 taken as kg, which would give 340 g for the course",
        ),
        # 118 / 0.45359237 = 260.145; 61.437008 + 0.4 x (260.145 - 61.437008) = 140.92 kg
        (
            "gbs", "118", "282 g/course", {"height_cm": "170", "sex": "F", "weight_policy": "adjusted"},
            "pounds taken as kg: 118 kg is 260.1 lb, which would give 281.84 g for the course",
        ),
        ("itp", "70", "280 g/course", {}, "a volume read at 10 % for a 5 % product (x2): 140 g becomes 280 g"),
        ("prca", "50", "50 g/course", {}, "a volume read at 5 % for a 10 % product (/2): 100 g becomes 50 g"),
        ("gbs", "75", "300 g/day", {}, "the decimal point one place to the right (x10): 150 g becomes 1500 g"),
        ("gbs", "75", "3 g/day", {}, "the decimal point one place to the left (/10): 150 g becomes 15 g"),
        ("prca", "75", "121.5 g/course", {}, "another weight, such as an old one: 60.8 kg would give the ordered dose"),
        # the other regimen at its own figures, whatever was asked of this one: 0.4 g/kg x 5 days x 70 kg
        (
            "gbs", "70", "140 g/course",
            {"g_per_kg": "1", "days": 2, "product": "privigen-us", "stock": ((D(10), 7),)},
            "another regimen of this indication, 140 g over 5 days: daily-5-days",
        ),
    ],
)  # fmt: skip
def test_a_slip_is_shown_with_its_figures(catalogue, indication, weight, ordered, facts, text):
    assert text in [slip.text for slip in check(catalogue, indication, weight, ordered, **facts).slips]


@pytest.mark.parametrize(
    ("indication", "ordered", "policy", "suggested"),
    [
        ("prca", "70 g/course", None, True),  # half the strength, or 35 kg
        ("prca", "70 g/course", "actual", False),  # whoever names the weight policy has thought of the weight
        ("prca", "120 g/course", None, True),
        ("prca", "120 g/course", "actual", True),  # nothing else explains it
    ],
)
def test_an_old_weight_comes_last_where_the_order_is_not_of_a_weight(catalogue, indication, ordered, policy, suggested):
    ids = slip_ids(check(catalogue, indication, "70", ordered, weight_policy=policy))
    assert ("stale-weight" in ids) == suggested
    assert "stale-weight" not in ids[:-1]


@pytest.mark.parametrize(
    ("policy", "ordered", "slip", "text"),
    [
        # 118 kg, 170 cm, woman, 2 g/kg: actual 236 g, ideal 61.437 kg 122.874 g, adjusted 84.062 kg 168.124 g
        (None, "123 g/course", "ideal-weight-used", "61.437 kg would give 122.874 g"),
        (None, "168 g/course", "adjusted-weight-used", "84.062 kg would give 168.124 g"),
        ("adjusted", "236 g/course", "actual-weight-used", "118 kg would give 236 g"),
        ("adjusted", "123 g/course", "ideal-weight-used", "61.437 kg would give 122.874 g"),
        ("ideal", "168 g/course", "adjusted-weight-used", "84.062 kg would give 168.124 g"),
    ],
)
def test_another_kind_of_weight_is_named(catalogue, policy, ordered, slip, text):
    answer = check(catalogue, "prca", "118", ordered, height_cm="170", sex="F", weight_policy=policy)
    found = {each.id: each.text for each in answer.slips}
    assert text in found[slip]


def test_without_height_and_sex_no_other_kind_of_weight_is_guessed(catalogue):
    answer = check(catalogue, "gbs", "118", "168 g/course")
    assert not {"ideal-weight-used", "adjusted-weight-used"} & set(slip_ids(answer))


def test_regimens_that_come_to_the_same_dose_are_one_slip(catalogue):
    """70 kg ITP, 70 g: 1 g/kg once is the dose of several regimens."""
    answer = check(catalogue, "itp", "70", "70 g/course", regimen="itp-daily")
    others = [slip.text for slip in answer.slips if slip.id == "other-regimen"]
    assert len([text for text in others if "70 g in 1 day" in text]) == 1
    assert any("itp-1g-single" in text for text in others)


def test_a_weight_out_of_bounds_or_a_refused_plan_is_no_slip(catalogue):
    """200 kg in pounds is 441, which no patient weighs; a swapped height of 30 cm gives 30 kg."""
    answer = check(catalogue, "gbs", "200", "800 g/course")
    assert "pounds-taken-as-kg" not in slip_ids(answer)
    small = check(catalogue, "gbs", "0.5", "10 g/course", height_cm="30")
    assert "kg-taken-as-pounds" not in slip_ids(small)


def test_one_day_has_no_slip_between_day_and_course(catalogue):
    answer = check(catalogue, "kawasaki", "12", "120 g")
    assert not {"course-taken-as-daily", "daily-taken-as-course"} & set(slip_ids(answer))


def test_an_old_weight_is_only_suggested_near_the_present_one(catalogue):
    """75 kg, 150 g: 75 g is 37.5 kg, half of now; 74 g is 37 kg and no longer likely."""
    assert "another weight, such as an old one: 60 kg would give the ordered dose" in [
        slip.text for slip in check(catalogue, "prca", "75", "120 g/course").slips
    ]
    assert "stale-weight" in slip_ids(check(catalogue, "prca", "75", "75 g/course"))
    assert "stale-weight" not in slip_ids(check(catalogue, "prca", "75", "74 g/course"))
    assert "stale-weight" in slip_ids(check(catalogue, "prca", "75", "225 g/course"))
    assert "stale-weight" not in slip_ids(check(catalogue, "prca", "75", "226 g/course"))


def test_the_weight_that_was_entered_is_never_called_an_old_one(catalogue):
    """70 kg of 2 g/kg at an interval that there is not: the grams are right, and so is the weight."""
    answer = check(catalogue, "prca", "70", "2 g/kg over 5 days every 4 weeks")
    assert answer.status == "mismatch"
    assert [each.id for each in answer.findings] == ["interval"]
    assert "stale-weight" not in slip_ids(answer)


def test_an_old_weight_is_not_suggested_where_another_weight_or_a_cap_decides(catalogue):
    ideal = check(catalogue, "gbs", "118", "100 g/course", height_cm="170", sex="F", weight_policy="ideal")
    assert "stale-weight" not in slip_ids(ideal)
    capped = check(catalogue, "mis-c", "60", "80 g")
    assert "stale-weight" not in slip_ids(capped)


def test_an_order_that_no_slip_explains_has_none(catalogue):
    answer = check(catalogue, "gbs", "75", "1 g/course", weight_policy="actual")
    assert answer.status == "mismatch"
    assert slip_ids(answer) == []


# --- limits


@pytest.mark.parametrize(
    ("indication", "weight", "ordered", "facts", "text"),
    [
        ("gbs", "70", "150 g/day", {}, "10.714 g/kg for the course, above this tool's ceiling, 4 g/kg"),
        ("gbs", "70", "175.1 g/day", {"days": 2}, "5.003 g/kg for the course, above this tool's ceiling, 4 g/kg"),
        ("kawasaki", "70", "176 g", {}, "2.514 g/kg a day, above this tool's ceiling, 2.5 g/kg a day"),
        ("mis-c", "60", "110 g", {}, "110 g for the course, above the maximum of mis-c-single, 100 g for the course"),
        # 1.1 g/kg in one day is inside 1 to 2 g/kg, and above the most of one day
        (
            "rrms", "70", "77 g/day", {"regimen": "rrms-induction", "days": 1, "g_per_kg": "1"},
            "1.1 g/kg a day, above the maximum of rrms-induction, 1 g/kg a day",
        ),
    ],
)  # fmt: skip
def test_an_order_above_a_limit_is_a_mismatch_that_names_it(catalogue, indication, weight, ordered, facts, text):
    answer = check(catalogue, indication, weight, ordered, **facts)
    assert answer.status == "mismatch"
    assert "limit" in [each.id for each in answer.findings]
    warning = next(each for each in answer.notices if each.id == "order-above-limit")
    assert warning.level == "warning"
    assert text in warning.text
    assert answer.notices[0].level == "warning"


def test_an_order_rounded_above_the_range_matches_with_a_note(catalogue):
    """70 kg, 140 g in 10 g vials is 150 g: 7 % more, 2.143 g/kg where the range ends at 2."""
    answer = check(catalogue, "gbs", "70", "150 g/course")
    assert answer.status == "match"
    note = next(each for each in answer.notices if each.id == "order-above-range")
    assert (note.level, note.sources) == ("note", answer.plan.choice.sources)
    assert note.text == (
        "The order is 2.143 g/kg for the course, above the range of high-dose-divided, 2 g/kg for the course."
    )
    assert not any(each.id.startswith("order-above") for each in check(catalogue, "gbs", "75", "150 g/course").notices)


def test_a_limit_of_the_regimen_is_told_with_its_sources(catalogue):
    answer = check(catalogue, "mis-c", "60", "110 g")
    warning = next(each for each in answer.notices if each.id == "order-above-limit")
    assert warning.sources == answer.plan.choice.sources
    assert warning.sources
    assert check(catalogue, "mis-c", "60", "100 g").status == "match"


def test_a_maximum_in_grams_a_day_is_told_where_the_course_is_inside_its_range(catalogue):
    """70 kg, 1 g/kg on one day, at most 75 g a day: 77 g is within 10 %, is 1.1 g/kg of 1 to 2, and too much."""
    regimen = catalogue.regimens["rrms-induction"]
    limited = Regimen(**{**vars(regimen), "limits": Limits(g_per_day=D(75))})
    site = Catalogue(**{**vars(catalogue), "regimens": {**catalogue.regimens, limited.id: limited}})
    facts = {"regimen": limited.id, "days": 1, "g_per_kg": "1"}
    answer = check(site, "rrms", "70", "77 g/day", **facts)
    assert answer.status == "mismatch"
    texts = [each.text for each in answer.notices if each.id == "order-above-limit"]
    assert texts == ["The order is 77 g a day, above the maximum of rrms-induction, 75 g a day."]
    assert check(site, "rrms", "70", "75 g/day", **facts).status == "match"


def test_this_tools_own_ceiling_has_no_source(catalogue):
    answer = check(catalogue, "gbs", "70", "150 g/day")
    warning = next(each for each in answer.notices if each.id == "order-above-limit")
    assert warning.sources == ()


def test_the_plans_own_notices_come_along(catalogue):
    answer = check(catalogue, "gbs", "75", "30 g/day")
    assert {each.id for each in answer.plan.notices} <= {each.id for each in answer.notices}


# --- verdicts


def agreement(answer):
    assert isinstance(answer, OrderCheck), answer
    return answer.agrees_with and (answer.agrees_with.regimen, answer.agrees_with.how)


@pytest.mark.parametrize(
    ("indication", "weight", "ordered", "facts", "regimen", "how"),
    [
        # the regimen's own range, its default, and other regimens of the indication
        ("pid", "70", "0.5 g/kg", {"regimen": "replacement-label-us"}, "replacement-label-us", "in-range"),
        ("pid", "70", "28 g", {"regimen": "replacement-label-us"}, "replacement-label-us", "chosen"),
        ("pid", "70", "0.3 g/kg monthly", {}, "replacement-monthly", "chosen"),
        ("pid", "70", "0.4 g/kg", {}, "replacement-label-us", "other-regimen"),
        ("pid", "70", "0.4 g/kg every 3 weeks", {}, "replacement-label-us", "other-regimen"),
        ("cll", "70", "0.4 g/kg every 4 weeks", {}, "cll-label-us", "other-regimen"),
        ("itp", "70", "28 g daily x 5", {}, "itp-daily", "chosen"),
        ("itp", "70", "28 g daily x 3", {}, "itp-daily", "in-range"),
        ("itp", "70", "70 g once", {}, "itp-1g-single", "other-regimen"),
        ("itp", "70", "1 g/kg/day for 2 days", {}, "itp-1g-2-days", "other-regimen"),
        ("itp", "70", "70 g every other day x 3", {}, "itp-alternate-days", "other-regimen"),
        ("gbs", "75", "2 g/kg over 2 days", {}, "high-dose-divided", "in-range"),
        ("cidp", "70", "1 g/kg every 3 weeks", {}, "cidp-maintenance", "other-regimen"),
        ("hdn", "3", "1.5 g", {}, "hdn-short-infusion", "other-regimen"),
    ],
)
def test_an_order_is_held_against_every_regimen_of_the_indication(
    catalogue, indication, weight, ordered, facts, regimen, how
):
    assert agreement(check(catalogue, indication, weight, ordered, **facts)) == (regimen, how)


@pytest.mark.parametrize(
    ("indication", "weight", "ordered", "facts", "findings"),
    [
        ("gbs", "75", "30 g/day", {"days": 4}, ["grams"]),  # 37.5 g a day are expected for 4 days
        ("gbs", "75", "30 g daily x 4", {"days": 5}, ["days", "grams"]),
        ("gbs", "75", "75 g/day", {}, ["grams", "limit"]),  # right for 2 days, which nobody wrote
        ("pid", "70", "21 g/day", {}, ["days"]),  # a monthly dose for each day
        ("pid", "70", "0.3 g/kg weekly", {}, ["interval"]),
        ("kawasaki", "12", "24 g once over 4 hours", {}, ["hours"]),
        ("itp", "70", "70 g once", {"regimen": "itp-daily"}, ["days", "grams"]),
        ("gbs", "75", "2 g/kg over 5 days every 4 weeks", {}, ["interval"]),
        ("gbs", "75", "30 g (0.5 g/kg) daily x 5", {}, ["contradiction"]),
        ("itp", "70", "28 g daily x 5 of 5 %", {"product": "privigen-us"}, ["strength"]),
        # pounds converted twice, 22.68 g, lies within 10 % of 1 g/kg, another regimen of Kawasaki disease
        ("kawasaki", "25", "22.7 g", {}, ["grams"]),
    ],
)
def test_a_mismatch_says_in_what_the_order_differs(catalogue, indication, weight, ordered, facts, findings):
    answer = check(catalogue, indication, weight, ordered, **facts)
    assert agreement(answer) is None
    assert [each.id for each in answer.findings] == findings


def test_days_that_are_not_written_are_said(catalogue):
    answer = check(catalogue, "gbs", "75", "30 g/day")
    assert (answer.status, answer.dose.days, answer.dose.days_assumed) == ("match", 5, True)
    note = next(each for each in answer.notices if each.id == "order-days-assumed")
    assert note.text == "The order does not write its days: 5 days assumed."
    written = check(catalogue, "gbs", "75", "30 g/day x 5")
    assert not written.dose.days_assumed
    assert "order-days-assumed" not in [each.id for each in written.notices]


@pytest.mark.parametrize(("tolerance", "rule"), [("20", None), ("20.1", "order-tolerance-too-wide")])
def test_a_tolerance_has_an_end(catalogue, tolerance, rule):
    answer = check(catalogue, "gbs", "75", "60 g/day", tolerance_percent=tolerance)
    assert (answer.rule if isinstance(answer, Refusal) else None) == rule
    assert isinstance(answer, Refusal) or answer.status == "mismatch"


@pytest.mark.parametrize(
    ("ordered", "status"), [("150 g", "match"), ("157.5 g", "match"), ("157.6 g", "mismatch"), ("149.9 g", "mismatch")]
)
def test_a_tolerance_may_be_one_sided(catalogue, ordered, status):
    """5 % above and nothing below: 150 to 157.5 g."""
    request, order = Request("prca", D(75)), parse_ordered(f"{ordered}/course")
    assert check_order(request, order, catalogue, tolerance=Tolerance(D(0), D(5))).status == status


@pytest.mark.parametrize(
    ("typed", "tolerance"), [("5", (5, 5)), ("-5 +10", (5, 10)), ("-0+5", (0, 5)), ("-2.5 % +5 %", (D("2.5"), 5))]
)
def test_a_tolerance_of_the_order_as_it_is_typed(catalogue, typed, tolerance):
    assert read_order_tolerance(typed) == tolerance
    request = Request("prca", D(75), tolerance_percent=D(20), order_tolerance_percent=read_order_tolerance(typed))
    assert check_order(request, parse_ordered("150 g/course"), catalogue).tolerance == tolerance


@pytest.mark.parametrize("typed", ["+5", "-5", "+5 -5", "5 to 10", "-5 +101"])
def test_half_a_tolerance_is_refused(typed):
    with pytest.raises(QuantityError):
        read_order_tolerance(typed)


def test_a_volume_needs_a_strength_or_a_product(catalogue):
    answer = check(catalogue, "itp", "70", "280 mL daily x 5")
    assert (answer.rule, answer.kind) == ("order-needs-strength", "usage")
    assert check(catalogue, "itp", "70", "280 mL of 10 % daily x 5").status == "match"
    assert check(catalogue, "itp", "70", "280 mL daily x 5", product="privigen-us").status == "match"
    assert check(catalogue, "itp", "70", "280 mL daily x 5", product="octagam-5-us").slips[0].course_g == 70


# --- properties


@given(requests())
def test_the_plans_own_course_always_matches(request):
    request = request._replace(tolerance_percent=None)
    plan = make_plan(request, shipped())
    assume(isinstance(plan, Plan) and plan.rounding.within_tolerance)
    ordered = parse_ordered(f"{show(plan.rounding.course_g)} g/course over {plan.choice.days} days")
    answer = check_order(request, ordered, shipped())
    assert isinstance(answer, OrderCheck)
    assert answer.status == "match"
    assert answer.agrees_with == Agreement(plan.choice.regimen.id, "chosen")
    assert as_fraction(answer.difference_percent) == 0
    assert answer.slips == ()


@given(requests(), decimals("0.1", "2000", "0.1"), st.sampled_from(["g/course", "g/day", "g/kg/day", "g/kg/course"]))
def test_any_order_for_any_patient_is_answered(request, amount, basis):
    answer = check_order(request, parse_ordered(f"{show(amount)} {basis}"), shipped())
    if isinstance(answer, Refusal):
        assert answer.hint
        return
    off = as_fraction(answer.difference_percent)
    assert as_fraction(answer.dose.course_g) > 0
    assert (answer.status == "match") == (answer.agrees_with is not None) == (not answer.findings)
    if answer.status == "match":
        assert answer.slips == ()
        assert answer.agrees_with.how == "in-range" or abs(off) <= 20
        assert not any(each.id == "order-above-limit" for each in answer.notices)
    for slip in answer.slips:
        assert abs(as_fraction(answer.dose.course_g) / Fraction(slip.course_g) - 1) <= Fraction(21, 100)
        assert "g" in slip.text
