"""Notices from the plan itself: authorities that differ, caps, age limits, rates, a catalogue past its review."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from ivig_dose.catalogue.models import Catalogue, HourRange, Population, Product, WeightPolicy
from ivig_dose.core.choices import Choices
from ivig_dose.core.dosing import compute_dose, course_g_per_kg
from ivig_dose.core.interval import write_interval, write_range
from ivig_dose.core.ladder import Ladder
from ivig_dose.core.names import join_and
from ivig_dose.core.results import Dose, DosingWeight, Patient
from ivig_dose.core.schedule import number_days
from ivig_dose.core.weight import choose_dosing_weight
from ivig_dose.problems import Notice, Refusal
from ivig_dose.quantity import Ratio, show, show_ratio, years_of_days

OBESE_BMI: Final = Decimal(30)
"""Above it weight policies differ: Ontario's, Australia's and the US order sets' adjusted weights all begin near it."""


def notice_differences(choices: Choices) -> Iterator[Notice]:
    """The advice on the indication, and what authorities say differently of the chosen regimen, from the catalogue."""
    regimen, advice = choices.regimen.regimen, choices.indication.advice
    if advice is not None:
        yield Notice(f"advice-{choices.indication.id}", "note", advice.text, advice.sources)
    for difference in choices.indication.differences:
        if not difference.regimens or regimen.id in difference.regimens:
            yield Notice(difference.id, difference.level, difference.text, difference.sources)


def notice_secondary(choices: Choices) -> Iterator[Notice]:
    """A warning for each entry used whose figures were read only in a digest or a compilation, saying which."""
    for entry in (choices.regimen.regimen, choices.product, choices.policy, choices.rounding_policy):
        if entry is not None and entry.secondary is not None:
            yield Notice(f"secondary-{entry.id}", "warning", entry.secondary, entry.sources)


def notice_cap(choices: Choices, dose: Dose) -> Iterator[Notice]:
    """A warning where a ceiling in grams cut the course."""
    if dose.capped_from_g is not None:
        regimen = choices.regimen
        per_kg = course_g_per_kg(regimen.regimen, regimen.g_per_kg, regimen.days)
        yield Notice(
            "course-capped",
            "warning",
            f"The course is capped at {show_ratio(dose.course_g)} g; "
            f"{show(per_kg)} g/kg would be {show_ratio(dose.capped_from_g)} g.",
            choices.regimen.sources,
        )


def notice_interval(choices: Choices) -> Iterator[Notice]:
    """A note where a month stands for a range in weeks, or weeks for one in months."""
    choice = choices.regimen
    planned, range_of = choice.interval, choice.repeats
    if planned is None or range_of is None or (planned.unit == "months") is (range_of.unit == "months"):
        return
    yield Notice(
        "month-as-4-weeks",
        "note",
        f"Planned every {write_interval(planned)}; the sources say {write_range(range_of)}. A month is taken as "
        "4 weeks, and by the calendar it has up to 31 days.",
        choice.sources,
    )


def notice_spacing(choices: Choices) -> Iterator[Notice]:
    """A note where doses are not on consecutive days: on which days they are, and what decides on the later ones."""
    choice = choices.regimen
    regimen, days = choice.regimen, choice.days
    if regimen.day_spacing == 1:
        return
    first, *later = [str(day) for day in number_days(regimen, max(days, regimen.days.high))]
    text = f"The doses are given on days {join_and([first, *later[: days - 1]])}."
    if days == 1:
        text = f"Only the first dose is planned; later ones are on days {join_and(later)}: see --days."
    yield Notice("spaced-days", "note", f"{text} {regimen.note or ''}".strip(), choice.sources)


def notice_source_weight(choices: Choices, weight: DosingWeight) -> Iterator[Notice]:
    """A note where the regimen's sources multiply by another weight than the one used."""
    kind = choices.regimen.regimen.source_weight
    if kind is not None and kind != weight.kind:
        yield Notice(
            "source-weight",
            "note",
            f"The source doses on {kind} weight and this plan on {weight.kind} weight: see --weight-policy.",
            choices.regimen.sources,
        )


