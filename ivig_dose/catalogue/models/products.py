"""Products: vials, concentration, rates as their labels print them, and what in them matters to whom."""

from decimal import Decimal
from typing import Literal

from ivig_dose.catalogue.models.entry import Entry
from ivig_dose.catalogue.models.fields import Amount, Bounds, Count, Flag, RateUnit, Sources
from ivig_dose.quantity import MINUTES_PER_HOUR, Ratio


def is_lower(first: Ratio, second: Ratio) -> bool:
    """Whether `first` is less than `second`, without dividing either."""
    return first.numerator * second.denominator < second.numerator * first.denominator


class Fact(Entry):
    """A sentence about a product with its sources."""

    text: str
    sources: Sources


class Vial(Entry):
    """A vial as sold: grams of IgG and mL, both printed, so that one checks the other."""

    g: Amount
    ml: Amount


class PrintedRate(Entry):
    """A rate per kg in a unit that a label prints."""

    value: Amount
    unit: RateUnit

    def ml_per_kg_per_h(self, g_per_100_ml: Decimal) -> Ratio:
        """This rate in mL/kg/h, exact, for a product of `g_per_100_ml` (1 g/100 mL is 10 mg/mL)."""
        match self.unit:
            case "mL/kg/h":
                return Ratio(self.value)
            case "mL/kg/min":
                return Ratio(self.value * MINUTES_PER_HOUR)
            case "mg/kg/min":
                return Ratio(self.value * MINUTES_PER_HOUR, g_per_100_ml * 10)
            case "mg/kg/h":
                return Ratio(self.value, g_per_100_ml * 10)


class LabelRate(PrintedRate):
    """A label's rate, with the second unit where the label prints two. The lower of the two counts."""

    also: PrintedRate | None = None

    def effective(self, g_per_100_ml: Decimal) -> Ratio:
        """The rate that counts, in mL/kg/h, exact: the lower one where the label prints two."""
        first = self.ml_per_kg_per_h(g_per_100_ml)
        if self.also is None:
            return first
        second = self.also.ml_per_kg_per_h(g_per_100_ml)
        return second if is_lower(second, first) else first


class MaximumRate(LabelRate):
    """A highest rate for a disease, whatever the product, with its sources."""

    sources: Sources


class RateStep(LabelRate):
    """One step of a printed ladder. The last step has no minutes: it runs until the volume is given."""

    minutes: Count | None = None


class RateTable(Entry):
    """How fast a product may run for some indications.

    `steps` is the ladder where one is printed; otherwise the rate doubles from `start` to `maximum` every
    `step_minutes` (30 where the label is silent) and the plan says that this is practice, not label. `start_minutes`
    is how long the label holds the first rate. `ladder_basis` says who gives the steps.
    """

    indications: tuple[str, ...]
    start: LabelRate
    maximum: LabelRate
    sources: Sources
    infusion: Literal["any", "first", "later"] = "any"
    start_minutes: Count | None = None
    step_minutes: Count | None = None
    steps: tuple[RateStep, ...] = ()
    ladder_basis: Literal["label", "manufacturer-example", "trial", "derived"] | None = None
    note: str | None = None


class AtRisk(Entry):
    """What the label says for patients at risk of renal failure or thrombosis, with its number where it prints one.

    It concerns patients with one of `risks` and those whose age lies in `age_years`, as the label words it: `over` 65
    or `at_least` 65. `maximum_is_below` says that the label prints "less than" its number.
    """

    text: str
    sources: Sources
    risks: tuple[str, ...]
    age_years: Bounds | None = None
    maximum: LabelRate | None = None
    maximum_is_below: Flag | None = None


class LabelAges(Entry):
    """The ages for which a product is labelled, for some indications or, without any, for all."""

    age_years: Bounds
    sources: Sources
    indications: tuple[str, ...] = ()


class Iga(Entry):
    """IgA content in microgram/mL; a mean and a maximum must not be ranked against each other."""

    ug_per_ml: Amount
    qualifier: Literal["mean", "maximum", "less than"]
    sources: Sources


class Excipient(Entry):
    """Something in the product that matters to some patients."""

    name: Literal["proline", "glycine", "maltose", "sorbitol", "glucose", "sucrose", "polysorbate-80", "albumin", "peg"]
    text: str
    sources: Sources


class Product(Entry):
    """An intravenous immunoglobulin as sold in one region.

    `secondary` says which figures were read only in a digest or a compilation; every plan repeats it.
    """

    id: str
    name: str
    region: str
    g_per_100_ml: Amount
    vials: tuple[Vial, ...]
    rates: tuple[RateTable, ...]
    sources: Sources
    aliases: tuple[str, ...] = ()
    excipients: tuple[Excipient, ...] = ()
    iga: Iga | None = None
    label_ages: tuple[LabelAges, ...] = ()
    at_risk: AtRisk | None = None
    contraindications: tuple[Fact, ...] = ()
    boxed_warning: Fact | None = None
    form: Fact | None = None
    market: Fact | None = None
    cautions: tuple[Fact, ...] = ()
    secondary: str | None = None
