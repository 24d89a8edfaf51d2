"""What `show` says of a regimen and of an indication."""

from collections.abc import Iterable, Sequence

from ivig_dose.catalogue.models import Catalogue, Indication, Limits, PhaseSequence, Regimen, Repeat
from ivig_dose.core.dosing import describe_days, describe_g_per_kg
from ivig_dose.core.interval import write_length, write_range
from ivig_dose.quantity import show
from ivig_dose.report.phrases import cite, count, describe_repeat, per_basis
from ivig_dose.report.tables.conditions import describe_population

Said = Iterable[tuple[str, Sequence[str]]]


def describe_regimen_entry(regimen: Regimen, catalogue: Catalogue) -> Said:
    """Dose, days, interval, limits, whom it is for and which indications use it."""
    hours = regimen.infusion_hours
    users = [entry.id for entry in catalogue.indications.values() if regimen.id in entry.regimens]
    return [
        ("Dose", [_dose(regimen)]),
        ("Days", _days(regimen)),
        ("Infusion", [] if hours is None else [f"over {show(hours.low)} to {show(hours.high)} h"]),
        ("Repeat", describe_repeat(regimen)),
        ("Phase", [regimen.phase]),
        ("Limits", _limits(regimen.limits)),
        ("For", describe_population(regimen.population)),
        ("Weight", [f"{regimen.source_weight} weight, say the sources"] if regimen.source_weight else []),
        ("Figures", _say_where_from(regimen)),
        ("Note", [regimen.note] if regimen.note else []),
        ("Used for", [", ".join(users)] if users else []),
    ]


def _say_where_from(regimen: Regimen) -> list[str]:
    """Where the figures come from, and which of them no source prints."""
    said = {
        "SEED": "from the seed document",
        "VERIFIED": "read in the sources below",
        "DERIVED": "worked out from the sources below; none prints them",
    }
    chosen = [" ".join(reversed(path.replace("g_per_kg", "g/kg").split("."))) for path in regimen.derived]
    return [said[regimen.status], *([f"chosen here, not printed in a source: {', '.join(chosen)}"] if chosen else [])]


def _dose(regimen: Regimen) -> str:
    said = describe_g_per_kg(regimen)
    if regimen.g_per_kg.low == regimen.g_per_kg.high:
        return said
    return f"{said}, default {show(regimen.g_per_kg.default)} g/kg"


def _days(regimen: Regimen) -> list[str]:
    days = regimen.days
    said = describe_days(regimen)
    lines = [said if days.low == days.high else f"{said}, default {count(days.default, 'day')}"]
    if regimen.day_spacing > 1:
        lines.append(f"{regimen.day_spacing} days apart")
    if regimen.day_pattern is not None:
        doses = [f"day {day}: {show(g_per_kg)} g/kg" for day, g_per_kg in enumerate(regimen.day_pattern, start=1)]
        lines.append(", ".join(doses))
    return lines


def _limits(limits: Limits | None) -> list[str]:
    if limits is None:
        return []
    stated = (
        (limits.g_per_course, "g for the course"),
        (limits.g_per_day, "g a day"),
        (limits.g_per_kg_per_day, "g/kg a day"),
        (limits.g_per_kg_in_all, "g/kg in all"),
    )
    said = [f"at most {show(limit)} {unit}" for limit, unit in stated if limit is not None]
    return said + ([f"at most {count(limits.max_cycles, 'cycle')}"] if limits.max_cycles is not None else [])


def describe_indication(indication: Indication, catalogue: Catalogue) -> Said:
    """Its regimens with their doses, the default first, what authorities say, and whom it concerns."""
    return [
        ("Regimens", _regimens(indication, catalogue)),
        ("Repeated", [f"{name}: {write_range(each)}{cite(each.sources)}" for name, each in _repeats(indication)]),
        ("Then", [_sequence(each) for each in indication.sequences]),
        ("No default", [indication.no_default] if indication.no_default else []),
        ("Status", _status(indication)),
        ("Evidence", [f"{each.scheme}: {each.grade}{cite(each.sources)}" for each in indication.evidence]),
        ("For", describe_population(indication.population)),
        ("Advice", [] if indication.advice is None else [f"{indication.advice.text}{cite(indication.advice.sources)}"]),
        ("Differences", [f"{each.text}{cite(each.sources)}" for each in indication.differences]),
        ("ICD-10-CM", [", ".join(indication.icd10cm)] if indication.icd10cm else []),
        ("Also called", [", ".join(indication.aliases)] if indication.aliases else []),
        ("Note", [indication.note] if indication.note else []),
    ]


def _repeats(indication: Indication) -> Iterable[tuple[str, Repeat]]:
    return (indication.repeats or {}).items()


def _sequence(each: PhaseSequence) -> str:
    derived = "; read from the wording of the sources" if each.derived else ""
    return f"{each.first}, then {each.then} after {write_length(each.after)}{derived}{cite(each.sources)}"


def _regimens(indication: Indication, catalogue: Catalogue) -> list[str]:
    lines = []
    for at, name in enumerate(indication.regimens):
        regimen = catalogue.regimens[name]
        default = " (default)" if at == 0 and not indication.no_default else ""
        sources = (indication.regimen_sources or {}).get(name, regimen.sources)
        lines.append(f"{name}{default}: {regimen.title}{_name_chosen(regimen)}{cite(sources)}")
    return lines


def _name_chosen(regimen: Regimen) -> str:
    """What the catalogue chooses from the ranges of a regimen, whose title gives only the ranges."""
    chosen = []
    if regimen.g_per_kg.low != regimen.g_per_kg.high:
        chosen.append(f"{show(regimen.g_per_kg.default)} g/kg {per_basis(regimen.basis)}")
    if regimen.days.low != regimen.days.high:
        chosen.append(count(regimen.days.default, "day"))
    return f"; by default {', '.join(chosen)}" if chosen else ""


def _status(indication: Indication) -> list[str]:
    lines = []
    for authority, said in (indication.status or {}).items():
        parts = [said.status, said.age, ", ".join(said.products), said.note]
        lines.append(f"{authority}: {'; '.join([part for part in parts if part])}{cite(said.sources)}")
    return lines
