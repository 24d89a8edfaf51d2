"""What every answer of the command line keeps, whatever was asked: design sections 3, 5 and 6 as checks.

The arithmetic here is done with `fractions.Fraction` from what was typed and from the catalogue's printed figures; it
takes nothing from the tool but its output.
"""

import csv
import io
import json
import re
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from tests.fuzz.command_lines import as_decimal
from tests.schema_faults import OF_STATUS, find_faults
from tests.strategies import shipped

CODES = {
    "dose": {0, 2, 3, 4},
    "check": {0, 2, 3, 4, 6},
    "compare": {0, 2, 3, 4},
    "table": {0, 2, 3, 4},
    "batch": {0, 2, 3, 5, 6},
    "replay": {0, 2, 3, 6},
}
CSV_COLUMNS = [
    "id", "indication", "status", "regimen", "dosing_weight_kg", "day_g", "course_g", "given_course_g", "days",
    "volume_ml", "notices", "refusal", "actual_weight_kg", "product", "given_day_g", "warnings", "notes", "part_vials",
    "interval", "cycles", "before_g", "then",
]  # fmt: skip
PLAN_KEYS = {
    "schema", "status", "indication", "regimen", "patient", "dosing_weight", "dose", "rounding", "product", "schedule",
    "vaccines", "notices", "alternatives", "working", "origin",
}  # fmt: skip
MILLIGRAM = Decimal("0.001")
TRAILING_ZERO = re.compile(r"(?<![\w.])[0-9]+\.[0-9]*0(?![\w.])")
BARE_POINT = re.compile(r"(?<![\w.])\.[0-9]")
GRAMS = re.compile(r"(?<![\w.-])[0-9.]+\s*g\b(?!\s*/)")  # not `single-1g`, the id of a regimen


def read_json(text):
    """JSON text, its numbers exact; fails for a number that is not written as design section 3 asks."""
    return json.loads(text, parse_float=as_decimal, parse_int=as_decimal, parse_constant=as_decimal)


def check_streams(answer, command, codes=None):
    """Exit code from the list, nothing on stdout where there is no answer, and always a word about what is wrong."""
    assert answer.code in (codes or CODES[command]), answer
    assert "Traceback" not in answer.out + answer.err
    if answer.code in (2, 3):
        assert answer.out == "", answer
        assert answer.err.strip(), answer
    elif answer.code != 0:
        assert (answer.out + answer.err).strip(), answer
    for char in answer.err:
        assert char.isprintable() or char in "\n\xa0", (char, answer.err)


def check_privacy(answer, untouched, arguments):
    """A message about one value shows none of the patient's others."""
    if answer.code == 2:
        for text in untouched:
            # a value that stands in two arguments may be the wrong one
            if "." in text and sum(text in argument for argument in arguments) == 1:
                assert not re.search(rf"(?<![\d.]){re.escape(text)}(?![\d.])", answer.err), (text, answer.err)


def check_form(answer, form, command):
    """stdout is in the form that was asked for."""
    if answer.code in (2, 3):
        return
    if form == "json":
        document = read_json(answer.out)
        faults = find_faults(OF_STATUS[document["status"]], json.loads(answer.out)) if "status" in document else []
        assert not faults, faults[:3]
        assert document["schema"] == 1
        if command != "compare":
            assert (document["status"] == "refused") == (answer.code == 4)
    elif form == "csv":
        headings, line = list(csv.reader(io.StringIO(answer.out), strict=True))
        assert headings == CSV_COLUMNS
        assert len(line) == len(headings)
        assert line[2] == ("refused" if answer.code == 4 else "ok")
        assert not (answer.code == 4 and any(line[3:10]))
    elif form == "table" and answer.code == 4:
        assert answer.out == ""
    else:
        assert answer.out.strip()
        check_numbers_on_screen(answer.out)


def check_numbers_on_screen(text):
    """No trailing zero and no bare point (ISMP), nothing that is no number. An order is shown as it was written."""
    text = re.sub(r"\(written: [^)]*\)", "", text)
    for pattern in (TRAILING_ZERO, BARE_POINT, re.compile(r"\b(NaN|nan|Decimal|Ratio|None|inf|Infinity)\b")):
        found = pattern.search(text)
        assert found is None, text[max(found.start() - 40, 0) : found.end() + 40]


def check_stop(answer):
    """A rule that stops the dose shows no gram anywhere."""
    stops = [rule.id for rule in shipped().safety.values() if rule.level == "stop"]
    if answer.code == 4 and any(rule in answer.out + answer.err for rule in stops):
        said = answer.out + answer.err
        assert not GRAMS.search(said), said
        if answer.out.startswith("{"):
            with_grams = {"dose", "rounding", "schedule", "alternatives", "expected", "working"}
            assert not with_grams & set(read_json(answer.out))


