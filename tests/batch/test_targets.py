"""Where an answer goes and where rows come from: descriptors as they stand, and files that stay the same file."""

import errno
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from ivig_dose.batch import workers
from ivig_dose.cli.descriptors import find_descriptor
from ivig_dose.cli.outfile import open_beside

pytestmark = pytest.mark.slow

PATIENTS = "id,indication,weight_kg\nA,itp,70\nB,pid,60\n"
HAS_DESCRIPTORS = pytest.mark.skipif(not Path("/dev/fd").exists(), reason="no descriptor has a path on this system")
LYING_PIPE = """
import io, os, sys
class Pipe(io.RawIOBase):
    def readable(self): return True
    def seekable(self): return True
    def readinto(self, into):
        content = os.read(0, len(into)); into[:len(content)] = content; return len(content)
    def seek(self, offset, whence=0): return 0
    def tell(self): return 0
    def fileno(self): return 0
sys.stdin = io.TextIOWrapper(io.BufferedReader(Pipe()), encoding="utf-8")
sys.argv[0] = "ivig-dose"
from ivig_dose.__main__ import main
main()
"""


@pytest.fixture
def patients(tmp_path):
    path = tmp_path / "patients.csv"
    path.write_text(PATIENTS)
    return path


@pytest.fixture
def answer(run, patients):
    return run("batch", patients).out


def list_names(folder):
    return sorted(path.name for path in folder.iterdir())


@HAS_DESCRIPTORS
@pytest.mark.parametrize("mode", ["wb", "ab"])
@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/dev/fd/../fd/1", "link", "linked/1", "-"])
def test_standard_output_by_any_name_goes_on_where_it_stands(process, patients, answer, tmp_path, name, mode):
    (tmp_path / "link").symlink_to("/dev/stdout")
    (tmp_path / "linked").symlink_to("/dev/fd")
    path = tmp_path / "all.csv"
    out = name if name.startswith(("/", "-")) else tmp_path / name

    with path.open(mode) as target:
        target.write(b"# ward 3\n")
        target.flush()
        codes = [
            process("batch", patients, "--out", out, capture_output=False, stdout=target, stderr=subprocess.PIPE)
            for _ in range(2)
        ]

    assert [done.returncode for done in codes] == [0, 0]
    assert path.read_text() == f"# ward 3\n{answer}{answer}"
    assert not Path("-").exists()


@HAS_DESCRIPTORS
def test_a_descriptor_that_is_a_file_goes_on_where_it_stands(process, patients, answer, tmp_path):
    path = tmp_path / "all.csv"
    with path.open("wb") as target:
        target.write(b"# ward 3\n")
        target.flush()
        done = process("batch", patients, "--out", f"/dev/fd/{target.fileno()}", pass_fds=(target.fileno(),))

    assert (done.returncode, done.stdout) == (0, b"")
    assert path.read_text() == f"# ward 3\n{answer}"


@HAS_DESCRIPTORS
def test_a_descriptor_that_is_a_pipe_is_written_to(process, patients, answer):
    reading, writing = os.pipe()
    done = process("batch", patients, "--out", f"/dev/fd/{writing}", pass_fds=(writing,))
    os.close(writing)

    assert done.returncode == 0
    with open(reading, "rb") as pipe:  # noqa: PTH123 - a descriptor
        assert pipe.read().decode() == answer


@HAS_DESCRIPTORS
def test_a_descriptor_that_is_not_open_is_a_fault_in_one_line(process, patients):
    done = process("batch", patients, "--out", "/dev/fd/77")

    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr == b"Error: Bad file descriptor\n"


def test_a_plain_path_names_no_descriptor(tmp_path):
    (tmp_path / "round").symlink_to(tmp_path / "round")
    for name in (tmp_path / "1", tmp_path / "fd" / "1", tmp_path / "round", "fd/1", "/dev/null", "x\0y"):
        assert find_descriptor(str(name)) is None


@HAS_DESCRIPTORS
def test_appending_to_the_input_by_descriptor_is_refused(process, patients):
    with patients.open("ab") as target:
        done = process("batch", patients, "--out", f"/dev/fd/{target.fileno()}", pass_fds=(target.fileno(),))

    assert done.returncode == 2
    assert b"the output is the input file" in done.stderr
    assert patients.read_text() == PATIENTS


