"""Bytes of a file to lines of text, with everything refused that could hide, move or change a row."""

import re
from collections.abc import Iterator
from typing import BinaryIO, Final, NamedTuple

from ivig_dose.batch.problems import UntrustedFileError

BLOCK_BYTES: Final = 1 << 14
"""How much is read, answered and written at a time. An answer in JSON takes a hundred times the room of its row."""
MAX_LINE_BYTES: Final = 1 << 20
MAX_FIELD_LENGTH: Final = 10_000

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_PLAIN: Final = bytes([0x09, 0x0A, 0x0D, *range(0x20, 0x7F), *range(0x80, 0x100)])
# C1 controls, soft hyphen, Arabic and Mongolian marks, zero-width and bidi controls, line and paragraph separators,
# halves of surrogate pairs, tags, non-characters: what a reader cannot see and a terminal or an editor acts on.
_INVISIBLE: Final = re.compile(
    "[\u0080-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_SIGNATURES: Final = (
    (b"\xff\xfe", "it is UTF-16 text", "save it as CSV UTF-8"),
    (b"\xfe\xff", "it is UTF-16 text", "save it as CSV UTF-8"),
    (b"PK\x03\x04", "it is a spreadsheet or another zip file, whatever its name says", "export it as CSV UTF-8"),
    (b"\xd0\xcf\x11\xe0", "it is an old Excel workbook, whatever its name says", "export it as CSV UTF-8"),
    (b"\x1f\x8b", "it is compressed", "unpack it first: gunzip -c FILE | ivig-dose batch -"),
    (b"%PDF", "it is a PDF", "export the rows as CSV UTF-8"),
)


class Block(NamedTuple):
    """Whole lines of a file: where the first stands (bytes from the start, line counted from 1) and all their bytes."""

    offset: int
    line: int
    content: bytes


def list_blocks(file: BinaryIO, offset: int = 0, line: int = 1, *, by_line: bool = False) -> Iterator[Block]:
    """The file from `offset` on in blocks of whole lines.

    A line of over 1 MiB raises `UntrustedFileError`; `by_line`, where each line stands for itself, gives its beginning
    as a block that `refuse_long` refuses, and goes on behind it.
    """
    file.seek(offset)
    rest = b""
    while chunk := file.read(BLOCK_BYTES):
        head, end, tail = (rest + chunk).rpartition(b"\n")
        if end:
            content = head + end
            yield Block(offset, line, content)
            offset += len(content)
            line += content.count(b"\n")
        rest = tail
        if len(rest) > MAX_LINE_BYTES:
            beginning = Block(offset, line, rest)
            if not by_line:
                refuse_long(beginning)
            yield beginning
            offset += len(rest) + skip_line(file)
            file.seek(offset)
            line += 1
            rest = b""
    if rest:
        yield Block(offset, line, rest)


def skip_line(file: BinaryIO) -> int:
    """How many bytes of its line are left where the file stands, its end with them; the file then stands behind it."""
    skipped = 0
    while part := file.readline(BLOCK_BYTES):
        skipped += len(part)
        if part.endswith(b"\n"):
            break
    return skipped


def refuse_long(block: Block) -> None:
    """Raise `UntrustedFileError` for a line of over 1 MiB."""
    if len(block.content) > MAX_LINE_BYTES:
        raise UntrustedFileError(block.line, "the line has over a million characters", "check that this is a text file")


def skip_byte_order_mark(file: BinaryIO, begin: int) -> int:
    """Where the text from `begin` on begins, in bytes. Raises `UntrustedFileError` for what starts as no UTF-8 text."""
    file.seek(begin)
    start = file.read(4)
    for signature, problem, hint in _SIGNATURES:
        if start.startswith(signature):
            raise UntrustedFileError(0, f"the file cannot be read: {problem}", hint)
    return begin + len(_BYTE_ORDER_MARK) if start.startswith(_BYTE_ORDER_MARK) else begin


def decode_lines(block: Block) -> list[str]:
    """The lines of a block as text, without their ends.

    Raises:
        UntrustedFileError: for bytes that are not UTF-8 and for NUL, control, zero-width and bidi characters.
    """
    content = block.content
    if content.translate(None, _PLAIN):
        raise _refuse_control(block)
    if content.count(b"\r") != content.count(b"\r\n") + content.endswith(b"\r"):
        raise UntrustedFileError(
            _find_line(block, re.search(rb"\r(?!\n)", content)),
            "a carriage return stands inside the line",
            "end lines with LF or CRLF, and take line breaks out of the fields",
        )
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = block.line + content.count(b"\n", 0, error.start)
        hint = "it may be cp1252 (Windows) text: save it as CSV UTF-8"
        raise UntrustedFileError(line, f"byte 0x{content[error.start]:02x} is not UTF-8 text", hint) from None
    if not text.isascii():
        found = _INVISIBLE.search(text)
        if found is not None:
            line = block.line + text.count("\n", 0, found.start())
            raise UntrustedFileError(line, *describe_invisible(found[0]))
    lines = (text.removesuffix("\r").replace("\r\n", "\n") if "\r" in text else text).split("\n")
    if not lines[-1]:
        lines.pop()
    return lines


def find_unseen(text: str) -> str | None:
    """The first character of a decoded text that no field may hold, or None. A tab is allowed, a line break is not."""
    if text.isascii() and text.isprintable():
        return None
    for char in text:
        if (char < " " and char != "\t") or char == "\x7f" or _INVISIBLE.match(char):
            return char
    return None


def describe_invisible(char: str) -> tuple[str, str]:
    """What is wrong with a character that cannot be seen, and what to do."""
    if char == "\0":
        return "a NUL character", "the file may be UTF-16 or no text at all: save it as CSV UTF-8"
    if "\ud800" <= char <= "\udfff":
        return f"half a character, U+{ord(char):04X}", "its other half was cut off: write the text whole"
    return f"the invisible character U+{ord(char):04X}", "take it out: it can hide or reorder what is read"


def _refuse_control(block: Block) -> UntrustedFileError:
    found = re.search(rb"[^\x09\x0a\x0d\x20-\x7e\x80-\xff]", block.content)
    char = chr(found[0][0]) if found is not None else "\0"
    return UntrustedFileError(_find_line(block, found), *describe_invisible(char))


def _find_line(block: Block, found: re.Match[bytes] | None) -> int:
    return block.line + block.content.count(b"\n", 0, found.start() if found is not None else 0)
