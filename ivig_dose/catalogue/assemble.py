"""From the bytes of catalogue files to a checked `Catalogue`, or to everything that is wrong with them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from ivig_dose.catalogue.document import Document, Path
from ivig_dose.catalogue.fields import ENTRY_SECTIONS, NEEDED_SECTIONS
from ivig_dose.catalogue.findings import Finding
from ivig_dose.catalogue.models import Catalogue, CatalogueFile, Defaults, Edition
from ivig_dose.catalogue.reader import Reading, read_entries
from ivig_dose.catalogue.rules import check_rules
from ivig_dose.catalogue.scalars import Refused
from ivig_dose.catalogue.text import decode
from ivig_dose.catalogue.weakening import find_weakenings, lost_excipients
from ivig_dose.catalogue.yaml_text import read_yaml
from ivig_dose.problems import Position, Problem

_UNREAD_EDITION = Edition(title="-", version="-", effective=date.min, review_by=date.max)
_NOWHERE = Position(0, 0)


class Outcome(NamedTuple):
    """A catalogue where there is no error, and every problem: errors and advice, in the order of the file."""

    catalogue: Catalogue | None
    problems: tuple[Problem, ...]


def build_whole(content: bytes, file: str, label: str, sha256: str) -> Outcome:
    """The catalogue that one complete file holds. `label` is the name under which plans show the file."""
    reading = _read(content, file, NEEDED_SECTIONS)
    if reading is None or not reading.document.usable:
        return _fail(reading, content, file)
    edition = reading.edition or _UNREAD_EDITION
    sections: dict[str, Any] = dict(reading.entries)
    catalogue = Catalogue(
        catalogue=edition,
        **sections,
        defaults=reading.defaults or Defaults(),
        files=(CatalogueFile(label, edition.version, sha256),),
    )
    findings = check_rules(catalogue, reading.broken, reading.uncertain)
    return _conclude(catalogue, reading.document, findings, file)


def lay_over(base: Catalogue, content: bytes, file: str, sha256: str) -> Outcome:
    """The base catalogue with a site's file laid over it: entries added or replaced whole, defaults set one by one.

    The edition stays the base's, with the earlier of the two review dates, so that passing either one is noticed.
    """
    reading = _read(content, file, ("catalogue",))
    if reading is None or not reading.document.usable:
        return _fail(reading, content, file)
    edition = reading.edition or _UNREAD_EDITION
    merged = _merge(base, reading, CatalogueFile(file, edition.version, sha256))
    findings = check_rules(replace(merged, catalogue=edition), reading.broken, reading.uncertain)
    document = reading.document
    if not document.problems and not any(finding.severity == "error" for finding in findings):
        merged = replace(merged, weakenings=find_weakenings(base, merged))
        findings = [*findings, *_judge_stops(base, merged, reading), *_find_left_out(base, reading)]
    ours = [each for each in findings if each.severity == "error" or each.path in document.place]
    # both files count: the two are in force from the later day on, and are reviewed by the earlier one
    effective = max(base.catalogue.effective, edition.effective)
    review_by = min(base.catalogue.review_by, edition.review_by)
    whole = replace(merged, catalogue=replace(base.catalogue, effective=effective, review_by=review_by))
    return _conclude(whole, document, ours, base.files[0].path)


def is_whole(content: bytes, file: str) -> bool:
    """Whether a file has every section, and so is a catalogue of its own and no overlay."""
    text = decode(content, file)
    data = None if isinstance(text, Problem) else read_yaml(text, file).data
    return isinstance(data, dict) and all(section in data for section in NEEDED_SECTIONS)


def _read(content: bytes, file: str, required: tuple[str, ...]) -> Reading | None:
    """The checked entries of a file, or `None` where it is not a text."""
    text = decode(content, file)
    return None if isinstance(text, Problem) else read_entries(read_yaml(text, file), required)


def _fail(reading: Reading | None, content: bytes, file: str) -> Outcome:
    if reading is not None:
        return Outcome(None, tuple(reading.document.problems))
    problem = decode(content, file)
    return Outcome(None, (problem,) if isinstance(problem, Problem) else ())


def _merge(base: Catalogue, reading: Reading, file: CatalogueFile) -> Catalogue:
    changes: dict[str, Any] = {}
    entry_file: dict[str, int] = dict(base.entry_file)
    index = len(base.files)
    for section in ENTRY_SECTIONS:
        added = reading.entries[section]
        if added:
            changes[section] = {**getattr(base, section), **added}
            entry_file |= {f"{section}/{entry_id}": index for entry_id in added}
    if reading.defaults is not None:
        given = {name: getattr(reading.defaults, name) for name in reading.defaults_given}
        changes["defaults"] = replace(base.defaults, **given)
    return replace(base, **changes, files=(*base.files, file), entry_file=entry_file)


_REPLACES = re.compile(r"(?=.*[^\W\d_]{3})(?=.*,).*[0-9]{4}-[0-9]{2}-[0-9]{2}.*", re.DOTALL)
_REPLACES_HINT = 'write replaces_stop: "why, who decided it, 2026-01-31" in the entry, or keep the stop as shipped'


def _judge_stops(base: Catalogue, merged: Catalogue, reading: Reading) -> Iterator[Finding]:
    """A weaker stop is an error unless its entry says who decided that; every weakening is listed."""
    weaker = set()
    for section, entry_id, text, reason in merged.weakenings:
        weaker.add((section, entry_id))
        path = (section, entry_id)
        if section == "safety" and not _REPLACES.fullmatch(reason):
            yield Finding(path, f"the shipped rule stops the dose, and {text}", "stop-weakened", _REPLACES_HINT)
        else:
            hint = "every plan that it concerns carries a warning that says so"
            yield Finding(path, f"weaker than the shipped entry: {text}", "entry-weaker", hint, "advice")
    for entry_id in reading.entries["products"]:
        stop = _find_stop_on(lost_excipients(base, merged, entry_id), base)
        if stop is not None:
            message = f"an excipient is left out on which the shipped rule {stop} stops the dose"
            hint = "copy the excipients, or give another product its own id"
            yield Finding(("products", entry_id), message, "stop-weakened", hint)
    for entry_id, rule in reading.entries["safety"].items():
        if rule.replaces_stop is not None and ("safety", entry_id) not in weaker:
            message = "this entry takes nothing away from a shipped stop"
            yield Finding(("safety", entry_id), message, "replaces-nothing", "leave replaces_stop out", "advice")


def _find_stop_on(excipients: Iterable[str], base: Catalogue) -> str | None:
    """The first rule that stops a dose because of one of the excipients."""
    lost = set(excipients)
    stops = ((name, rule.when) for name, rule in base.safety.items() if rule.level == "stop" and rule.when is not None)
    return next((name for name, when in stops if lost & set(when.excipients)), None)


_PROSE = ("note", "repeat", "derived", "aliases", "evidence")
"""Keys whose absence changes no dose, rate or rule."""


def _find_left_out(base: Catalogue, reading: Reading) -> Iterator[Finding]:
    """Advice where an entry takes the place of one that says more: a limit left out is a limit lifted."""
    for section in ENTRY_SECTIONS:
        before = getattr(base, section)
        for entry_id, entry in reading.entries[section].items():
            replaced = before.get(entry_id)
            if replaced is None:
                continue
            lost = [name for name, value in vars(replaced).items() if value and not getattr(entry, name)]
            lost = [name for name in lost if name not in _PROSE]
            if lost:
                message = f"the entry that this one replaces also has {', '.join(lost)}"
                hint = "an entry replaces the whole of it: copy what still holds"
                yield Finding((section, entry_id), message, "entry-leaves-out", hint, "advice")


def _conclude(catalogue: Catalogue, document: Document, findings: Iterable[Finding], base_file: str) -> Outcome:
    problems = [*document.problems, *document.advice, *(_locate(finding, document, base_file) for finding in findings)]
    problems.sort(key=lambda problem: problem.position or _NOWHERE)
    wrong = any(problem.severity == "error" for problem in problems)
    return Outcome(None if wrong else catalogue, tuple(problems))


def _locate(finding: Finding, document: Document, base_file: str) -> Problem:
    """The problem that a finding is, at its place in the document, or in the base file where it is not in this one."""
    refused = Refused(finding.message, finding.rule, finding.hint)
    if _is_in(finding.path, document):
        return document.problem(document.position(finding.path), finding.path, refused, finding.severity)
    nowhere = Document(base_file, [])
    return nowhere.problem(None, finding.path, refused, finding.severity)


def _is_in(path: Path, document: Document) -> bool:
    return path[:2] in document.place
