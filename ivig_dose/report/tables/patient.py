"""The patient as read, on a screen: what was typed stands where a slip of the hand can be seen."""

from ivig_dose.core.patient import describe_age
from ivig_dose.core.results import Plan
from ivig_dose.report.numbers import show_amount, show_value

_SEXES = {"F": "female", "M": "male"}


def list_facts(plan: Plan) -> list[str]:
    """The weight and every other fact that was stated, each with its unit: `118 kg`, `170 cm (BMI 40.8)`, `female`."""
    patient = plan.patient
    facts = [show_amount(patient.weight_kg, "kg")]
    if patient.height_cm is not None and patient.bmi is not None:
        facts.append(f"{show_amount(patient.height_cm, 'cm')} (BMI {show_value(patient.bmi, 1)})")
    if patient.sex is not None:
        facts.append(_SEXES[patient.sex])
    if patient.age_years is not None:
        facts.append(describe_age(patient.age_years))
    if patient.blood_group is not None:
        facts.append(f"blood group {patient.blood_group}")
    if plan.request.risks:
        facts.append(f"risks: {', '.join(plan.request.risks)}")
    return facts
