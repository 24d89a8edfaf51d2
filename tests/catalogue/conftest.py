"""A small complete catalogue, and overlays of it, for the tests of the reader."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ivig_dose.catalogue.assemble import Outcome, build_whole, lay_over
from ivig_dose.catalogue.models import Catalogue

CATALOGUES = Path(__file__).parents[1] / "catalogues"
EDITION = 'catalogue: {title: Example site, version: "1", effective: 2026-01-01, review_by: 2027-01-01}\n'


@pytest.fixture(scope="session")
def catalogues() -> Path:
    return CATALOGUES


@pytest.fixture(scope="session")
def small() -> Catalogue:
    """The catalogue of tests/catalogues/small.yaml."""
    content = (CATALOGUES / "small.yaml").read_bytes()
    outcome = build_whole(content, "small.yaml", "small.yaml", "0" * 64)
    assert outcome.problems == ()
    assert outcome.catalogue is not None
    return outcome.catalogue


@pytest.fixture(scope="session")
def overlay(small: Catalogue) -> Callable[[str], Outcome]:
    """Lays a text, below an edition of its own, over the small catalogue."""

    def lay(text: str) -> Outcome:
        return lay_over(small, (EDITION + text).encode(), "site.yaml", "1" * 64)

    return lay
