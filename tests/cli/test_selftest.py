"""`ivig-dose selftest`: all cases on this installation, and what a difference looks like."""

import hashlib
import json
import platform
from pathlib import Path

import pytest

import ivig_dose
from ivig_dose.cli import selftest as selftest_command
from ivig_dose.selftest import cases as golden_cases

pytestmark = pytest.mark.slow

PACKAGE = Path(ivig_dose.__file__).parent


@pytest.fixture
def one_wrong(monkeypatch):
    """Two cases, of which one expects 29 g where 0.4 g/kg x 70 kg is 28 g."""
    request = {"indication": "itp", "weight_kg": 70}
    cases = [
        {"id": "right", "why": "0.4 x 70 = 28", "request": request, "expect": {"dose.day_g": 28}},
        {"id": "wrong", "why": "not 29", "request": request, "expect": {"dose.day_g": 29}},
    ]
    golden = golden_cases.Golden(golden_cases.read_cases(json.dumps({"cases": cases})), "0" * 64)
    monkeypatch.setattr(selftest_command, "load_golden", lambda: golden)


def test_all_cases_pass_and_the_closing_line_can_be_filed(run):
    answer = run("selftest")

    assert answer.code == 0
    assert answer.err == ""
    (line,) = answer.out.splitlines()
    count = len(golden_cases.load_golden().cases)
    assert line.startswith(
        f"passed: {count} of {count} golden cases are as expected; ivig-dose {ivig_dose.__version__}"
    )
    assert f"Python {platform.python_version()}" in line
    assert hashlib.sha256((PACKAGE.parent / "regimens.yaml").read_bytes()).hexdigest() in line
    assert hashlib.sha256((PACKAGE / "golden.json").read_bytes()).hexdigest() in line


def test_verbose_gives_each_case_its_line(run):
    answer = run("selftest", "--verbose")

    *lines, _ = answer.out.splitlines()
    assert [line.split()[0:2] for line in lines] == [["ok", f"{case.id}:"] for case in golden_cases.load_golden().cases]
    assert "0.4 g/kg x 70 kg = 28 g a day" in lines[0]


def test_a_difference_names_case_field_expected_and_got(run, one_wrong):
    answer = run("selftest")

    assert answer.code == 1
    failed, closing = answer.out.splitlines()
    assert failed == "FAILED wrong: dose.day_g: expected 29, got 28"
    assert closing.startswith("FAILED: 1 of 2 golden cases are as expected; ")


def test_json_holds_the_same(run, one_wrong):
    answer = run("selftest", "--json")

    assert answer.code == 1
    assert (answer.json["status"], answer.json["cases"], answer.json["failed"]) == ("failed", 2, 1)
    assert answer.json["results"][1] == {
        "id": "wrong",
        "status": "failed",
        "why": "not 29",
        "differences": [{"field": "dose.day_g", "expected": 29, "got": 28}],
    }
    assert len(answer.json["catalogue"]["sha256"]) == 64


def test_a_site_catalogue_plays_no_part(run, monkeypatch, tmp_path):
    monkeypatch.setenv("IVIG_DOSE_CATALOGUE", str(tmp_path / "not-there.yaml"))
    assert run("selftest").code == 0


VECTORS = sorted((PACKAGE.parent / "docs" / "vectors").glob("*.jsonl"))
RIGHT = (
    '{"id": "right", "why": "0.4 x 70 = 28", "request": {"indication": "itp", "weight_kg": 70}, '
    '"expect": {"dose.day_g": 28}}'
)


@pytest.mark.parametrize("path", VECTORS, ids=[path.name for path in VECTORS])
def test_the_published_vectors_come_out_as_they_say(run, path):
    answer = run("selftest", "--vectors", str(path))

    cases = golden_cases.read_vectors(path.read_bytes()).cases
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith(f"passed: {len(cases)} of {len(cases)} golden cases are as expected; ")
    assert hashlib.sha256(path.read_bytes()).hexdigest() in answer.out
    assert {case.expect["status"] for case in cases if "status" in case.expect} >= {
        "ok",
        "refused",
        "match",
        "mismatch",
    }


def test_a_site_runs_its_own_cases_on_its_own_catalogue(run, tmp_path):
    site, ours = tmp_path / "site.yaml", tmp_path / "ours.jsonl"
    run("catalogue", "new", str(site))
    site.write_text(f"{site.read_text(encoding='utf-8')}\ndefaults: {{product: privigen-us}}\n", encoding="utf-8")
    ours.write_text(f'{RIGHT[:-2]}, "product.id": "privigen-us"}}}}\n\n', encoding="utf-8")

    without, within = (run("selftest", "--vectors", str(ours), *more) for more in ([], ["--catalogue", str(site)]))

    assert (without.code, within.code) == (1, 0)
    assert f"with {site} sha256 {hashlib.sha256(site.read_bytes()).hexdigest()}" in within.out


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "the file holds no case"),
        (f"{RIGHT}\n{RIGHT}", "case right stands twice in the file"),
        (f"{RIGHT}\n{{}}", "line 2 is no vector: 'id' is missing"),
        (f"{RIGHT}\n[1]", "line 2 is no vector"),
        (f"{RIGHT}\nnot json", "line 2 is no vector"),
        (RIGHT.replace('"expect"', '"expected"'), "line 1 is no vector: case right has an unknown key: expected"),
        (RIGHT.replace('{"dose.day_g": 28}', "{}"), "line 1 is no vector: case right expects nothing"),
        (RIGHT.replace('{"dose.day_g": 28}', "[1]"), "line 1 is no vector"),
        (RIGHT.replace('"request": {', '"request": [{').replace("70}", "70}]"), "line 1 is no vector"),
    ],
)
def test_a_file_that_holds_no_vectors_is_refused_with_its_line(run, tmp_path, content, problem):
    path = tmp_path / "ours.jsonl"
    path.write_text(content, encoding="utf-8")

    answer = run("selftest", "--vectors", str(path))

    assert (answer.code, answer.out) == (2, "")
    assert problem in answer.err


def test_a_sites_catalogue_is_refused_without_its_cases_and_a_missing_file_too(run, tmp_path):
    assert run("selftest", "--catalogue", "site.yaml").code == 2
    assert run("selftest", "--vectors", str(tmp_path / "none.jsonl")).code == 2
