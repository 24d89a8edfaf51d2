"""Every answer takes one way: what is added to the core, dose, check, table and batch know without another edit."""

import csv
import io
import os
import random
from decimal import Decimal

import pytest

from ivig_dose.batch.answering import Answerer
from ivig_dose.batch.requests import Defaults
from ivig_dose.batch.survey import survey_file
from ivig_dose.batch.workers import answer_file
from ivig_dose.catalogue.models import Bounds, Catalogue, Condition, SafetyRule
from ivig_dose.core import conditions
from ivig_dose.core.grid import plan_weights
from ivig_dose.core.order import check_order
from ivig_dose.core.order_text import parse_ordered
from ivig_dose.core.plan import make_plan
from ivig_dose.core.request import Request
from ivig_dose.problems import Refusal
from ivig_dose.report.as_csv import csv_line, plan_cells, refusal_cells
from tests.strategies import shipped

pytestmark = pytest.mark.slow

D = Decimal
HEADINGS = ("id", "indication", "weight_kg", "height_cm", "sex", "age_years", "weight_policy", "product", "blood_group")
NOTHING = Defaults({}, ())


def a_site_with(when):
    """The shipped catalogue and one more rule, which stops a dose where the condition holds."""
    rule = SafetyRule(
        id="site-stop", title="t", level="stop", text="Not here.", status="VERIFIED", sources=("s",), when=when
    )
    catalogue = shipped()
    return Catalogue(**{**vars(catalogue), "safety": {**catalogue.safety, rule.id: rule}})


def answer_rows(rows, catalogue, headings=HEADINGS):
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([headings, *rows])
    file = io.BytesIO(text.getvalue().encode())
    answerer = Answerer(survey_file(file, ()), NOTHING, catalogue, None, "csv")
    return "".join(portion.text for portion in answer_file(file, answerer, jobs=1)).splitlines(keepends=True)


def a_condition(monkeypatch, table, name, check, value):
    """A condition that the core does not have: a field of `Condition` and one entry of a table of `core.conditions`."""
    monkeypatch.setattr(Condition, name, None, raising=False)
    monkeypatch.setitem(table, name, check)
    when = Condition()
    when.__dict__[name] = value
    return when


@pytest.fixture(params=["patient", "order"])
def site(request, monkeypatch):
    """A site that stops doses above a BMI of 40, or without a product: neither is a condition of the core."""
    if request.param == "patient":
        bmi = conditions.bounds_check("BMI", lambda facts: facts.patient.bmi)
        return a_site_with(a_condition(monkeypatch, conditions.PATIENT_CHECKS, "bmi", bmi, Bounds(over=D(40))))

    def lacks_product(wanted, order, unknown):
        return (order.product is None) is wanted

    return a_site_with(a_condition(monkeypatch, conditions.ORDER_CHECKS, "lacks_product", lacks_product, True))


@pytest.mark.parametrize("weight", [D(102), D(136)])  # at 160 cm a BMI of 39.8 and of 53.1
@pytest.mark.parametrize("product", [None, "privigen-us"])
def test_a_new_condition_is_known_everywhere(site, weight, product):
    request = Request("itp", weight, D(160), "F", D(40), product=product)
    stopped = weight > 102 if "bmi" in conditions.PATIENT_CHECKS else product is None

    dose = make_plan(request, site)
    check = check_order(request, parse_ordered("50 g/day"), site)
    ((_, cell),) = plan_weights(request, [weight], site, None)
    row = ["x", "itp", str(weight), "160", "F", "40", "", product or "", ""]
    # the same order twice, after a patient whom the rule leaves alone
    before = ["w", "itp", "60", "160", "F", "40", "", "privigen-us", ""]
    _, first, second = answer_rows([before, row, row], site)

    for answer in (dose, check, cell):
        assert (isinstance(answer, Refusal) and answer.rule == "site-stop") == stopped
    for line in (first, second):
        assert (",refused," in line and "site-stop" in line) == stopped


def test_thousands_of_rows_are_the_lines_that_dose_writes():
    """Cell by cell against `make_plan`, each row asked alone of a planner that knows no other.

    `IVIG_DOSE_SWEEP=full` takes 20,000 rows.
    """
    draw = random.Random(20261126)  # noqa: S311 - patients, not keys
    catalogue = shipped()
    products = ["", "privigen-us", "octagam-10-us", "gammagard-liquid"]
    rows = []
    for number in range(20_000 if os.environ.get("IVIG_DOSE_SWEEP") == "full" else 3_000):
        age = round(draw.uniform(18, 90), 1)
        rows.append([
            str(number),
            draw.choice(["itp", "pid", "cidp", "gbs", "kawasaki", "mmn"]),
            str(round(draw.uniform(2.5, 160), 1)),
            draw.choice(["", str(draw.randint(140, 200))]),
            draw.choice(["", "F", "M"]),
            draw.choice(["", str(age)]),
            draw.choice(["", "", "bmi-30"]),
            draw.choice(products),
            draw.choice(["", "O", "A", "AB"]),
        ])  # fmt: skip

    lines = answer_rows(rows, catalogue)

    assert len(lines) == len(rows)
    names = ("indication", "weight_kg", "height_cm", "sex", "age_years", "weight_policy", "product", "blood_group")
    numbers = {"weight_kg", "height_cm", "age_years"}
    for row, line in zip(rows, lines, strict=True):
        facts = {
            name: Decimal(cell) if name in numbers else cell for name, cell in zip(names, row[1:], strict=True) if cell
        }
        answer = make_plan(Request(**facts), catalogue)
        cells = refusal_cells(answer, row[0], row[1]) if isinstance(answer, Refusal) else plan_cells(answer, row[0])
        assert line == csv_line(cells)
