"""Every document that the tool writes keeps its JSON Schema, and the schema names every key of it."""

import json
import shlex
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ivig_dose.catalogue.loader import load_catalogue
from ivig_dose.cli.selftest import compute
from ivig_dose.report.schemas import NAMES, make_schema
from ivig_dose.selftest.cases import load_golden
from tests.schema_faults import find_faults
from tests.schemas import FOLDER, PAGE, write_page, write_schema

pytestmark = pytest.mark.slow

REMEDY = "a key came, went or changed: edit ivig_dose/report/document_keys.py (or schemas.py), run tests/schemas.py"

COMMANDS = [
    ("plan", "dose itp --weight 70"),
    ("plan", "dose cidp -w 118 --height 170 --sex F --age 60 --product privigen-us --weight-policy bmi-30"),
    ("plan", "dose kawasaki -w 12 --stock 10x2,5x2 --product octagam-10-us --start 2026-12-01T09:00 --risk none"),
    ("plan", "dose pid -w 83.7 --round 5g --tolerance 20 --cycles 3 --start 2026-12-01 --blood-group A"),
    ("plan", "dose itp -w 7 --product privigen-us"),
    ("refusal", "dose itp --weight 0.1"),
    ("refusal", "dose cidp -w 70 --g-per-kg 9"),
    ("check", "check gbs -w 75 --ordered '30 g/day' --days 5"),
    ("check", "check gbs -w 75 --g-per-kg 2 --days 5 --ordered '150 g/day'"),
    ("check", "check itp -w 70 --ordered '28 g daily x 5' --product privigen-us"),
    ("table", "table itp --weights 40:60:10"),
    ("table", "table itp --weights 40:60:10 --product privigen-us"),
    ("compare", "compare cidp -w 75"),
    ("compare", "compare cidp -w 118 --height 170 --sex F"),
    ("list", "list products"),
    ("list", "list sources"),
    ("show", "show itp-daily"),
    ("show", "show privigen-us"),
    ("catalogue-check", "catalogue check"),
    ("catalogue-diff", "catalogue diff regimens.yaml regimens.yaml"),
    ("catalogue-diff", "catalogue diff tests/catalogues/small.yaml regimens.yaml"),
    ("check", "check itp -w 70 -p privigen-us --ordered '28 g daily x5 at 20 mL/h' --order-tolerance '-5 +10'"),
    ("plan", "dose itp -w 63 --rounding-policy ontario"),
    ("plan", "dose pid -w 4.2 -p privigen-us"),
    ("plan", "dose itp -w 70 -p yimmugo-uk --max-rate '2 mL/kg/h'"),
    ("selftest", "selftest"),
]


@pytest.mark.parametrize(("name", "command"), COMMANDS)
def test_a_document_keeps_its_schema(run: Any, name: str, command: str) -> None:
    answer = run(*shlex.split(command), "--json")

    assert find_faults(name, answer.json) == [], REMEDY


ROWS = """id,indication,weight_kg,product,ordered,ward
A,itp,70,privigen-us,,3
B,pid,7O,,,3
C,gbs,75,,30 g/day x 5,3
D,gbs,75,,150 g/day x 5,3
"""


def test_each_line_of_a_batch_and_of_its_replay_keeps_its_schema(run: Any, tmp_path: Path) -> None:
    rows, answers = tmp_path / "rows.csv", tmp_path / "answers.jsonl"
    rows.write_text(ROWS, encoding="utf-8")

    lines = run("batch", str(rows), "--json").out
    answers.write_text(lines, encoding="utf-8")
    replayed = run("replay", str(answers), "--json").out

    documents = [json.loads(line) for line in lines.splitlines()]
    assert [each["status"] for each in documents] == ["ok", "refused", "match", "mismatch"]
    assert [fault for each in documents for fault in find_faults("batch", each)] == [], REMEDY
    again = [json.loads(line) for line in replayed.splitlines()]
    assert len(again) == 4
    assert [fault for each in again for fault in find_faults("replay", each)] == [], REMEDY


@pytest.mark.parametrize("name", NAMES)
def test_schema_prints_the_schema(run: Any, name: str) -> None:
    assert run("schema", name).json == make_schema(name)


def test_an_unknown_document_is_refused_with_the_names(run: Any) -> None:
    answer = run("schema", "plna")

    assert (answer.code, answer.out) == (2, "")
    assert "type plan, refusal, check, batch" in answer.err


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_one_and_lies_in_the_docs(name: str) -> None:
    Draft202012Validator.check_schema(make_schema(name))

    assert (FOLDER / f"{name}.schema.json").read_text(encoding="utf-8") == write_schema(name), REMEDY


def test_the_page_lists_the_keys_and_no_schema_is_left_over() -> None:
    text = PAGE.read_text(encoding="utf-8")

    assert write_page(text) == text, REMEDY
    assert {path.name for path in FOLDER.iterdir()} == {f"{name}.schema.json" for name in NAMES}


def test_the_document_of_every_golden_case_keeps_its_schema() -> None:
    catalogue = load_catalogue()
    names = {"ok": "plan", "refused": "refusal", "match": "check", "mismatch": "check"}
    faults = []
    for case in load_golden().cases:
        document = json.loads(json.dumps(compute(case, catalogue), default=float))
        faults += find_faults(names[document["status"]], document)
    assert faults == [], REMEDY


@pytest.mark.parametrize("damage", [{"schema": "1"}, {"status": "fine"}, {"dose": None}, {"day_g": 28}])
def test_what_is_no_plan_is_found(damage: dict[str, Any]) -> None:
    plan = compute(next(case for case in load_golden().cases if case.ordered is None), load_catalogue())
    document = json.loads(json.dumps(plan, default=float))
    assert find_faults("plan", document) == []

    assert find_faults("plan", {**document, **damage}) != []


def test_a_reader_may_meet_keys_that_it_does_not_know() -> None:
    plan = compute(next(case for case in load_golden().cases if case.ordered is None), load_catalogue())
    document = json.loads(json.dumps({**plan, "later": 1}, default=float))

    assert Draft202012Validator(make_schema("plan")).is_valid(document)
