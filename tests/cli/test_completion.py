"""Completion at TAB: ids without the heavy parts, and never an error."""

import os
import shutil
import subprocess
import sys

import pytest

from ivig_dose.cli import completion

pytestmark = pytest.mark.slow

BASH = shutil.which("bash")


def ids(offers):
    return [offer[0] for offer in offers]


def complete(line, shell="bash"):
    """What `ivig-dose` answers when the shell asks for completions of a line."""
    words = line.split(" ")
    environment = {
        **os.environ,
        "_IVIG_DOSE_COMPLETE": f"complete_{shell}",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(words) - 1),
        "_TYPER_COMPLETE_ARGS": line,
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }
    return subprocess.run(
        [sys.executable, "-m", "ivig_dose"], env=environment, capture_output=True, text=True, check=False
    )


def test_indications_are_offered_by_their_beginning():
    assert ids(completion.complete_indications("kaw")) == ["kawasaki"]
    assert "itp" in ids(completion.complete_indications("IT"))
    assert completion.complete_indications("xyz") == []


def test_an_offer_carries_its_title():
    assert dict(completion.complete_indications("itp"))["itp"].startswith("Immune thrombocytop")
    assert dict(completion.complete_products("privigen-us"))["privigen-us"].startswith("Privigen")


def test_risks_can_be_denied():
    assert "iga-deficiency" in ids(completion.complete_risks("iga"))
    assert "no-iga-deficiency" in ids(completion.complete_risks("no-iga"))


def test_an_error_while_completing_is_silent(monkeypatch):
    def fail():
        raise ValueError("no catalogue")

    monkeypatch.setattr("ivig_dose.catalogue.loader.load_catalogue", fail)

    assert completion.complete_indications("itp") == []
    assert completion.complete_risks("no-") == []
    assert completion.complete_everything("itp") == []


@pytest.mark.parametrize(
    ("line", "offered", "not_offered"),
    [
        ("ivig-dose d", {"dose"}, {"check"}),
        ("ivig-dose dose kaw", {"kawasaki"}, {"itp"}),
        ("ivig-dose dose itp --weight", {"--weight", "--weight-policy"}, {"--days"}),
        ("ivig-dose dose itp --regimen ", {"itp-daily", "itp-1g-single"}, {"replacement-monthly"}),
        ("ivig-dose dose itp -w 70 -r itp-1g", {"itp-1g-single", "itp-1g-2-days"}, {"itp-daily"}),
        ("ivig-dose dose itp -w 70 --weight-policy a", {"actual", "adjusted", "australia-2026"}, {"ideal"}),
        ("ivig-dose check gbs --product oct", {"octagam-5-us", "octagam-10-us"}, {"privigen-us"}),
        ("ivig-dose dose itp --risk diab", {"diabetes"}, {"migraine"}),
        ("ivig-dose dose itp --format ", {"table", "json", "csv", "markdown"}, set()),
        ("ivig-dose list re", {"regimens"}, {"risks"}),
        ("ivig-dose show itp-d", {"itp-daily"}, {"itp"}),
        ("ivig-dose catalogue ch", {"check"}, {"path"}),
    ],
)
def test_a_line_is_completed(line, offered, not_offered):
    done = complete(line)

    assert done.returncode == 0
    assert done.stderr == ""
    assert offered <= set(done.stdout.split())
    assert not not_offered & set(done.stdout.split())


@pytest.mark.parametrize(
    ("shell", "expected"),
    [("zsh", '"itp":"Immune thrombocytopenia'), ("fish", "itp\tImmune thrombocytopenia")],
)
def test_other_shells_show_titles_without_rich(shell, expected):
    done = complete("ivig-dose dose itp", shell)

    assert expected in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_each_shell_is_shown(shell, run, monkeypatch):
    monkeypatch.setenv("_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION", "1")

    done = subprocess.run(
        [sys.executable, "-m", "ivig_dose", "--show-completion", shell], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0
    assert f"_IVIG_DOSE_COMPLETE=complete_{shell}" in done.stdout


@pytest.mark.skipif(BASH is None, reason="bash is not installed")
def test_a_real_bash_completes(tmp_path):
    program = tmp_path / "ivig-dose"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m ivig_dose "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    script = tmp_path / "try.sh"
    script.write_text(
        'eval "$(_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION=1 ivig-dose --show-completion bash)"\n'
        "complete -p ivig-dose\n"
        "COMP_WORDS=(ivig-dose dose itp --regimen itp-1); COMP_CWORD=4\n"
        "_ivig_dose_completion ivig-dose\n"
        'printf "%s\\n" "${COMPREPLY[@]}"\n',
        encoding="utf-8",
    )

    done = subprocess.run(
        [str(BASH), "--norc", str(script)],
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "complete -o default -F _ivig_dose_completion ivig-dose",
        "itp-1g-single",
        "itp-1g-2-days",
    ]
