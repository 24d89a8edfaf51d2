"""The one door of the core: a request and a catalogue in, a plan or a refusal out."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal, localcontext
from typing import NamedTuple

from ivig_dose import __version__
from ivig_dose.catalogue.models import Catalogue
from ivig_dose.core import notices as own_notices
from ivig_dose.core.choices import PREGNANCY, Choices, resolve_choices
from ivig_dose.core.dosing import compute_dose, course_g_per_kg, list_alternatives
from ivig_dose.core.infusion import SHOWN_STEP, run_ladder, run_within_hours
from ivig_dose.core.patient import ADULT_YEARS, find_slips, read_patient
from ivig_dose.core.request import Request
from ivig_dose.core.results import Dose, DosingWeight, GivenDay, InfusionStep, Origin, Patient, Plan
from ivig_dose.core.rounding import Given, round_course, warn_of_tolerance
from ivig_dose.core.safety import Facts, Verdict, evaluate_rules
from ivig_dose.core.schedule import clock_of, date_of, list_days
from ivig_dose.core.vaccines import find_deferral
from ivig_dose.core.weight import choose_dosing_weight, describe_threshold
from ivig_dose.core.working import write_working
from ivig_dose.problems import Notice, Refusal
from ivig_dose.quantity import EXACT, Ratio, show


def make_plan(request: Request, catalogue: Catalogue, today: date | None = None) -> Plan | Refusal:
    """The plan for one patient, or the reason why no dose is given.

    Nothing is read or written. `today` is only compared with the catalogue's review date. Bad user or clinical data
    gives a `Refusal`; an exception is a bug.
    """
    with localcontext(EXACT):
        return _make_plan(request, catalogue, today)


def _make_plan(request: Request, catalogue: Catalogue, today: date | None) -> Plan | Refusal:
    patient = read_patient(request)
    if isinstance(patient, Refusal):
        return patient
    choices = resolve_choices(request, catalogue)
    if isinstance(choices, Refusal):
        return choices
    pregnant = choices.risks.state(PREGNANCY)
    weight = choose_dosing_weight(choices.policy, patient, pregnant)
    if isinstance(weight, Refusal):
        return weight
    dose = compute_dose(choices.regimen, weight.kg)
    if isinstance(dose, Refusal):
        return dose
    verdict = judge_safety(choices, patient, weight, dose)
    if verdict.stop is not None:
        return verdict.stop
    given = round_course(dose, choices, weight.kg)
    if isinstance(given, Refusal):
        return given
    per_kg = course_g_per_kg(choices.regimen.regimen, choices.regimen.g_per_kg, choices.regimen.days)
    weight = weight._replace(
        threshold=describe_threshold(choices.policy, patient, pregnant, lambda kg: kg.times(per_kg))
    )
    schedule, in_time = build_schedule(choices, weight, given, request.start)
    pace = Pace(bool(schedule[0].steps), in_time, schedule[0].total_minutes)
    return Plan(
        indication=choices.indication,
        choice=choices.regimen,
        patient=patient,
        dosing_weight=weight,
        dose=dose,
        rounding=given.rounding,
        product=choices.product,
        g_per_100_ml=choices.g_per_100_ml,
        schedule=schedule,
        infusion_note=_describe_rates(choices, schedule),
        vaccines=find_deferral(choices.vaccine_table, choices.indication.id, dose.g_per_kg_course, schedule[-1].date),
        notices=list_notices(choices, patient, weight, dose, given, pace, verdict, today),
        not_checked=_list_not_checked(choices, patient, pregnant, verdict),
        alternatives=tuple(list_alternatives(choices.indication, choices.regimen.regimen.id, weight.kg, catalogue)),
        working=tuple(write_working(choices, patient, weight, dose, given, schedule)),
        origin=describe_origin(catalogue),
        request=request,
    )


def judge_safety(choices: Choices, patient: Patient, weight: DosingWeight, dose: Dose) -> Verdict:
    """What the catalogue's safety rules say of the exact dose, before it is rounded."""
    kg, day_g, product = weight.kg, max(dose.days_g), choices.product
    facts = Facts(
        indication=choices.indication.id,
        regimen=choices.regimen.regimen.id,
        phase=choices.regimen.regimen.phase,
        days=choices.regimen.days,
        course_g_per_kg=dose.g_per_kg_course,
        day_g_per_kg=Ratio(day_g.numerator * kg.denominator, day_g.denominator * kg.numerator),
        course_g=dose.course_g,
        day_g=day_g,
        product=product.id if product else None,
        # a site's entry that lists none says nothing about them, and unknown is not absent
        excipients=frozenset(each.name for each in product.excipients) if product and product.excipients else None,
        rate_ml_per_kg_per_h=choices.ladder.maximum if choices.ladder else None,
        age_years=patient.age_years,
        sex=patient.sex,
        blood_group=patient.blood_group,
        risks=choices.risks,
    )
    return evaluate_rules(choices.catalogue.safety.values(), facts)


