"""The one door of the core: a request and a catalogue in, a plan or a refusal out."""

from datetime import date, datetime
from decimal import Decimal, localcontext

from ivig_dose import __version__
from ivig_dose.catalogue.models import Catalogue, HourRange
from ivig_dose.core import notices as own_notices
from ivig_dose.core.calculation import Calculation, PreparedOrder, compute_volume_ml
from ivig_dose.core.choices import PREGNANCY, Choices, resolve_choices
from ivig_dose.core.dosing import course_g_per_kg, list_alternatives
from ivig_dose.core.infusion import run_ladder, run_within_hours
from ivig_dose.core.patient import read_patient
from ivig_dose.core.request import Request, order_of
from ivig_dose.core.results import DosingWeight, GivenDay, InfusionStep, Origin, Plan
from ivig_dose.core.rounding import Given
from ivig_dose.core.schedule import clock_of, date_of, list_doses
from ivig_dose.core.settings import refuse_settings
from ivig_dose.core.treatment import choose_gap, follow, list_reviews, note_gap, settle_request, sum_year
from ivig_dose.core.trough import judge_trough
from ivig_dose.core.vaccines import find_deferral, find_later
from ivig_dose.core.weight import describe_threshold
from ivig_dose.core.working import write_working
from ivig_dose.problems import Refusal
from ivig_dose.quantity import EXACT, Ratio, show_ratio

MAX_ORDERS = 1000
"""Distinct orders that are kept prepared before all are forgotten: they take some 10 MiB."""


def make_plan(request: Request, catalogue: Catalogue, today: date | None = None) -> Plan | Refusal:
    """The plan for one patient, or the reason why no dose is given.

    Nothing is read or written. `today` is only compared with the catalogue's review date. Bad user or clinical data
    gives a `Refusal`; an exception is a bug.
    """
    return Planner(catalogue, today).plan(request)


class Planner:
    """Answers requests from one catalogue. What requests for the same order share is prepared once.

    `today` is only compared with the catalogue's review date.
    """

    def __init__(self, catalogue: Catalogue, today: date | None = None) -> None:
        self.catalogue = catalogue
        self.today = today
        self._orders: dict[Request, PreparedOrder] = {}

    def calculate(self, request: Request) -> Calculation | Refusal:
        """The dose of one patient with its notices, or the reason why none is given."""
        with localcontext(EXACT):
            patient = read_patient(request)
            if isinstance(patient, Refusal):
                return patient
            settled = refuse_settings(request) or settle_request(request, self.catalogue)
            if isinstance(settled, Refusal):
                return settled
            prepared = self._prepare(settled)
            first = prepared if isinstance(prepared, Refusal) else prepared.calculate(settled, patient)
            if isinstance(first, Refusal):
                return first
            # What was asked, and not what it was settled to, is what a plan shows and `replay` asks again.
            first = first if settled is request else first._replace(request=request)
            return first if request.then is None else self._add_phase(first)

    def _add_phase(self, first: Calculation) -> Calculation | Refusal:
        """The calculation with the phase that follows, or the reason why that cannot be planned."""
        gap = choose_gap(first)
        if isinstance(gap, Refusal):
            return gap._replace(message=f"--then: {gap.message}")
        request = follow(first, gap)
        then = request if isinstance(request, Refusal) else self.calculate(request)
        if isinstance(then, Refusal):
            return then._replace(message=f"--then: {then.message}")
        return first._replace(then=then._replace(gap=gap, notices=(*note_gap(gap), *then.notices)))

    def plan(self, request: Request) -> Plan | Refusal:
        """The whole plan of one patient: the calculation with its schedule, working, alternatives and origin."""
        calculation = self.calculate(request)
        return calculation if isinstance(calculation, Refusal) else complete_plan(calculation)

    def _prepare(self, request: Request) -> PreparedOrder | Refusal:
        order = order_of(request)
        prepared = self._orders.get(order)
        if prepared is not None:
            return prepared
        # A refusal may tell the patient's own figures; what is kept for others must not know them.
        refusal = resolve_choices(request, self.catalogue)
        choices = refusal if isinstance(refusal, Refusal) else resolve_choices(order, self.catalogue)
        if isinstance(choices, Refusal):
            return choices
        if len(self._orders) >= MAX_ORDERS:
            self._orders.clear()
        prepared = self._orders[order] = PreparedOrder(choices, self.today)
        return prepared


def complete_plan(calculation: Calculation) -> Plan:
    """The plan of a calculation. What is added shows the dose and its infusion and changes neither."""
    with localcontext(EXACT):
        return _complete_plan(calculation)


