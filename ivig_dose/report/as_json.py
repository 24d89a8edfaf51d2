"""Results as JSON documents: fixed keys in a fixed order. `dump` and `dump_line` make text of them.

Keys never vanish: what is not known is null. Units are in the keys.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from ivig_dose.core.interval import TimeSpan
from ivig_dose.core.order_rate import write_rate
from ivig_dose.core.order_written import write_order
from ivig_dose.core.request import Request
from ivig_dose.core.results import (
    Alternative,
    Dose,
    DosingWeight,
    GivenDay,
    InfusionStep,
    OrderCheck,
    Origin,
    PartGiven,
    PartVials,
    Plan,
    Trough,
    VialCount,
    YearOfTreatment,
)
from ivig_dose.problems import Notice, Refusal
from ivig_dose.quantity import Ratio
from ivig_dose.report.json_text import Shared, dump, dump_line
from ivig_dose.report.numbers import body_mass_index, divide, grams, kilograms, percent
from ivig_dose.report.request_json import request_document

__all__ = [
    "SCHEMA",
    "Document",
    "check_document",
    "dump",
    "dump_line",
    "origin_document",
    "plan_document",
    "refusal_document",
    "rounding_document",
]

SCHEMA = 1
"""The version of the documents' keys: keys may be added within it, never renamed or removed."""

Document = dict[str, Any]
"""Text, exact numbers, yes/no, null, and lists and objects of these."""


def plan_document(plan: Plan, request_row: Mapping[str, object] | None = None) -> Document:
    """A plan as a JSON document. `request_row` (row number and id of a batch) goes in front."""
    document: Document = {**(request_row or {}), "schema": SCHEMA, "status": "ok", **_phase(plan)}
    document["then"] = None if plan.then is None else _next_phase(plan.then)
    document["origin"] = origin_document(plan.origin)
    document["request"] = request_document(plan.request)
    return document


def _next_phase(plan: Plan) -> Document:
    gap = plan.gap
    begins = gap and {**(_interval(gap.after) or {}), "chosen_by": gap.chosen_by, "sources": gap.sources}
    return {"begins_after": begins, **_phase(plan)}


def _phase(plan: Plan) -> Document:
    """A plan without the phase that follows it, its origin and its request."""
    document: Document = {}
    document["indication"] = {"id": plan.indication.id, "title": plan.indication.title}
    document["regimen"] = _regimen(plan)
    patient, rounding, vaccines = plan.patient, plan.rounding, plan.vaccines
    document["patient"] = {
        "weight_kg": patient.weight_kg,
        "height_cm": patient.height_cm,
        "sex": patient.sex,
        "age_years": patient.age_years,
        "bmi": None if patient.bmi is None else body_mass_index(patient.bmi),
        "blood_group": patient.blood_group,
    }
    document["dosing_weight"] = _dosing_weight(plan.dosing_weight)
    document["dose"] = _dose(plan.dose)
    document["rounding"] = {
        "rule": rounding.rule,
        "direction": rounding.direction,
        "course_g": rounding.course_g,
        "difference_g": grams(rounding.difference_g),
        "difference_pct": percent(rounding.difference_percent),
        "step_g": rounding.step_g,
        "tolerance_pct": rounding.tolerance_percent,
        "day_tolerance_pct": rounding.day_tolerance_percent,
        "within_tolerance": rounding.within_tolerance,
        "part_vials": rounding.part_vials,
        "policy": rounding.policy,
    }
    document["product"] = {
        "id": None if plan.product is None else plan.product.id,
        "name": None if plan.product is None else plan.product.name,
        "g_per_100_ml": plan.g_per_100_ml,
    }
    document["schedule"] = [_given_day(day) for day in plan.schedule]
    document["infusion_note"] = plan.infusion_note
    document["vaccines"] = {
        "defer_months": vaccines.defer_months,
        "not_before": _day_or_null(vaccines.not_before),
        "table": vaccines.table,
        "vaccines": vaccines.vaccines,
        "exception": vaccines.exception,
        "sources": vaccines.sources,
    }
    document["part_given"] = None if plan.part_given is None else _part_given(plan, plan.part_given)
    document["year"] = None if plan.year is None else _year(plan.year)
    document["trough"] = None if plan.trough is None else _trough(plan.trough)
    document["reviews"] = [
        {"id": due.rule, "after_months": due.after_months, "date": _day_or_null(due.on), "sources": due.sources}
        for due in plan.reviews
    ]
    document["notices"] = _notices(plan.notices)
    document["not_checked"] = plan.not_checked
    document["alternatives"] = [_alternative(other) for other in plan.alternatives]
    document["working"] = [
        {"label": line.label, "formula": line.formula, "value": line.value, "unit": line.unit, "source": line.source}
        for line in plan.working
    ]
    return document


