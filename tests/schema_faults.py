"""What in a document does not keep the schema of its kind, with every key that the schema does not name."""

from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from ivig_dose.report.schemas import make_schema

OF_STATUS = {"ok": "plan", "refused": "refusal", "match": "check", "mismatch": "check"}


@cache
def _strict(name: str) -> Draft202012Validator:
    return Draft202012Validator(make_schema(name, strict=True))


def find_faults(name: str, document: Any) -> list[str]:
    """Each fault with its place; none where the document keeps the schema."""
    faults = sorted(_strict(name).iter_errors(document), key=lambda fault: list(map(str, fault.absolute_path)))
    return [f"{name} at {'.'.join(map(str, fault.absolute_path))}: {fault.message[:200]}" for fault in faults]
