"""Treatments over time: intervals, the next phase, the year, reviews, and what other doses say of this course.

Dates are worked out with a calendar, grams by hand: 70 kg at 2 g/kg is 140 g, at 1 g/kg 70 g.
"""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig_dose.core.interval import TimeSpan, is_same_interval, lies_in, write_interval, write_length
from ivig_dose.core.plan import Planner
from ivig_dose.core.request import EarlierDose, NextPhase, Request
from ivig_dose.core.schedule import add_interval
from ivig_dose.core.treatment import choose_gap, follow
from tests.core.asking import notice, notice_ids, plan, refusal
from tests.strategies import shipped

D = Decimal
WEEKS, MONTHS, DAYS = "weeks", "months", "days"
START = date(2026, 12, 1)


def dates(answer):
    return [day.date.isoformat() for day in answer.schedule]


def plan_of(request):
    return Planner(shipped()).plan(request)


def gamunex(**facts):
    return {"product": "gamunex-c", **facts}


# --- the interval


def test_an_interval_inside_the_range_is_planned_and_says_who_chose_it(catalogue):
    answer = plan(
        catalogue, "pid", "64.5", regimen="replacement-label-us", interval=TimeSpan(3, WEEKS), start=START, cycles=4
    )
    assert (answer.choice.interval, answer.choice.interval_chosen_by) == (TimeSpan(3, WEEKS), "request")
    assert dates(answer) == ["2026-12-01", "2026-12-22", "2027-01-12", "2027-02-02"]


def test_without_one_the_usual_interval_is_planned(catalogue):
    answer = plan(catalogue, "pid", "64.5", regimen="replacement-label-us", start=START, cycles=2)
    assert (answer.choice.interval, answer.choice.interval_chosen_by) == (TimeSpan(4, WEEKS), "catalogue")
    assert dates(answer) == ["2026-12-01", "2026-12-29"]


@pytest.mark.parametrize(
    ("span", "range_said"),
    [
        (TimeSpan(2, WEEKS), "every 2 weeks"),
        (TimeSpan(20, DAYS), "every 20 days"),
        (TimeSpan(5, WEEKS), "every 5 weeks"),
        (TimeSpan(29, DAYS), "every 29 days"),
        (TimeSpan(2, MONTHS), "every 2 months"),
    ],
)
def test_an_interval_outside_the_range_is_refused_with_the_range(catalogue, span, range_said):
    answer = refusal(catalogue, "pid", "70", regimen="replacement-label-us", interval=span)
    assert answer.rule == "interval-out-of-range"
    assert answer.message == f"{range_said} is outside the range of replacement-label-us: every 3 to 4 weeks"
    assert answer.sources == catalogue.regimens["replacement-label-us"].sources


@pytest.mark.parametrize("span", [TimeSpan(21, DAYS), TimeSpan(25, DAYS), TimeSpan(28, DAYS), TimeSpan(1, MONTHS)])
def test_the_ends_of_the_range_and_other_units_inside_it_are_planned(catalogue, span):
    assert plan(catalogue, "pid", "70", regimen="replacement-label-us", interval=span).choice.interval == span


@pytest.mark.parametrize(
    ("span", "is_in"),
    [
        (TimeSpan(27, DAYS), False),
        (TimeSpan(28, DAYS), True),
        (TimeSpan(4, WEEKS), True),
        (TimeSpan(31, DAYS), True),
        (TimeSpan(32, DAYS), False),
        (TimeSpan(5, WEEKS), False),
    ],
)
def test_a_range_in_months_is_28_to_31_days(catalogue, span, is_in):
    repeats = plan(catalogue, "pid", "70", regimen="replacement-monthly").choice.repeats
    assert lies_in(span, repeats) is is_in
    assert is_same_interval(span, TimeSpan(1, MONTHS)) is is_in
    assert is_same_interval(TimeSpan(1, MONTHS), span) is is_in


@pytest.mark.parametrize(
    ("span", "short", "counted"),
    [
        (TimeSpan(1, MONTHS), "month", "1 month"),
        (TimeSpan(1, WEEKS), "week", "1 week"),
        (TimeSpan(2, DAYS), "2 days", "2 days"),
    ],
)
def test_an_interval_in_words(span, short, counted):
    assert (write_interval(span), write_interval(span, always_count=True)) == (short, counted)


