"""The dose: which regimen, with which figures inside its range, and how many exact grams that is on each day."""

from decimal import Decimal
from typing import Literal

from ivig_dose.catalogue.models import (
    MAX_G_PER_KG_COURSE,
    MAX_G_PER_KG_DAY,
    Catalogue,
    Indication,
    Interval,
    Regimen,
    Repeat,
)
from ivig_dose.core.interval import TimeSpan, lies_in, usual_interval, write_interval, write_range
from ivig_dose.core.names import find_entry, join_or, refuse_unknown
from ivig_dose.core.population import refuse_for_population
from ivig_dose.core.request import Request
from ivig_dose.core.results import Alternative, Dose, Patient, RegimenChoice
from ivig_dose.problems import Refusal
from ivig_dose.quantity import MG_PER_G, Ratio, show, show_ratio


def choose_indication(request: Request, catalogue: Catalogue) -> Indication | Refusal:
    """The indication that the request names; refused where none has that name or authorities advise against it."""
    indication = find_entry(request.indication, catalogue.indications)
    if indication is not None:
        return indication
    advised_against = find_entry(request.indication, catalogue.not_recommended)
    if advised_against is not None:
        return Refusal(
            "indication-not-recommended",
            f"{advised_against.title}: {advised_against.text}",
            "if the diagnosis is another one, name that",
            advised_against.sources,
        )
    return refuse_known("indication", request.indication, catalogue) or refuse_unknown(
        "indication", request.indication, catalogue.indications
    )


def refuse_known(kind: Literal["product", "indication", "policy"], name: str, catalogue: Catalogue) -> Refusal | None:
    """The refusal of a product, a disease or a policy that is known by name only; None for any other name."""
    known = find_entry(name, {id_: each for id_, each in catalogue.known_names.items() if each.kind == kind})
    if known is None:
        return None
    hint = {
        "product": "leave --product out for grams without vials and rates, or add the product in a site's own file",
        "policy": "choose a weight policy of `ivig-dose list policies`, or add it in a site's own file",
        "indication": "no dose of it was found in a source; a site's own file can add one",
    }
    message = f"{known.title} is known, and its figures are not in the catalogue: {known.text}"
    return Refusal(f"{kind}-without-figures", message, hint[kind], known.sources)


def choose_regimen(request: Request, indication: Indication, catalogue: Catalogue) -> RegimenChoice | Refusal:
    """The regimen with its g/kg and days: the request's inside the regimen's range, else the catalogue's defaults."""
    if request.regimen is None:
        if indication.no_default is not None:
            return Refusal(
                "regimen-needed",
                f"{indication.title} has no default regimen: {indication.no_default}",
                f"add --regimen with {join_or(list(indication.regimens))}",
                indication.sources,
            )
        regimen = catalogue.regimens[indication.regimens[0]]
    else:
        found = find_entry(request.regimen, catalogue.regimens)
        if found is None:
            ours = {name: catalogue.regimens[name] for name in indication.regimens}
            return refuse_unknown("regimen", request.regimen, ours, among=indication.regimens)
        if found.id not in indication.regimens:
            return Refusal(
                "regimen-not-for-indication",
                f"regimen {found.id} is not one of {indication.id}",
                f"choose {join_or(list(indication.regimens))}",
            )
        regimen = found
    return _choose_figures(request, indication, regimen, catalogue)


def _choose_figures(
    request: Request, indication: Indication, regimen: Regimen, catalogue: Catalogue
) -> RegimenChoice | Refusal:
    g_per_kg = regimen.g_per_kg.default if request.g_per_kg is None else request.g_per_kg
    days = regimen.days.default if request.days is None else request.days
    if not (g_per_kg.is_finite() and regimen.g_per_kg.low <= g_per_kg <= regimen.g_per_kg.high):
        return _refuse_g_per_kg(regimen, g_per_kg, request.weight_kg)
    if not regimen.days.low <= days <= regimen.days.high:
        asked = "1 day is" if days == 1 else f"{days} days are"
        return Refusal(
            "days-out-of-range",
            f"{asked} outside the range of {regimen.id}: {describe_days(regimen)}",
            "choose --days inside the range, or another --regimen",
            regimen.sources,
        )
    repeats = find_repeats(indication, regimen)
    interval = _choose_interval(request, repeats)
    is_counted = request.cycles > 1 and regimen.per_event is None
    if repeats is None and (request.interval is not None or request.until is not None or is_counted):
        return _refuse_repeating(request, indication, regimen, catalogue)
    if interval is not None and repeats is not None and not lies_in(interval, repeats):
        return Refusal(
            "interval-out-of-range",
            f"every {write_interval(interval)} is outside the range of {regimen.id}: {write_range(repeats)}",
            "choose --interval inside the range, or another --regimen",
            repeats.sources if isinstance(repeats, Repeat) else regimen.sources,
        )
    sources = (indication.regimen_sources or {}).get(regimen.id, regimen.sources)
    if interval is not None and isinstance(repeats, Repeat):
        sources = tuple(dict.fromkeys((*sources, *repeats.sources)))
    return RegimenChoice(
        regimen,
        g_per_kg,
        days,
        _who(request.regimen),
        _who(request.g_per_kg),
        _who(request.days),
        sources,
        repeats,
        interval,
        _who(request.interval),
    )


