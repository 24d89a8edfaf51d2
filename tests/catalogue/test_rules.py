"""Rules over the whole catalogue at their edges; the gallery has each rule's message."""

from collections.abc import Callable

import pytest

from ivig_dose.catalogue.assemble import Outcome, build_whole
from ivig_dose.catalogue.models import Catalogue

Overlay = Callable[[str], Outcome]

REGIMEN = """
regimens:
  local:
    title: A local regimen
    phase: acute
    g_per_kg: {{low: {low}, high: {high}, default: {default}}}
    basis: {basis}
    days: {{low: {first}, high: {last}, default: {last}}}
    status: VERIFIED
    sources: [seed]
    {more}
"""


def regimen(
    low: str = "1", high: str = "1", basis: str = "per_day", days: tuple[int, int] = (1, 1), more: str = ""
) -> str:
    return REGIMEN.format(low=low, high=high, default=low, basis=basis, first=days[0], last=days[1], more=more)


def rules(outcome: Outcome) -> list[str]:
    return [problem.rule for problem in outcome.problems]


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        (regimen(low="0.8", high="0.8", days=(5, 5)), False),
        (regimen(low="0.8", high="0.801", days=(5, 5)), True),
        (regimen(low="2.5", high="2.5"), False),
        (regimen(low="2.5", high="2.501"), True),
        (regimen(low="4", high="4", basis="per_course", days=(2, 2)), False),
        (regimen(low="4", high="4.001", basis="per_course", days=(2, 2)), True),
        (regimen(low="2.5", high="2.5", basis="per_month"), False),
        (regimen(low="2", high="2.501", basis="per_dose"), True),
        (regimen(low="1", high="1", days=(5, 5), more="limits: {g_per_kg_in_all: 4}"), True),
        (regimen(low="0.8", high="1", days=(5, 5), more="limits: {g_per_kg_in_all: 4}"), False),
        (regimen(low="2", high="3", basis="per_course", more="limits: {g_per_kg_per_day: 2.5}"), False),
        (regimen(low="2", high="3", basis="per_course", more="limits: {g_per_kg_per_day: 2.6}"), True),
    ],
)
def test_the_hard_ceilings_are_4_g_per_kg_a_course_and_2_and_a_half_a_day(
    text: str, refused: bool, overlay: Overlay
) -> None:
    assert bool(rules(overlay(text))) == refused


def test_a_day_pattern_is_measured_by_its_largest_day(overlay: Overlay) -> None:
    pattern = "day_pattern: [{}, {}]"

    assert rules(overlay(regimen("3", "3", "per_course", (2, 2), pattern.format("2.5", "0.5")))) == []
    assert rules(overlay(regimen("3", "3", "per_course", (2, 2), pattern.format("2.6", "0.4")))) == [
        "dose-above-ceiling"
    ]


@pytest.mark.parametrize(("rate", "refused"), [("0.0833", False), ("0.0834", True)])
def test_a_start_is_compared_with_the_maximum_in_one_unit(rate: str, refused: bool, overlay: Overlay) -> None:
    outcome = overlay(
        f"""
products:
  local:
    name: A local product
    region: US
    g_per_100_ml: 10
    vials: [{{g: 5, ml: 50}}]
    rates:
      - indications: [itp]
        start: {{value: {rate}, unit: mL/kg/min}}
        maximum: {{value: 5, unit: mL/kg/h}}
        sources: [seed]
    sources: [seed]
"""
    )

    assert rules(outcome) == (["rate-order"] if refused else [])


@pytest.mark.parametrize(("second", "told"), [("0.0808", False), ("0.0809", True), ("0.0793", False), ("0.0792", True)])
def test_two_printed_units_are_reported_from_one_percent_on(second: str, told: bool, overlay: Overlay) -> None:
    outcome = overlay(
        f"""
products:
  local:
    name: A local product
    region: US
    g_per_100_ml: 10
    vials: [{{g: 5, ml: 50}}]
    rates:
      - indications: [itp]
        start: {{value: 0.5, unit: mL/kg/h}}
        maximum: {{value: 4.8, unit: mL/kg/h, also: {{value: {second}, unit: mL/kg/min}}}}
        sources: [seed]
    sources: [seed]
"""
    )

    assert rules(outcome) == (["printed-units-differ"] if told else [])
    assert outcome.catalogue is not None


@pytest.mark.parametrize(
    ("bounds", "refused"),
    [
        ("{at_least: 5, at_most: 5}", False),
        ("{over: 5, at_most: 5}", True),
        ("{at_least: 5, under: 5}", True),
        ("{over: 5, under: 5.1}", False),
        ("{at_least: 0}", False),
    ],
)
def test_bounds_may_meet_only_where_both_include_the_limit(bounds: str, refused: bool, overlay: Overlay) -> None:
    outcome = overlay(
        f"""
weight_policies:
  local:
    title: A local policy
    branches:
      - {{use: actual, because: Some, when: {{bmi: {bounds}}}}}
      - {{use: actual, because: The others}}
    sources: [seed]
"""
    )

    assert rules(outcome) == (["bounds"] if refused else [])


def test_a_broken_entry_does_not_make_references_to_it_unknown(overlay: Overlay) -> None:
    outcome = overlay(
        """
sources:
  local: {title: A protocol, url: null, kind: formulary, read: soon}
indications:
  local:
    title: A local indication
    regimens: [itp-daily]
    sources: [local]
"""
    )

    assert rules(outcome) == ["not-a-day"]


def test_problems_of_every_kind_are_listed_together_in_the_order_of_the_file(overlay: Overlay) -> None:
    outcome = overlay(
        """
regimens:
  one:
    title: yes
    phase: acut
    g_per_kg: {low: 1, high: 1, default: 2}
    basis: per_day
    days: {low: 1, high: 1, default: 1}
    status: VERIFIED
    sources: [seed]
  two:
    title: A regimen
    phase: acute
    g_per_kg: {low: 1, high: 1, default: 2}
    basis: per_day
    days: {low: 1, high: 1, default: 1}
    status: VERIFIED
    sources: [nowhere]
  two: {}
"""
    )

    assert rules(outcome) == ["yes-or-no", "not-a-choice", "default-outside-range", "unknown-id", "duplicate-key"]
    lines = [problem.position.line for problem in outcome.problems if problem.position]
    assert lines == sorted(lines)


def test_a_missing_section_is_one_problem_and_not_one_for_each_id_in_it(catalogues: object, small: Catalogue) -> None:
    text = (catalogues / "small.yaml").read_text(encoding="utf-8")  # type: ignore[operator]
    begin, end = text.index("sources:\n"), text.index("regimens:\n")

    outcome = build_whole((text[:begin] + text[end:]).encode(), "small.yaml", "small.yaml", "0")

    assert [(problem.rule, problem.message) for problem in outcome.problems] == [
        ("missing-key", "the section sources is missing")
    ]


def test_advice_waits_until_there_is_no_error(overlay: Overlay) -> None:
    unused = "sources:\n  local: {title: A protocol, url: null, kind: formulary, read: 2026-11-22}\n"

    assert rules(overlay(unused)) == ["source-unused"]
    assert rules(overlay(unused + "defaults: {product: nothing}\n")) == ["unknown-id"]


def test_a_collision_stands_in_the_file_of_the_site(overlay: Overlay) -> None:
    problems = overlay("risks:\n  hyperprolinemia: {title: High proline}\n").problems

    assert [(problem.file, problem.path) for problem in problems] == [("site.yaml", "risks.hyperprolinemia")]
