"""A screen as a person sees it: a command run on a terminal of 40, 80 and 200 columns, written as a transcript.

The day is fixed, and the tool's version and the catalogue's version, dates and digest are masked, so that a new
edition of the catalogue touches only the screens whose words or figures it changes.
"""

import contextlib
import io
import os
import re
import shlex
import sys
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final
from unittest import mock

from ivig_dose.catalogue.loader import load_catalogue
from ivig_dose.cli import plans
from ivig_dose.cli.app import app
from ivig_dose.core import plan

FOLDER: Final = Path(__file__).parent
CATALOGUES: Final = FOLDER.parent / "catalogues"
WIDTHS: Final = (40, 80, 200)
TODAY: Final = date(2026, 12, 1)
_COLOUR: Final = re.compile(r"\x1b\[[0-9;]*m")


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    encoding = "utf-8"

    def isatty(self):
        return True


def record(command):
    """The transcript of a command: its exit code, then what it prints at each width, stderr apart from stdout."""
    answers = [run_on_terminal(command, width) for width in WIDTHS]
    codes = {code for code, _, _ in answers}
    parts = [f"$ ivig-dose {command}\nexit {', '.join(str(code) for code in sorted(codes))}\n"]
    for width, (_, out, err) in zip(WIDTHS, answers, strict=True):
        parts.append(f"\n{f'----- {width} columns '.ljust(width, '-')}\n{out}")
        if err:
            parts.append(f"{'----- stderr '.ljust(width, '-')}\n{err}")
    return "".join(parts)


def run_on_terminal(command, columns, coloured=False):
    """Exit code, stdout and stderr of a command line on a terminal that is so wide, without blanks at line ends."""
    settings = {"COLUMNS": str(columns), "TERM": "xterm-256color", **({} if coloured else {"NO_COLOR": "1"})}
    out, err = Terminal(), Terminal()
    with (
        mock.patch.dict(os.environ, settings),
        mock.patch.object(plans, "load_catalogue", _load_masked),
        mock.patch.object(plans, "today", return_value=TODAY),
        mock.patch.object(plan, "__version__", "x.x.x"),
        mock.patch.object(sys, "stdout", out),
        mock.patch.object(sys, "stderr", err),
        contextlib.chdir(CATALOGUES),
    ):
        code = 0
        try:
            app(shlex.split(command), prog_name="ivig-dose")
        except SystemExit as leaving:
            code = leaving.code
    return code, _strip_blanks(out.getvalue()), _strip_blanks(err.getvalue())


def strip_colour(text):
    """The text without colour."""
    return _strip_blanks(_COLOUR.sub("", text))


def _strip_blanks(text):
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


@cache
def _load_masked(overlay):
    """The catalogue with its version, dates and digest masked. Raises for an overlay that cannot be used."""
    catalogue = load_catalogue(overlay)
    dates = {"effective": date(2026, 1, 1), "review_by": date(2027, 1, 1)}
    files = tuple(file._replace(version="xxxx.xx", sha256="x" * 64) for file in catalogue.files)
    return replace(catalogue, catalogue=replace(catalogue.catalogue, version="xxxx.xx", **dates), files=files)
