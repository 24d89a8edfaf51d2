"""What a rule over the whole catalogue finds, and the walk over every record that rules share."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import NamedTuple

from ivig_dose.catalogue.document import Path
from ivig_dose.catalogue.fields import ENTRY_SECTIONS
from ivig_dose.catalogue.models import Catalogue, Entry
from ivig_dose.problems import Severity

SINGULAR: Mapping[str, str] = {
    "sources": "source",
    "regimens": "regimen",
    "indications": "indication",
    "products": "product",
    "weight_policies": "weight policy",
    "risks": "risk",
    "safety": "safety rule",
    "vaccines": "vaccine table",
    "not_recommended": "disease",
    "known_names": "known name",
    "rounding_policies": "rounding policy",
    "igg_targets": "IgG target",
    "igg_rises": "IgG rise",
}
"""What one entry of a section is called in a message."""


class Finding(NamedTuple):
    """What is wrong at a path of the catalogue, by which rule, and what to do.

    `missing` is the section and id of an entry that was looked for and is not there.
    """

    path: Path
    message: str
    rule: str
    hint: str
    severity: Severity = "error"
    missing: Path = ()


def list_records(catalogue: Catalogue) -> list[tuple[Path, Entry]]:
    """Every entry and every record inside an entry, with its path, in the order of the file."""
    found = [*_walk(("catalogue",), catalogue.catalogue)]
    for section in ENTRY_SECTIONS:
        for entry_id, entry in getattr(catalogue, section).items():
            found += _walk((section, entry_id), entry)
    return [*found, *_walk(("defaults",), catalogue.defaults)]


def _walk(path: Path, value: object) -> Iterator[tuple[Path, Entry]]:
    if isinstance(value, Entry):
        yield path, value
        for each in fields(value):  # type: ignore[arg-type]  # every entry is a dataclass
            yield from _walk((*path, each.name), getattr(value, each.name))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _walk((*path, index), item)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _walk((*path, key), item)
