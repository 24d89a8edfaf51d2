"""The print sheet: one A4 page of HTML for the second check, black on white, with nothing loaded and no script.

Who the patient is stays blank, to be written by hand: this tool never learns it.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from ivig_dose.catalogue.models import Catalogue
from ivig_dose.core.interval import write_interval
from ivig_dose.core.patient import describe_age
from ivig_dose.core.results import Plan
from ivig_dose.core.treatment_text import write_doses, write_phase
from ivig_dose.problems import Notice
from ivig_dose.quantity import show
from ivig_dose.report.numbers import body_mass_index, show_amount
from ivig_dose.report.over_time import describe_over_time, describe_part_given, describe_phase
from ivig_dose.report.phrases import (
    CLOSING,
    count,
    describe_concentration,
    describe_dose,
    describe_given,
    describe_origin,
    describe_regimen,
    describe_rounding,
    describe_vaccines,
    title_of,
)
from ivig_dose.report.request_json import write_igg, write_max_rate, write_start
from ivig_dose.report.sheet_infusion import write_batch_numbers, write_infusions, write_schedule
from ivig_dose.report.sheet_style import STYLE
from ivig_dose.report.sheet_text import cite_whole, element, escape, facts, hold_each, hold_together, section

TITLE: Final = "Immunoglobulin dose: sheet for the second check"
_ASKED: Final = ("Height", "Sex", "Age", "Blood group", "Risks")
_LONG: Final = ("Risks", "Given of this course", "Given before this course", "Then")
_WHERE_SOURCES: Final = "Sources stand in brackets; titles and addresses: this file on a screen, or ivig-dose show ID."
_NOTHING_LOADED: Final = "default-src 'none'; style-src 'unsafe-inline'"


def write_sheet(plan: Plan, catalogue: Catalogue) -> str:
    """The sheet of one plan as a whole HTML document. `catalogue` is the one the plan was made with.

    It holds the inputs as read, the dose, the vials, the infusion with blank columns for times and initials, the
    notices, the working, the sources with their addresses, the origin, and boxes for two signatures.
    """
    body = [
        _write_title(plan),
        _write_patient(),
        element("div", "<b>Inputs as read.</b> " + facts(_list_inputs(plan)), "inputs"),
        *_write_phase(plan),
        *([] if plan.then is None else [element("h2", escape(describe_phase(plan.then))), *_write_phase(plan.then)]),
        element("div", "<b>Observations</b> (pulse, blood pressure, temperature, reactions)", "observations"),
        _write_notices(plan),
        *(
            []
            if plan.then is None
            else [_write_notices(_leave_out(plan.then, plan.notices), describe_phase(plan.then))]
        ),
        _write_boxes(),
        element("p", escape(CLOSING), "closing"),
        *[element("p", f"<b>Origin.</b> {escape(line)}", "small") for line in describe_origin(plan.origin)],
        _write_alternatives(plan),
        _write_working(plan),
        "" if plan.then is None else _write_working(plan.then),
        element("p", escape(_WHERE_SOURCES), "small on-paper"),
        _write_sources(plan, catalogue),
    ]
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_NOTHING_LOADED}">\n'
        f"<title>{escape(TITLE)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{''.join(body)}</body>\n</html>\n"
    )


def _write_title(plan: Plan) -> str:
    heading = f"{escape(plan.indication.title)} {hold_together(f'[{plan.indication.id}]')}"
    return element("div", element("h1", heading) + element("p", hold_together(TITLE)), "title")


def _write_patient() -> str:
    blanks = ("Patient's name", "Date of birth", "Number", "Ward")
    others = ("Allergies, earlier reactions", "Weight measured on", "Prescriber")
    return "".join(
        [
            element("div", "".join([f"<div>{escape(blank)}</div>" for blank in row]), "patient")
            for row in (blanks, others)
        ]
    )


def _list_inputs(plan: Plan) -> Iterator[tuple[str, str]]:
    """Everything that was stated, then what was not, so that silence is not taken for an answer."""
    patient, request = plan.patient, plan.request
    stated = {
        "Weight": f"{show(patient.weight_kg)} kg",
        "Height": None if patient.height_cm is None else f"{show(patient.height_cm)} cm",
        "Sex": None if patient.sex is None else {"F": "female", "M": "male"}[patient.sex],
        "Age": None if patient.age_years is None else describe_age(patient.age_years),
        "Blood group": patient.blood_group,
        "Risks": ", ".join(request.risks) or None,
        "First day": None if request.start is None else write_start(request.start).replace("T", " "),
        "Interval": None if request.interval is None else f"every {write_interval(request.interval)}",
        "Courses begin until": None if request.until is None else request.until.isoformat(),
        "Given of this course": request.given and write_doses(request.given),
        "Given before this course": request.earlier and write_doses(request.earlier),
        "Then": None if request.then is None else write_phase(request.then),
        "Trough IgG": write_igg(request.igg_g_per_l),
        "Target IgG": write_igg(request.igg_target_g_per_l),
        "Product": request.product,
        "Stock": None
        if request.stock is None
        else ", ".join([f"{vials} x {show(size)} g" for size, vials in request.stock]),
        "Pump step": None if request.pump_step_ml_per_h is None else f"{show(request.pump_step_ml_per_h)} mL/h",
        "Highest rate": None if request.max_rate is None else write_max_rate(request.max_rate),
    }
    for label, value in stated.items():
        if value:
            yield label, hold_together(value) if label not in _LONG else escape(value)
    if patient.bmi is not None:
        yield "BMI", hold_together(f"{show(body_mass_index(patient.bmi))} kg/m2")
    unstated = [label.lower() for label in _ASKED if not stated[label]]
    if unstated:
        yield "Not stated", escape(", ".join(unstated))


def _write_phase(plan: Plan) -> Iterator[str]:
    """One phase of a treatment: the dose, how it was chosen, each day, the infusions and the batch numbers."""
    yield _write_dose(plan)
    yield element("div", facts(_list_terms(plan)), "terms")
    yield write_schedule(plan)
    yield write_infusions(plan)
    yield write_batch_numbers(plan)


def _write_dose(plan: Plan) -> str:
    """The doses in the largest print, grams and grams per kg together and what is given, with all warnings below."""
    grams, per_kg = describe_dose(plan)
    given = describe_given(plan)
    lines = [("Course", hold_each(describe_part_given(plan)))] if plan.part_given else []
    lines += [("Calculated" if given else "Give", f"{hold_each(grams)} {hold_each(per_kg)}")]
    if given:
        lines.append(("Give", hold_each(given)))
    return element("div", facts(lines) + _list_notices(plan, "warning", "<b>WARNING</b>"), "dose")


def _list_terms(plan: Plan) -> Iterator[tuple[str, str]]:
    weight = plan.dosing_weight
    yield "Regimen", escape("; ".join(describe_regimen(plan)))
    chosen = f"{show_amount(weight.kg, 'kg')}, {weight.kind} weight, policy {weight.policy}: {weight.reason}"
    yield "Dosing weight", escape(chosen + (f"; {weight.threshold}" if weight.threshold else ""))
    yield "Product", escape(describe_concentration(plan))
    yield "Rounding", escape(describe_rounding(plan))
    for label, lines in describe_over_time(plan):
        yield label, escape("; ".join(lines))
    if plan.gap is None:
        yield "Live vaccines", escape(describe_vaccines(plan))


def _list_notices(plan: Plan, level: str, word: str) -> str:
    """The notices of one level as a list, or nothing."""
    lines = [
        f"<li>{word}: {escape(notice.text)}{cite_whole(notice.sources)}</li>\n"
        for notice in plan.notices
        if notice.level == level
    ]
    return element("ul", "".join(lines), "notices") if lines else ""


def _leave_out(plan: Plan, said: Sequence[Notice]) -> Plan:
    """The plan without the notices that were said before and without what was not checked, which is the same."""
    return plan._replace(notices=tuple(notice for notice in plan.notices if notice not in said), not_checked=())


def _write_notices(plan: Plan, title: str = "Notices") -> str:
    """The notes and what was not checked; the warnings stand with the dose."""
    content = _list_notices(plan, "note", "Note")
    if plan.not_checked:
        unstated = f"<b>Not checked</b>, because not stated: {escape(', '.join(plan.not_checked))}"
        content += element("ul", f"<li>{unstated}</li>\n", "notices")
    return section(title, content) if content else ""


def _write_alternatives(plan: Plan) -> str:
    if not plan.alternatives:
        return ""
    others = [
        hold_together(f"{other.regimen}: {show_amount(other.course_g, 'g')} in {count(other.days, 'day')}")
        for other in plan.alternatives
    ]
    title = "<b>Not this plan.</b> Other regimens of this indication at their defaults, for the course: "
    return element("p", f"{title}{'; '.join(others)}", "small")


def _write_working(plan: Plan) -> str:
    lines = [
        f"<li>{escape(line.label)}: {escape(line.formula)} = "
        f"<b>{hold_together(show_amount(line.value, line.unit, 6).strip())}</b>"
        f"{cite_whole((line.source,) if line.source else ())}</li>\n"
        for line in plan.working
    ]
    title = title_of(plan) if plan.gap is None else describe_phase(plan)
    return section(f"Working. {title}", element("ul", "".join(lines)), "small")


def _list_cited(plan: Plan) -> Iterator[str]:
    yield from plan.choice.sources
    yield from plan.dosing_weight.sources
    yield from plan.vaccines.sources
    yield from plan.gap.sources if plan.gap else ()
    yield from (source for notice in plan.notices for source in notice.sources)
    yield from (line.source for line in plan.working if line.source)


def _write_sources(plan: Plan, catalogue: Catalogue) -> str:
    """Every source that this sheet cites, with its title and address, one after the other to save space."""
    cited = [source for each in (plan, plan.then) if each is not None for source in _list_cited(each)]
    parts = []
    for source in [catalogue.sources[source_id] for source_id in dict.fromkeys(cited)]:
        address = f", {source.url}" if source.url else ""
        parts.append(f"<b>{hold_together(source.id)}</b> {escape(source.title + address)}")
    return section(f"Sources. {title_of(plan)}", element("p", ";\n".join(parts)), "small sources")


def _write_boxes() -> str:
    blanks = "".join([f"<span>{blank}</span>" for blank in ("name", "signature", "date and time")])
    boxes = [f"<div><b>{who}</b><p>{blanks}</p></div>" for who in ("Prepared by", "Checked by, independently")]
    return element("div", "".join(boxes), "boxes")
