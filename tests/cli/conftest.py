"""The command line as the tests run it: in this process, with the catalogue read once."""

import functools
import json

import pytest
from typer.testing import CliRunner

from ivig_dose.catalogue.loader import load_catalogue
from ivig_dose.cli import plans
from ivig_dose.cli.app import app


class Answer:
    """What a command gave: exit code, stdout, stderr."""

    def __init__(self, result):
        self.code = result.exit_code
        self.out = result.stdout
        self.err = result.stderr

    @property
    def json(self):
        return json.loads(self.out)


@pytest.fixture(autouse=True, scope="session")
def _catalogue_is_read_once():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plans, "load_catalogue", functools.cache(load_catalogue))
        yield


@pytest.fixture
def run():
    """Run `ivig-dose` with these arguments."""

    def invoke(*arguments):
        return Answer(CliRunner().invoke(app, arguments, prog_name="ivig-dose"))

    return invoke
