"""The tool against the independent oracle: every indication and regimen, every policy, every product.

Weights run from 0.5 to 300 kg by 0.1. Doses and volumes take the whole grid for the regimens of WHOLE_GRID, one of
each arithmetic, and every sixteenth weight, staggered, for the others; policies, vials and infusions take parts.
`IVIG_DOSE_SWEEP=full` takes the whole grid for every regimen and sixteen times as many of the rest, in some minutes.
Every difference is listed; the first ones are shown.
"""

import os
from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from itertools import product as every
from typing import Any

import pytest

from tests.oracle import Case
from tests.oracle_catalogue import shipped
from tests.oracle_compare import differences

pytestmark = pytest.mark.slow

CATALOGUE = shipped()
WEIGHTS = [Fraction(tenths, 10) for tenths in range(5, 3001)]
PAIRS = [(name, regimen) for name, entry in CATALOGUE["indications"].items() for regimen in entry["regimens"]]
REGIMENS = {regimen: indication for indication, regimen in reversed(PAIRS)}
TENTH = Fraction(1, 10)
THIN = 1 if os.environ.get("IVIG_DOSE_SWEEP") == "full" else 16
WHOLE_GRID = (
    "itp-daily",
    "mis-c-single",
    "tss-unequal-days",
)


@pytest.fixture(scope="module")
def tool() -> Any:
    from ivig_dose import load_catalogue
    from ivig_dose.core.plan import Planner

    return Planner(load_catalogue())


def agree(planner: Any, cases: Iterable[Case]) -> None:
    """Fails with the first differences of all the cases, and how many cases differ."""
    wrong, count = [], 0
    for case in cases:
        count += 1
        found = differences(case, CATALOGUE, planner)
        if found:
            facts = {name: str(value) for name, value in vars(case).items() if value not in (None, frozenset())}
            wrong.append(f"{facts}\n      " + "\n      ".join(found[:4]))
    assert count > 0
    assert not wrong, f"{len(wrong)} of {count} cases differ:\n" + "\n".join(wrong[:12])


def age_for(indication: str, regimen: str) -> Fraction | None:
    """An age that the indication's and the regimen's population admit, where they say one."""
    for entry in (CATALOGUE["indications"][indication], CATALOGUE["regimens"][regimen]):
        population = entry.get("population") or {}
        if "age_days_at_most" in population:
            return Fraction("0.02")
        bounds = population.get("age_years")
        if bounds:
            return Fraction(10) if "under" in bounds or "at_most" in bounds else Fraction(40)
    return None


# --- doses ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("regimen", REGIMENS)
def test_every_regimen_at_every_weight(tool, regimen):
    indication = REGIMENS[regimen]
    age = age_for(indication, regimen)
    weights = WEIGHTS if regimen in WHOLE_GRID else WEIGHTS[list(REGIMENS).index(regimen) % THIN :: THIN]
    agree(tool, (Case(indication, weight, regimen, age_years=age) for weight in weights))


def test_every_indication_with_every_regimen_over_the_weights(tool):
    agree(
        tool,
        (
            Case(indication, weight, regimen, age_years=age_for(indication, regimen))
            for number, (indication, regimen) in enumerate(PAIRS)
            for weight in WEIGHTS[number :: len(PAIRS)]
        ),
    )


def test_the_default_regimen_of_every_indication(tool):
    agree(tool, (Case(name, Fraction(weight)) for name in CATALOGUE["indications"] for weight in ("3.4", "70", "118")))


def test_a_patient_at_and_just_outside_the_hard_bounds(tool):
    weights = [Fraction(text) for text in ("0.29", "0.3", "0.31", "349.9", "350", "350.1")]
    heights = [Fraction(text) for text in ("29.9", "30", "30.1", "249.9", "250", "250.1")]
    ages = [Fraction(text) for text in ("0", "119.9", "120", "120.1")]
    agree(
        tool,
        [
            *(Case("itp", weight) for weight in weights),
            *(Case("itp", Fraction(70), height_cm=height) for height in heights),
            *(Case("itp", Fraction(70), age_years=age) for age in ages),
        ],
    )


def test_the_number_of_courses_at_and_above_its_limit(tool):
    cases = []
    for indication, regimen in PAIRS:
        limits = CATALOGUE["regimens"][regimen].get("limits") or {}
        most = [int(limits["max_cycles"])] if "max_cycles" in limits else []
        if "g_per_kg_in_all" in limits:
            most.append(int(limits["g_per_kg_in_all"] / CATALOGUE["regimens"][regimen]["g_per_kg"]["default"]))
        age = age_for(indication, regimen)
        cases += [
            Case(indication, Fraction(70 if age is None else 4), regimen, age_years=age, cycles=cycles)
            for limit in most
            for cycles in (limit, limit + 1)
        ]
    agree(tool, cases)


