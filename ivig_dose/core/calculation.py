"""The calculation for one patient of an order: the dose, what is given of it, and everything the reader must see.

`PreparedOrder` holds what all patients of one order share. `calculate` is the one way from a patient to grams: `dose`,
`check`, `table` and `batch` all take it, and a plan only adds to it what is shown beside (`core.plan`).
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from ivig_dose.core import notices as own_notices
from ivig_dose.core.choices import PREGNANCY, Choices, exact_for_newborn, slow_for_risk
from ivig_dose.core.conditions import Facts, OrderFacts
from ivig_dose.core.dosing import compute_dose
from ivig_dose.core.infusion import SHOWN_STEP, can_run, set_within_hours
from ivig_dose.core.ladder import CONCERNS, find_concern
from ivig_dose.core.part_given import note_part_given, plan_rest, read_part_given
from ivig_dose.core.patient import ADULT_YEARS, find_slips
from ivig_dose.core.population import refuse_for_population, warn_of_label_ages, warn_of_population
from ivig_dose.core.request import Request
from ivig_dose.core.results import Dose, DosingWeight, PartGiven, Patient, PhaseGap
from ivig_dose.core.rounding import Given, round_course, warn_of_tolerance
from ivig_dose.core.safety import Rules, Verdict, judge_facts, prepare_rules
from ivig_dose.core.schedule import date_of, number_days
from ivig_dose.core.timing import Timing, place_before
from ivig_dose.core.trough import refuse_igg
from ivig_dose.core.weight import choose_dosing_weight
from ivig_dose.problems import Notice, Refusal
from ivig_dose.quantity import ZERO, Ratio


class Pace(NamedTuple):
    """How the infusions go, as far as notices depend on it.

    `runs` says whether the first one has pump steps, `in_time` whether all take the time that the regimen gives.
    `minutes` is the first one's time, where it is known.
    """

    runs: bool
    in_time: bool
    minutes: Decimal | None


class Calculation(NamedTuple):
    """A dose with its notices: all that a plan decides. `choices` are those of the order, with this patient's rates.

    `dose` and `given` are of what is to be given; `part_given` tells of a course that has begun, `then` of the phase
    that follows, and `gap` of the time before such a phase.
    """

    request: Request
    choices: Choices
    patient: Patient
    dosing_weight: DosingWeight
    dose: Dose
    given: Given
    notices: tuple[Notice, ...]
    verdict: Verdict
    timing: Timing
    part_given: PartGiven | None = None
    then: "Calculation | None" = None
    gap: PhaseGap | None = None

    @property
    def course_volume_ml(self) -> Decimal:
        """The volume that is given over one course, in mL."""
        return sum([compute_volume_ml(dose_g, self.choices) for dose_g in self.given.days_g], ZERO)


class PreparedOrder:
    """What all patients of one order share: the entries chosen, the rules that may hold, and the notices of the order.

    `today` is only compared with the catalogue's review date.
    """

    def __init__(self, choices: Choices, today: date | None) -> None:
        self._usual = choices
        self.pregnant = choices.risks.state(PREGNANCY)
        self._rules = prepare_rules(choices.catalogue.safety.values(), _facts_of_order(choices))
        self._at_risk = {concern: slow_for_risk(choices, concern) for concern in CONCERNS}
        self._last = frozenset(rule.id for rule in choices.catalogue.safety.values() if rule.comes_last)
        self._for_adults = is_for_adults(choices)
        self._populations = (choices.regimen.regimen, choices.indication)
        self._timing = time_course(choices)
        self._of_order = (
            *own_notices.notice_site(choices),
            *own_notices.notice_differences(choices),
            *own_notices.notice_secondary(choices),
            *own_notices.notice_spacing(choices),
            *own_notices.notice_interval(choices),
        )
        self._of_edition = (
            *own_notices.notice_review(choices.catalogue, today),
            *own_notices.notice_in_force(choices.catalogue, choices.policy, today),
        )

    def choose_for(self, patient: Patient) -> Choices:
        """The choices with the rates for this patient."""
        product = self._usual.product
        if product is None:
            return self._usual
        concern = find_concern(product, self._usual.caps.of_class, self._usual.risks.present, patient.age_years)
        return self._usual if concern is None else self._at_risk[concern]

    def calculate(self, request: Request, patient: Patient) -> Calculation | Refusal:
        """The calculation for one patient, or the reason why no dose is given."""
        refusal = refuse_for_population(patient, self._populations)
        if refusal is not None:
            return refusal
        choices = exact_for_newborn(self.choose_for(patient), patient)
        refusal = refuse_igg(request, choices)
        if refusal is not None:
            return refusal
        weight = choose_dosing_weight(choices.policy, patient, self.pregnant)
        if isinstance(weight, Refusal):
            return weight
        course = compute_dose(choices.regimen, weight.kg)
        if isinstance(course, Refusal):
            return course
        part = read_part_given(request, course, choices)
        if isinstance(part, Refusal):
            return part
        dose = course if part is None else plan_rest(part, choices, weight.kg)
        timing = self._time(request, dose)
        given = round_course(dose, choices, weight.kg)
        verdict = judge_dose(self._rules, choices, patient, weight.kg, dose, given, timing)
        if verdict.stop is not None:
            return verdict.stop
        if isinstance(given, Refusal):
            return given
        pace = find_pace(choices, weight.kg, given.days_g)
        said = self._list_notices(choices, patient, weight, dose, given, pace, verdict, part)
        return Calculation(
            request,
            choices,
            patient,
            weight,
            dose,
            given,
            own_notices.arrange(said, self._last),
            verdict,
            timing,
            part,
        )

    def _time(self, request: Request, dose: Dose) -> Timing:
        """When the doses fall: those of the order, or of what is left of a course, with the earlier ones."""
        if not (request.given or request.earlier):
            return self._timing
        days = number_days(self._usual.regimen.regimen, len(dose.days_g))
        before = place_before((*request.earlier, *request.given), date_of(request.start))
        return self._timing._replace(days=tuple(day - 1 for day in days), before=before)

    def _list_notices(
        self,
        choices: Choices,
        patient: Patient,
        weight: DosingWeight,
        dose: Dose,
        given: Given,
        pace: Pace,
        verdict: Verdict,
        part: PartGiven | None,
    ) -> Iterator[Notice]:
        """Everything that the reader must see: first what is about this patient."""
        hours = choices.regimen.regimen.infusion_hours
        course = dose if part is None else part.course
        yield from find_slips(patient, self._for_adults)
        yield from warn_of_population(patient, self._populations)
        yield from warn_of_label_ages(patient, choices.product, choices.indication.id)
        if part is not None:
            yield from note_part_given(part, dose, choices.product.id if choices.product else None)
        yield from own_notices.notice_cap(choices, course)
        yield from own_notices.notice_age(choices, patient)
        yield from (notice for notice in verdict.notices if notice.level == "warning")
        yield from warn_of_tolerance(given, dose, choices, weight.kg)
        yield from self._of_order
        if choices.ladder is not None and not pace.runs:
            yield own_notices.notice_pump(choices)
        elif hours is not None and not pace.in_time and pace.minutes is not None:
            yield own_notices.notice_time(choices, hours, pace.minutes)
        if choices.product is not None:
            yield from own_notices.notice_unknown(choices.product)
        if choices.ladder is not None and choices.product is not None:
            words = choices.caps.of_class.text if choices.caps.of_class else ""
            yield from own_notices.notice_rates(choices.product, choices.indication.id, choices.ladder, words)
        yield from own_notices.notice_source_weight(choices, weight)
        yield from own_notices.notice_other_policies(choices, patient, course, self.pregnant)
        yield from self._of_edition
        yield from verdict.notices


def _facts_of_order(choices: Choices) -> OrderFacts:
    product, regimen = choices.product, choices.regimen.regimen
    return OrderFacts(
        indication=choices.indication.id,
        regimen=regimen.id,
        phase=regimen.phase,
        days=choices.regimen.days,
        cycles=choices.cycles,
        product=product.id if product else None,
        weight_policy=choices.policy.id,
        # a site's entry that lists none says nothing about them, and unknown is not absent
        excipients=frozenset(each.name for each in product.excipients) if product and product.excipients else None,
        risks=choices.risks,
    )


def judge_dose(
    rules: Rules,
    choices: Choices,
    patient: Patient,
    dosing_kg: Ratio,
    dose: Dose,
    given: Given | Refusal,
    timing: Timing,
) -> Verdict:
    """What the safety rules say of the calculated dose, and of the given one where its course or a day is more.

    A course that has begun is judged whole. Less than was calculated is given only within the tolerance, so that rules
    about low doses look at the calculation.
    """
    day_g = max(dose.days_g)
    whole_g = dose.course_g.minus(-dose.before_g)
    facts = Facts(
        course_g_per_kg=_per_kg(whole_g, dosing_kg) if dose.before_g else dose.g_per_kg_course,
        day_g_per_kg=_per_kg(day_g, dosing_kg),
        course_g=whole_g,
        day_g=day_g,
        days_g=dose.days_g,
        dosing_kg=dosing_kg,
        timing=timing,
        rate_ml_per_kg_per_h=choices.ladder.maximum if choices.ladder else None,
        patient=patient,
    )
    if isinstance(given, Refusal):
        return judge_facts(rules, facts)
    course_g = max(whole_g, Ratio(given.rounding.course_g + dose.before_g))
    given_day_g = max(day_g, Ratio(max(given.days_g)))
    if course_g is whole_g and given_day_g is day_g:
        return judge_facts(rules, facts)
    more = facts._replace(
        course_g_per_kg=_per_kg(course_g, dosing_kg),
        day_g_per_kg=_per_kg(given_day_g, dosing_kg),
        course_g=course_g,
        day_g=given_day_g,
        days_g=tuple(Ratio(each) for each in given.days_g),
    )
    return judge_facts(rules, facts, more)


def time_course(choices: Choices) -> Timing:
    """When the doses of an order fall; of courses after events whose days are not known, each on the next day."""
    choice = choices.regimen
    days = tuple(day - 1 for day in number_days(choice.regimen, choice.days))
    return Timing(days, choices.cycles, 1 if choice.interval is None else choice.interval.days[0], ())


def _per_kg(amount_g: Ratio, dosing_kg: Ratio) -> Ratio:
    return Ratio(amount_g.numerator * dosing_kg.denominator, amount_g.denominator * dosing_kg.numerator)


def find_pace(choices: Choices, dosing_kg: Ratio, days_g: tuple[Decimal, ...]) -> Pace:
    """How the infusions of these days go, without their steps where the regimen gives no time for them."""
    hours, ladder, pump_step = choices.regimen.regimen.infusion_hours, choices.ladder, choices.pump_step_ml_per_h
    if hours is None or ladder is None:
        return Pace(ladder is None or can_run(ladder, dosing_kg, pump_step), in_time=True, minutes=None)
    first, *others = [
        set_within_hours(ladder, hours, dosing_kg, compute_volume_ml(dose_g, choices), pump_step)
        for dose_g in dict.fromkeys(days_g)
    ]
    settings, minutes, in_time = first
    return Pace(bool(settings), in_time and all(kept for *_, kept in others), minutes if settings else None)


def compute_volume_ml(dose_g: Decimal, choices: Choices) -> Decimal:
    """The volume of one dose at the concentration of the product, in mL to 0.01, ties up."""
    return Ratio(dose_g * 100, choices.g_per_100_ml).to_step(SHOWN_STEP)


def is_for_adults(choices: Choices) -> bool:
    """Whether the regimen or the indication is for adults only."""
    return any(
        population is not None
        and (
            population.pregnant
            or (
                population.age_years is not None
                and any(
                    edge is not None and edge >= ADULT_YEARS
                    for edge in (population.age_years.at_least, population.age_years.over)
                )
            )
        )
        for population in (choices.regimen.regimen.population, choices.indication.population)
    )
