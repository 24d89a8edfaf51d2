"""Text as HTML for the print sheet: escaped, numbers held together with their units, nothing hidden."""

import re
from collections.abc import Iterable, Sequence
from html import escape as escape_html
from typing import Final

_NUMBER_AND_UNIT: Final = re.compile(r"(?<=[0-9]) (?=[A-Za-z%])")
_NO_BREAK: Final = "\u00a0"


def escape(text: str) -> str:
    """`text` as HTML that shows exactly it; a number stays on one line with its unit."""
    shown = "".join([char if char.isprintable() or char == _NO_BREAK else f"\\u{ord(char):04x}" for char in text])
    return escape_html(_NUMBER_AND_UNIT.sub(_NO_BREAK, shown))


def hold_together(text: str) -> str:
    """`text` as HTML that is never broken over lines."""
    return f'<span class="whole">{escape(text)}</span>'


def hold_each(phrases: Iterable[str]) -> str:
    """Phrases one after the other, none of which is broken over lines."""
    return " ".join([hold_together(phrase) for phrase in phrases])


def cite_whole(sources: Sequence[str]) -> str:
    """The ids of sources as HTML, none of which is broken over lines: ` [seed, fda-privigen]`."""
    return f" [{', '.join([hold_together(source) for source in sources])}]" if sources else ""


def element(tag: str, content: str, kind: str = "") -> str:
    """An element around content that is HTML already."""
    attribute = f' class="{kind}"' if kind else ""
    return f"<{tag}{attribute}>{content}</{tag}>\n"


def section(title: str, content: str, kind: str = "") -> str:
    """A part of the sheet under its title; `content` is HTML already."""
    return element("section", element("h2", escape(title)) + content, kind)


def table(
    headings: Sequence[str],
    rows: Iterable[Iterable[str]],
    kind: str = "",
    caption: str = "",
    groups: Sequence[tuple[int, str]] = (),
) -> str:
    """A table; headings, cells and caption are HTML already. `groups` are headings over so many columns each."""
    over = "".join([f'<th colspan="{columns}">{name}</th>' for columns, name in groups])
    head = "".join([f'<th scope="col">{heading}</th>' for heading in headings])
    body = "".join(["<tr>" + "".join([f"<td>{cell}</td>" for cell in row]) + "</tr>\n" for row in rows])
    title = f"<caption>{caption}</caption>" if caption else ""
    above = f"<tr>{over}</tr>" if groups else ""
    return element("table", f"{title}<thead>{above}<tr>{head}</tr></thead>\n<tbody>{body}</tbody>", kind)


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """Labels with their values; the values are HTML already."""
    lines = [f"<div><dt>{escape(label)}</dt><dd>{value}</dd></div>\n" for label, value in pairs]
    return element("dl", "".join(lines))
