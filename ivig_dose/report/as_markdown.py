"""Results as Markdown: a plan as a page, and any lines of cells as a table. Text is escaped, so that it stays text."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from ivig_dose.core.results import GivenDay, Origin, Plan
from ivig_dose.problems import Refusal
from ivig_dose.quantity import ZERO
from ivig_dose.report.numbers import show_amount, show_value
from ivig_dose.report.over_time import describe_over_time, describe_part_given, describe_phase
from ivig_dose.report.phrases import (
    CLOSING,
    DayGroup,
    cite,
    count,
    describe_concentration,
    describe_day_vials,
    describe_dose,
    describe_dosing_weight,
    describe_given,
    describe_infusion,
    describe_not_checked,
    describe_origin,
    describe_regimen,
    describe_rounding,
    describe_vaccines,
    fold_days,
    per_basis,
    same_infusion,
    title_of,
)
from ivig_dose.report.weight_grid import GRID_COLUMNS, GridRow, grid_cells, grid_footer

_ACTIVE: Final = re.compile(r"([\\`*_{}\[\]<>#|~$&!])")
_BREAKS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_STARTS_A_LIST: Final = re.compile(r"^(\s*)([-+=]|[0-9]+(?=[.)](?:\s|$)))")


def escape(text: str) -> str:
    """`text` as Markdown that shows exactly it: on one line, with every sign that Markdown acts on made harmless."""
    escaped = _ACTIVE.sub(r"\\\1", _BREAKS.sub(" ", text))
    return _STARTS_A_LIST.sub(lambda found: _escape_start(found[1], found[2]), escaped)


def _escape_start(blanks: str, sign: str) -> str:
    # A number at the start of a line is a list only with the point behind it, which `1\.` keeps as text.
    return f"{blanks}{sign}\\" if sign.isdigit() else f"{blanks}\\{sign}"


def escape_cell(text: str) -> str:
    """`text` for a cell of a table, in which no line starts and so no list can."""
    return _ACTIVE.sub(r"\\\1", _BREAKS.sub(" ", text))


def table_line(cells: Iterable[str]) -> str:
    """One line of a table, escaped, with its line end."""
    return f"| {' | '.join([escape_cell(cell) for cell in cells])} |\n"


def table_head(headings: Sequence[str]) -> str:
    """The two lines that begin a table, each with its line end."""
    return table_line(headings) + "|" + " --- |" * len(headings) + "\n"


def plan_markdown(plan: Plan, explain: bool = False) -> str:
    """A plan as a page of Markdown; with `explain` also the working step by step. All notices are on it."""
    then = [] if plan.then is None else [f"# {escape(describe_phase(plan.then))}\n", *_write_phase(plan.then, explain)]
    parts = [
        f"# {escape(title_of(plan))}\n",
        *_write_phase(plan, explain),
        *then,
        f"Sources: {escape(', '.join(plan.choice.sources))}\n",
        _write_origin(plan.origin),
        f"**{CLOSING}**\n",
    ]
    return "\n".join([part for part in parts if part])


def _write_phase(plan: Plan, explain: bool) -> list[str]:
    """The dose, how it was chosen, the schedule, the infusions, the notices and the other regimens."""
    grams, per_kg = describe_dose(plan)
    given, before = describe_given(plan), describe_part_given(plan)
    weight = plan.dosing_weight
    facts = [
        ("Regimen", "; ".join(describe_regimen(plan))),
        ("Dosing weight", describe_dosing_weight(weight) + cite(weight.sources)),
        *([("Threshold", weight.threshold)] if weight.threshold else []),
        ("Product", describe_concentration(plan)),
        ("Rounding", describe_rounding(plan)),
        ("Live vaccines", describe_vaccines(plan)),
        *[(label, "; ".join(lines)) for label, lines in describe_over_time(plan)],
    ]
    groups = fold_days(plan.schedule)
    return [
        f"**{escape(' '.join(grams))}** {escape(' '.join(per_kg))}\n",
        f"Given: **{escape(' '.join(given))}**\n" if given else "",
        f"{escape(' '.join(before))}\n" if before else "",
        "".join([f"- {label}: {escape_cell(fact)}\n" for label, fact in facts]),
        "## Schedule\n",
        _write_schedule(groups),
        *_write_infusions(plan, groups),
        _write_notices(plan),
        _write_alternatives(plan),
        _write_working(plan) if explain else "",
    ]


def _write_schedule(groups: Sequence[DayGroup]) -> str:
    lines = [
        table_line(
            (
                str(group.cycle),
                group.name_days(),
                group.name_dates(),
                show_amount(group.given.dose_g, "g") + (" a day" if len(group.days) > 1 else ""),
                show_amount(group.given.volume_ml, "mL", 2),
                describe_day_vials(group.given),
            )
        )
        for group in groups
    ]
    return table_head(("Cycle", "Day", "Date", "Dose", "Volume", "Vials")) + "".join(lines)


def _write_infusions(plan: Plan, groups: Sequence[DayGroup]) -> Iterable[str]:
    shown: list[DayGroup] = []
    for group in groups:
        if group.given.steps and not any(same_infusion(group.given, before.given) for before in shown):
            yield f"## Infusion, {escape_cell(describe_infusion(group))}\n"
            if plan.infusion_note and not shown:
                yield f"{escape(plan.infusion_note)}\n"
            yield _write_steps(group.given)
            shown.append(group)
    if not shown and plan.infusion_note:
        yield f"Infusion: {escape_cell(plan.infusion_note)}\n"


def _write_steps(day: GivenDay) -> str:
    lines = [table_head(("Step", "Starts", "From min", "mL/h", "mL/kg/h", "Minutes", "mL", "Total mL"))]
    elapsed = ZERO
    for step in day.steps:
        starts = "" if step.starts is None else step.starts.isoformat(sep=" ", timespec="minutes")
        figures = (step.rate_ml_per_h, step.rate_ml_per_kg_per_h, step.minutes, step.volume_ml, step.cumulative_ml)
        lines.append(table_line((str(step.step), starts, show_value(elapsed), *[show_value(each) for each in figures])))
        elapsed += step.minutes
    return "".join(lines)


def _write_notices(plan: Plan) -> str:
    words = {"warning": "**WARNING**", "note": "Note"}
    lines = [
        f"- {words[notice.level]}: {escape_cell(notice.text)}{escape_cell(cite(notice.sources))}\n"
        for level in words
        for notice in plan.notices
        if notice.level == level
    ]
    if plan.not_checked:
        lines.append(f"- Not checked: {escape_cell(describe_not_checked(plan.not_checked, explain=True))}\n")
    return "## Notices\n\n" + "".join(lines) if lines else ""


def _write_alternatives(plan: Plan) -> str:
    if not plan.alternatives:
        return ""
    lines = [
        table_line(
            (
                other.regimen,
                other.title,
                f"{show_value(other.g_per_kg)} g/kg {per_basis(other.basis)}",
                count(other.days, "day"),
                show_amount(other.course_g, "g"),
            )
        )
        for other in plan.alternatives
    ]
    head = table_head(("Regimen", "Title", "Dose", "Days", "Course"))
    return "## Other regimens of this indication, at their defaults\n\n" + head + "".join(lines)


def _write_working(plan: Plan) -> str:
    lines = [
        table_line((line.label, line.formula, show_amount(line.value, line.unit, 6).strip(), line.source))
        for line in plan.working
    ]
    return "## Working\n\n" + table_head(("Step", "Formula", "Value", "Source")) + "".join(lines)


def _write_origin(origin: Origin) -> str:
    return "".join([f"{escape(line)}\n" for line in describe_origin(origin)])


def refusal_markdown(refusal: Refusal) -> str:
    """A refusal as Markdown: why, by which rule, what to do instead."""
    hint = f"\nHint: {escape_cell(refusal.hint)}\n" if refusal.hint else ""
    return f"**REFUSED**: {escape_cell(refusal.message)} {escape_cell(f'[{refusal.rule}]')}\n{hint}"


def grid_markdown(rows: Sequence[GridRow], origin: Origin) -> str:
    """The grid by weight as a Markdown table with its footer."""
    lines = "".join([table_line(grid_cells(row)) for row in rows])
    footer = "".join([f"\n{escape(line)}\n" for line in grid_footer(rows, origin)])
    return f"{table_head(GRID_COLUMNS)}{lines}{footer}\n**{CLOSING}**\n"
