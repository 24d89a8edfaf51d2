"""The snapshot is what a full reading gives, is never used when stale, and loads without YAML and pydantic."""

import subprocess
import sys
from pathlib import Path

import pytest

from ivig_dose.catalogue import snapshot
from ivig_dose.catalogue.loader import load_catalogue, read_shipped
from ivig_dose.catalogue.models import Catalogue
from ivig_dose.catalogue.quick import sha256_of
from ivig_dose.catalogue.snapshot import read_snapshot, write_snapshot

pytestmark = pytest.mark.slow

DIGEST = "a" * 64

LOAD = """
import sys
from pathlib import Path
from ivig_dose.catalogue import loader
loader.snapshot_path = lambda: Path(sys.argv[1])
loader.read_shipped = None
catalogue = loader.load_catalogue()
heavy = {"yaml", "pydantic", "pydantic_core", "hashlib", "pickle"}
print(len(catalogue.regimens), sorted(heavy & set(sys.modules)))
"""


def test_a_snapshot_gives_back_an_equal_catalogue() -> None:
    catalogue = read_shipped()

    loaded = read_snapshot(write_snapshot(catalogue, DIGEST), DIGEST)

    assert loaded == catalogue
    assert repr(loaded) == repr(catalogue)
    assert hash(loaded.regimens["itp-daily"]) == hash(catalogue.regimens["itp-daily"]) if loaded else False


def test_a_snapshot_of_another_file_is_not_used(small: Catalogue) -> None:
    assert read_snapshot(write_snapshot(small, DIGEST), "b" * 64) is None


def test_a_snapshot_of_other_models_is_not_used(
    small: Catalogue, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    content = write_snapshot(small, DIGEST)
    (tmp_path / "whole.py").write_text("# another model\n", encoding="utf-8")
    monkeypatch.setattr(snapshot, "_MODELS", tmp_path)

    assert read_snapshot(content, DIGEST) is None


@pytest.mark.parametrize(
    "damage",
    [lambda c: c[:-1], lambda c: c + b"x", lambda _: b"", lambda c: c[5:], lambda c: c.replace(b"itp", b"xtp", 1)],
)
def test_a_damaged_snapshot_is_not_used(damage: object, small: Catalogue) -> None:
    content = write_snapshot(small, DIGEST)

    assert read_snapshot(damage(content), DIGEST) is None  # type: ignore[operator]


def test_a_dose_from_the_snapshot_imports_neither_yaml_nor_pydantic(tmp_path: Path) -> None:
    path = tmp_path / "regimens.snapshot"
    path.write_bytes(write_snapshot(read_shipped(), read_shipped().files[0].sha256))

    done = subprocess.run([sys.executable, "-c", LOAD, str(path)], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{len(read_shipped().regimens)} []\n"


def test_a_snapshot_runs_nothing_and_makes_nothing_but_the_catalogues_records(small: Catalogue) -> None:
    content = write_snapshot(small, DIGEST)
    magic, digests, body = content.split(b"\n")
    file_digest, models_digest, _ = digests.split(b" ")
    for name in (b"Decimal", b"eval", b"Mapping", b"loader"):
        changed = body.replace(b'["Regimen"', b'["%s"' % name, 1)
        assert changed != body
        header = b" ".join((file_digest, models_digest, sha256_of(changed).encode("ascii")))

        assert read_snapshot(b"\n".join((magic, header, changed)), DIGEST) is None


def test_a_stale_snapshot_is_read_in_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: Catalogue) -> None:
    path = tmp_path / "regimens.snapshot"
    path.write_bytes(write_snapshot(small, DIGEST))
    monkeypatch.setattr("ivig_dose.catalogue.loader.snapshot_path", lambda: path)

    assert load_catalogue() == read_shipped()


def test_the_quick_digest_is_that_of_hashlib() -> None:
    import hashlib

    assert sha256_of(b"ivig") == hashlib.sha256(b"ivig").hexdigest()
