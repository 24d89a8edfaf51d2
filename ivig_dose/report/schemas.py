"""The JSON Schema (2020-12) of every document that the tool writes, by its name."""

from collections.abc import Mapping
from typing import Any, Final

from ivig_dose.report.document_keys import CHECK, NOTICES, ORIGIN, PLAN, REFUSAL, SCHEMA_KEY, Key, Keys

_OF_POLICY: Final[Keys] = {"policy": Key("text", "Id of the weight policy.")}
_OF_ROW: Final[Keys] = {
    "row": Key("whole", "Row of the file, from 1."),
    "id": Key("text?", "Id of the row; null where its line is broken."),
}
_PASSED: Final[Keys] = {"passed_through": Key("object", "Columns that are not read, as they stood.")}
_TABLE_ROW: Final[Keys] = {
    "weight_kg": Key("number", "Actual weight in kg."),
    "dosing_weight_kg": Key("number", "Dosing weight in kg."),
    "day_g": Key("number?", "Calculated grams of a day; null where days differ."),
    "course_g": Key("number", "Calculated grams of the course."),
    "given_course_g": Key("number", "Grams of the course that are given."),
    "given_days_g": Key("[number]", "Grams of each day of one course that are given."),
    "volume_ml": Key("number", "mL of one course."),
    "vials": Key("text?", "Vials of one course; null without a product."),
    "part_vials": Key("text?", "Doses drawn from part vials; null where there are none.", since=True),
    "rates_ml_per_h": Key("[number]", "Rates of the longest day in order."),
    "total_minutes": Key("number?", "Time of the longest day; null where no rates are known."),
    "notices": Key("[text]", "Ids of notices."),
}
_LIST_ROW: Final[Keys] = {
    "id": Key("text", "Id."),
    "title": Key("text", "Title; of a product its name."),
    "sources": Key("[text]", "Ids of sources."),
}
_SHOW: Final[Keys] = {
    "id": Key("text", "Id. The other keys are those of the entry in the catalogue: `ivig-dose catalogue schema`."),
    "kind": Key("text", "What `list` calls such entries."),
    "file": Key("object?", "The catalogue file that it comes from."),
}
_SELFTEST: Final[Keys] = {
    "schema": SCHEMA_KEY,
    "status": Key("ok|failed", "The verdict."),
    "cases": Key("whole", "Cases computed."),
    "failed": Key("whole", "Cases that came out otherwise."),
    "tool": Key("text", "Version of ivig-dose."),
    "python": Key("text", "Version of Python."),
    "platform": Key("text", "Machine and system."),
    "catalogue": Key("object", "The catalogue.", {name: ORIGIN[name] for name in ("version", "sha256", "files")}),
    "golden": Key("object", "The file of cases.", {"sha256": Key("text", "SHA-256 of its bytes.")}),
    "run_at": Key("text", "Date and time."),
    "results": Key(
        "[object]",
        "Each case.",
        {
            "id": Key("text", "Id."),
            "status": Key("ok|failed", "Its verdict."),
            "why": Key("text", "Arithmetic or source."),
            "differences": Key(
                "[object]",
                "What came out otherwise.",
                {
                    "field": Key("text", "Place in the document."),
                    "expected": Key("any", "What must be."),
                    "got": Key("any", "What is."),
                },
            ),
        },
    ),
}
_REPLAY: Final[Keys] = {
    "schema": SCHEMA_KEY,
    "status": Key("identical|changed|skipped", "The verdict; skipped is a refused row without a request."),
    "refused_by": Key("text?", "The rule that refuses it now; null where none does."),
    "changes": Key(
        "[object]",
        "Each value that changed.",
        {
            "path": Key("text", "Place in the document."),
            "old": Key("any", "As it was; null also where it was not there."),
            "new": Key("any", "As it is."),
            "moved_by": Key("text", "The entry of the catalogue, or the tool, that moved it."),
        },
    ),
    "not_in_document": Key("[text]", "Keys that came after the document was written."),
    "origin": Key("object", "Tool and catalogue then and now."),
}
_ROUNDED: Final[Keys] = {
    "rounding_policy": Key("text", "Id."),
    "status": Key("ok|refused", "Whether it gives a plan."),
    "rule": Key(
        "vial|step|none?", "What was done: none where vials or steps would leave the tolerance, and for newborns."
    ),
    "given_course_g": Key("number?", "Grams given over one course."),
    "difference_pct": Key("number?", "Change of the course in percent."),
    "refusal": Key("text?", "Why not; null for a plan."),
}
_ROWS: Final = Key("whole", "Rows.")
_SUMMARY: Final[Keys] = {
    "schema": SCHEMA_KEY,
    "rows": _ROWS,
    "patients": Key("whole", "Different ids."),
    "planned": Key("whole", "Rows with a dose, or with an order that matches."),
    "mismatched": Key("whole", "Rows with an order that does not match."),
    "refused": Key("whole", "Rows refused."),
    "given_course_g": Key("number", "Grams given over one course of each row."),
    "given": Key(
        "[object]",
        "The same by indication and product.",
        {
            "indication": Key("text", "Id."),
            "product": Key("text?", "Id; null where none is named."),
            "rows": _ROWS,
            "given_course_g": Key("number", "Grams given."),
        },
    ),
    "vials": Key(
        "[object]",
        "Vials to open for one course of each row.",
        {
            "product": Key("text", "Id."),
            "g": Key("number", "Grams of the vial."),
            "count": Key("whole", "How many."),
        },
    ),
    "outside_tolerance": Key(
        "object",
        "Rows that whole vials or the site's step do not make within the tolerances.",
        {"rows": _ROWS, "share_pct": Key("number", "Percent of the rows with a dose.")},
    ),
    "refused_by": Key("[object]", "Refused rows by rule.", {"rule": Key("text", "Id."), "rows": _ROWS}),
    "compare_policy": Key("object?", "What another weight policy would give; null where none was asked for."),
    "passed_through_unread": Key("[text]", "Columns that are not read."),
    "origin": Key("object", "Tool and catalogue."),
}
_PROBLEMS: Final[Keys] = {
    "schema": SCHEMA_KEY,
    "file": Key("text", "The file."),
    "usable": Key("flag", "Whether it can be used."),
    "problems": Key(
        "[object]",
        "Each problem, in the order of the file.",
        {
            "file": Key("text", "The file."),
            "line": Key("whole?", "Its line; null where it has no place."),
            "column": Key("whole?", "Its column."),
            "path": Key("text", "Its place in the catalogue."),
            "message": Key("text", "What is wrong."),
            "rule": Key("text", "By which rule."),
            "severity": Key("error|advice", "Advice leaves the file usable."),
            "hint": Key("text", "What to do."),
        },
    ),
}
_MOVES: Final = Key(
    "[object]",
    "Each weight at which it moves.",
    {
        "weight_kg": Key("number", "Actual weight in kg."),
        "old": Key("number?", "Figure as it was; null where there was none."),
        "new": Key("number?", "Figure as it is."),
    },
)
_DIFF: Final[Keys] = {
    "schema": SCHEMA_KEY,
    "old": Key("text", "The file as it was."),
    "new": Key("text", "The file as it is."),
    "weakened": Key(
        "[object]",
        "What allows more than it did.",
        {
            "section": Key("text", "Section of the catalogue."),
            "id": Key("text", "Id."),
            "text": Key("text", "What it allows."),
            "reason": Key("text", "The reason that the entry gives; may be empty."),
        },
    ),
    "entries": Key(
        "[object]",
        "Entries that were added, removed or changed.",
        {
            "section": Key("text", "Section of the catalogue."),
            "id": Key("text", "Id; empty for `catalogue` and `defaults`."),
            "kind": Key("added|removed|changed", "What became of it."),
            "fields": Key(
                "[object]",
                "Values that differ.",
                {
                    "path": Key("text", "Place in the file."),
                    "old": Key("text", "As it was; may be empty."),
                    "new": Key("text", "As it is; may be empty."),
                },
            ),
        },
    ),
    "doses": Key(
        "[object]",
        "Doses that move.",
        {
            "what": Key("day|course", "Grams of the day or of the course."),
            "indication": Key("text", "Id."),
            "old_regimen": Key("text", "Id."),
            "new_regimen": Key("text", "Id; another one where the default changed."),
            "is_default": Key("flag", "Whether another regimen became the default."),
            "moves": _MOVES,
        },
    ),
    "rates": Key(
        "[object]",
        "Rates that move, in mL/h.",
        {
            "product": Key("text", "Id."),
            "indication": Key("text", "Id."),
            "infusion": Key("text", "any, first or later."),
            "what": Key("text", "start, step 2, maximum, ..."),
            "moves": _MOVES,
        },
    ),
}


