"""Two documents of one request compared: is the plan identical, or what changed, from what to what.

The documents are compared figure by figure, text by text. The origin is left out: that the catalogue or the tool is
another one is said apart, and is no change of the plan.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from ivig_dose.batch.row_ids import ADDED_NOTICES
from ivig_dose.report.as_json import SCHEMA
from ivig_dose.report.numbers import write_number

Document = Mapping[str, Any]

ADDED_BY_BATCH: Final = frozenset({"row", "id", "passed_through"})
NOT_COMPARED: Final = frozenset({"origin", "request"})
ABSENT: Final = None
"""Stands for a notice, day or step that only one of the documents has."""


class Difference(NamedTuple):
    """One value that differs: where it stands, as the keys from the outermost to the innermost, and both values."""

    path: tuple[str, ...]
    old: Any
    new: Any

    def name_path(self) -> str:
        """`schedule[day 2].dose_g`."""
        return "".join([part if part.startswith("[") else f".{part}" for part in self.path]).removeprefix(".")


class Comparison(NamedTuple):
    """What a document's figures became: the differences, and the keys that only the newer program writes."""

    differences: tuple[Difference, ...]
    not_in_old: tuple[str, ...]


class NotAPlanError(ValueError):
    """A document is not one that `dose --json` or `batch` wrote: what is wrong with it, and what to give instead."""

    def __init__(self, problem: str, hint: str = "") -> None:
        super().__init__(f"{problem}; {hint}" if hint else problem)


def find_body(document: object, needs_request: bool = True) -> Document:
    """The plan or refusal in a document, without the row number and id that a batch puts in front.

    Raises `NotAPlanError` for anything that cannot be computed again; a refusal may lack its request where it is not
    needed.
    """
    if not isinstance(document, dict):
        raise NotAPlanError("this is no plan", _HINT)
    if "schema" not in document:
        raise NotAPlanError("this is no plan: the key schema is missing", _HINT)
    if document["schema"] != SCHEMA:
        raise NotAPlanError(f"the schema of this document is not {SCHEMA}", "use the version of ivig-dose it is from")
    body = {key: value for key, value in document.items() if key not in ADDED_BY_BATCH}
    if isinstance(body.get("notices"), list):
        body["notices"] = [notice for notice in body["notices"] if not _is_added_by_batch(notice)]
    parts = _PARTS.get(str(body.get("status")))
    if parts is None:
        raise NotAPlanError("this is neither a plan nor a refusal nor a check", _HINT)
    wrong = next((part for part, kind in parts.items() if not isinstance(body.get(part), kind)), None)
    if wrong is not None:
        raise NotAPlanError(f"this is no whole document: {wrong} is missing or is of another kind", _HINT)
    if body["status"] == "refused":
        body.pop("notices", None)
    may_lack = not needs_request and body["status"] == "refused"
    if not isinstance(body.get("request"), dict) and not may_lack:
        raise NotAPlanError("this document does not hold its request", "compute it again from the order")
    return body


def _is_added_by_batch(notice: object) -> bool:
    return isinstance(notice, dict) and notice.get("id") in [added.id for added in ADDED_NOTICES]


_HINT: Final = "give what `ivig-dose dose ... --json` wrote"
CHECKED: Final = ("match", "mismatch")
"""The status of a document that compares an order."""
_PARTS: Final[Mapping[str, Mapping[str, type]]] = {
    "ok": {
        **dict.fromkeys(("indication", "regimen", "patient", "dosing_weight", "dose", "rounding", "product"), dict),
        **dict.fromkeys(("schedule", "notices", "not_checked", "alternatives", "working"), list),
        **dict.fromkeys(("vaccines", "origin"), dict),
    },
    **{
        status: {"ordered": dict, "expected": dict, "slips": list, "notices": list, "origin": dict}
        for status in CHECKED
    },
    "refused": {"refusal": dict},
}


def compare_documents(old: Document, new: Document) -> Comparison:
    """Every value that differs between two plans or refusals, in the order of the newer document.

    Both must have been read with `Decimal`s for numbers, so that they are compared exactly. A key that only the newer
    one has is a difference too, unless another version of the tool wrote the older one.
    """
    if old["status"] != new["status"] and not (old["status"] in CHECKED and new["status"] in CHECKED):
        return Comparison((Difference(("status",), _describe_outcome(old), _describe_outcome(new)),), ())
    compared = [{key: value for key, value in each.items() if key not in NOT_COMPARED} for each in (old, new)]
    absent: list[Difference] = []
    found = tuple(_differ(compared[0], compared[1], (), absent))
    if (old.get("origin") or {}).get("tool") == new["origin"]["tool"]:
        return Comparison((*found, *absent), ())
    return Comparison(found, tuple(each.name_path() for each in absent))


def _describe_outcome(document: Document) -> str:
    if document["status"] == "ok":
        return f"a plan of {document['dose'].get('course_g')} g for the course"
    if document["status"] in CHECKED:
        return f"a {document['status']}"
    refusal = document["refusal"]
    return f"refused by {refusal.get('rule')}: {refusal.get('message')}"


def _differ(old: Any, new: Any, path: tuple[str, ...], absent: list[Difference]) -> Iterator[Difference]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys((*new, *old)):
            here = (*path, key)
            if key not in old:
                absent.append(Difference(here, ABSENT, new[key]))
            else:
                yield from _differ(old[key], new.get(key), here, absent)
    elif isinstance(old, list) and isinstance(new, list) and path[-1] in _IDENTITIES:
        ours, theirs = _by_identity(old, path[-1]), _by_identity(new, path[-1])
        for name in dict.fromkeys((*theirs, *ours)):
            here = (*path, f"[{name}]")
            if name in ours and name in theirs:
                yield from _differ(ours[name], theirs[name], here, absent)
            else:
                yield Difference(here, ours.get(name, ABSENT), theirs.get(name, ABSENT))
    elif old != new or (isinstance(old, bool) is not isinstance(new, bool)):
        yield Difference(path, old, new)


_IDENTITIES: Final[Mapping[str, tuple[str, ...]]] = {
    "schedule": ("cycle", "day"),
    "steps": ("step",),
    "notices": ("id",),
    "slips": ("id",),
    "alternatives": ("regimen",),
    "working": ("label",),
}
"""What names a member of each list, so that one that came or went does not shift all the others."""


def _by_identity(members: Sequence[Any], kind: str) -> dict[str, Any]:
    """The members by what names them; a name that comes again is counted on."""
    named: dict[str, Any] = {}
    for member in members:
        values = member if isinstance(member, dict) else {}
        words = [_write_name(values.get(key)) for key in _IDENTITIES[kind]]
        base = f"cycle {words[0]} day {words[1]}" if kind == "schedule" else words[0]
        name, again = base, 1
        while name in named:
            again += 1
            name = f"{base} ({again})"
        named[name] = member
    return named


def _write_name(value: object) -> str:
    """What names a member, as text: a number without its zeros, so that a day `1.0` is the day 1."""
    return write_number(value) if isinstance(value, Decimal) else str(value)
