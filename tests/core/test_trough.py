"""The trough of IgG: where it stands, what may be expected of it, and that it changes no dose."""

from decimal import Decimal

import pytest

from ivig_dose.core.interval import TimeSpan
from tests.core.asking import plan, refusal
from tests.strategies import shipped

D = Decimal
PID = {"regimen": "replacement-label-us"}


def met(answer):
    return {each.target.id: each.is_met for each in answer.trough.standings}


def test_a_level_stands_against_each_target(catalogue):
    """5.2 g/L is above the seed's 4 and Ontario's 5, below the 6 of EU labels and of Asceniv."""
    answer = plan(catalogue, "pid", "64.5", igg_g_per_l=D("5.2"), igg_target_g_per_l=D(7), **PID)
    assert met(answer) == {"igg-seed": True, "igg-eu": False, "igg-asceniv": False, "igg-ontario-earlier": True}
    assert (answer.trough.g_per_l, answer.trough.target_g_per_l) == (D("5.2"), 7)


@pytest.mark.parametrize(
    ("level", "target", "is_met"),
    [("4", "igg-seed", True), ("3.99", "igg-seed", False), ("6", "igg-eu", True), ("5.99", "igg-eu", False),
     ("5", "igg-ontario-earlier", False), ("5.01", "igg-ontario-earlier", True)],
)  # fmt: skip
def test_the_edges_of_the_targets(catalogue, level, target, is_met):
    assert met(plan(catalogue, "pid", "70", igg_g_per_l=D(level), **PID))[target] is is_met


def test_nova_scotia_is_for_secondary_deficiency(catalogue):
    assert met(plan(catalogue, "sid", "70", igg_g_per_l=D(7)))["igg-nova-scotia"] is False
    assert met(plan(catalogue, "sid", "70", igg_g_per_l=D("7.1")))["igg-nova-scotia"] is True


def test_the_published_average_over_the_range(catalogue):
    """0.73 g/L for 0.1 g/kg: from 0.4, 0.3 g/kg is 5.2 - 0.73 = 4.47 g/L and 0.6 g/kg 5.2 + 1.46 = 6.66 g/L."""
    (expected,) = plan(catalogue, "pid", "64.5", igg_g_per_l=D("5.2"), **PID).trough.expected
    assert (expected.low_g_per_l.to_step(D("0.001")), expected.high_g_per_l.to_step(D("0.001"))) == (
        D("4.47"),
        D("6.66"),
    )
    assert (expected.low_g_per_kg, expected.now_g_per_kg, expected.high_g_per_kg) == (D("0.3"), D("0.4"), D("0.6"))
    assert expected.rise.sources == ("lee-2020",)
    assert expected.rise.spread


def test_an_expectation_is_never_below_zero(catalogue):
    (expected,) = plan(catalogue, "pid", "70", igg_g_per_l=D("0.3"), regimen="replacement-label-eu").trough.expected
    assert expected.low_g_per_l.to_step(D("0.001")) == 0


def test_no_expectation_where_it_was_not_studied(catalogue):
    assert plan(catalogue, "sid", "70", igg_g_per_l=D(5)).trough.expected == ()
    assert plan(catalogue, "pid", "70", igg_g_per_l=D(5), regimen="replacement-eu-start").trough.expected == ()


def test_a_level_changes_no_dose(catalogue):
    facts = {"product": "privigen-us", "interval": TimeSpan(3, "weeks"), "cycles": 3, **PID}
    without = plan(catalogue, "pid", "64.5", **facts)
    for level in ("0.3", "3.9", "5.2", "30"):
        answer = plan(catalogue, "pid", "64.5", igg_g_per_l=D(level), igg_target_g_per_l=D(12), **facts)
        assert (answer.dose, answer.schedule) == (without.dose, without.schedule)


def test_a_level_where_no_source_aims_for_one_is_refused(catalogue):
    answer = refusal(catalogue, "gbs", "70", igg_g_per_l=D(5))
    assert answer.rule == "igg-without-target"
    assert answer.message == "no source here aims for a trough of IgG in gbs"
    assert answer.hint == "leave --igg out; it is for cll, pediatric-hiv, pid, sid"


def test_the_refusal_does_not_hang_on_who_asked_first():
    """Orders are prepared once and kept; a level is a fact of the patient."""
    catalogue = shipped()
    assert plan(catalogue, "gbs", "70")
    assert refusal(catalogue, "gbs", "70", igg_g_per_l=D(5)).rule == "igg-without-target"


def test_a_target_without_a_level_is_refused(catalogue):
    answer = refusal(catalogue, "pid", "70", igg_target_g_per_l=D(7))
    assert (answer.rule, answer.kind) == ("igg-needed", "usage")
    assert answer.message == "a target is given without a level"
    assert answer.hint == "add --igg with the measured trough"