def find_repeats(indication: Indication, regimen: Regimen) -> Interval | None:
    """How far apart courses are: as the regimen says, or the indication's sources; None where none is repeated."""
    return regimen.interval or (indication.repeats or {}).get(regimen.id)


def _choose_interval(request: Request, repeats: Interval | None) -> TimeSpan | None:
    """The time from course to course: the request's, else the usual one; None where one course is planned."""
    if request.interval is not None or repeats is None:
        return request.interval
    is_course_repeated = not isinstance(repeats, Repeat) or request.cycles > 1 or request.until is not None
    return usual_interval(repeats) if is_course_repeated else None


def _refuse_repeating(request: Request, indication: Indication, regimen: Regimen, catalogue: Catalogue) -> Refusal:
    """The refusal to repeat a course that no source repeats in this indication, with the regimens that are."""
    if request.interval is not None:
        asked = f"is not repeated every {write_interval(request.interval)}"
    else:
        asked = "has no interval for " + ("--until" if request.until else f"{request.cycles} cycles")
    ours = [name for name in indication.regimens if find_repeats(indication, catalogue.regimens[name]) is not None]
    other = f", or choose --regimen {join_or(ours)}" if ours else ""
    return Refusal(
        "no-interval",
        f"{regimen.id} is one course in {indication.id} and {asked}",
        f"leave --interval, --cycles and --until out{other}",
    )


def _who(chosen: object) -> Literal["catalogue", "request"]:
    return "catalogue" if chosen is None else "request"


def _refuse_g_per_kg(regimen: Regimen, g_per_kg: Decimal, weight_kg: Decimal) -> Refusal:
    message = f"{show(g_per_kg, 12)} g/kg is outside the range of {regimen.id}: {describe_g_per_kg(regimen)}"
    hint = "choose --g-per-kg inside the range, or another --regimen"
    in_g = g_per_kg / MG_PER_G
    if g_per_kg.is_finite() and regimen.g_per_kg.low <= in_g <= regimen.g_per_kg.high:
        hint = f"{show(g_per_kg)} mg/kg is {show(in_g)} g/kg: type --g-per-kg {show(in_g)}, or '{show(g_per_kg)} mg/kg'"
    elif g_per_kg.is_finite() and g_per_kg > MAX_G_PER_KG_COURSE:
        per_kg = show_ratio(Ratio(g_per_kg, weight_kg))
        hint = f"is {show(g_per_kg)} the grams of a dose? {show(g_per_kg)} g at {show(weight_kg)} kg is {per_kg} g/kg"
    return Refusal("g-per-kg-out-of-range", message, hint, regimen.sources)


def describe_g_per_kg(regimen: Regimen) -> str:
    """The regimen's range in words, with what it is per: `1 to 2 g/kg for the course`."""
    per = {"per_day": "a day", "per_course": "for the course", "per_dose": "a dose", "per_month": "a month"}
    low, high = regimen.g_per_kg.low, regimen.g_per_kg.high
    amount = show(low) if low == high else f"{show(low)} to {show(high)}"
    return f"{amount} g/kg {per[regimen.basis]}"


def describe_days(regimen: Regimen) -> str:
    """The regimen's days in words: `2 to 5 days`, `1 day`."""
    low, high = regimen.days.low, regimen.days.high
    if low == high:
        return "1 day" if low == 1 else f"{low} days"
    return f"{low} to {high} days"


def course_g_per_kg(regimen: Regimen, g_per_kg: Decimal, days: int) -> Decimal:
    """Grams per kg of one whole course: g/kg times the days where it is given each day, else g/kg itself."""
    return g_per_kg * days if regimen.basis == "per_day" else g_per_kg


def compute_dose(choice: RegimenChoice, dosing_kg: Ratio) -> Dose | Refusal:
    """The exact grams of each day and of the course, capped at the regimen's maximum course in grams.

    Refuses where a day would pass a daily limit, because to cap a day would silently change the course.
    """
    regimen, days = choice.regimen, choice.days
    per_kg = course_g_per_kg(regimen, choice.g_per_kg, days)
    course_g = uncapped_g = dosing_kg.times(per_kg)
    course_per_kg = Ratio(per_kg)
    cap_g = regimen.limits.g_per_course if regimen.limits else None
    if cap_g is not None and course_g.is_above(cap_g):
        course_g = Ratio(cap_g)
        course_per_kg = Ratio(cap_g * dosing_kg.denominator, dosing_kg.numerator)
    days_g = _divide_over_days(course_g, regimen, days)
    refusal = _refuse_over_limit(choice, dosing_kg, course_per_kg, max(days_g))
    if refusal is not None:
        return refusal
    equal = regimen.day_pattern is None
    low_g = dosing_kg.times(course_g_per_kg(regimen, regimen.g_per_kg.low, regimen.days.low))
    high_g = dosing_kg.times(course_g_per_kg(regimen, regimen.g_per_kg.high, regimen.days.high))
    return Dose(
        course_per_kg.per(Decimal(days)) if equal else None,
        course_per_kg,
        days_g[0] if equal else None,
        course_g,
        _cap(low_g, cap_g),
        _cap(high_g, cap_g),
        days_g,
        uncapped_g if course_g is not uncapped_g else None,
    )


