"""What a request chooses before the patient's weight matters, and the site's defaults for what it does not say."""

import copy
from decimal import Decimal

import pytest

from ivig_dose.core.choices import resolve_choices
from ivig_dose.core.request import Request
from ivig_dose.problems import Refusal
from tests.core.asking import doses, plan, refusal

D = Decimal


def with_defaults(catalogue, **changes):
    """The catalogue of a site that sets these defaults."""
    site = copy.copy(catalogue)
    defaults = copy.copy(catalogue.defaults)
    defaults.__dict__.update(changes)
    site.__dict__["defaults"] = defaults
    return site


def test_without_a_word_the_catalogues_defaults_hold(catalogue):
    choices = resolve_choices(Request("itp", D(70)), catalogue)
    assert choices.policy.id == "actual"
    assert (choices.product, choices.ladder, choices.stock) == (None, None, None)
    assert choices.g_per_100_ml == 10
    assert (choices.rule, choices.direction, choices.tolerance_percent) == ("none", "nearest", 10)
    assert choices.pump_step_ml_per_h == D("0.1")
    assert choices.vaccine_table.id == "us"
    assert choices.cycles == 1


def test_a_tolerance_of_zero_is_a_tolerance_and_not_an_absence(catalogue):
    request = Request("itp", D(70), tolerance_percent=D(0), pump_step_ml_per_h=D("0.01"))
    choices = resolve_choices(request, catalogue)
    assert (choices.tolerance_percent, choices.pump_step_ml_per_h) == (0, D("0.01"))


@pytest.mark.parametrize(
    ("default", "product", "rule", "step"),
    [
        (None, None, "none", "0.001"),
        (None, "privigen-us", "vial", None),
        ("vial", "privigen-us", "vial", None),
        ("vial", None, "none", "0.001"),  # a site rounds to vials where there are vials
        ("none", "privigen-us", "none", "0.001"),
        ("5g", None, "step", "5"),
        ("2.5 g", "privigen-us", "step", "2.5"),
    ],
)
def test_the_sites_rounding_is_used_where_the_request_has_none(catalogue, default, product, rule, step):
    site = with_defaults(catalogue, rounding=default)
    choices = resolve_choices(Request("itp", D(70), product=product), site)
    assert choices.rule == rule
    assert choices.step_g == (step and D(step))


def test_the_request_has_the_last_word_over_the_site(catalogue):
    site = with_defaults(
        catalogue,
        rounding="5g",
        product="octagam-10-us",
        weight_policy="ideal",
        round_direction="up",
        tolerance_percent=D(3),
    )
    choices = resolve_choices(
        Request("itp", D(70), product="privigen-us", rounding="none", weight_policy="actual", round_direction="down"),
        site,
    )
    assert (choices.product.id, choices.rule, choices.policy.id, choices.direction) == (
        "privigen-us", "none", "actual", "down",
    )  # fmt: skip
    assert choices.tolerance_percent == 3


def test_the_sites_product_is_used_with_its_vials_and_rates(catalogue):
    site = with_defaults(catalogue, product="privigen-us")
    answer = plan(site, "itp", "70")
    assert answer.product.id == "privigen-us"
    assert doses(answer) == ["30", "30", "30", "25", "25"]
    assert answer.schedule[0].steps


def test_the_sites_table_of_vaccines_is_used_by_indication(catalogue):
    """Australia 2013: 9 months after replacement at up to 0.4 g/kg, and 8 after as much in ITP."""
    site = with_defaults(catalogue, vaccine_table="australia-2013")
    assert plan(site, "pid", "70", g_per_kg="0.3").vaccines.defer_months == 9
    assert plan(catalogue, "pid", "70", g_per_kg="0.3").vaccines.defer_months == 8


def test_a_sites_default_that_the_catalogue_lacks_is_a_refusal_and_no_error(catalogue):
    for changes in ({"product": "nothing"}, {"weight_policy": "nothing"}):
        answer = resolve_choices(Request("itp", D(70)), with_defaults(catalogue, **changes))
        assert isinstance(answer, Refusal)
        assert answer.rule.startswith("unknown-")


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({"product": "privigenn-us"}, "unknown-product"),
        ({"weight_policy": "x"}, "unknown-weight-policy"),
        ({"risks": ("x",)}, "unknown-risk"),
        ({"regimen": "x"}, "unknown-regimen"),
        ({"cycles": 2}, "no-interval"),
        ({"rounding": "vial"}, "rounding-needs-product"),
        ({"rounding": D(0)}, "rounding-step-unusable"),
    ],
)
def test_the_first_thing_wrong_with_a_request_refuses_it(catalogue, facts, rule):
    answer = resolve_choices(Request("itp", D(70), **facts), catalogue)
    assert isinstance(answer, Refusal)
    assert answer.rule == rule
    assert answer.hint


def test_whole_vials_without_a_product_are_refused_with_the_reason(catalogue):
    answer = refusal(catalogue, "itp", "70", round="vial")
    assert answer.message == "whole vials depend on the product, and none is named"


@pytest.mark.parametrize("step", ["0.001", "0.5", "1", "100"])
def test_a_rounding_step_inside_its_bounds_is_taken(catalogue, step):
    assert resolve_choices(Request("itp", D(70), rounding=D(step)), catalogue).step_g == D(step)


@pytest.mark.parametrize(
    ("risks", "maximum"), [((), "4.8"), (("first-infusion",), "4.8"), (("no-first-infusion",), "7.2")]
)
def test_the_rates_of_later_infusions_are_used_only_where_the_first_is_denied(catalogue, risks, maximum):
    """Privigen EU in PID: 4.8 mL/kg/h at first, 7.2 later."""
    choices = resolve_choices(Request("pid", D(70), product="privigen-eu", risks=risks), catalogue)
    assert choices.ladder.maximum.to_step(D("0.1")) == D(maximum)


@pytest.mark.parametrize("name", ["privigen", "octagam", "flebogamma", "gammaplex"])
def test_a_brand_with_several_products_is_never_one_of_them(catalogue, name):
    """E-34: look-alike names are refused with what they might mean."""
    answer = refusal(catalogue, "itp", "70", product=name)
    assert (answer.rule, answer.kind) == ("unknown-product", "usage")
    assert answer.hint.startswith("did you mean ")
    assert " or " in answer.hint


def test_a_product_is_found_by_an_alias_in_any_case(catalogue):
    assert plan(catalogue, "itp", "70", product="Privigen US").product.id == "privigen-us"


def test_the_concentration_is_the_products_and_10_percent_where_none_is_named(catalogue):
    assert plan(catalogue, "pid", "70", product="octagam-5-us").g_per_100_ml == 5
    assert plan(catalogue, "pid", "70").schedule[0].volume_ml == 210
