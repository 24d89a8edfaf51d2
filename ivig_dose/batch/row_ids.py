"""Ids of rows: which ones a reader takes for the same, and which ones a spreadsheet has shortened."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final, NamedTuple

from ivig_dose.problems import Notice

ID_REPEATED: Final = Notice(
    "id-repeated",
    "warning",
    "This id stands on more than one row (capitals and surrounding space aside) and the answers differ: check which "
    "row is meant.",
)
ID_SHORTENED: Final = Notice(
    "id-shortened",
    "warning",
    "A spreadsheet has shortened this id to a power of ten: several patients may now have the same one. Export the "
    "ids as text.",
)
ADDED_NOTICES: Final = (ID_REPEATED, ID_SHORTENED)
"""What a batch adds to the notices of a plan."""

_SHORTENED: Final = re.compile(r"[+-]?[0-9](?:[.,][0-9]+)?[eE][+-][0-9]{2,3}", re.ASCII)
_SHORTENED_LINE: Final = re.compile(rf"^\s*({_SHORTENED.pattern})\s*$", re.ASCII | re.MULTILINE)


class ShortenedIds(NamedTuple):
    """How many ids look like a number that a spreadsheet shortened, and the first of them."""

    total: int = 0
    first: str = ""

    def plus(self, ids: Sequence[str]) -> "ShortenedIds":
        """The count with some more rows."""
        found = _SHORTENED_LINE.findall("\n".join(ids))
        return ShortenedIds(self.total + len(found), self.first or found[0]) if found else self


def is_shortened(row_id: str) -> bool:
    """Whether an id looks as spreadsheets write a long number: `1.67683E+15`."""
    return _SHORTENED.fullmatch(row_id.strip()) is not None


def fold_id(row_id: str) -> str:
    """An id as it is compared with others: composed characters (NFC), no surrounding space, no case."""
    if not row_id.isascii():
        row_id = unicodedata.normalize("NFC", unicodedata.normalize("NFC", row_id).casefold())
    return row_id.strip().casefold()
