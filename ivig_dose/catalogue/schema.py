"""The JSON Schema of a catalogue file, for editors: what may be written where, in the words of the models."""

from collections.abc import Iterator, Mapping
from inspect import cleandoc
from typing import Any, Final

from ivig_dose.catalogue.fields import ENTRY_SECTIONS, SECTIONS, SINGLE_SECTIONS
from ivig_dose.catalogue.models.entry import Entry
from ivig_dose.catalogue.reader import ID_SHAPE

_ABOUT: Final[Mapping[str, str]] = {
    "catalogue": "The edition of this file.",
    "sources": "Where figures come from, by id.",
    "regimens": "Dosing rules, by id, shared by the indications that are dosed so.",
    "indications": "Diseases for which IVIG is given, by id.",
    "products": "Products with their vials and rates, by id.",
    "weight_policies": "Rules for the weight that a dose is multiplied by, by id.",
    "risks": "Facts about a patient that a request can name, by id.",
    "safety": "Rules that stop a dose or add a notice to it, by id.",
    "vaccines": "Tables of months from IVIG to a live vaccine, by id.",
    "not_recommended": "Diseases for which an authority advises against IVIG, by id.",
    "rounding_policies": "Rules for rounding a course, by id.",
    "igg_targets": "Troughs of IgG that replacement aims for, by id.",
    "igg_rises": "How far the trough of IgG rises with the dose, by id.",
    "known_names": "Products and diseases that are known by name and have no figures here, by id.",
    "defaults": "What is used where a request does not say.",
}


def make_schema() -> dict[str, Any]:
    """The schema of the shipped catalogue and of a site's overlay, of which only `catalogue` is needed."""
    records = {**ENTRY_SECTIONS, **SINGLE_SECTIONS}
    definitions = _define(records)
    properties: dict[str, Any] = {}
    for section in SECTIONS:
        reference = {"$ref": f"#/$defs/{records[section].__name__}"}
        if section in SINGLE_SECTIONS:
            properties[section] = {"description": _ABOUT[section], **reference}
        else:
            properties[section] = {
                "description": _ABOUT[section],
                "type": "object",
                "propertyNames": {"pattern": f"^{ID_SHAPE.pattern}$"},
                "additionalProperties": reference,
            }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "ivig-dose catalogue",
        "description": "A catalogue of IVIG regimens, or a site's own file that is laid over the shipped one.",
        "type": "object",
        "properties": properties,
        "required": ["catalogue"],
        "additionalProperties": False,
        "$defs": definitions,
    }


def _define(records: Mapping[str, Any]) -> dict[str, Any]:
    """The definition of every record that a file may hold, by its name, without the id that is an entry's own key."""
    from pydantic import TypeAdapter

    inputs: list[Any] = [(section, "validation", TypeAdapter(record)) for section, record in records.items()]
    _, combined = TypeAdapter.json_schemas(inputs)
    keyed = {record.__name__ for record in ENTRY_SECTIONS.values()}
    found: dict[str, Any] = combined["$defs"]
    # Only pydantic 2.13 and later put a record's own words into its definition.
    words = {record.__name__: cleandoc(record.__doc__ or "") for record in _list_kinds(Entry)}
    return {name: _tidy_record(found[name], words[name], without_id=name in keyed) for name in sorted(found)}


def _list_kinds(kind: type[Entry]) -> Iterator[type[Entry]]:
    for each in kind.__subclasses__():
        yield each
        yield from _list_kinds(each)


def _tidy_record(record: Mapping[str, Any], words: str, without_id: bool) -> dict[str, Any]:
    left_out = {"id"} if without_id else set()
    properties = {name: _tidy(value) for name, value in record["properties"].items() if name not in left_out}
    required = [name for name in record.get("required", ()) if name in properties]
    tidied = {"type": "object", "description": words, "properties": properties, "required": required}
    return {**tidied, "additionalProperties": False}


def _tidy(value: Any) -> Any:
    """A schema without the titles that repeat the keys and defaults that say nothing, in an order of its own."""
    if isinstance(value, list):
        return [_tidy(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: _tidy(item)
        for name, item in sorted(value.items())
        if name != "title" and not (name == "default" and item in (None, []))
    }
