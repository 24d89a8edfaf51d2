"""The oracle's own reading of `regimens.yaml`: plain dicts, every number a `Fraction` of its text.

Nothing here comes from the tool. The meaning of the fields is that of design section 4.
"""

import re
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

SHIPPED = Path(__file__).parent.parent / "regimens.yaml"
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?", re.ASCII)


def exact(number: object) -> Fraction:
    """The `Fraction` that a number's text spells; a float is an error, because it has already lost its text."""
    if isinstance(number, float):
        raise TypeError(f"{number!r} is a float")
    return Fraction(str(number))


def read_yaml(text: str) -> dict[str, Any]:
    """The document with whole and decimal numbers as `Fraction`s of their own text."""
    import yaml

    class Loader(yaml.CSafeLoader):
        pass

    def number(_: Any, node: Any) -> Fraction:
        if not _NUMBER.fullmatch(node.value):
            raise ValueError(f"line {node.start_mark.line + 1}: {node.value!r} is not a plain number")
        return Fraction(node.value)

    Loader.add_constructor("tag:yaml.org,2002:int", number)
    Loader.add_constructor("tag:yaml.org,2002:float", number)
    return yaml.load(text, Loader=Loader)  # noqa: S506 - the loader is a safe one


@cache
def shipped() -> dict[str, Any]:
    """The shipped catalogue."""
    return read_yaml(SHIPPED.read_text(encoding="utf-8"))
