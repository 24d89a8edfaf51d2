"""An order whose days, interval, product, volume and rate stand apart from its dose, and its rate against the label."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig_dose.core.order import check_order
from ivig_dose.core.order_parts import OrderReader, OrderTexts, find_products
from ivig_dose.core.order_rate import RateStep, parse_rate, write_rate
from ivig_dose.core.request import MaxRate, Request
from ivig_dose.problems import Refusal
from ivig_dose.quantity import QuantityError, show
from tests.strategies import shipped

D = Decimal


def read(dose="", **fields):
    return OrderReader(shipped().products).read(OrderTexts(dose, **fields))


def judge(order, product=None, weight="70", indication="itp", **request):
    return check_order(Request(indication, D(weight), product=product, **request), order, shipped())


def differences(answer):
    return [finding.id for finding in answer.findings]


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"dose": "28 g/day", "days": "5"}, "28 g/day for 5 days"),
        ({"dose": "140 g in total", "days": "5"}, "140 g/course over 5 days"),
        ({"dose": "28 g per dose", "days": "5"}, "28 g/dose for 5 doses"),
        ({"dose": "28 g", "interval": "4 weeks"}, "28 g every 4 weeks"),
        ({"dose": "28 g", "interval": "q4w"}, "28 g every 4 weeks"),
        ({"dose": "28 g", "interval": "monthly"}, "28 g monthly"),
        ({"dose": "28 g/day", "days": "5", "volume": "280 mL"}, "28 g/day for 5 days = 280 mL/day"),
        ({"dose": "28 g/day x 5", "days": "5"}, "28 g/day for 5 days"),
        ({"dose": "Octagam 10% US 28 g/day"}, "28 g/day product octagam-10-us"),
        ({"dose": "Privigen 28 g/day", "product": "privigen-eu"}, "28 g/day product privigen-eu"),
        ({"dose": "Gammagard Liquid 28 g/day"}, "28 g/day product gammagard-liquid"),
        ({"volume": "280 mL/day", "days": "5"}, "280 mL/day for 5 days"),
        ({"dose": "28 g/day at 20 mL/h", "days": "5"}, "28 g/day for 5 days at 20 mL/h"),
        ({"dose": "28 g/day", "rate": "20 mL/h"}, "28 g/day at 20 mL/h"),
    ],
)
def test_fields_are_words_of_one_order(fields, text):
    assert read(**fields)._replace(text="") == read(text)._replace(text="")


@pytest.mark.parametrize(
    ("fields", "problem", "hint"),
    [
        ({"dose": "28 g/day x 5", "days": "4"}, "says two things", "basis"),
        ({"dose": "28 g", "days": "5"}, "two ways", "28 g/day for 5 days"),
        ({"dose": "28 g/day", "days": "five"}, "number of ordered days", "5"),
        ({"dose": "28 g", "interval": "sometimes"}, "ordered interval 'sometimes' is not read", "every 4 weeks"),
        ({"dose": "28 g q4w", "interval": "3 weeks"}, "says two things", "basis"),
        ({"dose": "140 g over 5 days", "volume": "280 mL"}, "a day or for the course", "280 mL/day"),
        ({"dose": "28 g/day", "volume": "280"}, "ordered volume '280' is not read", "300 mL"),
        ({"dose": "Octagam 28 g/day", "product": "privigen-us"}, "two products", "each product"),
        ({"dose": "28 g/day at 20 mL/h", "rate": "30 mL/h"}, "second rate", "one of them"),
        ({"dose": "28 g/day", "rate": "fast"}, "rate 'fast' is not read", "max 4"),
        ({"dose": "28 g/day", "rate": "20"}, "has no unit", "mL/kg/h"),
        ({"dose": "28 g/day", "rate": "max 4 mL/kg/h, 5"}, "goes on", "max 4"),
        ({"dose": "28 g/day", "rate": "0 mL/h"}, "step of 0", "max 4"),
        ({"days": "5"}, "the order is missing", "30 g/day"),
    ],
)
def test_fields_that_contradict_or_say_nothing_are_refused(fields, problem, hint):
    with pytest.raises(QuantityError) as caught:
        read(**fields)
    assert problem in caught.value.problem
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("120 mL/h", "120 mL/h"),
        ("120 ml/hr", "120 mL/h"),
        ("0.5 mL/kg/h x30min, 1, 2, max 4", "0.5 mL/kg/h x 30 min, 1 mL/kg/h, 2 mL/kg/h, max 4 mL/kg/h"),
        ("0.5, 1, 2, max 4 mL/kg/hour", "0.5 mL/kg/h, 1 mL/kg/h, 2 mL/kg/h, max 4 mL/kg/h"),
        ("start at 21 mL per hour for 30 minutes then 42 mL/h", "21 mL/h x 30 min, 42 mL/h"),
        ("0.5 mg/kg/min for 30 min, then up to 4", "0.5 mg/kg/min x 30 min, max 4 mg/kg/min"),
        ("0.5 mg/kg/min, then increase to 1 mg/kg/min", "0.5 mg/kg/min, 1 mg/kg/min"),
        ("0.01 mL/kg/min; maximum of 0.08 mL/kg/min", "0.01 mL/kg/min, max 0.08 mL/kg/min"),
        ("30 mL/h for 1 hour, 60 mL/h", "30 mL/h x 60 min, 60 mL/h"),
    ],
)  # fmt: skip
def test_rates_as_they_are_written(text, steps):
    assert write_rate(parse_rate(text)) == steps


# Privigen, ITP, 70 kg: 0.5 mg/kg/min = 0.3 mL/kg/h = 21 mL/h first, 4 mg/kg/min = 2.4 mL/kg/h = 168 mL/h at most.
# Steps of 30 minutes, doubled: 0.3, 0.6, 1.2, 2.4 mL/kg/h.


@pytest.mark.parametrize(
    ("rate", "wrong"),
    [
        ("21 mL/h", None),
        ("21.1 mL/h", "step 1: 21.1 mL/h"),
        ("0.3 mL/kg/h x 30 min, 0.6", None),
        ("0.3 mL/kg/h x 29 min, 0.6", "step 2: 0.6 mL/kg/h"),
        ("0.3 mL/kg/h x 30 min, 0.6 x 30 min, 1.2 x 30 min, 2.4", None),
        ("0.3 mL/kg/h x 30 min, 0.6 x 30 min, 2.4", "step 3: 2.4 mL/kg/h"),
        ("max 2.4 mL/kg/h", None),
        ("max 2.41 mL/kg/h", "step 1: 2.41 mL/kg/h"),
        ("0.3, 0.6, 1.2, 2.4 mL/kg/h", None),
        ("0.3, 0.6, 1.3, 2.4 mL/kg/h", "step 3: 1.3 mL/kg/h"),
        ("0.5 mg/kg/min, max 4", None),
        ("0.5 mg/kg/min, max 8", "step 2: 8 mg/kg/min"),
        ("0.005 mL/kg/min", None),
        ("0.1 mL/kg/h x 300 min, 2.4", None),
    ],
)
def test_a_step_that_is_too_fast_is_named(rate, wrong):
    answer = judge(read("28 g/day", days="5", rate=rate), "privigen-us")
    found = [finding.text for finding in answer.findings if finding.id == "rate"]
    if wrong is None:
        assert (answer.status, found) == ("match", [])
    else:
        assert (answer.status, len(found)) == ("mismatch", 1)
        assert f"too fast at {wrong}" in found[0]
        assert not answer.slips, "no slip of the dose explains a rate"


def test_a_risk_and_a_wish_lower_what_is_right():
    order = read("28 g/day", days="5", rate="0.5 mL/kg/h x 30 min, 1, 2, max 4")
    assert judge(order, "octagam-10-us").status == "match", "its label has 0.6, 1.2, 2.4, 3.6 and at most 7.2"
    assert differences(judge(order, "privigen-us")) == ["rate"] * 4, "its label has 0.3, and at most 2.4"
    slow = read("28 g/day", days="5", rate="max 2 mL/kg/h")
    assert judge(slow, "octagam-10-us").status == "match"
    assert judge(slow, "octagam-10-us", max_rate=MaxRate(ml_per_kg_per_h=D("1.9"))).status == "mismatch"
    assert judge(slow, "octagam-10-us", max_rate=MaxRate(ml_per_h=D(139))).status == "mismatch"
    assert judge(slow, "octagam-10-us", max_rate=MaxRate(ml_per_h=D(140))).status == "match"


@pytest.mark.parametrize(
    ("rate", "product", "facts", "text"),
    [
        (
            "22 mL/h",
            "privigen-us",
            {},
            "too fast at step 1: 22 mL/h ordered (0.314 mL/kg/h); the first rate of privigen-us for this patient is "
            "0.3 mL/kg/h (21 mL/h)",
        ),
        (
            "max 2.5 mL/kg/h",
            "privigen-us",
            {},
            "too fast at step 1: 2.5 mL/kg/h ordered (175 mL/h); the highest rate of privigen-us for this patient is "
            "2.4 mL/kg/h (168 mL/h)",
        ),
        (
            "0.3 mL/kg/h x 30 min, 0.011 mL/kg/min",  # 0.66 mL/kg/h
            "privigen-us",
            {},
            "too fast at step 2: 0.011 mL/kg/min ordered (46.2 mL/h); the rate after 30 minutes of privigen-us for "
            "this patient is 0.6 mL/kg/h (42 mL/h)",
        ),
        (
            "0.3, 0.7 mL/kg/h",
            "privigen-us",
            {},
            "too fast at step 2: 0.7 mL/kg/h ordered (49 mL/h); step 2 of privigen-us for this patient is 0.6 mL/kg/h "
            "(42 mL/h)",
        ),
        (
            "max 160 mL/h",
            "privigen-us",
            {"max_rate": MaxRate(ml_per_h=D(150))},
            "too fast at step 1: 160 mL/h ordered (2.286 mL/kg/h); the highest rate of privigen-us for this patient is "
            "150 mL/h, as asked for",
        ),
    ],
)
def test_a_step_that_is_too_fast_is_told_in_both_units(rate, product, facts, text):
    answer = judge(read("28 g/day", days="5", rate=rate), product, **facts)
    assert [finding.text for finding in answer.findings if finding.id == "rate"] == [text]


@pytest.mark.parametrize(
    ("rate", "fast"), [("max 1.19 mL/kg/h", False), ("max 1.2 mL/kg/h", True), ("max 84 mL/h", True)]
)
def test_where_the_label_says_less_than_the_figure_itself_is_too_fast(rate, fast):
    """Bivigam at risk of thrombosis: below 2 mg/kg/min, 1.2 mL/kg/h, 84 mL/h at 70 kg."""
    order = read("21 g every month", rate=rate)
    answer = judge(order, "bivigam", indication="pid", risks=("thrombosis-risk",))
    found = [finding.text for finding in answer.findings if finding.id == "rate"]
    assert bool(found) is fast
    assert all("is below 1.2 mL/kg/h (84 mL/h)" in text for text in found)


def test_a_rate_needs_a_product():
    answer = judge(read("28 g/day", days="5", rate="21 mL/h"))
    assert isinstance(answer, Refusal)
    assert (answer.rule, answer.kind) == ("order-rate-needs-product", "usage")


def test_the_product_of_the_order_counts_where_none_is_asked_for():
    answer = judge(read("Gamunex-C 28 g daily x 5"))
    assert (answer.status, answer.plan.product.id) == ("match", "gamunex-c")
    other = judge(read("Gamunex-C 28 g daily x 5"), "privigen-us")
    assert (other.status, differences(other)) == ("mismatch", ["product"])
    unclear = judge(read("Privigen 28 g daily x 5"))
    assert (unclear.rule, "privigen-us or privigen-eu" in unclear.message) == ("order-product-unclear", True)
    assert judge(read("Privigen 28 g daily x 5"), "privigen-eu").status == "match"
    assert judge(read("28 g daily x 5", product="panziga")).rule == "unknown-product"


def test_a_volume_is_held_against_the_grams():
    right, half = read("28 g/day", days="5", volume="280 mL"), read("28 g/day", days="5", volume="560 mL")
    assert judge(right, "gamunex-c").status == "match"
    answer = judge(half, "gamunex-c")
    assert differences(answer) == ["contradiction"]
    assert "the volume of a 5 % product" in answer.findings[0].text


@pytest.mark.parametrize(("minutes", "short"), [("180", False), ("156", False), ("153", True), ("150", True)])
def test_a_time_shorter_than_the_label_allows(minutes, short):
    """280 mL at 70 kg: 10.5 + 21 + 42 mL in 90 minutes, then 206.5 mL at 168 mL/h: 163.75 minutes in all.

    A pump that is set down to its step is given 5 % more: from 155.95 minutes on.
    """
    answer = judge(read(f"28 g daily x 5 over {minutes} minutes"), "privigen-us")
    assert differences(answer) == (["hours"] if short else [])
    if short:
        hours = show(D(minutes) / 60)
        assert answer.findings[0].text == (
            f"{hours} hours ordered; the rates of privigen-us give 280 mL in 2.7 hours at the fastest"
        )


def test_the_hours_of_a_regimen_come_before_a_label():
    """Kawasaki: 10 to 12 hours."""
    assert judge(read("24 g over 10 hours"), weight="12", indication="kawasaki").status == "match"
    answer = judge(read("24 g over 9 hours"), weight="12", indication="kawasaki")
    assert answer.findings[0].text == "9 hours ordered; high-dose-single takes 10 hours or more: too fast"


def test_a_strength_tells_products_of_one_brand_apart():
    products = shipped().products.values()
    assert [each.id for each in find_products("octagam", D(5), products)] == ["octagam-5-us", "octagam-5-eu"]
    assert [each.id for each in find_products("Octagam", None, products)] == [
        "octagam-5-us", "octagam-10-us", "octagam-5-eu", "octagam-10-eu",
    ]  # fmt: skip
    assert [each.id for each in find_products("gammaplex", D(10), products)] == ["gammaplex-10", "gammaplex-10-uk"]
    assert read("Gammagard Liquid 10% 28 g/day").product == "gammagard-liquid"
    assert read("Panzyga 10% Canada 28 g/day").product == "panzyga-ca"


@pytest.mark.parametrize("volume", ["300 mL", "300 mL/course"])
def test_a_volume_of_one_dose_needs_no_basis(volume):
    assert read("30 g once", volume=volume).amounts[1].value == 300
    assert read("30 g every 4 weeks", volume=volume).amounts[1].value == 300


@given(
    st.lists(st.integers(1, 400), min_size=1, max_size=5),
    st.integers(10, 60),
    st.sampled_from(["mL/kg/h", "mg/kg/min"]),
)
def test_faster_is_never_less_wrong(hundredths, minutes, unit):
    """A rate that is wrong stays wrong when every step is faster; one that is right stays right when slower."""
    steps = tuple(RateStep(D(value) / 100, unit, minutes, False) for value in hundredths)
    order = read("28 g daily x 5")

    def is_wrong(factor):
        rate = tuple(step._replace(value=step.value * factor) for step in steps)
        return "rate" in differences(judge(order._replace(rate=rate), "privigen-us"))

    if is_wrong(1):
        assert is_wrong(2)
    else:
        assert not is_wrong(D("0.5"))


@given(st.integers(1, 20), st.integers(1, 100))
def test_the_unit_makes_no_difference(tenths, minutes):
    """0.1 mg/kg/min of a 10 % product is 0.06 mL/kg/h, and 4.2 mL/h at 70 kg."""
    as_mg = Fraction(tenths, 10)
    per_kg, per_h = as_mg * 60 / 100, as_mg * 60 / 100 * 70
    rates = [f"{D(float(as_mg)):.1f} mg/kg/min", f"{float(per_kg):.2f} mL/kg/h", f"{float(per_h):.1f} mL/h"]
    found = {judge(read("28 g/day", days="5", rate=f"{rate} x {minutes} min"), "privigen-us").status for rate in rates}
    assert len(found) == 1
