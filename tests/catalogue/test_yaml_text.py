"""YAML becomes plain data with the place of every value, and everything wrong with it is listed at once."""

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivig_dose.catalogue.document import Document, show_path
from ivig_dose.catalogue.yaml_text import MAX_DEPTH, read_yaml
from ivig_dose.problems import Position

words = st.text(alphabet="abc é:#{}[]'\"\\,&*!|>%@`-", max_size=8)
plain_data = st.recursive(
    st.none() | st.booleans() | st.integers(0, 999999) | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=12,
)


def rules(document: Document) -> list[str]:
    return [problem.rule for problem in document.problems]


@given(st.dictionaries(words, plain_data, min_size=1))
def test_json_is_read_as_json_reads_it(data: dict[str, Any]) -> None:
    document = read_yaml(json.dumps(data, ensure_ascii=False), "site.yaml")

    assert document.problems == []
    assert document.data == data


@settings(max_examples=500)
@given(st.text(alphabet="ab01:-?,[]{}&*!|>'\"%@#\n \t.~<_", max_size=60))
def test_any_text_is_read_or_refused_and_never_raises(text: str) -> None:
    document = read_yaml(text, "site.yaml")

    assert document.usable or document.problems
    for problem in document.problems:
        assert problem.position is not None
        assert problem.source_line == document.lines[problem.position.line - 1]


def test_a_scalar_stands_at_its_value_and_a_mapping_at_its_key() -> None:
    document = read_yaml("a:\n  b: 1\n  c:\n    - 2\n    - {d: 3}\n", "site.yaml")

    assert document.data == {"a": {"b": 1, "c": [2, {"d": 3}]}}
    assert document.place[("a",)] == Position(1, 1)
    assert document.place[("a", "b")] == Position(2, 6)
    assert document.place[("a", "c")] == Position(3, 3)
    assert document.place[("a", "c", 1)] == Position(5, 7)
    assert document.place[("a", "c", 1, "d")] == Position(5, 11)
    assert document.position(("a", "b", "not", "there")) == Position(2, 6)


def test_a_repeated_key_names_both_lines_and_the_first_value_is_kept() -> None:
    document = read_yaml("dose: 0.4\nother: 1\ndose: 4.0\n", "site.yaml")

    assert rules(document) == ["duplicate-key"]
    assert "here and on line 1" in document.problems[0].message
    assert document.problems[0].position == Position(3, 1)
    assert str(document.data["dose"]) == "0.4"


def test_keys_that_differ_in_quotes_alone_are_the_same_key() -> None:
    assert rules(read_yaml("a: 1\n'a': 2\n", "site.yaml")) == ["duplicate-key"]


def test_every_problem_is_listed_in_the_order_of_the_file() -> None:
    document = read_yaml("a: 010\nb: [yes, 1e3]\nc: 1\nc: 2\n", "site.yaml")

    assert rules(document) == ["number-leading-zero", "yes-or-no", "number-exponent", "duplicate-key"]
    assert document.unread == {("a",), ("b", 0), ("b", 1)}


def test_all_anchors_and_references_are_one_problem_that_names_the_lines() -> None:
    document = read_yaml("a: &x 1\nb: *x\nc: [*x, *x]\n", "site.yaml")

    assert rules(document) == ["yaml-anchor"]
    assert "(also on lines 2, 3)" in document.problems[0].message


@pytest.mark.parametrize("text", ["a: &x 1\n*x : 2\nb: 3\n", "{a: &x 1, *x : 2, b: 3}"])
def test_a_reference_as_a_key_changes_nothing_else(text: str) -> None:
    document = read_yaml(text, "site.yaml")

    assert rules(document) == ["yaml-anchor"]
    assert document.data == {"a": 1, "b": 3}


def test_a_decimal_comma_in_braces_is_named_as_one() -> None:
    document = read_yaml("g_per_kg: {low: 0,4, high: 1}\n", "site.yaml")

    assert rules(document) == ["number-comma"]
    assert ("g_per_kg", "low") in document.unread


