"""The dose before rounding: regimens and their ranges, exact grams of each day, caps, limits and alternatives."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ivig_dose.catalogue.models import DayRange, DoseRange, Limits, Regimen
from ivig_dose.core.dosing import (
    compute_dose,
    course_g_per_kg,
    describe_days,
    describe_g_per_kg,
    refuse_cycles,
)
from ivig_dose.core.plan import make_plan
from ivig_dose.core.request import Request
from ivig_dose.core.results import Dose, Plan, RegimenChoice
from ivig_dose.problems import Refusal
from ivig_dose.quantity import Ratio, show_ratio
from tests.core.asking import doses, plan, refusal
from tests.strategies import as_fraction, requests, shipped

D = Decimal


def grams(ratio):
    return show_ratio(ratio, 6)


def a_regimen(low="2", high="2", days=(1, 1, 1), basis="per_course", **extra):
    g_per_kg = DoseRange(low=D(low), high=D(high), default=D(high))
    day_range = DayRange(low=days[0], high=days[1], default=days[2])
    return Regimen(
        id="r", title="r", phase="acute", g_per_kg=g_per_kg, basis=basis, days=day_range, status="VERIFIED",
        sources=("s",), **extra,
    )  # fmt: skip


def choice(regimen, g_per_kg=None, days=None):
    g_per_kg = regimen.g_per_kg.default if g_per_kg is None else D(g_per_kg)
    return RegimenChoice(regimen, g_per_kg, days or regimen.days.default, "catalogue", "catalogue", "catalogue", ("s",))


# --- the four regimens that the product was asked for


@pytest.mark.parametrize(
    ("indication", "weight", "regimen", "g_per_kg", "days", "day_g", "course_g"),
    [
        ("itp", "70", "itp-daily", "0.4", 5, "28", "140"),  # 0.4 x 70 = 28; x 5 = 140
        ("itp", "3.4", "itp-daily", "0.4", 5, "1.36", "6.8"),
        ("kawasaki", "12", "high-dose-single", "2", 1, "24", "24"),
        ("pid", "83.7", "replacement-monthly", "0.3", 1, "25.11", "25.11"),  # 0.3 x 83.7
        ("cll", "70", "replacement-monthly", "0.3", 1, "21", "21"),
        ("pediatric-hiv", "20", "replacement-monthly", "0.3", 1, "6", "6"),
        ("gbs", "75", "high-dose-divided", "2", 5, "30", "150"),  # E-01: 150 g is the course, 30 g the day
        ("mg", "60", "high-dose-divided", "2", 5, "24", "120"),
        ("cidp", "118", "high-dose-divided", "2", 5, "47.2", "236"),
        ("dermatomyositis", "44", "high-dose-divided", "2", 5, "17.6", "88"),
        ("irae", "80", "high-dose-divided", "2", 5, "32", "160"),
        ("enterovirus", "10", "high-dose-divided", "2", 5, "4", "20"),
    ],
)
def test_the_default_regimen_of_an_indication_gives_the_seeds_dose(
    catalogue, indication, weight, regimen, g_per_kg, days, day_g, course_g
):
    answer = plan(catalogue, indication, weight)
    assert answer.choice.regimen.id == regimen
    assert (answer.choice.g_per_kg, answer.choice.days) == (D(g_per_kg), days)
    assert answer.choice.chosen_by == answer.choice.g_per_kg_chosen_by == answer.choice.days_chosen_by == "catalogue"
    assert (grams(answer.dose.day_g), grams(answer.dose.course_g)) == (day_g, course_g)
    assert grams(answer.dose.g_per_kg_course.times(D(weight))) == course_g


def test_a_range_never_defaults_to_more_than_its_source_allows(catalogue):
    for regimen in catalogue.regimens.values():
        assert regimen.g_per_kg.low <= regimen.g_per_kg.default <= regimen.g_per_kg.high
        assert regimen.days.low <= regimen.days.default <= regimen.days.high


def test_the_range_of_the_regimen_is_given_in_grams_for_this_patient(catalogue):
    """70 kg ITP: 0.4 g/kg x 2 days = 56 g to 0.4 x 5 = 140 g; GBS 1 to 2 g/kg: 70 to 140 g."""
    itp, gbs = plan(catalogue, "itp", "70"), plan(catalogue, "gbs", "70", days=2)
    assert (grams(itp.dose.course_low_g), grams(itp.dose.course_high_g)) == ("56", "140")
    assert (grams(gbs.dose.course_low_g), grams(gbs.dose.course_high_g)) == ("70", "140")


# --- choosing inside the range


def test_the_request_chooses_grams_per_kg_and_days_inside_the_range(catalogue):
    """80 kg, 1.5 g/kg over 3 days: 120 g, 40 g a day."""
    answer = plan(catalogue, "gbs", "80", g_per_kg="1.5", days=3)
    assert (grams(answer.dose.course_g), grams(answer.dose.day_g), answer.choice.days) == ("120", "40", 3)
    assert answer.choice.g_per_kg_chosen_by == answer.choice.days_chosen_by == "request"
    assert answer.choice.chosen_by == "catalogue"


def test_the_request_chooses_another_regimen_of_the_indication(catalogue):
    answer = plan(catalogue, "itp", "70", regimen="itp-1g-2-days")
    assert (grams(answer.dose.day_g), grams(answer.dose.course_g)) == ("70", "140")
    assert answer.choice.chosen_by == "request"


@pytest.mark.parametrize(
    ("g_per_kg", "message", "hint"),
    [
        ("0.99", "0.99 g/kg is outside the range of high-dose-divided: 1 to 2 g/kg for the course",
         "choose --g-per-kg inside the range, or another --regimen"),
        ("2.0001", "2.0001 g/kg is outside the range of high-dose-divided: 1 to 2 g/kg for the course",
         "choose --g-per-kg inside the range, or another --regimen"),
        ("0", "0 g/kg is outside the range of high-dose-divided: 1 to 2 g/kg for the course",
         "choose --g-per-kg inside the range, or another --regimen"),
        ("4", "4 g/kg is outside the range of high-dose-divided: 1 to 2 g/kg for the course",
         "choose --g-per-kg inside the range, or another --regimen"),
        # E-06: total grams typed in the g/kg option
        ("140", "140 g/kg is outside the range of high-dose-divided: 1 to 2 g/kg for the course",
         "is 140 the grams of a dose? 140 g at 70 kg is 2 g/kg"),
    ],
)  # fmt: skip
def test_grams_per_kg_outside_the_range_are_refused_with_the_range(catalogue, g_per_kg, message, hint):
    answer = refusal(catalogue, "gbs", "70", g_per_kg=g_per_kg)
    assert (answer.rule, answer.message, answer.hint) == ("g-per-kg-out-of-range", message, hint)
    assert answer.sources


def test_grams_per_kg_that_are_no_number_are_refused(catalogue):
    answer = make_plan(Request("gbs", D(70), g_per_kg=D("NaN")), catalogue)
    assert isinstance(answer, Refusal)
    assert answer.rule == "g-per-kg-out-of-range"


@pytest.mark.parametrize(
    ("indication", "days", "message"),
    [
        ("gbs", 1, "1 day is outside the range of high-dose-divided: 2 to 5 days"),
        ("gbs", 6, "6 days are outside the range of high-dose-divided: 2 to 5 days"),
        ("kawasaki", 2, "2 days are outside the range of high-dose-single: 1 day"),
        ("tss", 2, "2 days are outside the range of tss-unequal-days: 3 days"),
        ("gbs", 0, "0 days are outside the range of high-dose-divided: 2 to 5 days"),
    ],
)
def test_days_outside_the_range_are_refused_with_the_range(catalogue, indication, days, message):
    answer = refusal(catalogue, indication, "70", days=days)
    assert (answer.rule, answer.message) == ("days-out-of-range", message)
    assert answer.hint == "choose --days inside the range, or another --regimen"


@pytest.mark.parametrize(
    ("basis", "words"),
    [
        ("per_day", "1 to 2 g/kg a day"),
        ("per_course", "1 to 2 g/kg for the course"),
        ("per_dose", "1 to 2 g/kg a dose"),
        ("per_month", "1 to 2 g/kg a month"),
    ],
)
def test_a_range_in_words_says_what_the_grams_are_for(basis, words):
    """E-01: a range without its basis is how a course came to be given as a day."""
    assert describe_g_per_kg(a_regimen("1", "2", basis=basis)) == words


def test_a_range_of_one_figure_is_that_figure():
    assert describe_g_per_kg(a_regimen("2", "2")) == "2 g/kg for the course"
    assert [describe_days(a_regimen(days=days)) for days in ((1, 1, 1), (3, 3, 3), (2, 5, 5))] == [
        "1 day",
        "3 days",
        "2 to 5 days",
    ]


@pytest.mark.parametrize(
    ("basis", "course"), [("per_day", "1.2"), ("per_course", "0.4"), ("per_dose", "0.4"), ("per_month", "0.4")]
)
def test_only_a_dose_for_each_day_is_multiplied_by_the_days(basis, course):
    assert course_g_per_kg(a_regimen("0.4", "0.4", (3, 3, 3), basis), D("0.4"), 3) == D(course)


# --- names


@pytest.mark.parametrize("name", ["ITP", "immune thrombocytopenia", "Immune_Thrombocytopenia", "  itp "])
def test_an_indication_is_found_by_id_or_alias_in_any_case(catalogue, name):
    assert plan(catalogue, name, "70").indication.id == "itp"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("itpp", "did you mean itp?"),
        ("kawasacki", "did you mean kawasaki?"),
        ("guillain", "did you mean gbs?"),
        ("zzz", "`ivig-dose list indications` shows the ids"),
        ("", "`ivig-dose list indications` shows the ids"),
    ],
)
def test_an_unknown_indication_is_refused_with_the_nearest_ids(catalogue, name, hint):
    answer = refusal(catalogue, name, "70")
    assert (answer.rule, answer.kind, answer.hint) == ("unknown-indication", "usage", hint)
    assert answer.message == f"indication '{name}' is not in the catalogue"


def test_a_disease_that_authorities_advise_against_is_refused_with_the_reason(catalogue):
    answer = refusal(catalogue, "als", "70")
    assert (answer.rule, answer.kind) == ("indication-not-recommended", "refused")
    assert answer.message.startswith(catalogue.not_recommended["motor-neurone-disease"].title)
    assert answer.sources
    assert answer.hint == "if the diagnosis is another one, name that"


def test_an_indication_without_a_default_asks_for_a_regimen_and_says_which(catalogue):
    answer = refusal(catalogue, "hdn", "3.4")
    assert answer.rule == "regimen-needed"
    hdn = catalogue.indications["hdn"]
    assert answer.message == f"{hdn.title} has no default regimen: {hdn.no_default}"
    assert answer.hint == "add --regimen with hdn-short-infusion"
    assert plan(catalogue, "hdn", "3.4", regimen="hdn-short-infusion").choice.days == 1


def test_an_unknown_regimen_is_refused_with_those_of_the_indication(catalogue):
    near = refusal(catalogue, "gbs", "70", regimen="high-dose-dividid")
    assert (near.rule, near.kind, near.hint) == ("unknown-regimen", "usage", "did you mean high-dose-divided?")
    far = refusal(catalogue, "gbs", "70", regimen="zzz")
    assert far.hint == "choose high-dose-divided or daily-5-days"


def test_a_regimen_of_another_indication_is_refused(catalogue):
    answer = refusal(catalogue, "gbs", "70", regimen="itp-daily")
    assert (answer.rule, answer.kind) == ("regimen-not-for-indication", "refused")
    assert answer.message == "regimen itp-daily is not one of gbs"
    assert answer.hint == "choose high-dose-divided or daily-5-days"


# --- unequal days, caps and limits


def test_unequal_days_follow_their_pattern(catalogue):
    """Toxic shock, 70 kg: 1, 0.5, 0.5 g/kg: 70, 35, 35 g."""
    answer = plan(catalogue, "tss", "70")
    assert [grams(day) for day in answer.dose.days_g] == ["70", "35", "35"]
    assert doses(answer) == ["70", "35", "35"]
    assert answer.dose.day_g is None
    assert answer.dose.g_per_kg_per_day is None
    assert grams(answer.dose.course_g) == "140"


@pytest.mark.parametrize(
    ("weight", "course", "capped_from", "per_kg"),
    [
        ("49.9", "99.8", None, "2"),
        ("50", "100", None, "2"),
        ("50.1", "100", "100.2", "1.996008"),  # 100 / 50.1
        ("60", "100", "120", "1.666667"),
    ],
)
def test_a_ceiling_in_grams_caps_the_course_and_says_from_what(catalogue, weight, course, capped_from, per_kg):
    """MIS-C: 2 g/kg, at most 100 g. E-21: a cap is never silent."""
    answer = plan(catalogue, "mis-c", weight)
    assert grams(answer.dose.course_g) == course
    assert grams(answer.dose.g_per_kg_course) == per_kg
    assert (answer.dose.capped_from_g and grams(answer.dose.capped_from_g)) == capped_from
    assert ("course-capped" in [each.id for each in answer.notices]) == (capped_from is not None)
    assert as_fraction(answer.dose.course_low_g) <= as_fraction(answer.dose.course_high_g) <= 100


def test_a_capped_course_is_so_many_grams_per_kg_of_the_exact_dosing_weight():
    """A weight from a formula is a quotient: 175 kg / 3 = 58.333 kg; 2 g/kg would be 116.667 g; 100 g is 12/7 g/kg."""
    regimen = a_regimen("2", "2", (2, 2, 2), limits=Limits(g_per_course=D(100)))
    dose = compute_dose(choice(regimen), Ratio(D(175), D(3)))
    assert isinstance(dose, Dose)
    assert as_fraction(dose.course_g) == 100
    assert as_fraction(dose.g_per_kg_course) == Fraction(12, 7)
    assert as_fraction(dose.g_per_kg_per_day) == Fraction(6, 7)


def test_a_day_above_its_limit_is_refused_with_the_fewest_days_that_keep_it():
    """150 kg, 2 g/kg = 300 g: over 2 days 150 g a day, above 140; 300 / 140 = 2.14, so 3 days."""
    regimen = a_regimen("2", "2", (2, 5, 5), limits=Limits(g_per_day=D(140)))
    answer = compute_dose(choice(regimen, days=2), Ratio(D(150)))
    assert isinstance(answer, Refusal)
    assert answer.rule == "day-limit"
    assert answer.message == f"{regimen.id} allows at most 140 g a day, and 2 days would give 150 g a day"
    assert answer.hint == "add --days 3 or more"
    assert isinstance(compute_dose(choice(regimen, days=3), Ratio(D(150))), Dose)
    on_it = compute_dose(choice(regimen, days=2), Ratio(D(140)))
    assert isinstance(on_it, Dose)
    assert grams(on_it.day_g) == "140"


def test_a_day_above_its_limit_in_grams_per_kg_is_refused(catalogue):
    answer = refusal(catalogue, "rrms", "70", regimen="rrms-induction", days=1)
    assert answer.message == "rrms-induction allows at most 1 g/kg a day, and 1 day would give 2 g/kg a day"
    assert answer.hint == "add --days 2 or more"
    assert plan(catalogue, "rrms", "70", regimen="rrms-induction", days=2)


@pytest.mark.parametrize(
    ("regimen", "days"),
    [
        (a_regimen("1.5", "1.5", (1, 2, 2), "per_day", limits=Limits(g_per_kg_per_day=D(1))), 2),
        (a_regimen("1.5", "1.5", (1, 5, 2), "per_day", limits=Limits(g_per_kg_per_day=D(1))), 2),
        (a_regimen("2", "2", (1, 2, 1), limits=Limits(g_per_day=D(10))), 1),
    ],
)
def test_where_more_days_do_not_help_the_hint_is_the_prescriber(regimen, days):
    answer = compute_dose(choice(regimen, days=days), Ratio(D(70)))
    assert isinstance(answer, Refusal)
    assert answer.hint == "choose a lower --g-per-kg or another --regimen, and ask the prescriber"


def test_the_most_days_of_the_regimen_are_offered_where_they_are_just_enough():
    """2 g/kg at 70 kg on 1 day, at most 70 g a day: 140 / 70 = 2 days, and the regimen has 2."""
    regimen = a_regimen("2", "2", (1, 2, 1), limits=Limits(g_per_day=D(70)))
    answer = compute_dose(choice(regimen), Ratio(D(70)))
    assert isinstance(answer, Refusal)
    assert answer.hint == "add --days 2 or more"


@pytest.mark.parametrize(
    ("regimen", "stopped"),
    [
        (a_regimen("4", "4", (2, 2, 2)), False),  # on both ceilings or below
        (a_regimen("2.5", "2.5", (1, 1, 1)), False),
        (a_regimen("4.001", "4.001", (5, 5, 5)), True),
        (a_regimen("2.501", "2.501", (1, 1, 1)), True),
        (a_regimen("1", "1", (5, 5, 5), "per_day"), True),  # 5 g/kg in the course
        # 3.5 g/kg on the second of two days: the largest day counts, not the first
        (a_regimen("4", "4", (2, 2, 2), day_pattern=(D("0.5"), D("3.5"))), True),
    ],
)
def test_no_catalogue_lifts_the_hard_ceilings_of_4_g_per_kg_a_course_and_2_5_a_day(regimen, stopped):
    answer = compute_dose(choice(regimen), Ratio(D(70)))
    assert isinstance(answer, Refusal) == stopped
    if isinstance(answer, Refusal):
        assert answer.rule == "hard-ceiling"
        assert answer.message == "no dose is given above 4 g/kg a course or 2.5 g/kg a day"
        assert answer.hint == "choose fewer grams per kg or more days"


def test_a_limit_of_a_day_looks_at_the_largest_of_unequal_days():
    regimen = a_regimen("2", "2", (2, 2, 2), day_pattern=(D("0.5"), D("1.5")), limits=Limits(g_per_kg_per_day=D(1)))
    answer = compute_dose(choice(regimen), Ratio(D(70)))
    assert isinstance(answer, Refusal)
    assert answer.rule == "day-limit"


# --- cycles


def test_more_cycles_than_the_regimen_allows_are_refused(catalogue):
    answer = refusal(catalogue, "transplant-amr", "70", regimen="transplant-amr-4-weekly", cycles=5)
    assert answer.rule == "too-many-cycles"
    assert answer.message == "transplant-amr-4-weekly allows at most 4 cycles, and 5 were asked for"
    assert answer.hint == "choose --cycles 4 or fewer"
    assert plan(catalogue, "transplant-amr", "70", regimen="transplant-amr-4-weekly", cycles=4)


def test_a_limit_in_all_counts_every_cycle(catalogue):
    """0.1 g/kg after each exchange, at most 2 g/kg in all: 20 are allowed, 21 are not."""
    answer = refusal(catalogue, "transplant-amr", "70", regimen="after-plasma-exchange", cycles=21)
    assert answer.rule == "in-all-limit"
    assert answer.message == "after-plasma-exchange allows at most 2 g/kg in all, and 21 cycles would give 2.1 g/kg"
    assert answer.hint == "choose fewer --cycles"
    assert plan(catalogue, "transplant-amr", "70", regimen="after-plasma-exchange", cycles=20)


def test_a_single_course_has_no_cycles(catalogue):
    answer = refusal(catalogue, "gbs", "70", cycles=2)
    assert (answer.rule, answer.hint) == ("no-interval", "leave --interval, --cycles and --until out")
    assert answer.message == "high-dose-divided is one course in gbs and has no interval for 2 cycles"


@pytest.mark.parametrize(
    ("indication", "regimen", "facts"),
    [
        ("gbs", "high-dose-divided", {"days": 6}),
        ("gbs", "high-dose-divided", {"g_per_kg": "3"}),
    ],
)
def test_a_range_is_refused_with_the_sources_of_the_regimen(catalogue, indication, regimen, facts):
    assert refusal(catalogue, indication, "70", **facts).sources == catalogue.regimens[regimen].sources


@pytest.mark.parametrize(
    ("weight", "regimen", "facts"),
    [
        ("70", "transplant-amr-4-weekly", {"cycles": 5}),
        ("70", "after-plasma-exchange", {"cycles": 21}),
    ],
)
def test_a_limit_is_refused_with_the_sources_of_the_regimen_for_that_indication(catalogue, weight, regimen, facts):
    """Where an indication has sources of its own for a regimen, those stand, and not the regimen's."""
    answer = refusal(catalogue, "transplant-amr", weight, regimen=regimen, **facts)
    own = catalogue.indications["transplant-amr"].regimen_sources or {}
    assert answer.sources == own.get(regimen, catalogue.regimens[regimen].sources)
    assert answer.sources


