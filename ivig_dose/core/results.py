"""What comes out: a plan with everything that a dose must never travel without.

Amounts that have not been divided or rounded are `Ratio`s; amounts that are given to a patient are `Decimal`s on
their grid. Units are in the names.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, NamedTuple

from ivig_dose.catalogue.models import (
    BloodGroup,
    CatalogueFile,
    IggRise,
    IggTarget,
    Indication,
    Interval,
    Product,
    Regimen,
    Sex,
    WeightKind,
)
from ivig_dose.core.interval import TimeSpan
from ivig_dose.core.order_written import WrittenOrder
from ivig_dose.core.request import EarlierDose, Request
from ivig_dose.problems import Notice
from ivig_dose.quantity import ZERO, Direction, Ratio


class Patient(NamedTuple):
    """The patient as read. `bmi` is kg/m2, exact; it is None without a height."""

    weight_kg: Decimal
    height_cm: Decimal | None
    sex: Sex | None
    age_years: Decimal | None
    blood_group: BloodGroup | None
    bmi: Ratio | None


class DosingWeight(NamedTuple):
    """The weight that the dose is multiplied by, the policy's branch that chose it, and why.

    `threshold` says how far the patient is from the nearest point at which the same policy would change the dose by
    5 % or more; None where there is none.
    """

    kg: Ratio
    kind: WeightKind
    policy: str
    ideal_kg: Ratio | None
    adjusted_kg: Ratio | None
    reason: str
    threshold: str | None
    sources: tuple[str, ...]


class RegimenChoice(NamedTuple):
    """The regimen with the figures chosen inside its ranges, and who chose the regimen and each figure.

    `repeats` is the range of time from course to course, of the regimen or as the indication's sources give it; None
    where courses are not repeated. `interval` is the time that this plan takes; None where one course is planned.
    """

    regimen: Regimen
    g_per_kg: Decimal
    days: int
    chosen_by: Literal["catalogue", "request"]
    g_per_kg_chosen_by: Literal["catalogue", "request"]
    days_chosen_by: Literal["catalogue", "request"]
    sources: tuple[str, ...]
    repeats: Interval | None = None
    interval: TimeSpan | None = None
    interval_chosen_by: Literal["catalogue", "request"] = "catalogue"


class Dose(NamedTuple):
    """The dose before any rounding. `day_g` and `g_per_kg_per_day` are None where the days are unequal.

    `days_g` is the exact dose of each day. `course_low_g` to `course_high_g` is what the regimen's whole range would
    give this patient. `capped_from_g` is the course before a ceiling in grams cut it, else None. Where some of the
    course has been given, this is the rest of it, and `before_g` what was given.
    """

    g_per_kg_per_day: Ratio | None
    g_per_kg_course: Ratio
    day_g: Ratio | None
    course_g: Ratio
    course_low_g: Ratio
    course_high_g: Ratio
    days_g: tuple[Ratio, ...]
    capped_from_g: Ratio | None
    before_g: Decimal = ZERO


class PartGiven(NamedTuple):
    """A course of which some has been given: the whole course as calculated, and the doses the patient has had.

    `infusions` is how many infusions the doses are counted as, `rest_day` the day of the course on which its rest
    begins, from 1. `pause_days` are days without a dose before the rest, beyond the regimen's own.
    """

    course: Dose
    doses: tuple[EarlierDose, ...]
    given_g: Decimal
    infusions: int
    rest_day: int
    pause_days: int = 0


@dataclass(frozen=True, slots=True)
class VialCount:
    """So many vials of so many grams."""

    g: Decimal
    count: int


@dataclass(frozen=True, slots=True)
class PartVials:
    """A dose that is no sum of whole vials: the vials to open, what is drawn from them and what is discarded."""

    opened: tuple[VialCount, ...]
    drawn_g: Decimal
    drawn_ml: Decimal
    discarded_g: Decimal
    discarded_ml: Decimal


class Rounding(NamedTuple):
    """What rounding did to the course. `step_g` is set for the rule `step` and on the 1 mg grid of the rule `none`.

    `rule` is the rule that was followed: `none` too where whole vials or steps would have left the tolerances, of which
    `tolerance_percent` is the course's and `day_tolerance_percent` a day's. `part_vials` says that on some day a vial
    is opened that is not used up. `policy` is the rounding policy that was asked for, where one was.
    """

    rule: Literal["vial", "step", "none"]
    step_g: Decimal | None
    direction: Direction
    course_g: Decimal
    difference_g: Ratio
    difference_percent: Ratio
    tolerance_percent: Decimal
    within_tolerance: bool
    day_tolerance_percent: Decimal
    part_vials: bool = False
    policy: str | None = None


class InfusionStep(NamedTuple):
    """One setting of the pump. The last step ends when the volume of the day is given."""

    step: int
    rate_ml_per_kg_per_h: Decimal
    rate_ml_per_h: Decimal
    minutes: Decimal
    volume_ml: Decimal
    cumulative_ml: Decimal
    starts: datetime | None


class GivenDay(NamedTuple):
    """One day of the schedule: what is given, from which vials, at which rates.

    `day` counts from the first day of its cycle: doses on alternate days are on days 1, 3 and 5.
    `vials` are used up; where some of a vial is left over they are empty, and `part_vials` says what to open.
    """

    cycle: int
    day: int
    date: date | None
    dose_g: Decimal
    volume_ml: Decimal
    vials: tuple[VialCount, ...]
    steps: tuple[InfusionStep, ...]
    total_minutes: Decimal | None
    part_vials: PartVials | None = None


class Vaccines(NamedTuple):
    """How long live vaccines wait after the last infusion, by which table, and from which date where one is known."""

    defer_months: int
    not_before: date | None
    table: str
    vaccines: tuple[str, ...]
    exception: str
    sources: tuple[str, ...]


class Alternative(NamedTuple):
    """Another regimen of the same indication at its own defaults, for the same dosing weight.

    `in_a_range` says that the regimen gives a range of g/kg, of which `g_per_kg` is the catalogue's choice.
    """

    regimen: str
    title: str
    g_per_kg: Decimal
    basis: str
    days: int
    course_g: Ratio
    in_a_range: bool


class WorkingLine(NamedTuple):
    """One line of arithmetic that a second person can check by hand. `source` is a source id or ''."""

    label: str
    formula: str
    value: Decimal
    unit: str
    source: str


class Origin(NamedTuple):
    """Which tool and which catalogue gave the answer; `files` holds each file with its version and digest."""

    tool: str
    catalogue: str
    version: str
    sha256: str
    effective: date
    review_by: date
    files: tuple[CatalogueFile, ...]


class YearOfTreatment(NamedTuple):
    """What courses that are repeated come to, a year being 365.25 days, and the vials for those that are scheduled."""

    g_per_week: Ratio
    g_per_year: Ratio
    infusions_per_year: Ratio
    scheduled_g: Decimal
    vials: tuple[VialCount, ...]


class IggStanding(NamedTuple):
    """A source's target for the trough of IgG, and whether the level meets it."""

    target: IggTarget
    is_met: bool


