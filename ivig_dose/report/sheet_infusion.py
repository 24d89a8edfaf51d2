"""The parts of the print sheet that a nurse works from: doses with vials, the infusion's steps, the blank record."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from ivig_dose.core.results import GivenDay, Plan
from ivig_dose.quantity import ZERO, show
from ivig_dose.report.numbers import show_amount, show_minutes, show_value
from ivig_dose.report.phrases import DayGroup, describe_day_vials, fold_days, same_infusion
from ivig_dose.report.sheet_chart import Curve, describe_lines, draw_rates
from ivig_dose.report.sheet_text import element, escape, hold_together, section, table

_BLANK: Final = ""
_FOR_EACH: Final = ("Minutes", "mL", "Sum mL")
_MOST_SIDE_BY_SIDE: Final = 2
_FOR_EACH_STEP: Final = "at / by / checked"
_WITHOUT_RATES: Final = ("started at", "by", "checked", "ended at", "by")


class Infusion(NamedTuple):
    """One way of giving a dose and the days of a course on which it is given."""

    name: str
    day: GivenDay


def write_schedule(plan: Plan) -> str:
    """Every dose with its day, date, volume and vials; without a product also a blank for the batch numbers."""
    groups = fold_days(plan.schedule)
    cycles, dates = len({group.cycle for group in groups}) > 1, any(group.name_dates() for group in groups)
    headings = [*(["Cycle"] if cycles else []), "Day", *(["Date"] if dates else []), "Dose", "Volume"]
    vials = any(describe_day_vials(group.given) for group in groups)
    headings += ["Vials for each dose"] if vials else []
    headings += [] if vials else ["Batch numbers"]
    return table(headings, [_write_group(group, cycles, dates, vials) for group in groups], "schedule")


def _write_group(group: DayGroup, cycles: bool, dates: bool, vials: bool) -> Iterator[str]:
    if cycles:
        yield str(group.cycle)
    yield hold_together(group.name_days())
    if dates:
        yield hold_together(group.name_dates())
    a_day = " a day" if len(group.days) > 1 else ""
    yield hold_together(f"{show_amount(group.given.dose_g, 'g')}{a_day}")
    yield hold_together(show_amount(group.given.volume_ml, "mL", 2))
    yield escape(describe_day_vials(group.given)) if vials else _BLANK


def write_batch_numbers(plan: Plan) -> str:
    """A cell for the batch number of each vial of each dose, under its grams; nothing without a product."""
    cycles, days = plan.schedule[-1].cycle > 1, plan.choice.days > 1
    doses = []
    for day in plan.schedule:
        vials = day.vials if day.part_vials is None else day.part_vials.opened
        cells = [f"<span>{hold_together(f'{show(vial.g)} g')}</span>" for vial in vials for _ in range(vial.count)]
        if cells:
            doses.append(element("p", f"<b>{escape(_name_dose(day, cycles, days))}</b>{''.join(cells)}"))
    return element("div", f"<b>Batch number of each vial</b>{''.join(doses)}", "batches") if doses else ""


def write_infusions(plan: Plan) -> str:
    """The pump's steps and their chart for each different infusion, and blanks for what was done on each day."""
    infusions = _list_infusions(plan)
    if not infusions[0].day.steps:
        why = "no product is named, so that no rates are known" if plan.product is None else "see the notices"
        text = element("p", escape(plan.infusion_note or f"No rates on this sheet: {why}. Take them from the label."))
        return section("Infusion", text + _write_record(plan))
    curves = [Curve(infusion.name, infusion.day) for infusion in infusions]
    figure = element("figure", draw_rates(curves) + element("figcaption", escape(describe_lines(curves))))
    ladder = element("div", element("div", _write_ladders(infusions)) + figure, "ladder")
    return section(f"Infusion. {plan.infusion_note or ''}", ladder + _write_record(plan))


def _list_infusions(plan: Plan) -> list[Infusion]:
    """The different infusions of one course with the days they are for; every cycle is given alike."""
    found: list[tuple[GivenDay, list[str]]] = []
    for group in fold_days([day for day in plan.schedule if day.cycle == 1]):
        same = next((names for day, names in found if same_infusion(day, group.given)), None)
        if same is None:
            found.append((group.given, [group.name_days()]))
        else:
            same.append(group.name_days())
    return [Infusion(_name_days(names), day) for day, names in found]


