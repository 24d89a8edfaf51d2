"""Several processes for one file: each answers every n-th piece, and the answers are put together in order."""

import os
import pickle
import struct
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import BinaryIO, Final, NoReturn

from ivig_dose.batch.answering import Answerer, Counts, Portion
from ivig_dose.batch.survey import Piece, Readable, Survey
from ivig_dose.stopping import become_worker, end_worker, hold_signals
from ivig_dose.stopping import workers as known_workers

_HEADER: Final = struct.Struct("<qqqqq")


def choose_jobs(asked: int, survey: Survey, file: BinaryIO) -> int:
    """How many processes answer a file: as asked, where there is work for so many and the system can start them."""
    if not hasattr(os, "fork") or isinstance(file, BytesIO):
        return 1
    return min(asked, len(survey.pieces))


def answer_file(file: BinaryIO, answerer: Answerer, jobs: int) -> Iterator[Portion]:
    """The answer to each piece of the file, in order. The result does not depend on the number of jobs.

    Raises:
        WorkerError: if one of the processes failed, which is a bug of ours or a lack of memory.
    """
    pieces = answerer.pieces
    if jobs == 1:
        for piece in pieces:
            yield answerer.answer_piece(file, piece)
        return
    shared = _SharedFile(file)
    # This process is the first of them: a worker less to keep in memory.
    workers: list[_Worker] = []
    try:
        for first in range(1, jobs):
            with hold_signals():
                workers.append(_Worker(shared, answerer, first, jobs))
        for at, piece in enumerate(pieces):
            yield answerer.answer_piece(shared, piece) if at % jobs == 0 else workers[at % jobs - 1].receive()
    finally:
        for worker in workers:
            worker.end()


class WorkerError(Exception):
    """A process that answered a part of the file ended before its work was done."""


class _SharedFile:
    """A file that several processes read at places of their own, which one position shared by all would mix up."""

    def __init__(self, file: BinaryIO) -> None:
        self._descriptor = file.fileno()
        self._offset = 0

    def seek(self, offset: int) -> None:
        """Where the next read begins."""
        self._offset = offset

    def read(self, length: int) -> bytes:
        """The bytes there."""
        return os.pread(self._descriptor, length, self._offset)


class _Worker:
    """A copy of this process that answers the pieces `first`, `first + every`, ... and sends them through a pipe.

    It is started while signals are held.
    """

    def __init__(self, file: Readable, answerer: Answerer, first: int, every: int) -> None:
        reading, writing = os.pipe()
        self._process = os.fork()
        if self._process == 0:
            os.close(reading)
            _work(file, answerer, answerer.pieces[first::every], writing)
        known_workers.add(self._process)
        os.close(writing)
        self._answers = open(reading, "rb")  # noqa: PTH123, SIM115 - a descriptor, closed in `end`

    def receive(self) -> Portion:
        """The next answer of this worker."""
        length, tally_length, *counts = _HEADER.unpack(self._read(_HEADER.size))
        text, tally = self._read(length).decode("utf-8"), self._read(tally_length)
        return Portion(text, Counts(*counts), pickle.loads(tally))  # noqa: S301 - this process's own child wrote it

    def _read(self, length: int) -> bytes:
        content = self._answers.read(length)
        if len(content) < length:
            raise WorkerError("a worker process ended before its work was done")
        return content

    def end(self) -> None:
        """Stop the worker, whether its work is done or not, and wait until it is gone."""
        self._answers.close()
        with hold_signals():
            end_worker(self._process)
            known_workers.discard(self._process)


def _work(file: Readable, answerer: Answerer, pieces: Sequence[Piece], writing: int) -> NoReturn:
    """Answer the pieces into the pipe and leave. Whatever goes wrong, the parent sees the pipe end too early."""
    try:
        become_worker()
        with open(writing, "wb") as answers:
            for piece in pieces:
                portion = answerer.answer_piece(file, piece)
                content, tally = portion.text.encode("utf-8"), pickle.dumps(portion.tally)
                answers.write(_HEADER.pack(len(content), len(tally), *portion.counts) + content + tally)
                answers.flush()
    finally:
        os._exit(0)