@pytest.mark.parametrize("regimen", REGIMENS)
def test_every_choice_of_dose_and_days_in_and_just_outside_the_range(tool, regimen):
    entry, indication = CATALOGUE["regimens"][regimen], REGIMENS[regimen]
    span, days = entry["g_per_kg"], entry["days"]
    doses = {None, span["low"], span["high"], (span["low"] + span["high"]) / 2, span["low"] - TENTH / 10}
    doses |= {span["high"] + TENTH / 10}
    counts = [None, *range(max(1, int(days["low"]) - 1), int(days["high"]) + 2)]
    agree(
        tool,
        (
            Case(
                indication, Fraction(weight), regimen, g_per_kg=dose, days=count, age_years=age_for(indication, regimen)
            )
            for dose, count, weight in every(sorted(doses, key=str), counts, ("3.3", "70.1", "187.7"))
        ),
    )


# --- dosing weight -------------------------------------------------------------------------------------------------


def bounds_of(policy: dict[str, Any], fact: str) -> set[Fraction]:
    """Every boundary that a policy's branches print for a fact."""
    branches = [branch.get("when") or {} for branch in policy["branches"]]
    return {value for when in branches for value in (when.get(fact) or {}).values()}


def both_sides(values: Iterable[Fraction]) -> list[Fraction]:
    """Each value, and a tenth to either side."""
    return sorted({value + side for value in values for side in (-TENTH, Fraction(0), TENTH)})


HEIGHTS = both_sides(
    {Fraction(152), Fraction("152.4")}.union(
        *(bounds_of(p, "height_cm") for p in CATALOGUE["weight_policies"].values())
    )
)
AGES = [
    None,
    *both_sides({Fraction(18)}.union(*(bounds_of(p, "age_years") for p in CATALOGUE["weight_policies"].values()))),
]


def weights_at_gates(height: Fraction) -> Iterator[Fraction]:
    """Weights on and beside BMI 30, 120 % of either ideal weight and Ontario's weight gates, at one height."""
    at_bmi_30 = 30 * (height / 100) ** 2
    ideals = [base + Fraction("2.3") * (height / Fraction("2.54") - 60) for base in (50, Fraction("45.5"))]
    exact_gates = [at_bmi_30, Fraction(50), Fraction("45.5")]
    for gate in [*exact_gates, *ideals, *(ideal * Fraction("1.2") for ideal in ideals)]:
        nearest = Fraction(int(gate * 10), 10)
        yield from (nearest, nearest + TENTH, *((gate,) if gate in exact_gates else ()))


@pytest.mark.parametrize("policy", CATALOGUE["weight_policies"])
@pytest.mark.parametrize("sex", ["F", "M"])
def test_every_policy_at_every_gate(tool, policy, sex):
    agree(
        tool,
        (
            Case("gbs", weight, height_cm=height, sex=sex, age_years=age, policy=policy)
            for height, age in every([*HEIGHTS, Fraction(160), Fraction(170), Fraction(185)], AGES)
            for weight in weights_at_gates(height)
        ),
    )


@pytest.mark.parametrize("policy", CATALOGUE["weight_policies"])
def test_every_policy_over_the_weights(tool, policy):
    people = [("52", "M"), ("100", "M"), ("140", "F"), ("152.4", "M"), ("160", "F"), ("175", "M"), ("199.9", "M")]
    agree(
        tool,
        (
            Case("itp", weight, height_cm=Fraction(height), sex=sex, age_years=Fraction(40), policy=policy)
            for start, (height, sex) in enumerate(people)
            for weight in WEIGHTS[start :: THIN * 2]
        ),
    )


@pytest.mark.parametrize("policy", CATALOGUE["weight_policies"])
def test_every_policy_with_every_fact_missing(tool, policy):
    heights, sexes, ages = (None, Fraction(140), Fraction(170)), (None, "F", "M"), (None, Fraction(10), Fraction(40))
    agree(
        tool,
        (
            Case("itp", Fraction(weight), height_cm=height, sex=sex, age_years=age, policy=policy, risks=risks)
            for height, sex, age in every(heights, sexes, ages)
            for weight, risks in every((40, 48, 70, 130), (frozenset(), frozenset({"pregnancy"})))
        ),
    )


