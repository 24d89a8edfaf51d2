"""The command line in this process, through the door that a user comes in by, with its streams caught as bytes."""

import io
import signal
import sys
import tempfile
from contextlib import contextmanager
from typing import NamedTuple

from ivig_dose.cli.app import app
from ivig_dose.cli.main import PROGRAM

HANG_SECONDS = 2


class Hang(BaseException):
    """A command has computed for longer than any may. No `except Exception` of the program catches it."""


class Answer(NamedTuple):
    """What a command left behind: its exit code and what it wrote."""

    code: object
    out: str
    err: str


class _Stream(io.TextIOWrapper):
    """A stream over bytes in memory, as strict about its encoding as a real one."""

    def __init__(self):
        super().__init__(io.BytesIO(), encoding="utf-8", errors="strict", newline="")

    def text(self):
        self.flush()
        return self.buffer.getvalue().decode("utf-8")


def call(*arguments, stdin=b""):
    """Run `ivig-dose` with these arguments. Raises `Hang` after two seconds of this process's own computing."""
    before = sys.stdin, sys.stdout, sys.stderr
    out, err = _Stream(), _Stream()
    try:
        with _open_input(stdin) as sys.stdin, _stopped_when_it_hangs():
            sys.stdout, sys.stderr = out, err
            app(args=list(arguments), prog_name=PROGRAM)
    except SystemExit as leaving:
        return Answer(leaving.code, out.text(), err.text())
    finally:
        sys.stdin, sys.stdout, sys.stderr = before
    raise AssertionError("a command came back without an exit code")


@contextmanager
def _open_input(content):
    """Standard input as the shell's `<` makes it: a file, because a batch reads it twice."""
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        with io.TextIOWrapper(file, encoding="utf-8") as stream:
            yield stream


@contextmanager
def _stopped_when_it_hangs():
    """Time that the process computes, not time on the wall: the result does not depend on what else is running."""

    def stop(*_):
        raise Hang(f"over {HANG_SECONDS} s")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, HANG_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
