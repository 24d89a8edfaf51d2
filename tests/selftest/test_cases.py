"""The golden cases: read strictly, judged exactly, and agreed with by the oracle, which knows nothing of the tool."""

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from ivig_dose.selftest.cases import Case, Difference, find_values, judge, load_golden, read_cases, run_case
from tests.oracle import Answer
from tests.oracle import Case as OracleCase
from tests.oracle_catalogue import exact, shipped
from tests.oracle_compare import ask_oracle

GOLDEN = load_golden().cases
CASE: dict[str, Any] = {"id": "one", "why": "by hand", "request": {"indication": "itp"}, "expect": {"dose.day_g": 28}}


def make_case(**changes: Any) -> Case:
    (case,) = read_cases(json.dumps({"cases": [{**CASE, **changes}]}))
    return case


def test_there_are_cases_for_every_part() -> None:
    assert len(GOLDEN) >= 40
    assert all(case.why for case in GOLDEN)
    asked = {key for case in GOLDEN for key in case.request}
    assert asked >= {"weight_policy", "product", "stock", "risks", "blood_group", "start", "cycles", "rounding"}
    policies = {case.request.get("weight_policy") for case in GOLDEN}
    assert policies >= set(shipped()["weight_policies"]) - {"actual"}
    used = {shipped()["regimens"][name]["basis"] for case in GOLDEN if (name := regimen_of(case)) is not None}
    assert used == {regimen["basis"] for regimen in shipped()["regimens"].values()}
    refused = {case.expect["refusal.rule"] for case in GOLDEN if "refusal.rule" in case.expect}
    stops = {name for name, rule in shipped()["safety"].items() if rule["level"] == "stop"}
    assert stops <= refused
    assert sum(case.ordered is not None for case in GOLDEN) >= 10


def regimen_of(case: Case) -> str | None:
    """The regimen that a golden case asks for; None where the indication is not one of the catalogue's ids."""
    indication = shipped()["indications"].get(case.request["indication"])
    return case.request.get("regimen") or (indication and indication["regimens"][0])


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("dose.day_g", 28),
        ("schedule.dose_g", [30, 25]),
        ("schedule.1.dose_g", 25),
        ("schedule.2.dose_g", "(not there)"),
        ("schedule.steps.rate", [[1, 2], []]),
        ("dose.course_g", "(not there)"),
        ("dose.day_g.low", "(not there)"),
        ("empty.id", []),
    ],
)
def test_a_path_goes_through_objects_and_lists(path: str, value: Any) -> None:
    document = {
        "dose": {"day_g": 28},
        "schedule": [{"dose_g": 30, "steps": [{"rate": 1}, {"rate": 2}]}, {"dose_g": 25, "steps": []}],
        "empty": [],
    }
    assert find_values(document, path) == value


@pytest.mark.parametrize(
    ("expectation", "document", "differs"),
    [
        ({"expect": {"a": 28}}, {"a": Decimal(28)}, False),
        ({"expect": {"a": 28}}, {"a": Decimal("28.001")}, True),
        ({"expect": {"a": 28}}, {}, True),
        ({"expect": {"a": None}}, {"a": None}, False),
        ({"expect": {"a": None}}, {}, True),
        ({"includes": {"a": ["x"]}}, {"a": ["y", "x"]}, False),
        ({"includes": {"a": ["x"]}}, {"a": ["y"]}, True),
        ({"includes": {"a": ["x"]}}, {}, True),
        ({"excludes": {"a": ["x"]}}, {"a": ["y"]}, False),
        ({"excludes": {"a": ["x"]}}, {"a": ["x"]}, True),
        ({"excludes": {"a": ["x"]}}, {}, True),
        ({"between": {"a": [1, 2]}}, {"a": Decimal(2)}, False),
        ({"between": {"a": [1, 2]}}, {"a": Decimal("2.01")}, True),
        ({"between": {"a": [1, 2]}}, {"a": None}, True),
    ],
)
def test_a_case_is_judged_exactly(expectation: dict[str, Any], document: Any, differs: bool) -> None:
    case = make_case(**{"expect": {}, **expectation})
    assert bool(judge(case, document)) is differs


def test_a_difference_names_the_case_the_field_and_both_values() -> None:
    assert judge(make_case(), {"dose": {"day_g": Decimal(30)}}) == [
        Difference("one", "dose.day_g", Decimal(28), Decimal(30))
    ]


def test_a_fault_of_the_installation_is_a_difference() -> None:
    def fail(case: Case) -> Any:
        raise RuntimeError("broken")

    assert run_case(make_case(), fail) == [Difference("one", "(fault)", "an answer", "RuntimeError: broken")]


