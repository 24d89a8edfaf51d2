"""`ivig-dose compare`: every weight policy for one patient."""

import json

PATIENT = ("--weight", "118", "--height", "170", "--sex", "F", "--age", "54")


def test_every_policy_of_the_catalogue_is_compared(run):
    policies = [entry["id"] for entry in json.loads(run("list", "policies", "--json").out)]
    answer = run("compare", "cidp", *PATIENT, "--json")

    assert answer.code == 0
    assert [row["policy"] for row in answer.json["policies"]] == policies
    kg = {row["policy"]: row["dosing_weight"]["kg"] for row in answer.json["policies"]}
    # Devine 45.5 + 2.3 x (170 / 2.54 - 60) = 61.437 kg; + 0.4 x (118 - 61.437) = 84.062 kg
    assert (kg["actual"], kg["ideal"], kg["adjusted"]) == (118, 61.437, 84.062)


def test_a_policy_that_lacks_a_fact_says_so_beside_the_others(run):
    answer = run("compare", "cidp", "-w", "118", "--json")

    by_policy = {row["policy"]: row for row in answer.json["policies"]}
    assert answer.code == 0
    assert by_policy["actual"]["status"] == "ok"
    assert by_policy["ideal"]["status"] == "refused"
    assert "height" in by_policy["ideal"]["refusal"]["message"] + by_policy["ideal"]["refusal"]["hint"]

    table = run("compare", "cidp", "-w", "118").out
    assert "236 g" in table  # 2 g/kg x 118 kg
    assert "height" in table


def test_where_every_policy_refuses_there_is_one_refusal(run):
    assert run("compare", "cidp", "-w", "400").code == 4
    assert run("compare", "cidp", "-w", "400", "--json").json["refusal"]["rule"] == "weight-out-of-bounds"
    assert run("compare", "cidq", "-w", "70").code == 2


def test_naming_a_policy_is_a_contradiction(run):
    answer = run("compare", "cidp", *PATIENT, "--weight-policy", "adjusted")

    assert (answer.code, answer.out) == (2, "")
    assert "leave --weight-policy out" in answer.err