def _complete_plan(calculation: Calculation) -> Plan:
    request, choices, patient, weight, dose, given, notices, _, _, part, _, _ = calculation
    choice, catalogue = choices.regimen, choices.catalogue
    pregnant = choices.risks.state(PREGNANCY)
    per_kg = course_g_per_kg(choice.regimen, choice.g_per_kg, choice.days)
    weight = weight._replace(
        threshold=describe_threshold(choices.policy, patient, pregnant, lambda kg: kg.times(per_kg))
    )
    whole_g = max(dose.course_g, Ratio(given.rounding.course_g)).minus(-dose.before_g)
    whole_per_kg = Ratio(whole_g.numerator * weight.kg.denominator, whole_g.denominator * weight.kg.numerator)
    schedule = build_schedule(choices, weight, given, request.start, 1 if part is None else part.rest_day)
    vaccines = find_deferral(choices.vaccine_table, choices.indication.id, whole_per_kg, schedule[-1].date)
    then = None if calculation.then is None else _complete_plan(calculation.then)
    return Plan(
        indication=choices.indication,
        choice=choice,
        patient=patient,
        dosing_weight=weight,
        dose=dose,
        rounding=given.rounding,
        product=choices.product,
        g_per_100_ml=choices.g_per_100_ml,
        schedule=schedule,
        infusion_note=_describe_rates(choices, schedule),
        vaccines=vaccines if then is None else find_later(vaccines, then.vaccines),
        notices=notices,
        not_checked=_list_not_checked(calculation),
        alternatives=tuple(list_alternatives(choices.indication, choice.regimen.id, patient, weight.kg, catalogue)),
        working=tuple(write_working(choices, patient, weight, dose, given, schedule, part)),
        origin=describe_origin(catalogue),
        request=request,
        part_given=part,
        year=sum_year(choices, schedule),
        then=then,
        trough=judge_trough(request, choices),
        reviews=list_reviews(calculation, schedule),
        gap=calculation.gap,
    )


def build_schedule(
    choices: Choices, weight: DosingWeight, given: Given, start: date | None, first_day: int = 1
) -> tuple[GivenDay, ...]:
    """Every dose of every cycle with its volume, vials and pump steps. The days of a cycle count from `first_day`."""
    days = []
    regimen = choices.regimen
    alike: dict[tuple[Decimal, datetime | None], tuple[InfusionStep, ...]] = {}
    for cycle, dose, day, when in list_doses(
        regimen.regimen, len(given.days_g), choices.cycles, start, regimen.interval
    ):
        dose_g, clock = given.days_g[dose - 1], clock_of(when)
        volume_ml = compute_volume_ml(dose_g, choices)
        steps = alike.get((dose_g, clock))
        if steps is None:
            steps = alike[dose_g, clock] = _set_steps(choices, weight.kg, volume_ml, clock)
        minutes = sum((step.minutes for step in steps), Decimal(0)) if steps else None
        days.append(
            GivenDay(
                cycle,
                day + first_day - 1,
                date_of(when),
                dose_g,
                volume_ml,
                given.vials[dose - 1],
                steps,
                minutes,
                given.part_vials[dose - 1],
            )
        )
    return tuple(days)


def _set_steps(
    choices: Choices, dosing_kg: Ratio, volume_ml: Decimal, clock: datetime | None
) -> tuple[InfusionStep, ...]:
    ladder, hours, pump = choices.ladder, choices.regimen.regimen.infusion_hours, choices.pump_step_ml_per_h
    if ladder is None:
        return ()
    if hours is None:
        return run_ladder(ladder, dosing_kg, volume_ml, pump, clock)
    steps, _ = run_within_hours(ladder, hours, dosing_kg, volume_ml, pump, clock)
    return steps


def _list_not_checked(calculation: Calculation) -> tuple[str, ...]:
    choices, patient = calculation.choices, calculation.patient
    missing = list(calculation.verdict.not_checked)
    if patient.age_years is None and own_notices.needs_age(choices) and "age" not in missing:
        missing.insert(0, "age")
    asks = any(branch.when is not None and branch.when.pregnant is not None for branch in choices.policy.branches)
    pregnant = choices.risks.state(PREGNANCY)
    if asks and pregnant is None and patient.sex != "M" and PREGNANCY not in missing:
        missing.append(PREGNANCY)
    return tuple(missing)


def _describe_rates(choices: Choices, schedule: tuple[GivenDay, ...]) -> str | None:
    ladder, hours = choices.ladder, choices.regimen.regimen.infusion_hours
    if choices.product is None and hours is not None:
        return _describe_mean_rate(hours, schedule[0].volume_ml)
    if ladder is None or choices.product is None or not schedule[0].steps:
        return None
    words = {
        "label": "steps and rates from the label",
        "manufacturer-example": "first and highest rate from the label, steps from the manufacturer's example",
        "trial": "first and highest rate from the label, steps from a trial's protocol",
        "derived": "steps worked out from a rule of the label",
        "practice": "first and highest rate from the label, doubling steps from practice",
    }
    pace = "" if hours is None else f"; paced for {own_notices.describe_hours(hours)} hours"
    return f"{choices.product.name}: {words[ladder.basis]}{pace}"


def _describe_mean_rate(hours: HourRange, volume_ml: Decimal) -> str:
    """The time that a regimen gives and the mean rate that this is: all that can be said without a product."""
    slow, fast = (show_ratio(Ratio(volume_ml, each), 1) for each in (hours.high, hours.low))
    mean = slow if slow == fast else f"{slow} to {fast}"
    return (
        f"over {own_notices.describe_hours(hours)} hours, a mean rate of {mean} mL/h; no product is named, so there "
        "are no pump steps: its label gives the first and the highest rate"
    )


def describe_origin(catalogue: Catalogue) -> Origin:
    """Which tool and catalogue an answer comes from."""
    edition, files = catalogue.catalogue, catalogue.files
    return Origin(
        tool=__version__,
        catalogue=edition.title,
        version=edition.version,
        sha256=files[0].sha256 if files else "",
        effective=edition.effective,
        review_by=edition.review_by,
        files=files,
    )
