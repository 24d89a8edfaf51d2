"""The Python examples of the docs: run, and found to print what stands below them."""

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

DOCS = Path(__file__).parents[1] / "docs"
EXAMPLE = re.compile(r"^```python\n(.*?)^```\n\n^```text\n(.*?)^```", re.M | re.S)
FOUND = [
    pytest.param(
        example[1], example[2], id=f"{document.name}:{document.read_text()[: example.start()].count(chr(10)) + 1}"
    )
    for document in sorted(DOCS.glob("*.md"))
    for example in EXAMPLE.finditer(document.read_text(encoding="utf-8"))
]


def test_there_are_examples() -> None:
    assert len(FOUND) >= 6


def test_every_python_block_says_what_it_prints() -> None:
    for document in DOCS.glob("*.md"):
        text = document.read_text(encoding="utf-8")
        assert text.count("```python\n") == len(EXAMPLE.findall(text)), document.name


@pytest.mark.parametrize(("code", "printed"), FOUND)
def test_an_example_prints_what_stands_below_it(code, printed, tmp_path) -> None:
    if "import duckdb" in code and find_spec("duckdb") is None:
        pytest.skip("duckdb is not installed here")
    shutil.copytree(DOCS / "samples", tmp_path, dirs_exist_ok=True)

    # a process of its own, because an engine may have words of its own to say when it ends
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(DOCS.parent)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )

    assert (done.returncode, done.stdout) == (0, printed), done.stderr
