"""The JSON Schema for editors takes the shipped catalogue and refuses what the reader refuses."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ivig_dose.catalogue.loader import shipped_path
from ivig_dose.catalogue.schema import make_schema
from ivig_dose.catalogue.yaml_text import read_yaml

SCHEMA = make_schema()
KINDS: dict[str, Any] = {
    "object": dict,
    "array": list,
    "string": str,
    "number": (int, Decimal),
    "integer": int,
    "boolean": bool,
    "null": type(None),
}


def accepts(schema: dict[str, Any], value: Any) -> bool:
    """Whether a value is valid, for the words of JSON Schema that ours uses."""
    if "$ref" in schema:
        return accepts(SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]], value)
    if "anyOf" in schema:
        return any(accepts(each, value) for each in schema["anyOf"])
    if isinstance(value, bool) and schema.get("type") in {"number", "integer"}:
        return False
    if "type" in schema and not isinstance(value, KINDS[schema["type"]]):
        return False
    if value not in schema.get("enum", [value]) or value != schema.get("const", value):
        return False
    if isinstance(value, dict):
        return accepts_mapping(schema, value)
    if isinstance(value, list):
        return all(accepts(schema.get("items", {}), item) for item in value)
    if isinstance(value, int | Decimal):
        return value >= schema.get("minimum", value) and not value <= schema.get("exclusiveMinimum", -1)
    return True


def accepts_mapping(schema: dict[str, Any], value: dict[str, Any]) -> bool:
    names = schema.get("propertyNames", {}).get("pattern", "")
    if not all(re.search(names, key) for key in value) or not set(schema.get("required", ())) <= set(value):
        return False
    properties, others = schema.get("properties", {}), schema.get("additionalProperties", {})
    return all(
        accepts(properties[key], item) if key in properties else bool(others is not False and accepts(others, item))
        for key, item in value.items()
    )


def read_shipped() -> Any:
    return read_yaml(shipped_path().read_text(encoding="utf-8"), "regimens.yaml").data


def test_the_shipped_catalogue_is_valid() -> None:
    assert accepts(SCHEMA, read_shipped())


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("regimens", "g_per_kg", {"low": 0, "high": 1, "default": 1}),
        ("regimens", "basis", "per day"),
        ("regimens", "defualt", 1),
        ("regimens", "id", "itp-daily"),
        ("regimens", "sources", "seed"),
        ("indications", "title", 5),
        ("products", "vials", [{"g": 5}]),
    ],
)
def test_what_the_reader_refuses_in_an_entry_is_refused(section: str, key: str, value: object) -> None:
    data = read_shipped()
    next(iter(data[section].values()))[key] = value

    assert not accepts(SCHEMA, data)


def test_an_overlay_needs_only_its_edition() -> None:
    edition = {"title": "Site", "version": "1", "effective": "2026-01-01", "review_by": "2027-01-01"}

    assert accepts(SCHEMA, {"catalogue": edition})
    assert not accepts(SCHEMA, {"risks": {}})
    assert not accepts(SCHEMA, {"catalogue": edition, "risk": {}})
    assert not accepts(SCHEMA, {"catalogue": edition, "risks": {"A Risk": {"title": "A risk"}}})


def test_every_key_of_an_entry_has_a_description_of_its_record() -> None:
    assert [name for name, record in SCHEMA["$defs"].items() if not record.get("description")] == []


def test_the_shipped_file_names_the_schema_for_editors() -> None:
    first = shipped_path().read_text(encoding="utf-8").split("\n")[0]
    root = Path(__file__).parents[2]

    assert first == "# yaml-language-server: $schema=docs/regimens.schema.json"
    assert (root / "docs" / "regimens.schema.json").is_file()
