"""Writes `docs/schemas` and the lists of keys in `docs/json.md` anew: `python tests/schemas.py`."""

import json
from pathlib import Path

from ivig_dose.report.document_keys import CHECK, PLAN, REFUSAL, Keys
from ivig_dose.report.schemas import NAMES, make_schema

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "schemas"
PAGE = ROOT / "docs" / "json.md"
BEGIN = "<!-- the lists below are written by `python tests/schemas.py` -->\n"


def write_schema(name: str) -> str:
    """The text of a schema's file."""
    return json.dumps(make_schema(name), indent=2) + "\n"


def write_page(text: str) -> str:
    """The page with its lists of keys as they are now."""
    lists = [("A plan", PLAN), ("A refusal", REFUSAL), ("A check", CHECK)]
    return text[: text.index(BEGIN)] + BEGIN + "".join(_write_list(title, keys) for title, keys in lists)


def _write_list(title: str, keys: Keys) -> str:
    lines = [f"\n## {title}\n\n| Key | Value | Meaning |\n|---|---|---|\n", *_write_rows("", keys)]
    return "".join(lines)


def _write_rows(path: str, keys: Keys) -> list[str]:
    rows = []
    for name, key in keys.items():
        kind = key.kind.removesuffix("?")
        words = kind.strip("[]").replace("|", ", ")
        value = f"list of {words}" if kind.startswith("[") else words
        value += " or null" if key.kind.endswith("?") else ""
        rows.append(f"| `{path}{name}` | {value} | {key.meaning}{' Not in every document.' if key.since else ''} |\n")
        if key.keys is not None and (not path or name not in ("origin", "request")):
            # Of the phase that follows only what a plan itself has not.
            inner = {each: its for each, its in key.keys.items() if keys.get(each) is not its}
            rows += _write_rows(f"{path}{name}{'[]' if kind.startswith('[') else ''}.", inner)
    return rows


if __name__ == "__main__":
    for each in NAMES:
        (FOLDER / f"{each}.schema.json").write_text(write_schema(each), encoding="utf-8")
    PAGE.write_text(write_page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
