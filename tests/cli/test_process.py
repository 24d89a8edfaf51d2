"""What only a process shows: entry point, pipes, signals, encodings, and which modules a command loads."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ivig_dose import __version__
from ivig_dose.catalogue.loader import load_catalogue
from ivig_dose.catalogue.snapshot import write_snapshot

pytestmark = pytest.mark.slow

DOSE = ("dose", "itp", "-w", "70")


def ivig_dose(*arguments, stdout=subprocess.PIPE, **environment):
    return subprocess.run(
        [sys.executable, "-m", "ivig_dose", *arguments],
        env={**os.environ, **environment},
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        check=False,
    )


def in_shell(command, **environment):
    """A line of sh, in which `ivig-dose` is the program under test."""
    program = f'ivig_dose() {{ "{sys.executable}" -m ivig_dose "$@"; }}\n'
    return subprocess.run(
        ["sh", "-c", program + command.replace("ivig-dose", "ivig_dose")],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_the_entry_point_gives_a_dose():
    done = ivig_dose(*DOSE, "--json")

    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["dose"]["course_g"] == 140


def test_exit_codes_reach_the_shell():
    assert ivig_dose("--version").stdout == f"ivig-dose {__version__}\n"
    assert ivig_dose("dose", "itp", "-w", "70,5").returncode == 2
    assert ivig_dose("dose", "itp", "-w", "400").returncode == 4
    assert ivig_dose(*DOSE, IVIG_DOSE_CATALOGUE="/nowhere.yaml").returncode == 3
    assert ivig_dose("check", "gbs", "-w", "75", "--ordered", "150 g/day").returncode == 6


@pytest.mark.parametrize("environment", [{"PYTHONOPTIMIZE": "1"}, {"PYTHONOPTIMIZE": "2"}, {"PYTHONHASHSEED": "7"}])
def test_a_dose_does_not_depend_on_how_python_was_started(environment):
    assert ivig_dose(*DOSE, "--json", **environment).stdout == ivig_dose(*DOSE, "--json").stdout


@pytest.mark.parametrize("environment", [{"FORCE_COLOR": "1"}, {"COLUMNS": "12"}, {"TERM": "dumb"}, {"NO_COLOR": "1"}])
def test_json_is_the_same_under_every_setting_of_the_terminal(environment):
    assert ivig_dose(*DOSE, "--json", **environment).stdout == ivig_dose(*DOSE, "--json").stdout


def test_a_reader_that_stops_early_ends_the_command_quietly():
    done = in_shell("{ ivig-dose list sources --json; echo code $? >&2; } | head -c 1")

    assert done.stdout == "["
    assert done.stderr in ("code 1\n", "code 0\n")  # 0 where the pipe took everything before it was closed


def test_a_closed_pipe_is_quiet_and_no_success():
    read_end, write_end = os.pipe()
    os.close(read_end)
    with os.fdopen(write_end, "w") as pipe:
        for command in ((*DOSE, "--json"), DOSE, ("--help",)):
            done = ivig_dose(*command, stdout=pipe)

            assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("command", [(*DOSE, "--json"), DOSE, ("--help",), ("dose", "itp", "-w", "400", "--json")])
def test_a_full_disk_is_no_success_and_no_traceback(command):
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = ivig_dose(*command, stdout=full)

    assert done.returncode == 1
    assert done.stderr == "Error: No space left on device\n"


@pytest.mark.parametrize("command", ["dose itp -w 70 --json", "dose itp -w 70"])
def test_a_closed_stdout_is_no_success_and_no_traceback(command):
    done = in_shell(f"ivig-dose {command} >&-")

    assert done.returncode == 1
    assert done.stderr == "Error: standard output is closed\n"


def test_a_closed_stderr_changes_no_verdict():
    assert in_shell("ivig-dose dose itp -w 400 2>&-").returncode == 4
    assert in_shell("ivig-dose dose itp -w 70,5 2>/dev/full").returncode == 2
    assert in_shell("ivig-dose dose itp -w 70 --json 2>&-").returncode == 0


@pytest.mark.parametrize(
    "environment",
    [{"LC_ALL": "C"}, {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}, {"PYTHONIOENCODING": "ascii"}],
)
@pytest.mark.parametrize(
    "command", [("show", "gbs"), ("list", "indications"), (*DOSE, "--explain"), ("dose", "µ", "-w", "70")]
)
def test_no_encoding_can_stop_an_answer(environment, command):
    done = ivig_dose(*command, **environment)

    assert done.returncode == (2 if "µ" in command else 0)
    assert "Traceback" not in done.stderr
    assert "Error: this is a fault" not in done.stderr


def test_an_interruption_is_130_and_one_line(tmp_path):
    program = tmp_path / "wait.py"
    program.write_text(
        "import sys, time\n"
        "from ivig_dose.cli import dose\n"
        "from ivig_dose.__main__ import main\n"
        "dose.make_plan = lambda *_: (sys.stderr.write('ready\\n'), sys.stderr.flush(), time.sleep(30))\n"
        "main()\n",
        encoding="utf-8",
    )
    process = subprocess.Popen(
        [sys.executable, str(program), *DOSE, "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # a shell that runs the tests in the background has them ignore it
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no threads here
    )
    try:
        assert process.stderr.readline() == "ready\n"
        time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=10)
    finally:
        process.kill()

    assert (process.returncode, out, err) == (130, "", "Interrupted: the answer is not whole.\n")


@pytest.fixture(scope="session")
def snapshot(tmp_path_factory):
    path = tmp_path_factory.mktemp("snapshot") / "regimens.snapshot"
    catalogue = load_catalogue()
    path.write_bytes(write_snapshot(catalogue, catalogue.files[0].sha256))
    return path


def modules_of(arguments, snapshot):
    """The modules that a command has loaded when it ends, with the catalogue's snapshot in place."""
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        f"sys.argv = ['ivig-dose', *{arguments!r}]\n"
        f"if {arguments!r} not in (['--version'],):\n"
        "    import ivig_dose.catalogue.loader as loader\n"
        f"    loader.snapshot_path = lambda: Path({str(snapshot)!r})\n"
        "from ivig_dose.__main__ import main\n"
        "try:\n"
        "    main()\n"
        "except SystemExit as leaving:\n"
        "    assert not leaving.code, leaving.code\n"
        "sys.stderr.write('\\n'.join(sys.modules))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stderr.splitlines())


HEAVY = {"rich", "pydantic", "pydantic_core", "yaml", "click", "json", "csv", "hypothesis"}


@pytest.mark.parametrize(
    ("arguments", "may_load"),
    [
        (["--version"], set()),
        (["dose", "itp", "-w", "70", "--json"], {"json"}),
        (["dose", "itp", "-w", "70", "--product", "privigen-us", "--json"], {"json"}),
        (["dose", "itp", "-w", "70"], {"json", "rich"}),  # json, which the snapshot is
        (["dose", "itp", "-w", "70", "--format", "csv"], {"csv", "json"}),
        (["list", "indications", "--json"], {"json"}),
        (["show", "itp", "--json"], {"json"}),
        (["check", "gbs", "-w", "75", "--ordered", "30 g/day", "--json"], {"json"}),
        (["compare", "cidp", "-w", "75", "--json"], {"json"}),
    ],
)
def test_a_command_loads_nothing_heavy(arguments, may_load, snapshot):
    loaded = modules_of(arguments, snapshot)

    assert loaded & HEAVY <= may_load
    if arguments == ["--version"]:
        assert "typer" not in loaded
        assert "decimal" not in loaded
    else:
        assert "typer" in loaded  # so that an empty list cannot pass
