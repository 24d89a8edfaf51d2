"""A memory that holds what was used lately and never more than a fixed number of things."""

from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Memory(Generic[Key, Value]):
    """Remembers up to two generations of `generation` things each: what was used in neither is forgotten.

    What comes often is kept however much comes once, also where a file is sorted and what is frequent changes.
    """

    def __init__(self, generation: int) -> None:
        self._generation = generation
        self._young: dict[Key, Value] = {}
        self._old: dict[Key, Value] = {}

    def recall(self, key: Key) -> Value:
        """What was remembered under `key`. Raises `KeyError` where it is not, or no longer."""
        try:
            return self._young[key]
        except KeyError:
            value = self._old[key]
        self.remember(key, value)
        return value

    def remember(self, key: Key, value: Value) -> None:
        """Remember `value` under `key`, and forget the older generation where the younger one is full."""
        if len(self._young) >= self._generation:
            self._old, self._young = self._young, {}
        self._young[key] = value

    def __len__(self) -> int:
        """How many things are held, a thing that both generations hold counted twice."""
        return len(self._young) + len(self._old)