def check_plan(plan, values):
    """The figures of a plan agree with each other, with what was typed, and with the ceilings of the catalogue."""
    assert set(plan) >= PLAN_KEYS
    catalogue = shipped()
    regimen = catalogue.regimens[plan["regimen"]["id"]]
    course_g, given_g = plan["dose"]["course_g"], plan["rounding"]["course_g"]
    _check_weight(plan, values)
    chosen = plan["regimen"]["g_per_kg"]
    assert chosen["low"] <= chosen["chosen"] <= chosen["high"]
    per_kg = chosen["chosen"] * (plan["regimen"]["days"]["chosen"] if regimen.basis == "per_day" else 1)
    dosing_kg = plan["dosing_weight"]["kg"]
    slack = 0 if plan["dosing_weight"]["kind"] == "actual" else Decimal("0.0005")
    uncapped_g = course_g if plan["dose"]["capped_from_g"] is None else plan["dose"]["capped_from_g"]
    assert abs(uncapped_g - round_half_up(dosing_kg * per_kg, "0.001")) <= slack * per_kg + MILLIGRAM * bool(slack)
    assert course_g <= uncapped_g
    assert abs(sum(plan["dose"]["days_g"]) - course_g) <= MILLIGRAM * len(plan["dose"]["days_g"])
    limits = regimen.limits
    kg = dosing_kg + slack
    assert given_g <= 4 * kg
    if limits is not None and limits.g_per_course is not None:
        assert max(course_g, given_g) <= limits.g_per_course
    for day in plan["schedule"]:
        assert 0 < day["dose_g"] <= Decimal("2.5") * kg
        if limits is not None and limits.g_per_day is not None:
            assert day["dose_g"] <= limits.g_per_day
        if limits is not None and limits.g_per_kg_per_day is not None:
            assert day["dose_g"] <= limits.g_per_kg_per_day * kg
    _check_rounding(plan, values)
    _check_schedule(plan, values)
    _check_notices(plan)


def _check_weight(plan, values):
    weight_kg = plan["patient"]["weight_kg"]
    assert weight_kg == Decimal(values["--weight"])
    assert plan["dosing_weight"]["kg"] <= round_half_up(weight_kg, "0.001")
    if plan["dosing_weight"]["kind"] == "actual":
        assert plan["dosing_weight"]["kg"] == round_half_up(weight_kg, "0.001")
    if "--height" in values:
        bmi = Fraction(weight_kg) / (Fraction(values["--height"]) / 100) ** 2
        assert plan["patient"]["bmi"] == round_half_up(bmi, "0.01")


def _check_rounding(plan, values):
    rounding, course_g = plan["rounding"], plan["dose"]["course_g"]
    days = [day for day in plan["schedule"] if day["cycle"] == 1]
    given_g = sum(day["dose_g"] for day in days)
    assert given_g == rounding["course_g"] > 0
    assert abs(rounding["difference_g"] - (given_g - course_g)) <= Decimal("0.001")
    percent = Fraction(given_g - course_g) * 100 / Fraction(course_g)
    assert abs(Fraction(rounding["difference_pct"]) - percent) <= Fraction(1, 100) + Fraction(1, 10) / Fraction(
        course_g
    )
    if rounding["rule"] != "none":
        assert rounding["within_tolerance"]
    assert rounding["part_vials"] == any(day["part_vials"] is not None for day in days)
    if "--stock" in values:
        shelf = Counter(
            {Decimal(size): int(count) for size, count in re.findall("([0-9.]+)x([0-9]+)", values["--stock"])}
        )
        used = Counter()
        for vial in (vial for day in days for vial in day["vials"]):
            used[vial["g"]] += int(vial["count"])
        assert used <= shelf
    elif rounding["rule"] == "none":
        assert abs(rounding["difference_g"]) <= Decimal("0.001")
    elif rounding["rule"] == "step":
        assert all(day["dose_g"] % rounding["step_g"] == 0 for day in days)


def _check_schedule(plan, values):
    product = shipped().products.get(plan["product"]["id"])
    g_per_100_ml = product.g_per_100_ml if product else 10
    sizes = {vial.g for vial in product.vials} if product else set()
    cycles = int(values.get("--cycles", "1"))
    days = plan["regimen"]["days"]["chosen"]
    assert [(day["cycle"], day["day"]) for day in plan["schedule"]] == [
        (cycle, day) for cycle in range(1, cycles + 1) for day in range(1, int(days) + 1)
    ]
    ceiling = _find_ceiling(product, plan, values)
    for day in plan["schedule"]:
        assert day["volume_ml"] == round_half_up(Fraction(day["dose_g"] * 100) / Fraction(g_per_100_ml), "0.01")
        if day["vials"]:
            assert sum(vial["g"] * vial["count"] for vial in day["vials"]) == day["dose_g"]
            assert {vial["g"] for vial in day["vials"]} <= sizes
        else:
            assert plan["rounding"]["rule"] != "vial"
        _check_steps(day, plan["dosing_weight"], ceiling)
        if day["cycle"] > 1:
            assert day["dose_g"] == plan["schedule"][int(day["day"]) - 1]["dose_g"]
    dates = [day["date"] for day in plan["schedule"]]
    if "--start" in values:
        assert dates[0] == values["--start"][:10]
        assert dates == sorted(dates)
        assert plan["vaccines"]["not_before"] > dates[-1]
    else:
        assert set(dates) == {None}


