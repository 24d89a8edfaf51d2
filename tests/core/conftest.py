"""The shipped catalogue for the tests of the core, read once, and short repeatable Hypothesis runs."""

import os

import pytest
from hypothesis import Phase, settings

from ivig_dose.catalogue.loader import load_catalogue
from ivig_dose.catalogue.models import Catalogue
from ivig_dose.core import vials

settings.register_profile("ci", derandomize=True, max_examples=50, deadline=None, database=None)
settings.register_profile("long", max_examples=2000, deadline=None)
# for mutmut (docs/testing.md): a mutant is killed or not, and nobody reads the smallest example that kills it
settings.register_profile(
    "mutants", settings.get_profile("ci"), max_examples=10, phases=(Phase.explicit, Phase.generate)
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="session", autouse=True)
def an_empty_table_of_vials() -> None:
    """mutmut forks from a process whose table is full already; the mutants that fill it would never be run."""
    vials._TABLES.clear()
