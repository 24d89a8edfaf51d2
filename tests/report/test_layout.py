"""What screens are made of: nothing is cut at any width, markup and control characters are only text."""

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console, RenderableType

from ivig_dose.report.tables.rows import Column, FirstThatFits, Frame, Rows
from ivig_dose.report.tables.words import (
    BOUND,
    Labelled,
    Screen,
    bind,
    bind_numbers,
    make_visible,
    stack,
    write,
    write_ascii,
    write_verbatim,
)
from tests.report.printing import write_plain

WIDTHS = st.integers(5, 200)
WORDS = st.text(alphabet="abcdefgXYZ.,()[]/≥é", min_size=1, max_size=12)
AMOUNTS = st.from_regex(r"[1-9][0-9]{0,3}(\.[1-9])? (g|mL|g/kg|mL/kg/h|%|days|min)", fullmatch=True)


def print_in_colour(block: RenderableType, width: int) -> str:
    file = io.StringIO()
    Console(file=file, width=width, force_terminal=True, color_system="truecolor").print(Screen(block), crop=False)
    return file.getvalue()


@given(st.lists(st.one_of(WORDS, AMOUNTS), min_size=1, max_size=30), WIDTHS, st.integers(0, 4))
def test_a_paragraph_keeps_every_word_and_every_amount_whole(pieces: list[str], width: int, hanging: int) -> None:
    text = write_plain(write(" ".join(pieces), hanging=hanging), width)
    assert text.split() == " ".join(pieces).split()
    lines = text.splitlines()
    for piece in pieces:
        assert any(piece in line for line in lines)


@given(st.lists(WORDS, min_size=1, max_size=30), WIDTHS)
def test_a_line_is_longer_than_the_width_only_for_one_word(words: list[str], width: int) -> None:
    for line in write_plain(write(" ".join(words)), width).splitlines():
        assert len(line) <= width or " " not in line


@given(st.lists(AMOUNTS, min_size=1, max_size=8), WIDTHS, st.booleans())
def test_a_frame_cuts_nothing(amounts: list[str], width: int, ascii_only: bool) -> None:
    text = write_plain(Frame(write("Give  ", *[f"{each} " for each in amounts], hanging=2)), width, ascii_only)
    assert all(any(amount in line for line in text.splitlines()) for amount in amounts)
    lines = text.splitlines()
    if text.startswith(("╭", "+")):
        assert {len(line) for line in lines} == {len(lines[0])}
        assert len(lines[0]) <= width


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("give 28 g a day", "give 28_g a day"),
        ("0.4 g/kg x 70 kg x 5 days", "0.4_g/kg x_70_kg x_5_days"),
        ("1 x 20 g + 1 x 10 g", "1_x_20_g + 1_x_10_g"),
        ("BMI > 30 kg/m2", "BMI >_30_kg/m2"),
        ("at ≥ 2 g/kg", "at ≥_2_g/kg"),
        ("2 h 25 min", "2_h_25_min"),
        ("28 g = 28 g", "28_g =_28_g"),
        ("10 % (10 g/100 mL)", "10_% (10_g/100_mL)"),
        ("days 4-5 = 140 g", "days_4-5 =_140_g"),
    ],
)
def test_a_number_is_bound_to_its_unit(text: str, bound: str) -> None:
    assert bind_numbers(text).replace(BOUND, "_") == bound


def test_a_bound_space_is_printed_as_a_space() -> None:
    block = write(bind("28 g a day"), " for ", ("5 days", "strong"))
    assert write_plain(block, 12) == "28 g a day\nfor 5 days\n"


HOSTILE = "[red]X[/red] [/] :100: \x1b[31m\x07\u202eevil"


def test_markup_and_control_characters_are_only_text() -> None:
    shown = "[red]X[/red] [/] :100: \\u001b[31m\\u0007\\u202eevil\n"
    assert write_plain(write(HOSTILE), 80) == shown
    assert print_in_colour(write(HOSTILE), 80) == shown
    assert write_plain(Rows((Column("id", "{}", "text"),), ((HOSTILE,),)), 80).splitlines()[2] == shown.strip()


@given(st.text())
def test_nothing_that_a_terminal_acts_on_is_left(text: str) -> None:
    assert make_visible(text).replace(BOUND, " ").isprintable()


