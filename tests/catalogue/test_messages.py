"""A problem as text: one line to jump to, the line with a caret, a hint, and nothing that a terminal acts on."""

from ivig_dose.catalogue.messages import MAX_LISTED, format_problem, format_problems
from ivig_dose.problems import Position, Problem


def problem(line: str = "  low: 040", column: int = 8, **others: object) -> Problem:
    values = {
        "file": "site.yaml",
        "position": Position(3, column),
        "path": "a.low",
        "message": "wrong",
        "rule": "some-rule",
    }
    return Problem(**{**values, "hint": "write 40", "source_line": line, **others})  # type: ignore[arg-type]


def test_the_parts_stand_in_their_order() -> None:
    assert format_problem(problem()) == (
        "site.yaml:3:8: a.low: wrong [some-rule]\n      low: 040\n           ^\nhint: write 40"
    )


def test_what_is_not_known_is_left_out() -> None:
    assert format_problem(problem(position=None, path="", hint="", line="")) == "site.yaml: wrong [some-rule]"


def test_advice_is_called_advice() -> None:
    assert format_problem(problem(severity="advice")).endswith("\nadvice: write 40")


def test_a_long_line_is_cut_around_the_place() -> None:
    for column in (1, 60, 99, 100, 101, 250, 499, 500):
        line = "x" * (column - 1) + "!" + "x" * (500 - column)
        _, excerpt, caret, _ = format_problem(problem(line, column)).split("\n")

        assert len(excerpt) <= 106
        assert excerpt[len(caret) - 1] == "!"


def test_control_characters_are_shown_as_their_codes() -> None:
    text = format_problem(problem("a\x1b[2J\u202e", message="\x07"))

    assert "\\u001b[2J\\u202e" in text
    assert "\\u0007" in text


def test_only_the_first_hundred_are_written_out() -> None:
    text = format_problems([problem()] * (MAX_LISTED + 1_500))

    assert text.count("some-rule") == MAX_LISTED
    assert text.endswith("\n\nand 1,500 more problems")
