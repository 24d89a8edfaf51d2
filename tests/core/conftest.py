"""The shipped catalogue for the tests of the core, read once."""

import pytest

from ivig_dose.catalogue.loader import load_catalogue
from ivig_dose.catalogue.models import Catalogue
from ivig_dose.core import vials


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="session", autouse=True)
def an_empty_table_of_vials() -> None:
    """mutmut forks from a process whose table is full already; the mutants that fill it would never be run."""
    vials._TABLES.clear()