class ExpectedTrough(NamedTuple):
    """The trough in g/L that a published average makes of a level at the ends of the regimen's range of g/kg.

    The level is taken as measured on `now_g_per_kg`.
    """

    rise: IggRise
    now_g_per_kg: Decimal
    low_g_per_kg: Decimal
    low_g_per_l: Ratio
    high_g_per_kg: Decimal
    high_g_per_l: Ratio


class Trough(NamedTuple):
    """A measured trough of IgG with the target asked for, the targets of sources, and what may be expected."""

    g_per_l: Decimal
    target_g_per_l: Decimal | None
    standings: tuple[IggStanding, ...]
    expected: tuple[ExpectedTrough, ...]


class PhaseGap(NamedTuple):
    """The time from the first day of a course to the first of the next phase, who chose it and the sources that say so.

    `usual` is the range that the sources give for these two regimens; None where none does.
    """

    after: TimeSpan
    chosen_by: Literal["catalogue", "request"]
    usual: Interval | None
    sources: tuple[str, ...]


class ReviewDue(NamedTuple):
    """A review that an authority asks for: the rule that says so, months from the first infusion, and the date."""

    rule: str
    after_months: int
    on: date | None
    sources: tuple[str, ...]


class Plan(NamedTuple):
    """A dose with its schedule, notices, working and origin.

    `not_checked` names the facts that some rule would need and that are not known. `g_per_100_ml` is the product's
    concentration, or 10 where no product is named. `infusion_note` says where the rates come from; None without rates.
    `request` is what was asked, as read, so that the same can be asked again. `year` is for courses that are repeated,
    `then` the plan of the phase that follows; `vaccines` count from the last infusion of both. `reviews` are due after
    the first infusion of this phase. `gap` is of a phase that follows another.
    """

    indication: Indication
    choice: RegimenChoice
    patient: Patient
    dosing_weight: DosingWeight
    dose: Dose
    rounding: Rounding
    product: Product | None
    g_per_100_ml: Decimal
    schedule: tuple[GivenDay, ...]
    infusion_note: str | None
    vaccines: Vaccines
    notices: tuple[Notice, ...]
    not_checked: tuple[str, ...]
    alternatives: tuple[Alternative, ...]
    working: tuple[WorkingLine, ...]
    origin: Origin
    request: Request
    part_given: PartGiven | None = None
    year: YearOfTreatment | None = None
    then: "Plan | None" = None
    trough: Trough | None = None
    reviews: tuple[ReviewDue, ...] = ()
    gap: PhaseGap | None = None


