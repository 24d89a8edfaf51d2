"""The golden cases: requests with the results that they must have, worked out by hand or published by others.

A case names the figures that it fixes by their place in the JSON document of the plan, the refusal or the check:
`schedule.dose_g` is the dose of each day in order, `schedule.0.steps.rate_ml_per_h` the rates of the first day.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, NamedTuple

from ivig_dose.replay.json_reading import read_json

GOLDEN_NAME: Final = "golden.json"
NOT_THERE: Final = "(not there)"


class Case(NamedTuple):
    """One golden case. `why` holds the arithmetic or the source; `expect` holds values that must be equal.

    `includes` and `excludes` hold members that a list must and must not have; `between` the lowest and the highest
    that a number may be. `ordered` makes it a check of an order, `today` sets the day of the calculation.
    """

    id: str
    why: str
    request: Mapping[str, Any]
    ordered: str | None
    today: date | None
    expect: Mapping[str, Any]
    includes: Mapping[str, Sequence[Any]]
    excludes: Mapping[str, Sequence[Any]]
    between: Mapping[str, Sequence[Decimal]]


class Difference(NamedTuple):
    """One field of a case that came out otherwise."""

    case: str
    field: str
    expected: Any
    got: Any


class Golden(NamedTuple):
    """The shipped cases and the SHA-256 of the file that holds them."""

    cases: tuple[Case, ...]
    sha256: str


def load_golden() -> Golden:
    """The cases that came with the program. Raises `OSError` or `ValueError` where the installation is damaged."""
    content = Path(__file__).parent.with_name(GOLDEN_NAME).read_bytes()
    return Golden(read_cases(content.decode("utf-8")), hashlib.sha256(content).hexdigest())


def read_vectors(content: bytes) -> Golden:
    """The cases of a file of JSON Lines, one a line. Raises `ValueError` that names the line for what is none."""
    cases: list[Case] = []
    for number, line in enumerate(content.decode("utf-8-sig").splitlines(), 1):
        try:
            cases += [_read_case(read_json(line))] if line.strip() else []
        except (ValueError, TypeError, AttributeError, LookupError, ArithmeticError) as fault:
            reason = f"{fault} is missing" if isinstance(fault, KeyError) else str(fault)
            raise ValueError(f"line {number} is no vector: {reason}") from None
    return Golden(_accept(tuple(cases)), hashlib.sha256(content).hexdigest())


def read_cases(text: str) -> tuple[Case, ...]:
    """The cases of a golden file. Raises `ValueError` for what is none: an unknown key, an id twice, nothing to see."""
    return _accept(tuple(_read_case(entry) for entry in read_json(text)["cases"]))


def _accept(cases: tuple[Case, ...]) -> tuple[Case, ...]:
    if not cases:
        raise ValueError("the file holds no case")
    ids = [case.id for case in cases]
    twice = {name for name in ids if ids.count(name) > 1}
    if twice:
        raise ValueError(f"case {min(twice)} stands twice in the file")
    return cases


def _read_case(entry: dict[str, Any]) -> Case:
    unknown = sorted(entry.keys() - set(Case._fields))
    if unknown:
        raise ValueError(f"case {entry.get('id')} has an unknown key: {unknown[0]}")
    today = entry.get("today")
    case = Case(
        id=entry["id"],
        why=entry["why"],
        request=entry["request"],
        ordered=entry.get("ordered"),
        today=None if today is None else date.fromisoformat(today),
        expect=entry.get("expect", {}),
        includes=entry.get("includes", {}),
        excludes=entry.get("excludes", {}),
        between=entry.get("between", {}),
    )
    kinds = (case.request, case.expect, case.includes, case.excludes, case.between)
    if not all(isinstance(each, dict) for each in kinds):
        raise ValueError(f"case {case.id} has a list or a value where keys with values belong")
    if not (case.expect or case.includes or case.excludes or case.between):
        raise ValueError(f"case {case.id} expects nothing")
    return case


def run_case(case: Case, compute: Callable[[Case], Any]) -> list[Difference]:
    """What differs between a case and the document that `compute` gives for it; empty where all is as expected.

    An exception is a difference too, so that one broken part of an installation does not hide the others.
    """
    try:
        document = compute(case)
    except Exception as fault:
        return [Difference(case.id, "(fault)", "an answer", f"{type(fault).__name__}: {fault}")]
    return judge(case, document)


def judge(case: Case, document: Any) -> list[Difference]:
    """What differs between a case and a document whose numbers are `Decimal`s, which are compared exactly."""
    found = []
    for field, expected in case.expect.items():
        got = find_values(document, field)
        if got != expected:
            found.append(Difference(case.id, field, expected, got))
    for field, members in case.includes.items():
        got = find_values(document, field)
        found += [Difference(case.id, field, f"with {each}", got) for each in members if not _has(got, each)]
    for field, members in case.excludes.items():
        got = find_values(document, field)
        found += [Difference(case.id, field, f"without {each}", got) for each in members if not _lacks(got, each)]
    for field, (low, high) in case.between.items():
        got = find_values(document, field)
        if not isinstance(got, Decimal) or not low <= got <= high:
            found.append(Difference(case.id, field, f"{low} to {high}", got))
    return found


def _has(values: Any, member: Any) -> bool:
    return isinstance(values, list) and member in values


def _lacks(values: Any, member: Any) -> bool:
    """A list that is not there lacks nothing: it is wrong."""
    return isinstance(values, list) and member not in values


def find_values(document: Any, path: str) -> Any:
    """The value at a path such as `dose.day_g`; through a list, the value of each member, or of the one numbered."""
    value = document
    keys = path.split(".")
    for at, key in enumerate(keys):
        if isinstance(value, list) and key.isdigit():
            value = value[int(key)] if int(key) < len(value) else NOT_THERE
        elif isinstance(value, list):
            return [find_values(member, ".".join(keys[at:])) for member in value]
        else:
            value = value.get(key, NOT_THERE) if isinstance(value, dict) else NOT_THERE
    return value
