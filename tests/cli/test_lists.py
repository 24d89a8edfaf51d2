"""`ivig-dose list` and `ivig-dose show`: the catalogue for people and for scripts."""

import pytest

from ivig_dose.report.entries import SECTIONS


@pytest.mark.parametrize("section", SECTIONS)
def test_a_list_in_json_is_an_array_of_id_title_and_sources(run, section):
    answer = run("list", section, "--json")

    assert (answer.code, answer.err) == (0, "")
    assert answer.json
    for entry in answer.json:
        assert list(entry) == ["id", "title", "sources"]
        assert isinstance(entry["id"], str)
        assert isinstance(entry["sources"], list)


def test_the_four_regimens_of_the_seed_document_are_listed(run):
    ids = {entry["id"] for entry in run("list", "regimens", "--json").json}

    assert {"high-dose-single", "high-dose-divided", "itp-daily", "replacement-monthly"} <= ids


def test_a_list_shows_an_entry_a_line(run):
    out = run("list", "Indications").out

    assert [line for line in out.splitlines() if line.startswith("itp ")] != []


def test_an_unknown_kind_is_refused_with_all_kinds(run):
    answer = run("list", "drugs")

    assert (answer.code, answer.out) == (2, "")
    assert "type regimens, indications, products, policies, rules, sources" in answer.err


@pytest.mark.parametrize("name", ["itp-daily", "ITP-Daily", "itp_daily", " itp daily "])
def test_an_entry_is_found_without_regard_to_case(run, name):
    assert run("show", name, "--json").json["id"] == "itp-daily"


def test_an_entry_in_json_is_whole(run):
    entry = run("show", "itp-daily", "--json").json

    assert entry["kind"] == "regimens"
    assert entry["g_per_kg"] == {"low": 0.4, "high": 0.4, "default": 0.4}
    assert entry["days"] == {"low": 2, "high": 5, "default": 5}
    assert entry["basis"] == "per_day"
    assert "interval" in entry
    assert len(entry["file"]["sha256"]) == 64


def test_an_entry_on_screen_shows_its_sources_and_its_file(run):
    out = run("show", "itp-daily").out

    assert "0.4 g/kg" in out
    assert "seed: " in out
    assert "regimens.yaml" in out


def test_an_alias_names_its_entry(run):
    assert run("show", "guillain barre", "--json").json["id"] == "gbs"


def test_an_unknown_id_is_refused_with_the_nearest(run):
    answer = run("show", "itp-dayly", "--json")

    assert (answer.code, answer.out) == (2, "")
    assert "did you mean itp-daily" in answer.err


def test_a_product_family_is_refused_with_its_members(run):
    answer = run("show", "privigen")

    assert (answer.code, answer.out) == (2, "")
    assert "privigen-us" in answer.err
    assert "privigen-eu" in answer.err


def test_an_id_of_two_kinds_asks_which(run, tmp_path):
    site = tmp_path / "site.yaml"
    site.write_text(
        'catalogue: {title: Ours, version: "1", effective: 2026-01-01, review_by: 2027-01-01}\n'
        "risks:\n  itp-daily: {title: A risk with a regimen's id}\n",
        encoding="utf-8",
    )

    unclear = run("show", "itp-daily", "--catalogue", str(site))
    assert (unclear.code, unclear.out) == (2, "")
    assert "add --kind regimens or --kind risks" in unclear.err

    risk = run("show", "itp-daily", "--kind", "risks", "--catalogue", str(site), "--json").json
    assert risk["title"] == "A risk with a regimen's id"
    assert risk["file"]["path"] == str(site)
    regimen = run("show", "itp-daily", "--kind", "regimens", "--catalogue", str(site), "--json").json
    assert regimen["file"]["path"] != str(site)


@pytest.mark.parametrize("section", SECTIONS)
def test_every_entry_can_be_shown(run, section):
    for entry in run("list", section, "--json").json:
        answer = run("show", entry["id"], "--kind", section)

        assert (answer.code, answer.err) == (0, "")
        assert f"[{entry['id']}]" in answer.out
