"""Plans from the shipped catalogue, for tests of its content."""

from decimal import Decimal
from fractions import Fraction

from ivig_dose.core.plan import make_plan
from ivig_dose.core.request import Request
from ivig_dose.core.results import Plan
from ivig_dose.problems import Refusal
from tests.strategies import as_fraction, shipped


def plan(indication: str, weight: str, **facts) -> Plan:
    """The plan for one patient; a refusal fails the test."""
    answer = make_plan(Request(indication, Decimal(weight), **facts), shipped())
    assert isinstance(answer, Plan), answer
    return answer


def refusal(indication: str, weight: str, **facts) -> Refusal:
    """The refusal for one patient; a plan fails the test."""
    answer = make_plan(Request(indication, Decimal(weight), **facts), shipped())
    assert isinstance(answer, Refusal), answer
    return answer


def notices(indication: str, weight: str, **facts) -> dict[str, str]:
    """The texts of a plan's notices by id."""
    return {each.id: each.text for each in plan(indication, weight, **facts).notices}


def course_g(answer: Plan) -> Fraction:
    """The calculated course in grams, exact."""
    return as_fraction(answer.dose.course_g)
