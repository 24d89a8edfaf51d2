"""The dosing weight: which weight a policy multiplies the dose by, why, and how near the next threshold is.

Ideal weight is Devine's: 50 kg (men) or 45.5 kg (women) and 2.3 kg for each inch above 60, with the height in exact
inches. Adjusted weight is ideal + factor x (actual - ideal). Both are exact quotients; nothing is rounded here.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal

from ivig_dose.catalogue.models import PatientCondition, PolicyBranch, Sex, WeightPolicy
from ivig_dose.core.growth import body_mass_index
from ivig_dose.core.results import DosingWeight, Patient
from ivig_dose.problems import Refusal
from ivig_dose.quantity import CM_PER_INCH, ONE, Ratio, show, show_ratio

DEVINE_BASE_KG: dict[Sex, Decimal] = {"M": Decimal(50), "F": Decimal("45.5")}
DEVINE_KG_PER_INCH = Decimal("2.3")
DEVINE_BASE_HEIGHT_CM = 60 * CM_PER_INCH
NOTABLE_CHANGE = Decimal("0.05")
"""A threshold is worth telling when the dose changes there by this share or more."""
_NEXT_TO = Decimal("0.001")


def compute_ideal_kg(sex: Sex, height_cm: Decimal) -> Ratio:
    """Devine ideal body weight in kg, exact. Source: the formula as the NBA and Ontario pages print it."""
    above_60_inches = height_cm - DEVINE_BASE_HEIGHT_CM
    return Ratio(DEVINE_BASE_KG[sex] * CM_PER_INCH + DEVINE_KG_PER_INCH * above_60_inches, CM_PER_INCH)


def compute_adjusted_kg(ideal_kg: Ratio, actual_kg: Decimal, factor: Decimal) -> Ratio:
    """Adjusted body weight in kg, exact: ideal + factor x (actual - ideal)."""
    numerator = ideal_kg.numerator * (1 - factor) + actual_kg * factor * ideal_kg.denominator
    return Ratio(numerator, ideal_kg.denominator)


def choose_dosing_weight(policy: WeightPolicy, patient: Patient, pregnant: bool | None) -> DosingWeight | Refusal:
    """The weight to dose on by `policy`: the first branch that holds, never above the actual weight.

    Refuses when the policy needs a fact that is not known, and when it would need an ideal weight below its height
    floor.
    """
    branch = _find_branch(policy, patient, pregnant)
    if branch is None:
        return _refuse_weight(policy, patient)
    ideal, adjusted = _find_ideal_kg(policy, patient), None
    if ideal is not None and policy.factor is not None:
        adjusted = compute_adjusted_kg(ideal, patient.weight_kg, policy.factor)
    actual = Ratio(patient.weight_kg)
    if branch.use == "actual":
        return DosingWeight(actual, "actual", policy.id, ideal, adjusted, branch.because, None, policy.sources)
    chosen = ideal if branch.use == "ideal" else adjusted
    if chosen is None:
        return _refuse_weight(policy, patient)
    if chosen.is_above(patient.weight_kg):
        reason = f"actual weight is below the {branch.use} weight of {show_ratio(chosen)} kg, so actual weight is used"
        return DosingWeight(actual, "actual", policy.id, ideal, adjusted, reason, None, policy.sources)
    return DosingWeight(chosen, branch.use, policy.id, ideal, adjusted, branch.because, None, policy.sources)


def _find_ideal_kg(policy: WeightPolicy, patient: Patient) -> Ratio | None:
    """The ideal weight by a policy; None without sex or height, and at a height where the formula does not hold."""
    if patient.sex is None or patient.height_cm is None:
        return None
    if policy.height_floor_cm is not None and patient.height_cm < policy.height_floor_cm:
        return None
    ideal = compute_ideal_kg(patient.sex, patient.height_cm)
    return ideal if ideal.numerator > 0 else None


def _find_branch(policy: WeightPolicy, patient: Patient, pregnant: bool | None) -> PolicyBranch | None:
    """The first branch that holds; None where a fact that decides it is missing."""
    for branch in policy.branches:
        holds = True if branch.when is None else _holds(policy, branch.when, patient, pregnant)
        if holds is None:
            return None
        if holds:
            return branch
    return None


def _holds(policy: WeightPolicy, when: PatientCondition, patient: Patient, pregnant: bool | None) -> bool | None:
    """Whether all the conditions hold; False as soon as one is known not to, None where that is not known.

    Pregnancy that nobody stated does not hold up a dose: the plan lists it as not checked.
    """
    checks: list[bool | None] = []
    if when.pregnant is not None:
        checks.append(when.pregnant == bool(pregnant))
    if when.age_years is not None:
        checks.append(None if patient.age_years is None else when.age_years.admit(patient.age_years))
    if when.height_cm is not None:
        checks.append(None if patient.height_cm is None else when.height_cm.admit(patient.height_cm))
    if when.bmi is not None:
        checks.append(None if patient.bmi is None else when.bmi.admit(*patient.bmi))
    if when.weight_over_kg is not None:
        checks.append(None if patient.sex is None else patient.weight_kg > when.weight_over_kg[patient.sex])
    if when.percent_of_ideal is not None:
        ideal = _find_ideal_kg(policy, patient)
        checks.append(None if ideal is None else when.percent_of_ideal.admit(*_percent_of(ideal, patient.weight_kg)))
    return False if False in checks else None if None in checks else True


def _percent_of(ideal_kg: Ratio, actual_kg: Decimal) -> Ratio:
    return Ratio(actual_kg * 100 * ideal_kg.denominator, ideal_kg.numerator)


def _refuse_weight(policy: WeightPolicy, patient: Patient) -> Refusal:
    """The refusal that names the facts which the policy needs, or the height below which it has no ideal weight."""
    conditions = [branch.when for branch in policy.branches if branch.when is not None]
    formula = any(branch.use != "actual" for branch in policy.branches)
    needs = {
        "sex": formula or any(when.percent_of_ideal or when.weight_over_kg for when in conditions),
        "height": formula or any(when.height_cm or when.bmi or when.percent_of_ideal for when in conditions),
        "age": any(when.age_years for when in conditions),
    }
    known = {"sex": patient.sex, "height": patient.height_cm, "age": patient.age_years}
    missing = [fact for fact, needed in needs.items() if needed and known[fact] is None]
    if missing:
        return Refusal(
            "weight-policy-needs-facts",
            f"weight policy {policy.id} needs the patient's {_join_and(missing)}",
            f"add {' '.join('--' + fact for fact in missing)}, or choose --weight-policy actual",
            policy.sources,
        )
    floor_cm = policy.height_floor_cm or DEVINE_BASE_HEIGHT_CM
    return Refusal(
        "height-below-policy-floor",
        f"weight policy {policy.id} has no ideal weight below {show(floor_cm)} cm, "
        f"and the height is {show(patient.height_cm or 0)} cm",
        "choose --weight-policy actual, or ask how your site doses shorter patients",
        policy.sources,
    )


def _join_and(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


# --- how near the next threshold is


def describe_threshold(
    policy: WeightPolicy, patient: Patient, pregnant: bool | None, course_g: Callable[[Ratio], Ratio]
) -> str | None:
    """How far the patient is from the nearest point where this policy changes the course by 5 % or more.

    `course_g` gives the course for a dosing weight. None where the policy has no such point for this patient.
    """
    nearest: tuple[Ratio, str] | None = None
    for fact, threshold, shown in _find_thresholds(policy, patient):
        if threshold <= _NEXT_TO:
            continue
        before = choose_dosing_weight(policy, _with(patient, fact, threshold - _NEXT_TO), pregnant)
        after = choose_dosing_weight(policy, _with(patient, fact, threshold + _NEXT_TO), pregnant)
        if isinstance(before, Refusal) or isinstance(after, Refusal):
            continue
        low, high = sorted((course_g(before.kg), course_g(after.kg)), key=lambda course: course.to_step(_NEXT_TO))
        if high.numerator * low.denominator < low.numerator * high.denominator * (1 + NOTABLE_CHANGE):
            continue
        value = getattr(patient, fact)
        distance = Ratio(abs(value - threshold), value) if value else Ratio(ONE)
        if nearest is None or distance < nearest[0]:
            words = _describe_distance(shown, value, fact, threshold)
            here, there = (after, before) if value > threshold else (before, after)
            change = f"from {show_ratio(course_g(here.kg), 1)} g to {show_ratio(course_g(there.kg), 1)} g"
            nearest = (distance, f"{words}, where the course would change {change}")
    return nearest[1] if nearest else None


def _find_thresholds(policy: WeightPolicy, patient: Patient) -> Iterator[tuple[str, Decimal, str]]:
    """Each boundary of the policy's branches as (name of a patient field, its value, where the patient stands)."""
    weight = f"weight {show(patient.weight_kg)} kg"
    for when in (branch.when for branch in policy.branches if branch.when is not None):
        if when.bmi is not None and patient.height_cm is not None:
            square_m = patient.height_cm * patient.height_cm / 10000
            bmi = body_mass_index(patient.weight_kg, patient.height_cm)
            yield from (("weight_kg", edge * square_m, f"BMI {show_ratio(bmi, 1)}") for edge in when.bmi.edges())
        if when.percent_of_ideal is not None and patient.sex is not None and patient.height_cm is not None:
            ideal = compute_ideal_kg(patient.sex, patient.height_cm)
            percent = Ratio(patient.weight_kg * 100 * ideal.denominator, ideal.numerator)
            for edge in when.percent_of_ideal.edges():
                threshold = ideal.times(edge).per(Decimal(100)).to_step(_NEXT_TO)
                yield "weight_kg", threshold, f"{show_ratio(percent, 1)} % of ideal weight"
        if when.weight_over_kg is not None and patient.sex is not None:
            yield "weight_kg", when.weight_over_kg[patient.sex], weight
        if when.height_cm is not None and patient.height_cm is not None:
            height = f"height {show(patient.height_cm)} cm"
            yield from (("height_cm", edge, height) for edge in when.height_cm.edges())
        if when.age_years is not None and patient.age_years is not None:
            age = f"age {show(patient.age_years)} years"
            yield from (("age_years", edge, age) for edge in when.age_years.edges())


def _with(patient: Patient, fact: str, value: Decimal) -> Patient:
    moved = {
        "weight_kg": patient.weight_kg,
        "height_cm": patient.height_cm,
        "age_years": patient.age_years,
        fact: value,
    }
    weight, height = moved["weight_kg"], moved["height_cm"]
    bmi = body_mass_index(weight, height) if weight is not None and height is not None else None
    return patient._replace(
        weight_kg=weight or patient.weight_kg, height_cm=height, age_years=moved["age_years"], bmi=bmi
    )


def _describe_distance(shown: str, value: Decimal, fact: str, threshold: Decimal) -> str:
    unit = {"weight_kg": "kg", "height_cm": "cm", "age_years": "years"}[fact]
    if value == threshold:
        return f"{shown}: exactly on the rule's threshold of {show(threshold)} {unit}"
    side = "below" if value < threshold else "above"
    return f"{shown}: {show(abs(value - threshold))} {unit} {side} the rule's threshold of {show(threshold)} {unit}"
