"""The single slips that turn an expected dose into the ordered one, ranked by how near they come, then by likelihood.

Each slip is a function from the situation to courses in grams with their arithmetic. One that comes to the order within
1 % is exact and stands above all that only come near; among exact ones the likelier comes first, among near ones the
nearer.
"""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from ivig_dose.core import slips_of_patient as of_patient
from ivig_dose.core import slips_of_writing as of_writing
from ivig_dose.core.results import Slip
from ivig_dose.core.slip_situation import EXACT_PERCENT, Situation
from ivig_dose.quantity import ZERO, Ratio

_SLIPS: Final[tuple[Callable[[Situation], Iterator[Slip]], ...]] = (
    of_writing.course_taken_as_daily,
    of_writing.daily_taken_as_course,
    of_writing.wrong_number_of_days,
    of_writing.wrong_interval,
    of_writing.milligrams,
    of_writing.grams_per_kg,
    of_patient.height_taken_as_weight,
    of_patient.pounds,
    of_patient.other_weight,
    of_patient.other_regimen,
    of_writing.volume_at_other_strength,
    of_writing.decimal_point,
    of_writing.several_products,
    of_writing.grams_at_other_strength,
    of_writing.vial_size,
    of_patient.weight_taken_as_dose,
    of_patient.other_indication,
)
"""The likeliest first."""
OF_WEIGHT_OR_UNIT: Final = frozenset(
    {
        "mg-for-g",
        "g-for-mg",
        "height-weight-swapped",
        "pounds-taken-as-kg",
        "kg-taken-as-pounds",
        "ideal-weight-used",
        "adjusted-weight-used",
        "actual-weight-used",
        "decimal-shifted",
    }
)
"""Slips whose dose may by chance lie near that of another regimen."""


class _Ranked(NamedTuple):
    slip: Slip
    off_percent: Ratio
    likelihood: int

    @property
    def rank(self) -> tuple[bool, Ratio, int]:
        near = self.off_percent.is_above(EXACT_PERCENT)
        return near, self.off_percent if near else Ratio(ZERO), self.likelihood


def list_slips(situation: Situation) -> list[Slip]:
    """Every slip that explains the order, exact ones first; an old weight last, and only for want of a better one."""
    found: dict[tuple[str, str], _Ranked] = {}
    for likelihood, explain in enumerate(_SLIPS):
        for slip in explain(situation):
            off = situation.off_percent(slip.course_g)
            if off.is_above(situation.near_percent):
                continue
            ranked = _Ranked(slip, off, likelihood)
            key = (slip.id, slip.text)
            if key not in found or ranked.rank < found[key].rank:
                found[key] = ranked
    slips = [ranked.slip for ranked in sorted(found.values(), key=lambda ranked: ranked.rank)]
    return slips + list(of_patient.old_weight(situation, explained=bool(slips)))
