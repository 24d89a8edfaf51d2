"""The tool's answer beside the oracle's, for one case: a list of differences in words, empty where they agree.

The tool is used only through its door: `Request`, the planner behind `make_plan`, and the JSON document of a plan.
"""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.oracle import Answer, Case, answer, chosen_product, exact_dose
from tests.oracle_catalogue import exact
from tests.oracle_infusion import Step, ladder, plateau_for, rates_for, total_minutes
from tests.oracle_patient import is_of
from tests.oracle_stops import stopping_rules
from tests.oracle_vials import half_up
from tests.oracle_weight import Refused

MILLI = Fraction("0.001")
CENTI = Fraction("0.01")


def decimal(value: Fraction | None) -> Decimal | None:
    """The same number for the tool; every number of a case ends within a few decimals."""
    return None if value is None else Decimal(value.numerator) / Decimal(value.denominator)


def ask_tool(case: Case, planner: Any) -> dict[str, Any]:
    """The tool's JSON document for the case, or its refusal."""
    from ivig_dose import Request
    from ivig_dose.problems import Refusal
    from ivig_dose.report.as_json import plan_document

    request = Request(
        indication=case.indication,
        weight_kg=decimal(case.weight_kg),
        regimen=case.regimen,
        height_cm=decimal(case.height_cm),
        sex=case.sex,
        age_years=decimal(case.age_years),
        g_per_kg=decimal(case.g_per_kg),
        days=case.days,
        weight_policy=case.policy,
        product=case.product,
        rounding=case.rounding if isinstance(case.rounding, str | None) else decimal(case.rounding),
        rounding_policy=case.rounding_policy,
        round_direction=case.direction,
        pump_step_ml_per_h=decimal(case.pump_step),
        risks=tuple(sorted(case.risks)),
        start=case.start,
        cycles=case.cycles,
    )
    result = planner.plan(request)
    if isinstance(result, Refusal):
        return {"status": "refused", "refusal": {"rule": result.rule, "message": result.message}}
    return plan_document(result)


def ask_oracle(case: Case, catalogue: dict[str, Any]) -> Answer | str:
    """The oracle's answer, or the word for its refusal."""
    stops = stopping_rules(catalogue, case.indication, case.risks, case.product, case.age_years)
    if stops:
        return f"stopped by {stops[0]}"
    try:
        return answer(catalogue, case)
    except Refused as refusal:
        return " ".join((refusal.rule, *refusal.missing))


def shows(shown: Any, value: Fraction, end: Fraction = MILLI) -> bool:
    """Whether a figure is `value`: equal where that lies on the grid of `end`, else within 0.0005."""
    if shown is None:
        return False
    if (value / end).denominator == 1:
        return exact(shown) == value
    return abs(exact(shown) - value) <= MILLI / 2


def without_sliver(steps: list[Step]) -> list[Step]:
    """The same steps with a last one of under a second or 0.01 mL given at the rate before it.

    The design forbids empty steps; one that no pump can run and that shows as 0 may be left out as well.
    """
    *others, before, last = steps
    volume = before.volume_ml + last.volume_ml
    minutes = volume / before.rate_ml_per_h * 60
    return [*others, replace(before, minutes=minutes, volume_ml=volume, cumulative_ml=last.cumulative_ml)]


def is_sliver(step: Step) -> bool:
    """Whether a step lasts under a second or gives under 0.01 mL."""
    return step.minutes < Fraction(1, 60) or step.volume_ml < CENTI


class Findings(list[str]):
    """Differences found, each as `what: tool ..., oracle ...`."""

    def expect(self, what: str, shown: Any, value: Any, *, agree: bool) -> None:
        """Adds a difference unless `agree`."""
        if not agree:
            oracle = float(value) if isinstance(value, Fraction) else value
            self.append(f"{what}: tool {shown}, oracle {oracle}")

    def equal(self, what: str, shown: Any, value: Any) -> None:
        """Adds a difference unless both are the same (numbers exactly)."""
        both = exact(shown) if isinstance(value, Fraction) and shown is not None else shown
        self.expect(what, shown, value, agree=both == value)

    def near(self, what: str, shown: Any, value: Fraction, end: Fraction = MILLI) -> None:
        """Adds a difference unless the figure shows `value`."""
        self.expect(what, shown, value, agree=shows(shown, value, end))


def differences(case: Case, catalogue: dict[str, Any], planner: Any) -> list[str]:
    """What the tool says otherwise than the oracle; a dose against a refusal is one difference."""
    found = Findings()
    expected, document = ask_oracle(case, catalogue), ask_tool(case, planner)
    if isinstance(expected, str):
        found.equal(f"refusal ({expected})", document["status"], "refused")
    elif document["status"] != "ok":
        found.append(f"refused by the tool alone: {document['refusal']}")
    else:
        compare_dose(found, document, expected)
        compare_given(found, document, expected, case)
        compare_infusion(found, document, expected, case, catalogue)
        compare_dates(found, document, expected, case)
        if case == Case(case.indication, case.weight_kg, age_years=case.age_years):
            compare_alternatives(found, document, case, catalogue)
    return found


