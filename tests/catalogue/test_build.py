"""What is built has the catalogue and its snapshot, and a wrong catalogue stops the build."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

pytest.importorskip("hatchling", reason="the build back end is not installed")

ROOT = Path(__file__).parents[2]
BUILD = "import sys; from hatchling import build; print(getattr(build, sys.argv[1])(sys.argv[2]))"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what the build needs, without any snapshot."""
    folder = tmp_path / "checkout"
    ignored = shutil.ignore_patterns("__pycache__", "regimens.snapshot")
    shutil.copytree(ROOT / "ivig_dose", folder / "ivig_dose", ignore=ignored)
    for name in ("pyproject.toml", "hatch_build.py", "regimens.yaml", ".gitignore"):
        shutil.copy(ROOT / name, folder)
    for name in ("README.md", "LICENSE"):
        (folder / name).write_text("For the build.\n", encoding="utf-8")
    return folder


def run_build(folder: Path, what: str, out: Path) -> subprocess.CompletedProcess[str]:
    # -B: the cache of Python's own import of hatch_build.py is not the build's.
    return subprocess.run(
        [sys.executable, "-B", "-c", BUILD, what, str(out)], cwd=folder, capture_output=True, text=True, check=False
    )


def build(folder: Path, what: str, out: Path) -> Path:
    done = run_build(folder, what, out)
    assert done.returncode == 0, done.stderr
    return out / done.stdout.strip().split("\n")[-1]


def test_a_wheel_has_the_catalogue_and_a_snapshot_that_is_used(checkout: Path, tmp_path: Path) -> None:
    wheel = build(checkout, "build_wheel", tmp_path / "out")
    installed = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    code = (
        "from ivig_dose.catalogue import loader; loader.read_shipped = None; "
        "c = loader.load_catalogue(); print(loader.shipped_path(), c.files[0].path, len(c.indications))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stderr == ""
    assert done.stdout.startswith(f"{installed / 'ivig_dose' / 'regimens.yaml'} regimens.yaml (shipped) ")


def test_a_wheel_from_the_sdist_has_them_too(checkout: Path, tmp_path: Path) -> None:
    sdist = build(checkout, "build_sdist", tmp_path / "out")
    shutil.unpack_archive(sdist, tmp_path / "unpacked", filter="data")
    (unpacked,) = (tmp_path / "unpacked").iterdir()

    wheel = build(unpacked, "build_wheel", tmp_path / "out")

    assert not (unpacked / "ivig_dose" / "regimens.yaml").exists()
    with zipfile.ZipFile(wheel) as archive:
        packed = {"regimens.yaml", "regimens.snapshot", "golden.json", "catalogue/site.yaml"}
        assert {f"ivig_dose/{name}" for name in packed} <= set(archive.namelist())


def test_an_editable_install_has_the_snapshot_beside_the_checkout(checkout: Path, tmp_path: Path) -> None:
    pytest.importorskip("editables", reason="hatchling needs it for editable builds")

    wheel = build(checkout, "build_editable", tmp_path / "out")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    code = (
        "import sys; from ivig_dose.catalogue import loader; loader.read_shipped = None; "
        "c = loader.load_catalogue(); print(loader.shipped_path(), len(c.indications) > 0)"
    )
    path = os.pathsep.join(map(str, (tmp_path / "site", checkout)))
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stderr == ""
    assert done.stdout == f"{checkout / 'regimens.yaml'} True\n"


@pytest.mark.parametrize("what", ["build_wheel", "build_editable", "build_sdist"])
def test_a_build_writes_nothing_into_the_source_tree(what: str, checkout: Path, tmp_path: Path) -> None:
    pytest.importorskip("editables", reason="hatchling needs it for editable builds")
    before = sorted(checkout.rglob("*"))

    build(checkout, what, tmp_path / "out")

    assert sorted(checkout.rglob("*")) == before


def test_a_wrong_catalogue_stops_the_build_with_its_problems(checkout: Path, tmp_path: Path) -> None:
    catalogue = checkout / "regimens.yaml"
    text = catalogue.read_text(encoding="utf-8")
    catalogue.write_text(text.replace("basis: per_day", "basis: per_dya", 1), encoding="utf-8")

    done = run_build(checkout, "build_wheel", tmp_path / "out")

    assert done.returncode != 0
    assert "[not-a-choice]" in done.stderr
    assert "did you mean per_day?" in done.stderr
    assert not (tmp_path / "out").exists() or not [*(tmp_path / "out").glob("*.whl")]