def _check_steps(day, dosing_weight, ceiling):
    if not day["steps"]:
        assert day["total_minutes"] is None
        return
    given_ml, before = Decimal(0), Decimal(0)
    slack = 0 if dosing_weight["kind"] == "actual" else Decimal("0.0005")
    for step in day["steps"]:
        rate, minutes, volume_ml = step["rate_ml_per_h"], step["minutes"], step["volume_ml"]
        assert rate > 0
        assert minutes > 0
        assert volume_ml > 0
        assert rate > before or step["step"] == 1, day["steps"]
        given_ml, before = given_ml + volume_ml, rate
        assert step["cumulative_ml"] == given_ml
        assert abs(Fraction(rate * minutes) / 60 - Fraction(volume_ml)) <= Fraction(2, 100) + Fraction(rate) / 6000
        if ceiling is not None:
            assert rate <= ceiling * Fraction(dosing_weight["kg"] + slack), (rate, float(ceiling), dosing_weight)
    assert given_ml == day["volume_ml"]
    assert day["total_minutes"] == sum(step["minutes"] for step in day["steps"])


def _find_ceiling(product, plan, values):
    """The highest rate in mL/kg/h that the label prints for this use, the lower of two printed units."""
    if product is None:
        return None
    tables = [table for table in product.rates if plan["indication"]["id"] in table.indications]
    highest = [_lower(table.maximum, product) for table in tables or product.rates]
    if not highest:
        return None
    ceiling = max(highest) if tables else min(highest)
    risks = set(values.get("--risk", "").split("\n"))
    at_risk = product.at_risk
    if at_risk is not None and at_risk.maximum is not None and risks & set(at_risk.risks):
        ceiling = min(ceiling, _lower(at_risk.maximum, product))
    return ceiling


def _lower(rate, product):
    mg_per_ml = Fraction(product.g_per_100_ml) * 10
    per_unit = {"mL/kg/h": 1, "mL/kg/min": 60, "mg/kg/min": 60 / mg_per_ml, "mg/kg/h": 1 / mg_per_ml}
    printed = [rate] if rate.also is None else [rate, rate.also]
    return min(Fraction(each.value) * per_unit[each.unit] for each in printed)


def _check_notices(plan):
    levels = [notice["level"] for notice in plan["notices"]]
    assert levels == sorted(levels, reverse=True)
    assert set(levels) <= {"warning", "note"}
    names = [notice["id"] for notice in plan["notices"]]
    assert len(names) == len(set(names))
    assert all(notice["text"].strip() for notice in plan["notices"])


def check_order(document, answer, values):
    """The verdict of a check agrees with its exit code, its percent, its tolerance and what it differs in."""
    assert document["status"] == ("match" if answer.code == 0 else "mismatch")
    ordered, expected = document["ordered"], document["expected"]
    courses = [Fraction(expected[key]) for key in ("course_g", "calculated_course_g")]
    percents = [(Fraction(ordered["course_g"]) - course) * 100 / course for course in courses]
    slack = Fraction(1, 50) + Fraction(1, 5) / min(courses)
    assert abs(min(percents, key=abs) - Fraction(document["difference_pct"])) <= slack
    agreed = document["agrees_with"]
    assert (document["status"] == "match") == (agreed is not None) == (not document["differs_in"])
    if agreed is not None:
        assert not document["slips"]
        if agreed["as"] == "chosen":
            assert abs(document["difference_pct"]) <= document["tolerance_pct"]
        else:
            _check_range(document, agreed["regimen"])
    assert document["tolerance_pct"] <= 20
    assert ordered["text"] == values["--ordered"]


def round_half_up(value, step):
    """The nearest multiple of a step, ties up."""
    if isinstance(value, Decimal):
        return value.quantize(Decimal(step), ROUND_HALF_UP)
    return (value / Fraction(step) + Fraction(1, 2)).__floor__() * Decimal(step)


def _check_range(document, regimen):
    """An order that agrees within a range, of this regimen or of another, lies in what the catalogue prints for it."""
    entry, ordered = shipped().regimens[regimen], document["ordered"]
    times = ordered["days"] or document["expected"]["days"] if entry.basis == "per_day" else 1
    per_kg = Fraction(ordered["course_g"]) / Fraction(document["expected"]["dosing_weight_kg"]) / times
    tolerance = Fraction(document["tolerance_pct"]) / 100 + Fraction(1, 1000)
    assert Fraction(entry.g_per_kg.low) * (1 - tolerance) <= per_kg <= Fraction(entry.g_per_kg.high) * (1 + tolerance)
