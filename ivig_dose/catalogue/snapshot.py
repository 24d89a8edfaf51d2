"""The shipped catalogue as it was read when the package was built, so that a dose does not wait for YAML and pydantic.

A snapshot is used only when it was made from the very `regimens.yaml` and the very models that are installed; its
header has the SHA-256 of both. It is JSON rather than a pickle, because a file that somebody has exchanged must not
run code: to check and read it takes 4.4 ms where a pickle of the same 63 regimens takes 2.9 ms, and `json` another
1.5 ms to import where nothing else has (the least of 30 runs, Python 3.11).

The body is one table of values. First come the plain ones (text, whole numbers, true, false, null), then decimals and
dates as text, then records: tuples, mappings and the models' own, each naming the places of its parts, which stand
before it. The last is the catalogue.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from ivig_dose.catalogue import models
from ivig_dose.catalogue.models import Catalogue, CatalogueFile, Entry
from ivig_dose.catalogue.quick import sha256_of

SNAPSHOT_NAME = "regimens.snapshot"
_MAGIC = b"ivig-dose snapshot 2"
_MODELS = Path(__file__).with_name("models")
_TUPLE: Final = 0
_MAPPING: Final = 1

Kind = tuple[str, ...]
"""What a record is: its class and its fields. The first two kinds of a table are tuples and mappings."""


def snapshot_path() -> Path:
    """Where the snapshot is, or would be: in the package, or where an editable install has put it apart from it."""
    package = Path(__file__).parent.parent
    inside = package / SNAPSHOT_NAME
    apart = (Path(folder, package.name, SNAPSHOT_NAME) for folder in sys.path)
    return inside if inside.is_file() else next((path for path in apart if path.is_file()), inside)


def write_snapshot(catalogue: Catalogue, file_sha256: str) -> bytes:
    """The content of a snapshot of the catalogue that was read from the file with this digest."""
    body = json.dumps(_list_values(catalogue), ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    return b"\n".join((_header(file_sha256, body), body))


def read_snapshot(content: bytes, file_sha256: str) -> Catalogue | None:
    """The catalogue in a snapshot, or `None` where it is not one of this file, of these models, or is damaged."""
    magic, _, rest = content.partition(b"\n")
    digests, _, body = rest.partition(b"\n")
    if b"\n".join((magic, digests)) != _header(file_sha256, body):
        return None
    try:
        catalogue = _read_values(json.loads(body))
    except (LookupError, TypeError, ValueError, ArithmeticError):
        return None
    return catalogue if isinstance(catalogue, Catalogue) else None


def _list_values(catalogue: Catalogue) -> dict[str, list[Any]]:
    """The table of a catalogue, in which equal values of one type stand once."""
    plain: dict[object, Any] = {}
    decimals: dict[str, None] = {}
    dates: dict[str, None] = {}
    for value in _walk(catalogue):
        if isinstance(value, Decimal):
            decimals[str(value)] = None
        elif isinstance(value, date):
            dates[value.isoformat()] = None
        else:
            plain[type(value), value] = value
    scalars = [*plain, *[(Decimal, text) for text in decimals], *[(date, text) for text in dates]]
    place_of = {key: place for place, key in enumerate(scalars)}
    kinds: dict[Kind, int] = {("tuple",): _TUPLE, ("mapping",): _MAPPING}
    records: dict[tuple[int, ...], int] = {}

    def place(value: object) -> int:
        if isinstance(value, Decimal):
            return place_of[Decimal, str(value)]
        if isinstance(value, date):
            return place_of[date, value.isoformat()]
        if not isinstance(value, Entry | tuple | Mapping):
            return place_of[type(value), value]
        kind, parts = _take_apart(value)
        record = (kinds.setdefault(kind, len(kinds)), *[place(part) for part in parts])
        return records.setdefault(record, len(scalars) + len(records))

    place(catalogue)
    return {
        "kinds": [*kinds],
        "plain": [*plain.values()],
        "decimals": [*decimals],
        "dates": [*dates],
        "records": [*records],
    }


def _walk(value: object) -> Iterator[object]:
    if isinstance(value, Entry | tuple | Mapping):
        for part in _take_apart(value)[1]:
            yield from _walk(part)
    else:
        yield value


def _take_apart(value: Any) -> tuple[Kind, list[object]]:
    """What a record is, and its parts in order; of a mapping, each key before its value."""
    if isinstance(value, Entry):
        return (type(value).__name__, *vars(value)), [*vars(value).values()]
    if isinstance(value, CatalogueFile):
        return (CatalogueFile.__name__, *value._fields), [*value]
    if isinstance(value, tuple):
        return ("tuple",), [*value]
    return ("mapping",), [part for item in value.items() for part in item]


def _read_values(table: Mapping[str, list[Any]]) -> object:
    """The last value of a table."""
    values = table["plain"]
    values.extend(map(Decimal, table["decimals"]))
    values.extend(map(date.fromisoformat, table["dates"]))
    known = {name: model for name, model in vars(models).items() if isinstance(model, type)}
    kinds = [(known[name], fields) for name, *fields in table["kinds"][2:]]
    for kind, *places in table["records"]:
        parts = map(values.__getitem__, places)
        if kind == _TUPLE:
            values.append(tuple(parts))
        elif kind == _MAPPING:
            values.append(dict(zip(parts, parts, strict=True)))
        else:
            model, fields = kinds[kind - 2]
            values.append(_make(model, dict(zip(fields, parts, strict=True))))
    return values[-1]


def _make(model: type, values: dict[str, Any]) -> object:
    if not issubclass(model, Entry):
        return CatalogueFile(**values)
    # As unpickling does: the values were checked when the snapshot was made.
    entry = object.__new__(model)
    entry.__dict__.update(values)
    return entry


def _header(file_sha256: str, body: bytes) -> bytes:
    digests = f"{file_sha256} {_digest_models()} {sha256_of(body)}"
    return b"\n".join((_MAGIC, digests.encode("ascii")))


def _digest_models() -> str:
    """The SHA-256 of the models' source, because a snapshot fits only the classes that it was made from."""
    sources = (path.name.encode("utf-8") + b"\0" + path.read_bytes() for path in sorted(_MODELS.glob("*.py")))
    return sha256_of(b"\0".join(sources))
