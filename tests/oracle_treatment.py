"""Treatments over time, worked out anew in `Fraction`s: repeats, the rest of a course, the year, sums over days, IgG.

Written from issue 14 and the sources; `tests/oracle.py` gives the course itself.
"""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from tests.oracle import Case, Dose, chosen_product, exact_dose, limits_on_given, on_the_grid, spans_for
from tests.oracle_dates import after_months
from tests.oracle_vials import Spans, round_course
from tests.oracle_weight import Refused

Span = tuple[int, str]


def repeats_of(catalogue: dict[str, Any], indication: str, regimen: str) -> dict[str, Any] | None:
    """The range from course to course: the regimen's, or what the indication's sources give for it."""
    own = catalogue["regimens"][regimen].get("interval")
    return own or catalogue["indications"][indication].get("repeats", {}).get(regimen)


def days_of(span: Span) -> tuple[int, int]:
    """The fewest and the most days: a month is 28 to 31."""
    number, unit = span
    return {"days": (number, number), "weeks": (7 * number, 7 * number), "months": (28 * number, 31 * number)}[unit]


def may_repeat(catalogue: dict[str, Any], indication: str, regimen: str, span: Span) -> bool:
    """Whether some length of the span lies between the ends of the range."""
    allowed = repeats_of(catalogue, indication, regimen)
    if allowed is None:
        return False
    shortest = days_of((int(allowed["low"]), allowed["unit"]))[0]
    longest = days_of((int(allowed["high"]), allowed["unit"]))[1]
    return any(shortest <= days <= longest for days in range(days_of(span)[0], days_of(span)[1] + 1))


def course_starts(start: date, span: Span, until: date) -> list[date]:
    """The first day of each course that begins by a day, that day included."""
    number, unit = span
    found, times = [], 0
    while True:
        if unit == "months":
            day = after_months(start, number * times)
        else:
            day = start + timedelta(days=number * times * (7 if unit == "weeks" else 1))
        if day > until:
            return found
        found.append(day)
        times += 1


def rest_of_course(catalogue: dict[str, Any], case: Case, given_g: list[Fraction]) -> tuple[Dose, Fraction]:
    """What is left after grams without dates, and the whole course.

    Grams count as the nearest number of the largest day's dose, one at least. The rest is shared evenly over the days
    that are left, and over more where a day would be larger than rounding may make the largest day (`spans_for`).
    """
    whole = exact_dose(catalogue, case)
    left = whole.course_g - sum(given_g)
    if left <= 0:
        raise Refused("given-above-course" if left else "course-complete")
    largest = max(whole.day_g)
    infusions = sum(max(1, int((each / largest + Fraction(1, 2)).__floor__())) for each in given_g)
    most = spans_for(catalogue, catalogue["regimens"][whole.regimen], whole).days[whole.day_g.index(largest)][1]
    days = max(len(whole.day_g) - infusions, -((-left / most).__floor__()))
    return replace(whole, day_g=(left / days,) * days, course_g=left), whole.course_g


def given_rest(catalogue: dict[str, Any], case: Case, rest: Dose, given_g: Fraction) -> tuple[Fraction, ...]:
    """The rest in whole vials, or exact where no product is named or vials do not keep the tolerances."""
    regimen = catalogue["regimens"][rest.regimen]
    most_in_course, most_in_day = limits_on_given(regimen, rest.dosing.kg)
    product = chosen_product(catalogue, case)
    if product is not None:
        tolerance = Fraction(catalogue["defaults"].get("tolerance_percent", 10)) / 100
        high = Fraction(regimen["g_per_kg"]["high"]) * (rest.days if regimen["basis"] == "per_day" else 1)
        most = min(most_in_course, high * rest.dosing.kg * (1 + tolerance)) - given_g
        low, up = rest.course_g * (1 - tolerance), rest.course_g * (1 + tolerance)
        spans = Spans(spans_for(catalogue, regimen, rest).days, (low, min(up, most)))
        sizes = tuple(vial["g"] for vial in product["vials"])
        rounded = round_course(rest.day_g, sizes, "nearest", spans)
        if rounded is not None:
            return rounded
    return on_the_grid(rest.day_g, most_in_course - given_g, most_in_day)


def grams_a_year(course_g: Fraction, span: Span) -> Fraction:
    """Grams in 365.25 days, or in 12 months."""
    number, unit = span
    return course_g * (Fraction(12, number) if unit == "months" else Fraction("365.25") / days_of(span)[0])


def expected_igg(catalogue: dict[str, Any], igg: Fraction, now: Fraction, then: Fraction) -> Fraction:
    """The published average, counted from a level on `now` g/kg; no level is below zero."""
    rise = catalogue["igg_rises"]["igg-lee-2020"]
    return max(igg + (then - now) / rise["per_g_per_kg"] * rise["g_per_l"], Fraction(0))
