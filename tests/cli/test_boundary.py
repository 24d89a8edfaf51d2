"""Everything that goes wrong becomes one line on stderr and an exit code; nothing becomes a traceback."""

import sys

import pytest

from ivig_dose.cli.boundary import CommandUsageError, leave, run_guarded
from ivig_dose.cli.exits import ExitCode
from ivig_dose.problems import CatalogueError, Position, Problem
from ivig_dose.quantity import QuantityError


def raise_(problem):
    def command():
        raise problem

    return command


def test_the_codes_are_those_of_the_contract():
    assert {code.name: int(code) for code in ExitCode} == {
        "DONE": 0,
        "FAULT": 1,
        "USAGE": 2,
        "CATALOGUE": 3,
        "REFUSED": 4,
        "ROWS_REFUSED": 5,
        "MISMATCH": 6,
        "INTERRUPTED": 130,
    }


def test_a_command_that_ends_is_done(capsys):
    assert run_guarded(lambda: print("28 g")) == 0

    assert capsys.readouterr() == ("28 g\n", "")


@pytest.mark.parametrize("code", [0, 2, 4, 6])
def test_an_exit_code_passes_through(code):
    assert run_guarded(lambda: sys.exit(code)) == code
    assert run_guarded(lambda: code) == code


def test_leaving_with_a_verdict_keeps_what_was_written(capsys):
    def command():
        print("mismatch")
        leave(ExitCode.MISMATCH)

    assert run_guarded(command) == 6
    assert capsys.readouterr() == ("mismatch\n", "")


@pytest.mark.parametrize(
    "problem",
    [
        CommandUsageError("weight '7,5' is not a number", "write the decimal point: 7.5"),
        QuantityError("weight '7,5' is not a number", "write the decimal point: 7.5"),
    ],
)
def test_a_usage_problem_is_one_line_with_what_to_type_and_stdout_stays_empty(problem, capsys):
    assert run_guarded(raise_(problem)) == 2
    assert capsys.readouterr() == ("", "Error: weight '7,5' is not a number; write the decimal point: 7.5\n")


def test_catalogue_problems_are_told_as_they_are(capsys):
    problem = Problem("site.yaml", Position(3, 5), "regimens.x", "unknown key", "unknown-key", "", "    dosage: 4")

    assert run_guarded(raise_(CatalogueError((problem,)))) == 3
    assert capsys.readouterr() == (
        "",
        "site.yaml:3:5: regimens.x: unknown key [unknown-key]\n        dosage: 4\n        ^\n",
    )


def test_a_bug_is_one_line_without_the_values_that_met_it(capsys):
    def command():
        patient_weight = "SECRET-83.7"
        raise ValueError(f"bad weight {patient_weight}")

    assert run_guarded(command) == 1

    out, err = capsys.readouterr()
    assert out == ""
    assert "SECRET" not in err
    assert "83.7" not in err
    assert err.count("\n") == 1
    assert "ValueError at test_boundary.py:" in err
    assert "no dose is given" in err
    assert "Please report this line" in err


def test_a_bug_shows_its_traceback_when_asked(monkeypatch, capsys):
    monkeypatch.setenv("IVIG_DOSE_DEBUG", "1")

    assert run_guarded(raise_(ZeroDivisionError("x"))) == 1
    assert "Traceback (most recent call last)" in capsys.readouterr().err


def test_an_interruption_is_quiet(capsys):
    assert run_guarded(raise_(KeyboardInterrupt())) == 130
    assert capsys.readouterr() == ("", "")


def test_a_closed_pipe_is_quiet_and_no_success(capsys):
    assert run_guarded(raise_(BrokenPipeError(32, "Broken pipe"))) == 1
    assert capsys.readouterr().err == ""


def test_a_fault_of_the_system_is_named(capsys):
    assert run_guarded(raise_(OSError(28, "No space left on device"))) == 1
    assert capsys.readouterr().err == "Error: No space left on device\n"

    assert run_guarded(raise_(PermissionError(13, "Permission denied", "plan.json"))) == 1
    assert capsys.readouterr().err == "Error: Permission denied: plan.json\n"


def test_what_a_terminal_would_act_on_is_shown_as_its_code(capsys):
    run_guarded(raise_(CommandUsageError("id 'x\x1b[31m\u202e' is unknown")))

    assert capsys.readouterr().err == "Error: id 'x\\x1b[31m\\u202e' is unknown\n"
