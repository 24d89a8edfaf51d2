"""The kinds of field that catalogue entries are made of: exact numbers, counts, days, bounds and closed vocabularies.

Each kind tells pydantic how to read it without importing pydantic here, so that a dose from the shipped catalogue
does not wait for it. A quoted number, `true` or a float is never taken for a number.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from ivig_dose.catalogue.models.entry import Entry


class ExactNumber:
    """Marks a `Decimal` field: a whole or decimal number of the file, exact, within bounds named as in pydantic."""

    def __init__(self, **bounds: int) -> None:
        self.bounds = bounds

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        from pydantic_core import core_schema

        def from_whole_number(value: object) -> object:
            return Decimal(value) if type(value) is int else value

        decimals: Any = {name: Decimal(bound) for name, bound in self.bounds.items()}
        return core_schema.no_info_before_validator_function(
            from_whole_number, core_schema.decimal_schema(strict=True, **decimals)
        )

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        names = {"gt": "exclusiveMinimum", "ge": "minimum"}
        return {"type": "number", **{names[name]: bound for name, bound in self.bounds.items()}}


class WholeNumber:
    """Marks a count: a whole number of 1 or more."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        from pydantic_core import core_schema

        return core_schema.int_schema(strict=True, ge=1)


class IsoDay:
    """Marks a calendar day, written YYYY-MM-DD in quotes or bare."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        from pydantic_core import core_schema

        def from_text(value: object) -> object:
            if isinstance(value, str) and len(value) == len("2026-11-22"):
                return date.fromisoformat(value)
            return value

        return core_schema.no_info_before_validator_function(from_text, core_schema.date_schema(strict=True))


class TrueOrFalse:
    """Marks a yes/no fact, written `true` or `false`."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        from pydantic_core import core_schema

        return core_schema.bool_schema(strict=True)


Amount = Annotated[Decimal, ExactNumber(gt=0)]
"""A number above zero."""
Bound = Annotated[Decimal, ExactNumber(ge=0)]
"""A number of zero or more."""
Count = Annotated[int, WholeNumber()]
"""A whole number of 1 or more."""
Day = Annotated[date, IsoDay()]
Flag = Annotated[bool, TrueOrFalse()]

Basis = Literal["per_course", "per_day", "per_dose", "per_month"]
Phase = Literal["acute", "induction", "loading", "maintenance", "replacement", "prophylaxis", "rescue"]
Status = Literal["SEED", "VERIFIED", "DERIVED"]
WeightKind = Literal["actual", "ideal", "adjusted"]
Sex = Literal["F", "M"]
BloodGroup = Literal["O", "A", "B", "AB"]
RateUnit = Literal["mL/kg/h", "mL/kg/min", "mg/kg/min", "mg/kg/h"]
SourceKind = Literal["seed", "label", "guideline", "study", "textbook", "reprint", "digest", "formulary"]
Sources = tuple[str, ...]
"""Ids of entries in the catalogue's `sources`."""


class Bounds(Entry):
    """Limits of a value, each in words that say whether the limit itself is inside.

    `at_least` (>=) and `at_most` (<=) include it, `over` (>) and `under` (<) do not.
    """

    at_least: Bound | None = None
    over: Bound | None = None
    at_most: Bound | None = None
    under: Bound | None = None

    def admit(self, value: Decimal, scale: Decimal = Decimal(1)) -> bool:
        """Whether `value` / `scale` lies inside all the limits that are given, without dividing."""
        return (
            (self.at_least is None or value >= self.at_least * scale)
            and (self.over is None or value > self.over * scale)
            and (self.at_most is None or value <= self.at_most * scale)
            and (self.under is None or value < self.under * scale)
        )

    def edges(self) -> tuple[Decimal, ...]:
        """The limits that are given."""
        return tuple(edge for edge in (self.at_least, self.over, self.at_most, self.under) if edge is not None)
