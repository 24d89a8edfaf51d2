"""The weights of a ward's grid: from, to and step or a list, rising, and never more than a sheet holds."""

from datetime import date
from decimal import Decimal

import pytest

from ivig_dose.core.grid import MAX_WEIGHTS, plan_weights, read_weights_kg
from ivig_dose.core.plan import make_plan
from ivig_dose.core.request import Request
from ivig_dose.quantity import QuantityError

D = Decimal


@pytest.mark.parametrize(
    ("text", "weights"),
    [
        ("40:60:5", ["40", "45", "50", "55", "60"]),
        ("40:42:5", ["40"]),
        ("3.2:3.6:0.2", ["3.2", "3.4", "3.6"]),  # exact: a float would end at 3.4
        ("70:70:5", ["70"]),
        ("60,50,50.0", ["50", "60"]),
        ("3200 g, 4", ["3.2", "4"]),
    ],
)
def test_weights_are_read_as_a_range_or_a_list_and_rise(text, weights):
    assert read_weights_kg(text) == tuple(D(weight) for weight in weights)


@pytest.mark.parametrize("text", ["40:60", "40:60:0", "60:40:5", "40:60:5:1", "", "40:60:5,5", "40;60", "150 lb"])
def test_other_texts_are_refused_with_a_hint(text):
    with pytest.raises(QuantityError) as caught:
        read_weights_kg(text)
    assert caught.value.hint


@pytest.mark.parametrize(("text", "problem"), [("40:60", "are not read"), ("60:40:5", "hold no weight")])
def test_a_range_that_is_none_is_quoted_with_how_to_write_one(text, problem):
    with pytest.raises(QuantityError) as caught:
        read_weights_kg(text)
    assert caught.value.problem == f"weights '{text}' {problem}"
    assert caught.value.hint == "write from:to:step in kg, such as 40:100:5, or a list such as 50,60,75"


def test_a_thousand_weights_are_not_too_many():
    assert len(read_weights_kg("100:199.9:0.1")) == MAX_WEIGHTS
    assert len(read_weights_kg(",".join(str(number) for number in range(1, MAX_WEIGHTS + 1)))) == MAX_WEIGHTS
    with pytest.raises(QuantityError, match="are more than 1000; take a larger step"):
        read_weights_kg("100:200:0.1")  # both ends are included


@pytest.mark.parametrize(
    "text", ["0.3:350:0.001", "1:350:0.0000000001", ",".join(str(number) for number in range(1, MAX_WEIGHTS + 2))]
)
def test_more_weights_than_a_sheet_holds_are_refused_at_once(text):
    with pytest.raises(QuantityError, match="are more than 1000"):
        read_weights_kg(text)


def test_each_weight_has_the_answer_that_it_has_alone(catalogue):
    request, today = Request("itp", D(1), product="privigen-us"), date(2040, 11, 30)  # the catalogue is overdue by then
    answers = plan_weights(request, [D("3.4"), D(70)], catalogue, today)
    assert "catalogue-past-review" in [each.id for each in answers[1][1].notices]
    assert answers == [(kg, make_plan(request._replace(weight_kg=kg), catalogue, today)) for kg in (D("3.4"), D(70))]