def test_the_old_file_is_written_into_where_it_cannot_be_moved_over(run, patients, answer, tmp_path, monkeypatch):
    """A file that is mounted by itself: the system says that the device is busy."""
    out = tmp_path / "doses.csv"
    out.write_text("old " * 1000)
    out.chmod(0o640)
    before = out.stat()

    def be_busy(*_):
        raise OSError(errno.EBUSY, "Device or resource busy")

    monkeypatch.setattr(Path, "replace", be_busy)

    assert run("batch", patients, "--out", out).code == 0
    assert out.read_text() == answer
    assert (out.stat().st_ino, out.stat().st_mode) == (before.st_ino, before.st_mode)
    assert list_names(tmp_path) == ["doses.csv", "patients.csv"]


@pytest.mark.skipif(not hasattr(os, "posix_fallocate"), reason="only some systems can ask for room beforehand")
@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EOPNOTSUPP])
def test_a_full_disk_leaves_the_old_file_that_is_written_into(tmp_path, monkeypatch, error):
    out = tmp_path / "doses.csv"
    out.write_text("old")
    (tmp_path / "second name.csv").hardlink_to(out)

    def fail(*_):
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(os, "posix_fallocate", fail)

    if error == errno.ENOSPC:
        with pytest.raises(OSError, match="No space left"), open_beside(out) as write:
            write("new and longer")
        assert out.read_text() == "old"
    else:
        with open_beside(out) as write:
            write("new and longer")
        assert out.read_text() == "new and longer"
    assert list_names(tmp_path) == ["doses.csv", "second name.csv"]


def test_both_names_of_a_file_have_the_new_answer(run, patients, answer, tmp_path):
    out, other = tmp_path / "doses.csv", tmp_path / "shared.csv"
    out.write_text("old")
    other.hardlink_to(out)

    assert run("batch", patients, "--out", out).code == 0
    assert out.read_text() == other.read_text() == answer
    assert out.samefile(other)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a file away")
@pytest.mark.parametrize("owner", [(1234, 1234), (0, 1234), (1234, 0)])
def test_another_owner_keeps_the_file(run, patients, answer, tmp_path, owner):
    out = tmp_path / "doses.csv"
    out.write_text("old")
    os.chown(out, *owner)
    out.chmod(0o640)

    assert run("batch", patients, "--out", out).code == 0
    state = out.stat()
    assert out.read_text() == answer
    assert (state.st_uid, state.st_gid, state.st_mode & 0o7777) == (*owner, 0o640)


def test_a_file_that_cannot_be_given_to_its_owner_is_written_into(run, patients, answer, tmp_path, monkeypatch):
    out = tmp_path / "doses.csv"
    out.write_text("old")
    before = out.stat().st_ino
    monkeypatch.setattr("ivig_dose.cli.outfile._give_to", lambda *_: False)

    assert run("batch", patients, "--out", out).code == 0
    assert (out.read_text(), out.stat().st_ino) == (answer, before)
    assert list_names(tmp_path) == ["doses.csv", "patients.csv"]


def test_a_file_that_may_not_be_written_stays(run, patients, tmp_path, monkeypatch):
    out = tmp_path / "doses.csv"
    out.write_text("old")
    monkeypatch.setattr(os, "access", lambda *_: False)

    answer = run("batch", patients, "--out", out)

    assert (answer.code, answer.err) == (1, f"Error: Permission denied: {out}\n")
    assert out.read_text() == "old"


def test_a_folder_that_takes_no_new_file_still_has_its_old_one_written(run, patients, answer, tmp_path, monkeypatch):
    out = tmp_path / "doses.csv"
    out.write_text("old")
    make = tempfile.mkstemp

    def refuse_here(**options):
        if options.get("dir") == tmp_path:
            raise PermissionError(errno.EACCES, "Permission denied")
        return make(**options)

    monkeypatch.setattr(tempfile, "mkstemp", refuse_here)

    assert run("batch", patients, "--out", out).code == 0
    assert out.read_text() == answer
    assert run("batch", patients, "--out", tmp_path / "new.csv").code == 1
    assert list_names(tmp_path) == ["doses.csv", "patients.csv"]


def test_a_system_without_fchmod_keeps_the_permissions(run, patients, tmp_path, monkeypatch):
    monkeypatch.delattr(os, "fchmod", raising=False)
    out = tmp_path / "doses.csv"
    out.write_text("old")
    out.chmod(0o600)

    assert run("batch", patients, "--out", out).code == 0
    assert out.stat().st_mode & 0o777 == 0o600