@pytest.mark.parametrize(
    ("entries", "problem"),
    [
        ([{**CASE, "expects": {}}], "unknown key: expects"),
        ([{**CASE, "expect": {}}], "expects nothing"),
        ([CASE, CASE], "stands twice"),
        ([], "no case"),
    ],
)
def test_a_golden_file_is_read_strictly(entries: list[Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        read_cases(json.dumps({"cases": entries}))


# --- the oracle agrees: the figures in the file are right, whatever the tool says

ORACLE_REFUSES = {
    "day-limit",
    "too-many-cycles",
    "in-all-limit",
    "height-below-policy-floor",
    "weight-policy-needs-facts",
    "smallest-vial-above-limit",
    "rounding-needs-product",
    "weight-out-of-bounds",
    "days-out-of-range",
    "g-per-kg-out-of-range",
    "regimen-not-for-indication",
    "regimen-needed",
    *(name for name, rule in shipped()["safety"].items() if rule["level"] == "stop"),
}
"""The rules of refusal that the oracle knows too."""
BY_ORACLE = [
    case
    for case in GOLDEN
    if case.ordered is None
    and not {"stock", "interval", "until", "given", "then"} & {*case.request}  # those over time: oracle_treatment
    and case.request["indication"] in shipped()["indications"]
    and case.expect.get("refusal.rule") in (None, *ORACLE_REFUSES)
]


def test_the_oracle_answers_most_cases() -> None:
    assert len(BY_ORACLE) > 100


def ask(case: Case) -> Answer | str:
    request = case.request
    rounding, start = request.get("rounding"), request.get("start")
    return ask_oracle(
        OracleCase(
            indication=request["indication"],
            weight_kg=exact(request["weight_kg"]),
            regimen=request.get("regimen"),
            height_cm=fraction(request.get("height_cm")),
            sex=request.get("sex"),
            age_years=fraction(request.get("age_years")),
            g_per_kg=fraction(request.get("g_per_kg")),
            days=None if "days" not in request else int(request["days"]),
            policy=request.get("weight_policy"),
            product=request.get("product"),
            rounding=exact(request["rounding_step_g"]) if rounding == "step" else rounding,
            rounding_policy=request.get("rounding_policy"),
            direction=request.get("round_direction"),
            pump_step=fraction(request.get("pump_step_ml_per_h")),
            risks=frozenset(request.get("risks", ())),
            start=None if start is None else date.fromisoformat(start[:10]),
            cycles=int(request.get("cycles", 1)),
        ),
        shipped(),
    )


def fraction(value: Decimal | None) -> Fraction | None:
    return None if value is None else exact(value)


@pytest.mark.parametrize("case", BY_ORACLE, ids=[case.id for case in BY_ORACLE])
def test_the_oracle_agrees(case: Case) -> None:
    answer = ask(case)
    if "refusal.rule" in case.expect:
        assert isinstance(answer, str)
        return
    assert isinstance(answer, Answer), answer
    figures = figures_of(answer, int(case.request.get("cycles", 1)))
    paced = shipped()["regimens"][answer.dose.regimen].get("infusion_hours") is not None
    for field, expected in case.expect.items():
        if field in figures and not (paced and ".steps." in field):
            assert numbers(expected) == figures[field], field


def figures_of(answer: Answer, cycles: int) -> dict[str, Any]:
    """The oracle's figures by their paths in a document, to the decimals that the document shows."""
    dose, steps = answer.dose, answer.steps[0] if answer.steps else ()
    figures: dict[str, Any] = {
        "dose.day_g": shown(dose.day_g[0], 3) if len(set(dose.day_g)) == 1 else None,
        "dose.days_g": [shown(day, 3) for day in dose.day_g],
        "dose.course_g": shown(dose.course_g, 3),
        "dosing_weight.kg": shown(dose.dosing.kg, 3),
        "dosing_weight.kind": dose.dosing.kind,
        "vaccines.defer_months": answer.defer_months,
        "rounding.course_g": sum(answer.given_g, Fraction(0)),
        "schedule.dose_g": [*answer.given_g] * cycles,
        "schedule.volume_ml": [shown(volume, 2) for volume in answer.volume_ml] * cycles,
        "schedule.0.steps.rate_ml_per_h": [shown(step.rate_ml_per_h, 2) for step in steps],
        "schedule.0.steps.volume_ml": [shown(step.volume_ml, 2) for step in steps],
        "schedule.0.steps.minutes": [shown(step.minutes, 2) for step in steps],
        "schedule.0.total_minutes": shown(sum((step.minutes for step in steps), Fraction(0)), 2) if steps else None,
    }
    return figures | ({"schedule.date": [day.isoformat() for day in answer.dates]} if answer.dates else {})


def shown(value: Fraction, places: int) -> Fraction:
    step = Fraction(1, 10**places)
    return (value / step + Fraction(1, 2)).__floor__() * step


def numbers(value: Any) -> Any:
    if isinstance(value, list):
        return [numbers(each) for each in value]
    return exact(value) if isinstance(value, Decimal) else value