def _part_given(plan: Plan, part: PartGiven) -> Document:
    in_all_g, kg = part.given_g + plan.rounding.course_g, plan.dosing_weight.kg
    return {
        "course_g": grams(part.course.course_g),
        "given_g": part.given_g,
        "infusions": part.infusions,
        "doses": [{"g": dose.g, "date": _day_or_null(dose.on), "product": dose.product} for dose in part.doses],
        "left_g": grams(plan.dose.course_g),
        "in_all_g": in_all_g,
        "in_all_g_per_kg": grams(Ratio(in_all_g * kg.denominator, kg.numerator)),
    }


def _year(year: YearOfTreatment) -> Document:
    return {
        "g_per_week": grams(year.g_per_week),
        "g_per_year": grams(year.g_per_year),
        "infusions_per_year": grams(year.infusions_per_year),
        "scheduled_g": year.scheduled_g,
        "vials": _vials(year.vials),
    }


def _trough(trough: Trough) -> Document:
    return {
        "g_per_l": trough.g_per_l,
        "target_g_per_l": trough.target_g_per_l,
        "targets": [
            {
                "id": each.target.id,
                "title": each.target.title,
                "at_least_g_per_l": each.target.g_per_l.at_least,
                "over_g_per_l": each.target.g_per_l.over,
                "met": each.is_met,
                "sources": each.target.sources,
            }
            for each in trough.standings
        ],
        "expected": [
            {
                "id": each.rise.id,
                "g_per_l": each.rise.g_per_l,
                "per_g_per_kg": each.rise.per_g_per_kg,
                "spread": each.rise.spread,
                "measured_on_g_per_kg": each.now_g_per_kg,
                "low_g_per_kg": each.low_g_per_kg,
                "low_g_per_l": grams(each.low_g_per_l),
                "high_g_per_kg": each.high_g_per_kg,
                "high_g_per_l": grams(each.high_g_per_l),
                "sources": each.rise.sources,
            }
            for each in trough.expected
        ],
    }


def rounding_document(policy: str, result: Plan | Refusal) -> Document:
    """What one rounding policy gives for a patient, or why not; the grams are of one course."""
    refused = isinstance(result, Refusal)
    rounding = None if isinstance(result, Refusal) else result.rounding
    return {
        "rounding_policy": policy,
        "status": "refused" if refused else "ok",
        "rule": rounding and rounding.rule,
        "given_course_g": rounding and rounding.course_g,
        "difference_pct": rounding and percent(rounding.difference_percent),
        "refusal": result.message if isinstance(result, Refusal) else None,
    }


def refusal_document(
    refusal: Refusal,
    origin: Origin | None,
    request_row: Mapping[str, object] | None = None,
    request: Request | None = None,
    ordered: str | None = None,
) -> Document:
    """A refusal as a JSON document: which rule, why, what to do. It holds no dose. `ordered` is an order to check."""
    return {
        **(request_row or {}),
        "schema": SCHEMA,
        "status": "refused",
        "refusal": {
            "rule": refusal.rule,
            "message": refusal.message,
            "hint": refusal.hint,
            "sources": refusal.sources,
        },
        "origin": None if origin is None else origin_document(origin),
        "request": None if request is None else request_document(request, ordered),
    }


def check_document(check: OrderCheck, request_row: Mapping[str, object] | None = None) -> Document:
    """An order compared with its plan: the verdict, both doses, the slips that would explain it, the notices."""
    plan, ordered, agreed = check.plan, check.ordered, check.agrees_with
    return {
        **(request_row or {}),
        "schema": SCHEMA,
        "status": check.status,
        "ordered": {
            "text": ordered.text,
            "amount": ordered.main.value,
            "unit": ordered.main.unit,
            "per": ordered.main.per,
            "days": ordered.days,
            "interval": _interval(ordered.interval),
            "product": ordered.product,
            "rate": write_rate(ordered.rate) if ordered.rate else None,
            "day_g": _grams_or_null(check.dose.day_g),
            "course_g": grams(check.dose.course_g),
            "dose_ml": None if check.dose.day_ml is None else divide(check.dose.day_ml, 3),
            "read_as": write_order(ordered),
        },
        "expected": {
            "day_g": check.expected_day_g,
            "course_g": check.expected_course_g,
            "calculated_course_g": grams(plan.dose.course_g),
            "days": plan.choice.days,
            "indication": plan.indication.id,
            "regimen": plan.choice.regimen.id,
            "g_per_kg": plan.choice.g_per_kg,
            "interval": _interval(plan.choice.interval),
            "dosing_weight_kg": kilograms(plan.dosing_weight.kg),
        },
        "agrees_with": None if agreed is None else {"regimen": agreed.regimen, "as": agreed.how},
        "days_assumed": check.dose.days_assumed,
        "difference_pct": percent(check.difference_percent),
        "tolerance_pct": max(check.tolerance),
        "tolerance": {"below_pct": check.tolerance.below_percent, "above_pct": check.tolerance.above_percent},
        "differs_in": [{"id": finding.id, "text": finding.text} for finding in check.findings],
        "slips": [{"id": slip.id, "text": slip.text, "course_g": grams(slip.course_g)} for slip in check.slips],
        "notices": _notices(check.notices),
        "origin": origin_document(plan.origin),
        "request": request_document(plan.request, ordered.text),
    }


