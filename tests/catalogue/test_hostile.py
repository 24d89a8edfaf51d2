"""Files that are made to break a reader: one clear answer, in under two seconds, in a process that stays alive."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

CHECK = """
import sys
from pathlib import Path
from ivig_dose.catalogue.loader import check_catalogue
from ivig_dose.catalogue.messages import format_problems
print(format_problems(check_catalogue(Path(sys.argv[1]))))
"""
ALIAS_BOMB = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10))

FILES = {
    "brackets": (b"[" * 50_000, "[yaml-depth]"),
    "braces": (b"{a: " * 50_000, "[yaml-depth]"),
    "hyphens": (b"- " * 50_000, "[yaml-depth]"),
    "indentation": ("".join(" " * n + f"k{n}:\n" for n in range(1_500)).encode(), "[yaml-depth]"),
    "alias-bomb": (ALIAS_BOMB.encode(), "[yaml-anchor]"),
    "empty": (b"", "[file-empty]"),
    "only-empty-lines": (b"\n" * 900_000, "[file-empty]"),
    "twenty-megabytes": (b"a: b\n" * 4_000_000, "[file-too-large]"),
    "many-values": (b"[" + b"1," * 900_000 + b"1]", "[file-too-large]"),
    "renamed-spreadsheet": (b"PK\x03\x04\x14\x00" + bytes(range(256)) * 40, "[file-not-text]"),
    "zero-bytes": (bytes(100_000), "[invisible-character]"),
    "one-long-line": (b"a: " + b"x" * 1_900_000, "[unknown-key]"),
    "long-anchor": (b"a: &" + b"a" * 1_900_000, "[yaml-anchor]"),
    "backslashes": (b'a: "' + b"\\" * 1_900_000, "[yaml-syntax]"),
    "long-number": (b"a: " + b"9" * 1_900_000, "[number-too-long]"),
    "long-word-of-underscores": (b"a: 1" + b"_" * 1_900_000, "[number-too-long]"),
}


def use_of_processor() -> float:
    """Seconds that the ended child processes took: what other programs take of the machine does not count."""
    times = os.times()
    return times.children_user + times.children_system


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_gets_a_clear_answer_at_once(name: str, tmp_path: Path) -> None:
    content, answer = FILES[name]
    file = tmp_path / "hostile.yaml"
    file.write_bytes(content)

    before = use_of_processor()
    done = subprocess.run(
        [sys.executable, "-c", CHECK, str(file)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    seconds = use_of_processor() - before

    assert (done.returncode, done.stderr) == (0, "")
    assert answer in done.stdout
    assert len(done.stdout) < 2_000
    assert seconds < 2


@pytest.mark.parametrize("name", ["brackets", "alias-bomb", "twenty-megabytes", "empty", "renamed-spreadsheet"])
def test_the_answer_is_one_problem(name: str, tmp_path: Path) -> None:
    from ivig_dose.catalogue.loader import check_catalogue

    file = tmp_path / "hostile.yaml"
    file.write_bytes(FILES[name][0])

    assert len(check_catalogue(file)) == 1


def test_a_folder_and_a_device_are_answered_too(tmp_path: Path) -> None:
    from ivig_dose.catalogue.loader import check_catalogue

    assert [problem.rule for problem in check_catalogue(tmp_path)] == ["file-unreadable"]
    assert [problem.rule for problem in check_catalogue(Path("/dev/zero"))] == ["file-too-large"]
    assert [problem.rule for problem in check_catalogue(Path("a\0b"))] == ["file-unreadable"]


def test_the_control_characters_of_a_file_never_reach_the_terminal(tmp_path: Path) -> None:
    from ivig_dose.catalogue.loader import check_catalogue
    from ivig_dose.catalogue.messages import format_problems

    file = tmp_path / "site.yaml"
    file.write_text('"a\\e]0;x\\a": "\\e[2J"\n', encoding="utf-8")

    text = format_problems(check_catalogue(file))

    assert all(char.isprintable() or char == "\n" for char in text)
