"""Risk facts about a patient: stated to be present, stated to be absent, or not known."""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from ivig_dose.catalogue.models import Risk
from ivig_dose.core.names import find_entry, refuse_unknown
from ivig_dose.problems import Refusal

DENY: Final = "no-"
NONE_ELSE: Final = "none"


class Risks(NamedTuple):
    """Risk facts: those stated to be present, those stated to be absent, and whether all the rest are absent."""

    present: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()
    rest_absent: bool = False

    def state(self, risk: str) -> bool | None:
        """True where the risk is present, False where it is known not to be, None where nobody said."""
        if risk in self.present:
            return True
        return False if self.rest_absent or risk in self.absent else None


def read_risks(typed: Iterable[str], risks: Mapping[str, Risk]) -> Risks | Refusal:
    """The risk facts that a request states: `ID` is present, `no-ID` is absent, `none` is none but those named.

    A risk stated both ways, and an unknown one, is refused.
    """
    present: set[str] = set()
    absent: set[str] = set()
    rest_absent = False
    for name in typed:
        if name.casefold() == NONE_ELSE:
            rest_absent = True
            continue
        entry = find_entry(name, risks)
        if entry is not None:
            present.add(entry.id)
            continue
        # an alias may be narrower than its risk ("no-dvt" does not deny every risk of thrombosis): ids only
        denied = name.casefold().removeprefix(DENY)
        if denied == name.casefold() or denied not in risks:
            return refuse_unknown("risk", name, risks)
        absent.add(denied)
    both = present & absent
    if both:
        first = min(both)
        return Refusal(
            "risk-both-ways",
            f"risk {first} is both stated and denied",
            f"leave out {first} or no-{first}",
            kind="usage",
        )
    return Risks(frozenset(present), frozenset(absent), rest_absent)
