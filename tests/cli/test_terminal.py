"""Where text goes, at which width and in which colours."""

import io
import os
import re
import sys

import pytest

from ivig_dose.cli import terminal
from ivig_dose.report.tables.words import stack, write


class Screen(io.StringIO):
    """A stream that says that it is a terminal."""

    encoding = "utf-8"

    def isatty(self):
        return True


def put_screen(monkeypatch):
    """A terminal for stdout. Called in the test, because pytest puts its own stdout there after the fixtures."""
    stream = Screen()
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setenv("TERM", "xterm-256color")
    return stream


def test_a_pipe_has_no_width_and_no_colour(capsys):
    terminal.show(stack([write(("word " * 100 + "28 g", "warning"))]))

    assert capsys.readouterr().out == "word " * 100 + "28 g\n"


def test_a_screen_is_as_wide_as_the_terminal_and_coloured(monkeypatch):
    monkeypatch.setenv("COLUMNS", "20")
    screen = put_screen(monkeypatch)

    terminal.show(write(("WARNING", "warning"), " give 28 g on each day"))

    lines = screen.getvalue().splitlines()
    assert lines[0].startswith("\x1b[1;31mWARNING")
    assert [line for line in lines if "28 g" in line] != []
    assert max(len(line.replace("\x1b[1;31m", "").replace("\x1b[0m", "")) for line in lines) <= 20


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, True),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": ""}, True),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ({"TERM": "dumb"}, False),
    ],
)
def test_colour_on_a_terminal(monkeypatch, environment, expected):
    screen = put_screen(monkeypatch)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    terminal.show(write(("x", "good")))

    assert ("\x1b[" in screen.getvalue()) is expected


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ({"FORCE_COLOR": ""}, False),
    ],
)
def test_colour_in_a_pipe(monkeypatch, capsys, environment, expected):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    terminal.show(write(("x", "good")))

    assert ("\x1b[" in capsys.readouterr().out) is expected


@pytest.mark.parametrize(
    ("columns", "expected"), [("40", 40), ("5", 5), ("0", None), ("-5", None), ("wide", None), ("", None)]
)
def test_columns_are_obeyed_where_they_are_a_number(monkeypatch, columns, expected):
    monkeypatch.setenv("COLUMNS", columns)

    assert terminal.terminal_width(io.StringIO()) == expected


def test_a_terminal_that_does_not_know_its_width_has_80_columns():
    assert terminal.terminal_width(Screen()) == 80


def test_a_document_is_written_raw_in_utf_8_with_one_line_end(capfdbinary):
    with open(os.dup(1), "w", encoding="latin-1") as out:  # noqa: PTH123 - a file descriptor, not a path
        stdout, sys.stdout = sys.stdout, out
        try:
            terminal.write_document('{"unit": "µg", "sign": "≥"}')
            terminal.write_document("a,b\n")
        finally:
            sys.stdout = stdout

    assert capfdbinary.readouterr().out == '{"unit": "µg", "sign": "≥"}\na,b\n'.encode()


def test_a_character_that_the_terminal_lacks_is_written_as_its_code(monkeypatch):
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(raw, encoding="ascii"))

    terminal.prepare_streams()
    terminal.tell("regimen 'µ' is unknown")

    assert raw.getvalue() == b"regimen '\\xb5' is unknown\n"


def test_a_closed_stdout_is_an_error_and_a_closed_stderr_is_none(monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)

    terminal.tell("nobody hears this")
    terminal.finish()
    with pytest.raises(OSError, match="standard output is closed"):
        terminal.write_document("{}")


def test_talk_on_a_terminal_is_wrapped_between_words_and_never_inside_a_number(monkeypatch):
    stream = Screen()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("COLUMNS", "24")

    terminal.tell("Refused: the dose of 2.5 g/kg is above the limit of 2 g/kg for the course")

    lines = re.sub(r"\x1b\[[0-9;]*m", "", stream.getvalue()).splitlines()
    assert stream.getvalue().startswith("\x1b[1;31mRefused")
    assert max(map(len, lines)) <= 24
    assert any("2.5 g/kg" in line for line in lines)
    assert " ".join(line.strip() for line in lines) == (
        "Refused: the dose of 2.5 g/kg is above the limit of 2 g/kg for the course"
    )
