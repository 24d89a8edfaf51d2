"""Which entry moved a figure: an older document is made from a plan by changing what the older catalogue had said."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from ivig_dose import load_catalogue, make_plan
from ivig_dose.core.plan import describe_origin
from ivig_dose.core.reading import read_request
from ivig_dose.problems import Refusal
from ivig_dose.replay.comparison import Document
from ivig_dose.replay.json_reading import read_json
from ivig_dose.replay.run import replay_document
from ivig_dose.report.as_json import dump_line, plan_document, refusal_document
from ivig_dose.report.request_json import type_request

CATALOGUE = load_catalogue()
Edit = Callable[[dict[str, Any]], object]


def compute(request_document: Document) -> dict[str, Any]:
    request = read_request(**type_request(request_document))
    answer = make_plan(request, CATALOGUE)
    if isinstance(answer, Refusal):
        text = dump_line(refusal_document(answer, describe_origin(CATALOGUE), request=request))
    else:
        text = dump_line(plan_document(answer))
    document: dict[str, Any] = read_json(text)
    return document


def asked(**fields: Any) -> dict[str, Any]:
    document: dict[str, Any] = read_json(dump_line({"indication": "itp", "weight_kg": 70, "risks": [], **fields}))
    return document


def older(request: dict[str, Any], *edits: Edit) -> dict[str, Any]:
    """The document that an older catalogue, of another digest, would have given."""
    document = deepcopy(compute(request))
    document["origin"]["files"][0]["sha256"] = "0" * 64
    for edit in edits:
        edit(document)
    return document


def put(path: str, value: Any) -> Edit:
    """Sets the value at a path such as `dose.day_g` or `schedule.0.dose_g`."""

    def edit(document: dict[str, Any]) -> None:
        *outer, last = [int(key) if key.isdigit() else key for key in path.split(".")]
        place: Any = document
        for key in outer:
            place = place[key]
        place[last] = read_json(dump_line(value))

    return edit


def causes(document: dict[str, Any]) -> dict[str, str]:
    return {change.path: change.moved_by for change in replay_document(document, compute, CATALOGUE).changes}


ITP = asked(product="privigen-us")
PLAIN = asked()
CIDP = asked(indication="cidp", weight_kg=118, height_cm=170, sex="F", weight_policy="adjusted", product="privigen-us")
KAWASAKI = asked(indication="kawasaki", weight_kg=12, product="privigen-us")
FIRST_RATE = "schedule.0.steps.0.rate_ml_per_h"


@pytest.mark.parametrize(
    ("request_", "edits", "cause"),
    [
        (PLAIN, {"indication.title": "ITP"}, "indications/itp"),
        (PLAIN, {"regimen.id": "itp-1g-single"}, "indications/itp"),
        (PLAIN, {"regimen.g_per_kg.high": 1}, "regimens/itp-daily"),
        (CIDP, {"dosing_weight.reason": "other words"}, "weight_policies/adjusted"),
        (PLAIN, {"dosing_weight.policy": "ideal"}, "defaults"),
        (PLAIN, {"dose.capped_from_g": 200}, "regimens/itp-daily"),
        (PLAIN, {"regimen.g_per_kg.high": 1, "dose.course_g_range.high": 350}, "regimens/itp-daily"),
        (CIDP, {"dosing_weight.kg": 80, "dose.course_g": 160}, "weight_policies/adjusted"),
        (ITP, {"product.name": "Privigen"}, "products/privigen-us"),
        (ITP, {"infusion_note": "other words"}, "products/privigen-us"),
        (PLAIN, {"product.id": "asceniv"}, "defaults"),
        (PLAIN, {"product.g_per_100_ml": 5}, "defaults"),
        (ITP, {"rounding.direction": "up"}, "defaults"),
        (ITP, {"rounding.direction": "up", "rounding.course_g": 150}, "defaults"),
        (ITP, {"rounding.course_g": 150}, "products/privigen-us"),
        (ITP, {"dose.course_g": 150, "rounding.course_g": 150}, "regimens/itp-daily"),
        (ITP, {"schedule.0.dose_g": 35}, "products/privigen-us"),
        (ITP, {"schedule.0.vials": []}, "products/privigen-us"),
        (ITP, {"dose.day_g": 35, "schedule.0.dose_g": 35}, "regimens/itp-daily"),
        (ITP, {"dose.day_g": 35, "schedule.0.dose_g": 35, "schedule.0.volume_ml": 350}, "regimens/itp-daily"),
        (ITP, {"schedule.0.date": "2026-12-01"}, "regimens/itp-daily"),
        (ITP, {"schedule.0.steps.0.rate_ml_per_kg_per_h": 1, FIRST_RATE: 70}, "products/privigen-us"),
        (ITP, {FIRST_RATE: 20}, "defaults"),
        (ITP, {FIRST_RATE: 20, "schedule.0.steps.0.volume_ml": 10, "schedule.0.total_minutes": 180}, "defaults"),
        (CIDP, {"dosing_weight.kg": 80, FIRST_RATE: 24}, "weight_policies/adjusted"),
        (ITP, {"schedule.0.total_minutes": 180}, "products/privigen-us"),
        (KAWASAKI, {"schedule.0.steps.3.rate_ml_per_h": 26}, "products/privigen-us"),
        (KAWASAKI, {"regimen.title": "x", "schedule.0.steps.3.rate_ml_per_h": 26}, "regimens/high-dose-single"),
        (PLAIN, {"vaccines.defer_months": 8}, "vaccines/us"),
        (PLAIN, {"vaccines.table": "australia-2013"}, "defaults"),
        (PLAIN, {"dose.g_per_kg_course": 1, "vaccines.defer_months": 10}, "regimens/itp-daily"),
        (PLAIN, {"alternatives.0.course_g": 35}, "regimens/itp-1g-single"),
        (PLAIN, {"not_checked": []}, "safety rules"),
        (PLAIN, {"dose.day_g": 30, "working.1.value": 30}, "regimens/itp-daily"),
        (PLAIN, {"working.1.value": 30}, "the catalogue"),
    ],
)
def test_a_figure_is_laid_to_the_entry_that_it_comes_from(
    request_: dict[str, Any], edits: dict[str, Any], cause: str
) -> None:
    found = causes(older(request_, *[put(path, value) for path, value in edits.items()]))
    assert len(found) == len(edits)
    assert set(found.values()) == {cause}


def test_alternatives_follow_the_dosing_weight_and_the_indication() -> None:
    found = causes(older(CIDP, put("dosing_weight.kg", 80), put("alternatives.0.course_g", 160)))
    assert found["alternatives[induction-divided].course_g"] == "weight_policies/adjusted"
    gone = causes(older(PLAIN, lambda document: document["alternatives"].pop(0)))
    assert gone == {"alternatives[itp-1g-single]": "indications/itp"}


def notice(notice_id: str) -> Edit:
    """Adds a notice that is no longer given."""
    return lambda document: document["notices"].append(
        {"id": notice_id, "level": "note", "text": "as it was", "sources": []}
    )


@pytest.mark.parametrize(
    ("notice_id", "cause"),
    [
        ("haemolysis-ab", "safety/haemolysis-ab"),
        ("itp-now", "safety/itp-now (no longer in the catalogue)"),
        ("rate-capped-for-risk", "products/privigen-us"),
        ("infusion-time-not-met", "products/privigen-us"),
        ("pump-step-too-coarse", "products/privigen-us"),
        ("rounding-outside-tolerance", "products/privigen-us"),
        ("course-capped", "regimens/itp-daily"),
        ("age-outside-itp-daily", "regimens/itp-daily"),
        ("catalogue-past-review", "the day of the calculation, which is after the catalogue's review date"),
    ],
)
def test_a_notice_is_laid_to_its_rule(notice_id: str, cause: str) -> None:
    assert causes(older(ITP, notice(notice_id))) == {f"notices[{notice_id}]": cause}


def test_a_difference_of_authorities_belongs_to_its_indication() -> None:
    own = CATALOGUE.indications["itp"].differences[0].id
    text = next(at for at, each in enumerate(compute(PLAIN)["notices"]) if each["id"] == own)
    assert causes(older(PLAIN, put(f"notices.{text}.text", "as it was"))) == {f"notices[{own}].text": "indications/itp"}


def refused(rule: str) -> Edit:
    """Turns a plan into the refusal that it once was."""

    def edit(document: dict[str, Any]) -> None:
        for key in [key for key in document if key not in ("schema", "status", "origin", "request")]:
            del document[key]
        document |= {"status": "refused", "refusal": {"rule": rule, "message": "as it was", "hint": "", "sources": []}}

    return edit


@pytest.mark.parametrize(
    ("request_", "rule", "cause"),
    [
        (ITP, "unknown-indication", "indications/itp"),
        (ITP, "unknown-product", "products/privigen-us"),
        (PLAIN, "day-limit", "regimens/itp-daily"),
        (asked(regimen="itp-1g-single"), "days-out-of-range", "regimens/itp-1g-single"),
        (CIDP, "height-below-policy-floor", "weight_policies/adjusted"),
        (PLAIN, "weight-policy-needs-facts", "weight_policies"),
        (asked(risks=["diabetes"]), "unknown-risk", "risks"),
        (PLAIN, "iga-antibodies-stop", "safety/iga-antibodies-stop"),
        (PLAIN, "some-rule", "the rule some-rule"),
    ],
)
def test_a_refusal_that_went_is_laid_to_what_refused(request_: dict[str, Any], rule: str, cause: str) -> None:
    assert causes(older(request_, refused(rule))) == {"status": cause}


def test_an_indication_that_is_now_advised_against_is_named() -> None:
    plan = compute(ITP)
    gone = {**plan, "request": asked(indication="motor-neurone-disease")}
    gone["origin"] = {**plan["origin"], "files": []}
    assert causes(gone) == {"status": "not_recommended/motor-neurone-disease"}


def test_a_document_without_an_origin_is_laid_to_the_catalogue() -> None:
    document = older(asked(weight_kg=700), put("refusal.message", "as it was"))
    assert causes({**document, "origin": None}) == {"refusal.message": "the rule weight-out-of-bounds"}


def test_origins_that_make_no_sense_stop_nothing() -> None:
    document = older(PLAIN, put("dose.day_g", 30))
    document["origin"] = {"tool": 5, "files": "none"}
    assert causes(document) == {"dose.day_g": "regimens/itp-daily"}
