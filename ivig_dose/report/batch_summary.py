"""The summary of a batch: a JSON document and Rich tables of what all its rows come to."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ivig_dose.core.results import Origin
from ivig_dose.core.tally import Tally
from ivig_dose.quantity import show_grouped
from ivig_dose.report.as_json import SCHEMA, Document, origin_document

if TYPE_CHECKING:
    from rich.console import RenderableType


class BatchSummary(NamedTuple):
    """All that is said about a batch: its rows by verdict, what they come to, and the policy that is compared."""

    rows: int
    patients: int
    planned: int
    refused: int
    mismatched: int
    tally: Tally
    policy: str | None
    unread: tuple[str, ...]
    origin: Origin


def summary_document(summary: BatchSummary) -> Document:
    """The summary as a JSON document. Grams and vials are those of one course for each row."""
    tally, change = summary.tally, summary.tally.change
    compared: dict[str, Any] | None = None
    if summary.policy is not None:
        compared = {
            "policy": summary.policy,
            "rows": change.compared,
            "refused": change.refused,
            "saved_g": change.saved_g,
            "added_g": change.added_g,
            "difference_g": change.added_g - change.saved_g,
        }
    return {
        "schema": SCHEMA,
        "rows": summary.rows,
        "patients": summary.patients,
        "planned": summary.planned,
        "mismatched": summary.mismatched,
        "refused": summary.refused,
        "given_course_g": tally.given_course_g,
        "given": [
            {"indication": indication, "product": product, "rows": use.rows, "given_course_g": use.given_course_g}
            for (indication, product), use in list_uses(tally)
        ],
        "vials": [{"product": product, "g": size_g, "count": count} for (product, size_g), count in list_vials(tally)],
        "outside_tolerance": {"rows": tally.outside_tolerance, "share_pct": tally.outside_percent},
        "refused_by": [{"rule": rule, "rows": rows} for rule, rows in list_rules(tally)],
        "compare_policy": compared,
        "passed_through_unread": summary.unread,
        "origin": origin_document(summary.origin),
    }


def list_uses(tally: Tally) -> list[Any]:
    """Indications with their products, most grams first."""
    return sorted(tally.uses.items(), key=lambda item: (-item[1].given_course_g, item[0][0], item[0][1] or ""))


def list_vials(tally: Tally) -> list[Any]:
    """Vials by product, the largest first."""
    return sorted(tally.vials.items(), key=lambda item: (item[0][0], -item[0][1]))


def list_rules(tally: Tally) -> list[tuple[str, int]]:
    """Rules that refuse, the most frequent first."""
    return sorted(tally.refused_by.items(), key=lambda item: (-item[1], item[0]))


class Section(NamedTuple):
    """One table: its title, its headings, its lines, and how many of its columns are names and no figures."""

    title: str
    headings: tuple[str, ...]
    lines: Sequence[tuple[str, ...]]
    names: int


def list_sections(summary: BatchSummary) -> list[Section]:
    """The tables of the summary, without those that have no line."""
    tally = summary.tally
    uses = [
        (indication, product or "not named", show_grouped(use.rows), f"{show_grouped(use.given_course_g)} g")
        for (indication, product), use in list_uses(tally)
    ]
    vials = [
        (product, f"{show_grouped(size_g)} g", show_grouped(count)) for (product, size_g), count in list_vials(tally)
    ]
    rules = [(rule, show_grouped(rows)) for rule, rows in list_rules(tally)]
    sections = [
        Section("Summary", ("what", "figure"), _list_figures(summary), 1),
        Section("Given over one course of each row", ("indication", "product", "rows", "given"), uses, 2),
        Section("Vials for one course of each row", ("product", "vial", "count"), vials, 1),
        Section("Refused", ("rule", "rows"), rules, 1),
    ]
    return [section for section in sections if section.lines]


def _list_figures(summary: BatchSummary) -> list[tuple[str, ...]]:
    tally, change, policy = summary.tally, summary.tally.change, summary.policy
    outside = f"{show_grouped(tally.outside_tolerance)} rows, {show_grouped(tally.outside_percent, 2)} %"
    lines: list[tuple[str, ...]] = [
        ("rows", show_grouped(summary.rows)),
        ("patients (different ids)", show_grouped(summary.patients)),
        ("with a plan", show_grouped(summary.planned)),
        ("orders not matching", show_grouped(summary.mismatched)),
        ("refused", show_grouped(summary.refused)),
        ("given over one course", f"{show_grouped(tally.given_course_g)} g"),
        ("rounded outside the tolerance", outside),
    ]
    if policy is not None:
        lines += [
            (f"compared with {policy}", f"{show_grouped(change.compared)} rows"),
            (f"refused by {policy}", f"{show_grouped(change.refused)} rows"),
            (f"saved by {policy}", f"{show_grouped(change.saved_g)} g"),
            (f"added by {policy}", f"{show_grouped(change.added_g)} g"),
        ]
    return lines


def lay_out_summary(summary: BatchSummary) -> "list[RenderableType]":
    """The summary as Rich tables. Nothing in them is cut or wrapped."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    tables: list[RenderableType] = []
    for section in list_sections(summary):
        # A title of the table itself would be wrapped to the width of its columns.
        tables.append(Text(section.title))
        table = Table(box=SIMPLE_HEAD, pad_edge=False)
        for at, heading in enumerate(section.headings):
            table.add_column(heading, justify="left" if at < section.names else "right", no_wrap=True)
        for line in section.lines:
            table.add_row(*[Text(cell) for cell in line])
        tables.append(table)
    return tables


def list_summary(summary: BatchSummary) -> str:
    """The summary as lines of headings and figures, for a width in which a table has no room."""
    lines = []
    for section in list_sections(summary):
        lines.append(section.title)
        for line in section.lines:
            if len(line) == len(("name", "figure")):
                lines.append(": ".join(line))
            else:
                lines.extend([f"{heading}: {cell}" for heading, cell in zip(section.headings, line, strict=True)])
    return "\n".join(lines)
