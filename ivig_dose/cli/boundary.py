"""The one place that turns what went wrong into text and an exit code."""

import os
import sys
from collections.abc import Callable
from typing import NoReturn

from ivig_dose.cli import terminal
from ivig_dose.cli.exits import ExitCode
from ivig_dose.problems import CatalogueError, Refusal
from ivig_dose.quantity import QuantityError

DEBUG_VARIABLE = "IVIG_DOSE_DEBUG"


class CommandUsageError(Exception):
    """The command line cannot be read: what is wrong, and what to type instead."""

    def __init__(self, problem: str, hint: str = "") -> None:
        super().__init__(f"{problem}; {hint}" if hint else problem)


class RefusedError(Exception):
    """No dose is given. `document` is the refusal in the form in which the answer was wanted; None on a screen."""

    def __init__(self, refusal: Refusal, document: str | None) -> None:
        super().__init__(refusal.rule)
        self.refusal = refusal
        self.document = document


def run_guarded(command: Callable[[], object]) -> int:
    """The exit code of `command`, after everything it wrote was handed over or its failure was told to the user."""
    terminal.prepare_streams()
    try:
        code = _run(command)
        terminal.finish()
    except BrokenPipeError:
        # The reader has had enough (`| head -1`): nobody is left to tell.
        terminal.abandon(sys.stdout)
        return ExitCode.FAULT
    except OSError as fault:
        terminal.abandon(sys.stdout)
        return _tell_system_fault(fault)
    except Exception as bug:
        return _tell_bug(bug)
    return code


def _run(command: Callable[[], object]) -> int:
    try:
        return _read_code(command())
    except SystemExit as leaving:
        return _read_code(leaving.code)
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except (CommandUsageError, QuantityError) as problem:
        terminal.tell(f"Error: {problem}")
        return ExitCode.USAGE
    except CatalogueError as unusable:
        from ivig_dose.catalogue.messages import format_problems

        terminal.tell_lines(format_problems(unusable.problems))
        return ExitCode.CATALOGUE
    except RefusedError as refused:
        return _tell_refusal(refused)


def _read_code(value: object) -> int:
    if value is None:
        return ExitCode.DONE
    return value if isinstance(value, int) else ExitCode.FAULT


def _tell_refusal(refused: RefusedError) -> int:
    refusal = refused.refusal
    if refusal.kind == "usage":
        terminal.tell(f"Error: {refusal.message}; {refusal.hint}" if refusal.hint else f"Error: {refusal.message}")
        return ExitCode.USAGE
    if refused.document is not None:
        terminal.write_document(refused.document)
        return ExitCode.REFUSED
    terminal.tell(f"Refused: {refusal.message} [{refusal.rule}]")
    if refusal.hint:
        terminal.tell(f"Hint: {refusal.hint}")
    return ExitCode.REFUSED


def _tell_system_fault(fault: OSError) -> int:
    _show_traceback()
    where = f": {fault.filename}" if fault.filename else ""
    terminal.tell(f"Error: {fault.strerror or fault}{where}")
    return ExitCode.FAULT


def _tell_bug(bug: Exception) -> int:
    """One line that names the place and no value: a value could be a patient's."""
    _show_traceback()
    place = ""
    trace = bug.__traceback__
    while trace is not None:
        place = f"{os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}"  # noqa: PTH119
        trace = trace.tb_next
    terminal.tell(
        f"Error: this is a fault of ivig-dose, and no dose is given ({type(bug).__name__} at {place}). "
        f"Please report this line and the command, without patient data. {DEBUG_VARIABLE}=1 shows more."
    )
    return ExitCode.FAULT


def _show_traceback() -> None:
    if os.environ.get(DEBUG_VARIABLE):
        import traceback

        terminal.tell_lines(traceback.format_exc().rstrip())


def leave(code: ExitCode) -> NoReturn:
    """End the command with an exit code other than 0 after its data was written."""
    raise SystemExit(code)