# --- vials ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("product", CATALOGUE["products"])
def test_whole_vials_of_every_product(tool, product):
    regimens = [("itp", "itp-daily"), ("gbs", "high-dose-divided"), ("pid", "replacement-monthly"), ("tss", None)]
    cases = every(regimens, ("nearest", "down", "up"))
    agree(
        tool,
        (
            Case(indication, weight, regimen, product=product, direction=direction, days=days)
            for start, ((indication, regimen), direction) in enumerate(cases)
            for days in ((2, 5) if indication in ("itp", "gbs") else (None,))
            for weight in WEIGHTS[start * 7 + 15 :: 33 * THIN]
        ),
    )


@pytest.mark.parametrize("step", ["5", "1", "2.5"])
def test_rounding_to_a_step_in_grams(tool, step):
    agree(
        tool,
        (
            Case(indication, weight, rounding=Fraction(step), direction=direction)
            for start, (indication, direction) in enumerate(every(("itp", "gbs", "pid"), ("nearest", "down", "up")))
            for weight in WEIGHTS[start :: 5 * THIN]
        ),
    )


# --- infusion ------------------------------------------------------------------------------------------------------


def test_the_age_above_which_a_label_has_lower_rates(tool):
    """On both sides of each product's age, for every product that has one."""
    ages = (Fraction(64), Fraction("64.9"), Fraction(65), Fraction("65.1"), Fraction(66), Fraction(90))
    agree(
        tool,
        (
            Case("gbs", Fraction(80), age_years=age, product=product, rounding="none")
            for product, age in every(CATALOGUE["products"], ages)
        ),
    )


@pytest.mark.parametrize("product", CATALOGUE["products"])
def test_the_infusion_of_every_product(tool, product):
    at_risk = (CATALOGUE["products"][product].get("at_risk") or {}).get("risks", ())
    risks = [frozenset(), frozenset({"no-first-infusion"}), *(frozenset({risk}) for risk in at_risk)]
    # half of the indications with each product, the other half with the next one
    half = slice(list(CATALOGUE["products"]).index(product) % 2 if THIN > 1 else None, None, 2 if THIN > 1 else None)
    cases = list(every(list(CATALOGUE["indications"])[half], risks))
    agree(
        tool,
        (
            Case(
                indication,
                weight,
                CATALOGUE["indications"][indication]["regimens"][0],
                age_years=age_for(indication, CATALOGUE["indications"][indication]["regimens"][0]),
                product=product,
                rounding="none",
                risks=stated,
                pump_step=pump_step,
            )
            for start, (indication, stated) in enumerate(cases)
            for weight in WEIGHTS[start * 73 % (187 * THIN) :: 187 * THIN]
            for pump_step in ((None, Fraction(1)) if THIN == 1 else ((None, Fraction(1))[start % 2],))
        ),
    )


@pytest.mark.parametrize("policy", CATALOGUE["rounding_policies"])
def test_rounding_policies(tool, policy):
    agree(
        tool,
        (
            Case(indication, weight, product="gamunex-c", rounding_policy=policy, age_years=age)
            for indication in ("itp", "pid", "gbs")
            for age in (Fraction(40), Fraction(1, 20))
            for weight in (WEIGHTS[:: 20 * THIN] if age > 1 else [Fraction(text) for text in ("2.6", "3.3", "4.1")])
        ),
    )


@pytest.mark.parametrize("product", CATALOGUE["products"])
def test_the_hours_that_a_regimen_sets(tool, product):
    timed = [(name, regimen) for name, regimen in PAIRS if CATALOGUE["regimens"][regimen].get("infusion_hours")]
    assert timed
    small = [Fraction(text) for text in ("0.7", "2.1", "3.4", "5.6", "11.1", "16.2")]
    agree(
        tool,
        (
            Case(
                indication,
                weight,
                regimen,
                age_years=age_for(indication, regimen),
                product=named,
                rounding="none",
                pump_step=pump_step,
            )
            for start, (indication, regimen) in enumerate(timed)
            for named, pump_step in ((product, None), (product, Fraction(1)), (product, Fraction(5)), (None, None))
            for weight in [*small, *WEIGHTS[start * 9 + 10 :: 60 * THIN]]
        ),
    )


# --- dates and vaccines --------------------------------------------------------------------------------------------


def test_dates_and_vaccine_months(tool):
    starts = (date(2027, 1, 31), date(2028, 1, 31), date(2026, 12, 30), date(2027, 8, 31))
    agree(
        tool,
        (
            Case(
                indication,
                Fraction(4 if age_for(indication, regimen) == Fraction("0.02") else 70),
                regimen,
                age_years=age_for(indication, regimen),
                start=start,
                cycles=cycles,
            )
            for (indication, regimen), start in every(PAIRS, starts)
            for cycles in ((1, 3) if CATALOGUE["regimens"][regimen].get("interval") else (1,))
        ),
    )
