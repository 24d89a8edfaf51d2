"""What every entry of the catalogue is: an immutable record with named fields, cheap to define and to make."""

from dataclasses import MISSING, dataclass, field, fields
from typing import Any, dataclass_transform


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(field,))
class Entry:
    """A frozen dataclass with keyword arguments only; every subclass is one without a decorator.

    `@dataclass` compiles six methods for each class, which for this catalogue's classes takes 15 ms at every start.
    Written once here, they take 1 ms. Pydantic reads subclasses as the standard dataclasses that they are.
    """

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012 - pydantic reads this name; a ClassVar changes nothing

    def __init_subclass__(cls) -> None:
        dataclass(init=False, repr=False, eq=False, kw_only=True)(cls)

    def __init__(self, **values: Any) -> None:
        """Takes one value for each field by name. Raises `TypeError` for a missing or an unknown name."""
        mine = self.__dict__
        for each in fields(self):  # type: ignore[arg-type]  # every subclass is a dataclass
            if each.name in values:
                mine[each.name] = values.pop(each.name)
            elif each.default is not MISSING:
                mine[each.name] = each.default
            elif each.default_factory is not MISSING:
                mine[each.name] = each.default_factory()
            else:
                raise TypeError(f"{type(self).__name__}: the field {each.name} is missing")
        if values:
            raise TypeError(f"{type(self).__name__}: unknown field {', '.join(values)}")

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable: {name} cannot be set")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable: {name} cannot be deleted")

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash((type(self), *self.__dict__.values()))

    def __repr__(self) -> str:
        inside = ", ".join(f"{name}={value!r}" for name, value in self.__dict__.items())
        return f"{type(self).__name__}({inside})"