def build_schedule(
    choices: Choices, weight: DosingWeight, given: Given, start: date | None
) -> tuple[tuple[GivenDay, ...], bool]:
    """Every dose of every cycle with its volume, vials and pump steps, and whether the infusions take their time.

    Equal doses run alike, so each distinct dose is worked out once and only the clock differs.
    """
    days = []
    in_time = True
    regimen = choices.regimen
    for cycle, day, when in list_days(regimen.regimen, regimen.days, choices.cycles, start):
        dose_g = given.days_g[day - 1]
        volume_ml = compute_volume_ml(dose_g, choices)
        steps: tuple[InfusionStep, ...] = ()
        hours, clock, pump = regimen.regimen.infusion_hours, clock_of(when), choices.pump_step_ml_per_h
        if hours is not None:
            steps, kept = run_within_hours(choices.ladder, hours, weight.kg, volume_ml, pump, clock)
            in_time = in_time and kept
        elif choices.ladder is not None:
            steps = run_ladder(choices.ladder, weight.kg, volume_ml, pump, clock)
        minutes = sum((step.minutes for step in steps), Decimal(0)) if steps else None
        days.append(GivenDay(cycle, day, date_of(when), dose_g, volume_ml, given.vials[day - 1], steps, minutes))
    return tuple(days), in_time


def compute_volume_ml(dose_g: Decimal, choices: Choices) -> Decimal:
    """The volume of one dose at the concentration of the product, in mL to 0.01, ties up."""
    return Ratio(dose_g * 100, choices.g_per_100_ml).to_step(SHOWN_STEP)


class Pace(NamedTuple):
    """How the infusions go, as far as notices depend on it.

    `runs` says whether the first one has pump steps, `in_time` whether all take the time that the regimen gives.
    `minutes` is the first one's time, where it is known.
    """

    runs: bool
    in_time: bool
    minutes: Decimal | None


def list_notices(
    choices: Choices,
    patient: Patient,
    weight: DosingWeight,
    dose: Dose,
    given: Given,
    pace: Pace,
    verdict: Verdict,
    today: date | None,
) -> tuple[Notice, ...]:
    """Everything that the reader must see, each once: warnings before notes, and first those about this patient."""
    hours = choices.regimen.regimen.infusion_hours

    def list_in_turn() -> Iterator[Notice]:
        yield from find_slips(patient, is_for_adults(choices))
        yield from own_notices.notice_cap(choices, dose)
        yield from own_notices.notice_age(choices, patient)
        yield from (notice for notice in verdict.notices if notice.level == "warning")
        yield from warn_of_tolerance(given, dose, choices, weight.kg)
        yield from own_notices.notice_site(choices)
        yield from own_notices.notice_differences(choices)
        if choices.ladder is not None and not pace.runs:
            yield own_notices.notice_pump(choices)
        elif hours is not None and not pace.in_time and pace.minutes is not None:
            yield own_notices.notice_time(choices, hours, describe_minutes(pace.minutes))
        if choices.ladder is not None and choices.product is not None:
            yield from own_notices.notice_rates(choices.product, choices.indication.id, choices.ladder)
        yield from own_notices.notice_source_weight(choices, weight)
        yield from own_notices.notice_review(choices.catalogue, today)
        yield from verdict.notices

    return own_notices.arrange(list_in_turn())


def describe_minutes(minutes: Decimal) -> str:
    """A time as people say it, to the whole minute, ties up: `3 h 31 min`."""
    hours, rest = divmod(int(Ratio(minutes).to_step(Decimal(1))), 60)
    return f"{hours} h {rest} min" if hours else f"{rest} min"


def is_for_adults(choices: Choices) -> bool:
    """Whether the regimen or the indication is for adults only."""
    return any(
        population is not None
        and population.age_years is not None
        and any(
            edge is not None and edge >= ADULT_YEARS
            for edge in (population.age_years.at_least, population.age_years.over)
        )
        for population in (choices.regimen.regimen.population, choices.indication.population)
    )


def _list_not_checked(choices: Choices, patient: Patient, pregnant: bool | None, verdict: Verdict) -> tuple[str, ...]:
    missing = list(verdict.not_checked)
    if patient.age_years is None and own_notices.needs_age(choices) and "age" not in missing:
        missing.insert(0, "age")
    asks = any(branch.when is not None and branch.when.pregnant is not None for branch in choices.policy.branches)
    if asks and pregnant is None and patient.sex != "M" and PREGNANCY not in missing:
        missing.append(PREGNANCY)
    return tuple(missing)


def _describe_rates(choices: Choices, schedule: tuple[GivenDay, ...]) -> str | None:
    if not schedule[0].steps:
        return None
    ladder, hours = choices.ladder, choices.regimen.regimen.infusion_hours
    if ladder is None or choices.product is None:
        return f"one constant rate at {show(choices.g_per_100_ml)} %; a product's label gives the steps"
    words = {
        "label": "steps and rates from the label",
        "manufacturer-example": "first and highest rate from the label, steps from the manufacturer's example",
        "trial": "first and highest rate from the label, steps from a trial's protocol",
        "derived": "steps worked out from a rule of the label",
        "practice": "first and highest rate from the label, doubling steps from practice",
    }
    pace = "" if hours is None else f"; paced for {own_notices.describe_hours(hours)} hours"
    return f"{choices.product.name}: {words[ladder.basis]}{pace}"


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