def test_the_sources_of_a_dose_are_those_for_that_indication():
    """One regimen serves many indications, and what supports it in one need not support it in another."""
    answer = plan(shipped(), "gbs", "70", regimen="daily-5-days")
    assert answer.choice.sources == ("eu-privigen-hk", "eu-octagam", "efns-2008", "za-nemlc")


def test_an_indication_without_a_default_is_refused_with_its_own_sources(catalogue):
    assert refusal(catalogue, "hdn", "3.4").sources == catalogue.indications["hdn"].sources


def test_one_cycle_of_anything_is_allowed():
    assert refuse_cycles(choice(a_regimen()), 1) is None


# --- alternatives


def test_the_other_regimens_stand_beside_with_their_own_grams(catalogue):
    """70 kg ITP: 1 g/kg once is 70 g, 1 g/kg on 2 days 140 g, 0.4 g/kg on 5 days 140 g."""
    answer = plan(catalogue, "itp", "70")
    found = {each.regimen: (each.days, grams(each.course_g)) for each in answer.alternatives}
    for each in answer.alternatives:
        regimen = catalogue.regimens[each.regimen]
        assert (each.title, each.basis) == (regimen.title, regimen.basis)
        assert each.g_per_kg == regimen.g_per_kg.default
    assert found["itp-1g-single"] == (1, "70")
    assert found["itp-1g-2-days"] == (2, "140")
    assert found["daily-5-days"] == (5, "140")
    assert "itp-daily" not in found
    assert set(found) | {"itp-daily"} == set(catalogue.indications["itp"].regimens)


