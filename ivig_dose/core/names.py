"""Ids and aliases: finding the one entry that a typed name means, or saying which ones are near."""

import re
from collections.abc import Iterable, Mapping
from typing import Final, Protocol, TypeVar

from ivig_dose.problems import Refusal
from ivig_dose.quantity import quote

_BETWEEN_WORDS: Final = re.compile(r"(?<=[^\W_])[\s_-]+(?=[^\W_])")
MAX_NAMES: Final = 3
"""As many suggestions as are read."""


class Named(Protocol):
    """A catalogue entry that can be found by its id or by an alias."""

    @property
    def id(self) -> str:
        """The entry's id."""

    @property
    def aliases(self) -> tuple[str, ...]:
        """Other names that people type for it."""


Entry = TypeVar("Entry", bound=Named)


def find_entry(name: str, entries: Mapping[str, Entry]) -> Entry | None:
    """The entry whose id or alias is `name`, or None. There is no guessing: the whole name has to be equal.

    Case and surrounding space play no part. An id is otherwise exactly as it is spelt; between the words of an alias,
    which people write as prose, a space, a hyphen and an underscore are the same.
    """
    entry = entries.get(name)
    if entry is not None:
        return entry
    wanted, folded = name.strip().casefold(), fold(name)
    for entry in entries.values():
        if wanted in (entry.id.casefold(), *[alias.casefold() for alias in entry.aliases]):
            return entry
    # An alias that is the id in another spelling (MIS C) does not make further spellings of the id.
    found = [
        entry
        for entry in entries.values()
        if folded != fold(entry.id) and folded in [fold(alias) for alias in entry.aliases]
    ]
    return found[0] if len(found) == 1 else None


def fold(name: str) -> str:
    """A name of several words as it is compared: in small letters, its words joined with hyphens, its ends as typed."""
    return _BETWEEN_WORDS.sub("-", name.strip().casefold())


def nearest_names(name: str, names: Iterable[str], count: int = MAX_NAMES) -> list[str]:
    """The ids or aliases most like `name`, best first: those that `name` begins, then those of the same letters."""
    from difflib import get_close_matches

    wanted = fold(name.strip("-_ "))
    simplified = {fold(candidate): candidate for candidate in names}
    begun = sorted(key for key in simplified if len(wanted) > 1 and (key.startswith(wanted) or f"-{wanted}" in key))
    anagrams = [key for key in simplified if sorted(key) == sorted(wanted)]
    close = get_close_matches(wanted, simplified, n=count)
    return [simplified[key] for key in dict.fromkeys([*begun, *anagrams, *close])][:count]


def refuse_unknown(kind: str, name: str, entries: Mapping[str, Entry], among: Iterable[str] | None = None) -> Refusal:
    """The usage refusal for a name that no entry has, with the nearest ids, or all of `among` where none is near."""
    names = {alias: entry.id for entry in entries.values() for alias in (entry.id, *entry.aliases)}
    if kind == "product":
        # One look-alike must not be offered for another: whoever means Kiovig is not told Qivigy.
        names = {alias: id_ for alias, id_ in names.items() if alias[:1].casefold() == name.strip()[:1].casefold()}
    # the aliases of one entry must not crowd out another: `gammaplex` is near two products, not one
    near = list(dict.fromkeys(names[found] for found in nearest_names(name, names, len(names) or 1)))[:MAX_NAMES]
    words = kind.replace("-", " ")
    if near:
        hint = f"did you mean {join_or(near)}?"
    elif among is not None:
        hint = f"choose {join_or(list(among))}"
    else:
        hint = f"`ivig-dose list {_PLURALS[kind]}` shows the ids"
    return Refusal(f"unknown-{kind}", f"{words} {quote(name)} is not in the catalogue", hint, kind="usage")


_PLURALS = {
    "indication": "indications",
    "regimen": "regimens",
    "product": "products",
    "weight-policy": "policies",
    "rounding-policy": "rounding-policies",
    "risk": "risks",
}


def join_or(names: list[str]) -> str:
    """`a, b or c`."""
    return _join(names, "or")


def join_and(names: list[str]) -> str:
    """`a, b and c`."""
    return _join(names, "and")


def _join(names: list[str], word: str) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {word} {names[-1]}"
