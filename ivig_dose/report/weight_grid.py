"""The grid by weight that a ward prints: one line for each weight, as cells for a screen, CSV, Markdown or JSON."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from string import ascii_lowercase
from typing import Any, Final, NamedTuple

from ivig_dose.core.results import GivenDay, Origin, Plan
from ivig_dose.problems import Refusal
from ivig_dose.quantity import Ratio
from ivig_dose.report.as_csv import (
    course_volume_ml,
    csv_line,
    describe_refusal,
    name_notices,
    neutralise,
    write_part_vials,
)
from ivig_dose.report.as_json import SCHEMA, origin_document, refusal_document
from ivig_dose.report.numbers import grams, kilograms, write_number
from ivig_dose.report.phrases import count, fold_days, per_basis

GRID_COLUMNS: Final = (
    "weight_kg",
    "dosing_weight_kg",
    "day_g",
    "course_g",
    "given_course_g",
    "given_days",
    "volume_ml",
    "vials",
    "rates_ml_per_h",
    "total_minutes",
    "refusal",
    "notices",
    "part_vials",
)
_REFUSAL_AT: Final = GRID_COLUMNS.index("refusal")


class GridRow(NamedTuple):
    """One weight in kg and what is planned for it."""

    weight_kg: Decimal
    result: Plan | Refusal


def longest_day(plan: Plan) -> GivenDay:
    """The first of the days with the largest dose, whose infusion stands for the line."""
    return max(plan.schedule, key=lambda day: day.dose_g)


def describe_given_days(plan: Plan) -> str:
    """`3 days of 30 g, 2 days of 25 g` for the first cycle."""
    groups = fold_days([day for day in plan.schedule if day.cycle == 1])
    return ", ".join([f"{count(len(group.days), 'day')} of {write_number(group.given.dose_g)} g" for group in groups])


def describe_course_vials(plan: Plan) -> str:
    """The vials of one whole course, the largest first: `5 x 20 g + 3 x 10 g + 2 x 5 g`."""
    counts: dict[Decimal, int] = {}
    for day in plan.schedule:
        for vial in day.vials if day.cycle == 1 else ():
            counts[vial.g] = counts.get(vial.g, 0) + vial.count
    return " + ".join([f"{counts[size]} x {write_number(size)} g" for size in sorted(counts, reverse=True)])


def describe_course_parts(plan: Plan) -> str:
    """What to open, draw and discard on the days of one course where vials are not used up; '' where they are."""
    return write_part_vials([day.part_vials for day in plan.schedule if day.cycle == 1])


def grid_cells(row: GridRow) -> tuple[str, ...]:
    """The line of one weight in the order of `GRID_COLUMNS`; a refused weight has its reason in the last cell."""
    weight, plan = write_number(row.weight_kg), row.result
    if isinstance(plan, Refusal):
        cells = [weight, *[""] * (len(GRID_COLUMNS) - 1)]
        cells[_REFUSAL_AT] = neutralise(describe_refusal(plan))
        return tuple(cells)
    day = longest_day(plan)
    return (
        weight,
        write_number(kilograms(plan.dosing_weight.kg)),
        "" if plan.dose.day_g is None else write_number(grams(plan.dose.day_g)),
        write_number(grams(plan.dose.course_g)),
        write_number(plan.rounding.course_g),
        describe_given_days(plan),
        write_number(course_volume_ml(plan)),
        describe_course_vials(plan),
        " ".join([write_number(step.rate_ml_per_h) for step in day.steps]),
        "" if day.total_minutes is None else write_number(day.total_minutes),
        "",
        name_notices(plan.notices),
        describe_course_parts(plan),
    )


def grid_csv(rows: Sequence[GridRow], origin: Origin) -> str:
    """The grid as CSV; each line ends with the catalogue's version, date and review date, in place of a footer."""
    stamp = (neutralise(origin.version), origin.effective.isoformat(), origin.review_by.isoformat())
    head = csv_line((*GRID_COLUMNS, "catalogue_version", "catalogue_effective", "catalogue_review_by"))
    return head + "".join([csv_line((*grid_cells(row), *stamp)) for row in rows])


def grid_document(rows: Sequence[GridRow], origin: Origin) -> dict[str, Any]:
    """The grid as a JSON document: the same figures as numbers, vials and rates as lists."""
    return {
        "schema": SCHEMA,
        "status": "ok",
        "rows": [_row_document(row) for row in rows],
        "origin": origin_document(origin),
    }


def _row_document(row: GridRow) -> dict[str, Any]:
    plan = row.result
    if isinstance(plan, Refusal):
        return {"weight_kg": row.weight_kg, "refusal": refusal_document(plan, None)["refusal"]}
    day = longest_day(plan)
    return {
        "weight_kg": row.weight_kg,
        "dosing_weight_kg": kilograms(plan.dosing_weight.kg),
        "day_g": None if plan.dose.day_g is None else grams(plan.dose.day_g),
        "course_g": grams(plan.dose.course_g),
        "given_course_g": plan.rounding.course_g,
        "given_days_g": [given.dose_g for given in plan.schedule if given.cycle == 1],
        "volume_ml": course_volume_ml(plan),
        "vials": describe_course_vials(plan) or None,
        "part_vials": describe_course_parts(plan) or None,
        "rates_ml_per_h": [step.rate_ml_per_h for step in day.steps],
        "total_minutes": day.total_minutes,
        "notices": [notice.id for notice in plan.notices],
    }


