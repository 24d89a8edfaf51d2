"""What screens are made of, on Rich: text that never parts a number from its unit and never cuts a word.

Rich breaks lines at no-break spaces too, and folds or crops a word that is wider than the line. `Words` is Rich's
`Text` with another way to wrap: a private-use character stands for the space inside `28 g`, and `Screen` turns it into
an ordinary space on the way out, so that a search for `28 g` finds it.
"""

import re
from collections.abc import Iterable
from typing import Any, Final, Literal

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.containers import Lines
from rich.measure import Measurement
from rich.segment import Segment
from rich.text import Text

BOUND: Final = "\ue000"
"""Stands between two words that are never parted; printed as an ordinary space."""

StyleName = Literal["", "strong", "quiet", "warning", "good", "bar"]
Span = tuple[str, StyleName]
"""Some text in one style."""
# Readable on dark and on light: no yellow, no blue, and nothing that only colour says.
STYLES: Final[dict[StyleName, str]] = {
    "": "",
    "strong": "bold",
    "quiet": "dim",
    "warning": "bold red",
    "good": "bold green",
    "bar": "cyan",
}

# A number stays with the word behind it (70 kg, 5 days), a sign of arithmetic with the number behind it (x 70, > 30),
# hours with their minutes, a day with its number (day 1), and a BMI.
_BELONGS_TOGETHER: Final = re.compile(
    r"(?<=[0-9]) (?=[^ =<>+(\[])|(?<=[ \ue000][<>=x×≥≤±~-]) (?=[0-9])|(?<=[0-9] h) (?=[0-9]+ min)"  # noqa: RUF001
    r"|(?<=\bday) (?=[0-9])|(?<=\bdays) (?=[0-9])|(?<=\bBMI) (?=[0-9])"
)
_BINDING_SPACES: Final = ("\u00a0", "\u2007", "\u202f")
_IN_ASCII: Final = str.maketrans(
    {"≥": ">=", "≤": "<=", "×": "x", "–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "…": "..."}  # noqa: RUF001
    | {"µ": "mc", "μ": "mc", "·": "-", "•": "-", "→": "->", "²": "2", "³": "3", "±": "+/-", "°": " deg ", "█": "#"}
)


def make_visible(text: str) -> str:
    """`text` without anything that a terminal would act on: control and format characters show as `\\u001b`."""
    if text.isprintable():
        return text
    return "".join([_make_char_visible(char) for char in text])


def _make_char_visible(char: str) -> str:
    if char.isprintable() or char == BOUND:
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

    letters = [char if char == BOUND else normalize("NFKD", char)[0] for char in text.translate(_IN_ASCII)]
    return "".join([char if char.isascii() or char == BOUND else "?" for char in letters])


class Words(Text):
    """Text that wraps between words only; a word wider than the line stands alone on it, whole.

    The first line stands `indent` columns to the right, the others `hanging` more.
    """

    def __init__(self, spans: Iterable[Span], hanging: int = 0, indent: int = 0) -> None:
        super().__init__()
        self.pieces = [(bind_numbers(text), style) for text, style in spans if text]
        self.hanging = hanging
        self.indent = indent
        for text, style in self.pieces:
            self.append(text, STYLES[style])

    def in_ascii(self) -> "Words":
        """The same for a terminal that knows ASCII only."""
        return Words([(write_ascii(text), style) for text, style in self.pieces], self.hanging, self.indent)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:  # type: ignore[override]
        """Rich's way, in ASCII where the stream knows no more."""
        text = self.in_ascii() if options.ascii_only else self
        return Text.__rich_console__(text, console, options)

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        """The widest word and the whole text, each behind its indent."""
        text = self.in_ascii() if options.ascii_only else self
        least, most = Text.__rich_measure__(text, console, options)
        return Measurement(least + self.indent + self.hanging, most + self.indent)

    def wrap(self, console: Console, width: int, *, justify: Any = None, **settings: Any) -> Lines:  # noqa: ARG002
        """The words in as many lines as they need."""
        starts, used, room = [], 0, width - self.indent
        for word in re.finditer("( *)([^ ]+)", self.plain):
            size = cell_len(word[2])
            if used and used + len(word[1]) + size > room:
                starts.append(word.start(2))
                used, room = size, width - self.indent - self.hanging
            else:
                used += len(word[1]) + size
        lines = self.divide(starts)
        for number, line in enumerate(lines):
            line.rstrip()
            line.pad_left(self.indent + (self.hanging if number else 0))
        if justify in ("right", "center"):
            lines.justify(console, width, justify=justify, overflow="ignore")
        return lines


def write(*spans: str | Span, hanging: int = 0, indent: int = 0) -> Words:
    """A paragraph of plain texts and styled `(text, style)` spans."""
    return Words([(span, "") if isinstance(span, str) else span for span in spans], hanging, indent)


def write_verbatim(line: str) -> Text:
    """A line that is printed as it is, whatever the width: text that other tools read, such as FILE:LINE:COL."""
    return Text(make_visible(line), no_wrap=True, overflow="ignore")


LABEL_COLUMNS: Final = 16
ROOMY: Final = 60


class Labelled:
    """Lines with a label at their left, or above them where the terminal is narrow."""

    def __init__(self, label: str, *lines: str | Iterable[str | Span]) -> None:
        self.label = label
        self.lines = [[line] if isinstance(line, str) else [*line] for line in lines]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The lines beside or below the label."""
        if options.max_width < ROOMY:
            yield write((self.label, "strong"))
            yield from [write(*line, indent=2) for line in self.lines]
            return
        for number, line in enumerate(self.lines):
            label = bind((self.label if number == 0 else "").ljust(LABEL_COLUMNS - 1) + " ")
            yield write((label, "strong"), *line, hanging=LABEL_COLUMNS)


BLANK: Final = write()


def stack(blocks: Iterable[RenderableType | None]) -> Group:
    """The blocks that there are, one below the other."""
    return Group(*[block for block in blocks if block is not None])


class Screen:
    """A screen on its way out: bound spaces become spaces, and no line ends in blanks."""

    def __init__(self, content: RenderableType) -> None:
        self.content = content

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The lines of the content."""
        for line in Segment.split_lines(console.render(self.content, options)):
            while line and not line[-1].text.strip(" "):
                line.pop()
            for at, (text, style, control) in enumerate(line):
                shown = text.replace(BOUND, " ")
                yield Segment(shown.rstrip(" ") if at == len(line) - 1 else shown, style, control)
            yield Segment.line()
