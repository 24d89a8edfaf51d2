"""Catalogue entries as data: what `list` and `show` give to a script."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, TypeAlias

from ivig_dose.catalogue.models import (
    Catalogue,
    IggRise,
    IggTarget,
    Indication,
    KnownName,
    NotRecommended,
    Product,
    Regimen,
    Risk,
    RoundingPolicy,
    SafetyRule,
    Source,
    VaccineTable,
    WeightPolicy,
)

CatalogueEntry: TypeAlias = (
    Regimen
    | Indication
    | Product
    | WeightPolicy
    | SafetyRule
    | Source
    | Risk
    | VaccineTable
    | NotRecommended
    | KnownName
    | RoundingPolicy
    | IggTarget
    | IggRise
)
"""Whatever has an id in the catalogue."""

SECTIONS: Final[Mapping[str, str]] = {
    "regimens": "regimens",
    "indications": "indications",
    "products": "products",
    "policies": "weight_policies",
    "rules": "safety",
    "sources": "sources",
    "risks": "risks",
    "vaccines": "vaccines",
    "not-recommended": "not_recommended",
    "known-names": "known_names",
    "rounding-policies": "rounding_policies",
    "igg-targets": "igg_targets",
    "igg-rises": "igg_rises",
}
"""What a person calls a section, and its name in the catalogue."""


def entries_of(catalogue: Catalogue, section: str) -> list[CatalogueEntry]:
    """The entries of one of `SECTIONS` in the order of the catalogue."""
    return list(getattr(catalogue, SECTIONS[section]).values())


def title_of_entry(entry: CatalogueEntry) -> str:
    """The entry's title, which for a product is its name."""
    return entry.name if isinstance(entry, Product) else entry.title


def sources_of_entry(entry: CatalogueEntry) -> tuple[str, ...]:
    """The ids of the entry's sources; a source and a risk have none."""
    return () if isinstance(entry, (Source, Risk)) else entry.sources


def all_sources_of(entry: object) -> list[str]:
    """The ids of every source that any part of the entry names, in order, each once."""
    found: dict[str, None] = dict.fromkeys(getattr(entry, "sources", ()))
    if isinstance(entry, Mapping):
        parts = list(entry.values())
    elif isinstance(entry, tuple):
        parts = list(entry)
    else:
        parts = [getattr(entry, each.name) for each in fields(entry)] if is_dataclass(entry) else []
    for part in parts:
        found.update(dict.fromkeys(all_sources_of(part)))
    return list(found)


def list_document(entries: Iterable[CatalogueEntry]) -> list[dict[str, Any]]:
    """Each entry as an object with `id`, `title` and `sources`."""
    return [{"id": entry.id, "title": title_of_entry(entry), "sources": sources_of_entry(entry)} for entry in entries]


def entry_document(entry: CatalogueEntry) -> dict[str, Any]:
    """One entry whole, with the keys of the catalogue file; what it does not say is null."""
    document: dict[str, Any] = _simplify(entry)
    return document


def _simplify(value: object) -> Any:
    if is_dataclass(value):
        return {each.name: _simplify(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _simplify(each) for key, each in value.items()}
    if isinstance(value, (tuple, list)):
        return [_simplify(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, (str, int, Decimal)):
        return value
    raise TypeError(f"{type(value).__name__} has no place in a document")
