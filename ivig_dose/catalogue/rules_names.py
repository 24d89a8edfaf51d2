"""Rules over ids, aliases and references: every name leads to one thing, and every figure to a source."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any, get_args, get_type_hints

from ivig_dose.catalogue.document import Path
from ivig_dose.catalogue.fields import suggest
from ivig_dose.catalogue.findings import SINGULAR, Finding, list_records
from ivig_dose.catalogue.models import AuthorityStatus, Catalogue, Condition, Difference, Entry, Excipient, Indication
from ivig_dose.quantity import quote

# The field's name says which section its ids belong to, wherever it stands. The exception is an authority's status,
# whose `products` are brand names as that authority words them, some of them not in the catalogue.
_REFERENCES = {
    "sources": "sources",
    "regimens": "regimens",
    "products": "products",
    "weight_policies": "weight_policies",
    "indications": "indications",
    "except_indications": "indications",
    "risks": "risks",
    "risks_any": "risks",
    "risks_all": "risks",
}
_DEFAULT_REFERENCES = {
    "weight_policy": "weight_policies",
    "vaccine_table": "vaccines",
    "product": "products",
    "rounding_policy": "rounding_policies",
}
_NAME_SPACES = (
    ("indications", "not_recommended"),
    ("regimens",),
    ("products",),
    ("weight_policies",),
    ("risks",),
    ("known_names",),
    ("rounding_policies",),
)
_EXCIPIENTS: tuple[str, ...] = get_args(get_type_hints(Excipient)["name"])


def check_references(catalogue: Catalogue) -> Iterator[Finding]:
    """Every id that an entry names is there."""
    for path, record in list_records(catalogue):
        for place, section, entry_id in _references(path, record):
            known = getattr(catalogue, section)
            if entry_id not in known:
                what = SINGULAR[section]
                message = f"there is no {what} {quote(entry_id)}"
                hint = suggest(entry_id, [*known], what)
                yield Finding(place, message, "unknown-id", hint, missing=(section, entry_id))


def _references(path: Path, record: Entry) -> Iterator[tuple[Path, str, str]]:
    for each in fields(record):  # type: ignore[arg-type]  # every entry is a dataclass
        value = getattr(record, each.name)
        if each.name in _REFERENCES and isinstance(value, tuple) and not _is_brand_list(record, each.name):
            for index, entry_id in enumerate(value):
                yield (*path, each.name, index), _REFERENCES[each.name], entry_id
        elif path == ("defaults",) and each.name in _DEFAULT_REFERENCES and value is not None:
            yield (*path, each.name), _DEFAULT_REFERENCES[each.name], value
    if isinstance(record, Indication):
        for regimen, sources in (record.regimen_sources or {}).items():
            for index, source in enumerate(sources):
                yield (*path, "regimen_sources", regimen, index), "sources", source


def _is_brand_list(record: Entry, field: str) -> bool:
    return isinstance(record, AuthorityStatus) and field == "products"


def check_aliases(catalogue: Catalogue) -> Iterator[Finding]:
    """Within one kind, every id and alias leads to one entry, without regard to case.

    Of two entries that collide, the finding stands in the one from a site's file, which is the one to change.
    """
    for sections in _NAME_SPACES:
        entries: list[tuple[Path, Any]] = [
            ((section, entry_id), entry)
            for section in sections
            for entry_id, entry in getattr(catalogue, section).items()
        ]
        entries.sort(key=lambda each: _is_from_a_site(catalogue, each[0]))
        owners: dict[str, Path] = {}
        for path, entry in entries:
            if owners.setdefault(entry.id, path) != path:
                message = f"{entry.id} is also an entry of {owners[entry.id][0]}"
                hint = "a disease is either dosed or advised against: leave one out"
                yield Finding(path, message, "alias-collision", hint)
        for path, entry in entries:
            for index, alias in enumerate(entry.aliases):
                owner = owners.setdefault(alias.lower(), (*path, index))
                if owner != (*path, index):
                    yield _collision(catalogue, (*path, "aliases", index), alias, owner)


def _is_from_a_site(catalogue: Catalogue, path: Path) -> bool:
    return f"{path[0]}/{path[1]}" in catalogue.entry_file


def _collision(catalogue: Catalogue, place: Path, alias: str, owner: Path) -> Finding:
    hint = "a name leads to one entry; capitals make no difference"
    if _is_from_a_site(catalogue, owner) and not _is_from_a_site(catalogue, place):
        message = f"the id {owner[1]} is already an alias of {place[1]}"
        return Finding(owner[:2], message, "alias-collision", hint)
    return Finding(place, f"the alias {quote(alias)} already leads to {owner[1]}", "alias-collision", hint)


def check_sources_named(path: Path, record: Entry) -> Iterator[Finding]:
    """Every figure has a source."""
    if getattr(record, "sources", None) == ():
        hint = "name the ids of the sources that give the figure"
        yield Finding((*path, "sources"), "no source is named", "sources-empty", hint)
    for regimen, sources in (getattr(record, "regimen_sources", None) or {}).items():
        if not sources:
            hint = "name the ids of the sources that give this regimen for this indication"
            yield Finding((*path, "regimen_sources", regimen), "no source is named", "sources-empty", hint)


def check_repeats(path: Path, record: Entry) -> Iterator[Finding]:
    """A list names each id once."""
    for each in fields(record):  # type: ignore[arg-type]  # every entry is a dataclass
        value = getattr(record, each.name)
        if not isinstance(value, tuple) or each.name == "aliases":
            continue
        if value and isinstance(value[0], str):
            yield from _repeated((*path, each.name), [str(item) for item in value])
        elif value and isinstance(value[0], Excipient):
            yield from _repeated((*path, each.name), [excipient.name for excipient in value])
        elif value and isinstance(value[0], Difference):
            yield from _repeated((*path, each.name), [difference.id for difference in value])


def _repeated(path: Path, names: list[str]) -> Iterator[Finding]:
    for index, name in enumerate(names):
        if name in names[:index]:
            yield Finding((*path, index), f"{quote(name)} is named twice", "repeated-id", "leave one out")


def check_choices(path: Path, record: Entry) -> Iterator[Finding]:
    """A condition on excipients uses the names that products use."""
    if isinstance(record, Condition):
        for index, name in enumerate(record.excipients):
            if name not in _EXCIPIENTS:
                hint = suggest(name, _EXCIPIENTS, "excipient")
                yield Finding((*path, "excipients", index), f"there is no excipient {quote(name)}", "unknown-id", hint)


def find_unused_sources(catalogue: Catalogue) -> Iterator[Finding]:
    """Advice: a source that no entry names may be left over from a change."""
    used = {
        entry_id
        for path, record in list_records(catalogue)
        for _, section, entry_id in _references(path, record)
        if section == "sources"
    }
    sources: Mapping[str, object] = catalogue.sources
    for source_id in sources:
        if source_id not in used:
            hint = "leave it out, or name it where its figure stands"
            yield Finding(("sources", source_id), "no entry names this source", "source-unused", hint, "advice")
