"""Blocks of text that are laid out for a width: paragraphs, labelled and indented blocks, and stacks of them.

Rich's own tables cut numbers to fit, and its wrapping splits at no-break spaces too. These blocks never cut: a word
that is wider than the width stands alone on its line, whole. A number and its unit are one word, held together by
no-break spaces that come out as ordinary spaces, so that a search for `28 g` finds it.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final, Literal, Protocol

from ivig_dose.report.tables.wording import BOUND, bind_numbers, count_cells, make_visible, write_ascii

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions
    from rich.measure import Measurement
    from rich.segment import Segment

StyleName = Literal["", "strong", "quiet", "heading", "warning", "good", "bar"]
Span = tuple[str, StyleName]
"""Some text in one style."""
Line = list[Span]

# Readable on dark and on light: no yellow, no blue, and nothing that only colour says.
_RICH_STYLES: Final[Mapping[StyleName, str]] = {
    "": "none",
    "strong": "bold",
    "quiet": "dim",
    "heading": "underline",
    "warning": "bold red",
    "good": "bold green",
    "bar": "cyan",
}


class Block(Protocol):
    """A part of a screen."""

    def lay_out(self, width: int, ascii_only: bool) -> Iterator[Line]:
        """The lines of this block at `width` columns; `ascii_only` where the encoding knows no more."""
        ...

    def find_least_width(self) -> int:
        """The columns that the longest word needs, but for addresses, which may stand out over the width whole."""
        ...


class RichBlock:
    """What Rich asks of a thing that it prints."""

    __slots__ = ()

    def __rich_console__(self: Block, console: "Console", options: "ConsoleOptions") -> Iterator["Segment"]:
        from rich.segment import Segment

        styles = {name: console.get_style(style) for name, style in _RICH_STYLES.items()}
        for line in self.lay_out(options.max_width, options.ascii_only):
            for text, style in line:
                yield Segment(text.replace(BOUND, " "), styles[style] if style else None)
            yield Segment.line()

    def __rich_measure__(self: Block, console: "Console", options: "ConsoleOptions") -> "Measurement":
        from rich.measure import Measurement

        least = self.find_least_width()
        return Measurement(least, max(least, options.max_width))


class Paragraph(RichBlock):
    """Words that wrap at spaces; lines after the first are indented by `hanging` columns."""

    __slots__ = ("hanging", "spans")

    def __init__(self, spans: tuple[Span, ...], hanging: int = 0) -> None:
        self.spans = spans
        self.hanging = hanging

    def find_words(self, ascii_only: bool = False) -> list[Line]:
        """The unbreakable pieces in order, each with its styles."""
        words: list[Line] = [[]]
        for text, style in self.spans:
            bound = bind_numbers(text)
            first, *others = (write_ascii(bound) if ascii_only else bound).split(" ")
            if first:
                words[-1].append((first, style))
            words.extend([[(other, style)] if other else [] for other in others])
        return [word for word in words if word]

    def lay_out(self, width: int, ascii_only: bool) -> Iterator[Line]:
        """The words in as many lines as they need."""
        line: Line = []
        used = 0
        for word in self.find_words(ascii_only):
            size = _count_word(word)
            if line and used + 1 + size > width:
                yield line
                line = [(" " * self.hanging, "")] if self.hanging else []
                used = self.hanging
            elif line:
                line.append((" ", word[0][1] if line[-1][1] == word[0][1] else ""))
                used += 1
            line.extend(word)
            used += size
        yield line

    def find_least_width(self) -> int:
        """The longest word that is not an address, behind the hanging indent."""
        words = [word for word in self.find_words() if not any("://" in text for text, _ in word)]
        return max([_count_word(word) for word in words], default=0) + self.hanging


def _count_word(word: Line) -> int:
    return sum([count_cells(text) for text, _ in word])


def write(*spans: str | Span, hanging: int = 0) -> Paragraph:
    """A paragraph of plain texts and styled `(text, style)` spans."""
    return Paragraph(tuple([(span, "") if isinstance(span, str) else span for span in spans]), hanging)


class Verbatim(RichBlock):
    """Lines that are printed as they are, whatever the width: text that other tools read, such as FILE:LINE:COL."""

    __slots__ = ("lines",)

    def __init__(self, lines: tuple[Span, ...]) -> None:
        self.lines = lines

    def lay_out(self, width: int, ascii_only: bool) -> Iterator[Line]:  # noqa: ARG002
        """The lines, unwrapped."""
        for text, style in self.lines:
            shown = make_visible(text)
            yield [(write_ascii(shown) if ascii_only else shown, style)]

    def find_least_width(self) -> int:
        """None: the lines stand out over any width."""
        return 0


class Stack(RichBlock):
    """Blocks one below the other."""

    __slots__ = ("blocks",)

    def __init__(self, blocks: tuple[Block, ...]) -> None:
        self.blocks = blocks

    def lay_out(self, width: int, ascii_only: bool) -> Iterator[Line]:
        """The lines of all the blocks."""
        for block in self.blocks:
            yield from block.lay_out(width, ascii_only)

    def find_least_width(self) -> int:
        """That of the block that needs most."""
        return max([block.find_least_width() for block in self.blocks], default=0)


class Indented(RichBlock):
    """A block that stands a few columns to the right."""

    __slots__ = ("block", "by")

    def __init__(self, block: Block, by: int = 2) -> None:
        self.block = block
        self.by = by

    def lay_out(self, width: int, ascii_only: bool) -> Iterator[Line]:
        """The block's lines behind the indent."""
        for line in self.block.lay_out(width - self.by, ascii_only):
            yield [(" " * self.by, ""), *line] if line else line

    def find_least_width(self) -> int:
        """The block's own and the indent."""
        return self.block.find_least_width() + self.by


class Labelled(RichBlock):
    """A block with a label at its left, or above it where the terminal is narrow."""

    __slots__ = ("block", "label")
    LABEL_COLUMNS = 16
    ROOMY = 60

    def __init__(self, label: str, block: Block) -> None:
        self.label = label
        self.block = block

    def lay_out(self, width: int, ascii_only: bool) -> Iterator[Line]:
        """The block's lines beside or below the label."""
        if width < self.ROOMY:
            yield [(self.label, "strong")]
            yield from Indented(self.block).lay_out(width, ascii_only)
            return
        label = self.label
        for line in self.block.lay_out(width - self.LABEL_COLUMNS, ascii_only):
            yield [(label.ljust(self.LABEL_COLUMNS), "strong" if label else ""), *line]
            label = ""

    def find_least_width(self) -> int:
        """The block's own in its narrow form."""
        return max(self.block.find_least_width() + 2, len(self.label))


BLANK: Final = Paragraph(())


def stack(blocks: Iterable[Block | None]) -> Stack:
    """The blocks that there are, one below the other."""
    return Stack(tuple([block for block in blocks if block is not None]))


def write_plain(block: Block, width: int, ascii_only: bool = False) -> str:
    """A block as text without colour, for a pipe or a file, each line with its end."""
    lines = ["".join([text for text, _ in line]).rstrip(" ") for line in block.lay_out(width, ascii_only)]
    return "".join([line.replace(BOUND, " ") + "\n" for line in lines])


def minimum_width(block: Block) -> int:
    """The least width in columns at which no line of the block stands out over it."""
    return block.find_least_width()