def test_a_month_in_place_of_weeks_says_so(catalogue):
    answer = plan(catalogue, "pid", "70", regimen="replacement-label-us", interval=TimeSpan(1, MONTHS))
    assert "A month is taken as 4 weeks" in notice(answer, "month-as-4-weeks").text
    assert "month-as-4-weeks" not in notice_ids(plan(catalogue, "pid", "70", regimen="replacement-label-us"))


def test_months_clamp_to_the_end_of_a_month_and_do_not_stay_there(catalogue):
    answer = plan(catalogue, "pid", "70", start=date(2026, 10, 31), cycles=5)
    assert dates(answer) == ["2026-10-31", "2026-11-30", "2026-12-31", "2027-01-31", "2027-02-28"]


@given(
    st.dates(date(2000, 1, 1), date(2080, 1, 1)),
    st.sampled_from([DAYS, WEEKS, MONTHS]),
    st.integers(1, 12),
    st.integers(1, 30),
)
def test_a_later_course_is_always_later_and_counted_from_the_first(start, unit, number, times):
    span = TimeSpan(number, unit)
    days = [add_interval(start, span, each) for each in range(times + 1)]
    assert days == sorted(set(days))
    low, high = span.days
    assert low * times <= (days[-1] - start).days <= high * times


# --- courses that an indication's sources repeat


@pytest.mark.parametrize(
    ("indication", "low", "high"),
    [("cidp", 4, 4), ("mmn", 4, 8), ("dermatomyositis", 4, 4), ("pemphigus", 4, 4), ("pemphigoid", 4, 4)],
)
def test_the_high_dose_is_repeated_where_sources_repeat_it(catalogue, indication, low, high):
    answer = plan(catalogue, indication, "70", regimen="high-dose-divided", start=START, cycles=2)
    assert (answer.choice.repeats.low, answer.choice.repeats.high, answer.choice.repeats.unit) == (low, high, WEEKS)
    assert dates(answer)[5] == "2026-12-29"
    assert set(answer.choice.repeats.sources) <= set(answer.choice.sources)


@pytest.mark.parametrize("indication", ["gbs", "aiha", "mg", "irae", "enterovirus"])
def test_the_high_dose_is_one_course_everywhere_else(catalogue, indication):
    for facts in ({"cycles": 2}, {"interval": TimeSpan(1, MONTHS)}, {"until": date(2027, 6, 30), "start": START}):
        assert refusal(catalogue, indication, "70", regimen="high-dose-divided", **facts).rule == "no-interval"


def test_kawasaki_disease_is_dosed_once(catalogue):
    assert refusal(catalogue, "kawasaki", "12", age="3", cycles=2).rule == "no-interval"


def test_a_refusal_to_repeat_names_the_regimens_that_are(catalogue):
    answer = refusal(catalogue, "transplant-amr", "70", cycles=2)
    assert answer.hint.endswith("choose --regimen transplant-amr-4-weekly")


def test_a_course_that_may_be_repeated_is_one_course_where_nobody_asks(catalogue):
    answer = plan(catalogue, "cidp", "70", start=START)
    assert answer.choice.interval is None
    assert answer.year is None
    assert len(answer.schedule) == 5


def test_no_indication_repeats_what_its_regimen_already_does():
    catalogue = shipped()
    for indication in catalogue.indications.values():
        for name in indication.repeats or {}:
            assert catalogue.regimens[name].interval is None


# --- until a day


def test_courses_begin_until_a_day_that_day_included(catalogue):
    facts = {"regimen": "replacement-label-us", "interval": TimeSpan(3, WEEKS), "start": START}
    for until, courses in ((date(2026, 12, 21), 1), (date(2026, 12, 22), 2), (date(2026, 12, 23), 2), (START, 1)):
        assert len(plan(catalogue, "pid", "70", until=until, **facts).schedule) == courses


@pytest.mark.parametrize(
    ("facts", "rule", "message", "hint"),
    [
        ({"until": date(2027, 1, 1)}, "until-needs-start",
         "--until counts courses from a first day, and none is given", "add --start"),
        ({"until": date(2026, 11, 30), "start": START}, "until-before-start",
         "the last day, 2026-11-30, is before the start, 2026-12-01", "give --until after --start"),
        ({"until": date(2027, 1, 1), "start": START, "cycles": 2}, "until-and-cycles",
         "--until and --cycles both say how many courses", "give one of them"),
    ],
)  # fmt: skip
def test_a_last_day_that_counts_nothing_is_refused(catalogue, facts, rule, message, hint):
    answer = refusal(catalogue, "pid", "70", **facts)
    assert (answer.rule, answer.message, answer.hint, answer.kind) == (rule, message, hint, "usage")


