"""The catalogue as a whole: its edition, sources, sections and the files it was read from."""

from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal
from typing import NamedTuple

from ivig_dose.catalogue.models.entry import Entry
from ivig_dose.catalogue.models.fields import Amount, Bound, Day, SourceKind
from ivig_dose.catalogue.models.products import AtRisk, Product
from ivig_dose.catalogue.models.regimens import Indication, KnownName, NotRecommended, Regimen
from ivig_dose.catalogue.models.rules import (
    IggRise,
    IggTarget,
    Risk,
    RoundingPolicy,
    SafetyRule,
    VaccineTable,
    WeightPolicy,
)
from ivig_dose.quantity import Direction

# Hard ceilings that no catalogue, site file or option can lift. The highest doses in any source read are 2.4 g/kg
# a month and 2 g/kg in a day (Kawasaki disease); the ceilings stand above both and below a tenfold slip.
MAX_G_PER_KG_COURSE = Decimal(4)
MAX_G_PER_KG_DAY = Decimal("2.5")
# The fastest rate on any label read is 14 mg/kg/min; per minute typed for per hour is sixty times too fast.
MAX_MG_PER_KG_PER_MIN = Decimal(20)


class Source(Entry):
    """Where figures come from: who says it, where it can be read, what kind of page it is, when it was read."""

    id: str
    title: str
    url: str | None
    kind: SourceKind
    read: Day
    note: str | None = None


class Defaults(Entry):
    """What a site sets once: used where the request does not say.

    `at_risk` holds for patients at risk where a label asks for the lowest rate practicable and prints no number.
    """

    weight_policy: str = "actual"
    vaccine_table: str = "us"
    product: str | None = None
    rounding: str | None = None
    rounding_policy: str | None = None
    round_direction: Direction = "nearest"
    tolerance_percent: Bound = Decimal(10)
    day_tolerance_percent: Bound = Decimal(25)
    pump_step_ml_per_h: Amount = Decimal("0.1")
    at_risk: AtRisk | None = None


class Edition(Entry):
    """The catalogue's own title, version and dates. After `review_by` every plan carries a warning."""

    title: str
    version: str
    effective: Day
    review_by: Day


class CatalogueFile(NamedTuple):
    """One file that a catalogue was read from: its path, version and the SHA-256 of its bytes."""

    path: str
    version: str
    sha256: str


class Weakening(NamedTuple):
    """One thing in which a site's entry allows more than the entry that it replaces, in words for the reader.

    `reason` is the site's own, where the entry gives one: `replaces_stop` of a safety rule.
    """

    section: str
    id: str
    text: str
    reason: str = ""


class Catalogue(Entry):
    """The whole content. Sections map an id to its entry; ids are lower case.

    `files`, `entry_file` (which file an entry of a site's overlay came from) and `weakenings` are filled in by the
    loader.
    """

    catalogue: Edition
    sources: Mapping[str, Source]
    regimens: Mapping[str, Regimen]
    indications: Mapping[str, Indication]
    products: Mapping[str, Product]
    weight_policies: Mapping[str, WeightPolicy]
    risks: Mapping[str, Risk]
    safety: Mapping[str, SafetyRule]
    vaccines: Mapping[str, VaccineTable]
    not_recommended: Mapping[str, NotRecommended]
    defaults: Defaults
    known_names: Mapping[str, KnownName] = field(default_factory=dict)
    rounding_policies: Mapping[str, RoundingPolicy] = field(default_factory=dict)
    igg_targets: Mapping[str, IggTarget] = field(default_factory=dict)
    igg_rises: Mapping[str, IggRise] = field(default_factory=dict)
    files: tuple[CatalogueFile, ...] = ()
    entry_file: Mapping[str, int] = field(default_factory=dict)
    weakenings: tuple[Weakening, ...] = ()
