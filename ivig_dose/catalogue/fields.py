"""What fields an entry has at any depth: for naming the nearest key, the keys that exist, and the JSON Schema."""

from collections.abc import Mapping
from dataclasses import fields
from difflib import get_close_matches
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from ivig_dose.catalogue.document import Path
from ivig_dose.catalogue.models import (
    Defaults,
    Edition,
    Entry,
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

ENTRY_SECTIONS: Mapping[str, type[Entry]] = {
    "sources": Source,
    "regimens": Regimen,
    "indications": Indication,
    "products": Product,
    "weight_policies": WeightPolicy,
    "risks": Risk,
    "safety": SafetyRule,
    "vaccines": VaccineTable,
    "not_recommended": NotRecommended,
    "known_names": KnownName,
    "rounding_policies": RoundingPolicy,
    "igg_targets": IggTarget,
    "igg_rises": IggRise,
}
"""Sections that map an id to an entry; the id is the key and not a field of the file."""
SINGLE_SECTIONS: Mapping[str, type[Entry]] = {"catalogue": Edition, "defaults": Defaults}
SECTIONS = ("catalogue", *ENTRY_SECTIONS, "defaults")
NEEDED_SECTIONS = tuple(
    section for section in SECTIONS if section not in ("known_names", "rounding_policies", "igg_targets", "igg_rises")
)
"""The sections without which a file is no catalogue of its own."""


@cache
def _hints(record: Any) -> dict[str, Any]:
    return get_type_hints(record)


def keys_of(record: type[Entry]) -> tuple[str, ...]:
    """The keys that may be written in an entry of this type, in their order. The id of an entry is its own key."""
    names = tuple(each.name for each in fields(record))  # type: ignore[arg-type]  # every entry is a dataclass
    return names[1:] if record in ENTRY_SECTIONS.values() else names


def record_at(record: type[Entry], path: Path) -> type[Entry] | None:
    """The type of the mapping that stands at `path` inside an entry of type `record`, where it is an entry itself."""
    found: Any = record
    for part in path:
        inside = _hints(found).get(str(part)) if _is_record(found) else _inside(found)
        found = _without_none(inside)
    return found if _is_record(found) else None


def _is_record(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Entry)


def _inside(kind: Any) -> Any:
    """The type of what a list or a mapping holds."""
    arguments = get_args(kind)
    if get_origin(kind) is tuple:
        return arguments[0]
    return arguments[-1] if arguments else None


def _without_none(kind: Any) -> Any:
    """`X` for `X | None`."""
    arguments = get_args(kind)
    if type(None) in arguments:
        return next(each for each in arguments if each is not type(None))
    return kind


def nearest(word: str, known: tuple[str, ...] | list[str]) -> str | None:
    """The one of `known` that `word` was probably meant to be."""
    found = get_close_matches(word.lower().replace(" ", "-"), known, n=1, cutoff=0.6)
    return found[0] if found else None


def suggest(word: str, known: tuple[str, ...] | list[str], what: str, most: int = 12) -> str:
    """A hint for a word that is not known: the nearest one, or all where they are few."""
    near = nearest(word, known)
    if near:
        return f"did you mean {near}?"
    if not known:
        return f"there is no {what} yet"
    if len(known) == 1:
        return f"the only {what} is {known[0]}"
    if len(known) <= most:
        return f"the {what}s are {', '.join(known)}"
    return f"no {what} has a name like it"
