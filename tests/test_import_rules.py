"""The house rules that keep the calculation pure: which way imports run, and what the core never touches."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import ivig_dose

PACKAGE = Path(ivig_dose.__file__).parent
LAYERS = [
    ("cli",),
    ("batch", "report"),
    ("core",),
    ("catalogue.models",),
    ("quantity", "problems"),
]
"""Design section 2, the highest first: a module imports from its own layer and from those below."""
PURE = ("core", "catalogue.models", "quantity", "problems")
WORLD = {
    "typer",
    "click",
    "rich",
    "yaml",
    "json",
    "csv",
    "os",
    "sys",
    "pathlib",
    "io",
    "time",
    "random",
    "socket",
    "subprocess",
    "tempfile",
    "shutil",
    "logging",
    "urllib",
    "pydantic",
    "glob",
    "threading",
    "asyncio",
}
"""Files, clocks, environments, terminals and formats."""
INTERNAL = "pydantic_core"
"""What the marks on catalogue fields hand to pydantic, inside a method that only the reader of files calls."""


def module_name(path: Path) -> str:
    """`core.plan` for ivig_dose/core/plan.py."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in PACKAGE.rglob("*.py")}


def imported(path: Path, everywhere: bool = True) -> set[str]:
    """The full names that a module imports, wherever in it; with `everywhere` false, only those not in a function."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {
        node for function in ast.walk(tree) if isinstance(function, ast.FunctionDef) for node in ast.walk(function)
    }
    names = set()
    for node in ast.walk(tree):
        if not everywhere and node in inside:
            continue
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def layer(name: str) -> int | None:
    """The layer of a module; None for one that the rule does not place."""
    for depth, members in enumerate(LAYERS):
        if any(name == member or name.startswith(f"{member}.") for member in members):
            return depth
    return None


def pure_modules() -> list[str]:
    return sorted(name for name in MODULES if name and any(name == p or name.startswith(f"{p}.") for p in PURE))


def test_the_rules_see_the_whole_core():
    assert {"core.plan", "core.weight", "core.infusion", "quantity", "problems", "catalogue.models"} <= set(
        pure_modules()
    )


@pytest.mark.parametrize("name", sorted(name for name in MODULES if layer(name) is not None))
def test_imports_run_one_way(name):
    own = layer(name)
    for target in imported(MODULES[name]):
        if target.startswith("ivig_dose."):
            below = layer(target.removeprefix("ivig_dose."))
            assert below is None or below >= own, f"{name} imports {target}, which is above it"


@pytest.mark.parametrize("name", pure_modules())
def test_the_core_touches_no_file_clock_environment_terminal_or_format(name):
    found = {target.split(".")[0] for target in imported(MODULES[name])} & WORLD
    assert not found
    heavy = {target for target in imported(MODULES[name], everywhere=False) if target.split(".")[0] == INTERNAL}
    assert not heavy


@pytest.mark.parametrize("name", sorted(name for name in MODULES if name.startswith("core")))
def test_the_core_knows_the_catalogues_models_and_not_how_they_are_read(name):
    of_catalogue = {target for target in imported(MODULES[name]) if target.startswith("ivig_dose.catalogue")}
    assert all(
        target.startswith("ivig_dose.catalogue.models") or target == "ivig_dose.catalogue" for target in of_catalogue
    )


def called(path: Path) -> set[str]:
    """The names of the functions that a module calls, without what they are called on."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {call.id for call in calls if isinstance(call, ast.Name)} | {
        call.attr for call in calls if isinstance(call, ast.Attribute)
    }


@pytest.mark.parametrize("name", pure_modules())
def test_no_float_print_open_or_present_time_in_the_core(name):
    """E-23 and E-50: no binary float anywhere between reading and showing, and time is an argument."""
    assert not called(MODULES[name]) & {"float", "print", "open", "input", "today", "now", "eval", "exec", "getenv"}
    tree = ast.parse(MODULES[name].read_text(encoding="utf-8"))
    floats = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, float)]
    assert not floats


@pytest.mark.parametrize("name", sorted(MODULES))
def test_no_check_is_an_assert(name):
    """PYTHONOPTIMIZE=1 strips asserts."""
    tree = ast.parse(MODULES[name].read_text(encoding="utf-8"))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Assert)]


@pytest.mark.parametrize("name", sorted(name for name in MODULES if name.startswith("core")))
def test_core_functions_are_undecorated_but_for_types_and_a_cache(name):
    """So that mutation testing reaches them."""
    allowed = {"property", "dataclass", "lru_cache", "cache", "staticmethod", "classmethod"}
    tree = ast.parse(MODULES[name].read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            for decorator in node.decorator_list:
                called_name = decorator.func if isinstance(decorator, ast.Call) else decorator
                assert isinstance(called_name, ast.Name)
                assert called_name.id in allowed


def test_the_core_is_imported_without_anything_heavy():
    code = "import sys, ivig_dose.core.order; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PACKAGE.parent)
    loaded = set(done.stdout.split())
    assert "ivig_dose.core.plan" in loaded
    assert not loaded & {"typer", "rich", "yaml", "pydantic", "json", "difflib", "ivig_dose.catalogue.loader"}
