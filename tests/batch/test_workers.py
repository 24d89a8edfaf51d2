"""Several processes: answers in order, a worker that fails is never a short answer, and none is left behind."""

import io
import os

import pytest

from ivig_dose.batch.answering import Counts, Portion
from ivig_dose.batch.survey import Piece, survey_file
from ivig_dose.batch.workers import WorkerError, answer_file, choose_jobs

ROW = b"A,itp,70\n"


class Pieces:
    """Stands for an `Answerer`: answers each piece with its number, and fails at one of them in a worker."""

    def __init__(self, count, fails_at=None):
        self.pieces = tuple(Piece(number, 1, 1, 1) for number in range(count))
        self._parent = os.getpid()
        self._fails_at = fails_at

    def answer_piece(self, _, piece):
        if piece.offset == self._fails_at and os.getpid() != self._parent:
            raise RuntimeError
        return Portion(f"{piece.offset} é\n" * 20_000, Counts(planned=piece.offset))


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "rows"
    path.write_bytes(ROW)
    with path.open("rb") as opened:
        yield opened


@pytest.mark.parametrize("jobs", [1, 2, 3, 7])
def test_the_portions_come_in_order(file, jobs):
    portions = list(answer_file(file, Pieces(7), jobs))

    assert [portion.text[:1] for portion in portions] == list("0123456")
    assert portions == list(answer_file(file, Pieces(7), 1))
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_a_worker_that_fails_is_a_fault_and_not_a_short_answer(file):
    with pytest.raises(WorkerError):
        list(answer_file(file, Pieces(6, fails_at=3), 2))
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_a_reader_that_stops_leaves_no_process_behind(file):
    answers = answer_file(file, Pieces(9), 3)
    next(answers)
    answers.close()

    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_never_more_processes_than_pieces(file):
    survey = survey_file(io.BytesIO(b"id,indication,weight_kg\n" + ROW), ())

    assert choose_jobs(8, survey, file) == 1
    assert choose_jobs(8, survey._replace(pieces=survey.pieces * 9), file) == 8
    assert choose_jobs(8, survey._replace(pieces=survey.pieces * 9), io.BytesIO()) == 1
