"""Rules over the whole catalogue: what one entry alone cannot show. Each is a plain function that yields findings."""

from collections.abc import Iterable

from ivig_dose.catalogue.document import Path
from ivig_dose.catalogue.findings import Finding, list_records
from ivig_dose.catalogue.models import Catalogue
from ivig_dose.catalogue.rules_dose import check_indication, check_regimen
from ivig_dose.catalogue.rules_names import (
    check_aliases,
    check_choices,
    check_references,
    check_repeats,
    check_sources_named,
    find_unused_sources,
)
from ivig_dose.catalogue.rules_patient import check_defaults, check_edition, check_policy, check_risk, check_vaccines
from ivig_dose.catalogue.rules_product import check_printed_units, check_product, check_rate_table
from ivig_dose.catalogue.rules_value import check_bounds, check_conditions, check_derived, check_range, check_text

RECORD_RULES = (
    check_text,
    check_range,
    check_bounds,
    check_conditions,
    check_derived,
    check_sources_named,
    check_repeats,
    check_choices,
    check_edition,
    check_risk,
    check_regimen,
    check_policy,
    check_vaccines,
    check_product,
)
"""Rules that look at one record and its path."""

CATALOGUE_RULES = (
    check_references,
    check_aliases,
    check_indication,
    check_rate_table,
    check_defaults,
)
"""Rules that look from one entry to another."""

ADVICE_RULES = (check_printed_units, find_unused_sources)
"""Rules whose findings make no file unusable."""


def check_rules(catalogue: Catalogue, broken: Iterable[Path] = (), uncertain: Iterable[Path] = ()) -> list[Finding]:
    """Everything that the rules find. Nothing is said of entries in `broken`, nor of references to them.

    Nor is an id called unknown where its section is `uncertain`, because not all of its ids could be read. Advice is
    given only where there is no error: an entry that is not valid uses nothing.
    """
    unusable = set(broken)
    unknown = unusable | set(uncertain)
    records = list_records(catalogue)
    found = [finding for rule in RECORD_RULES for path, record in records for finding in rule(path, record)]
    found += [finding for rule in CATALOGUE_RULES for finding in rule(catalogue)]
    found = [each for each in found if not _touches(each.path, unusable) and not _touches(each.missing, unknown)]
    if found or unknown:
        return found
    return [finding for rule in ADVICE_RULES for finding in rule(catalogue)]


def _touches(path: Path, unusable: set[Path]) -> bool:
    return any(path[:length] in unusable for length in range(1, len(path) + 1))
