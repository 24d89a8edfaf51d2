"""A site's file cannot take a stop away unseen: what counts as weaker, what is refused, and what every plan says."""

from decimal import Decimal
from pathlib import Path

import pytest

from ivig_dose.catalogue.diff import diff_catalogues, format_diff
from ivig_dose.catalogue.loader import load_catalogue, read_catalogue
from ivig_dose.catalogue.models import Bounds, Catalogue, Condition, Population, SafetyRule
from ivig_dose.catalogue.weakening import _admits_more, covers, find_weakenings, weaken_stop
from ivig_dose.problems import CatalogueError
from tests.core.asking import plan, refusal

D = Decimal
HEAD = 'catalogue: {title: Example site, version: "1", effective: 2026-01-01, review_by: 2027-01-01}\n'
REASON = "Desensitised patients, drug committee, 2026-11-01"


def rule(level="stop", **when):
    condition = Condition(**when) if when else None
    sources = ("seed",)
    return SafetyRule(id="r", title="r", level=level, text="r", status="VERIFIED", sources=sources, when=condition)


def bounds(**edges):
    return Bounds(**{name: D(edge) for name, edge in edges.items()})


BASE = {"risks_any": ("a", "b"), "age_years": bounds(under="2"), "excipients": ("sorbitol",)}


@pytest.mark.parametrize(
    ("change", "stricter"),
    [
        ({}, True),
        ({"risks_any": ("a", "b", "c")}, True),
        ({"risks_any": ("a",)}, False),
        ({"risks_any": ("a", "c")}, False),
        ({"risks_any": ()}, True),  # asks for no risk: stops more
        ({"age_years": bounds(under="3")}, True),
        ({"age_years": bounds(at_most="2")}, True),  # also at 2 itself
        ({"age_years": bounds(under="1.9")}, False),
        ({"age_years": bounds(over="0", under="2")}, False),
        ({"age_years": None}, True),
        ({"sex": "F"}, False),
        ({"indications": ("itp",)}, False),
        ({"except_indications": ("itp",)}, False),
        ({"risks_all": ("z",)}, False),
        ({"products": ("p",)}, False),
        ({"weight_policies": ("actual",)}, False),
        ({"day_g": bounds(over="1")}, False),
        ({"any_of": (Condition(risks_any=("z",)),)}, False),
        ({"any_of": (Condition(risks_any=("a", "b")), Condition(risks_any=("z",)))}, True),
    ],
)
def test_a_stop_is_as_strict_only_where_it_stops_all_that_it_stopped(change, stricter):
    assert (weaken_stop(rule(**BASE), rule(**{**BASE, **change})) == "") == stricter


def test_a_stop_without_a_condition_covers_all_and_is_covered_by_none_with_one():
    assert weaken_stop(rule(**BASE), rule()) == ""
    assert weaken_stop(rule(), rule(**BASE)) != ""


@pytest.mark.parametrize("level", ["note", "warning"])
def test_a_lower_level_is_weaker(level):
    assert weaken_stop(rule(), rule(level)) == f"a stop became a {level}"


def test_alternatives_are_covered_one_by_one():
    both = Condition(any_of=(Condition(risks_any=("a",)), Condition(risks_any=("b",))))
    one = Condition(any_of=(Condition(risks_any=("a",)),))
    assert covers(both, one)
    assert not covers(one, both)
    assert covers(Condition(risks_any=("a", "b")), Condition(risks_any=("a",)))


@pytest.mark.parametrize(
    ("base", "new", "more"),
    [
        (None, None, False),
        (Population(age_years=bounds(at_least="18")), None, True),
        (Population(age_years=bounds(at_least="18")), Population(age_years=bounds(at_least="16")), True),
        (Population(age_years=bounds(at_least="18")), Population(age_years=bounds(over="18")), False),
        (Population(age_days_at_most=28), Population(age_days_at_most=90), True),
        (Population(age_days_at_most=28), Population(age_days_at_most=7), False),
        (Population(sex="F"), Population(sex="M"), True),
        (Population(), Population(sex="M"), False),
        (Population(pregnant=True), Population(note="mothers"), True),
        (Population(note="children"), None, False),
    ],
)
def test_a_population_admits_more_only_where_an_age_or_a_sex_is_added(base, new, more):
    assert _admits_more(base, new) == more


