"""Rules over the values of one record: texts, ranges, bounds, conditions and the names of derived fields."""

from collections.abc import Iterator
from dataclasses import fields
from decimal import Decimal

from ivig_dose.catalogue.document import Path
from ivig_dose.catalogue.fields import keys_of, nearest, record_at, suggest
from ivig_dose.catalogue.findings import Finding
from ivig_dose.catalogue.models import Bounds, Condition, Entry, PatientCondition, Regimen, SafetyRule
from ivig_dose.quantity import quote, show


def check_text(path: Path, record: Entry) -> Iterator[Finding]:
    """A text says something and has no space before or after it."""
    for each in fields(record):  # type: ignore[arg-type]  # every entry is a dataclass
        value = getattr(record, each.name)
        for place, text in _texts((*path, each.name), value):
            if not text.strip():
                yield Finding(place, "the text is empty", "text-empty", "write it, or leave the key out")
            elif text != text.strip() and each.name != "id":
                hint = "leave the space out; a name with a space at its end is not found"
                yield Finding(place, f"{quote(text)} begins or ends with a space", "text-empty", hint)


def _texts(path: Path, value: object) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value.removesuffix("\n")
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            if isinstance(item, str):
                yield (*path, index), item


def check_range(path: Path, record: Entry) -> Iterator[Finding]:
    """In every range low is not above high, and the default lies between them."""
    low, high, default = (getattr(record, name, None) for name in ("low", "high", "default"))
    if low is None or high is None:
        return
    if low > high:
        hint = "are the two exchanged?"
        yield Finding((*path, "low"), f"low ({show(low)}) is above high ({show(high)})", "range-order", hint)
    elif default is not None and not low <= default <= high:
        message = f"the default {show(default)} is outside its range {show(low)}-{show(high)}"
        hint = "a default lies in the range that the sources give"
        yield Finding((*path, "default"), message, "default-outside-range", hint)


def check_bounds(path: Path, record: Entry) -> Iterator[Finding]:
    """Bounds leave something inside, and name each side once."""
    if not isinstance(record, Bounds):
        return
    below = [each for each in (record.at_least, record.over) if each is not None]
    above = [each for each in (record.at_most, record.under) if each is not None]
    if not below and not above:
        yield Finding(path, "no bound is given", "bounds", "write at_least, over, at_most or under")
    elif len(below) > 1 or len(above) > 1:
        pair = "at_least and over" if len(below) > 1 else "at_most and under"
        yield Finding(path, f"{pair} are both given", "bounds", "keep the one that the source words")
    elif below and above and not _leaves_something(record, below[0], above[0]):
        message = f"nothing is both above {show(below[0])} and below {show(above[0])}"
        yield Finding(path, message, "bounds", "are the two exchanged?")


def _leaves_something(bounds: Bounds, below: Decimal, above: Decimal) -> bool:
    return below < above or (below == above and bounds.admit(below))


def check_conditions(path: Path, record: Entry) -> Iterator[Finding]:
    """A condition that is written has something in it."""
    if isinstance(record, Condition | PatientCondition) and not any(
        getattr(record, name) not in (None, (), {}) for name in keys_of(type(record))
    ):
        hint = "leave the key out: without it the entry always holds"
        yield Finding(path, "the condition is empty", "condition-empty", hint)


def check_derived(path: Path, record: Entry) -> Iterator[Finding]:
    """`derived` names fields that the entry has."""
    if not isinstance(record, Regimen | SafetyRule):
        return
    for index, name in enumerate(record.derived):
        *above, last = name.split(".")
        holder = record_at(type(record), tuple(above))
        if holder is None or last not in keys_of(holder):
            known = keys_of(holder) if holder else keys_of(type(record))
            near = nearest(last, known)
            hint = f"did you mean {'.'.join((*above, near))}?" if near else suggest(last, known, "field", 30)
            message = f"there is no field {quote(name)} here"
            yield Finding((*path, "derived", index), message, "derived-field", hint)