def test_until_is_refused_where_the_regimen_allows_fewer_courses(catalogue):
    answer = refusal(
        catalogue, "transplant-amr", "70", regimen="transplant-amr-4-weekly", start=START, until=date(2027, 12, 1)
    )
    assert answer.rule == "too-many-cycles"


def test_more_courses_than_are_scheduled_at_most_are_refused(catalogue):
    facts = {"regimen": "fnait-weekly", "start": START}
    last = add_interval(START, TimeSpan(1, WEEKS), 999)
    assert len(plan(catalogue, "fnait", "70", until=last, **facts).schedule) == 1000
    answer = refusal(catalogue, "fnait", "70", until=add_interval(last, TimeSpan(1, WEEKS)), **facts)
    assert (answer.rule, answer.kind) == ("cycles-out-of-bounds", "usage")
    assert answer.message == "until 2046-01-30 more than 1000 courses would begin"
    assert answer.hint == "give an earlier --until"


@pytest.mark.parametrize("facts", [{"interval": TimeSpan(1, WEEKS)}, {"until": date(2027, 1, 1), "start": START}])
def test_doses_after_events_have_no_interval(catalogue, facts):
    """After each plasma exchange: how many may be said, when nobody knows."""
    assert plan(catalogue, "transplant-amr", "70", regimen="after-plasma-exchange", cycles=3)
    assert refusal(catalogue, "transplant-amr", "70", regimen="after-plasma-exchange", **facts).rule == "no-interval"


# --- the year


def test_the_year_of_a_replacement_every_3_weeks(catalogue):
    """25 g every 21 days: 8.333 g a week; 365.25 / 21 = 17.393 infusions and 434.82 g a year."""
    answer = plan(
        catalogue, "pid", "64.5", regimen="replacement-label-us", product="privigen-us", interval=TimeSpan(3, WEEKS),
        start=START, until=date(2027, 11, 30),
    )  # fmt: skip
    year = answer.year
    assert year.g_per_week.to_step(D("0.001")) == D("8.333")
    assert year.infusions_per_year.to_step(D("0.001")) == D("17.393")
    assert year.g_per_year.to_step(D("0.01")) == D("434.82")
    assert year.scheduled_g == 18 * 25
    assert [(vial.g, vial.count) for vial in year.vials] == [(20, 18), (5, 18)]


def test_a_course_every_month_is_12_courses_a_year(catalogue):
    """2 g/kg over 2 days, each a dose of 70 g: 24 infusions and 1680 g a year, 32.197 g a week."""
    year = plan(catalogue, "dermatomyositis", "70", regimen="dermatomyositis-ontario").year
    assert (year.g_per_year.to_step(D(1)), year.infusions_per_year.to_step(D(1))) == (1680, 24)
    assert year.g_per_week.to_step(D("0.001")) == D("32.197")


def test_vials_that_are_opened_are_ordered_whole(catalogue):
    """1.2 g of a vial of 5 g in each of 3 doses: 3 vials of 5 g to order, and 3.6 g given."""
    answer = plan(catalogue, "pid", "3", age="0.3", product="privigen-us", regimen="replacement-label-us", cycles=3)
    assert {day.dose_g for day in answer.schedule} == {D("1.2")}
    assert [(vial.g, vial.count) for vial in answer.year.vials] == [(5, 3)]
    assert answer.year.scheduled_g == D("3.6")


def test_a_gap_that_is_a_range_is_told_as_one(catalogue):
    then = NextPhase("mmn-maintenance-1g", after=TimeSpan(6, WEEKS))
    answer = plan(catalogue, "mmn", "70", regimen="induction-divided", then=then)
    assert notice(answer.then, "gap-differs").text.endswith("the sources begin it after 2 to 4 weeks.")
    assert write_length(answer.then.choice.repeats) == "2 to 4 weeks"
    assert write_length(plan(catalogue, "pid", "70").choice.repeats) == "1 month"


# --- the phase that follows


