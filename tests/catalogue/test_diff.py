"""Every entry that changed, and every dose and rate that moves, with both figures."""

from dataclasses import replace
from decimal import Decimal

from ivig_dose.catalogue.diff import WEIGHTS_KG, CatalogueDiff, Move, diff_catalogues, format_diff
from ivig_dose.catalogue.loader import load_catalogue
from ivig_dose.catalogue.models import Catalogue


def dose_of(catalogue: Catalogue, indication: str, regimen: str, weight_kg: Decimal) -> dict[str, Decimal]:
    """The course of the regimen's defaults, in place of the core."""
    found = catalogue.regimens[regimen]
    days = found.days.default if found.basis == "per_day" else 1
    if indication == "pid" and weight_kg < 10:
        return {}
    return {"course": found.g_per_kg.default * days * weight_kg}


def diff(old: Catalogue, new: Catalogue) -> CatalogueDiff:
    return diff_catalogues(old, new, dose_of)


def with_regimen(catalogue: Catalogue, name: str, **changes: object) -> Catalogue:
    changed = replace(catalogue.regimens[name], **changes)  # type: ignore[arg-type]
    return replace(catalogue, regimens={**catalogue.regimens, name: changed})


def test_a_catalogue_does_not_differ_from_itself(small: Catalogue) -> None:
    assert diff(small, small) == CatalogueDiff((), (), ())
    assert format_diff(diff(small, small)) == "no difference"


def test_a_changed_dose_is_listed_by_field_and_by_weight(small: Catalogue) -> None:
    dose = replace(small.regimens["itp-daily"].g_per_kg, default=Decimal("0.5"), high=Decimal("0.5"))
    found = diff(small, with_regimen(small, "itp-daily", g_per_kg=dose))

    assert [(entry.section, entry.id, entry.kind) for entry in found.entries] == [("regimens", "itp-daily", "changed")]
    assert [(field.path, field.old, field.new) for field in found.entries[0].fields] == [
        ("regimens.itp-daily.g_per_kg.high", "0.4", "0.5"),
        ("regimens.itp-daily.g_per_kg.default", "0.4", "0.5"),
    ]
    assert [(dose.indication, dose.old_regimen) for dose in found.doses] == [("itp", "itp-daily")]
    assert [move.weight_kg for move in found.doses[0].moves] == [*WEIGHTS_KG]
    assert found.doses[0].moves[9] == Move(Decimal(70), Decimal(140), Decimal(175))
    assert found.doses[0].moves[9].difference == 35


def test_another_default_regimen_moves_the_dose(small: Catalogue) -> None:
    itp = replace(small.indications["itp"], regimens=("high-dose-divided", "itp-daily"))
    found = diff(small, replace(small, indications={**small.indications, "itp": itp}))

    assert [(dose.is_default, dose.old_regimen, dose.new_regimen) for dose in found.doses] == []

    divided = replace(small.regimens["high-dose-divided"].g_per_kg, default=Decimal(1))
    changed = with_regimen(
        replace(small, indications={**small.indications, "itp": itp}), "high-dose-divided", g_per_kg=divided
    )
    found = diff(small, changed)

    assert [(dose.is_default, dose.old_regimen, dose.new_regimen) for dose in found.doses] == [
        (True, "itp-daily", "high-dose-divided"),
        (False, "high-dose-divided", "high-dose-divided"),
    ]


def test_added_and_removed_entries_are_listed(small: Catalogue) -> None:
    fewer = replace(small, risks={"thrombosis-risk": small.risks["thrombosis-risk"]})

    assert format_diff(diff(small, fewer)) == "removed risks.hyperprolinaemia"
    assert format_diff(diff(fewer, small)) == "added risks.hyperprolinaemia"


def test_a_changed_rate_is_listed_in_ml_per_h(small: Catalogue) -> None:
    product = small.products["privigen-us"]
    table = replace(product.rates[1], maximum=replace(product.rates[1].maximum, value=Decimal(8)))
    changed = replace(product, rates=(product.rates[0], table))
    found = diff(small, replace(small, products={"privigen-us": changed}))

    assert [(rate.product, rate.indication, rate.what) for rate in found.rates] == [("privigen-us", "itp", "maximum")]
    assert found.rates[0].moves[9] == Move(Decimal(70), Decimal(168), Decimal(336))


def test_a_dose_that_is_given_at_some_weights_only(small: Catalogue) -> None:
    dose = replace(small.regimens["replacement-monthly"].g_per_kg, default=Decimal("0.2"))
    found = diff(small, with_regimen(small, "replacement-monthly", g_per_kg=dose))

    assert found.doses[0].moves[0].weight_kg == Decimal(10)


def test_the_text_names_both_figures_and_how_far_they_are_apart(small: Catalogue) -> None:
    days = replace(small.regimens["itp-daily"].days, default=4)
    lines = format_diff(diff(small, with_regimen(small, "itp-daily", days=days, note="Four days."))).split("\n")

    # 0.4 g/kg a day: 2 g/kg in 5 days, 1.6 g/kg in 4
    assert lines == [
        "dose itp",
        "  itp-daily, course: 3 kg 6 g -> 4.8 g (-1.2 g, -20 %); 10 kg 20 g -> 16 g (-4 g, -20 %); "
        "70 kg 140 g -> 112 g (-28 g, -20 %); 120 kg 240 g -> 192 g (-48 g, -20 %)",
        "changed regimens.itp-daily",
        "  regimens.itp-daily.days.default: 5 -> 4",
        "  regimens.itp-daily.note: (none) -> Four days.",
    ]


def test_steps_and_the_at_risk_maximum_are_compared_too() -> None:
    """A ladder's middle step and the lower maximum for patients at risk move like the start and the maximum."""
    shipped = load_catalogue()
    product = shipped.products["octagam-10-us"]
    assert product.at_risk is not None
    assert product.at_risk.maximum is not None
    table = product.rates[0]
    slower = replace(table.steps[1], value=table.steps[1].value / 2, also=None)
    half = replace(product.at_risk.maximum, value=product.at_risk.maximum.value / 2, also=None)
    changed = replace(
        product,
        at_risk=replace(product.at_risk, maximum=half),
        rates=(replace(table, steps=(table.steps[0], slower, *table.steps[2:])), *product.rates[1:]),
    )
    found = diff_catalogues(shipped, replace(shipped, products={**shipped.products, product.id: changed}), dose_of)

    assert {rate.what for rate in found.rates} == {"step 2", "at-risk maximum"}