class Slip(NamedTuple):
    """A single slip that would turn the expected dose into the ordered one, with its arithmetic and its course."""

    id: str
    text: str
    course_g: Decimal


class Finding(NamedTuple):
    """One respect in which an order does not agree with what is expected."""

    id: str
    text: str


class Tolerance(NamedTuple):
    """By how many percent an order may be below and above the expected course."""

    below_percent: Decimal
    above_percent: Decimal

    def allows(self, percent: Ratio) -> bool:
        """Whether a difference lies within it."""
        return (
            -self.below_percent * percent.denominator <= percent.numerator <= self.above_percent * percent.denominator
        )


class Agreement(NamedTuple):
    """The regimen that an order agrees with: as asked for or at its defaults, inside its ranges, or another one."""

    regimen: str
    how: Literal["chosen", "in-range", "other-regimen"]


class OrderedDose(NamedTuple):
    """An order in exact grams for one patient. `days_assumed` says that the order does not write the days.

    `day_g`, and the volume of one dose in `day_ml`, are None where the days of the regimen are unequal.
    """

    days: int
    days_assumed: bool
    day_g: Ratio | None
    course_g: Ratio
    g_per_kg_course: Ratio
    day_ml: Ratio | None


class OrderCheck(NamedTuple):
    """An order compared with the regimens of its indication.

    `agrees_with` is None for a mismatch; `findings` then say in what the order differs, and `slips` which single slip
    would explain it. `difference_percent` is of the ordered course against the nearer of the calculated and the given
    one; `expected_day_g` is the largest day. `plan` is the expected one: of the regimen that the order agrees with, at
    the figures asked for or its defaults, or of the chosen regimen for a mismatch.
    """

    status: Literal["match", "mismatch"]
    agrees_with: Agreement | None
    ordered: WrittenOrder
    dose: OrderedDose
    expected_day_g: Decimal | None
    expected_course_g: Decimal
    difference_percent: Ratio
    tolerance: Tolerance
    findings: tuple[Finding, ...]
    slips: tuple[Slip, ...]
    notices: tuple[Notice, ...]
    plan: Plan
