"""Checking an order: against every regimen of the indication, and the single slip that would explain a mismatch."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, localcontext
from typing import Final, Literal, NamedTuple

from ivig_dose.catalogue.models import Catalogue
from ivig_dose.core.calculation import Calculation
from ivig_dose.core.dosing import refuse_known
from ivig_dose.core.interval import is_same_interval
from ivig_dose.core.names import find_entry, join_or, refuse_unknown
from ivig_dose.core.notices import arrange
from ivig_dose.core.order_dose import (
    difference_percent,
    find_in_range,
    is_interval_of,
    is_right,
    lay_dose,
    list_broken_limits,
    nearest_difference,
    note_range,
)
from ivig_dose.core.order_findings import list_conflicts, list_differences, note_unwritten
from ivig_dose.core.order_parts import find_products
from ivig_dose.core.order_words import HINT
from ivig_dose.core.order_written import WrittenOrder
from ivig_dose.core.plan import Planner, complete_plan
from ivig_dose.core.request import Request
from ivig_dose.core.results import Agreement, Finding, OrderCheck, OrderedDose, Tolerance
from ivig_dose.core.slip_situation import EXACT_PERCENT, Situation
from ivig_dose.core.slips import OF_WEIGHT_OR_UNIT, list_slips
from ivig_dose.problems import Notice, Refusal
from ivig_dose.quantity import EXACT, Ratio, show

MAX_ORDER_TOLERANCE_PERCENT: Final = Decimal(20)
"""More than this is another dose: HOPA's limit for rounding is 10 %, and no source allows twice that."""
OF_THE_DOSE: Final = ("days", "interval", "grams", "limit", "part-vials")
"""Findings that a slip of the dose would explain; one in the rate or the product has no such explanation."""
OTHER_FIGURES: Final = ("days-out-of-range", "g-per-kg-out-of-range", "regimen-needed")
"""Refusals of the chosen regimen that leave the other regimens of the indication to be tried."""


def check_order(
    request: Request,
    ordered: WrittenOrder,
    catalogue: Catalogue,
    today: date | None = None,
    tolerance: Tolerance | None = None,
) -> OrderCheck | Refusal:
    """The verdict on an order: match, match in range, match with another regimen, or mismatch with its slips.

    Both the calculated and the given dose are right answers, within the tolerance. Without one, the request's or the
    catalogue's counts, in both directions. Refused where no regimen of the indication gives a dose, and where the
    order cannot be compared: grams without a basis for more than one day, a volume without a strength.
    """
    return judge_order(request, ordered, Planner(catalogue, today), tolerance)


def judge_order(
    request: Request, ordered: WrittenOrder, planner: Planner, tolerance: Tolerance | None = None
) -> OrderCheck | Refusal:
    """`check_order` with a planner that has the catalogue, for many orders."""
    with localcontext(EXACT):
        if tolerance is None:
            percent = request.tolerance_percent
            percent = planner.catalogue.defaults.tolerance_percent if percent is None else percent
            tolerance = Tolerance(*(request.order_tolerance_percent or (percent, percent)))
        named = name_product(request, ordered, planner.catalogue)
        return named if isinstance(named, Refusal) else _Judge(named, ordered, planner, tolerance).judge()


def name_product(request: Request, ordered: WrittenOrder, catalogue: Catalogue) -> Request | Refusal:
    """The request with the product that the order writes, where it names none itself."""
    if ordered.product is None:
        return request
    found = find_products(ordered.product, ordered.g_per_100_ml, catalogue.products.values())
    if not found:
        return refuse_known("product", ordered.product, catalogue) or refuse_unknown(
            "product", ordered.product, catalogue.products
        )
    if request.product is not None:
        return request
    if len(found) == 1:
        return request._replace(product=found[0].id)
    names = join_or([product.id for product in found])
    return Refusal(
        "order-product-unclear",
        f"{ordered.product} is more than one product: {names}",
        "name it with --product",
        kind="usage",
    )


