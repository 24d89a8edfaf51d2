"""The README and the docs show what the tool prints, name every command and link nothing that is not there."""

import re
import shutil
from pathlib import Path

import pytest

from tests.documents import DOCUMENTS, ROOT, Example, find_examples, run, shows

pytestmark = pytest.mark.slow

EXAMPLES = [example for document in DOCUMENTS for example in find_examples(document)]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("example", EXAMPLES, ids=[f"{e.document.name}:{e.line}:{e.command[:50]}" for e in EXAMPLES])
def test_an_example_prints_what_the_document_shows(example: Example) -> None:
    """Each console example gives the output that stands below it."""
    if "jq " in example.command and shutil.which("jq") is None:
        pytest.skip("jq is not installed on this machine, and the example pipes into it")
    printed = run(example.command)
    assert shows(example.output, printed), printed


def test_the_readme_has_examples() -> None:
    """The README is not silently without examples."""
    assert len(find_examples(ROOT / "README.md")) >= 5


@pytest.mark.parametrize(
    "line",
    [
        "python -m pip install . && ivig-dose dose itp --weight 70",
        "python -m pip install -e '.[test]' && python -m pytest",
    ],
)
def test_the_readme_has_its_two_commands(line: str) -> None:
    """The two lines that set everything up stand in the README as they are run."""
    assert line in README


@pytest.mark.parametrize("word", ["validated", "safe"])
def test_the_readme_never_claims_to_be(word: str) -> None:
    """The README claims neither validation nor safety."""
    assert re.search(rf"\b{word}\b", README, re.I) is None


@pytest.mark.parametrize("document", DOCUMENTS, ids=[document.name for document in DOCUMENTS])
def test_links_lead_somewhere(document: Path) -> None:
    """Every relative link of a document names a file that exists."""
    targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", document.read_text(encoding="utf-8"))
    missing = [target for target in targets if not (document.parent / target).exists()]
    assert missing == []
