"""An independent IVIG calculator for tests: `Fraction`s only, written from the design and not from the tool's code.

`answer(catalogue, case)` gives what a plan must say for one patient; it raises `Refused` where no dose may be given.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from tests.oracle_dates import defer_months, infusion_dates
from tests.oracle_infusion import Step, ladder, rates_for
from tests.oracle_patient import can_be, is_of, possible_kg
from tests.oracle_vials import Spans, floored, half_up, round_course, vials_for
from tests.oracle_weight import DosingWeight, Person, Refused, dosing_weight

MG = Fraction("0.001")
"""Unrounded doses lie on a grid of 0.001 g (design section 3)."""
HARD_BOUNDS = {
    "weight_kg": (Fraction("0.3"), Fraction(350)),
    "height_cm": (Fraction(30), Fraction(250)),
    "age_years": (Fraction(0), Fraction(120)),
}
"""What a patient may measure; outside is refused, the bounds themselves are not (design section 3)."""
MOST_G_PER_KG_COURSE = Fraction(4)
MOST_G_PER_KG_DAY = Fraction("2.5")
"""The hard ceilings that no file can lift (issue 3 point 5)."""


@dataclass(frozen=True)
class Case:
    """One request. None means that the request does not say; `rounding` is "vial", "none" or a step in grams."""

    indication: str
    weight_kg: Fraction
    regimen: str | None = None
    height_cm: Fraction | None = None
    sex: str | None = None
    age_years: Fraction | None = None
    g_per_kg: Fraction | None = None
    days: int | None = None
    policy: str | None = None
    product: str | None = None
    rounding: str | Fraction | None = None
    direction: str | None = None
    pump_step: Fraction | None = None
    risks: frozenset[str] = frozenset()
    start: date | None = None
    cycles: int = 1
    rounding_policy: str | None = None

    def person(self) -> Person:
        """The patient's facts."""
        return Person(self.weight_kg, self.height_cm, self.sex, self.age_years, "pregnancy" in self.risks)


@dataclass(frozen=True)
class Dose:
    """What is ordered before any rounding, exact: grams of each day and of the course, and the regimen's range."""

    regimen: str
    g_per_kg: Fraction
    days: int
    dosing: DosingWeight
    day_g: tuple[Fraction, ...]
    course_g: Fraction
    course_g_per_kg: Fraction
    capped: bool
    low_g: Fraction
    high_g: Fraction


@dataclass(frozen=True)
class Answer:
    """The whole answer: the exact dose and what is given on each day of one course."""

    dose: Dose
    given_g: tuple[Fraction, ...]
    volume_ml: tuple[Fraction, ...]
    vials: tuple[tuple[Fraction, ...], ...]
    steps: tuple[tuple[Step, ...], ...]
    defer_months: int
    dates: tuple[date, ...]


def choose_regimen(catalogue: dict[str, Any], case: Case) -> tuple[str, dict[str, Any]]:
    """The regimen named, which must be one of the indication's, or the indication's first (design section 4)."""
    indication = catalogue["indications"][case.indication]
    if case.regimen is None:
        if indication.get("no_default"):
            raise Refused("no-default-regimen")
        name = indication["regimens"][0]
    else:
        name = case.regimen
    if name not in indication["regimens"]:
        raise Refused("regimen-not-of-indication")
    return name, catalogue["regimens"][name]


def choose_in_range(chosen: Fraction | None, span: dict[str, Fraction], rule: str) -> Fraction:
    """The value chosen, which must lie in the regimen's range, or the default (issue 2 point 4)."""
    if chosen is None:
        return span["default"]
    if not span["low"] <= chosen <= span["high"]:
        raise Refused(rule)
    return Fraction(chosen)


def day_doses_per_kg(regimen: dict[str, Any], g_per_kg: Fraction, days: int) -> list[Fraction]:
    """Grams per kg of each day.

    `per_day`: each day's dose. `per_course`, `per_dose`, `per_month`: the total, divided by the days. A `day_pattern`
    is scaled by the g/kg chosen over the default.
    """
    pattern = regimen.get("day_pattern")
    if pattern:
        return [day * g_per_kg / regimen["g_per_kg"]["default"] for day in pattern]
    if regimen["basis"] == "per_day":
        return [g_per_kg] * days
    return [g_per_kg / days] * days


def course_range(regimen: dict[str, Any], kg: Fraction) -> tuple[Fraction, Fraction]:
    """Low g/kg (x low days) to high g/kg (x high days), times the dosing weight; neither passes the maximum dose.

    A maximum dose caps the course (design section 4), so a range above it would name courses that are never given.
    """
    span, days = regimen["g_per_kg"], regimen["days"]
    low, high = span["low"] * kg, span["high"] * kg
    if regimen["basis"] == "per_day":
        low, high = low * days["low"], high * days["high"]
    cap = (regimen.get("limits") or {}).get("g_per_course")
    return (low, high) if cap is None else (min(low, cap), min(high, cap))


