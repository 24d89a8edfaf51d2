"""YAML syntax errors in words for the person who edits the file: the parser's own describe its grammar."""

from collections.abc import Sequence
from typing import Any

from ivig_dose.catalogue.scalars import Refused
from ivig_dose.problems import Position

_RULE = "yaml-syntax"
_CHECK = "check the indentation and the quotes, here and just above"
_COLON = "put text that contains ': ' in quotes, and line the keys up"
_BRACKETS = "check the brackets, commas and quotes, here and just above"

# Words of the C or the Python parser, what they mean for a line of a catalogue, and what to do.
_MEANINGS = (
    ("mapping values are not allowed", "a second colon in one line, or a line indented too far", _COLON),
    ("could not find expected ':'", "a key without its colon", "write key: value"),
    ("did not find expected key", "this line does not fit the lines above it", _CHECK),
    ("expected <block end>", "this line does not fit the lines above it", _CHECK),
    ("expected '-'", "this line does not belong to the list above it", _CHECK),
    ("expected node content", "a value is missing, or a bracket is not closed", _BRACKETS),
    ("expected the node content", "a value is missing, or a bracket is not closed", _BRACKETS),
    ("',' or", "a bracket or a comma is missing", _BRACKETS),
    ("unexpected end of stream", "these quotes are never closed", "close them"),
    ("cannot start any token", "this character cannot begin a value", "put the value in quotes"),
    ("unexpected ':'", "a colon without a space after it", "write key: value"),
    ("unknown escape", "a backslash that means nothing inside double quotes", "use single quotes, or write \\\\"),
)


def explain(error: Any, lines: Sequence[str]) -> tuple[Position, Refused]:
    """Where a PyYAML error stands and what it means."""
    words = str(getattr(error, "problem", None) or error)
    position = _place(getattr(error, "problem_mark", None), lines)
    context = getattr(error, "context_mark", None)
    if context and (position is None or "unexpected end of stream" in words):
        position = _place(context, lines)  # what is missing at the end began at the context, a quote or a bracket
    if position is None:
        position = _end(lines)
    if _character(lines, position) == "\t":
        return position, Refused("a tab stands where only spaces may", _RULE, "indent with spaces")
    for known, message, hint in _MEANINGS:
        if known in words:
            return position, Refused(message, _RULE, hint)
    return position, Refused("this is not valid YAML", _RULE, _CHECK)


def _place(mark: Any, lines: Sequence[str]) -> Position | None:
    """The position of a parser's mark, or nothing where only empty lines follow it."""
    if mark is None or not any(line.strip() for line in lines[mark.line :]):
        return None
    return Position(mark.line + 1, mark.column + 1)


def _end(lines: Sequence[str]) -> Position:
    """The end of the last line that says something."""
    last = max((number for number, line in enumerate(lines, 1) if line.strip()), default=1)
    return Position(last, len(lines[last - 1].rstrip()) + 1)


def _character(lines: Sequence[str], position: Position) -> str:
    return lines[position.line - 1][position.column - 1 : position.column]