def notice_other_policies(choices: Choices, patient: Patient, dose: Dose, pregnant: bool | None) -> Iterator[Notice]:
    """A note above BMI 30 where the policy always doses on actual weight: what the other policies would give."""
    on_actual = all(branch.use == "actual" for branch in choices.policy.branches)
    if not on_actual or patient.bmi is None or not patient.bmi.is_above(OBESE_BMI):
        return
    grams: dict[str, Ratio] = {}
    undecided: list[str] = []
    for policy in choices.catalogue.weight_policies.values():
        weight = choose_dosing_weight(policy, patient, pregnant)
        if isinstance(weight, Refusal):
            undecided.append(policy.id)
            continue
        other = compute_dose(choices.regimen, weight.kg)
        if isinstance(other, Dose) and policy.id != choices.policy.id:
            grams[policy.id] = other.course_g
    differ = any(course_g != dose.course_g for course_g in grams.values())
    if not differ and not undecided:
        return
    said = []
    if differ:
        least, most = min(grams, key=grams.__getitem__), max(grams, key=grams.__getitem__)
        ends = [f"{show_ratio(grams[name], 1)} g ({name})" for name in dict.fromkeys((least, most))]
        instead = show_ratio(dose.course_g, 1)
        said.append(f"other weight policies would give {' to '.join(ends)} in place of {instead} g")
    if undecided:
        facts = [fact for fact, value in (("age", patient.age_years), ("sex", patient.sex)) if value is None]
        why = f"without the {join_and(facts)}" if facts else "for this patient"
        said.append(f"{join_and(undecided)} cannot be told {why}")
    text = f"BMI {show_ratio(patient.bmi, 1)}, dosed on actual weight: {'; '.join(said)}. See --weight-policy."
    yield Notice("other-weight-policies", "note", text, choices.policy.sources)


def notice_age(choices: Choices, patient: Patient) -> Iterator[Notice]:
    """A warning where the patient's age lies outside what the indication or the regimen is for."""
    regimen, indication = choices.regimen.regimen, choices.indication
    for entry, population in ((regimen.id, regimen.population), (indication.id, indication.population)):
        if population is None or patient.age_years is None or _fits(population, patient.age_years):
            continue
        yield Notice(
            f"age-outside-{entry}",
            "warning",
            f"Entry {entry} is for {describe_population(population)}; this patient is {show(patient.age_years)} years.",
            choices.regimen.sources,
        )


def needs_age(choices: Choices) -> bool:
    """Whether the indication or the regimen is limited to some ages."""
    return any(
        population is not None and (population.age_years is not None or population.age_days_at_most is not None)
        for population in (choices.regimen.regimen.population, choices.indication.population)
    )


def _fits(population: Population, age: Decimal) -> bool:
    if population.age_years is not None and not population.age_years.admit(age):
        return False
    days = population.age_days_at_most
    return days is None or age <= years_of_days(Decimal(days))


def describe_population(population: Population) -> str:
    """The ages that a population covers, in words that say whether the limit itself is inside."""
    words = []
    if population.age_days_at_most is not None:
        words.append(f"newborns up to {population.age_days_at_most} days")
    if population.age_years is not None:
        ages = population.age_years
        for limit, text in (
            (ages.at_least, "{} years and over"),
            (ages.over, "over {} years"),
            (ages.at_most, "up to and including {} years"),
            (ages.under, "under {} years"),
        ):
            if limit is not None:
                words.append(text.format(show(limit)))
    return " and ".join(words) or (population.note or "a stated population")


def notice_unknown(product: Product) -> Iterator[Notice]:
    """A warning for what the catalogue does not have of a product: its rates, and what in it matters to whom."""
    if not product.rates:
        text = f"The catalogue has no rates of {product.id}: take the pump's steps from its label."
        yield Notice("rates-not-known", "warning", text, product.sources)
    if not product.excipients:
        text = f"The excipients of {product.id} are not known here: read its label for sorbitol, maltose and proline."
        yield Notice("excipients-not-known", "warning", text, product.sources)


def notice_rates(product: Product, indication: str, ladder: Ladder, words_of_class: str) -> Iterator[Notice]:
    """What a reader of the infusion must know: whose rates they are, and what the label says for patients at risk."""
    if not ladder.licensed:
        yield Notice(
            "rate-not-for-indication",
            "warning",
            f"The label of {product.id} gives no rates for {indication}: its lowest maximum is used.",
            ladder.sources,
        )
    if ladder.capped_for_risk:
        yield Notice(
            "rate-capped-for-risk",
            "warning",
            f"The label's lower maximum for patients at risk is used: "
            f"{'below ' if ladder.stays_below else ''}{show_ratio(ladder.maximum)} mL/kg/h.",
            ladder.sources,
        )
    if ladder.capped_by_class:
        yield Notice(
            "rate-capped-by-class",
            "warning",
            f"Patient at risk: the rate stops at {show_ratio(ladder.maximum)} mL/kg/h. {words_of_class}",
            ladder.sources,
        )
    if ladder.risk_without_number:
        yield Notice(
            "rate-risk-without-number",
            "warning",
            f"The label of {product.id} asks for the lowest practicable rate at risk and gives no number.",
            ladder.sources,
        )
    if ladder.capped_for_indication:
        yield Notice(
            "rate-capped-for-indication",
            "warning",
            f"The highest rate in {indication} is {show_ratio(ladder.maximum)} mL/kg/h, with every product.",
            ladder.sources,
        )
    if ladder.capped_as_asked or ladder.cap_ml_per_h is not None:
        asked = f"{show_ratio(ladder.maximum)} mL/kg/h" if ladder.cap_ml_per_h is None else None
        yield Notice(
            "rate-capped-as-asked",
            "note",
            f"No step passes {asked or f'{show(ladder.cap_ml_per_h or 0)} mL/h'}, as asked with --max-rate.",
        )
    if ladder.basis == "practice":
        yield Notice(
            "rate-steps-practice",
            "note",
            "The label gives a first and a highest rate; the doubling steps between are practice, not label.",
            ladder.sources,
        )
    elif ladder.basis != "label":
        whose = {"manufacturer-example": "an example of the manufacturer", "trial": "a trial's protocol"}
        yield Notice(
            "rate-steps-not-label",
            "note",
            f"The steps are {whose.get(ladder.basis, 'worked out from a rule')}, not printed on the label.",
            ladder.sources,
        )