def find_falls(rows: Sequence[GridRow]) -> list[str]:
    """Where a figure that must not fall as weight rises does fall, each in words; empty for a sound grid.

    Weights, grams, volume and each rate of the ladder must not fall; vials, total time and the highest rate that an
    infusion reaches before it ends may.
    """
    planned = [(row.weight_kg, row.result) for row in rows if isinstance(row.result, Plan)]
    planned.sort(key=lambda pair: pair[0])
    falls = []
    for (lighter_kg, before), (heavier_kg, after) in pairwise(planned):
        heavier = _rising(after)
        for name, low in _rising(before).items():
            if name in heavier and heavier[name] < low:
                falls.append(f"{name} falls between {write_number(lighter_kg)} kg and {write_number(heavier_kg)} kg")
    return falls


def _rising(plan: Plan) -> dict[str, Ratio]:
    """The figures that must not fall, by what they are called; rates by the rung of the ladder that they come from.

    Where exact grams stand in for whole vials, the next weight's whole vials may be a little less: each is compared
    with its own kind.
    """
    how = " in exact grams" if plan.rounding.rule == "none" else ""
    figures = {
        "the dosing weight": plan.dosing_weight.kg,
        "the course": plan.dose.course_g,
        f"the given course{how}": Ratio(plan.rounding.course_g),
        f"the volume{how}": Ratio(course_volume_ml(plan)),
    }
    for step in longest_day(plan).steps:
        rung = f"the rate at {write_number(step.rate_ml_per_kg_per_h)} mL/kg/h"
        figures.setdefault(rung, Ratio(step.rate_ml_per_h))
    return figures


def grid_footer(rows: Sequence[GridRow], origin: Origin) -> list[str]:
    """What a printed grid must carry: what is dosed and how, its warnings, and the catalogue with its dates."""
    return [*describe_grid(rows), *list_grid_warnings(rows), describe_grid_origin(origin)]


def describe_grid(rows: Sequence[GridRow]) -> list[str]:
    """What all the rows share: indication, regimen with its g/kg and days, product and weight policy."""
    plans = [row.result for row in rows if isinstance(row.result, Plan)]
    said = []
    for plan in plans[:1]:
        choice = plan.choice
        product = "no product, volumes at " if plan.product is None else f"{plan.product.name}, "
        said.append(
            f"{plan.indication.title}; regimen {choice.regimen.id}, {write_number(choice.g_per_kg)} g/kg "
            f"{per_basis(choice.regimen.basis)}, {count(choice.days, 'day')}; {product}"
            f"{write_number(plan.g_per_100_ml)} g/100 mL; weight policy {plan.dosing_weight.policy}"
        )
    return said


def list_grid_warnings(rows: Sequence[GridRow]) -> list[str]:
    """Every warning of any row, each once: for all weights, or with its mark and the first weight that it is for."""
    planned = [(row.weight_kg, row.result) for row in rows if isinstance(row.result, Plan)]
    marks, lines = mark_warnings(rows), {}
    for weight_kg, plan in planned:
        for notice in plan.notices:
            if notice.level == "warning" and notice.id not in lines:
                mark = marks.get(notice.id)
                of = "for all weights" if mark is None else f"{mark} ({notice.id}), as at {write_number(weight_kg)} kg"
                lines[notice.id] = f"WARNING {of}: {notice.text}"
    return list(lines.values())


def mark_warnings(rows: Sequence[GridRow]) -> dict[str, str]:
    """A letter for each warning that is not the same for all the weights, by the warning's id: a, b, c."""
    plans = [row.result for row in rows if isinstance(row.result, Plan)]
    said: dict[str, list[str]] = {}
    for notice in [notice for plan in plans for notice in plan.notices if notice.level == "warning"]:
        said.setdefault(notice.id, []).append(notice.text)
    of_some = [name for name, texts in said.items() if len(texts) < len(plans) or len(set(texts)) > 1]
    return {name: ascii_lowercase[at % 26] * (at // 26 + 1) for at, name in enumerate(of_some)}


def name_marks(plan: Plan, marks: Mapping[str, str]) -> str:
    """The marks of a plan's warnings: `a, c`."""
    return ", ".join([marks[notice.id] for notice in plan.notices if notice.id in marks])


def describe_grid_origin(origin: Origin) -> str:
    """The catalogue with its dates and digest."""
    dates = f"effective {origin.effective.isoformat()}, review by {origin.review_by.isoformat()}"
    return f"{origin.catalogue}, version {origin.version}, {dates}, sha256 {origin.sha256[:12]}"
