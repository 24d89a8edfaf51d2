"""`--out`: the old file is whole until the new one is, whatever happens; pipes, full disks and signals."""

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ivig_dose.batch import workers

pytestmark = pytest.mark.slow

PATIENTS = "id,indication,weight_kg\nA,itp,70\nB,pid,60\n"


@pytest.fixture
def patients(tmp_path):
    path = tmp_path / "patients.csv"
    path.write_text(PATIENTS)
    return path


def list_names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_the_file_holds_what_stdout_would(run, patients, tmp_path):
    out = tmp_path / "doses.csv"

    answer = run("batch", patients, "--out", out)

    assert (answer.code, answer.out) == (0, "")
    assert out.read_text() == run("batch", patients).out
    assert list_names(tmp_path) == ["doses.csv", "patients.csv"]


def test_refused_rows_are_in_the_file_too(run, patients, tmp_path):
    patients.write_text(PATIENTS + "C,itp,x\n")
    out = tmp_path / "doses.csv"

    assert run("batch", patients, "--out", out).code == 5
    assert "C,itp,refused" in out.read_text()


def test_a_file_that_cannot_be_trusted_leaves_the_old_answer(run, patients, tmp_path):
    out = tmp_path / "doses.csv"
    out.write_text("old")
    patients.write_text(PATIENTS + "C,itp\n")

    assert run("batch", patients, "--out", out).code == 2
    assert out.read_text() == "old"
    assert list_names(tmp_path) == ["doses.csv", "patients.csv"]


def test_a_fault_in_the_middle_leaves_the_old_answer(run, patients, tmp_path, monkeypatch):
    out = tmp_path / "doses.csv"
    out.write_text("old")

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ivig_dose.cli.batch.answer_file", fail)
    answer = run("batch", patients, "--out", out)

    assert answer.code == 1
    assert answer.err == "Error: No space left on device\n"
    assert out.read_text() == "old"
    assert list_names(tmp_path) == ["doses.csv", "patients.csv"]


def test_a_file_that_changes_under_our_hands_is_no_success(run, patients, tmp_path, monkeypatch):
    out = tmp_path / "doses.csv"
    out.write_text("old")
    answer_file = workers.answer_file

    def change(*arguments):
        yield from answer_file(*arguments)
        patients.write_text(PATIENTS + "C,itp,7\n")

    monkeypatch.setattr("ivig_dose.cli.batch.answer_file", change)
    answer = run("batch", patients, "--out", out)

    assert answer.code == 1
    assert "was changed while it was read" in answer.err
    assert out.read_text() == "old"


def test_an_output_that_is_the_input_is_refused(run, patients, tmp_path):
    (tmp_path / "link.csv").symlink_to(patients)

    for out in (patients, tmp_path / "link.csv", tmp_path / ".." / tmp_path.name / "patients.csv"):
        answer = run("batch", patients, "--out", out)
        assert (answer.code, answer.out) == (2, "")
        assert "the output is the input file" in answer.err
    assert patients.read_text() == PATIENTS


def test_appending_to_the_input_is_refused(process, patients):
    with patients.open("ab") as target:
        done = process("batch", patients, capture_output=False, stdout=target, stderr=subprocess.PIPE)

    assert done.returncode == 2
    assert b"the output is the input file" in done.stderr
    assert patients.read_text() == PATIENTS


def test_a_link_stays_a_link_and_a_mode_stays_as_it_was(run, patients, tmp_path):
    target, link = tmp_path / "real.csv", tmp_path / "link.csv"
    target.write_text("old")
    target.chmod(0o640)
    link.symlink_to(target)

    assert run("batch", patients, "--out", link).code == 0
    assert link.is_symlink()
    assert target.read_text().count("\n") == 3
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_folder_that_is_not_there_is_a_fault(run, patients, tmp_path):
    answer = run("batch", patients, "--out", tmp_path / "none" / "doses.csv")

    assert answer.code == 1
    assert "No such file or directory" in answer.err
    assert answer.err.count("\n") == 1


def test_a_file_that_is_not_there_is_a_mistake_of_the_command(run, tmp_path):
    answer = run("batch", tmp_path / "none.csv")

    assert answer.code == 2
    assert "cannot be read: No such file or directory" in answer.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
@pytest.mark.parametrize("options", [(), ("--out", "/dev/full")])
def test_a_full_disk_is_not_a_success(process, patients, options):
    with Path("/dev/full").open("wb") as full:
        done = process("batch", patients, *options, capture_output=False, stdout=full, stderr=subprocess.PIPE)

    assert done.returncode == 1
    assert done.stderr.startswith(b"Error: No space left on device")
    assert done.stderr.count(b"\n") == 1


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_closed_pipe_is_quiet(command, tmp_path, jobs):
    path = write_many(tmp_path)
    line = " ".join([*command, "batch", str(path), "--jobs", jobs])

    done = subprocess.run(
        ["bash", "-c", f"{line} | head -2; exit ${{PIPESTATUS[0]}}"], check=False, capture_output=True, timeout=60
    )

    assert done.returncode == 1
    assert done.stdout.count(b"\n") == 2
    assert done.stderr == b""