def compare_dose(found: Findings, document: dict[str, Any], expected: Answer) -> None:
    """Dosing weight, regimen and the exact dose."""
    dose, weight, shown = expected.dose, document["dosing_weight"], document["dose"]
    found.near("dosing kg", weight["kg"], dose.dosing.kg, MILLI)
    found.equal("weight kind", weight["kind"], dose.dosing.kind)
    if dose.dosing.kind != "actual":
        found.near(f"{dose.dosing.kind} kg", weight[f"{dose.dosing.kind}_kg"], dose.dosing.kg, MILLI)
    found.equal("regimen", document["regimen"]["id"], dose.regimen)
    found.equal("g/kg chosen", document["regimen"]["g_per_kg"]["chosen"], dose.g_per_kg)
    found.equal("days", document["regimen"]["days"]["chosen"], dose.days)
    found.near("course g", shown["course_g"], dose.course_g)
    found.near("course low g", shown["course_g_range"]["low"], dose.low_g)
    found.near("course high g", shown["course_g_range"]["high"], dose.high_g)
    if not dose.capped:
        found.near("course g/kg", shown["g_per_kg_course"], dose.course_g_per_kg)
    if len(set(dose.day_g)) == 1:
        found.near("day g", shown["day_g"], dose.day_g[0])
        if not dose.capped:
            found.near("day g/kg", shown["g_per_kg_per_day"], dose.course_g_per_kg / dose.days)


def compare_given(found: Findings, document: dict[str, Any], expected: Answer, case: Case) -> None:
    """The doses given, their volumes and vials, cycle by cycle, and what rounding did."""
    schedule, given = document["schedule"], expected.given_g * case.cycles
    found.equal("given g", [exact(day["dose_g"]) for day in schedule], list(given))
    if len(schedule) != len(given):
        return
    found.equal("volume mL", [exact(day["volume_ml"]) for day in schedule], list(expected.volume_ml) * case.cycles)
    course = sum(expected.given_g, Fraction(0))
    found.equal("given course g", document["rounding"]["course_g"], course)
    found.near("rounded by g", document["rounding"]["difference_g"], course - expected.dose.course_g)
    percent = (course - expected.dose.course_g) / expected.dose.course_g * 100
    shown = document["rounding"]["difference_pct"]
    found.expect("rounded by %", shown, percent, agree=shown is not None and abs(exact(shown) - percent) <= CENTI)
    if document["rounding"]["rule"] == "vial":
        for day, vials in zip(schedule, expected.vials * case.cycles, strict=True):
            shown_vials = [exact(each["g"]) for each in day["vials"] for _ in range(each["count"])]
            found.equal(f"vials of day {day['day']}", shown_vials, list(vials))


def compare_infusion(
    found: Findings, document: dict[str, Any], expected: Answer, case: Case, catalogue: dict[str, Any]
) -> None:
    """The ladder step by step; where the regimen sets hours, that the total lies in them if any plateau can."""
    hours = catalogue["regimens"][expected.dose.regimen].get("infusion_hours")
    by_volume: dict[Fraction, list[Step]] = dict(zip(expected.volume_ml, map(list, expected.steps), strict=True))
    seen: dict[Fraction, dict[str, Any]] = {}
    for day in document["schedule"]:
        volume = exact(day["volume_ml"])
        first = seen.setdefault(volume, day)
        if volume not in by_volume:
            continue  # another volume is a difference that is listed already
        if first is not day:
            same = (day["steps"], day["total_minutes"]) == (first["steps"], first["total_minutes"])
            found.expect(f"infusion of day {day['day']}", day["steps"], f"as on day {first['day']}", agree=same)
        elif hours is None:
            compare_steps(found, day, by_volume[volume])
        elif case.product:
            compare_hours(found, day, by_volume[volume], hours, case, catalogue, expected.dose.dosing.kg)
        else:
            found.equal("steps without a product", day["steps"] or [], [])


def compare_steps(found: Findings, day: dict[str, Any], steps: list[Step]) -> None:
    """Rates exactly; minutes and cumulative volume rounded half-up to 2 decimals; the volume of a step to 0.01 mL."""
    shown = day["steps"] or []
    if len(shown) == len(steps) - 1 and shown and is_sliver(steps[-1]):
        steps = without_sliver(steps)
    found.equal("rates mL/h", [exact(step["rate_ml_per_h"]) for step in shown], [step.rate_ml_per_h for step in steps])
    if len(shown) != len(steps):
        return
    for tool, step in zip(shown, steps, strict=True):
        per_kg = exact(tool["rate_ml_per_kg_per_h"])
        down = 0 <= step.rate_ml_per_kg_per_h - per_kg < MILLI  # a rate may be shown rounded down, never up
        found.expect("rate mL/kg/h", float(per_kg), step.rate_ml_per_kg_per_h, agree=down)
        found.equal("minutes", tool["minutes"], half_up(step.minutes, CENTI))
        found.equal("cumulative mL", tool["cumulative_ml"], half_up(step.cumulative_ml, CENTI))
        volume = exact(tool["volume_ml"])
        found.expect("step mL", volume, step.volume_ml, agree=abs(volume - step.volume_ml) <= CENTI and volume > 0)
    if steps:
        found.equal("total minutes", day["total_minutes"], half_up(total_minutes(steps), CENTI))


