"""A batch as the tests run it: in this process, or as a process of its own where only a process shows it."""

import csv
import functools
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ivig_dose.catalogue.loader import load_catalogue
from ivig_dose.cli import plans
from ivig_dose.cli.app import app
from tests.schema_faults import find_faults

ROOT = Path(__file__).parents[2]


class Answer:
    """What a batch gave: exit code, stdout, stderr."""

    def __init__(self, result):
        self.code = result.exit_code
        self.out = result.stdout
        self.err = result.stderr

    @property
    def rows(self):
        """The lines of a CSV answer by heading."""
        return list(csv.DictReader(io.StringIO(self.out)))

    @property
    def documents(self):
        """The objects of a JSON Lines answer."""
        documents = [json.loads(line) for line in self.out.splitlines()]
        whole = [document for document in documents if "schema" in document]  # those of --fields are slim
        assert [fault for document in whole for fault in find_faults("batch", document)] == []
        return documents


@pytest.fixture(autouse=True, scope="session")
def _catalogue_is_read_once():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plans, "load_catalogue", functools.cache(load_catalogue))
        yield


@pytest.fixture
def run():
    """Run `ivig-dose` with these arguments."""

    def invoke(*arguments):
        return Answer(CliRunner().invoke(app, [str(each) for each in arguments], prog_name="ivig-dose"))

    return invoke


@pytest.fixture
def batch(run, tmp_path):
    """Run `ivig-dose batch` on a file with this content, text or bytes."""

    def invoke(content, *options):
        path = tmp_path / "patients.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return run("batch", path, *options)

    return invoke


@pytest.fixture
def command():
    """The words that start `ivig-dose` as a process of its own."""
    return [sys.executable, "-m", "ivig_dose"]


@pytest.fixture
def process(command):
    """Run `ivig-dose` as a process of its own."""

    def invoke(*arguments, **settings):
        settings.setdefault("capture_output", True)
        words = [*command, *[str(each) for each in arguments]]
        return subprocess.run(words, check=False, timeout=120, cwd=ROOT, **settings)

    return invoke
