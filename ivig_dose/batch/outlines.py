"""Lines of CSV from what many rows share, so that most rows cost a few look-ups and not a whole plan.

A line shows no pump steps and no working, and what it does show depends on a few facts at a time: the figures on the
order and the dosing weight, the notices on the order and on which side of each threshold the patient lies. The core
works each out once, and it is remembered here. A row that has no plan is answered in full instead.
"""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from itertools import count
from operator import itemgetter
from typing import Any, Final, NamedTuple

from ivig_dose.batch.columns import Columns
from ivig_dose.batch.courses import find_rates, give_course
from ivig_dose.batch.memory import Memory
from ivig_dose.batch.requests import RowReader
from ivig_dose.batch.thresholds import Thresholds
from ivig_dose.catalogue.models import BloodGroup, Catalogue, Sex, WeightPolicy
from ivig_dose.core.choices import PREGNANCY, Choices, resolve_choices
from ivig_dose.core.patient import body_mass_index, find_slips, list_unremarkable_kg, read_patient
from ivig_dose.core.plan import compute_volume_ml, is_for_adults, judge_safety, list_notices
from ivig_dose.core.request import Request
from ivig_dose.core.results import DosingWeight, Patient
from ivig_dose.core.rounding import Given
from ivig_dose.core.weight import choose_dosing_weight
from ivig_dose.problems import Refusal
from ivig_dose.quantity import ZERO, Ratio
from ivig_dose.report.as_csv import dose_cells

ORDER_COLUMNS: Final = ("indication", "regimen", "g_per_kg", "days", "weight_policy", "product", "risks")
STATURE_COLUMNS: Final = ("height_cm",)
PERSON_COLUMNS: Final = ("sex", "age_years", "blood_group")
FIGURES_IN_ALL: Final = 60_000
"""Figures of different orders and weights that all processes together remember: some 20 MiB, however many rows."""
MAX_TEXTS: Final = 10_000
"""Texts of cells, and kinds of patients, that are known before all are forgotten and learned anew."""
MAX_ORDERS: Final = 1_000
"""Orders likewise: each holds the entries of the catalogue that it chose."""
MAX_VOLUMES: Final = 200
"""Splits of a course whose volume an order remembers."""


class Stature(NamedTuple):
    """A height, and the weights in kg between which no slip of height and weight is suspected."""

    height_cm: Decimal | None
    lowest_kg: Decimal
    highest_kg: Decimal


class Person(NamedTuple):
    """The facts of a patient besides weight and height, and on which sides of the thresholds they lie.

    `past_at_risk_ages` counts the ages above which a label has lower rates that the patient has passed;
    `highest_kg` is the weight above which a slip may be suspected at this age.
    """

    sex: Sex | None
    age_years: Decimal | None
    blood_group: BloodGroup | None
    sides: object
    past_at_risk_ages: int | None
    highest_kg: Decimal


class Row(NamedTuple):
    """What the texts of one row mean."""

    order: "Order"
    stature: Stature
    person: Person
    weight_kg: Decimal


class Figures(NamedTuple):
    """The figures of one dosing weight as cells, and what about them decides which notices there are."""

    cells: str
    traits: object


class Order(NamedTuple):
    """What rows with the same order share. Orders of the same `sheet` have the same figures for the same weight."""

    choices: Choices
    on_actual_weight: bool
    for_adults: bool
    sheet: int
    volumes_ml: dict[tuple[Decimal, ...], Decimal]
    notices: dict[Any, str | None]


