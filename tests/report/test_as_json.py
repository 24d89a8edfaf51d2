"""The JSON of a plan, a refusal and a check: keys, order and exact numbers."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig_dose.quantity import Ratio
from ivig_dose.report.as_json import (
    check_document,
    dump,
    dump_line,
    plan_document,
    refusal_document,
)
from tests.report.plans import (
    ALL_PLANS,
    ORIGIN,
    REFUSAL,
    make_check,
    make_exact_plan,
    make_itp_plan,
    make_monthly_plan,
    make_unequal_plan,
)

PLAN_KEYS = [
    "schema",
    "status",
    "indication",
    "regimen",
    "patient",
    "dosing_weight",
    "dose",
    "rounding",
    "product",
    "schedule",
    "infusion_note",
    "vaccines",
    "part_given",
    "year",
    "trough",
    "reviews",
    "notices",
    "not_checked",
    "alternatives",
    "working",
    "then",
    "origin",
    "request",
]

DOCUMENTS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.decimals(allow_nan=False, allow_infinity=False, places=4),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def read(text: str) -> Any:
    return json.loads(text, parse_float=Decimal)


@pytest.mark.parametrize("plan", ALL_PLANS)
def test_every_key_is_always_there_in_order(plan: Any) -> None:
    document = read(dump(plan_document(plan)))
    assert list(document) == PLAN_KEYS
    assert list(document["regimen"])[:7] == ["id", "title", "phase", "basis", "g_per_kg", "days", "interval"]
    assert list(document["patient"]) == ["weight_kg", "height_cm", "sex", "age_years", "bmi", "blood_group"]
    assert list(document["dose"]) == (
        ["g_per_kg_per_day", "g_per_kg_course", "day_g", "course_g", "course_g_range", "days_g", "capped_from_g"]
    )
    assert list(document["rounding"])[:5] == ["rule", "direction", "course_g", "difference_g", "difference_pct"]
    assert list(document["schedule"][0]) == (
        ["cycle", "day", "date", "dose_g", "volume_ml", "vials", "part_vials", "steps", "total_minutes"]
    )


def test_an_itp_plan_has_the_figures_of_the_design() -> None:
    document = read(dump(plan_document(make_itp_plan())))
    assert document["indication"] == {"id": "itp", "title": "Immune thrombocytopenia (ITP)"}
    assert document["regimen"]["g_per_kg"] == {
        "low": Decimal("0.4"),
        "chosen": Decimal("0.4"),
        "high": Decimal("0.4"),
        "chosen_by": "catalogue",
    }
    assert document["regimen"]["days"] == {"low": 2, "chosen": 5, "high": 5, "chosen_by": "catalogue"}
    assert document["dose"] == {
        "g_per_kg_per_day": Decimal("0.4"),
        "g_per_kg_course": 2,
        "day_g": 28,
        "course_g": 140,
        "course_g_range": {"low": 56, "high": 140},
        "days_g": [28, 28, 28, 28, 28],
        "capped_from_g": None,
    }
    # 70 kg at 1.75 m: 70 / 3.0625 = 22.857...
    assert document["patient"]["bmi"] == Decimal("22.86")
    assert document["product"] == {"id": "privigen-us", "name": "Privigen 10 %", "g_per_100_ml": 10}
    first = document["schedule"][0]
    assert (first["dose_g"], first["volume_ml"]) == (30, 300)
    assert first["vials"] == [{"g": 20, "count": 1}, {"g": 10, "count": 1}]
    assert first["steps"][0] == {
        "step": 1,
        "rate_ml_per_kg_per_h": Decimal("0.3"),
        "rate_ml_per_h": 21,
        "minutes": 30,
        "volume_ml": Decimal("10.5"),
        "cumulative_ml": Decimal("10.5"),
        "starts": None,
    }
    assert document["notices"][0]["level"] == "warning"
    assert document["not_checked"] == ["age", "blood group"]
    assert document["alternatives"][0]["course_g"] == 70
    assert document["origin"]["sha256"] == "0123456789abcdef" * 4


def test_whole_numbers_have_no_point() -> None:
    text = dump(plan_document(make_itp_plan()))
    assert '"dose_g": 30,' in text
    assert '"day_g": 28,' in text
    assert '"rate_ml_per_h": 336,' in text


def test_no_product_is_ten_percent_and_null_names() -> None:
    document = plan_document(make_exact_plan())
    assert document["product"] == {"id": None, "name": None, "g_per_100_ml": Decimal(10)}


def test_unequal_days_have_no_day_figure() -> None:
    dose = read(dump(plan_document(make_unequal_plan())))["dose"]
    assert (dose["day_g"], dose["g_per_kg_per_day"]) == (None, None)
    assert dose["days_g"] == [70, 35, 35]


def test_dates_and_interval() -> None:
    document = read(dump(plan_document(make_monthly_plan())))
    assert document["regimen"]["interval"] == {
        "low": 1,
        "default": 1,
        "high": 1,
        "unit": "months",
        "chosen": {"number": 1, "unit": "months"},
        "chosen_by": "catalogue",
    }
    assert [day["date"] for day in document["schedule"]] == ["2026-01-31", "2026-02-28", "2026-03-31"]
    assert document["rounding"]["difference_g"] == Decimal("-0.11")
    assert document["rounding"]["difference_pct"] == Decimal("-0.44")
    assert document["vaccines"]["not_before"] == "2026-11-30"


def test_the_row_of_a_batch_stands_in_front() -> None:
    document = plan_document(make_exact_plan(), {"row": 3, "id": "A-3"})
    assert list(document)[:4] == ["row", "id", "schema", "status"]
    refused = refusal_document(REFUSAL, None, {"row": 4, "id": "A-4"})
    assert list(refused) == ["row", "id", "schema", "status", "refusal", "origin", "request"]


def test_a_refusal_holds_its_rule_and_no_dose() -> None:
    document = read(dump(refusal_document(REFUSAL, ORIGIN)))
    assert document["status"] == "refused"
    assert document["refusal"] == {
        "rule": "days-out-of-range",
        "message": "6 days are outside the range of itp-daily: 2 to 5 days",
        "hint": "choose --days inside it",
        "sources": ["seed"],
    }
    assert document["origin"]["tool"] == "0.1.0"


def test_a_check_names_the_slip_with_both_doses() -> None:
    document = read(dump(check_document(make_check())))
    keys = "schema status ordered expected agrees_with days_assumed difference_pct tolerance_pct tolerance differs_in"
    assert list(document) == [*keys.split(), "slips", "notices", "origin", "request"]
    assert (document["agrees_with"], document["days_assumed"]) == (None, True)
    assert document["tolerance"] == {"below_pct": 10, "above_pct": 10}
    assert [each["id"] for each in document["differs_in"]] == ["grams"]
    assert document["status"] == "mismatch"
    assert document["ordered"] == {
        "text": "150 g/day",
        "amount": 150,
        "unit": "g",
        "per": "day",
        "days": None,
        "interval": None,
        "product": None,
        "rate": None,
        "day_g": 150,
        "course_g": 750,
        "dose_ml": 1500,
        "read_as": "150 g/day",
    }
    assert (document["expected"]["day_g"], document["expected"]["course_g"]) == (30, 150)
    assert document["difference_pct"] == 400
    assert (document["slips"][0]["id"], document["slips"][0]["course_g"]) == ("course-taken-as-daily", 750)


@given(DOCUMENTS)
def test_text_reads_back_to_the_same_document(document: object) -> None:
    for text in (dump(document), dump_line(document)):
        assert read(text) == document
        assert text.isascii()
    assert "\n" not in dump_line(document)


def test_a_line_is_the_same_document_as_the_page() -> None:
    document = plan_document(make_itp_plan())
    assert read(dump_line(document)) == read(dump(document))
    assert json.dumps(json.loads(dump(document)), indent=2).count("\n") == dump(document).count("\n")


def test_a_ratio_is_one_number() -> None:
    assert dump_line({"g": Ratio(Decimal(140), Decimal(3))}) == '{"g":46.667}'


@pytest.mark.parametrize("value", [0.5, object(), {1, 2}, REFUSAL])
def test_what_is_not_of_a_document_is_an_error(value: object) -> None:
    with pytest.raises(TypeError, match="has no place in a document"):
        dump({"value": value})


def test_signs_outside_ascii_are_escaped_and_kept() -> None:
    notice = next(each for each in plan_document(make_itp_plan())["notices"] if each["id"] == "haemolysis")
    text = dump_line(notice)
    assert "\\u2265" in text
    assert "≥ 2 g/kg" in read(text)["text"]


def values(document: Any) -> Iterator[object]:
    if isinstance(document, dict):
        for each in document.values():
            yield from values(each)
    elif isinstance(document, list):
        for each in document:
            yield from values(each)
    else:
        yield document


@pytest.mark.parametrize("plan", ALL_PLANS)
def test_amounts_are_json_numbers_and_never_text(plan: Any) -> None:
    texts = [value for value in values(read(dump(plan_document(plan)))) if isinstance(value, str)]
    assert not [text for text in texts if text.replace(".", "", 1).lstrip("-").isdigit() and text != "2026.11"]
