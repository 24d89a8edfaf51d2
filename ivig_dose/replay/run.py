"""One document computed again: identical, changed with the entry that moved each figure, or not to be computed."""

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

from ivig_dose.catalogue.models import Catalogue
from ivig_dose.replay.causes import Causes
from ivig_dose.replay.comparison import Document, compare_documents, find_body
from ivig_dose.report.as_json import SCHEMA


class Change(NamedTuple):
    """One value that changed: where it stands, from what to what, and the entry that moved it.

    An old or new value of None stands for null or for what only the other document has.
    """

    path: str
    old: Any
    new: Any
    moved_by: str


class Replay(NamedTuple):
    """What became of one document.

    `row` holds what a batch put in front of it. `refused_by` is the rule that refuses the request now.
    `not_in_document` names keys that only the newer program writes, so that they were not compared. `skipped` is a
    refused row that holds no request, because it could not be read.
    """

    status: Literal["identical", "changed", "skipped"]
    row: Document
    refused_by: str | None
    changes: tuple[Change, ...]
    not_in_document: tuple[str, ...]
    origin_then: Document | None
    origin_now: Document | None

    def to_document(self) -> dict[str, Any]:
        """The result as a JSON document."""
        return {
            **self.row,
            "schema": SCHEMA,
            "status": self.status,
            "refused_by": self.refused_by,
            "changes": [change._asdict() for change in self.changes],
            "not_in_document": self.not_in_document,
            "origin": {"then": self.origin_then, "now": self.origin_now},
        }

    def same_origin(self) -> bool:
        """Whether tool and catalogue are the very same as then."""
        return self.origin_then == self.origin_now


def replay_document(
    document: object, compute: Callable[[Document], Document], catalogue: Catalogue, skip: bool = False
) -> Replay:
    """The document compared with what `compute` gives for its request with the present catalogue.

    Raises `NotAPlanError` for what is no plan; with `skip`, a refused row without a request is passed over instead.
    """
    body = find_body(document, needs_request=not skip)
    row = {key: document[key] for key in ("row", "id") if key in document} if isinstance(document, dict) else {}
    if not isinstance(body.get("request"), dict):
        return Replay("skipped", row, None, (), (), body.get("origin"), None)
    now = compute(body["request"])
    comparison = compare_documents(body, now)
    causes = Causes(body, now, comparison.differences, catalogue)
    changes = tuple(
        Change(difference.name_path(), difference.old, difference.new, causes.name_cause(difference))
        for difference in comparison.differences
    )
    status: Literal["identical", "changed"] = "changed" if changes else "identical"
    refused_by = now["refusal"]["rule"] if now["status"] == "refused" else None
    return Replay(status, row, refused_by, changes, comparison.not_in_old, body.get("origin"), now["origin"])