@pytest.mark.parametrize("whole_group", [False, True], ids=["process", "group"])
@pytest.mark.parametrize(
    ("signal_sent", "code", "word"),
    [
        (signal.SIGINT, 130, b"Interrupted"),
        (signal.SIGTERM, 143, b"Stopped"),
        (signal.SIGHUP, 129, b"Stopped"),
        (signal.SIGQUIT, 131, b"Stopped"),
    ],
)
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_signal_leaves_nothing_half_written(command, tmp_path, signal_sent, code, word, jobs, whole_group):
    """As `kill` sends it, to the one process, and as a terminal does, to the workers too."""
    path, out = write_many(tmp_path), tmp_path / "doses.csv"
    out.write_text("old")
    started = subprocess.Popen(
        [*command, "batch", str(path), "--json", "--out", str(out), "--jobs", jobs, "--quiet"],
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=heed_signals,  # noqa: PLW1509 - no threads here
    )
    wait_until(lambda: any(name.endswith(".part") for name in list_names(tmp_path)))

    (os.killpg if whole_group else os.kill)(started.pid, signal_sent)
    _, said = started.communicate(timeout=60)

    assert started.returncode == code
    assert said == word + b": the output file is as it was.\n"
    with pytest.raises(ProcessLookupError):
        os.killpg(started.pid, 0)
    assert out.read_text() == "old"
    assert list_names(tmp_path) == ["doses.csv", "patients.csv"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_a_signal_that_is_ignored_stays_ignored(number):
    """As in the background of a script, and behind nohup."""
    program = f"import signal, sys; signal.signal({int(number)}, signal.SIG_IGN); import ivig_dose.stopping as stopping"
    program += "; stopping.end_cleanly_when_stopped(); signal.raise_signal(" + f"{int(number)}); print('went on')"

    done = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, timeout=60)

    assert (done.returncode, done.stdout) == (0, b"went on\n")


def test_a_signal_waits_while_it_is_held():
    program = """
import signal
from ivig_dose import stopping
stopping.end_cleanly_when_stopped()
with stopping.hold_signals():
    signal.raise_signal(signal.SIGTERM)
    print("held", flush=True)
print("not reached", flush=True)
"""
    done = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, timeout=60)

    assert (done.returncode, done.stdout) == (143, b"held\n")


def heed_signals():
    """A shell that runs the tests in the background has them ignore some."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)


def wait_until(there, seconds=30):
    ends = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < ends
        time.sleep(0.01)


def write_many(tmp_path, count=30_000):
    path = tmp_path / "patients.csv"
    path.write_text("id,indication,weight_kg\n" + "".join(f"P{n},itp,{40 + n % 900 / 10}\n" for n in range(count)))
    return path


def test_standard_input_is_read_once_and_whole(process):
    done = process("batch", "-", "--quiet", input=PATIENTS.encode())

    assert done.returncode == 0
    assert done.stdout.count(b"\n") == 3


def test_a_terminal_is_not_a_file_of_patients(command):
    script = "import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)"

    done = subprocess.run(
        [sys.executable, "-c", script, *command, "batch", "-"], check=False, capture_output=True, timeout=60
    )

    assert done.returncode == 2
    assert b"standard input is a terminal" in done.stdout


def test_progress_is_drawn_on_a_terminal_and_nowhere_else(command, tmp_path):
    path = write_many(tmp_path, 6_000)
    script = "import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)"
    words = [*command, "batch", str(path), "--jobs", "1", "--out", str(tmp_path / "doses.csv")]

    shown = subprocess.run([sys.executable, "-c", script, *words], check=False, capture_output=True, timeout=60)
    quiet = subprocess.run(
        [sys.executable, "-c", script, *words, "--quiet"], check=False, capture_output=True, timeout=60
    )
    dumb = subprocess.run(
        [sys.executable, "-c", script, *words], check=False, capture_output=True, timeout=60,
        env={**os.environ, "TERM": "dumb"},
    )  # fmt: skip
    piped = subprocess.run(words, check=False, capture_output=True, timeout=60)

    before_a_signal = shown.stdout.partition(b"of 6,000 rows, 0 refused")[0]
    assert before_a_signal != shown.stdout
    assert before_a_signal.rindex(b"\x1b[?25h") > before_a_signal.rindex(b"\x1b[?25l"), "the cursor is not hidden"
    assert b"of 6,000" not in dumb.stdout
    assert b"\x1b" not in dumb.stdout
    assert b"6,000 rows: 6,000 with a plan, 0 refused" in shown.stdout
    assert quiet.stdout == b""
    assert piped.stderr.decode().startswith("6,000 rows: 6,000 with a plan, 0 refused; catalogue ")
    assert piped.stderr.count(b"\n") == 1
