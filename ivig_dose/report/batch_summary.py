"""The summary of a batch: what all its rows come to, and its JSON document."""

from typing import Any, NamedTuple

from ivig_dose.core.results import Origin
from ivig_dose.core.tally import Tally
from ivig_dose.report.as_json import SCHEMA, Document, origin_document


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
