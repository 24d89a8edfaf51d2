"""The screens people live with: each as the transcript beside this file, which a person has read.

After a change that is meant: `python tests/screens/refresh.py`, then read the diff.
"""

import re

import pytest

from tests.screens.cases import CASES
from tests.screens.recording import FOLDER, WIDTHS, record, run_on_terminal, strip_colour


@pytest.mark.parametrize("name", CASES)
def test_a_screen_is_what_its_transcript_says(name):
    transcript = FOLDER / f"{name}.txt"

    assert transcript.read_text(encoding="utf-8") == record(CASES[name])


def test_every_transcript_has_its_case():
    assert {file.stem for file in FOLDER.glob("*.txt")} == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_colour_changes_no_word_and_no_column(name):
    plain = run_on_terminal(CASES[name], 80)
    code, out, err = run_on_terminal(CASES[name], 80, coloured=True)

    assert (code, strip_colour(out), strip_colour(err)) == plain


@pytest.mark.parametrize("name", [name for name in CASES if name.startswith(("dose-", "check-m", "compare-"))])
def test_every_figure_of_the_widest_screen_stands_on_the_narrow_ones(name):
    widest = set(re.findall(r"[0-9][0-9.,]*(?: [a-zA-Z%/]+)?", run_on_terminal(CASES[name], WIDTHS[-1])[1]))
    amounts = {figure for figure in widest if figure.endswith((" g", " mL", " kg", "mL/h", " %", " g/kg"))}
    assert amounts

    for width in WIDTHS[:-1]:
        on_one_line = run_on_terminal(CASES[name], width)[1]
        assert {amount for amount in amounts if amount not in on_one_line} == set()