@pytest.mark.parametrize(
    ("text", "ascii_text"),
    [
        ("≥ 2 g/kg", ">= 2 g/kg"),
        ("≤ 65", "<= 65"),
        ("0.3–0.6 g/kg", "0.3-0.6 g/kg"),  # noqa: RUF001
        ("2 × 5 g", "2 x 5 g"),  # noqa: RUF001
        ("37 µg/mL", "37 mcg/mL"),
        ("Guillain-Barré", "Guillain-Barre"),
        ("kg/m²", "kg/m2"),
        ("日", "?"),
    ],
)
def test_ascii_keeps_what_a_sign_means(text: str, ascii_text: str) -> None:
    assert write_ascii(text) == ascii_text
    assert write_plain(write(text), 80, ascii_only=True) == ascii_text + "\n"


STEPS = Rows(
    (Column("step", "step {}"), Column("mL/h", "{} mL/h"), Column("total mL", "total {} mL"), Column("", kind="bar")),
    (("1", "21", "10.5", "█"), ("2", "1,342.5", "300", "████")),
)


def test_columns_stand_below_each_other_at_the_point() -> None:
    lines = write_plain(STEPS, 80).splitlines()
    assert lines[0] == "step     mL/h  total mL"
    assert lines[2:] == ["   1     21        10.5  █", "   2  1,342.5     300    ████"]


def test_a_bar_gives_way_and_is_ascii_where_the_encoding_is() -> None:
    assert "█" not in write_plain(STEPS, 26)
    assert write_plain(STEPS, 26).splitlines()[2] == "   1     21        10.5"
    assert write_plain(STEPS, 80, ascii_only=True).splitlines()[3].endswith("####")
    assert write_plain(STEPS, 80, ascii_only=True).isascii()


def test_columns_become_sentences_where_they_have_no_room() -> None:
    assert write_plain(STEPS, 22) == "step 1: 21 mL/h,\n  total 10.5 mL\nstep 2: 1,342.5 mL/h,\n  total 300 mL\n"


def test_the_last_column_wraps_while_it_has_room() -> None:
    table = Rows((Column("id", "{}", "text"), Column("title", "{}", "prose")), (("itp", "twelve words " * 4),))
    lines = write_plain(table, 40).splitlines()
    assert lines[0] == "id   title"
    assert lines[2:] == ["itp  twelve words twelve words twelve", "     words twelve words"]


def test_the_first_set_of_columns_that_fits_is_shown() -> None:
    wide = Rows([Column("a", "{}", "text"), Column("b", "b {}", "text")], [("a" * 30, "b" * 30)])
    narrow = (Rows([Column("a", "{}", "text")], [("a" * 30,)]), Rows([Column("b", "b {}", "text")], [("b" * 30,)]))
    choice = FirstThatFits((wide,), narrow, (wide,))
    assert len(write_plain(choice, 80).splitlines()) == 3
    assert len(write_plain(choice, 40).splitlines()) == 7
    assert write_plain(choice, 20).splitlines() == ["a" * 30 + ":", "  b " + "b" * 30]


def test_a_frame_is_left_out_where_it_has_no_room() -> None:
    assert write_plain(Frame(write("28 g a day")), 7) == "28 g a\nday\n"
    assert write_plain(Frame(write("28 g a day")), 14).splitlines()[1] == "│ 28 g a day │"


def test_a_label_stands_beside_or_above() -> None:
    block = Labelled("Dose", "28 g", [("140 g", "strong"), " in all"])
    assert write_plain(block, 80) == "Dose            28 g\n                140 g in all\n"
    assert write_plain(block, 40) == "Dose\n  28 g\n  140 g in all\n"


def test_an_address_is_never_broken() -> None:
    block = write("see https://example.org/" + "a" * 90, indent=2)
    assert write_plain(block, 20).splitlines() == ["  see", "  https://example.org/" + "a" * 90]


def test_verbatim_lines_are_never_wrapped() -> None:
    block = stack([write_verbatim("regimens.yaml:10:17: a: b [c]"), write_verbatim("    x: 1 \x1b[2J")])
    assert write_plain(block, 5) == "regimens.yaml:10:17: a: b [c]\n    x: 1 \\u001b[2J\n"


@given(WIDTHS)
def test_colour_changes_no_word(width: int) -> None:
    block = stack([write(("28 g", "strong"), " for 5 days of the course", hanging=2), STEPS, None])
    coloured = print_in_colour(block, width)
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == write_plain(block, width)
    assert "\x1b[1m28 g\x1b[0m" in coloured
