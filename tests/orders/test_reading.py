"""Orders in the words of prescribers: what each says, and what is refused with what to type instead."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig_dose.core.order_rate import RateStep
from ivig_dose.core.order_text import parse_ordered
from ivig_dose.core.order_written import Amount, TimeSpan, WrittenOrder, write_order
from ivig_dose.quantity import QuantityError

D = Decimal
PIECES = ("30", "g", "mg", "/kg", "day", "/", "x", "5", "over", "total", "course", "q4w", "(", ")", "=", "%", ",", "-")
DAYS, WEEKS, MONTHS = "days", "weeks", "months"


def says(text):
    """The first amount as text, what it is for, the days and the interval."""
    order = parse_ordered(text)
    interval = order.interval and f"{order.interval.number} {order.interval.unit}"
    return f"{order.main.value} {order.main.unit}", order.main.per, order.days, interval


@pytest.mark.parametrize(
    "text",
    [
        "30 g/day", "30g/day", " 30 G / DAY ", "30 gm/d", "30 grams per day", "30 g a day", "30 g each day",
        "30 g daily",
        "30 g once daily", "30 g OD", "30 g o.d.", "30 g qd", "30 g q.d.", "30 g q24h", "30 g/24h",
        "30 g every 24 hours",
        "30 g per 24 hr", "IVIG 30 g IV daily", "Give 30 g immunoglobulin daily.", "daily 30 g", "daily dose 30 g",
        "30 g every day", "30 g/dose daily", "30\u00a0g/day", "30 gram/day", "30 g/1 day",
    ],
)  # fmt: skip
def test_grams_for_each_day(text):
    assert says(text) == ("30 g", "day", None, None)


@pytest.mark.parametrize(
    "text",
    [
        "28 g daily x 5", "28 g daily x5", "28 g dailyx5", "28 g daily x 5 days", "28 g/day x5d", "28 g/day \u00d7 5 d",
        "28 g/day for 5 days", "28 g OD for 5 consecutive days", "28 g od 5/7", "28 g daily for 5/7",
        "28 g/day for five days",
        "28 g/day over 5 days", "28 g daily, 5 days", "28 g daily on days 1-5", "28 g daily d1-5",
        "28 g on each of 5 days",
        "28 g/dose daily x 5 doses", "28 g x 5 daily", "for 5 days 28 g daily", "28 g/day x 5 days = 140 g",
        "28 g x 5 days (140 g total)", "28 g (0.4 g/kg) daily x 5", "28 g (280 mL) daily for 5 days",
    ],
)  # fmt: skip
def test_grams_for_each_of_five_days(text):
    assert says(text) == ("28 g", "day", 5, None)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("400 mg/kg/day for 5 days", ("400 mg/kg", "day", 5, None)),
        ("0.4 g per kg per day x 5", ("0.4 g/kg", "day", 5, None)),
        ("0.4g/kg/d", ("0.4 g/kg", "day", None, None)),
        ("0.4 g/kg body weight daily", ("0.4 g/kg", "day", None, None)),
        ("30000 mg daily for 5 days", ("30000 mg", "day", 5, None)),
        ("140 g over 5 days", ("140 g", "course", 5, None)),
        ("140 g divided over 5 days", ("140 g", "course", 5, None)),
        ("2 g/kg in 5 divided doses", ("2 g/kg", "course", 5, None)),
        ("2 g/kg divided into 2 doses", ("2 g/kg", "course", 2, None)),
        ("2 g/kg in divided doses over 5 days", ("2 g/kg", "course", 5, None)),
        ("140 g/5 days", ("140 g", "course", 5, None)),
        ("2 g/kg/course", ("2 g/kg", "course", None, None)),
        ("150 g in total over 5 days", ("150 g", "course", 5, None)),
        ("total 150 g over 5 days", ("150 g", "course", 5, None)),
        ("150 g total", ("150 g", "course", None, None)),
        ("150 g total for 5 days", ("150 g", "course", 5, None)),
        ("2 g/kg (1 g/kg/day x 2 days)", ("2 g/kg", "course", 2, None)),
        ("2 g/kg divided as 0.4 g/kg/day x 5 days", ("2 g/kg", "course", 5, None)),
        ("30 g/dose", ("30 g", "dose", None, None)),
        ("30 g/dose x 5", ("30 g", "dose", 5, None)),
        ("28 g x 5 doses", ("28 g", "dose", 5, None)),
        ("24 g", ("24 g", None, None, None)),
        ("24 g once", ("24 g", "dose", 1, None)),
        ("24 g stat", ("24 g", "dose", 1, None)),
        ("24 g x 1", ("24 g", "dose", 1, None)),
        ("2 g/kg as a single infusion over 10-12 hours", ("2 g/kg", "dose", 1, None)),
        ("30 g every 4 weeks", ("30 g", "course", None, "4 weeks")),
        ("30 g q4w", ("30 g", "course", None, "4 weeks")),
        ("30 g q 4 wks", ("30 g", "course", None, "4 weeks")),
        ("30 g 4-weekly", ("30 g", "course", None, "4 weeks")),
        ("30 g every 4/52", ("30 g", "course", None, "4 weeks")),
        ("30 g once every 4 weeks", ("30 g", "course", None, "4 weeks")),
        ("30 g q28d", ("30 g", "course", None, "28 days")),
        ("30 g monthly", ("30 g", "course", None, "1 months")),
        ("30 g/month", ("30 g", "course", None, "1 months")),
        ("30 g weekly", ("30 g", "course", None, "1 weeks")),
        ("30 g fortnightly", ("30 g", "course", None, "2 weeks")),
        ("30 g every other week", ("30 g", "course", None, "2 weeks")),
        ("30 g per infusion every 3 weeks", ("30 g", "dose", 1, "3 weeks")),
        ("1 g/kg/day x 2 every 4 weeks", ("1 g/kg", "day", 2, "4 weeks")),
        ("2 g/kg over 5 days q4w", ("2 g/kg", "course", 5, "4 weeks")),
        ("70 g on alternate days x 3", ("70 g", "dose", 3, "2 days")),
        ("70 g every 2 days x 3", ("70 g", "dose", 3, "2 days")),
    ],
)
def test_an_order_says_what_its_words_say(text, meaning):
    assert says(text) == meaning


def test_a_count_after_the_interval_is_of_courses():
    assert parse_ordered("0.4 g/kg every 4 weeks x 6").courses == 6
    assert parse_ordered("30 g every 4 weeks for 6 months").lasting == TimeSpan(6, MONTHS)
    order = parse_ordered("28 g/day x 5 every 4 weeks for 3 courses")
    assert (order.days, order.courses) == (5, 3)


def test_a_volume_a_strength_and_the_hours_are_read():
    order = parse_ordered("300 mL 10% daily over 4 hours")
    assert (order.main, order.g_per_100_ml, order.hours) == (Amount(D(300), "mL", "day"), D(10), (D(4), D(4)))
    assert parse_ordered("24 g once over 10 to 12 h").hours == (D(10), D(12))
    for strength in ("of 50 mg/mL", "of 50 g/L", "5 g/100 mL", "of a 5 % solution"):
        assert parse_ordered(f"300 mL {strength} daily").g_per_100_ml == 5


def test_further_amounts_keep_what_each_is_for():
    order = parse_ordered("28 g (0.4 g/kg) daily x 5 = 140 g in total")
    assert order.amounts == (Amount(D(28), "g", "day"), Amount(D("0.4"), "g/kg", "day"), Amount(D(140), "g", "course"))


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        # ISMP, Hospital Pharmacy, May 2015: 150 g for the course was given as 150 g on the first day
        ("150 g for 5 days", ("150 g/day for 5 days' (750 g in all)", "150 g/course over 5 days' (30 g each)")),
        ("150 g x 5 days", ("150 g/day for 5 days' (750 g in all)", "150 g/course over 5 days' (30 g each)")),
        ("0.4 g/kg x 5", ("0.4 g/kg/day for 5 days' (2 g/kg in all)", "0.4 g/kg/course over 5 days'")),
        ("30 g/day divided over 5 days", ("30 g/day for 5 days'", "30 g/course over 5 days'")),
        ("30 g/dose over 5 days", ("30 g/dose for 5 doses'", "30 g/course over 5 days'")),
        ("150 g/course x 5", ("150 g/course over 5 days'", "150 g/course for 5 courses'")),
        ("28 g/day q4w x 5", ("28 g/day for 5 days every 4 weeks'", "28 g/day every 4 weeks for 5 courses'")),
        ("30 g biweekly", ("twice a week", "every 2 weeks")),
        ("30 gr daily", ("gram", "grain")),
    ],
)
def test_an_order_with_two_readings_is_refused_with_both(text, readings):
    with pytest.raises(QuantityError, match="can be read two ways") as caught:
        parse_ordered(text)
    for reading in readings:
        assert reading in caught.value.hint


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("", "write it with its basis"),
        ("150", "write it with its basis"),
        ("g/day", "write it with its basis"),
        ("thirty g/day", "write it with its basis"),
        ("30 kg/day", "write it with its basis"),
        ("30 g per day each", "write it with its basis"),
        ("30 g/day foo", "write it with its basis"),
        ("0 g/day", "write it with its basis"),
        ("5 x 28 g", "write it with its basis"),
        ("30 g 30 g", "write it with its basis"),
        ("30 g/day/course", "write it with its basis"),
        ("30 g daily every 4 weeks every 3 weeks", "write it with its basis"),
        ("28 g daily x 5 for 4 days", "write it with its basis"),
        ("1,5 g/kg/course", "a comma is ambiguous; write the decimal point: 1.5"),
        ("1,500 g/course", "a comma is ambiguous; write 1500 or 1.5"),
        (".4 g/kg/day", "put a zero before the point: 0.4"),
        ("30. g/day", "leave the point out: 30"),
        ("1e2 g/day", "write the number out without an exponent"),
        ("7_0 g/day", "write the digits together"),
        ("-30 g/day", "a negative value is not possible"),
        ("+30 g/day", "leave the plus sign out: 30"),
        ("30\u0660 g/day", "use the digits 0 to 9"),
        ("30 µg/day", "micrograms"),
        ("30 μg/day", "micrograms"),
        ("30 mcg/day", "micrograms"),
        ("30 ug/kg/day", "micrograms"),
        ("30 IU/day", "units of activity"),
        ("3 L/day", "in mL"),
        ("300 cc/day", "in mL"),
        ("1 g/lb", "g/kg"),
        ("30 g bd", "the grams of the whole day"),
        ("30 g twice daily", "the grams of the whole day"),
        ("30 g prn", "how often"),
        ("0.4-0.6 g/kg every 4 weeks", "one figure, not a range"),
        ("0.4 g/kg every 3-4 weeks", "one figure, not a range"),
        ("150 g/day/kg", "write per kg first"),
        ("28 g daily x 0", "a count of 1 to 366"),
        ("28 g daily x 5.5", "write it with its basis"),
        ("30 g daily for 1 week", "write the days"),
        ("28 g/day x 5 days (150 g total)", "ask the prescriber"),
        ("30 g/day (150 g/day)", "ask the prescriber"),
        ("30 g/day " + "IV " * 100, "write it with its basis"),
    ],
)  # fmt: skip
def test_anything_else_is_refused_with_what_to_type(text, hint):
    with pytest.raises(QuantityError) as caught:
        parse_ordered(text)
    assert hint in caught.value.hint
    assert caught.value.problem.startswith("order")


@st.composite
def rates(draw):
    """The steps of a rate, or none."""
    unit = st.sampled_from(["mL/h", "mL/kg/h", "mL/kg/min", "mg/kg/min"])
    value = st.integers(1, 4000).map(lambda thousandths: D(thousandths) / 1000)
    steps = draw(
        st.lists(st.builds(RateStep, value, unit, st.none() | st.integers(1, 240), st.just(False)), max_size=4)
    )
    highest = draw(st.lists(st.builds(RateStep, value, unit, st.none(), st.just(True)), max_size=1))
    return (*steps, *highest)


@st.composite
def written_orders(draw):
    """Orders that this tool could write: one amount, its days, interval, hours and total."""
    unit = draw(st.sampled_from(["g", "mg", "g/kg", "mg/kg", "mL"]))
    per = draw(st.sampled_from(["day", "dose", "course"]))
    value = draw(st.integers(1, 99_999)) / D(draw(st.sampled_from([1, 10, 100])))
    days = draw(st.none() | st.integers(1, 14))
    interval = draw(st.none() | st.builds(TimeSpan, st.integers(1, 60), st.sampled_from([DAYS, WEEKS, MONTHS])))
    if interval == TimeSpan(1, DAYS):
        interval = None
    repeats = interval is not None and not interval.is_spacing
    if per == "dose" and repeats:
        days = days or 1
    hours = draw(st.none() | st.tuples(st.integers(1, 12), st.integers(12, 24)))
    total = (Amount(value * days, unit, "course"),) if days and per != "course" and draw(st.booleans()) else ()
    return WrittenOrder(
        "",
        (Amount(value, unit, per), *total),
        days,
        interval,
        hours and (D(hours[0]), D(hours[1])),
        draw(st.none() | st.sampled_from([D(5), D(10)])),
        draw(st.none() | st.integers(2, 12)) if repeats else None,
        draw(st.none() | st.builds(TimeSpan, st.integers(1, 12), st.just(MONTHS))) if repeats else None,
        draw(st.sampled_from([None, "privigen-us", "octagam-10-eu"])),
        draw(rates()),
    )


@given(written_orders())
def test_an_order_is_read_back_as_it_was_written(order):
    text = write_order(order)
    assert parse_ordered(text)._replace(text="") == order
    shouted = "  " + text.upper().replace(" ", "  ") + " "
    assert parse_ordered(shouted)._replace(text="") == order


@given(st.text(max_size=60) | st.lists(st.sampled_from(PIECES)).map(" ".join))
def test_any_text_is_an_order_or_is_refused_with_a_hint(text):
    try:
        order = parse_ordered(text)
    except QuantityError as error:
        order, said = None, (error.problem, error.hint)
    if order is None:
        assert all(said)
    else:
        assert parse_ordered(write_order(order))._replace(text="") == order._replace(text="")


def test_the_same_time_in_other_units():
    assert TimeSpan(28, DAYS).equals(TimeSpan(4, WEEKS))
    assert TimeSpan(1, MONTHS).equals(TimeSpan(1, MONTHS))
    assert not TimeSpan(4, WEEKS).equals(TimeSpan(1, MONTHS))
    assert not TimeSpan(3, WEEKS).equals(TimeSpan(28, DAYS))


def test_every_wording_of_the_document_is_read():
    """Each wording of the grammar's table, put where it belongs."""
    page = (Path(__file__).parents[2] / "docs" / "orders.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1:3] for line in page.split("## What is refused")[0].splitlines() if line.startswith("| ")]
    frames = {
        "amount": "{} of 10 % once", "strength of a volume": "300 mL {} daily", "for each day": "30 g {}",
        "for each dose": "30 g {}", "for the course": "30 g {}", "days, with a basis": "30 g daily {}",
        "days of a course": "30 g {}", "one dose": "30 g {}", "interval": "30 g {}", "spacing of the doses": "30 g {}",
        "how many courses": "30 g q4w {}", "product": "30 g daily {}",
        "rate": "30 g daily {}", "time of one infusion": "30 g once {}",
    }  # fmt: skip
    tried = 0
    for piece, wordings in rows[2:]:
        for wording in wordings.split("`")[1::2]:
            parse_ordered(frames[piece.strip()].format(wording))
            tried += 1
    assert tried > 60