def age_is_needed(catalogue: dict[str, Any], case: Case) -> bool:
    """Whether a stop for the young hangs on an age that is not given, and the weight does not rule such an age out."""
    if case.age_years is not None:
        return False
    excipients = {each["name"] for each in (chosen_product(catalogue, case) or {}).get("excipients", ())}
    for rule in (catalogue.get("safety") or {}).values():
        when = rule.get("when") or {}
        if rule["level"] != "stop" or "under" not in when.get("age_years", {}):
            continue
        named = case.product is not None and "excipients" in when and not excipients  # what is in it is not known
        concerned = case.indication in when.get("indications", ()) or excipients & set(when.get("excipients", ()))
        concerned = concerned or named
        if concerned and case.weight_kg <= possible_kg(when["age_years"]["under"] - Fraction(1, 1000))[1]:
            return True
    return False


def exact_dose(catalogue: dict[str, Any], case: Case) -> Dose:
    """Dosing weight x g/kg; the course capped at `g_per_course`, the other limits refusing (design section 4)."""
    for fact, (low, high) in HARD_BOUNDS.items():
        value = getattr(case, fact)
        if value is not None and not low <= value <= high:
            raise Refused("out-of-bounds", fact)
    if not can_be(case.weight_kg, case.height_cm, case.age_years):
        raise Refused("impossible-patient")
    name, regimen = choose_regimen(catalogue, case)
    for entry in (regimen, catalogue["indications"][case.indication]):
        if not is_of(entry.get("population") or {}, case.weight_kg, case.sex):
            raise Refused("outside-population", name)
    if age_is_needed(catalogue, case):
        raise Refused("age-needed")
    g_per_kg = choose_in_range(case.g_per_kg, regimen["g_per_kg"], "g-per-kg-range")
    days = int(choose_in_range(case.days, regimen["days"], "days-range"))
    policy_name = case.policy or catalogue["defaults"].get("weight_policy", "actual")
    dosing = dosing_weight(catalogue["weight_policies"][policy_name], case.person())
    per_kg = day_doses_per_kg(regimen, g_per_kg, days)
    day_g = [each * dosing.kg for each in per_kg]
    course = sum(day_g, Fraction(0))
    limits = regimen.get("limits") or {}
    cap = limits.get("g_per_course")
    capped = cap is not None and course > cap
    if capped:
        day_g = [each * cap / course for each in day_g]
        course = cap
    if "g_per_day" in limits and max(day_g) > limits["g_per_day"]:
        raise Refused("g-per-day-limit")
    if "g_per_kg_per_day" in limits and max(day_g) > limits["g_per_kg_per_day"] * dosing.kg:
        raise Refused("g-per-kg-per-day-limit")
    if case.cycles > 1 and not regimen.get("interval") and not regimen.get("per_event"):
        raise Refused("no-interval")
    if "max_cycles" in limits and case.cycles > limits["max_cycles"]:
        raise Refused("max-cycles")
    if "g_per_kg_in_all" in limits and sum(per_kg) * case.cycles > limits["g_per_kg_in_all"]:
        raise Refused("g-per-kg-in-all")
    low, high = course_range(regimen, dosing.kg)
    return Dose(name, g_per_kg, days, dosing, tuple(day_g), course, sum(per_kg, Fraction(0)), capped, low, high)


def limits_on_given(regimen: dict[str, Any], kg: Fraction) -> tuple[Fraction, Fraction]:
    """The most that may be given in a course and on a day after rounding, the hard ceilings among them."""
    limits = regimen.get("limits") or {}
    course = [MOST_G_PER_KG_COURSE * kg, limits.get("g_per_course")]
    day = [MOST_G_PER_KG_DAY * kg, limits.get("g_per_day")]
    if "g_per_kg_per_day" in limits:
        day.append(limits["g_per_kg_per_day"] * kg)
    return min(each for each in course if each is not None), min(each for each in day if each is not None)


def on_the_grid(day_g: tuple[Fraction, ...], most_in_course: Fraction, most_in_day: Fraction) -> tuple[Fraction, ...]:
    """Unrounded doses on the 0.001 g grid: they sum to the course on the grid, and the larger days come first."""
    course = min(half_up(sum(day_g, Fraction(0)), MG), floored(most_in_course, MG))
    down = [floored(day, MG) for day in day_g]
    left = int((course - sum(down, Fraction(0))) / MG)
    if left < 0:
        raise ValueError("the limit is below the dose")
    order = sorted(range(len(day_g)), key=lambda day: (down[day] - day_g[day], day))
    for day in order[:left]:
        down[day] += MG
    return tuple(min(day, floored(most_in_day, MG)) for day in down)