def notice_pump(choices: Choices) -> Notice:
    """The warning that the pump cannot be set as low as the first rate."""
    step = show(choices.pump_step_ml_per_h)
    return Notice(
        "pump-step-too-coarse",
        "warning",
        f"The first rate is below one step of the pump, {step} mL/h, so no steps are given: see --pump-step.",
    )


def notice_time(choices: Choices, hours: HourRange, minutes: Decimal) -> Notice:
    """The warning that an infusion does not take the time that the regimen gives, and what keeps it from that."""
    step = show(choices.pump_step_ml_per_h)
    return Notice(
        "infusion-time-not-met",
        "warning",
        f"The infusion takes {describe_minutes(minutes)} and not the regimen's {describe_hours(hours)} hours: "
        f"the highest rate allowed and pump steps of {step} mL/h do not give that.",
        choices.regimen.sources,
    )


def describe_minutes(minutes: Decimal) -> str:
    """A time as people say it, to the whole minute, ties up: `3 h 31 min`."""
    hours, rest = divmod(int(Ratio(minutes).to_step(Decimal(1))), 60)
    return f"{hours} h {rest} min" if hours else f"{rest} min"


def describe_hours(hours: HourRange) -> str:
    """The hours of an infusion without their unit: `10 to 12`, or `12` where there is no range."""
    return show(hours.low) if hours.low == hours.high else f"{show(hours.low)} to {show(hours.high)}"


def notice_site(choices: Choices) -> Iterator[Notice]:
    """Warnings of what a site's file takes away from the shipped safety, and a note of what else comes from it."""
    catalogue, regimen = choices.catalogue, choices.regimen.regimen
    used = [
        ("indications", choices.indication.id),
        ("regimens", regimen.id),
        ("weight_policies", choices.policy.id),
        *([("products", choices.product.id), ("defaults", "at_risk")] if choices.product else []),
    ]
    for section, entry, text, reason in catalogue.weakenings:
        if section == "safety":
            told = f"The site's file replaces the shipped stop {entry}: {text}. Its reason: {reason}"
            yield Notice(f"stop-replaced-{entry}", "warning", told)
        elif (section, entry) in used:
            told = f"The site's entry {entry} allows more than the shipped one: {text}."
            yield Notice(f"weaker-{section}-{entry}", "warning", told)
    by_file: dict[int, list[str]] = {}
    for section, entry in used:
        if f"{section}/{entry}" in catalogue.entry_file:
            by_file.setdefault(catalogue.entry_file[f"{section}/{entry}"], []).append(entry)
    for index, entries in by_file.items():
        file = catalogue.files[index]
        yield Notice(
            "entries-of-the-site",
            "note",
            f"From {file.path}, version {file.version}, and not from the shipped catalogue: {', '.join(entries)}.",
        )


def notice_review(catalogue: Catalogue, today: date | None) -> Iterator[Notice]:
    """A warning where the catalogue is past its review date on the day of the calculation."""
    review_by = catalogue.catalogue.review_by
    if today is not None and today > review_by:
        yield Notice(
            "catalogue-past-review",
            "warning",
            f"The catalogue was to be reviewed by {review_by.isoformat()}: its figures may be out of date.",
        )


def notice_in_force(catalogue: Catalogue, policy: WeightPolicy, today: date | None) -> Iterator[Notice]:
    """Warnings where the catalogue or the weight policy is not yet in force on the day of the calculation."""
    begins = catalogue.catalogue.effective
    if today is not None and today < begins:
        text = f"The catalogue is in force from {begins.isoformat()} on, and not yet today."
        yield Notice("catalogue-not-in-force", "warning", text)
    if today is not None and policy.effective is not None and today < policy.effective:
        text = f"The weight policy {policy.id} is in force from {policy.effective.isoformat()} on, and not yet today."
        yield Notice("policy-not-in-force", "warning", text, policy.sources)


def arrange(notices: Iterable[Notice], last: frozenset[str] = frozenset()) -> tuple[Notice, ...]:
    """The notices, each once: warnings before notes, those of `last` after the others, and otherwise as they came.

    `last` are the rules that warn of nothing that this dose does to the patient, such as of a vaccine to come.
    """
    seen: dict[str, Notice] = {}
    for notice in notices:
        seen.setdefault(notice.id, notice)
    return tuple(sorted(seen.values(), key=lambda notice: (notice.level != "warning", notice.id in last)))
