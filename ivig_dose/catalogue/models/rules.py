"""Rules over a patient and a dose: weight policies, risks, safety rules and the live-vaccine table."""

from collections.abc import Mapping
from typing import Literal

from ivig_dose.catalogue.models.entry import Entry
from ivig_dose.catalogue.models.fields import (
    Amount,
    BloodGroup,
    Bound,
    Bounds,
    Count,
    Day,
    Flag,
    Phase,
    Sex,
    Sources,
    Status,
    WeightKind,
)
from ivig_dose.catalogue.models.products import Fact
from ivig_dose.problems import Level
from ivig_dose.quantity import Direction


class PatientCondition(Entry):
    """A condition on one patient for a weight policy. All the conditions that are given must hold.

    `weight_over_kg` is by sex. `percent_of_ideal` is actual weight over Devine ideal weight times 100.
    """

    age_years: Bounds | None = None
    height_cm: Bounds | None = None
    bmi: Bounds | None = None
    percent_of_ideal: Bounds | None = None
    weight_over_kg: Mapping[Sex, Amount] | None = None
    pregnant: Flag | None = None


class PolicyBranch(Entry):
    """One branch of a weight policy: the first whose condition holds is taken. Without a condition it always holds."""

    use: WeightKind
    because: str
    when: PatientCondition | None = None


class WeightPolicy(Entry):
    """Which weight a dose is multiplied by: branches in order, the adjustment factor and the height floor.

    Ideal weight is Devine: 50 kg (men) or 45.5 kg (women) + 2.3 kg for each inch above 60. Below `height_floor_cm`
    it is never computed. No policy gives a dosing weight above the actual weight. `secondary` as of a regimen.
    """

    id: str
    title: str
    branches: tuple[PolicyBranch, ...]
    sources: Sources
    factor: Amount | None = None
    height_floor_cm: Amount | None = None
    effective: Day | None = None
    aliases: tuple[str, ...] = ()
    secondary: str | None = None
    note: str | None = None


class RoundingPolicy(Entry):
    """How an authority or a site rounds a course: to whole vials, to a step in grams, or not at all.

    Like a site's default it holds while the tolerances are kept; otherwise, and for newborns, exact grams are given.
    `tolerance_percent` is the policy's own, where it prints one.
    """

    id: str
    title: str
    rule: Literal["vial", "step", "none"]
    sources: Sources
    step_g: Amount | None = None
    direction: Direction = "nearest"
    tolerance_percent: Bound | None = None
    effective: Day | None = None
    aliases: tuple[str, ...] = ()
    secondary: str | None = None
    note: str | None = None


class Risk(Entry):
    """A fact about a patient that is given by id with `--risk` (or denied with `no-` before the id)."""

    id: str
    title: str
    aliases: tuple[str, ...] = ()


class BoundsInDays(Bounds):
    """Bounds of what falls on so many days in a row, over all courses and earlier doses."""

    days: Count


class Condition(Entry):
    """When a safety rule applies. All the conditions that are given must hold; `any_of` holds if one of its does.

    A fact that is not known makes the rule neither true nor false: the plan then says that it was not checked.
    """

    risks_any: tuple[str, ...] = ()
    risks_all: tuple[str, ...] = ()
    blood_group: tuple[BloodGroup, ...] = ()
    sex: Sex | None = None
    age_years: Bounds | None = None
    course_g_per_kg: Bounds | None = None
    day_g_per_kg: Bounds | None = None
    course_g: Bounds | None = None
    day_g: Bounds | None = None
    days: Bounds | None = None
    cycles: Bounds | None = None
    g_per_kg_in_days: BoundsInDays | None = None
    indications: tuple[str, ...] = ()
    except_indications: tuple[str, ...] = ()
    phases: tuple[Phase, ...] = ()
    regimens: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    weight_policies: tuple[str, ...] = ()
    excipients: tuple[str, ...] = ()
    rate_ml_per_kg_per_h: Bounds | None = None
    any_of: tuple["Condition", ...] = ()


class ReviewDates(Entry):
    """When an authority asks for a review of a treatment: months after its first infusion, and months after that."""

    first_months: Count
    then_months: Count | None = None


class SafetyRule(Entry):
    """A rule that stops a dose or adds a notice to it. Without `when` it applies to every dose.

    With `comes_last` its notice stands below the others of its level: it tells of nothing that the dose itself does.
    `secondary` says what was read only in a digest or a copy; the notice ends with it.
    `replaces_stop` is for a site's file: why its entry is weaker than the shipped stop that it replaces, who decided
    it, and on which day. `review` gives the plan the dates of the review that the text asks for.
    """

    id: str
    title: str
    level: Level
    text: str
    status: Status
    sources: Sources
    when: Condition | None = None
    hint: str | None = None
    derived: tuple[str, ...] = ()
    secondary: str | None = None
    replaces_stop: str | None = None
    comes_last: Flag | None = None
    review: ReviewDates | None = None


class IggTarget(Entry):
    """The trough of serum IgG, in g/L, that a source aims for in replacement for the named indications."""

    id: str
    title: str
    g_per_l: Bounds
    indications: tuple[str, ...]
    status: Status
    sources: Sources
    note: str | None = None


class IggRise(Entry):
    """How far the trough rises on average, in g/L, for each `per_g_per_kg` more at every infusion.

    `spread` says what the source prints of its spread and of the doses and levels that were studied.
    """

    id: str
    title: str
    g_per_l: Amount
    per_g_per_kg: Amount
    spread: str
    indications: tuple[str, ...]
    status: Status
    sources: Sources
    note: str | None = None


class VaccineRow(Entry):
    """Months to wait after a course of up to `course_g_per_kg_at_most`; for all indications where none is named."""

    course_g_per_kg_at_most: Amount
    months: Count
    sources: Sources
    indications: tuple[str, ...] = ()
    note: str | None = None


class VaccineTable(Entry):
    """Months from an infusion to a live vaccine. The first table of the catalogue (by `defaults`) is used."""

    id: str
    title: str
    vaccines: tuple[str, ...]
    rows: tuple[VaccineRow, ...]
    above_last_row_months: Count
    exception: Fact
    sources: Sources
    effective: Day | None = None
    note: str | None = None
