"""The page for pharmacists is true: its example loads, and its words about YAML hold."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from ivig_dose.catalogue.loader import check_catalogue, load_catalogue
from ivig_dose.catalogue.scalars import Refused, read_plain

PAGE = Path(__file__).parents[2] / "docs" / "catalogue.md"


def extract_example() -> str:
    found = re.search(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


def test_the_example_is_an_overlay_without_any_problem(tmp_path: Path) -> None:
    site = tmp_path / "site.yaml"
    site.write_text(extract_example(), encoding="utf-8")

    assert check_catalogue(site) == ()
    catalogue = load_catalogue(site)
    assert catalogue.regimens["example-itp-two-days"].g_per_kg.default == Decimal(1)
    assert catalogue.defaults.rounding == "vial"
    assert catalogue.entry_file["indications/example-itp-urgent"] == 1


@pytest.mark.parametrize(
    "refused", [".4", "0,4", "4e-1", "+70", "1_000", "010", "1:30", "0x10", "yes", "no", "on", "off", "True", "NO"]
)
def test_what_the_page_says_is_refused_is_refused(refused: str) -> None:
    assert f"`{refused}`" in PAGE.read_text(encoding="utf-8")
    assert isinstance(read_plain(refused), Refused)


def test_the_example_gives_a_dose(tmp_path: Path) -> None:
    core = pytest.importorskip("ivig_dose.core.plan")
    from ivig_dose.core.request import Request

    site = tmp_path / "site.yaml"
    site.write_text(extract_example(), encoding="utf-8")

    plan = core.make_plan(Request(indication="urgent itp", weight_kg=Decimal(70)), load_catalogue(site))

    assert plan.dose.course_g.to_step(Decimal("0.001")) == 140
    assert plan.dose.day_g.to_step(Decimal("0.001")) == 70
