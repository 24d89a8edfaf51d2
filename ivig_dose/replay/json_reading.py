"""JSON text read strictly: exact decimals, no key twice, nothing that only JavaScript knows."""

from decimal import Decimal
from typing import Any


class JsonError(ValueError):
    """A text is not the JSON that was asked for; `line` counts from 1 within the text."""

    def __init__(self, problem: str, line: int = 1) -> None:
        super().__init__(problem)
        self.line = line


def read_json(text: str) -> Any:
    """What a JSON text holds, every number a `Decimal` of its own digits.

    Raises `JsonError` for what is no JSON, a key that is given twice, NaN and infinities, and nesting beyond reason.
    """
    import json

    try:
        return json.loads(
            text,
            parse_float=Decimal,
            parse_int=Decimal,
            parse_constant=_refuse_constant,
            object_pairs_hook=_refuse_twice,
        )
    except json.JSONDecodeError as problem:
        raise JsonError(problem.msg[:1].lower() + problem.msg[1:], problem.lineno) from None
    except RecursionError:
        raise JsonError("it is nested too deeply") from None


def _refuse_constant(name: str) -> None:
    raise JsonError(f"{name} is not a number")


def _refuse_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise JsonError(f"the key {twice!r} is given twice")
    return read