def plateau_shown(steps: list[Step], dosing_kg: Fraction) -> list[Step]:
    """The same steps with the plateau's rate per kg as the pump runs it, which is how a paced infusion shows it."""
    return [*steps[:-1], replace(steps[-1], rate_ml_per_kg_per_h=steps[-1].rate_ml_per_h / dosing_kg)]


def compare_hours(
    found: Findings,
    day: dict[str, Any],
    fastest: list[Step],
    hours: dict[str, Fraction],
    case: Case,
    catalogue: dict[str, Any],
    dosing_kg: Fraction,
) -> None:
    """The total lies in the hours where a plateau can do it; too slow a product runs at its maximum."""
    product, pump_step = chosen_product(catalogue, case), case.pump_step or Fraction("0.1")
    if not product["rates"]:
        compare_steps(found, day, fastest)
        return
    rates = rates_for(
        product,
        case.indication,
        case.risks,
        case.age_years,
        catalogue["defaults"].get("at_risk"),
        catalogue["indications"][case.indication].get("maximum_rate"),
    )
    volume = exact(day["volume_ml"])
    if not fastest:  # the label's start lies below one step of the pump
        compare_steps(found, day, fastest)
        return
    plateau = plateau_for(hours, rates, dosing_kg, volume, pump_step)
    total, pump = exact(day["total_minutes"] or 0), [exact(step["rate_ml_per_h"]) for step in day["steps"] or []]
    if plateau.verdict == "too-slow":
        expected = fastest
        if fastest and pump and pump[-1] == fastest[-1].rate_ml_per_h:
            expected = plateau_shown(fastest, dosing_kg)
        compare_steps(found, day, expected)
        return
    found.expect("rates rise", pump, "rising", agree=bool(pump) and pump == sorted(pump))
    if not pump:
        return
    found.expect("rate cap", pump[-1], rates.maximum * dosing_kg, agree=pump[-1] <= rates.maximum * dosing_kg)
    off_grid = [rate for rate in pump if (rate / pump_step).denominator != 1]
    found.expect("pump step", off_grid, [], agree=not off_grid)
    inside = hours["low"] * 60 - CENTI <= total <= hours["high"] * 60 + CENTI
    if plateau.verdict == "yes":
        found.expect("total minutes in the regimen's hours", float(total), plateau, agree=inside)
    else:  # the grid has no rate for these hours: the nearest one, on either side
        nearest = plateau.lowest - pump_step <= pump[-1] <= plateau.lowest
        found.expect("plateau mL/h", float(pump[-1]), plateau, agree=nearest)
    same = ladder(rates, dosing_kg, volume, pump_step, pump[-1])
    if [step.rate_ml_per_h for step in same] == pump:
        compare_steps(found, day, plateau_shown(same, dosing_kg))
    else:
        found.append(f"rates up to the plateau: tool {pump}, oracle {[float(s.rate_ml_per_h) for s in same]}")


def compare_dates(found: Findings, document: dict[str, Any], expected: Answer, case: Case) -> None:
    """Dates of the infusions, the months to wait and the earliest date, counted from the last infusion."""
    from tests.oracle_dates import after_months

    found.equal("defer months", document["vaccines"]["defer_months"], expected.defer_months)
    if case.start is not None:
        dates = [day["date"] and str(day["date"])[:10] for day in document["schedule"]]
        found.equal("dates", dates, [day.isoformat() for day in expected.dates])
        earliest = after_months(expected.dates[-1], expected.defer_months)
        found.equal("not before", str(document["vaccines"]["not_before"]), earliest.isoformat())


def compare_alternatives(found: Findings, document: dict[str, Any], case: Case, catalogue: dict[str, Any]) -> None:
    """The indication's other regimens that can be the patient's, with the course that each gives by default."""
    shown = {each["regimen"]: each["course_g"] for each in document["alternatives"]}
    others = {
        name
        for name in catalogue["indications"][case.indication]["regimens"]
        if name != document["regimen"]["id"]
        and is_of(catalogue["regimens"][name].get("population") or {}, case.weight_kg, case.sex)
    }
    found.equal("alternatives", sorted(shown), sorted(others))
    for name in sorted(others & set(shown)):
        found.near(f"course g of {name}", shown[name], exact_dose(catalogue, replace(case, regimen=name)).course_g)
