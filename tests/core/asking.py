"""How the tests of the core ask for plans and read them: short words for what every test does."""

import copy
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from ivig_dose.catalogue.models import Catalogue, Limits
from ivig_dose.core.plan import make_plan
from ivig_dose.core.request import Request
from ivig_dose.core.results import Plan, VialCount
from ivig_dose.problems import Notice, Refusal


def number(value: Any) -> Any:
    """A text as the decimal it spells; anything else as it is."""
    return Decimal(value) if isinstance(value, str) else value


def ask(catalogue: Catalogue, indication: str, weight: str, **facts: Any) -> Plan | Refusal:
    """The answer for one patient; `height`, `age`, `g_per_kg`, `tolerance`, `step` and `round` are read as numbers."""
    names = {"height": "height_cm", "age": "age_years", "policy": "weight_policy", "round": "rounding"}
    names |= {"tolerance": "tolerance_percent", "pump_step": "pump_step_ml_per_h", "direction": "round_direction"}
    numeric = {"height_cm", "age_years", "g_per_kg", "tolerance_percent", "pump_step_ml_per_h"}
    today = facts.pop("today", None)
    fields = {names.get(name, name): value for name, value in facts.items()}
    fields = {name: number(value) if name in numeric else value for name, value in fields.items()}
    return make_plan(Request(indication, Decimal(weight), **fields), catalogue, today)


def plan(catalogue: Catalogue, indication: str, weight: str, **facts: Any) -> Plan:
    """The plan for one patient; a refusal fails the test with its message."""
    answer = ask(catalogue, indication, weight, **facts)
    assert isinstance(answer, Plan), answer
    return answer


def refusal(catalogue: Catalogue, indication: str, weight: str, **facts: Any) -> Refusal:
    """The refusal for one patient; a plan fails the test."""
    answer = ask(catalogue, indication, weight, **facts)
    assert isinstance(answer, Refusal), answer.dose
    return answer


def limit_regimen(catalogue: Catalogue, regimen: str, **limits: Any) -> Catalogue:
    """The catalogue with other limits on one regimen, as a site may set them; numbers are read from texts."""
    limited, entry = copy.copy(catalogue), copy.copy(catalogue.regimens[regimen])
    entry.__dict__["limits"] = Limits(**{name: number(value) for name, value in limits.items()})
    limited.__dict__["regimens"] = {**catalogue.regimens, regimen: entry}
    return limited


def doses(answer: Plan) -> list[str]:
    """The grams of each day of the first cycle, as texts without trailing zeros."""
    return [f"{day.dose_g.normalize():f}" for day in answer.schedule if day.cycle == 1]


def listed(vials: Iterable[VialCount]) -> str:
    """Vials as `2 x 20 g + 1 x 5 g`."""
    return " + ".join(f"{vial.count} x {vial.g.normalize():f} g" for vial in vials)


def notice(answer: Plan, id_: str) -> Notice:
    """The plan's notice of that id; fails the test where there is none."""
    found = [each for each in answer.notices if each.id == id_]
    assert len(found) == 1, [each.id for each in answer.notices]
    return found[0]


def notice_ids(answer: Plan) -> list[str]:
    """The ids of the plan's notices, in order."""
    return [each.id for each in answer.notices]
