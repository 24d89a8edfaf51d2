"""Bytes that are no text, and texts that hide something, are one problem with its place."""

import pytest

from ivig_dose.catalogue.text import MAX_BYTES, decode
from ivig_dose.problems import Position, Problem


def refuse(content: bytes) -> Problem:
    problem = decode(content, "site.yaml")
    assert isinstance(problem, Problem)
    return problem


def test_utf8_is_read_with_and_without_a_byte_order_mark() -> None:
    assert decode("µg".encode(), "site.yaml") == "µg"
    assert decode("\ufeffµg".encode(), "site.yaml") == "µg"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04rest", "spreadsheet"),
        (b"\xd0\xcf\x11\xe0rest", "spreadsheet"),
        (b"\x1f\x8brest", "gzip"),
        (b"%PDF-1.7", "PDF"),
        ("a: 1".encode("utf-16"), "UTF-16"),
    ],
)
def test_a_file_of_another_kind_is_named(content: bytes, words: str) -> None:
    problem = refuse(content)

    assert problem.rule == "file-not-text"
    assert words in problem.message


def test_another_encoding_is_refused_at_its_first_byte() -> None:
    problem = refuse("a: 1\nname: Exämple\n".encode("cp1252"))

    assert problem.position == Position(2, 9)
    assert problem.source_line == "name: Ex\ufffdmple"


def test_a_file_at_the_limit_is_read_and_one_byte_more_is_not() -> None:
    assert isinstance(decode(b"#" * MAX_BYTES, "site.yaml"), str)
    assert refuse(b"#" * (MAX_BYTES + 1)).rule == "file-too-large"


@pytest.mark.parametrize(
    "char",
    [
        "\x00",
        "\x07",
        "\x1b",
        "\x7f",
        "\x85",
        "\xa0",
        "\xad",
        "\u061c",
        "\u200b",
        "\u200e",
        "\u2028",
        "\u202e",
        "\u2066",
        "\ufeff",
        "\ufffe",
        "\U000e0041",
    ],
)
def test_an_invisible_character_is_refused_with_its_code(char: str) -> None:
    problem = refuse(f"a: 1\nb: x{char}y\n".encode())

    assert problem.rule == "invisible-character"
    assert problem.position == Position(2, 5)
    assert f"U+{ord(char):04X}" in problem.message


def test_further_invisible_characters_are_counted() -> None:
    assert "(2 more in this file)" in refuse("a: x\u200by\u200bz\u200b".encode()).message


@pytest.mark.parametrize("text", ["é µ ² ³ ≥ “x” 免疫 \t\r\n", "a: 1\r\nb: 2\r"])
def test_ordinary_letters_and_line_ends_are_read(text: str) -> None:
    assert decode(text.encode(), "site.yaml") == text