def given_doses(catalogue: dict[str, Any], case: Case, dose: Dose) -> tuple[Fraction, ...]:
    """What is given each day: whole vials where a product is named unless the request says otherwise."""
    product = chosen_product(catalogue, case)
    rounding = case.rounding or catalogue["defaults"].get("rounding") or ("vial" if product else "none")
    if case.rounding_policy is not None:
        policy = catalogue["rounding_policies"][case.rounding_policy]
        newborn = case.age_years is not None and case.age_years * Fraction("365.25") < 28
        rounding = "none" if newborn else policy["step_g"] if policy["rule"] == "step" else policy["rule"]
    direction = case.direction or catalogue["defaults"].get("round_direction", "nearest")
    regimen = catalogue["regimens"][dose.regimen]
    most_in_course, most_in_day = limits_on_given(regimen, dose.dosing.kg)
    if rounding == "none":
        return on_the_grid(dose.day_g, most_in_course, most_in_day)
    if rounding == "vial":
        if product is None:
            raise Refused("no-product-for-vials")
        sizes = tuple(vial["g"] for vial in product["vials"])
    else:
        sizes = (Fraction(rounding),)
    given = round_course(dose.day_g, sizes, direction, spans_for(catalogue, regimen, dose))
    if given is not None:
        return given
    if case.rounding is not None:
        raise Refused("rounded-outside-tolerance")
    return on_the_grid(dose.day_g, most_in_course, most_in_day)


def spans_for(catalogue: dict[str, Any], regimen: dict[str, Any], dose: Dose) -> Spans:
    """What rounding may make of the doses (design section 3).

    The course keeps the tolerance and each day that of a day; neither passes a limit, nor the highest g/kg of the
    regimen by more than the tolerance.
    """
    tolerance = Fraction(catalogue["defaults"].get("tolerance_percent", 10)) / 100
    of_a_day = Fraction(catalogue["defaults"].get("day_tolerance_percent", 25)) / 100
    high, kg = regimen["g_per_kg"]["high"], dose.dosing.kg
    pattern = regimen.get("day_pattern")
    if regimen["basis"] == "per_day":
        course_high, day_high = high * dose.days, high
    elif pattern:
        course_high, day_high = high, high * max(pattern) / sum(pattern)
    else:
        course_high, day_high = high, Fraction(high) / regimen["days"]["low"]
    most_in_course, most_in_day = limits_on_given(regimen, kg)
    most_in_course = min(most_in_course, course_high * kg * (1 + tolerance))
    most_in_day = min(most_in_day, day_high * kg * (1 + tolerance))
    return Spans(
        tuple((day * (1 - of_a_day), min(day * (1 + of_a_day), most_in_day)) for day in dose.day_g),
        (dose.course_g * (1 - tolerance), min(dose.course_g * (1 + tolerance), most_in_course)),
    )


def chosen_product(catalogue: dict[str, Any], case: Case) -> dict[str, Any] | None:
    """The product of the request or of the catalogue's defaults."""
    name = case.product or catalogue["defaults"].get("product")
    return catalogue["products"][name] if name else None


def infusion(catalogue: dict[str, Any], case: Case, volume_ml: Fraction, dosing_kg: Fraction) -> tuple[Step, ...]:
    """The ladder of one infusion at the product's full speed; empty where no product is named."""
    product = chosen_product(catalogue, case)
    if product is None or not product["rates"]:
        return ()
    pump_step = case.pump_step or catalogue["defaults"].get("pump_step_ml_per_h", Fraction("0.1"))
    rates = rates_for(
        product,
        case.indication,
        case.risks,
        case.age_years,
        catalogue["defaults"].get("at_risk"),
        catalogue["indications"].get(case.indication, {}).get("maximum_rate"),
    )
    return tuple(ladder(rates, dosing_kg, volume_ml, pump_step))


def answer(catalogue: dict[str, Any], case: Case) -> Answer:
    """Everything that a plan must say for `case`. A product's strength gives the volume; without one it is 10 %."""
    dose = exact_dose(catalogue, case)
    regimen = catalogue["regimens"][dose.regimen]
    given = given_doses(catalogue, case, dose)
    product = chosen_product(catalogue, case)
    strength = product["g_per_100_ml"] if product else Fraction(10)
    volumes = tuple(each * 100 / strength for each in given)
    sizes = tuple(vial["g"] for vial in product["vials"]) if product else ()
    by_volume = {volume: infusion(catalogue, case, volume, dose.dosing.kg) for volume in set(volumes)}
    table = catalogue["vaccines"][catalogue["defaults"].get("vaccine_table", "us")]
    return Answer(
        dose=dose,
        given_g=given,
        volume_ml=volumes,
        vials=tuple(vials_for(each, sizes) for each in given) if sizes else (),
        steps=tuple(by_volume[volume] for volume in volumes),
        # What is capped in grams is not the regimen's g/kg any more: what the patient gets is judged.
        defer_months=defer_months(table, case.indication, max(dose.course_g, sum(given, Fraction(0))) / dose.dosing.kg),
        dates=tuple(infusion_dates(case.start, regimen, dose.days, case.cycles)) if case.start else (),
    )
