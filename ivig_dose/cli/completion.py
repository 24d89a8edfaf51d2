"""What the shell offers at TAB: ids of the shipped catalogue with their titles. Nothing here may fail or be slow."""

import os
import sys
from collections.abc import Callable, Mapping
from typing import Any

Offers = list[tuple[str, str]]

COMPLETION_VARIABLE = "_IVIG_DOSE_COMPLETE"
"""What the shell's completion sets when it asks."""


def hide_rich() -> None:
    """Keep Typer from loading Rich for a completion, where it would only strip markup that no text here has."""
    if os.environ.get(COMPLETION_VARIABLE):
        sys.modules["rich"] = None  # type: ignore[assignment]  # Python's own sign for "do not import"


def complete_indications(incomplete: str) -> Offers:
    """Ids of indications that begin with what is typed."""
    return _offer("indications", incomplete)


def complete_regimens(ctx: Any, incomplete: str) -> Offers:
    """Ids of regimens: those of the indication where one is typed, else all."""
    # An option that still lacks its value keeps Typer from reading the indication; then it is among the rest.
    return _offer("regimens", incomplete, ctx.params.get("indication") or next(iter(ctx.args), ""))


def complete_products(incomplete: str) -> Offers:
    """Ids of products."""
    return _offer("products", incomplete)


def complete_policies(incomplete: str) -> Offers:
    """Ids of weight policies."""
    return _offer("weight_policies", incomplete)


def complete_risks(incomplete: str) -> Offers:
    """Ids of risks, and their denials once `no-` is typed."""
    if not incomplete.startswith("no-"):
        return _offer("risks", incomplete)
    return [(f"no-{id_}", f"not: {title}") for id_, title in _offer("risks", incomplete.removeprefix("no-"))]


def complete_sections(incomplete: str) -> Offers:
    """The kinds of entry."""
    from ivig_dose.report.entries import SECTIONS

    return [(name, "") for name in SECTIONS if name.startswith(incomplete.lower())]


def complete_words(*words: str) -> Callable[[str], Offers]:
    """A completion that offers these words."""

    def complete(incomplete: str) -> Offers:
        return [(word, "") for word in words if word.lower().startswith(incomplete.lower())]

    return complete


def complete_everything(incomplete: str) -> Offers:
    """Ids of every kind of entry."""
    sections = ("indications", "regimens", "products", "weight_policies", "risks", "safety", "sources")
    return [offer for section in sections for offer in _offer(section, incomplete)]


def _offer(section: str, incomplete: str, indication: str = "") -> Offers:
    try:
        from ivig_dose.catalogue.loader import load_catalogue

        catalogue = load_catalogue()
        entries: Mapping[str, Any] = getattr(catalogue, section)
        chosen = catalogue.indications.get(indication.lower())
        ids = entries if chosen is None else chosen.regimens
        return [(id_, _title(entries[id_])) for id_ in ids if id_.startswith(incomplete.lower())]
    except Exception:  # a traceback would land in the middle of the line that is being typed
        return []


def _title(entry: Any) -> str:
    return str(getattr(entry, "title", None) or getattr(entry, "name", ""))
