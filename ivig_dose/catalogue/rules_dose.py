"""Rules over regimens and indications: hard ceilings, unequal days, a regimen's own limits, default regimens."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from ivig_dose.catalogue.document import Path
from ivig_dose.catalogue.fields import suggest
from ivig_dose.catalogue.findings import Finding
from ivig_dose.catalogue.models import MAX_G_PER_KG_COURSE, MAX_G_PER_KG_DAY, Catalogue, Entry, Indication, Regimen
from ivig_dose.quantity import Ratio, quote, show, show_ratio

_LIMIT_HINT = "correct the limit or the default"
_SLIP = "check the basis, the days and the decimal point; no file can lift this ceiling"


def check_regimen(path: Path, record: Entry) -> Iterator[Finding]:
    """A regimen stays under the hard ceilings and its own limits, and its unequal days make up its dose."""
    if isinstance(record, Regimen):
        yield from _check_ceilings(path, record)
        yield from _check_own_limits(path, record)
        if record.day_pattern is not None:
            yield from _check_day_pattern(path, record, record.day_pattern)


def _course(regimen: Regimen, g_per_kg: Decimal, days: int) -> Decimal:
    return g_per_kg * days if regimen.basis == "per_day" else g_per_kg


def _largest_day(regimen: Regimen, g_per_kg: Decimal, days: int) -> Ratio:
    if regimen.day_pattern:
        return Ratio(max(regimen.day_pattern))
    return Ratio(g_per_kg) if regimen.basis == "per_day" else Ratio(g_per_kg, Decimal(days))


def _check_ceilings(path: Path, regimen: Regimen) -> Iterator[Finding]:
    """No combination of the regimen's ranges passes the ceilings that no file can lift, unless its limits stop it."""
    limits = regimen.limits
    course = _course(regimen, regimen.g_per_kg.high, regimen.days.high)
    capped_course = min(course, limits.g_per_kg_in_all) if limits and limits.g_per_kg_in_all else course
    place = (*path, "g_per_kg", "high")
    if capped_course > MAX_G_PER_KG_COURSE:
        message = f"up to {show(capped_course)} g/kg in a course, and the most is {show(MAX_G_PER_KG_COURSE)} g/kg"
        yield Finding(place, message, "dose-above-ceiling", _SLIP)
        return
    day = _largest_day(regimen, regimen.g_per_kg.high, regimen.days.low)
    stopped = limits is not None and limits.g_per_kg_per_day is not None and limits.g_per_kg_per_day <= MAX_G_PER_KG_DAY
    if day.is_above(MAX_G_PER_KG_DAY) and not stopped:
        message = f"up to {show_ratio(day)} g/kg in one day, and the most is {show(MAX_G_PER_KG_DAY)} g/kg"
        yield Finding(place, message, "dose-above-ceiling", _SLIP)


def _check_own_limits(path: Path, regimen: Regimen) -> Iterator[Finding]:
    """The default dose keeps the limits that stand beside it."""
    limits = regimen.limits
    if limits is None:
        return
    day = _largest_day(regimen, regimen.g_per_kg.default, regimen.days.default)
    if limits.g_per_kg_per_day is not None and day.is_above(limits.g_per_kg_per_day):
        message = f"the default gives {show_ratio(day)} g/kg in a day, above this limit"
        yield Finding((*path, "limits", "g_per_kg_per_day"), message, "default-above-limit", _LIMIT_HINT)
    course = _course(regimen, regimen.g_per_kg.default, regimen.days.default)
    if limits.g_per_kg_in_all is not None and course > limits.g_per_kg_in_all:
        message = f"the default gives {show(course)} g/kg in a course, above this limit"
        yield Finding((*path, "limits", "g_per_kg_in_all"), message, "default-above-limit", _LIMIT_HINT)


def _check_day_pattern(path: Path, regimen: Regimen, pattern: tuple[Decimal, ...]) -> Iterator[Finding]:
    """Unequal days: one figure for each day, on a fixed number of days, adding up to the dose."""
    place = (*path, "day_pattern")
    days = regimen.days
    total = sum(pattern, Decimal(0))
    if regimen.basis == "per_day":
        message = "a dose per day cannot also have unequal days"
        yield Finding(place, message, "day-pattern", "write the total with basis: per_course")
    elif not days.low == days.high == days.default == len(pattern):
        span = f"{days.low} days" if days.low == days.high else f"{days.low}-{days.high} days"
        hint = "write one figure for each day, and the same low, high and default in days"
        yield Finding(place, f"{len(pattern)} figures for {span}", "day-pattern", hint)
    elif total != regimen.g_per_kg.default:
        default = show(regimen.g_per_kg.default)
        message = f"the days add up to {show(total)} g/kg, and the default dose is {default} g/kg"
        yield Finding(place, message, "day-pattern", "the days add up to the default dose of the course")


def check_indication(catalogue: Catalogue) -> Iterator[Finding]:
    """An indication has regimens, and what it says of one regimen is about one of its own."""
    for indication in catalogue.indications.values():
        path = ("indications", indication.id)
        if not indication.regimens:
            hint = "name at least one; a disease that is not dosed belongs in not_recommended"
            yield Finding((*path, "regimens"), "the indication has no regimen", "indication-without-regimens", hint)
        for place, name in _list_named(indication):
            if name not in indication.regimens:
                yield _not_its_own((*path, *place), name, indication.regimens)
        for name in indication.repeats or {}:
            if name in catalogue.regimens and catalogue.regimens[name].interval is not None:
                message = f"regimen {name} has an interval of its own"
                hint = "take it out here, or out of the regimen"
                yield Finding((*path, "repeats", name), message, "interval-twice", hint)


def _list_named(indication: Indication) -> Iterator[tuple[Path, str]]:
    """Every regimen that an indication says something of, with the place where it does."""
    of_regimens: tuple[tuple[str, Mapping[str, object] | None], ...] = (
        ("regimen_sources", indication.regimen_sources),
        ("repeats", indication.repeats),
    )
    for field, entries in of_regimens:
        yield from (((field, name), name) for name in entries or {})
    for index, difference in enumerate(indication.differences):
        yield from (
            (("differences", index, "regimens", number), name) for number, name in enumerate(difference.regimens)
        )
    for index, each in enumerate(indication.sequences):
        yield ("sequences", index, "first"), each.first
        yield ("sequences", index, "then"), each.then


def _not_its_own(place: Path, name: str, regimens: tuple[str, ...]) -> Finding:
    message = f"{quote(name)} is not a regimen of this indication"
    return Finding(place, message, "regimen-of-another", suggest(name, regimens, "regimen"))
