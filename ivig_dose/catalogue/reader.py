"""Plain data to validated entries: ids from the keys, strict types, and every mistake as a problem with its place."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from ivig_dose.catalogue.document import Document, Path
from ivig_dose.catalogue.fields import ENTRY_SECTIONS, SECTIONS, SINGLE_SECTIONS, keys_of, nearest, record_at, suggest
from ivig_dose.catalogue.kinds import explain_value
from ivig_dose.catalogue.models import Entry
from ivig_dose.catalogue.scalars import Refused
from ivig_dose.quantity import quote

ID_SHAPE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
_ID_HINT = "use small letters, digits and single hyphens, such as itp-daily"


@dataclass(slots=True)
class Reading:
    """What one file holds after its own entries were checked, each by itself.

    `entries` are the valid ones by section and id; `broken` the paths of those that are not valid; `uncertain` the
    sections of which not every id is known. `edition` and `defaults` are `None` where they are missing or not valid;
    `defaults_given` are the keys of `defaults` that the file sets.
    """

    document: Document
    entries: dict[str, dict[str, Any]] = field(default_factory=dict)
    broken: set[Path] = field(default_factory=set)
    uncertain: set[Path] = field(default_factory=set)
    edition: Any = None
    defaults: Any = None
    defaults_given: tuple[str, ...] = ()


def read_entries(document: Document, required: tuple[str, ...]) -> Reading:
    """Checks each entry of a document by itself. `required` are the sections that must be there.

    Problems go to `document.problems`.
    """
    reading = Reading(document)
    if not document.usable:
        return reading
    if not isinstance(document.data, dict) or not any(section in document.data for section in SECTIONS):
        _refuse_other_file(document)
        return reading
    _check_sections(reading, required)
    for section, record in ENTRY_SECTIONS.items():
        _read_section(reading, section, record)
    for section, record in SINGLE_SECTIONS.items():
        if section in document.data:
            value = _validate(reading, (section,), record, document.data[section])
            if section == "catalogue":
                reading.edition = value
            elif value is not None:
                reading.defaults, reading.defaults_given = value, tuple(document.data[section])
    return reading


def _refuse_other_file(document: Document) -> None:
    """A file without any section of a catalogue is some other file. That is its one problem, unless it has one."""
    document.usable = False
    if document.problems:
        return
    message, rule = "the file is not a mapping of sections", "wrong-kind"
    if isinstance(document.data, dict) and document.data:
        first = next(iter(document.data))
        message, rule = f"there is no section {quote(first)}, nor any other of a catalogue", "unknown-key"
    hint = f"is this the right file? The sections are {', '.join(SECTIONS)}"
    document.stop(document.place[()], Refused(message, rule, hint))


def _check_sections(reading: Reading, required: tuple[str, ...]) -> None:
    document = reading.document
    for name in document.data:
        if name not in SECTIONS:
            message = f"there is no section {quote(name)}"
            refused = Refused(message, "unknown-key", suggest(name, SECTIONS, "section"))
            document.report(document.key_place[(name,)], (name,), refused)
    for name in required:
        if name in document.data:
            continue
        reading.uncertain.add((name,))
        if () not in document.incomplete:
            message = f"the section {name} is missing"
            hint = "write title, version, effective and review_by in it" if name == "catalogue" else f"add {name}:"
            document.report(document.place[()], (), Refused(message, "missing-key", hint))


def _read_section(reading: Reading, section: str, record: type[Entry]) -> None:
    document = reading.document
    content = document.data.get(section, {})
    if (section,) in document.incomplete:
        reading.uncertain.add((section,))
    reading.entries[section] = {}
    if not isinstance(content, dict):
        reading.broken.add((section,))
        if (section,) not in document.unread:
            hint = "write each id with a colon and its keys below it, or {} for an empty section"
            refused = Refused("must be a mapping of ids to entries", "wrong-kind", hint)
            document.report(document.place[(section,)], (section,), refused)
        return
    for key, value in content.items():
        if not ID_SHAPE.fullmatch(key):
            reading.broken.add((section, key))
            refused = Refused(f"{quote(key)} is not an id", "bad-id", _ID_HINT)
            document.report(document.key_place[(section, key)], (section, key), refused)
        entry = _validate(reading, (section, key), record, value)
        if entry is not None:
            reading.entries[section][key] = entry


@cache
def _adapter(record: Any) -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(record)


def _validate(reading: Reading, path: Path, record: type[Entry], value: Any) -> Entry | None:
    """The entry that a value spells, or `None` after its problems were reported."""
    from pydantic import ValidationError

    document = reading.document
    has_id = len(path) > 1
    if has_id and isinstance(value, dict) and "id" in value:
        _report_written_id(document, path)
    try:
        content = _with_id(path, value) if has_id else value
        entry: Entry = _adapter(record).validate_python(content)  # type: ignore[arg-type]  # a class is hashable
    except ValidationError as error:
        for place, refused in _explain_errors(document, path, record, error.errors(include_url=False)):
            document.report(_position(document, place, refused.rule), place, refused)
        reading.broken.add(path)
        return None
    if any(unread[: len(path)] == path for unread in document.unread):
        reading.broken.add(path)
        return None
    return entry


def _with_id(path: Path, value: Any) -> Any:
    return {**value, "id": path[-1]} if isinstance(value, dict) else value


def _report_written_id(document: Document, path: Path) -> None:
    hint = f"leave it out: the id is the entry's own key, {path[-1]}"
    refused = Refused("there is no key 'id' here", "unknown-key", hint)
    document.report(document.key_place[(*path, "id")], (*path, "id"), refused)


def _explain_errors(
    document: Document, path: Path, record: type[Entry], errors: list[Any]
) -> Iterator[tuple[Path, Refused]]:
    """Each of pydantic's errors as a place in the document and what is wrong there.

    A key that was probably meant for a missing one is reported once, as the wrong key. What could not be read has
    its problem already.
    """
    meant: set[Path] = set()
    missing: list[Path] = []
    for error in errors:
        place = (*path, *(part for part in error["loc"] if part != "[key]"))
        if error["type"] == "missing":
            missing.append(place)
        elif error["type"] == "unexpected_keyword_argument":
            lacking = tuple(str(each["loc"][-1]) for each in errors if _is_beside(each, error))
            refused, near = _explain_unknown_key(record, path, place, lacking)
            meant |= {(*place[:-1], near)} if near else set()
            yield place, refused
        elif error["loc"][-1:] == ("[key]",):
            yield place, _explain_key(place, error.get("ctx") or {})
        elif not any(place[: len(unread)] == unread for unread in document.unread):
            holder = record_at(record, place[len(path) :])
            keys = keys_of(holder) if holder else ()
            yield place, explain_value(error["type"], error["input"], error.get("ctx") or {}, place, keys)
    for place in missing:
        if place not in meant and place[:-1] not in document.incomplete:
            message = f"the key {quote(str(place[-1]))} is missing"
            yield place[:-1], Refused(message, "missing-key", f"add {place[-1]}:")


def _is_beside(error: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return bool(error["type"] == "missing" and error["loc"][:-1] == other["loc"][:-1])


def _explain_unknown_key(
    record: type[Entry], path: Path, place: Path, lacking: tuple[str, ...]
) -> tuple[Refused, str | None]:
    holder = record_at(record, place[len(path) : -1])
    known = keys_of(holder) if holder else ()
    key = str(place[-1])
    near = nearest(key, lacking) or nearest(key, known)
    hint = f"did you mean {near}?" if near else suggest(key, known, "key", most=30)
    return Refused(f"there is no key {quote(key)} here", "unknown-key", hint), near


def _explain_key(place: Path, context: Mapping[str, Any]) -> Refused:
    """A key of a mapping whose keys are a closed vocabulary, such as F and M."""
    hint = f"the keys are {context['expected']}" if "expected" in context else "compare it with another entry"
    return Refused(f"there is no key {quote(str(place[-1]))} here", "unknown-key", hint)


def _position(document: Document, place: Path, rule: str) -> Any:
    if rule == "unknown-key" and place in document.key_place:
        return document.key_place[place]
    return document.position(place)
