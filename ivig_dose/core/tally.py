"""What many answers come to: grams by indication and product, vials to order, what another weight policy would change.

Everything is counted answer by answer, in as little memory as there are indications, products and rules.
"""

from collections import Counter
from decimal import Decimal
from typing import Final, NamedTuple

from ivig_dose.core.calculation import Calculation
from ivig_dose.core.results import OrderCheck, VialCount
from ivig_dose.problems import Refusal
from ivig_dose.quantity import ZERO, Ratio

_SHARE_STEP: Final = Decimal("0.01")


class Use(NamedTuple):
    """What one indication takes of one product: how many rows and the grams given, each over one course."""

    rows: int = 0
    given_course_g: Decimal = ZERO


class PolicyChange(NamedTuple):
    """What another weight policy would give over one course: the grams it saves in some rows and adds in others."""

    compared: int = 0
    refused: int = 0
    saved_g: Decimal = ZERO
    added_g: Decimal = ZERO


class CourseGiven(NamedTuple):
    """What is given of a plan or of the plan that an order was checked against, as far as it is counted.

    `vials` are all that are opened, those of which a part is discarded among them.
    """

    indication: str
    product: str | None
    course_g: Decimal
    within_tolerance: bool
    vials: tuple[VialCount, ...]


class Tally:
    """Sums over answers. `product` is None where a row names none; an order counts with the plan it is checked by."""

    def __init__(self) -> None:
        self.uses: dict[tuple[str, str | None], Use] = {}
        self.vials: Counter[tuple[str, Decimal]] = Counter()
        self.refused_by: Counter[str] = Counter()
        self.outside_tolerance = 0
        self.change = PolicyChange()

    @property
    def given_rows(self) -> int:
        """How many rows have a dose."""
        return sum(use.rows for use in self.uses.values())

    @property
    def given_course_g(self) -> Decimal:
        """The grams of all rows, each over one course."""
        return sum((use.given_course_g for use in self.uses.values()), ZERO)

    @property
    def outside_percent(self) -> Decimal:
        """The share of the rows with a dose whose rounding leaves the tolerance, in percent to 0.01."""
        rows = self.given_rows
        return Ratio(Decimal(100 * self.outside_tolerance), Decimal(rows)).to_step(_SHARE_STEP) if rows else ZERO

    def add(self, result: Calculation | OrderCheck | Refusal) -> None:
        """Count one answer."""
        if isinstance(result, Refusal):
            self.refused_by[result.rule] += 1
            return
        given = find_given(result)
        key = (given.indication, given.product)
        before = self.uses.get(key, Use())
        self.uses[key] = Use(before.rows + 1, before.given_course_g + given.course_g)
        self.outside_tolerance += not given.within_tolerance
        if given.product is not None:
            for vial in given.vials:
                self.vials[given.product, vial.g] += vial.count

    def add_change(self, result: Calculation | OrderCheck, other: Calculation | Refusal) -> None:
        """Count what another weight policy would give in the place of an answer."""
        change = self.change
        if isinstance(other, Refusal):
            self.change = change._replace(refused=change.refused + 1)
            return
        less = find_given(result).course_g - other.given.rounding.course_g
        self.change = change._replace(
            compared=change.compared + 1,
            saved_g=change.saved_g + max(less, ZERO),
            added_g=change.added_g + max(-less, ZERO),
        )

    def merge(self, other: "Tally") -> None:
        """Count the answers of another tally too."""
        for key, use in other.uses.items():
            before = self.uses.get(key, Use())
            self.uses[key] = Use(before.rows + use.rows, before.given_course_g + use.given_course_g)
        self.vials.update(other.vials)
        self.refused_by.update(other.refused_by)
        self.outside_tolerance += other.outside_tolerance
        mine, theirs = self.change, other.change
        self.change = PolicyChange(
            mine.compared + theirs.compared,
            mine.refused + theirs.refused,
            mine.saved_g + theirs.saved_g,
            mine.added_g + theirs.added_g,
        )


def find_given(result: Calculation | OrderCheck) -> CourseGiven:
    """What is given over one course."""
    if isinstance(result, OrderCheck):
        plan = result.plan
        product, rounding, indication = plan.product, plan.rounding, plan.indication
        days = [(day.vials, day.part_vials) for day in plan.schedule if day.cycle == 1]
    else:
        product, rounding, indication = result.choices.product, result.given.rounding, result.choices.indication
        days = list(zip(result.given.vials, result.given.part_vials, strict=True))
    return CourseGiven(
        indication.id,
        None if product is None else product.id,
        rounding.course_g,
        rounding.within_tolerance,
        tuple(vial for whole, part in days for vial in (part.opened if part else whole)),
    )
