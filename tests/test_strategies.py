"""The strategies themselves: they stay in bounds, reach their ends, and give requests that are mostly answered."""

from decimal import Decimal

import pytest
from hypothesis import find, given, settings

from ivig_dose.core.patient import read_patient
from ivig_dose.core.plan import make_plan
from ivig_dose.core.results import Patient, Plan
from tests import strategies

pytestmark = pytest.mark.slow

QUICK = settings(max_examples=50, derandomize=True, deadline=None, database=None)
SEARCH = settings(max_examples=5000, derandomize=True, deadline=None, database=None)


@pytest.mark.parametrize(
    ("strategy", "low", "high", "step"),
    [
        (strategies.weights_kg(), "0.3", "350", "0.1"),
        (strategies.heights_cm(), "30", "250", "0.1"),
        (strategies.ages_years(), "0", "120", "0.01"),
        (strategies.decimals("0.5", "2", "0.25"), "0.5", "2", "0.25"),
    ],
    ids=["weights", "heights", "ages", "decimals"],
)
def test_a_range_reaches_both_its_ends_and_stays_on_its_grid(strategy, low, high, step):
    assert find(strategy, lambda value: value == Decimal(low), settings=SEARCH) == Decimal(low)
    assert find(strategy, lambda value: value == Decimal(high), settings=SEARCH) == Decimal(high)

    @QUICK
    @given(strategy)
    def stays(value):
        assert Decimal(low) <= value <= Decimal(high)
        assert value % Decimal(step) == 0

    stays()


@QUICK
@given(strategies.ratios())
def test_a_ratio_has_a_denominator_above_zero(ratio):
    assert ratio.denominator > 0
    assert strategies.as_fraction(ratio) >= 0


@QUICK
@given(strategies.vial_sizes_g())
def test_the_sizes_of_a_product_differ(sizes):
    assert 1 <= len(sizes) <= 5
    assert len(set(sizes)) == len(sizes)


@QUICK
@given(strategies.equal_days_g())
def test_equal_days_are_equal(days_g):
    assert len(set(days_g)) == 1
    assert days_g[0].denominator == len(days_g)


@QUICK
@given(strategies.requests())
def test_a_request_names_only_what_the_catalogue_has_and_a_patient_in_bounds(request):
    catalogue = strategies.shipped()
    assert request.regimen in catalogue.indications[request.indication].regimens
    assert isinstance(read_patient(request), Patient)


def test_a_field_can_be_fixed():
    assert find(strategies.requests(weight_kg=strategies.weights_kg("7", "7")), lambda _: True).weight_kg == 7


def test_most_requests_are_answered_with_a_plan_and_some_with_an_infusion():
    answers = []

    @settings(QUICK, max_examples=200)
    @given(strategies.requests())
    def ask(request):
        answers.append(make_plan(request, strategies.shipped()))

    ask()
    plans = [answer for answer in answers if isinstance(answer, Plan)]
    assert len(plans) > len(answers) / 2
    assert sum(bool(plan.schedule[0].steps) for plan in plans) > len(plans) / 5


def test_an_exact_value_is_its_fraction():
    from fractions import Fraction

    from ivig_dose.quantity import Ratio

    assert strategies.as_fraction(Ratio(Decimal("0.3"), Decimal("2.54"))) == Fraction(30, 254)
    assert strategies.as_fraction(Decimal("0.1")) == Fraction(1, 10)
