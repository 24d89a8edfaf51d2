"""Bytes of a catalogue file to text: size, encoding and invisible characters, looked at before any YAML is read."""

import re
import unicodedata
from typing import Final

from ivig_dose.problems import Position, Problem

MAX_BYTES: Final = 2_000_000
"""About ten times the shipped catalogue."""

_LINE_END = re.compile(r"\r\n|\r|\n")

# Control characters except tab and line ends, the no-break space (which looks like a space and is none to YAML),
# the soft hyphen, and every character that is invisible or turns the direction of writing.
_REFUSED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xa0\xad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\u3164"
    "\ufeff\uffa0\ufff0-\ufffd\ufffe\uffff\U000e0000-\U000e0fff]"
)

_SIGNATURES = (
    (b"PK\x03\x04", "this is a ZIP file, perhaps a renamed spreadsheet (.xlsx)"),
    (b"\xd0\xcf\x11\xe0", "this is an old Office file, perhaps a renamed spreadsheet (.xls)"),
    (b"\x1f\x8b", "this is a gzip file"),
    (b"%PDF", "this is a PDF file"),
    (b"\xff\xfe", "this text is saved as UTF-16"),
    (b"\xfe\xff", "this text is saved as UTF-16"),
)


def split_lines(text: str) -> list[str]:
    """The lines of a text as a YAML reader counts them, without their ends."""
    return _LINE_END.split(text)


def decode(content: bytes, file: str) -> str | Problem:
    """The text of a file, or the one problem for which it cannot be read as text.

    UTF-8 is the only encoding; the byte order mark that some Windows editors put in front is left out.
    """
    if len(content) > MAX_BYTES:
        message = f"the file is too large: more than {MAX_BYTES // 1_000_000} MB"
        return Problem(file, Position(1, 1), "", message, "file-too-large", "is this the right file?")
    for signature, what in _SIGNATURES:
        if content.startswith(signature):
            hint = "save it as plain text in UTF-8 (in an editor: Save as, encoding UTF-8)"
            return Problem(file, Position(1, 1), "", f"not a YAML text: {what}", "file-not-text", hint)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = split_lines(content[: error.start].decode("utf-8-sig", "replace"))
        message = f"not UTF-8 text: the byte 0x{content[error.start]:02x} does not belong to any character"
        hint = "save the file as UTF-8; letters such as é or µ were saved in another encoding"
        position = Position(len(before), len(before[-1]) + 1)
        line = split_lines(content.decode("utf-8-sig", "replace"))[position.line - 1]
        return Problem(file, position, "", message, "file-not-text", hint, line)
    return _refuse_invisible(text, file) or text


def _refuse_invisible(text: str, file: str) -> Problem | None:
    found = _REFUSED.search(text)
    if found is None:
        return None
    before = split_lines(text[: found.start()])
    position = Position(len(before), len(before[-1]) + 1)
    code = ord(found[0])
    name = unicodedata.name(found[0], "control character").lower()
    others = len(_REFUSED.findall(text)) - 1
    more = f" ({others:,} more in this file)" if others else ""
    hint = "type an ordinary space" if code in {0xA0, 0x202F} else "delete it; it is invisible and may hide other text"
    message = f"the character U+{code:04X} ({name}) is not allowed{more}"
    line = split_lines(text)[position.line - 1]
    return Problem(file, position, "", message, "invisible-character", hint, line)
