"""The patient: hard bounds, and inputs that look like a slip, each with what is suspected and what to do."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig_dose.core.patient import find_slips, read_patient
from ivig_dose.core.request import Request
from ivig_dose.core.results import Patient
from ivig_dose.problems import Refusal
from tests.core.asking import ask, notice, notice_ids, plan, refusal
from tests.oracle_patient import ON_RECORD, can_be
from tests.strategies import ages_years, as_fraction, heights_cm, weights_kg

D = Decimal


def read(weight, height=None, age=None):
    return read_patient(Request("itp", D(weight), height and D(height), age_years=age and D(age)))


def slips(weight, height=None, age=None, adults_only=False):
    request = Request("itp", D(weight), height and D(height), age_years=age and D(age))
    patient = read_patient(request)
    assert isinstance(patient, Patient)
    return {each.id: each for each in find_slips(patient, adults_only)}


@pytest.mark.parametrize(
    ("field", "value", "inside"),
    [
        # E-22: both ends of every bound, once
        ("weight_kg", "0.3", True),
        ("weight_kg", "350", True),
        ("weight_kg", "0.299", False),
        ("weight_kg", "350.001", False),
        ("weight_kg", "0", False),
        ("height_cm", "30", True),
        ("height_cm", "250", True),
        ("height_cm", "29.9", False),
        ("height_cm", "250.1", False),
        ("height_cm", "1.75", False),  # metres
        ("age_years", "0", True),
        ("age_years", "120", True),
        ("age_years", "120.1", False),
        ("weight_kg", "NaN", False),
        ("height_cm", "Infinity", False),
    ],
)
def test_a_dose_is_only_given_inside_the_hard_bounds(field, value, inside):
    weight = {("height_cm", "30"): "0.6", ("age_years", "0"): "3"}.get((field, value), "70")
    answer = read_patient(Request("itp", D(weight))._replace(**{field: D(value)}))
    assert isinstance(answer, Patient) == inside
    if isinstance(answer, Refusal):
        name = field.split("_")[0]
        assert answer.rule == f"{name}-out-of-bounds"
        assert answer.hint == f"check the {name} and its unit"


def test_a_refused_bound_shows_the_value_and_the_bounds(catalogue):
    """The value is never shown rounded into the bounds that it misses."""
    answer = refusal(catalogue, "itp", "350.0004")
    assert answer.message == "weight 350.0004 kg is outside 0.3 to 350 kg"
    assert refusal(catalogue, "itp", "70", height="1.75").message == "height 1.75 cm is outside 30 to 250 cm"
    assert refusal(catalogue, "itp", "70", age="121").message == "age 121 years is outside 0 to 120 years"


def test_the_bmi_is_exact_and_missing_without_a_height():
    assert read_patient(Request("itp", D(70))).bmi is None
    assert as_fraction(read_patient(Request("itp", D("76.8"), D(160))).bmi) == 30


@pytest.mark.parametrize(("weight", "unusual"), [("2.5", False), ("200", False), ("2.49", True), ("200.1", True)])
def test_a_weight_outside_the_usual_is_a_warning_at_both_ends(weight, unusual):
    found = slips(weight)
    assert ("weight-unusual" in found) == unusual
    if unusual:
        assert found["weight-unusual"].level == "warning"
        assert f"{weight} kg is outside the usual 2.5 to 200 kg" in found["weight-unusual"].text


@pytest.mark.parametrize(
    ("weight", "height", "hint"),
    [
        # E-03: 170 kg at 70 cm is a BMI of 347; 70 kg at 170 cm is one of 24
        ("170", "70", "is it 70 kg and 170 cm?"),
        ("180", "80", "is it 80 kg and 180 cm?"),
        ("110", "30", "is it 30 kg and 110 cm?"),
        ("250", "100", "is it 100 kg and 250 cm?"),  # the tallest that is read
    ],
)
def test_weight_and_height_that_are_swapped_give_no_dose(weight, height, hint):
    answer = read(weight, height)
    assert answer.rule == "weight-height-swapped"
    assert answer.hint == hint


@pytest.mark.parametrize(
    ("weight", "height", "suggested"),
    [
        ("7", "170", "70 kg"),  # BMI 2.4
        ("70", "68", "172.72 cm (68 inches)"),  # BMI 151; 68 x 2.54 = 172.72
        ("70", "175", None),  # BMI 22.9: a patient
        ("350", "170", "158.757 kg (350 lb)"),  # BMI 121; 350 x 0.45359237 = 158.7573
        ("300", "51", "check"),
    ],
)
def test_a_weight_that_nobody_of_that_height_has_gives_no_dose(weight, height, suggested):
    answer = read(weight, height)
    assert isinstance(answer, Refusal) == (suggested is not None)
    if suggested is not None:
        assert answer.rule == "weight-height-impossible"
        assert suggested in answer.hint


@pytest.mark.parametrize(
    ("weight", "height", "possible"),
    [
        # a BMI of exactly 7 and 120 at 100 cm, and one gram beyond
        ("7", "100", True),
        ("6.999", "100", False),
        ("120", "100", True),
        ("120.001", "100", False),
        ("0.64", "32.2", True),  # a boy of 24 weeks at the median of INTERGROWTH-21st: BMI 6.2
        ("1.4", "45", False),  # BMI 6.9, and no longer as short as a preterm newborn
        ("1.4", "44.9", True),
        ("0.6", "44.9", False),  # BMI 2.98
    ],
)
def test_the_body_mass_index_has_bounds_that_spare_the_preterm(weight, height, possible):
    assert isinstance(read(weight, height), Patient) == possible


@pytest.mark.parametrize(
    ("weight", "age", "suggested"),
    [
        ("70", "0.0274", "10 years"),  # 10 days
        ("3.2", "40", "40 days"),
        ("3.2", "40", "32 kg"),
        ("70", "0.5", "6 years"),  # not common at 6 years, so not offered: see below
        ("20", "0.0274", "2 kg"),
        ("80", "3", "8 kg"),
    ],
)
def test_a_weight_that_nobody_of_that_age_has_gives_no_dose(weight, age, suggested):
    answer = read(weight, None, age)
    assert answer.rule == "weight-age-impossible"
    assert answer.hint.endswith("check the weight, the age and their units")
    assert (suggested in answer.hint) == (suggested != "6 years")


@pytest.mark.parametrize(("age", "weight"), ON_RECORD)
def test_the_most_extreme_patients_on_record_get_a_dose(age, weight):
    assert isinstance(read(str(float(weight)), None, str(float(age))), Patient)


@given(weights_kg(), st.none() | heights_cm(), st.none() | ages_years())
def test_who_can_be_a_patient_is_what_the_growth_references_say(weight, height, age):
    expected = can_be(as_fraction(weight), height and as_fraction(height), None if age is None else as_fraction(age))
    answer = read_patient(Request("itp", weight, height, age_years=age))
    assert isinstance(answer, Patient) == expected


@pytest.mark.parametrize(
    ("indication", "regimen", "weight", "rule"),
    [
        ("fnait", None, "3.2", "weight-outside-population"),  # the fetus for the mother
        ("fnait", None, "4", None),
        ("nait-newborn", None, "70", "weight-outside-population"),
        ("nait-newborn", None, "17.1", "weight-outside-population"),  # 2.5 x 6.6 kg, rounded up to 17
        ("nait-newborn", None, "17", None),
        ("hdn", "hdn-short-infusion", "70", "weight-outside-population"),
        ("dermatomyositis", "dermatomyositis-label", "3.9", "weight-outside-population"),
        ("itp", None, "3.2", None),
    ],
)
def test_a_weight_that_nobody_of_the_regimens_population_has_gives_no_dose(
    catalogue, indication, regimen, weight, rule
):
    answer = ask(catalogue, indication, weight, regimen=regimen)
    assert (answer.rule if isinstance(answer, Refusal) else None) == rule


def test_the_weight_of_the_child_for_the_mother_is_named(catalogue):
    answer = refusal(catalogue, "fnait", "3.2")
    assert "3.2 kg is no weight of the patients" in answer.message
    assert answer.hint == "give the weight of the mother"


@pytest.mark.parametrize(("weight", "warned"), [("6.6", False), ("6.601", True), ("15", True)])
def test_a_weight_that_hardly_any_newborn_has_is_a_warning(catalogue, weight, warned):
    ids = notice_ids(plan(catalogue, "nait-newborn", weight))
    assert ("weight-high-for-population" in ids) == warned


def test_a_man_gets_no_dose_for_a_disease_of_pregnancy(catalogue):
    assert refusal(catalogue, "fnait", "70", sex="M").rule == "sex-outside-population"
    assert plan(catalogue, "fnait", "70", sex="F").dose.day_g
    assert plan(catalogue, "fnait", "70").dose.day_g


@pytest.mark.parametrize(
    ("weight", "height", "age", "kg"),
    [
        ("25", "80", None, "11.34"),  # E-02: BMI 39 at 80 cm; as pounds 17.7. 25 x 0.45359237 = 11.33981
        ("43", "95", None, "19.504"),  # BMI 47.6; as pounds 21.6. 19.50447191; rounded twice it would be 19.505
        ("154", "175", None, "69.853"),  # BMI 50.3; as pounds 22.8
        ("60", None, "5", "27.216"),  # 60 kg at 5 years, above 16 + 5 x 5 = 41; 27.2 kg is not
    ],
)
def test_pounds_taken_for_kilograms_are_named_with_the_converted_weight(weight, height, age, kg):
    text = slips(weight, height, age)["weight-maybe-pounds"].text
    assert "was it pounds?" in text
    assert f"{weight} lb is {kg} kg" in text
    assert (f"for {age} years" if age else f"at {height} cm") in text


def test_from_130_cm_on_a_patient_is_judged_as_an_adult():
    """60 kg at 130 cm is a BMI of 35.5: high for a child (28), and not for an adult (45)."""
    assert "weight-maybe-pounds" in slips("60", "129.9")
    assert not slips("60", "130")


@pytest.mark.parametrize(
    ("weight", "height", "age"),
    [
        ("70", "175", None),
        ("118", "170", None),  # BMI 40.8: obese, not a slip
        ("3.4", "50", None),  # a newborn
        ("20", "110", "5"),
        ("45", None, "11"),
        ("41", None, "5"),
        ("150", None, None),  # nothing to judge it by
        ("150", None, "30"),
        ("50", "175", "30"),  # lean
    ],
)
def test_a_plausible_patient_raises_no_suspicion(weight, height, age):
    assert not slips(weight, height, age)


def test_a_patient_that_no_slip_explains_is_still_implausible():
    """30 kg at 180 cm is a BMI of 9.26; swapped or in pounds it makes no sense either."""
    text = slips("30", "180")["weight-height-implausible"].text
    assert "30 kg at 180 cm is a BMI of 9.3: check both and their units" in text
    assert "weight-height-implausible" in slips("345", "170")  # BMI 119.4
    # BMI 82: swapped it would be one of 60, but a BMI below 120 may be a patient's
    assert set(slips("150", "135")) == {"weight-height-implausible"}


def test_a_weight_too_high_for_an_age_also_in_pounds_is_not_called_pounds():
    """130 kg at 6 years is too much; 130 lb is 59 kg and still too much."""
    assert "weight-maybe-pounds" not in slips("130", None, "6")


@pytest.mark.parametrize(
    ("weight", "age", "warned"),
    [
        ("90.4", "5", True),  # 90.4 lb is 41.005 kg, still above 16 + 5 x 5 = 41: the age may be 35
        ("90.3", "5", False),  # 90.3 lb is 40.96 kg: pounds explain it
        ("14.6", "0.05", True),  # 14.6 lb is 6.62 kg, above the WHO's +3 SD of 6.6 kg at one month
        ("14.5", "0.05", False),
        ("3.4", "3", True),  # 34 kg or 3 days
        ("7", "3", False),  # 4 + 3 = 7
        ("6.9", "3", True),
        ("4.9", "0.99", False),  # an infant may be as light as a newborn
        ("4.9", "1", True),
        ("5", "1", False),
        ("21.9", "18", False),  # an adult: that is the weight of a child, and said so
        ("21", "17", False),
        ("20.9", "17", True),
        ("70", "12", False),
        ("200", "11.9", True),
        ("200", "12", False),
    ],
)
def test_a_weight_that_no_child_of_that_age_has_is_named(weight, age, warned):
    assert ("weight-age-implausible" in slips(weight, None, age)) == warned


@pytest.mark.parametrize(
    ("weight", "age", "adults_only", "warned"),
    [
        ("7", "40", False, True),  # a digit is missing
        ("24.9", "18", False, True),
        ("25", "18", False, False),
        ("7", "17.9", False, False),
        ("7", None, True, True),  # no age, but the regimen is for adults
        ("7", "10", True, False),
        ("7", None, False, False),
    ],
)
def test_a_childs_weight_for_an_adult_is_named(weight, age, adults_only, warned):
    found = slips(weight, None, age, adults_only)
    assert ("weight-of-a-child" in found) == warned
    if warned:
        who = "a regimen for adults" if age is None else "this age"
        text = f"{weight} kg is the weight of a child, for {who}: is a digit missing?"
        assert found["weight-of-a-child"].text == text


def test_a_regimen_for_adults_makes_an_infants_weight_stand_out_without_an_age(catalogue):
    answer = plan(catalogue, "dermatomyositis", "7", regimen="dermatomyositis-label")
    assert "a regimen for adults" in notice(answer, "weight-of-a-child").text
    assert "weight-of-a-child" not in notice_ids(plan(catalogue, "itp", "7"))


def test_a_suspicion_changes_nothing_about_the_dose(catalogue):
    """The dose is that of the weight as entered: nothing is corrected silently."""
    answer = plan(catalogue, "itp", "154", height="175")
    assert "weight-maybe-pounds" in notice_ids(answer)
    assert answer.patient.weight_kg == 154
    assert as_fraction(answer.dose.day_g) == Fraction("61.6")


@given(weights_kg(), st.none() | heights_cm(), st.none() | ages_years(), st.booleans())
def test_any_patient_in_bounds_can_be_judged_and_every_suspicion_says_what_to_do(weight, height, age, adults_only):
    patient = read_patient(Request("itp", weight, height, age_years=age))
    if isinstance(patient, Refusal):
        assert patient.hint
        return
    found = list(find_slips(patient, adults_only))
    assert len(found) == len({each.id for each in found})
    for each in found:
        assert each.level == "warning"
        assert "?" in each.text or "check" in each.text


def test_itp_in_pregnancy_finds_its_own_regimen(catalogue):
    """Nova Scotia: 1 g/kg a day for 2 days, 70 kg: 70 g a day."""
    answer = plan(catalogue, "ITP in pregnancy", "70")
    assert answer.choice.regimen.id == "itp-pregnancy"
    assert as_fraction(answer.dose.day_g) == 70
