"""Regimens and indications: who is dosed how, and who says so."""

from collections.abc import Mapping
from typing import Literal

from ivig_dose.catalogue.models.entry import Entry
from ivig_dose.catalogue.models.fields import (
    Amount,
    Basis,
    Bounds,
    Count,
    Flag,
    Phase,
    Sex,
    Sources,
    Status,
    WeightKind,
)
from ivig_dose.catalogue.models.products import Fact, MaximumRate


class DoseRange(Entry):
    """Grams of IgG per kg of dosing weight: the range that the sources give and the default inside it."""

    low: Amount
    high: Amount
    default: Amount


class DayRange(Entry):
    """Days on which doses are given in one course: the range and the default inside it."""

    low: Count
    high: Count
    default: Count


class Interval(Entry):
    """From the first day of one course to the first day of the next."""

    low: Count
    high: Count
    default: Count
    unit: Literal["days", "weeks", "months"]


class Repeat(Interval):
    """That the sources of one indication repeat a course that its regimen gives once, and how far apart."""

    sources: Sources


class HourRange(Entry):
    """How long one infusion is to take, in hours."""

    low: Amount
    high: Amount


class Limits(Entry):
    """Ceilings that the sources of one regimen state.

    `g_per_course` is a maximum dose and caps the course (with a warning). The others refuse the request, because
    capping a day would silently change the course.
    """

    g_per_course: Amount | None = None
    g_per_day: Amount | None = None
    g_per_kg_per_day: Amount | None = None
    g_per_kg_in_all: Amount | None = None
    max_cycles: Count | None = None


class Population(Entry):
    """Who a regimen, an indication or a product is for. An unknown age never matches silently.

    `pregnant` says that the patient is a pregnant woman, so that a man, a child and the newborn are none of them.
    """

    age_years: Bounds | None = None
    age_days_at_most: Count | None = None
    sex: Sex | None = None
    pregnant: Flag | None = None
    note: str | None = None


class Regimen(Entry):
    """One dosing rule, shared by every indication that is dosed so.

    `basis` says what `g_per_kg` buys: `per_day` each day's dose; `per_course`, `per_dose` and `per_month` the total
    that is divided over the days. `day_pattern` gives unequal days in g/kg. `day_spacing` is 1 for consecutive days.
    `source_weight` is the weight that the sources multiply by, where they say. `derived` names the fields whose
    figure is arithmetic or a choice made here rather than printed in a source. `secondary` says which figures were
    read only in a digest or a compilation; every plan repeats it.
    """

    id: str
    title: str
    phase: Phase
    g_per_kg: DoseRange
    basis: Basis
    days: DayRange
    status: Status
    sources: Sources
    aliases: tuple[str, ...] = ()
    interval: Interval | None = None
    day_spacing: Count = 1
    day_pattern: tuple[Amount, ...] | None = None
    infusion_hours: HourRange | None = None
    limits: Limits | None = None
    population: Population | None = None
    per_event: Literal["plasma-exchange"] | None = None
    source_weight: WeightKind | None = None
    derived: tuple[str, ...] = ()
    secondary: str | None = None
    repeat: str | None = None
    note: str | None = None


class PhaseSequence(Entry):
    """A course and the phase that follows it in one indication: from first day to first day.

    `derived` says that the time is read here from the wording of the sources and not printed in them.
    """

    first: str
    then: str
    after: Interval
    sources: Sources
    derived: Flag | None = None


class AuthorityStatus(Entry):
    """What one authority says of an indication: licensed, off-label, funded, withdrawn.

    `products` are brand names as the authority words them, also of products that the catalogue does not have.
    """

    status: str
    sources: Sources
    products: tuple[str, ...] = ()
    age: str | None = None
    note: str | None = None


class Difference(Entry):
    """Where authorities differ from the regimen chosen: one sentence with both figures.

    It is shown when the chosen regimen is one of `regimens`, or always where that is empty.
    """

    id: str
    level: Literal["warning", "note"]
    text: str
    sources: Sources
    regimens: tuple[str, ...] = ()


class Evidence(Entry):
    """A body's grade of the evidence for an indication, in that body's own scale."""

    scheme: str
    grade: str
    sources: Sources


class Indication(Entry):
    """A disease for which IVIG is given, with the regimens that are used for it; the first is the default.

    `advice` is the one thing that a clinical pharmacist would say: every plan says it. `maximum_rate` holds for every
    product. Where no default can be defended, `no_default` says why, and a regimen must be named. `regimen_sources`
    names who gives a shared regimen for this very indication, `repeats` which of its single courses are repeated in it.
    """

    id: str
    title: str
    regimens: tuple[str, ...]
    sources: Sources
    aliases: tuple[str, ...] = ()
    no_default: str | None = None
    regimen_sources: Mapping[str, Sources] | None = None
    repeats: Mapping[str, Repeat] | None = None
    sequences: tuple[PhaseSequence, ...] = ()
    status: Mapping[str, AuthorityStatus] | None = None
    evidence: tuple[Evidence, ...] = ()
    icd10cm: tuple[str, ...] = ()
    population: Population | None = None
    maximum_rate: MaximumRate | None = None
    advice: Fact | None = None
    differences: tuple[Difference, ...] = ()
    note: str | None = None


class KnownName(Entry):
    """A product, a disease or a weight policy that people name and that has no figures here: refused, never guessed at.

    `text` says what is known: who sells or lists it, and what is missing.
    """

    id: str
    kind: Literal["product", "indication", "policy"]
    title: str
    text: str
    sources: Sources
    aliases: tuple[str, ...] = ()


class NotRecommended(Entry):
    """A disease for which an authority advises against IVIG: naming it is refused, with the reason."""

    id: str
    title: str
    text: str
    sources: Sources
    aliases: tuple[str, ...] = ()
