"""Text that is safe and whole on a terminal: numbers bound to their units, control characters made visible, ASCII."""

import re
from collections.abc import Iterable
from typing import Final

BOUND: Final = "\x1f"
"""Stands between two words that are never parted; printed as an ordinary space. ASCII, so that text stays cheap."""

# A number stays with the word behind it (70 kg, 5 days), a sign of arithmetic with the number behind it (x 70, > 30),
# hours with their minutes, a day with its number (day 1), and a BMI.
_BELONGS_TOGETHER: Final = re.compile(
    r"(?<=[0-9]) (?=[^ =<>+(\[])|(?<=[ \x1f][<>=x×≥≤±~-]) (?=[0-9])|(?<=[0-9] h) (?=[0-9]+ min)"  # noqa: RUF001
    r"|(?<=\bday) (?=[0-9])|(?<=\bdays) (?=[0-9])|(?<=\bBMI) (?=[0-9])"
)
_BINDING_SPACES: Final = (BOUND, "\u00a0", "\u2007", "\u202f")
_IN_ASCII: Final = str.maketrans(
    {"≥": ">=", "≤": "<=", "×": "x", "–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "…": "..."}  # noqa: RUF001
    | {"µ": "mc", "μ": "mc", "·": "-", "•": "-", "→": "->", "²": "2", "³": "3", "±": "+/-", "°": " deg "}
)


def make_visible(text: str) -> str:
    """`text` without anything that a terminal would act on: control and format characters show as `\\u001b`."""
    if text.isprintable():
        return text
    return "".join([_make_char_visible(char) for char in text])


def _make_char_visible(char: str) -> str:
    if char.isprintable():
        return char
    if char in "\n\t":
        return " "
    return BOUND if char in _BINDING_SPACES else f"\\u{ord(char):04x}"


def bind(text: str) -> str:
    """`text` as one word that is never broken over lines."""
    return make_visible(text).replace(" ", BOUND)


def bind_each(phrases: Iterable[str]) -> str:
    """Phrases one after the other, none of which is broken over lines."""
    return " ".join([bind(phrase) for phrase in phrases])


def bind_numbers(text: str) -> str:
    """`text` with every number held together with its unit."""
    return _BELONGS_TOGETHER.sub(BOUND, make_visible(text))


def write_ascii(text: str) -> str:
    """`text` for a terminal that knows ASCII only: signs that change a number's meaning are spelt out."""
    if text.isascii():
        return text
    from unicodedata import normalize

    letters = [normalize("NFKD", char)[0] for char in text.translate(_IN_ASCII)]
    return "".join([char if char.isascii() else "?" for char in letters])


def count_cells(text: str) -> int:
    """How many columns of a terminal `text` takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)
