"""The screens of `list` and `show`: entries of the catalogue as a person reads them, with their sources written out."""

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Group, RenderableType

from ivig_dose.catalogue.models import (
    Catalogue,
    CatalogueFile,
    IggRise,
    IggTarget,
    Indication,
    KnownName,
    NotRecommended,
    Product,
    Regimen,
    ReviewDates,
    Risk,
    RoundingPolicy,
    SafetyRule,
    Source,
    VaccineTable,
    WeightPolicy,
)
from ivig_dose.quantity import ZERO, show
from ivig_dose.report.entries import CatalogueEntry, all_sources_of, sources_of_entry, title_of_entry
from ivig_dose.report.phrases import cite, cite_briefly
from ivig_dose.report.tables.conditions import describe_bounds, describe_condition, describe_patient
from ivig_dose.report.tables.products import describe_product
from ivig_dose.report.tables.regimens import describe_indication, describe_regimen_entry
from ivig_dose.report.tables.rows import Column, Rows
from ivig_dose.report.tables.words import BLANK, Labelled, stack, write

Said = Iterable[tuple[str, Sequence[str]]]
"""Labels, each with its lines; a label without lines is left out."""


def lay_out_list(entries: Sequence[CatalogueEntry]) -> Rows:
    """Ids, titles and sources of a section's entries."""
    columns = (Column("id", "{}", "text"), Column("title and sources", "{}", "prose"))
    return Rows(columns, [(entry.id, _write_title(entry)) for entry in entries])


def _write_title(entry: CatalogueEntry) -> str:
    """The title with its first sources; that of a safety rule begins with its level."""
    level = f"{entry.level}: " if isinstance(entry, SafetyRule) else ""
    return level + title_of_entry(entry) + cite_briefly(sources_of_entry(entry), explain=False)


def lay_out_entry(entry: CatalogueEntry, catalogue: Catalogue, file: CatalogueFile | None = None) -> Group:
    """One entry with everything that it says, its sources with their addresses, and the file it comes from."""
    said = [*_describe(entry, catalogue)]
    from_file = [] if file is None else [f"{file.path}, version {file.version}, sha256 {file.sha256[:12]}"]
    return stack(
        [
            write((title_of_entry(entry), "strong"), f" [{entry.id}]"),
            BLANK,
            *[Labelled(label, *lines) for label, lines in said if lines],
            *_lay_out_sources(all_sources_of(entry), catalogue),
            BLANK if from_file else None,
            Labelled("File", *from_file) if from_file else None,
        ]
    )


def _lay_out_sources(ids: Sequence[str], catalogue: Catalogue) -> Iterable[RenderableType]:
    if not ids:
        return
    yield BLANK
    yield write(("Sources", "strong"))
    for source_id in ids:
        source = catalogue.sources.get(source_id)
        if source is None:
            yield write(source_id)
            continue
        yield write(f"{source.id}: {source.title}; {source.kind}, read {source.read.isoformat()}", hanging=2)
        if source.url:
            yield write(source.url, indent=2)


def _describe(entry: CatalogueEntry, catalogue: Catalogue) -> Said:
    match entry:
        case Regimen():
            return describe_regimen_entry(entry, catalogue)
        case Indication():
            return describe_indication(entry, catalogue)
        case Product():
            return describe_product(entry)
        case WeightPolicy():
            return _describe_policy(entry)
        case SafetyRule():
            return _describe_rule(entry)
        case Source():
            return _describe_source(entry, catalogue)
        case Risk():
            return _describe_risk(entry, catalogue)
        case VaccineTable():
            return _describe_vaccines(entry)
        case NotRecommended():
            return [("Advice", [entry.text]), ("Also called", _join(entry.aliases))]
        case RoundingPolicy():
            return _describe_rounding_policy(entry)
        case IggTarget() | IggRise():
            return _describe_igg(entry)
        case KnownName():
            return [("Known", [f"{entry.kind}: {entry.text}"]), ("Also called", _join(entry.aliases))]


def _describe_igg(entry: IggTarget | IggRise) -> Said:
    if isinstance(entry, IggTarget):
        level = [("Trough", [f"IgG {describe_bounds(entry.g_per_l, 'g/L')}"])]
    else:
        rise = f"{show(entry.g_per_l)} g/L for each {show(entry.per_g_per_kg)} g/kg more"
        level = [("Rise", [rise]), ("Spread", [entry.spread])]
    return [
        *level,
        ("For", _join(entry.indications)),
        ("Status", [entry.status]),
        ("Note", [entry.note] if entry.note else []),
    ]


