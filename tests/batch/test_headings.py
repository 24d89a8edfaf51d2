"""Headings: what means a column that is read is refused, in CSV and JSON alike, and what does not is passed through."""

import json

import pytest

from ivig_dose.batch.columns import READ
from ivig_dose.batch.headings import find_meant
from ivig_dose.catalogue.loader import load_catalogue

MEANT = {
    "ordered": (
        "ordered_dose, Ordered Dose, orderedDose, order_text, ordered g/day, prescribed, prescribed dose, "
        "prescription, dose, "
        "dose_g, Rx, IVIG dose (g), total g, grams, amount, daily dose, dosage, mL ordered, presribed dose"
    ),
    "g_per_kg": "Dose (g/kg), g/kg, dose g/kg, g_kg, gm/kg, g per kilo, dosePerKg, gperkg, mg/kg/day",
    "days": (
        "no_of_days, number of days, num_days, duration, course days, n_days, # days, nDays, treatment_days, "
        "course length, days of treatment"
    ),
    "ordered_days": "ordered days, Ordered_Days",
    "ordered_interval": "frequency, Freq., dosing interval, ordered interval",
    "interval": "intervall, Interval",
    "cycles": "number of cycles, no. of courses, Cycles",
    "given_doses": "already given, grams given so far, doses given",
    "earlier_doses": "earlier doses, earlier IVIG",
    "then_regimen": "next regimen, maintenance regimen, then regimen",
    "ordered_rate": "rate, infusion rate, rate (mL/h), ordered rate",
    "ordered_volume": "volume, vol (mL), ordered volume",
    "ordered_product": "ordered product",
    "height_cm": "hgt, stature, length_cm, Ht (cm), height (m), heightCm, body height, Größe, hieght, height_in",
    "weight_kg": "kg, Wt, body weight (kg), bodyweight, kgs, lbs, IBW, Gewicht, wieght, WEIGHT_KG, weight-kg",
    "sex": "Sex at birth, birth_sex, gender_code, Geschlecht, sexx",
    "age_years": "dob, years, age (yrs), age_yr, age in years, age_months, Date of Birth, birthdate, birth year",
    "risks": (
        "risk factors, risk_factors, comorbidities, renal impairment, riskfactors, IgA deficiency, Heart failure, "
        "contraindications"
    ),
    "blood_group": "abo, abo_group, bloodgroup, blood type, ABO/Rh, Blood Grp",
    "start": (
        "infusion_date, first_day, startdate, date, start date, Date of first infusion, begin date, day 1, plannedDate"
    ),
    "product": "drug, product name, brand name, ivig_product, product_id, preparation, medication, IVIG",
    "weight_policy": "dosing_weight, policy_id, weight_policy_id, dosing wt, weight basis",
    "regimen": "protocol, reg, regime, regimen_id, regimen name, treatment plan, dosing schedule",
    "indication": "diagnosis, indication_code, Dx, primary diagnosis, indcation",
}
SLIPS = [(column, heading) for column, headings in MEANT.items() for heading in headings.split(", ")]
PASSED = (
    "ward, name, notes, comment, mrn, NHS number, surname, patient_id, consultant, ordered_by, order_id, prescriber, "
    "admission date, discharge date, last infusion date, previous dose, length of stay, days since last dose, bed, "
    "batch no., lot number, creatinine, IgG (g/L), IgG mg/dL, bmi, policy number, diagnosis date, state, page, stage, "
    "region, uid, unit, time, updated_at, =bed, é, allergies, flag, site, body mass index"
)
OTHERS = PASSED.split(", ")


@pytest.mark.parametrize(("column", "heading"), SLIPS)
def test_a_heading_that_means_a_column_is_refused_with_its_name(batch, column, heading):
    said = f"heading '{heading}' looks like {column} and is not"
    csv_answer = batch(f"id,indication,weight_kg,{heading}\nA,itp,70,\n")
    row = {"id": "A", "indication": "itp", "weight_kg": 70, heading: ""}
    json_answer = batch(json.dumps(row) + "\n")

    assert [(answer.code, answer.out) for answer in (csv_answer, json_answer)] == [(2, ""), (2, "")]
    assert said in csv_answer.err
    assert said in json_answer.err


@pytest.mark.parametrize("heading", ["height (m)", "lbs", "dob", "age_months", "mg/kg/day"])
def test_a_heading_of_another_unit_asks_for_conversion_before_the_new_name(batch, heading):
    assert "if it is meant, convert it and name it" in batch(f"id,indication,weight_kg,{heading}\nA,itp,70,\n").err


def test_other_headings_are_passed_through_and_named(batch):
    answer = batch(f"id,indication,weight_kg,{','.join(OTHERS)}\nA,itp,70{',x' * len(OTHERS)}\n")

    assert answer.code == 0
    assert [answer.rows[0]["'=bed" if name == "=bed" else name] for name in OTHERS] == ["x"] * len(OTHERS)
    assert f"passed through unread: {', '.join(repr(name) for name in OTHERS)}; catalogue" in answer.err


def test_keys_of_json_that_are_passed_through_are_named_too(batch):
    rows = [{"id": "A", "indication": "itp", "weight_kg": 70, "ward": 3}, {"id": "B", "indication": "itp",
            "weight_kg": 70, "bed": 4}]  # fmt: skip

    assert "passed through unread: 'ward', 'bed'; catalogue" in batch("\n".join(map(json.dumps, rows))).err


def test_nothing_is_said_where_every_column_is_read(batch):
    assert "unread" not in batch("id,indication,weight_kg,sex\nA,itp,70,F\n").err


def test_every_column_that_is_read_is_found_however_it_is_joined():
    for column in READ:
        for spelt in (column.upper(), column.replace("_", ""), column.replace("_", " "), column.title()):
            assert spelt == column or find_meant(spelt, READ).column == column


def test_every_risk_of_the_catalogue_is_known_as_a_heading():
    for risk in load_catalogue().risks:
        found = find_meant(risk, READ)
        assert found is not None, risk
        assert found.column == "risks", risk


@pytest.mark.parametrize("line", ["Kowalczyk,itp,70,diabetes", "MRN-7731,gbs,75 kg,MRN-7731", "Rx,itp,70,Kowalczyk"])
def test_a_file_without_headings_does_not_show_its_first_patient(batch, line):
    answer = batch(f"{line}\nB,itp,70,x\n")

    assert (answer.code, answer.out) == (2, "")
    assert "line 1: heading id and indication and weight_kg is missing" in answer.err
    assert not [cell for cell in line.split(",") if f"'{cell}'" in answer.err]