class Outliner:
    """Writes the cells from `indication` to `refusal` of rows that have a plan."""

    def __init__(
        self, columns: Columns, reader: RowReader, catalogue: Catalogue, today: date | None, jobs: int
    ) -> None:
        self._reader = reader
        self._catalogue = catalogue
        self._today = today
        self._thresholds = Thresholds(catalogue)
        self._weight_at = columns.read["weight_kg"]
        self._order_key = _pick(columns, ORDER_COLUMNS)
        self._stature_key = _pick(columns, STATURE_COLUMNS)
        self._person_key = _pick(columns, PERSON_COLUMNS)
        self._start_at = columns.read.get("start")
        self._weights: dict[str, Decimal] = {}
        self._orders: dict[Any, Order] = {}
        self._statures: dict[Any, Stature] = {}
        self._people: dict[Any, Person] = {}
        self._starts: set[str] = set()
        self._sheets: dict[Any, int] = {}
        self._figures: Memory[tuple[int, str], Figures | None] = Memory(FIGURES_IN_ALL // (2 * jobs))
        self._same: dict[object, object] = {}
        self._next_sheet = count()
        self._known = 0

    def outline(self, cells: Sequence[str]) -> str | None:
        """The cells of a row, joined; None where the row has no plan and has to be answered in full."""
        weight_text = cells[self._weight_at]
        row = self._recall(cells, weight_text) or self._learn(cells)
        if row is None:
            return None
        order, stature, person, weight_kg = row
        kind, slips = "actual", None
        if order.on_actual_weight:
            try:
                figures = self._figures.recall((order.sheet, weight_text))
            except KeyError:
                figures = self._compute(order.choices, order.volumes_ml, Ratio(weight_kg))
                self._figures.remember((order.sheet, weight_text), figures)
        else:
            weight = _weigh(order, _describe_patient(row))
            if isinstance(weight, Refusal):
                return None
            kind = weight.kind
            figures = self._compute(order.choices, order.volumes_ml, weight.kg)
        if figures is None:
            return None
        if not stature.lowest_kg <= weight_kg <= stature.highest_kg or weight_kg > person.highest_kg:
            slips = tuple([notice.id for notice in find_slips(_describe_patient(row), order.for_adults)])
        key = (person.sides, figures.traits, kind, slips)
        try:
            notices = order.notices[key]
        except KeyError:
            notices = order.notices[key] = self._list_notices(order, _describe_patient(row))
        return None if notices is None else f"{order.choices.indication.id},ok,{figures.cells},{notices},"

    def _recall(self, cells: Sequence[str], weight_text: str) -> Row | None:
        """What the texts of a row mean; None where one of them is new."""
        if self._start_at is not None and cells[self._start_at] not in self._starts:
            return None
        try:
            person = self._people[self._person_key(cells)]
            return Row(
                self._orders[self._order_key(cells), person.past_at_risk_ages],
                self._statures[self._stature_key(cells)],
                person,
                self._weights[weight_text],
            )
        except KeyError:
            return None

    def _learn(self, cells: Sequence[str]) -> Row | None:
        """Remember the texts of a row; None where one cannot be read or its order or patient is refused."""
        request = self._reader.read(0, cells).request
        if isinstance(request, Refusal) or isinstance(read_patient(request), Refusal):
            return None
        if self._known >= MAX_TEXTS or len(self._orders) >= MAX_ORDERS:
            self._forget()
        self._known += 1
        person = self._describe_person(request)
        # the rates of an order depend on the age only by the ages above which a label has lower ones
        order_key = self._order_key(cells), person.past_at_risk_ages
        order = self._orders.get(order_key)
        if order is None:
            choices = resolve_choices(request, self._catalogue)
            if isinstance(choices, Refusal):
                return None
            order = self._orders[order_key] = self._describe_order(choices)
        stature = Stature(request.height_cm, *list_unremarkable_kg(request.height_cm, None))
        self._statures[self._stature_key(cells)] = stature
        self._people[self._person_key(cells)] = person
        self._weights[cells[self._weight_at]] = request.weight_kg
        if self._start_at is not None:
            self._starts.add(cells[self._start_at])
        return Row(order, stature, person, request.weight_kg)

    def _forget(self) -> None:
        for memory in (self._weights, self._orders, self._statures, self._people, self._sheets, self._same):
            memory.clear()
        self._starts.clear()
        self._known = 0

    def _describe_order(self, choices: Choices) -> Order:
        choice = choices.regimen
        same_figures = (
            choice.regimen.id,
            choice.g_per_kg,
            choice.days,
            None if choices.product is None else choices.product.id,
            choices.rule,
            choices.step_g,
            choices.direction,
            choices.tolerance_percent,
            choices.stock,
            find_rates(choices),
            choices.pump_step_ml_per_h,
        )
        sheet = self._sheets.setdefault(same_figures, next(self._next_sheet))
        return Order(choices, _always_actual(choices.policy), is_for_adults(choices), sheet, {}, {})

    def _describe_person(self, request: Request) -> Person:
        age = request.age_years
        _, highest = list_unremarkable_kg(None, age)
        sides = self._intern(self._thresholds.place_person(age, request.sex, request.blood_group))
        past = self._thresholds.place_at_risk_age(age)
        return Person(request.sex, age, request.blood_group, sides, past, highest)

    def _intern(self, sides: object) -> object:
        """The same object for equal ones: thousands of rows have few kinds."""
        return self._same.setdefault(sides, sides)

    def _compute(
        self, choices: Choices, volumes_ml: dict[tuple[Decimal, ...], Decimal], dosing_kg: Ratio
    ) -> Figures | None:
        """The figures of a dosing weight; None where they are refused. `volumes_ml` remembers those of each split."""
        course = give_course(choices, dosing_kg)
        if course is None:
            return None
        dose, days_g, rounding, pace = course
        volume_ml = volumes_ml.get(days_g)
        if volume_ml is None:
            volume_ml = sum([compute_volume_ml(dose_g, choices) for dose_g in days_g], ZERO)
            if len(volumes_ml) < MAX_VOLUMES:
                volumes_ml[days_g] = volume_ml
        cells = dose_cells(choices.regimen, dosing_kg, dose, rounding.course_g, volume_ml)
        traits = (rounding.within_tolerance, pace.runs, pace.in_time, self._thresholds.place_dose(dose, dosing_kg))
        return Figures(",".join(cells), self._intern(traits))

    def _list_notices(self, order: Order, patient: Patient) -> str | None:
        """The ids of the notices of a plan, joined; None where a safety rule stops it."""
        choices = order.choices
        self._known += 1
        weight = _weigh(order, patient)
        course = None if isinstance(weight, Refusal) else give_course(choices, weight.kg)
        if isinstance(weight, Refusal) or course is None:
            return None
        dose, days_g, rounding, pace = course
        verdict = judge_safety(choices, patient, weight, dose)
        if verdict.stop is not None:
            return None
        given = Given(days_g, (), rounding)
        notices = list_notices(choices, patient, weight, dose, given, pace, verdict, self._today)
        return " ".join([notice.id for notice in notices])


def _pick(columns: Columns, names: Sequence[str]) -> Callable[[Sequence[str]], Any]:
    """What takes these columns, as far as there are any, out of the cells of a row."""
    places = [columns.read[name] for name in names if name in columns.read]
    return itemgetter(*places) if places else lambda _: None


def _always_actual(policy: WeightPolicy) -> bool:
    return policy.branches[0].use == "actual" and policy.branches[0].when is None


def _describe_patient(row: Row) -> Patient:
    weight_kg, height_cm, person = row.weight_kg, row.stature.height_cm, row.person
    bmi = None if height_cm is None else body_mass_index(weight_kg, height_cm)
    return Patient(weight_kg, height_cm, person.sex, person.age_years, person.blood_group, bmi)


def _weigh(order: Order, patient: Patient) -> DosingWeight | Refusal:
    choices = order.choices
    return choose_dosing_weight(choices.policy, patient, choices.risks.state(PREGNANCY))
