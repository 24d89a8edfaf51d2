"""Every rule has a file that breaks it and the exact text that is said about it, and the page shows them all."""

import ast
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from ivig_dose.catalogue.assemble import lay_over
from ivig_dose.catalogue.loader import check_catalogue
from ivig_dose.catalogue.messages import format_problems
from ivig_dose.catalogue.models import Catalogue
from ivig_dose.catalogue.rule_ids import RULES


def load_gallery() -> ModuleType:
    spec = importlib.util.spec_from_file_location("gallery", Path(__file__).with_name("gallery.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


gallery = load_gallery()
REGENERATE = "run python tests/catalogue/gallery.py"


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule not in gallery.GENERATED])
def test_a_broken_rule_says_exactly_this(rule: str, small: Catalogue) -> None:
    file = gallery.BAD / f"{rule}.yaml"
    outcome = lay_over(small, file.read_bytes(), file.name, "1" * 64)

    assert rule in [problem.rule for problem in outcome.problems]
    assert format_problems(outcome.problems) + "\n" == gallery.expected(rule)
    assert (outcome.catalogue is None) == any(problem.severity == "error" for problem in outcome.problems)


def test_a_file_that_is_not_there_says_exactly_this(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    problems = check_catalogue(Path("no-such-file.yaml"))

    assert format_problems(problems) + "\n" == gallery.expected("file-unreadable")


def test_a_file_that_is_too_large_says_exactly_this(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("large.yaml").write_bytes(b"# " + b"x" * 20_000_000)

    problems = check_catalogue(Path("large.yaml"))

    assert format_problems(problems) + "\n" == gallery.expected("file-too-large")


def test_there_is_no_file_without_a_rule() -> None:
    assert {path.stem for path in gallery.BAD.iterdir()} == set(RULES)


def list_rule_like_words() -> Iterator[str]:
    """Every word in the catalogue package's code that looks like a rule id."""
    package = gallery.ROOT / "ivig_dose" / "catalogue"
    for path in package.glob("*.py"):
        if path.name == "rule_ids.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            word = node.value if isinstance(node, ast.Constant) else None
            if isinstance(word, str) and re.fullmatch(r"[a-z]+(-[a-z]+)+", word):
                yield word


def test_every_rule_in_the_code_is_listed() -> None:
    not_rules = {"utf-8", "utf-8-sig"}

    assert set(list_rule_like_words()) - not_rules <= set(RULES)


def test_every_listed_rule_is_in_the_code() -> None:
    assert set(RULES) <= set(list_rule_like_words()) | {"bounds", "vials"}


def test_the_page_shows_every_message() -> None:
    assert gallery.PAGE.read_text(encoding="utf-8") == gallery.render_page(), REGENERATE


def test_the_schema_for_editors_is_that_of_the_models() -> None:
    assert gallery.SCHEMA.read_text(encoding="utf-8") == gallery.render_schema(), REGENERATE
