"""The commands as a whole: what is listed, what is suggested, what help begins with."""

import inspect
from importlib import import_module

import pytest

from ivig_dose import __version__
from ivig_dose.cli import app as shell
from ivig_dose.cli.app import COMMANDS, load_command
from ivig_dose.cli.command import CommandGroup, StrictCommand


def test_help_leads_with_examples_and_lists_every_command(run):
    answer = run("--help")

    assert answer.code == 0
    assert answer.out.startswith("Examples:\n  ivig-dose dose itp --weight 70\n")
    rows = [line.strip("│ ") for line in answer.out.partition(" Commands ")[2].splitlines()]
    listed = [row.split()[0] for row in rows if row and row.split()[0] in COMMANDS]
    assert listed == list(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_that_leads_with_an_example_of_itself(run, name):
    for flag in ("--help", "-h"):
        answer = run(name, flag)

        assert answer.code == 0
        assert answer.out.startswith(f"Examples:\n  ivig-dose {name}")
        assert f"Usage: ivig-dose {name} " in answer.out


def test_the_options_of_a_dose_stand_in_panels(run):
    panels = ["Arguments", "Patient", "Dose", "Product and rounding", "Infusion", "Dates", "Output"]
    out = run("dose", "--help").out.partition("Usage:")[2]
    places = [out.index(f" {panel} ─") for panel in panels]
    assert places == sorted(places)
    assert places[1] < out.index("--blood-group") < places[2] < out.index("--days") < places[3] < out.index("--stock")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_refuses_repeated_options_and_fits_the_overview(name):
    command = load_command(name)

    strict = [command] if not isinstance(command, CommandGroup) else list(command.commands.values())
    assert all(isinstance(each, StrictCommand) for each in strict)
    assert len(COMMANDS[name].summary) <= 64
    assert inspect.getdoc(import_module(f"ivig_dose.cli.{COMMANDS[name].module}"))


def test_no_arguments_is_a_usage_error_that_shows_the_help(run):
    answer = run()

    assert (answer.code, answer.out) == (2, "")
    assert "Usage: ivig-dose" in answer.err


def test_the_version(run):
    assert run("--version").out == f"ivig-dose {__version__}\n"
    assert run("--version", "dose").code == 0


def test_a_misspelt_command_is_refused_with_the_nearest(run):
    answer = run("dsoe", "itp")

    assert (answer.code, answer.out) == (2, "")
    assert "Did you mean 'dose'?" in answer.err
    assert answer.err.count("\n") == 1


def test_a_missing_indication_points_to_the_help(run):
    answer = run("dose", "--weight", "70")

    assert (answer.code, answer.out) == (2, "")
    assert "INDICATION" in answer.err
    assert "see `ivig-dose dose --help`" in answer.err


def test_a_command_that_cannot_be_loaded_is_a_fault_and_no_traceback(run, monkeypatch):
    monkeypatch.setitem(shell.COMMANDS, "dose", shell.Listed("no_such_module", "x"))

    answer = run("dose", "itp", "-w", "70")

    assert (answer.code, answer.out) == (1, "")
    assert "this is a fault of ivig-dose" in answer.err


def test_arguments_left_over_are_not_repeated(run):
    """Behind a bare `--` options are arguments, and with them what is known of a patient."""
    answer = run("dose", "itp", "--", "--weight=70", "--age=41")

    assert (answer.code, answer.out) == (2, "")
    assert "an argument is left over" in answer.err
    assert "41" not in answer.err