def test_an_alternative_is_capped_as_it_would_be_if_chosen(catalogue):
    answer = plan(catalogue, "mis-c", "60")
    assert [(each.regimen, grams(each.course_g)) for each in answer.alternatives] == [("mis-c-2-days", "100")]


def test_an_alternative_says_whether_its_grams_per_kg_are_one_figure_or_one_of_a_range(catalogue):
    """GBS: 1 to 2 g/kg for the course beside 0.4 g/kg a day, which is one figure."""
    (daily,) = plan(catalogue, "gbs", "70").alternatives
    assert (daily.regimen, daily.in_a_range) == ("daily-5-days", False)
    (divided,) = plan(catalogue, "gbs", "70", regimen="daily-5-days").alternatives
    assert (divided.regimen, divided.in_a_range) == ("high-dose-divided", True)


# --- properties


@given(requests())
def test_the_days_add_up_to_the_course_and_the_course_is_g_per_kg_times_the_dosing_weight(request):
    answer = make_plan(request, shipped())
    assume(isinstance(answer, Plan))
    dose, kg = answer.dose, as_fraction(answer.dosing_weight.kg)
    assert sum((as_fraction(day) for day in dose.days_g), Fraction(0)) == as_fraction(dose.course_g)
    assert as_fraction(dose.g_per_kg_course) * kg == as_fraction(dose.course_g)
    per_kg = Fraction(answer.choice.g_per_kg) * (answer.choice.days if answer.choice.regimen.basis == "per_day" else 1)
    assert as_fraction(dose.capped_from_g or dose.course_g) == per_kg * kg
    assert as_fraction(dose.course_low_g) <= as_fraction(dose.course_g) <= as_fraction(dose.course_high_g)


@settings(max_examples=100)
@given(requests(weight_policy=st.sampled_from([None, "actual"])), st.decimals("0.3", "350", places=1))
def test_more_weight_never_means_less_dose(request, other):
    light, heavy = sorted((request.weight_kg, other))
    first, second = (make_plan(request._replace(weight_kg=weight), shipped()) for weight in (light, heavy))
    assume(isinstance(first, Plan) and isinstance(second, Plan))
    assert as_fraction(first.dose.course_g) <= as_fraction(second.dose.course_g)
    assert first.rounding.course_g <= second.rounding.course_g


def test_a_dose_says_per_day_per_course_and_grams_together(catalogue):
    dose = plan(catalogue, "gbs", "75").dose
    assert isinstance(dose, Dose)
    assert grams(dose.g_per_kg_per_day) == "0.4"
    assert grams(dose.g_per_kg_course) == "2"
    assert grams(dose.day_g) == "30"
    assert grams(dose.course_g) == "150"