def test_the_next_phase_begins_when_its_sources_say(catalogue):
    """Privigen in CIDP: 2 g/kg over 2 to 5 days, then 1 g/kg every 3 weeks: 140 g, then 70 g from day 22 on."""
    answer = plan(
        catalogue, "cidp", "70", regimen="induction-divided", product="privigen-us", start=START,
        then=NextPhase("cidp-maintenance", until=date(2027, 5, 31)),
    )  # fmt: skip
    then = answer.then
    assert dates(then) == [
        "2026-12-22", "2027-01-12", "2027-02-02", "2027-02-23", "2027-03-16", "2027-04-06", "2027-04-27", "2027-05-18",
    ]  # fmt: skip
    assert {day.dose_g for day in then.schedule} == {70}
    assert (then.gap.after, then.gap.chosen_by) == (TimeSpan(3, WEEKS), "catalogue")
    assert "fda-privigen" in then.gap.sources
    assert answer.rounding.course_g == 140


def test_the_vaccine_date_counts_from_the_last_infusion_of_all(catalogue):
    """US: 2 g/kg asks for 11 months, 1 g/kg for 10; 10 after the last of 1 g/kg is later than 11 after the first."""
    then = NextPhase("cidp-maintenance", cycles=3)
    answer = plan(catalogue, "cidp", "70", regimen="induction-divided", start=START, then=then)
    assert answer.then.schedule[-1].date == date(2027, 2, 2)
    assert answer.vaccines.not_before == date(2027, 12, 2)
    alone = plan(catalogue, "cidp", "70", regimen="induction-divided", start=START)
    assert alone.vaccines.not_before == date(2027, 11, 5)


def test_another_gap_than_the_sources_give_is_planned_with_a_warning(catalogue):
    then = NextPhase("cidp-maintenance", after=TimeSpan(5, WEEKS))
    answer = plan(catalogue, "cidp", "70", regimen="induction-divided", start=START, then=then)
    assert answer.then.schedule[0].date == date(2027, 1, 5)
    said = notice(answer.then, "gap-differs")
    assert (said.level, said.sources) == ("warning", answer.then.gap.sources)
    assert said.text == (
        "The next phase begins 5 weeks after the first day of the course; the sources begin it after 3 weeks."
    )
    assert (answer.then.gap.chosen_by, answer.then.gap.after) == ("request", TimeSpan(5, WEEKS))


def test_a_gap_that_no_source_gives_must_be_written(catalogue):
    answer = refusal(catalogue, "itp", "70", then=NextPhase("itp-maintenance"))
    assert (answer.rule, answer.kind) == ("gap-needed", "usage")
    assert answer.message == "--then: no source gives the time from itp-daily to itp-maintenance"
    assert answer.hint == 'write it: --then "itp-maintenance: after 4 weeks"'
    later = plan(catalogue, "itp", "70", start=START, then=NextPhase("itp-maintenance", after=TimeSpan(4, WEEKS)))
    assert later.then.schedule[0].date == date(2026, 12, 29)


@pytest.mark.parametrize(
    ("then", "rule"),
    [
        (NextPhase("itp-daily"), "regimen-not-for-indication"),
        (NextPhase("no-such"), "unknown-regimen"),
        (NextPhase("cidp-maintenance", g_per_kg=D(3)), "g-per-kg-out-of-range"),
        (NextPhase("cidp-maintenance", days=4), "days-out-of-range"),
        (NextPhase("cidp-maintenance", interval=TimeSpan(4, WEEKS)), "interval-out-of-range"),
    ],
)
def test_what_is_wrong_with_the_next_phase_is_refused_as_such(catalogue, then, rule):
    answer = refusal(catalogue, "cidp", "70", regimen="induction-divided", then=then)
    assert answer.rule == rule
    assert answer.message.startswith("--then: ")


@pytest.mark.parametrize(("days", "planned"), [(4, False), (5, True)])
def test_the_next_phase_begins_after_the_course_ends(catalogue, days, planned):
    """5 days: after 4 days it would begin on day 5, after 5 days on day 6."""
    then = NextPhase("cidp-maintenance", after=TimeSpan(days, DAYS))
    facts = {"regimen": "induction-divided", "start": START, "then": then}
    if planned:
        assert plan(catalogue, "cidp", "70", **facts).then.schedule[0].date == date(2026, 12, 6)
    else:
        answer = refusal(catalogue, "cidp", "70", **facts)
        assert answer.rule == "phase-before-course-ends"
        assert answer.message.endswith("would begin 4 days after the first day of the course, which ends on day 5")
        assert answer.hint == 'write a longer time: --then "cidp-maintenance: after 4 weeks"'
        assert answer.kind == "usage"