@HAS_DESCRIPTORS
@pytest.mark.parametrize("name", ["-", "/dev/stdin", "/dev/fd/0"])
def test_standard_input_is_read_from_where_it_stands(process, tmp_path, name):
    path = tmp_path / "two exports.csv"
    first = "id,indication,weight_kg\nOLD,itp,40\n"
    path.write_text(first + "id,indication,weight_kg\nNEW,itp,70\n")

    with path.open("rb", buffering=0) as source:
        source.seek(len(first))
        done = process("batch", name, "--quiet", "--jobs", "2", stdin=source)

    assert done.returncode == 0
    assert [line.split(",")[0] for line in done.stdout.decode().splitlines()] == ["id", "NEW"]


def test_a_mark_in_front_is_skipped_where_standard_input_stands(process, tmp_path):
    path = tmp_path / "rest.csv"
    path.write_bytes(b"read already\n\xef\xbb\xbf" + PATIENTS.encode())

    with path.open("rb", buffering=0) as source:
        source.seek(len(b"read already\n"))
        done = process("batch", "-", "--quiet", stdin=source)

    assert (done.returncode, done.stdout.count(b"\n")) == (0, 3)


def test_a_pipe_that_says_it_can_be_read_again_is_not_believed():
    done = subprocess.run(
        [sys.executable, "-c", LYING_PIPE, "batch", "-", "--quiet"],
        input=PATIENTS.encode(), check=False, capture_output=True, timeout=60,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, b"")
    assert [line.split(b",")[0] for line in done.stdout.splitlines()] == [b"id", b"A", b"B"]


def test_an_answer_with_too_few_rows_is_no_success(run, patients, tmp_path, monkeypatch):
    out = tmp_path / "doses.csv"
    out.write_text("old")
    answer_file = workers.answer_file
    monkeypatch.setattr("ivig_dose.cli.batch.answer_file", lambda *given: list(answer_file(*given))[:-1])

    answer = run("batch", patients, "--out", out)

    assert answer.code == 1
    assert answer.err == "Error: 0 of 2 rows were answered, so the answer cannot be trusted\n"
    assert out.read_text() == "old"
    assert run("batch", patients).code == 1


def test_a_file_that_becomes_shorter_is_no_success(run, patients, monkeypatch):
    answer_file = workers.answer_file

    def cut(*given):
        os.truncate(patients, len(PATIENTS) - 9)
        yield from answer_file(*given)

    monkeypatch.setattr("ivig_dose.cli.batch.answer_file", cut)
    answer = run("batch", patients)

    assert answer.code == 1
    assert "the file was changed while it was read" in answer.err
    assert "B,pid,ok" not in answer.out


NO_TEMPORARY_FOLDER = """
import sys, tempfile
def refuse(*_, **__):
    raise FileNotFoundError(2, "No usable temporary directory found")
tempfile.TemporaryFile = tempfile.mkstemp = tempfile.gettempdir = refuse
sys.argv[0] = "ivig-dose"
from ivig_dose.__main__ import main
main()
"""


def answer_without_temporary_folder(rows):
    return subprocess.run(
        [sys.executable, "-c", NO_TEMPORARY_FOLDER, "batch", "-", "--quiet"],
        input=rows,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_small_input_is_answered_from_memory_where_there_is_no_temporary_folder(answer):
    done = answer_without_temporary_folder(PATIENTS)

    assert (done.returncode, done.stderr, done.stdout) == (0, "", answer)


def test_a_large_one_is_refused_in_one_line_and_nothing_of_it_is_answered():
    done = answer_without_temporary_folder(PATIENTS + "C,itp,70\n" * 500_000)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "Error: No usable temporary directory found\n"


@pytest.mark.parametrize("size", [4 * 1024 * 1024, 4 * 1024 * 1024 + 1])
def test_a_pipe_is_kept_whole_on_both_sides_of_what_memory_takes(process, size):
    rows = "id,indication,weight_kg,ward\n"
    while len(rows) < size:
        row = f"{len(rows)},itp,70,"
        left = size - len(rows) - len(row) - 1
        rows += f"{row}{'x' * (left if left < 9_000 else 8_000)}\n"
    assert len(rows) == size

    done = process("batch", "-", "--json", "--quiet", input=rows, text=True)

    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == rows.count("\n") - 1


@pytest.mark.parametrize(
    "name", [r"C:\wards\patients.csv", r"C:patients.csv", r"\\server\share\patients.csv", r"D:\dev\fd\1"]
)
def test_a_path_with_a_drive_is_a_file_and_no_descriptor(name):
    assert find_descriptor(name) is None