def _cap(amount_g: Ratio, cap_g: Decimal | None) -> Ratio:
    return Ratio(cap_g) if cap_g is not None and amount_g.is_above(cap_g) else amount_g


def _divide_over_days(course_g: Ratio, regimen: Regimen, days: int) -> tuple[Ratio, ...]:
    """The exact share of each day: equal, or in the proportions of the regimen's day pattern."""
    if regimen.day_pattern is None:
        return (course_g.per(Decimal(days)),) * days
    whole = sum(regimen.day_pattern, Decimal(0))
    return tuple(course_g.times(share).per(whole) for share in regimen.day_pattern)


def _refuse_over_limit(choice: RegimenChoice, dosing_kg: Ratio, course_per_kg: Ratio, day_g: Ratio) -> Refusal | None:
    """The refusal of a course or a day beyond this tool's ceilings or the regimen's daily limits, or None."""
    regimen = choice.regimen
    day_per_kg = Ratio(day_g.numerator * dosing_kg.denominator, day_g.denominator * dosing_kg.numerator)
    if course_per_kg.is_above(MAX_G_PER_KG_COURSE) or day_per_kg.is_above(MAX_G_PER_KG_DAY):
        return Refusal(
            "hard-ceiling",
            f"no dose is given above {show(MAX_G_PER_KG_COURSE)} g/kg a course or {show(MAX_G_PER_KG_DAY)} g/kg a day",
            "choose fewer grams per kg or more days",
        )
    limits = regimen.limits
    if limits is None:
        return None
    for limit, amount, unit in (
        (limits.g_per_day, day_g, "g a day"),
        (limits.g_per_kg_per_day, day_per_kg, "g/kg a day"),
    ):
        if limit is not None and amount.is_above(limit):
            return Refusal(
                "day-limit",
                f"{regimen.id} allows at most {show(limit)} {unit}, and {choice.days} "
                f"{'day' if choice.days == 1 else 'days'} would give {show_ratio(amount)} {unit}",
                _hint_for_days(choice, amount, limit),
                choice.sources,
            )
    return None


def _hint_for_days(choice: RegimenChoice, amount: Ratio, limit: Decimal) -> str:
    """The fewest days that stay under a daily limit, where the regimen has them."""
    needed = Ratio(amount.numerator * choice.days, amount.denominator * limit).to_step(Decimal(1), "up")
    if choice.regimen.basis != "per_day" and needed <= choice.regimen.days.high:
        return f"add --days {needed} or more"
    return "choose a lower --g-per-kg or another --regimen, and ask the prescriber"


def refuse_cycles(choice: RegimenChoice, cycles: int) -> Refusal | None:
    """The refusal of more cycles than the regimen allows, or None."""
    regimen, limits = choice.regimen, choice.regimen.limits
    if limits is None:
        return None
    if limits.max_cycles is not None and cycles > limits.max_cycles:
        return Refusal(
            "too-many-cycles",
            f"{regimen.id} allows at most {limits.max_cycles} cycles, and {cycles} were asked for",
            f"choose --cycles {limits.max_cycles} or fewer",
            choice.sources,
        )
    in_all = course_g_per_kg(regimen, choice.g_per_kg, choice.days) * cycles
    if limits.g_per_kg_in_all is not None and in_all > limits.g_per_kg_in_all:
        return Refusal(
            "in-all-limit",
            f"{regimen.id} allows at most {show(limits.g_per_kg_in_all)} g/kg in all, "
            f"and {cycles} cycles would give {show(in_all)} g/kg",
            "choose fewer --cycles",
            choice.sources,
        )
    return None


def list_alternatives(
    indication: Indication, chosen: str, patient: Patient, dosing_kg: Ratio, catalogue: Catalogue
) -> list[Alternative]:
    """The other regimens of the indication at their own defaults, with the course each would be for this patient.

    Regimens whose population the patient cannot belong to are left out.
    """
    found = []
    for name in indication.regimens:
        regimen = catalogue.regimens[name]
        if name == chosen or refuse_for_population(patient, (regimen,)) is not None:
            continue
        g_per_kg, days = regimen.g_per_kg.default, regimen.days.default
        cap_g = regimen.limits.g_per_course if regimen.limits else None
        course_g = _cap(dosing_kg.times(course_g_per_kg(regimen, g_per_kg, days)), cap_g)
        in_a_range = regimen.g_per_kg.low != regimen.g_per_kg.high
        found.append(Alternative(name, regimen.title, g_per_kg, regimen.basis, days, course_g, in_a_range))
    return found
