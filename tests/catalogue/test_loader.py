"""The shipped catalogue, a site's file over it, and what `catalogue check` is told about any file."""

import hashlib
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from ivig_dose.catalogue.loader import (
    SHIPPED_LABEL,
    CatalogueError,
    check_catalogue,
    load_catalogue,
    read_catalogue,
    read_shipped,
    shipped_path,
)

pytestmark = pytest.mark.slow

SITE = """
catalogue:
  title: Example Hospital
  version: "7"
  effective: 2026-12-01
  review_by: {review_by}
sources:
  example-hospital:
    title: Example Hospital's protocol
    url: null
    kind: formulary
    read: 2026-12-01
regimens:
  itp-daily:
    title: ITP at Example Hospital
    phase: acute
    g_per_kg: {{low: 0.4, high: 0.5, default: 0.4}}
    basis: per_day
    days: {{low: 2, high: 5, default: 4}}
    status: VERIFIED
    sources: [example-hospital]
  example-regimen:
    title: Something new
    phase: acute
    g_per_kg: {{low: 1, high: 1, default: 1}}
    basis: per_day
    days: {{low: 1, high: 1, default: 1}}
    status: VERIFIED
    sources: [example-hospital]
defaults:
  tolerance_percent: 5
"""


def write_site(folder: Path, review_by: str = "2027-01-01", more: str = "") -> Path:
    file = folder / "site.yaml"
    file.write_text(SITE.format(review_by=review_by) + more, encoding="utf-8")
    return file


def test_the_shipped_catalogue_has_no_error() -> None:
    assert [problem for problem in check_catalogue() if problem.severity == "error"] == []


def test_loading_and_reading_in_full_give_the_same_catalogue() -> None:
    assert load_catalogue() == read_shipped()


def test_the_shipped_file_is_named_without_the_path_of_this_machine() -> None:
    catalogue = load_catalogue()

    assert [file.path for file in catalogue.files] == [SHIPPED_LABEL]
    assert catalogue.files[0].version == catalogue.catalogue.version
    assert catalogue.files[0].sha256 == hashlib.sha256(shipped_path().read_bytes()).hexdigest()
    assert catalogue.entry_file == {}


def test_a_site_replaces_whole_entries_adds_others_and_sets_single_defaults(tmp_path: Path) -> None:
    base = load_catalogue()

    merged = load_catalogue(write_site(tmp_path))

    assert merged.regimens["itp-daily"].days.default == 4
    assert merged.regimens["itp-daily"].derived == ()
    assert merged.regimens["example-regimen"].g_per_kg.high == Decimal(1)
    assert merged.defaults == replace(base.defaults, tolerance_percent=Decimal(5))
    assert merged.indications == base.indications
    assert [*merged.regimens][: len(base.regimens)] == [*base.regimens]
    assert load_catalogue() == base


def test_every_file_and_the_entries_of_the_site_are_named(tmp_path: Path) -> None:
    site = write_site(tmp_path)

    merged = load_catalogue(site)

    assert [(file.path, file.version) for file in merged.files][1] == (str(site), "7")
    assert merged.files[1].sha256 == hashlib.sha256(site.read_bytes()).hexdigest()
    assert merged.entry_file == {
        "sources/example-hospital": 1,
        "regimens/itp-daily": 1,
        "regimens/example-regimen": 1,
    }


@pytest.mark.parametrize("review_by", ["2026-12-31", "2036-01-01"])
def test_the_earlier_of_both_review_dates_counts(review_by: str, tmp_path: Path) -> None:
    base = load_catalogue()

    merged = load_catalogue(write_site(tmp_path, review_by))

    assert merged.catalogue.review_by == min(base.catalogue.review_by, date.fromisoformat(review_by))
    assert merged.catalogue.title == base.catalogue.title


@pytest.mark.parametrize(("effective", "counts"), [("2020-01-01", "2026-11-22"), ("2036-01-01", "2036-01-01")])
def test_the_later_of_both_days_in_force_counts(effective: str, counts: str, tmp_path: Path) -> None:
    site = write_site(tmp_path, "2036-12-31")
    text = re.sub("effective: [0-9-]+", f"effective: {effective}", site.read_text(encoding="utf-8"))
    site.write_text(text, encoding="utf-8")

    assert load_catalogue(site).catalogue.effective == date.fromisoformat(counts)


def test_all_problems_of_a_site_are_raised_in_its_own_file(tmp_path: Path) -> None:
    site = write_site(tmp_path, more="  weight_policy: nowhere\nindications:\n  Bad Id: {}\n")

    with pytest.raises(CatalogueError) as raised:
        load_catalogue(site)

    assert {problem.file for problem in raised.value.problems} == {str(site)}
    assert {"unknown-id", "bad-id", "missing-key"} == {problem.rule for problem in raised.value.problems}
    assert raised.value.problems == check_catalogue(site)


def test_advice_does_not_stop_a_site(tmp_path: Path) -> None:
    unused = "  local: {title: Unused, url: null, kind: formulary, read: 2026-12-01}\n"
    site = tmp_path / "site.yaml"
    site.write_text(
        SITE.format(review_by="2027-01-01").replace("regimens:\n", f"{unused}regimens:\n"), encoding="utf-8"
    )

    load_catalogue(site)

    assert [(problem.rule, problem.severity) for problem in check_catalogue(site)] == [("source-unused", "advice")]


def test_a_site_gives_an_edition_of_its_own(tmp_path: Path) -> None:
    site = tmp_path / "site.yaml"
    site.write_text("defaults: {tolerance_percent: 5}\n", encoding="utf-8")

    assert [(problem.rule, problem.message) for problem in check_catalogue(site)] == [
        ("missing-key", "the section catalogue is missing")
    ]


def test_a_file_with_every_section_is_read_by_itself(catalogues: Path) -> None:
    small = catalogues / "small.yaml"

    assert check_catalogue(small) == ()
    assert [*read_catalogue(small).indications] == ["itp", "kawasaki", "pid"]
    assert [file.path for file in read_catalogue(small).files] == [str(small)]


def test_any_other_file_is_read_over_the_shipped_catalogue(tmp_path: Path) -> None:
    site = write_site(tmp_path)

    assert read_catalogue(site) == load_catalogue(site)


def test_a_missing_shipped_catalogue_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ivig_dose.catalogue.loader.CATALOGUE_NAME", "nowhere.yaml")

    with pytest.raises(CatalogueError) as raised:
        load_catalogue()

    assert [problem.rule for problem in raised.value.problems] == ["file-unreadable"]
    assert [problem.rule for problem in check_catalogue()] == ["file-unreadable"]


def test_a_byte_order_mark_and_windows_line_ends_change_nothing(tmp_path: Path) -> None:
    site = write_site(tmp_path)
    plain = load_catalogue(site)
    site.write_bytes(b"\xef\xbb\xbf" + site.read_bytes().replace(b"\n", b"\r\n"))

    assert load_catalogue(site).regimens == plain.regimens