def _refuse_other_doses(request: Request) -> Refusal | None:
    """An order is held against a whole course of one regimen: the refusal of anything else, or None."""
    if not (request.given or request.then or request.igg_g_per_l or request.igg_target_g_per_l):
        return None
    return Refusal(
        "order-with-treatment",
        "an order is checked against one whole course, and doses given, a next phase or a level of IgG were said",
        "leave them out, or plan the rest with ivig-dose dose and compare it with the order",
        kind="usage",
    )


class _Found(NamedTuple):
    """A regimen that the order agrees with, at the order's own days and grams, and whether these are its defaults."""

    regimen: str
    at_default: bool
    calculation: Calculation
    dose: OrderedDose


class _Judge:
    """One order for one patient, held against the regimens of the indication."""

    def __init__(self, request: Request, ordered: WrittenOrder, planner: Planner, tolerance: Tolerance) -> None:
        self.request = request
        self.ordered = ordered
        self.planner = planner
        self.tolerance = tolerance

    def judge(self) -> OrderCheck | Refusal:
        """The verdict, or why the order cannot be compared."""
        refusal = _refuse_other_doses(self.request) or self._refuse_tolerance()
        refusal = refusal or self._refuse_volume() or self._refuse_rate()
        if refusal is not None:
            return refusal
        expected = self.planner.calculate(self.request)
        if isinstance(expected, Refusal) and expected.rule not in OTHER_FIGURES:
            return expected
        found = self._find_agreement(expected)
        if found is not None and not self._is_rather_a_slip(found, expected):
            return self._answer_match(found)
        if isinstance(expected, Refusal):
            asked, expected = expected, self.planner.calculate(self.request._replace(days=None))
            if isinstance(expected, Refusal):
                return asked
        return self._refuse_basis(expected) or self._answer_mismatch(expected)

    def _refuse_tolerance(self) -> Refusal | None:
        most = max(self.tolerance)
        if most <= MAX_ORDER_TOLERANCE_PERCENT:
            return None
        return Refusal(
            "order-tolerance-too-wide",
            f"a tolerance of {show(most)} % is more than an order may differ, {show(MAX_ORDER_TOLERANCE_PERCENT)} %",
            f"give --tolerance {show(MAX_ORDER_TOLERANCE_PERCENT)} or less",
            kind="usage",
        )

    def _refuse_volume(self) -> Refusal | None:
        written, product = self.ordered, self.request.product or self.planner.catalogue.defaults.product
        if product is not None or written.g_per_100_ml or all(each.unit != "mL" for each in written.amounts):
            return None
        return Refusal(
            "order-needs-strength",
            f"{written.text} has a volume, and neither the product nor its strength is named",
            "add --product, or write the strength: 300 mL/day of 10 %",
            kind="usage",
        )

    def _refuse_rate(self) -> Refusal | None:
        if not self.ordered.rate:
            return None
        catalogue = self.planner.catalogue
        name = self.request.product or catalogue.defaults.product
        if name is None:
            return Refusal(
                "order-rate-needs-product",
                "the order has a rate, and no product is named whose rates it could be held against",
                "add --product",
                kind="usage",
            )
        product = find_entry(name, catalogue.products)
        if product is None or product.rates:
            return None
        return Refusal(
            "order-rate-unknown",
            f"the catalogue has no rates of {product.id}, so the ordered rate cannot be checked",
            "hold the rate against the label, and check the order without it",
        )

    def _refuse_basis(self, expected: Calculation) -> Refusal | None:
        choice, per = expected.choices.regimen, self.ordered.main.per
        days = self.ordered.days or choice.days
        if per is None and days > 1:
            return Refusal(
                "order-needs-basis",
                f"{self.ordered.text} does not say whether it is for a day or for the course of {days} days",
                HINT,
                kind="usage",
            )
        if per in ("day", "dose") and choice.regimen.day_pattern is not None:
            return Refusal(
                "order-by-day-unequal",
                f"the days of {choice.regimen.id} differ, so an order for each day cannot be compared",
                "give the order for the course, such as 140 g/course",
                kind="usage",
            )
        return None

    def _find_agreement(self, expected: Calculation | Refusal) -> _Found | None:
        """The best agreement: as chosen, in the chosen regimen's range, then the others in the catalogue's order."""
        chosen, others = self._list_regimens(expected)
        main = self.ordered.main
        if main.per is None and self.ordered.days is None and not isinstance(expected, Refusal):
            others = [] if expected.choices.regimen.days > 1 else others
        first = None if chosen is None else self._try_regimen(chosen, is_chosen=True)
        if first is not None:
            return first
        found = [each for each in (self._try_regimen(name, is_chosen=False) for name in others) if each is not None]
        return next((each for each in found if each.at_default), found[0] if found else None)

    def _is_rather_a_slip(self, found: _Found, expected: Calculation | Refusal) -> bool:
        """Whether the order only comes near another dose, and exactly to a slip of weight or unit.

        25 kg on 2 g/kg, written in pounds and converted once more, is 22.68 g: 9 % from another regimen's 25 g.
        """
        if isinstance(expected, Refusal):
            return False
        if found.at_default and found.regimen == expected.choices.regimen.regimen.id:
            return False
        off = difference_percent(found.dose.course_g, found.calculation.dose.course_g)
        if not Ratio(abs(off.numerator), off.denominator).is_above(EXACT_PERCENT):
            return False
        dose = lay_dose(self.ordered, expected)
        situation = Situation(self.request, self.ordered, self.planner, expected, dose, EXACT_PERCENT)
        return any(slip.id in OF_WEIGHT_OR_UNIT for slip in list_slips(situation))

    def _list_regimens(self, expected: Calculation | Refusal) -> tuple[str | None, Sequence[str]]:
        """The regimen that is chosen, and the others that an order may agree with."""
        indication = find_entry(self.request.indication, self.planner.catalogue.indications)
        if not isinstance(expected, Refusal):
            chosen: str | None = expected.choices.regimen.regimen.id
        elif self.request.regimen is not None or indication is None:
            chosen = self.request.regimen
        else:
            chosen = None if expected.rule == "regimen-needed" else indication.regimens[0]
        if self.request.regimen is not None or indication is None:
            return chosen, ()
        return chosen, [name for name in indication.regimens if name != chosen]

    def _try_regimen(self, name: str, is_chosen: bool) -> _Found | None:
        """How the order agrees with one regimen; None where it does not."""
        written, request = self.ordered, self.request._replace(regimen=name)
        if written.days is not None and request.days not in (None, written.days):
            return None
        asked = request._replace(days=written.days or request.days)
        if written.courses is not None:
            asked = asked._replace(cycles=written.courses, until=None)
        calculation = self.planner.calculate(asked)
        if isinstance(calculation, Refusal) or not is_interval_of(calculation.choices.regimen, written.interval):
            return None
        if self._cannot_compare(calculation):
            return None
        dose = lay_dose(written, calculation)
        at_default = is_right(dose.course_g, calculation, self.tolerance)
        if self._hangs_on_assumed_days(dose, calculation, as_asked=at_default and is_chosen):
            return None
        if not at_default:
            in_range = self._plan_in_range(calculation, dose, asked)
            if in_range is None:
                return None
            calculation = in_range
        if any(list_broken_limits(dose, calculation)):
            return None
        at_default = at_default and self._has_default_days(calculation) and self._has_default_interval(calculation)
        return _Found(name, at_default, calculation, dose)

    def _cannot_compare(self, calculation: Calculation) -> bool:
        choice, per = calculation.choices.regimen, self.ordered.main.per
        days = self.ordered.days or choice.days
        return (per is None and days > 1) or (per in ("day", "dose") and choice.regimen.day_pattern is not None)

    def _hangs_on_assumed_days(self, dose: OrderedDose, calculation: Calculation, as_asked: bool) -> bool:
        """Whether the order would only agree because days were assumed for it that it does not write.

        A dose for each day is never taken for a single one, and it fills a course only in the days that were asked for.
        """
        if not dose.days_assumed or self.ordered.main.per not in ("day", "dose"):
            return False
        regimen = calculation.choices.regimen.regimen
        return regimen.days.high == 1 or not (as_asked or regimen.basis == "per_day")

    def _plan_in_range(self, calculation: Calculation, dose: OrderedDose, asked: Request) -> Calculation | None:
        """The calculation at the order's own g/kg, where the regimen's range has it and no g/kg was asked for."""
        if asked.g_per_kg is not None:
            return None
        g_per_kg = find_in_range(dose.course_g, calculation, self.tolerance)
        if g_per_kg is None:
            return None
        own = self.planner.calculate(asked._replace(g_per_kg=g_per_kg))
        return None if isinstance(own, Refusal) or not is_right(dose.course_g, own, self.tolerance) else own

    def _has_default_days(self, calculation: Calculation) -> bool:
        choice = calculation.choices.regimen
        return choice.days == (self.request.days or choice.regimen.days.default)

    def _has_default_interval(self, calculation: Calculation) -> bool:
        written, usual = self.ordered.interval, calculation.choices.regimen.interval
        return written is None or usual is None or is_same_interval(written, usual)

    def _answer_match(self, found: _Found) -> OrderCheck | Refusal:
        """The answer where grams, days and interval agree: a mismatch where something else conflicts."""
        expected = self.planner.calculate(self.request._replace(regimen=found.regimen))
        if isinstance(expected, Refusal):
            expected = found.calculation
        conflicts = tuple(list_conflicts(self.ordered, found.dose, found.calculation, self.tolerance))
        chosen = self.planner.calculate(self.request)
        is_chosen = isinstance(chosen, Calculation) and chosen.choices.regimen.regimen.id == found.regimen
        as_chosen: Literal["chosen", "in-range"] = "chosen" if found.at_default else "in-range"
        agreement = Agreement(found.regimen, as_chosen if is_chosen else "other-regimen")
        return self._answer(
            expected, found.dose, None if conflicts else agreement, conflicts, found.calculation.notices
        )

    def _answer_mismatch(self, expected: Calculation) -> OrderCheck:
        dose = lay_dose(self.ordered, expected, self.request.days)
        findings = (
            *list_differences(self.ordered, dose, expected, self.tolerance),
            *list_conflicts(self.ordered, dose, expected, self.tolerance),
        )
        return self._answer(expected, dose, None, findings, expected.notices)

    def _answer(
        self,
        expected: Calculation,
        dose: OrderedDose,
        agreement: Agreement | None,
        findings: tuple[Finding, ...],
        notices: Sequence[Notice],
    ) -> OrderCheck:
        situation = Situation(self.request, self.ordered, self.planner, expected, dose, max(self.tolerance))
        said = [
            *(list(list_broken_limits(dose, expected)) or note_range(dose, expected)),
            *note_unwritten(self.ordered, dose, expected),
            *notices,
        ]
        equal = expected.choices.regimen.regimen.day_pattern is None
        return OrderCheck(
            status="mismatch" if agreement is None else "match",
            agrees_with=agreement,
            ordered=self.ordered,
            dose=dose,
            expected_day_g=max(expected.given.days_g) if equal else None,
            expected_course_g=expected.given.rounding.course_g,
            difference_percent=nearest_difference(dose.course_g, expected),
            tolerance=self.tolerance,
            findings=findings,
            slips=tuple(list_slips(situation)) if any(each.id in OF_THE_DOSE for each in findings) else (),
            notices=arrange(said),
            plan=complete_plan(expected)._replace(request=self.request),
        )
