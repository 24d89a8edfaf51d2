"""The console examples of all pages: found, run, and written anew with `python tests/documents.py`.

An example is a fenced block that begins with ```console. A line `$ command` is run by bash in a folder that holds
the sample files of `docs/samples` and the published vectors; the lines below it are its output, stdout and stderr
together.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
SAMPLES = ROOT / "docs" / "samples"
COLUMNS = "100"
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)
_LEFT_OUT = "..."


class Example(NamedTuple):
    """One command of a document with the output that stands below it."""

    document: Path
    line: int
    command: str
    output: str


def find_examples(document: Path) -> list[Example]:
    """Every command of every console block, in order."""
    text = document.read_text(encoding="utf-8")
    examples = []
    for block in _BLOCK.finditer(text):
        line = text[: block.start()].count("\n") + 2
        for command, output in _split(block[1]):
            examples.append(Example(document, line, command, output))
    return examples


def _split(block: str) -> list[tuple[str, str]]:
    parts = re.split(r"^\$ ((?:.*\\\n)*.*)\n?", block, flags=re.M)[1:]
    return [(command, output) for command, output in zip(parts[::2], parts[1::2], strict=True)]


def run(command: str) -> str:
    """What the command prints on a terminal of 100 columns without colour."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("IVIG_DOSE")}
    environment |= {
        "COLUMNS": COLUMNS,
        "NO_COLOR": "1",
        "PYTHONPATH": str(ROOT),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    with tempfile.TemporaryDirectory() as folder:
        if SAMPLES.is_dir():
            shutil.copytree(SAMPLES, folder, dirs_exist_ok=True)
            shutil.copy(ROOT / "docs" / "vectors" / "published.jsonl", folder)
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            check=False,
            timeout=60,
        )
    return "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines())


def shows(expected: str, printed: str) -> bool:
    """Whether the output of a document is what was printed; a line `...` stands for any lines left out."""
    pieces = [re.escape(piece) for piece in re.split(rf"^{re.escape(_LEFT_OUT)}\n", expected, flags=re.M)]
    return re.fullmatch("(?s:.*)".join(pieces), printed) is not None


def refresh(document: Path) -> None:
    """Write the present output below each command that has no lines left out."""

    def renew(block: re.Match[str]) -> str:
        lines = ["```console\n"]
        for command, output in _split(block[1]):
            lines.append(f"$ {command}\n")
            lines.append(output if f"{_LEFT_OUT}\n" in output else run(command))
        return "".join([*lines, "```"])

    document.write_text(_BLOCK.sub(renew, document.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    for each in DOCUMENTS:
        refresh(each)
