"""Rules over weight policies, risks, vaccine tables, defaults and the edition of the catalogue."""

import re
from collections.abc import Iterator

from ivig_dose.catalogue.document import Path
from ivig_dose.catalogue.findings import Finding
from ivig_dose.catalogue.models import Catalogue, Edition, Entry, Risk, Source, VaccineTable, WeightPolicy
from ivig_dose.quantity import ONE, quote, show

_ROUNDING = re.compile(r"vial|none|(?:0|[1-9][0-9]*)(?:\.[0-9]+)? ?g", re.ASCII)


def check_edition(path: Path, record: Entry) -> Iterator[Finding]:
    """An edition is in force before it is to be reviewed, and a source's address is one that can be opened."""
    if isinstance(record, Edition) and record.effective > record.review_by:
        message = f"in force from {record.effective}, which is after its review on {record.review_by}"
        yield Finding((*path, "review_by"), message, "review-before-effective", "are the two exchanged?")
    if isinstance(record, Source) and record.url is not None and not record.url.startswith(("https://", "http://")):
        message = f"{quote(record.url)} is not a web address"
        yield Finding((*path, "url"), message, "source-url", "begin it with https://, or write null")


def check_risk(path: Path, record: Entry) -> Iterator[Finding]:
    """No risk's name begins with `no-`, which is how a request denies a risk."""
    if not isinstance(record, Risk):
        return
    for place, name in ((path, record.id), *(((*path, "aliases", i), alias) for i, alias in enumerate(record.aliases))):
        if name.lower().startswith("no-"):
            message = f"{quote(name)} begins with no-, which denies a risk in a request"
            yield Finding(place, message, "risk-name", "name the condition itself")


def check_policy(path: Path, record: Entry) -> Iterator[Finding]:
    """A weight policy always decides, and has what its formulas need."""
    if not isinstance(record, WeightPolicy):
        return
    place = (*path, "branches")
    last = len(record.branches) - 1
    if last < 0:
        yield Finding(place, "there is no branch", "policy-open", "end with a branch that has no when")
    elif record.branches[last].when is not None:
        message = "the last branch has a condition, so some patients get no weight"
        yield Finding(place, message, "policy-open", "end with a branch that has no when")
    for index, branch in enumerate(record.branches):
        if branch.when is None and index < last:
            message = "this branch has no condition, so the ones after it are never reached"
            yield Finding((*place, index), message, "policy-open", "put it last, or give it a when")
    yield from _check_formula(path, record)


def _check_formula(path: Path, policy: WeightPolicy) -> Iterator[Finding]:
    uses = {branch.use for branch in policy.branches}
    if "adjusted" in uses and policy.factor is None:
        message = "adjusted weight is used, and the factor is missing"
        yield Finding(path, message, "policy-formula", "write factor: 0.4, or what the source gives")
    if policy.factor is not None and policy.factor > ONE:
        message = f"a factor of {show(policy.factor)} would raise the adjusted weight above the actual one"
        hint = "a factor is a share of the difference between the two weights, such as 0.4"
        yield Finding((*path, "factor"), message, "policy-formula", hint)
    needs_ideal = bool(uses & {"ideal", "adjusted"}) or any(
        branch.when and branch.when.percent_of_ideal for branch in policy.branches
    )
    if needs_ideal and policy.height_floor_cm is None:
        message = "ideal weight is used, and height_floor_cm is missing"
        hint = "below that height ideal weight is not computed; Devine's formula begins at 152.4 cm"
        yield Finding(path, message, "policy-formula", hint)


def check_vaccines(path: Path, record: Entry) -> Iterator[Finding]:
    """For each indication, and for all, the rows of a vaccine table rise in dose and never fall in months."""
    if not isinstance(record, VaccineTable):
        return
    if not record.rows:
        yield Finding((*path, "rows"), "the table has no row", "vaccine-rows", "write the rows, or leave the table out")
    before: dict[str, int] = {}
    for index, row in enumerate(record.rows):
        for name in row.indications or ("",):
            if name in before:
                earlier = record.rows[before[name]]
                if row.course_g_per_kg_at_most <= earlier.course_g_per_kg_at_most or row.months < earlier.months:
                    message = f"the row does not rise above the one before it{f' for {name}' if name else ''}"
                    hint = "order the rows by dose; the months never fall"
                    yield Finding((*path, "rows", index), message, "vaccine-rows", hint)
            before[name] = index


def check_defaults(catalogue: Catalogue) -> Iterator[Finding]:
    """The default rounding is one that a request may name."""
    rounding = catalogue.defaults.rounding
    if rounding is not None and not _ROUNDING.fullmatch(rounding):
        message = f"{quote(rounding)} is not a way to round"
        yield Finding(("defaults", "rounding"), message, "default-rounding", "write vial, none, or grams such as 5g")
