"""The catalogue is read once for all examples: what is fuzzed is everything behind it."""

import functools

import pytest

from ivig_dose.catalogue.loader import load_catalogue
from ivig_dose.cli import plans


@pytest.fixture(autouse=True, scope="session")
def _catalogue_is_read_once():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plans, "load_catalogue", functools.cache(load_catalogue))
        yield
