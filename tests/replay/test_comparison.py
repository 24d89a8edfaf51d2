"""Two documents compared: every difference with its place, and documents that are no plans refused."""

from decimal import Decimal
from typing import Any

import pytest

from ivig_dose.replay.comparison import Difference, NotAPlanError, compare_documents, find_body
from ivig_dose.replay.json_reading import JsonError, read_json
from ivig_dose.report.as_json import dump_line, plan_document, refusal_document
from tests.report.plans import ORIGIN, REFUSAL, make_itp_plan

REQUEST = make_itp_plan().request


def plan() -> dict[str, Any]:
    document: dict[str, Any] = read_json(dump_line(plan_document(make_itp_plan())))
    return document


def refusal() -> dict[str, Any]:
    document: dict[str, Any] = read_json(dump_line(refusal_document(REFUSAL, ORIGIN, request=REQUEST)))
    return document


def differences(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    return [(each.name_path(), each.old, each.new) for each in compare_documents(old, new).differences]


def test_a_document_is_identical_to_itself() -> None:
    assert differences(plan(), plan()) == []
    assert differences(refusal(), refusal()) == []


def test_a_figure_is_named_with_its_place_and_both_values() -> None:
    new = plan()
    new["dose"]["day_g"] = Decimal("28.5")
    new["schedule"][1]["steps"][0]["rate_ml_per_h"] = Decimal(20)
    assert differences(plan(), new) == [
        ("dose.day_g", Decimal(28), Decimal("28.5")),
        ("schedule[cycle 1 day 2].steps[1].rate_ml_per_h", Decimal(21), Decimal(20)),
    ]


def test_equal_numbers_are_equal_however_they_are_written() -> None:
    old = plan()
    old["dose"]["day_g"] = Decimal("28.000")
    assert differences(old, plan()) == []


def test_a_notice_that_came_or_went_does_not_shift_the_others() -> None:
    old, new = plan(), plan()
    gone = old["notices"][0]
    del new["notices"][0]
    assert differences(old, new) == [(f"notices[{gone['id']}]", gone, None)]
    assert differences(new, old) == [(f"notices[{gone['id']}]", None, gone)]


def test_a_day_that_went_is_one_difference() -> None:
    new = plan()
    day = new["schedule"].pop()
    assert differences(plan(), new) == [("schedule[cycle 1 day 5]", day, None)]


def test_members_with_the_same_name_are_counted() -> None:
    old, new = plan(), plan()
    for document in (old, new):
        document["working"] = [
            {"label": "volume", "value": Decimal(300)},
            {"label": "volume", "value": Decimal(250)},
        ]
    new["working"][1]["value"] = Decimal(240)
    assert differences(old, new) == [("working[volume (2)].value", Decimal(250), Decimal(240))]


def test_origin_and_request_are_not_compared() -> None:
    new = plan()
    new["origin"]["sha256"] = "f" * 64
    new["request"]["risks"] = ["diabetes"]
    assert differences(plan(), new) == []


def test_a_plan_that_became_a_refusal_is_one_difference() -> None:
    outcome = "refused by days-out-of-range: 6 days are outside the range of itp-daily: 2 to 5 days"
    assert differences(plan(), refusal()) == [("status", "a plan of 140 g for the course", outcome)]
    assert differences(refusal(), plan()) == [("status", outcome, "a plan of 140 g for the course")]


def test_a_key_that_the_same_tool_always_writes_must_be_there() -> None:
    old = plan()
    del old["dose"]["day_g"]
    assert differences(old, plan()) == [("dose.day_g", None, Decimal(28))]


def test_a_key_that_an_older_tool_did_not_write_is_named_and_not_compared() -> None:
    old = plan()
    old["origin"]["tool"] = "0.0.9"
    del old["dose"]["day_g"]
    comparison = compare_documents(old, plan())
    assert comparison.differences == ()
    assert comparison.not_in_old == ("dose.day_g",)


def test_true_is_not_one() -> None:
    old = plan()
    old["rounding"]["within_tolerance"] = Decimal(1)
    assert differences(old, plan()) == [("rounding.within_tolerance", Decimal(1), True)]


def test_members_are_the_same_however_their_numbers_are_written() -> None:
    old = plan()
    for day in old["schedule"]:
        day.update(cycle=Decimal("1.0"), day=day["day"] * Decimal("1.000"))
        for step in day["steps"]:
            step["step"] = Decimal(f"{step['step']}E+0")
    assert differences(old, plan()) == []


def test_a_name_of_a_path() -> None:
    assert Difference(("schedule", "[cycle 1 day 2]", "dose_g"), 1, 2).name_path() == "schedule[cycle 1 day 2].dose_g"


def test_what_a_batch_adds_is_taken_off() -> None:
    row = {"row": 3, "id": "a", **plan(), "passed_through": {"ward": "B"}}
    row["notices"] = [{"id": "id-repeated", "level": "warning", "text": "twice", "sources": []}, *row["notices"]]
    assert find_body(row) == plan()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda _: [], "this is no plan; give"),
        (lambda _: None, "this is no plan; give"),
        (lambda _: {}, "the key schema is missing"),
        (lambda document: {**document, "schema": 2}, "the schema of this document is not 1"),
        (lambda document: {**document, "schema": "1"}, "the schema of this document is not 1"),
        (lambda document: {**document, "status": "match"}, "this is no whole document: ordered is missing"),
        (lambda document: {**document, "status": []}, "neither a plan nor a refusal"),
        (lambda document: {**document, "dose": None}, "dose is missing or is of another kind"),
        (lambda document: {key: document[key] for key in document if key != "notices"}, "notices is missing"),
        (lambda document: {**document, "schedule": {}}, "schedule is missing or is of another kind"),
        (lambda document: {**document, "request": None}, "does not hold its request"),
    ],
)
def test_what_is_no_plan_is_refused(change: Any, problem: str) -> None:
    with pytest.raises(NotAPlanError, match=problem):
        find_body(change(plan()))


def test_a_refusal_may_lack_its_request_where_it_is_not_needed() -> None:
    unread = {**refusal(), "request": None}
    assert find_body(unread, needs_request=False)["request"] is None
    with pytest.raises(NotAPlanError, match="does not hold its request"):
        find_body(unread)
    with pytest.raises(NotAPlanError, match="does not hold its request"):
        find_body({**plan(), "request": None}, needs_request=False)


@pytest.mark.parametrize(
    ("text", "problem", "line"),
    [
        ("{", "expecting property name", 1),
        ('{\n"a": 1,\n"b" 2}', "expecting ':' delimiter", 3),
        ('{"a": NaN}', "NaN is not a number", 1),
        ('{"a": -Infinity}', "-Infinity is not a number", 1),
        ('{"a": 1, "a": 2}', "the key 'a' is given twice", 1),
        ("[" * 100_000, "nested too deeply", 1),
    ],
)
def test_json_is_read_strictly(text: str, problem: str, line: int) -> None:
    with pytest.raises(JsonError, match=problem) as raised:
        read_json(text)
    assert raised.value.line == line


def test_numbers_are_exact() -> None:
    assert read_json('{"a": 0.1, "b": 28, "c": 1e2}') == {"a": Decimal("0.1"), "b": Decimal(28), "c": Decimal(100)}
