"""Blocks of text: nothing is cut at any width, markup and control characters are only text, ASCII keeps meaning."""

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig_dose.report.tables.columns import Column, Columns
from ivig_dose.report.tables.layout import (
    Block,
    Indented,
    Labelled,
    Verbatim,
    minimum_width,
    stack,
    write,
    write_plain,
)
from ivig_dose.report.tables.wording import bind, bind_numbers, make_visible, write_ascii

WIDTHS = st.integers(5, 200)
WORDS = st.text(alphabet="abcdefgXYZ.,()[]/≥é", min_size=1, max_size=12)
AMOUNTS = st.from_regex(r"[1-9][0-9]{0,3}(\.[1-9])? (g|mL|g/kg|mL/kg/h|%|days|min)", fullmatch=True)


def print_with_rich(block: Block, width: int, colour: bool = False) -> str:
    from rich.console import Console

    console = Console(
        file=io.StringIO(), width=width, force_terminal=colour, color_system="truecolor" if colour else None
    )
    console.print(block, crop=False)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


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


@given(st.lists(AMOUNTS, min_size=1, max_size=6), WIDTHS)
def test_no_line_stands_out_over_the_least_width(amounts: list[str], width: int) -> None:
    block = stack([Labelled("Label", write(" ".join(amounts), hanging=2)), Indented(write(*amounts))])
    least = minimum_width(block)
    assert all(len(line) <= max(width, least) for line in write_plain(block, width).splitlines())


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
    assert bind_numbers(text).replace("\x1f", "_") == bound


def test_a_bound_space_is_printed_as_a_space() -> None:
    block = write(bind("28 g a day"), " for ", ("5 days", "strong"))
    assert write_plain(block, 12) == "28 g a day\nfor 5 days\n"
    assert print_with_rich(block, 12) == "28 g a day\nfor 5 days\n"


HOSTILE = "[red]X[/red] [/] :100: \x1b[31m\x07\u202eevil"


def test_markup_and_control_characters_are_only_text() -> None:
    shown = "[red]X[/red] [/] :100: \\u001b[31m\\u0007\\u202eevil\n"
    assert write_plain(write(HOSTILE), 80) == shown
    assert print_with_rich(write(HOSTILE), 80, colour=True) == shown
    assert print_with_rich(Columns((Column("id", "{}", "text"),), ((HOSTILE,),)), 80).splitlines()[1] == shown.strip()


@given(st.text())
def test_nothing_that_a_terminal_acts_on_is_left(text: str) -> None:
    assert make_visible(text).replace("\x1f", " ").isprintable()


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


STEPS = Columns(
    (Column("step", "step {}"), Column("mL/h", "{} mL/h"), Column("total mL", "total {} mL")),
    (("1", "21", "10.5"), ("2", "1,342.5", "300")),
)


def test_columns_stand_below_each_other_at_the_point() -> None:
    assert write_plain(STEPS, 80) == ("step     mL/h  total mL\n   1     21        10.5\n   2  1,342.5     300\n")


def test_columns_become_sentences_where_they_have_no_room() -> None:
    assert write_plain(STEPS, 22) == "step 1: 21 mL/h,\n  total 10.5 mL\nstep 2: 1,342.5 mL/h,\n  total 300 mL\n"


def test_the_last_column_wraps_while_it_has_room() -> None:
    table = Columns((Column("id", "{}", "text"), Column("title", "{}", "prose")), (("itp", "twelve words " * 4),))
    assert write_plain(table, 40).splitlines() == [
        "id   title",
        "itp  twelve words twelve words twelve",
        "     words twelve words",
    ]


def test_a_label_stands_beside_or_above() -> None:
    block = Labelled("Dose", write("28 g"))
    assert write_plain(block, 80) == "Dose            28 g\n"
    assert write_plain(block, 40) == "Dose\n  28 g\n"


def test_an_address_is_never_broken_and_widens_nothing() -> None:
    block = write("see https://example.org/" + "a" * 90)
    assert write_plain(block, 20).splitlines() == ["see", "https://example.org/" + "a" * 90]
    assert minimum_width(block) == 3


def test_verbatim_lines_are_never_wrapped() -> None:
    block = Verbatim((("regimens.yaml:10:17: a: b [c]", ""), ("    x: 1", "quiet")))
    assert write_plain(block, 5) == "regimens.yaml:10:17: a: b [c]\n    x: 1\n"
    assert minimum_width(block) == 0


@given(WIDTHS)
def test_rich_prints_the_same_text_as_the_plain_writer(width: int) -> None:
    block = stack([write(("28 g", "strong"), " for 5 days of the course", hanging=2), STEPS, None])
    plain = write_plain(block, width)
    assert print_with_rich(block, width) == plain
    coloured = print_with_rich(block, width, colour=True)
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain
    assert "\x1b[1m28 g\x1b[0m" in coloured