def _name_days(names: Sequence[str]) -> str:
    several = len(names) > 1 or "-" in names[0]
    return f"{'days' if several else 'day'} {', '.join(names)}"


def _write_ladders(infusions: Sequence[Infusion]) -> str:
    """The steps of each infusion; in one table where two run at the same rates and only end at another time."""
    if len(infusions) == _MOST_SIDE_BY_SIDE and _runs_alike(infusions[0].day, infusions[1].day):
        return _write_steps(infusions)
    return "".join([_write_steps([infusion]) for infusion in infusions])


def _runs_alike(longer: GivenDay, shorter: GivenDay) -> bool:
    rates = [step.rate_ml_per_h for step in longer.steps]
    return [step.rate_ml_per_h for step in shorter.steps] == rates[: len(shorter.steps)]


def _write_steps(infusions: Sequence[Infusion]) -> str:
    """A table with a line for each step of the pump, and for each infusion how long it runs and what it gives."""
    first = infusions[0].day
    clock = any(step.starts is not None for step in first.steps)
    headings = ["Step", *(["Planned"] if clock else []), "At min", "mL/h", "mL/kg/h"]
    names = [_caption(infusion) for infusion in infusions]
    groups = [(len(headings), "")] + [(len(_FOR_EACH), name) for name in names] if len(names) > 1 else []
    rows = []
    elapsed = ZERO
    for at, step in enumerate(first.steps):
        planned = [step.starts.strftime("%H:%M")] if step.starts is not None else []
        rate = element("b", show_value(step.rate_ml_per_h)).strip()
        shared = [str(step.step), *planned, show_value(elapsed), rate, show_value(step.rate_ml_per_kg_per_h)]
        rows.append([*shared, *[cell for infusion in infusions for cell in _step_cells(infusion.day, at)]])
        elapsed += step.minutes
    caption = names[0] if len(names) == 1 else ""
    return table([*headings, *_FOR_EACH * len(infusions)], rows, "numbers", caption, groups)


def _step_cells(day: GivenDay, at: int) -> Sequence[str]:
    if at >= len(day.steps):
        return ["-"] * len(_FOR_EACH)
    step = day.steps[at]
    return [show_value(each) for each in (step.minutes, step.volume_ml, step.cumulative_ml)]


def _caption(infusion: Infusion) -> str:
    day = infusion.day
    over = "" if day.total_minutes is None else f" over {show_minutes(day.total_minutes)}"
    phrases = f"{show_amount(day.dose_g, 'g')} in {show_amount(day.volume_ml, 'mL', 2)}"
    return escape(f"{infusion.name[0].upper()}{infusion.name[1:]}: {phrases}") + hold_together(over)


def _write_record(plan: Plan) -> str:
    """A line for each dose, with a blank for each step: started at what time, by whom, checked by whom."""
    longest = max((day.steps for day in plan.schedule), key=len)
    headings = list(_WITHOUT_RATES)
    if longest:
        rates = [f"{step.step}: {show_amount(step.rate_ml_per_h, 'mL/h')}" for step in longest]
        headings = [f"<b>{hold_together(step)}</b><br>{_FOR_EACH_STEP}" for step in (*rates, "ended")]
    blanks = [_BLANK] * len(headings)
    cycles, days = plan.schedule[-1].cycle > 1, plan.choice.days > 1
    rows = [[escape(_name_dose(day, cycles, days)), *blanks] for day in plan.schedule]
    return table(["Dose", *headings], rows, "record")


def _name_dose(day: GivenDay, cycles: bool, days: bool) -> str:
    """`cycle 2, day 1, 2026-12-29, 30 g`, with what there is more than one of."""
    parts = [f"cycle {day.cycle}"] if cycles else []
    parts += [f"day {day.day}"] if days or not cycles else []
    parts += [day.date.isoformat()] if day.date is not None else []
    return ", ".join([*parts, show_amount(day.dose_g, "g")])
