"""Ids and aliases: found in any case and otherwise as spelt, never guessed, refused with the nearest."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig_dose.core.names import find_entry, fold, join_or, nearest_names, refuse_unknown
from tests.strategies import shipped


@dataclass(frozen=True)
class Entry:
    id: str
    aliases: tuple[str, ...] = ()


ENTRIES = {
    "itp": Entry("itp", ("immune thrombocytopenia",)),
    "privigen-us": Entry("privigen-us"),
    "privigen-eu": Entry("privigen-eu"),
    "gbs": Entry("gbs", ("Guillain-Barré",)),
}


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("itp", "itp"),
        ("ITP", "itp"),
        ("Immune Thrombocytopenia", "itp"),
        ("immune_thrombocytopenia", "itp"),
        ("immune thrombocytopenia-", None),
        ("-immune thrombocytopenia", None),
        ("immune thrombo-cytopenia", None),
        ("  immune   thrombocytopenia ", "itp"),
        (" PRIVIGEN-US\t", "privigen-us"),
        ("privigen us", None),
        ("privigen_us", None),
        ("privigen--us", None),
        ("guillain-barré", "gbs"),
        ("privigen", None),  # E-34: part of two names is neither
        ("privigen-us-sc", None),
        ("itp-", None),
        ("-itp", None),
        ("itp_", None),
        ("_ITP", None),
        ("it", None),
        ("", None),
    ],
)
def test_a_name_is_found_only_when_the_whole_name_is_equal(name, found):
    entry = find_entry(name, ENTRIES)
    assert (entry.id if entry else None) == found


def test_every_id_and_alias_of_the_catalogue_leads_to_its_own_entry():
    """E-29: each mapping from a typed name to an entry holds."""
    catalogue = shipped()
    for section in (catalogue.indications, catalogue.products, catalogue.weight_policies, catalogue.risks):
        for entry in section.values():
            for name in (entry.id, *entry.aliases):
                assert find_entry(name, section) is entry, name
                assert find_entry(name.upper(), section) is entry, name


@pytest.mark.parametrize(
    "typed", ["-{}", "{}-", "_{}", "{}_", "--{}", "{}.", "{},", "({})", "{}\N{NON-BREAKING HYPHEN}"]
)
def test_no_sign_beside_an_id_is_read_away_and_the_id_is_suggested(typed):
    catalogue = shipped()
    for section in (catalogue.indications, catalogue.regimens, catalogue.products):
        for name in section:
            assert find_entry(typed.format(name), section) is None
    for name in ("mis_c", "mis--c", "high_dose_divided", "itp daily"):
        assert find_entry(name, catalogue.indications) is find_entry(name, catalogue.regimens) is None
    for name in ("aiha", "mis-c", "pid"):
        assert name in refuse_unknown("indication", typed.format(name), catalogue.indications).hint


def test_an_alias_that_two_entries_could_mean_is_neither():
    entries = {"a": Entry("a", ("hay fever",)), "b": Entry("b", ("hay-fever",))}
    assert find_entry("hay_fever", entries) is None


@given(st.text(max_size=30))
def test_no_text_at_all_breaks_the_search(text):
    entry = find_entry(text, ENTRIES)
    assert entry is None or fold(text) in {fold(name) for name in (entry.id, *entry.aliases)}
    assert all(name in ENTRIES for name in nearest_names(text, ENTRIES))


@pytest.mark.parametrize(
    ("typed", "names", "nearest"),
    [
        ("priv", ["privigen-us", "privigen-eu", "itp"], ["privigen-eu", "privigen-us"]),
        ("divided", ["high-dose-divided", "high-dose-single"], ["high-dose-divided"]),
        ("itpp", ["itp", "gbs"], ["itp"]),
        ("i", ["itp"], []),
        ("zzzz", ["itp", "gbs"], []),
    ],
)
def test_the_nearest_names_are_those_begun_by_the_text_then_those_spelt_alike(typed, names, nearest):
    assert nearest_names(typed, names) == nearest


def test_at_most_three_names_are_suggested():
    assert len(nearest_names("dose", [f"dose-{number}" for number in range(9)])) == 3


def test_a_refusal_names_ids_and_not_aliases():
    answer = refuse_unknown("indication", "immune thrombocytopeni", ENTRIES)
    assert (answer.rule, answer.kind, answer.hint) == ("unknown-indication", "usage", "did you mean itp?")


def test_a_refusal_falls_back_to_all_that_is_possible_and_then_to_the_list():
    assert refuse_unknown("regimen", "zzz", ENTRIES, ("itp", "gbs")).hint == "choose itp or gbs"
    assert refuse_unknown("weight-policy", "zzz", ENTRIES).hint == "`ivig-dose list policies` shows the ids"
    assert refuse_unknown("weight-policy", "zzz", ENTRIES).message == "weight policy 'zzz' is not in the catalogue"


def test_the_many_aliases_of_one_entry_do_not_crowd_out_another():
    """E-34: `gammaplex` is near a 5 % and a 10 % product; naming one alone would lead to it."""
    crowded = {
        "gammaplex-10": Entry("gammaplex-10", ("gammaplex 10%", "gammaplex 10 us", "gammaplex 10% us")),
        "gammaplex-5": Entry("gammaplex-5", ("gammaplex 5%",)),
    }
    assert refuse_unknown("product", "gammaplex", crowded).hint == "did you mean gammaplex-10 or gammaplex-5?"


def test_at_most_three_ids_are_suggested():
    many = {f"dose-{number}": Entry(f"dose-{number}") for number in range(9)}
    assert refuse_unknown("product", "dose", many).hint.count("dose-") == 3


def test_a_refused_name_is_shown_with_nothing_that_a_terminal_obeys():
    assert "\\u001b" in refuse_unknown("product", "\x1b[2Jx", ENTRIES).message


@pytest.mark.parametrize(("names", "text"), [(["a"], "a"), (["a", "b"], "a or b"), (["a", "b", "c"], "a, b or c")])
def test_choices_are_joined_as_people_say_them(names, text):
    assert join_or(names) == text