def test_the_next_phase_counts_from_the_first_day_of_a_course_that_has_begun(catalogue):
    """Begun on 1 December, gone on with on the 4th: maintenance 3 weeks after the 1st, on the 22nd."""
    answer = plan(
        catalogue, "cidp", "70", regimen="induction-divided", start=date(2026, 12, 4), blood_group="A",
        given=(EarlierDose(D(56), START),), then=NextPhase("cidp-maintenance"),
    )  # fmt: skip
    assert answer.then.schedule[0].date == date(2026, 12, 22)
    near = NextPhase("cidp-maintenance", after=TimeSpan(9, DAYS))
    again = plan(
        catalogue, "cidp", "70", regimen="induction-divided", start=date(2026, 12, 4), blood_group="A",
        given=(EarlierDose(D(112), START),), then=near,
    )  # fmt: skip
    assert again.then.schedule[0].date == date(2026, 12, 10)
    assert "haemolysis-non-o" in notice_ids(again.then)  # 112 g, 28 g and 70 g within 10 days


def test_figures_of_the_first_course_are_not_those_of_the_next_phase(catalogue):
    """2 g/kg over 4 days; maintenance is 1 g/kg over 1 to 2 days every 3 weeks."""
    facts = {"g_per_kg": "2", "days": 4, "interval": TimeSpan(4, WEEKS), "cycles": 2, "igg_g_per_l": None}
    answer = plan(catalogue, "cidp", "70", regimen="induction-divided", then=NextPhase("cidp-maintenance"), **facts)
    assert (answer.then.choice.g_per_kg, answer.then.choice.days) == (1, 1)


def test_the_next_phase_counts_from_the_last_of_several_courses(catalogue):
    """Courses on 1 and 29 December; 3 weeks after the 29th is 19 January."""
    facts = {"regimen": "induction-divided", "cycles": 2, "start": START, "then": NextPhase("cidp-maintenance")}
    assert plan(catalogue, "cidp", "70", **facts).then.schedule[0].date == date(2027, 1, 19)


def test_the_next_phase_knows_every_dose_before_it():
    """Days before the first of maintenance, which is day 22 of a course whose first days are 3 and 2 days ago."""
    request = Request(
        "cidp", D(70), regimen="induction-divided", product="privigen-us", start=date(2026, 12, 4), rounding="none",
        given=(EarlierDose(D(28), START), EarlierDose(D(28), date(2026, 12, 2))),
        earlier=(EarlierDose(D(30), date(2026, 11, 1)),), then=NextPhase("cidp-maintenance"),
    )  # fmt: skip
    first = Planner(shipped()).calculate(request)
    after = follow(first, choose_gap(first))
    assert after.start == date(2026, 12, 22)
    assert [(dose.g, dose.days_before) for dose in after.earlier] == [
        (30, 51), (28, 21), (28, 20), (28, 18), (28, 17), (28, 16),
    ]  # fmt: skip
    assert after.earlier[-1].product == "privigen-us"
    assert "first-infusion" not in notice_ids(plan_of(request).then)


def test_a_level_is_of_the_first_phase_alone(catalogue):
    then = NextPhase("replacement-label-eu")
    answer = plan(catalogue, "pid", "70", regimen="replacement-eu-start", igg_g_per_l=D(3), then=then)
    assert answer.trough is not None
    assert answer.then.trough is None


def test_the_name_of_the_next_regimen_is_read_like_any_other(catalogue):
    answer = plan(catalogue, "cidp", "70", regimen="induction-divided", then=NextPhase("CIDP-Maintenance"))
    assert answer.then.gap.chosen_by == "catalogue"


def test_each_phase_of_the_catalogue_can_be_planned_with_its_gap():
    catalogue = shipped()
    for indication in catalogue.indications.values():
        for each in indication.sequences:
            age = "10" if indication.id == "jdm" else "40"
            answer = plan(
                catalogue, indication.id, "70", regimen=each.first, age=age, start=START, then=NextPhase(each.then)
            )
            span = TimeSpan(each.after.default, each.after.unit)
            assert answer.then.schedule[0].date == add_interval(START, span)


