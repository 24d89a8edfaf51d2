"""What a plan says in words."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from ivig_dose.catalogue.models import CatalogueFile, Interval
from ivig_dose.core.interval import usual_interval
from ivig_dose.quantity import Ratio
from ivig_dose.report.phrases import (
    describe_dose,
    describe_dosing_weight,
    describe_given,
    describe_origin,
    describe_regimen,
    describe_rounding,
    describe_vaccines,
    fold_days,
    title_of,
)
from tests.report.plans import ITP_DAILY, ORIGIN, make_exact_plan, make_itp_plan, make_monthly_plan


def test_equal_days_in_a_row_are_folded() -> None:
    groups = fold_days(make_itp_plan().schedule)
    assert [(group.name_days(), group.given.dose_g) for group in groups] == [("1-3", 30), ("4-5", 25)]


def test_days_that_do_not_follow_each_other_stay_apart() -> None:
    first = date(2026, 12, 1)
    days = [day._replace(date=first + timedelta(days=2 * at)) for at, day in enumerate(make_exact_plan().schedule)]
    groups = fold_days(days)
    assert [group.name_dates() for group in groups][:2] == ["2026-12-01", "2026-12-03"]
    assert len(groups) == 5


def test_cycles_are_never_folded_together() -> None:
    undated = [day._replace(date=None) for day in make_monthly_plan().schedule]
    assert [group.cycle for group in fold_days(undated)] == [1, 2, 3]


def test_days_apart_are_named() -> None:
    plan = make_exact_plan()
    days = tuple(day._replace(day=2 * at + 1) for at, day in enumerate(plan.schedule))
    spaced = plan._replace(choice=plan.choice._replace(regimen=_with_spacing(2)), schedule=days)
    assert describe_dose(spaced).grams == ["28 g a day", "on days 1, 3, 5, 7 and 9", "= 140 g for the course"]


def _with_spacing(days: int) -> object:
    from ivig_dose.catalogue.models import Regimen

    values = {name: getattr(ITP_DAILY, name) for name in ITP_DAILY.__dict__}
    return Regimen(**{**values, "day_spacing": days})


def test_the_title_shows_a_dosing_weight_that_is_not_the_weight() -> None:
    plan = make_exact_plan()
    assert title_of(plan) == "Immune thrombocytopenia (ITP), 70 kg"
    weight = plan.dosing_weight._replace(kg=Ratio(Decimal("184.5"), Decimal(3)), kind="adjusted")
    assert title_of(plan._replace(dosing_weight=weight)) == (
        "Immune thrombocytopenia (ITP), 70 kg (dosing weight 61.5 kg, adjusted)"
    )


@pytest.mark.parametrize(
    ("kind", "reason", "text"),
    [
        ("actual", "Actual weight for every patient", "61.5 kg, policy p. Actual weight for every patient"),
        ("adjusted", "BMI above 30", "61.5 kg, adjusted weight, policy p. BMI above 30"),
        ("ideal", "ideal weight, the site's rule", "61.5 kg, policy p. Ideal weight, the site's rule"),
    ],
)
def test_the_kind_of_a_dosing_weight_is_said_once(kind: str, reason: str, text: str) -> None:
    weight = make_exact_plan().dosing_weight
    weight = weight._replace(kg=Ratio(Decimal("184.5"), Decimal(3)), kind=kind, policy="p", reason=reason)
    assert describe_dosing_weight(weight) == text


def test_what_is_given_is_said_only_where_it_differs() -> None:
    assert describe_given(make_exact_plan()) == []
    assert describe_given(make_itp_plan()) == [
        "30 g a day on days 1-3,",
        "25 g a day on days 4-5",
        "= 140 g for the course (2 g/kg)",
    ]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({}, "none: the doses are exact to 0.001 g"),
        (
            {
                "rule": "vial",
                "direction": "up",
                "course_g": Decimal(150),
                "difference_g": Ratio(Decimal(10)),
                "difference_percent": Ratio(Decimal(1000), Decimal(140)),
                "tolerance_percent": Decimal(5),
                "within_tolerance": False,
            },
            "to whole vials, up: 150 g for the course instead of 140 g, +10 g (+7.14 %), beyond the tolerance of 5 %",
        ),
        ({"rule": "vial"}, "to whole vials, to the nearest, ties up: the course stays 140 g, 0 g (0 %)"),
    ],
)
def test_rounding_is_said_in_grams_and_percent(change: dict[str, object], text: str) -> None:
    plan = make_exact_plan()
    assert describe_rounding(plan._replace(rounding=plan.rounding._replace(**change))) == text


def test_a_capped_course_says_what_it_would_have_been() -> None:
    plan = make_exact_plan()
    capped = plan._replace(dose=plan.dose._replace(capped_from_g=Ratio(Decimal(160))))
    assert "capped at 140 g for the course; without the cap 160 g" in describe_regimen(capped)


@pytest.mark.parametrize(
    ("interval", "text"),
    [
        (Interval(low=1, high=1, default=1, unit="months"), "every month"),
        (Interval(low=3, high=4, default=4, unit="weeks"), "every 4 weeks (range 3 to 4 weeks)"),
        (Interval(low=1, high=1, default=1, unit="days"), "every day"),
    ],
)
def test_intervals(interval: Interval, text: str) -> None:
    choice = make_monthly_plan().choice._replace(repeats=interval, interval=usual_interval(interval))
    assert describe_regimen(make_monthly_plan()._replace(choice=choice))[-1] == f"repeated {text}"


def test_live_vaccines_have_months_date_and_table() -> None:
    assert describe_vaccines(make_monthly_plan()) == (
        "wait 8 months after the last infusion, not before 2026-11-30 (MMR, varicella); table us [cdc]"
    )


def test_a_site_s_file_is_named_beside_the_shipped_one() -> None:
    site = CatalogueFile("site.yaml", "7", "f" * 64)
    lines = describe_origin(ORIGIN._replace(files=(*ORIGIN.files, site)))
    assert lines[1:] == [
        "regimens.yaml, version 2026.11, sha256 0123456789ab",
        "site.yaml, version 7, sha256 ffffffffffff",
    ]
    assert len(describe_origin(ORIGIN)) == 1