def _interval(interval: TimeSpan | None) -> Document | None:
    return None if interval is None else {"number": interval.number, "unit": interval.unit}


@lru_cache(maxsize=1)
def origin_document(origin: Origin) -> Document:
    """Which tool and which catalogue files gave the answer."""
    return Shared(
        tool=origin.tool,
        catalogue=origin.catalogue,
        version=origin.version,
        sha256=origin.sha256,
        effective=origin.effective.isoformat(),
        review_by=origin.review_by.isoformat(),
        files=[{"path": file.path, "version": file.version, "sha256": file.sha256} for file in origin.files],
    )


def _regimen(plan: Plan) -> Document:
    choice = plan.choice
    regimen, repeats = choice.regimen, choice.repeats
    span = (
        None
        if repeats is None
        else {"low": repeats.low, "default": repeats.default, "high": repeats.high, "unit": repeats.unit}
    )
    return {
        "id": regimen.id,
        "title": regimen.title,
        "phase": regimen.phase,
        "basis": regimen.basis,
        "g_per_kg": {
            "low": regimen.g_per_kg.low,
            "chosen": choice.g_per_kg,
            "high": regimen.g_per_kg.high,
            "chosen_by": choice.g_per_kg_chosen_by,
        },
        "days": {
            "low": regimen.days.low,
            "chosen": choice.days,
            "high": regimen.days.high,
            "chosen_by": choice.days_chosen_by,
        },
        "interval": None
        if span is None or choice.interval is None
        else {**span, "chosen": _interval(choice.interval), "chosen_by": choice.interval_chosen_by},
        "may_repeat": span if choice.interval is None else None,
        "chosen_by": choice.chosen_by,
        "sources": choice.sources,
    }


def _dosing_weight(weight: DosingWeight) -> Document:
    return {
        "kg": kilograms(weight.kg),
        "kind": weight.kind,
        "policy": weight.policy,
        "ideal_kg": None if weight.ideal_kg is None else kilograms(weight.ideal_kg),
        "adjusted_kg": None if weight.adjusted_kg is None else kilograms(weight.adjusted_kg),
        "reason": weight.reason,
        "threshold": weight.threshold,
        "sources": weight.sources,
    }


def _dose(dose: Dose) -> Document:
    return {
        "g_per_kg_per_day": _grams_or_null(dose.g_per_kg_per_day),
        "g_per_kg_course": grams(dose.g_per_kg_course),
        "day_g": _grams_or_null(dose.day_g),
        "course_g": grams(dose.course_g),
        "course_g_range": {"low": grams(dose.course_low_g), "high": grams(dose.course_high_g)},
        "days_g": [grams(day_g) for day_g in dose.days_g],
        "capped_from_g": _grams_or_null(dose.capped_from_g),
    }


def _given_day(day: GivenDay) -> Document:
    return {
        "cycle": day.cycle,
        "day": day.day,
        "date": _day_or_null(day.date),
        "dose_g": day.dose_g,
        "volume_ml": day.volume_ml,
        "vials": _vials(day.vials),
        "part_vials": None if day.part_vials is None else _part_vials(day.part_vials),
        "steps": [_step(step) for step in day.steps],
        "total_minutes": day.total_minutes,
    }


@lru_cache(maxsize=64)
def _step(step: InfusionStep) -> Document:
    # the days of a course often have the same steps
    return Shared(
        step=step.step,
        rate_ml_per_kg_per_h=step.rate_ml_per_kg_per_h,
        rate_ml_per_h=step.rate_ml_per_h,
        minutes=step.minutes,
        volume_ml=step.volume_ml,
        cumulative_ml=step.cumulative_ml,
        starts=None if step.starts is None else step.starts.isoformat(timespec="minutes"),
    )


def _vials(vials: Sequence[VialCount]) -> list[Document]:
    return [{"g": vial.g, "count": vial.count} for vial in vials]


def _part_vials(part: PartVials) -> Document:
    return {
        "open": _vials(part.opened),
        "drawn_g": part.drawn_g,
        "drawn_ml": part.drawn_ml,
        "discarded_g": part.discarded_g,
        "discarded_ml": part.discarded_ml,
    }


def _alternative(other: Alternative) -> Document:
    return {
        "regimen": other.regimen,
        "course_g": grams(other.course_g),
        "title": other.title,
        "days": other.days,
        "g_per_kg": other.g_per_kg,
        "basis": other.basis,
    }


def _notices(notices: Sequence[Notice]) -> list[Document]:
    return [notice_document(notice) for notice in notices]


@lru_cache(maxsize=1024)
def notice_document(notice: Notice) -> Document:
    """A notice as a part of a document."""
    return Shared(id=notice.id, level=notice.level, text=notice.text, sources=notice.sources)


def _grams_or_null(value: Ratio | None) -> Decimal | None:
    return None if value is None else grams(value)


def _day_or_null(value: date | None) -> str | None:
    return None if value is None else value.isoformat()