_ONE_OBJECT: Final[Mapping[str, Keys]] = {
    "plan": PLAN,
    "refusal": REFUSAL,
    "check": CHECK,
    "summary": _SUMMARY,
    "catalogue-check": _PROBLEMS,
    "selftest": _SELFTEST,
}


def _object(keys: Keys, strict: bool) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {name: _value(key, strict) for name, key in keys.items()},
        "required": [name for name, key in keys.items() if not key.since],
    }
    return {**schema, "additionalProperties": False} if strict else schema


def _value(key: Key, strict: bool) -> dict[str, Any]:
    """The schema of a value: its kind is read as `Key` tells."""
    kind = key.kind.removesuffix("?")
    inner = kind.strip("[]")
    scalars: Mapping[str, dict[str, Any]] = {
        "text": {"type": "string"},
        "number": {"type": "number"},
        "whole": {"type": "integer"},
        "flag": {"type": "boolean"},
        "date": {"type": "string", "format": "date"},
        "any": {},
        "object": {"type": "object"} if key.keys is None else _object(key.keys, strict),
    }
    schema = scalars[inner] if inner in scalars else {"enum": inner.split("|")}
    if kind != inner:
        schema = {"type": "array", "items": schema}
    if key.kind.endswith("?"):
        schema = {"anyOf": [schema, {"type": "null"}]}
    return {"description": key.meaning, **schema}