# --- doses before this course


def test_an_earlier_course_within_8_weeks_is_seen_in_gbs(catalogue):
    for days, seen in ((1, True), (56, True), (57, False)):
        earlier = (EarlierDose(D(140), date.fromordinal(START.toordinal() - days)),)
        ids = notice_ids(plan(catalogue, "gbs", "70", start=START, earlier=earlier))
        assert ("gbs-second-course" in ids) is seen, days


def test_more_than_8_weeks_are_a_first_infusion_again(catalogue):
    facts = gamunex(start=START)
    near = (EarlierDose(D(28), date(2026, 11, 1), "gamunex-c"),)
    far = (EarlierDose(D(28), date(2026, 9, 1), "gamunex-c"),)
    other = (EarlierDose(D(28), date(2026, 11, 1), "octagam-10-us"),)
    for days, again in ((56, False), (57, True)):
        edge = (EarlierDose(D(28), date.fromordinal(START.toordinal() - days), "gamunex-c"),)
        assert ("first-infusion" in notice_ids(plan(catalogue, "itp", "70", earlier=edge, **facts))) is again
    assert "first-infusion" not in notice_ids(plan(catalogue, "itp", "70", earlier=near, **facts))
    assert "first-infusion" in notice_ids(plan(catalogue, "itp", "70", earlier=far, **facts))
    assert "first-infusion" in notice_ids(plan(catalogue, "itp", "70", earlier=other, **facts))


def test_the_latest_dose_counts_in_whatever_order_they_are_typed(catalogue):
    older, newer = (
        EarlierDose(D(60), date(2026, 9, 1), "octagam-10-us"),
        EarlierDose(D(28), date(2026, 11, 20), "gamunex-c"),
    )
    for doses in ((older, newer), (newer, older)):
        assert "first-infusion" not in notice_ids(plan(catalogue, "itp", "70", earlier=doses, **gamunex(start=START)))


def test_a_second_course_that_has_begun_is_a_second_course(catalogue):
    first = (EarlierDose(D(140), date(2026, 11, 10)),)
    begun = (EarlierDose(D(28), date(2026, 11, 30)),)
    assert "gbs-second-course" in notice_ids(plan(catalogue, "gbs", "70", start=START, earlier=first, given=begun))
    assert "gbs-second-course" not in notice_ids(plan(catalogue, "gbs", "70", start=START, given=begun))


def test_what_the_request_says_itself_is_not_said_again(catalogue):
    far = (EarlierDose(D(28), date(2026, 9, 1), "gamunex-c"),)
    answer = plan(catalogue, "itp", "70", earlier=far, risks=("no-long-gap",), **gamunex(start=START))
    assert "first-infusion" not in notice_ids(answer)


def test_a_first_infusion_that_is_stated_stays_one(catalogue):
    near = (EarlierDose(D(28), date(2026, 11, 1), "gamunex-c"),)
    answer = plan(catalogue, "itp", "70", earlier=near, risks=("first-infusion",), **gamunex(start=START))
    assert "first-infusion" in notice_ids(answer)


def test_a_product_of_an_earlier_dose_that_is_known_by_name_only_is_refused_as_such(catalogue):
    answer = refusal(catalogue, "itp", "70", earlier=(EarlierDose(D(28), None, "alyglo"),))
    assert answer.rule == "product-without-figures"


def test_the_product_of_an_earlier_dose_is_found_by_any_of_its_names(catalogue):
    earlier = (EarlierDose(D(28), date(2026, 11, 1), "GAMUNEX-C"),)
    assert "first-infusion" not in notice_ids(plan(catalogue, "itp", "70", earlier=earlier, **gamunex(start=START)))


def test_an_earlier_dose_is_before_the_start(catalogue):
    answer = refusal(catalogue, "gbs", "70", start=START, earlier=(EarlierDose(D(30), START),))
    assert (answer.rule, answer.kind) == ("start-before-earlier", "usage")
    assert answer.message == "the start, 2026-12-01, is not after the earlier dose of 2026-12-01"
    assert answer.hint == "give --start as the first day of this course; doses of this course are --given"


# --- rules that look at more than one course


