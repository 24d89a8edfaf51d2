"""What has to be installed: `oldest.txt` names exactly the lower bounds, and tests need only the `test` extra."""

import ast
import re
import sys
import tomllib
from pathlib import Path

TESTS = Path(__file__).parent
ROOT = TESTS.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
NEEDED = [*PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"]["test"]]
MODULE_OF = {"pyyaml": "yaml"}
"""Distributions whose module has another name."""


def split_bounds(requirements):
    """The least version of each requirement, by the name of its distribution."""
    found = [re.fullmatch(r"([A-Za-z-]+)>=([0-9.]+)(?:,<[0-9.]+)?", text) for text in requirements]
    assert None not in found, f"a requirement without a lower bound is in {requirements}"
    return {each[1]: each[2] for each in found}


def test_the_oldest_releases_are_the_lower_bounds():
    lines = (TESTS / "oldest.txt").read_text(encoding="utf-8").splitlines()
    pinned = dict(line.split("==") for line in lines if line and not line.startswith("#"))

    assert pinned == split_bounds(NEEDED)


def test_a_build_asks_for_no_other_releases_than_a_run():
    bounds = split_bounds(NEEDED)

    for name, version in split_bounds(PROJECT["build-system"]["requires"]).items():
        assert bounds[name] == version


def test_the_tests_import_nothing_but_what_their_extra_installs():
    ours = {"ivig_dose", "tests", *(each.stem for each in (ROOT / "benchmarks").glob("*.py"))}
    there = {MODULE_OF.get(name, name) for name in split_bounds(NEEDED)} | ours | sys.stdlib_module_names
    paths = sorted(TESTS.rglob("*.py"))

    assert len(paths) > 100
    assert {str(path): names for path in paths if (names := list_imports(path) - there)} == {}


def list_imports(path):
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}
    return {name.partition(".")[0] for name in names}
