"""The gallery of catalogue messages: one file that breaks each rule, what is said about it, and the page of them all.

Run as a program it writes `docs/catalogue-messages.md` and `docs/regimens.schema.json` again. The expected texts beside
the files are written by hand: they are what a pharmacist is to read.
"""

import json
from pathlib import Path

from ivig_dose.catalogue.rule_ids import RULES

ROOT = Path(__file__).parents[2]
BAD = ROOT / "tests" / "catalogues" / "bad"
PAGE = ROOT / "docs" / "catalogue-messages.md"
SCHEMA = ROOT / "docs" / "regimens.schema.json"

GENERATED = {"file-unreadable": "a file that is not there", "file-too-large": "a file of more than 2 MB"}
"""Rules that no file in the repository can break; the tests make theirs."""

_INTRODUCTION = """# What `ivig-dose catalogue check` says

One entry for each rule: what must hold, a file that breaks it, and the message. `tests/catalogues/bad/` has the files,
and the tests compare every message. Most are small overlays of a small catalogue, as a site would write them.

A message is `FILE:LINE:COLUMN: path: message [rule]`, then the line with a caret under the place, then a hint. Every
problem of a file is listed, in its order. Where the last line begins with `advice:` instead of `hint:` the file can be
used as it is; everything else makes it unusable.
"""


def expected(rule: str) -> str:
    """The text that is to be said about the file that breaks `rule`."""
    return (BAD / f"{rule}.txt").read_text(encoding="utf-8")


def render_page() -> str:
    """The page of all rules, in the order in which a file is read."""
    parts = [_INTRODUCTION]
    for rule, meaning in RULES.items():
        parts.append(f"## {rule}\n\n{meaning}\n")
        if rule in GENERATED:
            parts.append(f"For {GENERATED[rule]}:\n")
        else:
            content = (BAD / f"{rule}.yaml").read_bytes()
            parts.append(_fence("yaml", _visible(content)))
        parts.append(_fence("text", expected(rule)))
    return "\n".join(parts)


def render_schema() -> str:
    """The JSON Schema of a catalogue file."""
    from ivig_dose.catalogue.schema import make_schema

    return json.dumps(make_schema(), indent=2, ensure_ascii=False) + "\n"


def _visible(content: bytes) -> str:
    text = content.decode("utf-8", "replace")
    return "".join(char if char.isprintable() or char == "\n" else f"\\u{ord(char):04x}" for char in text)


def _fence(language: str, text: str) -> str:
    return f"```{language}\n{text.rstrip()}\n```\n"


if __name__ == "__main__":
    PAGE.write_text(render_page(), encoding="utf-8")
    SCHEMA.write_text(render_schema(), encoding="utf-8")