@pytest.mark.parametrize(("group", "seen"), [("A", True), ("O", False)])
def test_weekly_doses_add_up_for_haemolysis(catalogue, group, seen):
    """1 g/kg a week is 2 g/kg in 14 days from the second week on."""
    one = plan(catalogue, "fnait", "75", regimen="fnait-weekly", blood_group=group)
    many = plan(catalogue, "fnait", "75", regimen="fnait-weekly", blood_group=group, start=START, cycles=16)
    assert "haemolysis-non-o" not in notice_ids(one)
    assert ("haemolysis-non-o" in notice_ids(many)) is seen


@pytest.mark.parametrize(("weeks", "seen"), [(3, False), (4, True), (16, True)])
def test_four_weekly_doses_are_4_g_per_kg_in_28_days(catalogue, weeks, seen):
    answer = plan(catalogue, "fnait", "75", regimen="fnait-weekly", cycles=weeks)
    assert ("haemolysis-weekly" in notice_ids(answer)) is seen


def test_kawasaki_retreatment_is_4_g_per_kg_in_all(catalogue):
    first = (EarlierDose(D(24), date(2026, 11, 29)),)
    again = plan(catalogue, "kawasaki", "12", age="3", start=START, earlier=first)
    assert "haemolysis-kawasaki" in notice_ids(again)
    assert "haemolysis-kawasaki" not in notice_ids(plan(catalogue, "kawasaki", "12", age="3", start=START))
    third = (*first, EarlierDose(D(24), date(2026, 11, 30)))
    assert "kawasaki-third-dose" in notice_ids(plan(catalogue, "kawasaki", "12", age="3", start=START, earlier=third))
    assert "kawasaki-third-dose" not in notice_ids(again)


def test_the_phase_before_counts_in_the_next_one(catalogue):
    """2 g/kg and 1 g/kg a week later: more than 2 g/kg in 14 days, though the dose itself is 1 g/kg."""
    then = NextPhase("cidp-maintenance", after=TimeSpan(1, WEEKS))
    answer = plan(catalogue, "cidp", "70", regimen="induction-divided", blood_group="B", then=then)
    assert "haemolysis-non-o" in notice_ids(answer.then)


# --- reviews


def test_a_review_is_due_after_6_months_and_then_every_year(catalogue):
    answer = plan(catalogue, "pid", "70", start=date(2026, 8, 31), cycles=20)
    dues = [(due.after_months, due.on) for due in answer.reviews]
    assert dues == [(6, date(2027, 2, 28)), (18, date(2028, 2, 29)), (30, date(2029, 2, 28))][: len(dues)]
    assert dues[-1][1] > answer.schedule[-1].date
    assert answer.reviews[0].sources == ("on-practice",)


def test_a_review_on_the_day_of_the_last_infusion_is_not_the_last(catalogue):
    """Monthly from 31 August; the 7th is on 28 February, when the first review is due."""
    answer = plan(catalogue, "pid", "70", start=date(2026, 8, 31), cycles=7)
    assert answer.schedule[-1].date == date(2027, 2, 28)
    assert [due.after_months for due in answer.reviews] == [6, 18]


def test_without_a_start_a_review_has_no_date(catalogue):
    assert [(due.after_months, due.on) for due in plan(catalogue, "pid", "70").reviews] == [(6, None)]


def test_australia_judges_stiff_person_syndrome_after_6_months(catalogue):
    answer = plan(catalogue, "sps", "70", start=START)
    assert [(due.rule, due.on) for due in answer.reviews] == [("review-australia-sps", date(2027, 6, 1))]
    assert [due.rule for due in plan(catalogue, "sps", "70", start=START, cycles=2).reviews] == [
        "maintenance-review", "review-australia-sps",
    ]  # fmt: skip


def test_australia_reviews_capillary_leak_syndrome_within_6_months(catalogue):
    answer = plan(catalogue, "capillary-leak", "70", start=START)
    assert [(due.rule, due.on) for due in answer.reviews] == [("review-australia-capillary-leak", date(2027, 6, 1))]


def test_one_course_has_no_review_and_a_repeated_one_has(catalogue):
    assert plan(catalogue, "gbs", "70", start=START).reviews == ()
    assert plan(catalogue, "pemphigus", "70", start=START).reviews == ()
    assert plan(catalogue, "pemphigus", "70", start=START, cycles=3).reviews