def _list_of(keys: Keys, strict: bool) -> dict[str, Any]:
    return {"type": "array", "items": _object(keys, strict)}


_NAMES: Final[Mapping[str, str]] = {
    "plan": "A plan: `dose --json`.",
    "refusal": "A refusal: `--json` of any command that gives no dose.",
    "check": "An order compared with its plan: `check --json`.",
    "batch": "One line of a batch: `batch --json`.",
    "summary": "What a batch comes to: `batch --summary --json`.",
    "table": "A grid by weight: `table --json`.",
    "compare": "All weight policies for one patient: `compare --json`.",
    "list": "Entries of the catalogue: `list --json`.",
    "show": "One entry of the catalogue: `show --json`.",
    "selftest": "Golden cases computed: `selftest --json`.",
    "replay": "A document computed again: `replay --json`, one object for each.",
    "catalogue-check": "Problems of a catalogue file: `catalogue check --json`.",
    "catalogue-diff": "What changed between two catalogue files: `catalogue diff --json`.",
}
NAMES: Final = tuple(_NAMES)


def make_schema(name: str, strict: bool = False) -> dict[str, Any]:
    """The schema of one of `NAMES`. Readers allow keys that they do not know; `strict` refuses them, for tests."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"ivig-dose {name}",
        "description": _NAMES[name],
        **_make_body(name, strict),
    }


def _make_body(name: str, strict: bool) -> dict[str, Any]:
    match name:
        case "plan" | "refusal" | "check" | "summary" | "catalogue-check" | "selftest":
            return _object(_ONE_OBJECT[name], strict)
        case "batch":
            refusal = {**_OF_ROW, **REFUSAL, "notices": NOTICES, **_PASSED}
            others = [{**_OF_ROW, **keys, **_PASSED} for keys in (PLAN, CHECK)]
            return {"anyOf": [_object(keys, strict) for keys in (*others, refusal)]}
        case "table":
            refused = {"weight_kg": _TABLE_ROW["weight_kg"], "refusal": REFUSAL["refusal"]}
            rows = {"type": "array", "items": {"anyOf": [_object(keys, strict) for keys in (_TABLE_ROW, refused)]}}
            keys = {"schema": SCHEMA_KEY, "status": PLAN["status"], "origin": PLAN["origin"]}
            return _with(keys, strict, "rows", rows)
        case "compare":
            results = [_object({**_OF_POLICY, **keys}, strict) for keys in (PLAN, REFUSAL)]
            policies = {"type": "array", "items": {"anyOf": results}}
            keys = {
                "schema": SCHEMA_KEY,
                "rounding_policies": Key("[object]", "Each rounding policy.", _ROUNDED, since=True),
            }
            return _with(keys, strict, "policies", policies)
        case "list":
            return _list_of(_LIST_ROW, strict)
        case "show":
            return _object(_SHOW, strict=False)
        case "replay":
            rows_or_one = {name: key._replace(since=True) for name, key in _OF_ROW.items()}
            return _object({**rows_or_one, **_REPLAY}, strict)
        case _:
            return _object(_DIFF, strict)


def _with(keys: Keys, strict: bool, name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """An object with one more key, whose schema is made elsewhere."""
    body = _object(keys, strict)
    return {**body, "properties": {**body["properties"], name: schema}, "required": [*body["required"], name]}
