"""Stopped by a signal: no half-written file stays, no process of ours, and one line says so.

The handler does all of it and ends the process. An exception in its place could come up anywhere, while a module is
imported or a file is closed, and get lost there or be shown as a traceback.
"""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final, NoReturn

SIGNALS: Final = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT") if hasattr(signal, name)
)

half_written: Final[set[str]] = set()
"""Paths of files that are not whole yet, which nobody shall find. Changed only while signals are held."""
workers: Final[set[int]] = set()
"""Processes that this one has started. Changed only while signals are held."""


def end_cleanly_when_stopped() -> None:
    """From now on a signal to stop ends this process with 128 and its number. One that is ignored stays ignored."""
    for number in SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _stop)


@contextmanager
def hold_signals() -> Iterator[None]:
    """Let a signal wait for the end of the block, which has to be short."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    held = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, held)


def become_worker() -> None:
    """In a process just started with signals held: the parent answers a signal to all, and ends its workers."""
    half_written.clear()
    workers.clear()
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL if number == signal.SIGTERM else signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)


def end_worker(process: int) -> None:
    """Stop a process that this one has started, whether its work is done or not, and wait until it is gone."""
    with suppress(ProcessLookupError, ChildProcessError):
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)


def _stop(number: int, _: object) -> NoReturn:
    with hold_signals():
        for process in workers:
            end_worker(process)
        for path in half_written:
            with suppress(OSError):
                os.unlink(path)  # noqa: PTH108 - a signal handler does as little as it can
        what = "Interrupted" if number == signal.SIGINT else "Stopped"
        left = "the output file is as it was" if half_written else "the answer is not whole"
        if sys.stderr is not None:
            with suppress(OSError):
                start = "\r\x1b[K" if os.isatty(2) else ""
                os.write(2, f"{start}{what}: {left}.\n".encode())
        os._exit(128 + number)