def stop_text(level, reason=""):
    return HEAD + (
        "safety:\n  iga-antibodies-stop:\n    title: IgA antibodies\n"
        f"    level: {level}\n    text: IgA deficiency with antibodies.\n    status: VERIFIED\n    sources: [seed]\n"
        f"    when: {{risks_any: [hyperprolinaemia]}}\n{reason}"
    )


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture
def site(tmp_path: Path):
    def write(text: str) -> Path:
        path = tmp_path / "site.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize("reason", ["", "    replaces_stop: because\n", "    replaces_stop: 'why, who'\n"])
@pytest.mark.parametrize("level", ["note", "stop"])
def test_a_weaker_stop_without_reason_person_and_day_makes_the_file_unusable(site, level, reason):
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(site(stop_text(level, reason)))
    assert [(problem.rule, problem.position.line) for problem in caught.value.problems] == [("stop-weakened", 3)]


def test_with_a_reason_every_plan_carries_a_warning_that_names_the_rule(site):
    catalogue = load_catalogue(site(stop_text("note", f"    replaces_stop: '{REASON}'\n")))
    for indication in ("itp", "pid"):
        answer = plan(catalogue, indication, "70")
        told = [each for each in answer.notices if each.id == "stop-replaced-iga-antibodies-stop"]
        assert [each.level for each in told] == ["warning"]
        assert "iga-antibodies-stop" in told[0].text
        assert REASON in told[0].text


def test_the_shipped_stop_stops(catalogue: Catalogue):
    answer = refusal(catalogue, "itp", "70", risks=("iga-deficiency-with-antibodies",))
    assert answer.rule == "iga-antibodies-stop"
    assert catalogue.weakenings == ()


def test_an_excipient_on_which_a_stop_depends_cannot_be_left_out(site):
    text = HEAD + (
        "products:\n  privigen-us:\n    name: Privigen\n    region: US\n    g_per_100_ml: 10\n"
        "    vials: [{g: 5, ml: 50}]\n    rates: []\n    sources: [seed]\n"
        "    excipients: [{name: glycine, text: glycine, sources: [seed]}]\n"
    )
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(site(text))
    assert [problem.rule for problem in caught.value.problems] == ["stop-weakened"]
    assert "an excipient is left out on which the shipped rule" in caught.value.problems[0].message


LIMITS = (
    HEAD
    + """regimens:
  mis-c-single:
    title: MIS-C
    phase: acute
    g_per_kg: {low: 2, high: 2, default: 2}
    basis: per_course
    days: {low: 1, high: 1, default: 1}
    status: VERIFIED
    sources: [nih-misc]
    limits: {g_per_course: 120}
"""
)


def test_a_raised_limit_and_a_lost_population_are_listed_by_check_and_diff_and_warned_of(site, catalogue):
    path = site(LIMITS)
    changed = load_catalogue(path)
    texts = [each.text for each in changed.weakenings]
    assert texts == [
        "the limit g_per_course of 100 is raised to 120",
        "the population admits patients that it did not",
    ]
    ids = [each.id for each in plan(changed, "mis-c", "64", age="15").notices]
    assert "weaker-regimens-mis-c-single" in ids
    assert "weaker-regimens-mis-c-single" not in [each.id for each in plan(changed, "itp", "64").notices]
    diff = diff_catalogues(catalogue, read_catalogue(path), lambda *_: {})
    assert "WEAKER regimens.mis-c-single: the limit g_per_course of 100 is raised to 120" in format_diff(diff)


def test_a_catalogue_is_not_weaker_than_itself(catalogue: Catalogue):
    assert find_weakenings(catalogue, catalogue) == ()
