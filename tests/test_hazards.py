"""The hazard log names every hazard, and every test that it names exists."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
LOG = (TESTS.parent / "docs" / "hazards.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`([\w/]+\.py)::(\w+)`", LOG)))
HAZARDS = [f"E-{number:02}" for number in range(1, 63)]


@cache
def list_tests(path):
    """The names of the test functions of a file, read and not imported."""
    tree = ast.parse((TESTS / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_a_named_test_exists(path, name):
    assert (TESTS / path).is_file()
    assert name in list_tests(path)


@pytest.mark.parametrize("hazard", HAZARDS)
def test_every_hazard_is_in_the_log_once(hazard):
    rows = re.findall(rf"^\| {hazard} \|", LOG, re.M)
    reasons = re.findall(rf"^- {hazard}, ", LOG, re.M)

    assert len(rows) + len(reasons) == 1


@pytest.mark.parametrize("row", [line for line in LOG.splitlines() if line.startswith("| E-")])
def test_every_hazard_that_can_touch_the_tool_names_control_and_test(row):
    _, hazard, control, tests = row.strip("| ").split(" | ")

    assert hazard
    assert control
    assert re.findall(r"`[\w/]+\.py::\w+`", tests)


@pytest.mark.parametrize("hazard", re.findall(r"^- (E-\d\d): ", LOG, re.M))
def test_a_difference_is_about_a_hazard_of_the_log(hazard):
    assert f"| {hazard} |" in LOG
