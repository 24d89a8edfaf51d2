"""`ivig-dose check`: match or mismatch, as text, as JSON and as an exit code."""

import pytest


def test_the_published_overdose_is_a_mismatch_and_its_slip_is_named(run):
    # ISMP, Hospital Pharmacy, May 2015: 2 g/kg x 75 kg = 150 g over 5 days, given on each day
    answer = run("check", "gbs", "--weight", "75", "--ordered", "150 g/day", "--days", "5")

    assert answer.code == 6
    assert answer.err == ""
    assert answer.out.startswith("MISMATCH")
    assert "course-taken-as-daily" in answer.out
    assert "30 g" in answer.out


def test_the_same_in_json(run):
    answer = run("check", "gbs", "-w", "75", "--ordered", "150 g/day", "--days", "5", "--json")

    assert answer.code == 6
    assert answer.json["status"] == "mismatch"
    assert answer.json["expected"]["course_g"] == 150
    assert answer.json["ordered"]["course_g"] == 750
    assert answer.json["difference_pct"] == 400  # (750 - 150) / 150
    assert answer.json["slips"][0]["id"] == "course-taken-as-daily"


@pytest.mark.parametrize("order", ["30 g/day", "150 g/course", "0.4 g/kg/day", "2 g/kg/course"])
def test_an_order_that_matches_is_0(run, order):
    answer = run("check", "gbs", "-w", "75", "--ordered", order, "--days", "5")

    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith("MATCH")
    assert run("check", "gbs", "-w", "75", "--ordered", order, "--days", "5", "--json").json["status"] == "match"


@pytest.mark.parametrize("order", ["150", "30 g per day each", "thirty", "g/day", "1,5 g/kg/course", "30 µg/day"])
def test_an_order_without_unit_and_basis_is_a_usage_error(run, order):
    answer = run("check", "gbs", "-w", "75", "--ordered", order, "--days", "5", "--json")

    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("Error: ")


def test_a_missing_order_says_how_to_give_it(run):
    answer = run("check", "gbs", "-w", "75")

    assert (answer.code, answer.out) == (2, "")
    assert answer.err == 'Error: the order is missing; give it as written: --ordered "30 g/day"\n'


def test_an_order_given_twice_is_refused(run):
    assert run("check", "gbs", "-w", "75", "--ordered", "30 g/day", "--ordered", "150 g/day").code == 2


def test_a_refused_plan_is_refused_here_too(run):
    answer = run("check", "gbs", "-w", "400", "--ordered", "30 g/day", "--json")

    assert answer.code == 4
    assert answer.json["status"] == "refused"


def test_forms_that_do_not_exist_for_an_order_are_refused(run):
    answer = run("check", "gbs", "-w", "75", "--ordered", "30 g/day", "--format", "csv")

    assert (answer.code, answer.out) == (2, "")
    assert "type table or json" in answer.err


def test_a_replacement_is_checked_as_a_dose_and_not_as_a_course(run):
    """0.3-0.6 g/kg every 4 weeks for 70 kg: 21 to 42 g, usually 28 g. 25 g is 0.357 g/kg, 10.7 % below 28 g."""
    near, inside = (run("check", "pid", "-w", "70", "--ordered", f"{grams} g every 4 weeks") for grams in (30, 25))

    assert (near.code, inside.code) == (0, 0)
    assert near.out.startswith("MATCH WITH ANOTHER REGIMEN: replacement-label-us, 28 g a dose; it is not the one asked")
    assert "25 g a dose lies inside the range of replacement-label-us, whose usual dose is 28 g;" in inside.out
    assert all("course" not in answer.out.partition("\n\n")[0] for answer in (near, inside))
