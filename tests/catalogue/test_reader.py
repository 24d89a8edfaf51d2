"""Entries are read strictly: no value is turned into another, and every mistake is named at its place."""

from collections.abc import Callable

import pytest

from ivig_dose.catalogue.assemble import Outcome
from ivig_dose.catalogue.fields import ENTRY_SECTIONS, keys_of, nearest, record_at, suggest
from ivig_dose.catalogue.models import Bounds, Condition, Difference, Indication, Regimen, SafetyRule, Vial

Overlay = Callable[[str], Outcome]

REGIMEN = """
regimens:
  local:
    title: {title}
    phase: acute
    g_per_kg: {{low: {number}, high: 1, default: 1}}
    basis: per_course
    days: {{low: {count}, high: 5, default: 5}}
    status: VERIFIED
    sources: [seed]
"""


def regimen(title: str = "A regimen", number: str = "1", count: str = "1") -> str:
    return REGIMEN.format(title=title, number=number, count=count)


def found(outcome: Outcome) -> list[tuple[str, str]]:
    return [(problem.rule, problem.path) for problem in outcome.problems]


@pytest.mark.parametrize("value", ["true", '"0.4"', "null", "[]", "{}", "0.4 g/kg", '"1_00"', "2026-01-01"])
def test_nothing_but_a_number_is_a_number(value: str, overlay: Overlay) -> None:
    assert found(overlay(regimen(number=value))) == [("wrong-kind", "regimens.local.g_per_kg.low")]


@pytest.mark.parametrize("value", ["true", '"1"', "null", "1.0", "1.5", "one"])
def test_nothing_but_a_whole_number_is_a_count(value: str, overlay: Overlay) -> None:
    assert found(overlay(regimen(count=value))) == [("wrong-kind", "regimens.local.days.low")]


@pytest.mark.parametrize("value", ["1", "1.0", "true", "null", "[]", "{}"])
def test_nothing_but_text_is_text(value: str, overlay: Overlay) -> None:
    assert found(overlay(regimen(title=value))) == [("wrong-kind", "regimens.local.title")]


@pytest.mark.parametrize("number", ["1", "1.0", "0.4"])
def test_whole_and_decimal_numbers_are_both_amounts(number: str, overlay: Overlay) -> None:
    assert overlay(regimen(number=number)).problems == ()


def test_a_misspelt_key_is_one_problem_and_not_a_missing_one_too(overlay: Overlay) -> None:
    outcome = overlay(regimen().replace("default: 1}", "defualt: 1}"))

    assert found(outcome) == [("unknown-key", "regimens.local.g_per_kg.defualt")]
    assert outcome.problems[0].hint == "did you mean default?"


def test_a_missing_key_stands_at_its_mapping(overlay: Overlay) -> None:
    outcome = overlay(regimen().replace(", default: 1}", "}"))

    assert found(outcome) == [("missing-key", "regimens.local.g_per_kg")]
    assert outcome.problems[0].position is not None
    assert outcome.problems[0].position.line == 7


def test_a_written_id_is_refused_even_when_it_is_the_same(overlay: Overlay) -> None:
    assert found(overlay("risks:\n  local: {id: local, title: A risk}\n")) == [("unknown-key", "risks.local.id")]


@pytest.mark.parametrize(
    "entry_id", ["Local", "local_1", "-local", "local-", "lo--cal", '"lo cal"', '"[red]"', '"="', "é"]
)
def test_an_id_that_is_none_is_refused(entry_id: str, overlay: Overlay) -> None:
    assert [rule for rule, _ in found(overlay(f"risks:\n  {entry_id}: {{title: A risk}}\n"))] == ["bad-id"]


@pytest.mark.parametrize("section", [*ENTRY_SECTIONS, "defaults"])
@pytest.mark.parametrize("content", ["", " [a]", " text", " 5"])
def test_a_section_is_a_mapping(section: str, content: str, overlay: Overlay) -> None:
    assert found(overlay(f"{section}:{content}\n")) == [("wrong-kind", section)]


def test_what_could_not_be_read_is_not_complained_of_twice(overlay: Overlay) -> None:
    assert [rule for rule, _ in found(overlay(regimen(number="1e0", title="no")))] == ["yes-or-no", "number-exponent"]


def test_the_type_at_a_path_is_found_through_lists_mappings_and_options() -> None:
    assert record_at(Indication, ("differences", 0)) is Difference
    assert record_at(SafetyRule, ("when", "any_of", 1)) is Condition
    assert record_at(SafetyRule, ("when", "any_of", 1, "age_years")) is Bounds
    assert record_at(Regimen, ("title",)) is None
    assert record_at(Regimen, ("nowhere", "low")) is None


def test_an_entry_has_the_keys_of_its_model_without_the_id() -> None:
    assert keys_of(Regimen)[0] == "title"
    assert keys_of(Difference)[0] == "id"
    assert keys_of(Vial) == ("g", "ml")


def test_suggestions_help_and_do_not_guess() -> None:
    assert nearest("itp-dialy", ["itp-daily", "kawasaki"]) == "itp-daily"
    assert nearest("ITP DAILY", ["itp-daily"]) == "itp-daily"
    assert nearest("zzz", ["itp-daily"]) is None
    assert suggest("zzz", ["a", "b"], "risk") == "the risks are a, b"
    assert suggest("zzz", ["a"], "risk") == "the only risk is a"
    assert suggest("zzz", [], "risk") == "there is no risk yet"
    assert suggest("zzz", ["a"] * 13, "risk") == "no risk has a name like it"