@pytest.mark.parametrize("text", ["? [a]\n: 1\n", "{a: 1}: 2\n", "[a]: 1\n"])
def test_only_a_word_is_a_key(text: str) -> None:
    assert "yaml-key" in rules(read_yaml(text, "site.yaml"))


def test_what_stands_under_a_refused_key_is_read_but_kept_nowhere() -> None:
    document = read_yaml("no:\n  a: 010\n  b: {c: 1}\nd: 2\n", "site.yaml")

    assert rules(document) == ["yes-or-no", "number-leading-zero"]
    assert document.data == {"d": 2}
    assert document.incomplete == {()}


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("a: b: c\n", Position(1, 5)),
        ("a:\n\tb: 1\n", Position(2, 1)),
        ('a: "b\n', Position(1, 4)),
        ("a: [1, 2\nb: 3\n", Position(2, 2)),
        ("a:\n  b: 1\n c: 2\n", Position(3, 2)),
        ("a: @x\n", Position(1, 4)),
        ('a: "\\q"\n', Position(1, 5)),
        ("a: {\n\n", Position(1, 5)),
    ],
)
def test_a_syntax_error_stands_where_it_is_seen(text: str, position: Position) -> None:
    document = read_yaml(text, "site.yaml")

    assert rules(document) == ["yaml-syntax"]
    assert document.problems[0].position == position
    assert not document.usable


def choose_parser(monkeypatch: pytest.MonkeyPatch, in_c: bool) -> None:
    import yaml

    monkeypatch.setattr(yaml, "__with_libyaml__", in_c and yaml.__with_libyaml__)


@pytest.mark.parametrize("in_c", [True, False])
@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "a: ["])
@pytest.mark.parametrize("levels", [MAX_DEPTH + 1, 5_000])
def test_depth_is_counted_whichever_parser_reads(
    opening: str, levels: int, in_c: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the parser has a limit of its own, as PyYAML 6.0.4 has at 1,000."""
    choose_parser(monkeypatch, in_c)
    allowed = read_yaml("[" * MAX_DEPTH + "]" * MAX_DEPTH, "site.yaml")
    refused = read_yaml(opening * levels, "site.yaml")

    assert allowed.problems == []
    assert rules(refused) == ["yaml-depth"]


@pytest.mark.parametrize("in_c", [True, False])
@pytest.mark.parametrize("text", ["a: ]", "[1,,2]", "a: b: c", "a: {b c d: 1, : }", "a: *"])
def test_a_syntax_error_is_told_in_our_own_words(text: str, in_c: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    choose_parser(monkeypatch, in_c)
    (problem,) = read_yaml(text, "site.yaml").problems

    assert problem.rule == "yaml-syntax"
    assert not re.search("expected|while|scanning|token|node|flow", problem.message)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "file-empty"),
        ("# x\n", "file-empty"),
        ("---\n...\n", "file-empty"),
        ("---\na: 1\n---\nb: 1\n", "yaml-documents"),
        ("a: !!str 1\n", "yaml-tag"),
        ("a: !x 1\n", "yaml-tag"),
        ("<<: {a: 1}\n", "yaml-merge"),
    ],
)
def test_other_features_of_yaml_are_refused(text: str, rule: str) -> None:
    assert rules(read_yaml(text, "site.yaml")) == [rule]


def test_the_pure_python_parser_gives_the_same_document(monkeypatch: pytest.MonkeyPatch, catalogues: Any) -> None:
    import yaml

    text = (catalogues / "small.yaml").read_text(encoding="utf-8")
    with_c = read_yaml(text, "small.yaml")
    monkeypatch.setattr(yaml, "__with_libyaml__", False)
    without_c = read_yaml(text, "small.yaml")

    assert without_c.data == with_c.data
    assert without_c.place == with_c.place
    assert without_c.key_place == with_c.key_place


def test_a_path_is_shown_as_a_person_would_write_it() -> None:
    assert show_path(("products", "x", "vials", 0, "g")) == "products.x.vials[0].g"
    assert show_path(("status", "a b\x1b")) == "status.'a b\\u001b'"
    assert show_path(()) == ""