def _describe_policy(policy: WeightPolicy) -> Said:
    branches = []
    for branch in policy.branches:
        otherwise = "otherwise" if len(policy.branches) > 1 else "every patient"
        when = otherwise if branch.when is None else describe_patient(branch.when)
        branches.append(f"{when}: {branch.use} weight")
    factor = "" if policy.factor is None else f"ideal + {show(policy.factor)} x (actual - ideal)"
    floor = "" if policy.height_floor_cm is None else f"no ideal weight below {show(policy.height_floor_cm)} cm"
    return [
        ("Weight used", branches),
        ("Adjusted", [factor] if factor else []),
        ("Height floor", [floor] if floor else []),
        ("Effective", [] if policy.effective is None else [policy.effective.isoformat()]),
        ("Also called", _join(policy.aliases)),
        ("Note", [policy.note] if policy.note else []),
    ]


def _describe_rounding_policy(policy: RoundingPolicy) -> Said:
    step, within = f"steps of {show(policy.step_g or ZERO)} g", policy.tolerance_percent
    to = {"vial": "whole vials", "step": step, "none": "exact grams"}[policy.rule]
    return [
        ("Rounds to", [f"{to}, {policy.direction}, ties up; newborns are not rounded"]),
        ("Tolerance", [] if within is None else [f"{show(within)} % of the course"]),
        ("Effective", [] if policy.effective is None else [policy.effective.isoformat()]),
        ("Also called", _join(policy.aliases)),
        ("Secondary", [policy.secondary] if policy.secondary else []),
        ("Note", [policy.note] if policy.note else []),
    ]


def _describe_rule(rule: SafetyRule) -> Said:
    return [
        ("Level", [{"stop": "stop: no dose is given", "warning": "warning", "note": "note"}[rule.level]]),
        ("Says", [rule.text]),
        ("Hint", [rule.hint] if rule.hint else []),
        ("When", ["every dose"] if rule.when is None else [describe_condition(rule.when)]),
        ("Review", _describe_review(rule.review)),
        ("Status", [rule.status]),
        ("Derived", _join(rule.derived)),
        ("Secondary", [rule.secondary] if rule.secondary else []),
    ]


def _describe_review(review: ReviewDates | None) -> list[str]:
    if review is None:
        return []
    then = "" if review.then_months is None else f", then every {review.then_months} months"
    return [f"{review.first_months} months after the first infusion{then}"]


def _describe_source(source: Source, catalogue: Catalogue) -> Said:
    return [
        ("Address", [source.url] if source.url else []),
        ("Kind", [source.kind]),
        ("Read", [source.read.isoformat()]),
        ("Note", [source.note] if source.note else []),
        *[
            (label, _join([entry.id for entry in entries.values() if source.id in entry.sources]))
            for label, entries in _citing(catalogue).items()
        ],
    ]


def _citing(catalogue: Catalogue) -> Mapping[str, Mapping[str, Regimen | Indication | Product | SafetyRule]]:
    return {
        "Regimens": catalogue.regimens,
        "Indications": catalogue.indications,
        "Products": catalogue.products,
        "Rules": catalogue.safety,
    }


def _describe_risk(risk: Risk, catalogue: Catalogue) -> Said:
    rules = [
        rule.id
        for rule in catalogue.safety.values()
        if rule.when is not None and risk.id in (*rule.when.risks_any, *rule.when.risks_all)
    ]
    return [
        ("Option", [f"--risk {risk.id}; --risk no-{risk.id} where it is known to be absent"]),
        ("Also called", _join(risk.aliases)),
        ("Rules", _join(rules)),
    ]


def _describe_vaccines(table: VaccineTable) -> Said:
    rows = []
    for row in table.rows:
        dose = f"up to {show(row.course_g_per_kg_at_most)} g/kg for the course"
        whom = f" ({', '.join(row.indications)})" if row.indications else ""
        note = f"; {row.note}" if row.note else ""
        rows.append(f"{dose}{whom}: {row.months} months{note}{cite(row.sources)}")
    rows.append(f"above that: {table.above_last_row_months} months")
    return [
        ("Vaccines", _join(table.vaccines)),
        ("Months", rows),
        ("Exception", [table.exception.text + cite(table.exception.sources)]),
        ("Effective", [] if table.effective is None else [table.effective.isoformat()]),
        ("Note", [table.note] if table.note else []),
    ]


def _join(names: Sequence[str]) -> list[str]:
    return [", ".join(names)] if names else []
