"""From the exact dose to what is given: whole vials, a step or exact grams, the vials, and what rounding did.

Whole vials and steps are given only while the course and each day stay inside their tolerances (`core.tolerance`).
Otherwise the exact grams are given, from part vials where a product is named; a request that itself named whole vials
or a step is refused instead.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final, NamedTuple

from ivig_dose.catalogue.models import Product
from ivig_dose.core.choices import EXACT_GRID, Choices
from ivig_dose.core.results import Dose, PartVials, Rounding
from ivig_dose.core.stock import DayVials, open_from_stock, refuse_stock, split_from_stock
from ivig_dose.core.tolerance import allow_exact, allow_grams, change_percent, describe_change, explain_breach
from ivig_dose.core.vials import VialGrid, open_vials, pick_vials, split_course
from ivig_dose.problems import Notice, Refusal
from ivig_dose.quantity import ZERO, Ratio, show, show_ratio

_VOLUME_STEP_ML: Final = Decimal("0.01")
_PRODUCTS_NAMED: Final = 2


class Given(NamedTuple):
    """What is given: the grams of each day, its vials or part vials, and how the course differs from the exact one.

    `instead_of` says why whole vials or the site's step are not given, where exact grams are given in their place.
    """

    days_g: tuple[Decimal, ...]
    vials: tuple[DayVials, ...]
    part_vials: tuple[PartVials | None, ...]
    rounding: Rounding
    instead_of: str | None = None


def round_course(dose: Dose, choices: Choices, dosing_kg: Ratio) -> Given | Refusal:
    """The course as given. Refused where what the request names leaves a tolerance, or the stock holds too little."""
    if choices.rule == "none":
        return _give_exact(dose, choices, dosing_kg, None)
    allowed = allow_grams(dose, choices, dosing_kg)
    if choices.stock is not None:
        taken = split_from_stock(dose.days_g, choices.stock, choices.direction, allowed)
        if taken is not None:
            return _give_whole(*taken, dose, choices)
    else:
        split = split_course(dose.days_g, choices.grid, choices.direction, allowed)
        if split is not None:
            return _give_whole(split, _pick_days(choices.sizes_g, split), dose, choices)
    if choices.stock is not None and choices.rounding_named:
        return refuse_stock(dose.days_g, choices.stock, allowed.course)
    why = _explain(dose, choices, dosing_kg)
    if choices.rounding_named:
        return _refuse_named(why, dose, choices, dosing_kg)
    return _give_exact(dose, choices, dosing_kg, why)


def _give_whole(days_g: tuple[Decimal, ...], vials: tuple[DayVials, ...], dose: Dose, choices: Choices) -> Given:
    return Given(days_g, vials, (None,) * len(days_g), describe_rounding(dose.course_g, sum(days_g, ZERO), choices))


def _pick_days(sizes_g: tuple[Decimal, ...], days_g: tuple[Decimal, ...]) -> tuple[DayVials, ...]:
    if not sizes_g:
        return ((),) * len(days_g)
    picked = {dose_g: pick_vials(sizes_g, dose_g) or () for dose_g in set(days_g)}
    return tuple(picked[dose_g] for dose_g in days_g)


def _give_exact(dose: Dose, choices: Choices, dosing_kg: Ratio, instead_of: str | None) -> Given | Refusal:
    """The grams to 0.001 g, and the vials to open for them where a product is named."""
    rule, step_g, grid = EXACT_GRID
    choices = choices._replace(rule=rule, step_g=step_g, grid=grid)
    days_g = split_course(dose.days_g, grid, choices.direction, allow_exact(dose, choices, dosing_kg))
    if days_g is None:
        raise ValueError("an exact dose lies above a limit that it was refused for")
    opened = _open_days(days_g, choices)
    if opened is None:
        return refuse_stock(dose.days_g, choices.stock or (), None)
    parts = tuple(_measure_part(day, dose_g, choices) for day, dose_g in zip(opened, days_g, strict=True))
    rounding = describe_rounding(dose.course_g, sum(days_g, ZERO), choices)
    vials = tuple(() if part else day for day, part in zip(opened, parts, strict=True))
    return Given(days_g, vials, parts, rounding._replace(part_vials=any(parts)), instead_of)


def _open_days(days_g: tuple[Decimal, ...], choices: Choices) -> tuple[DayVials, ...] | None:
    """The vials to open on each day; none where no product is named, and None where the stock does not hold them."""
    if choices.stock is not None:
        return open_from_stock(days_g, choices.stock)
    if not choices.sizes_g:
        return ((),) * len(days_g)
    opened = {dose_g: open_vials(choices.sizes_g, dose_g) for dose_g in set(days_g)}
    return tuple(opened[dose_g] for dose_g in days_g)


def _measure_part(opened: DayVials, dose_g: Decimal, choices: Choices) -> PartVials | None:
    """What is drawn and discarded; None where the vials are used up, or none are known."""
    opened_g = sum((vial.g * vial.count for vial in opened), ZERO)
    if opened_g in (dose_g, ZERO):
        return None
    drawn_ml = Ratio(dose_g * 100, choices.g_per_100_ml).to_step(_VOLUME_STEP_ML)
    opened_ml = Ratio(opened_g * 100, choices.g_per_100_ml).to_step(_VOLUME_STEP_ML)
    return PartVials(opened, dose_g, drawn_ml, opened_g - dose_g, opened_ml - drawn_ml)


def describe_rounding(exact_g: Ratio, given_g: Decimal, choices: Choices) -> Rounding:
    """What rounding did to a course, and whether that lies within the tolerance."""
    percent = change_percent(given_g, exact_g)
    return Rounding(
        rule=choices.rule,
        step_g=choices.step_g,
        direction=choices.direction,
        course_g=given_g,
        difference_g=Ratio(given_g * exact_g.denominator - exact_g.numerator, exact_g.denominator),
        difference_percent=percent,
        tolerance_percent=choices.tolerance_percent,
        day_tolerance_percent=choices.day_tolerance_percent,
        within_tolerance=abs(percent.numerator) <= choices.tolerance_percent * percent.denominator,
        part_vials=False,
        policy=None if choices.rounding_policy is None else choices.rounding_policy.id,
    )


def _explain(dose: Dose, choices: Choices, dosing_kg: Ratio) -> str:
    """What whole vials or steps would give, and why that is not allowed, as a sentence without its full stop."""
    what = _name_rule(choices)
    if choices.stock is not None:
        return f"{what} make no course within the tolerances of {show_ratio(dose.course_g)} g"
    nearest = split_course(dose.days_g, choices.grid, choices.direction, None)
    if nearest is None:
        raise ValueError("without limits there is always a split")
    return f"{what} would give {explain_breach(nearest, dose, choices, dosing_kg)}"


def _name_rule(choices: Choices) -> str:
    product = f" of {choices.product.id}" if choices.product else ""
    if choices.stock is not None:
        return f"whole vials{product} from this stock"
    return f"whole vials{product}" if choices.rule == "vial" else f"steps of {show(choices.step_g or ZERO)} g{product}"


def _refuse_named(why: str, dose: Dose, choices: Choices, dosing_kg: Ratio) -> Refusal:
    """The refusal of whole vials or a step that the request named, with what to type for the exact grams."""
    exact = _give_exact(dose, choices, dosing_kg, why)
    if isinstance(exact, Refusal):
        return exact
    parts = " from part vials" if exact.rounding.part_vials else ""
    over = f" over {len(exact.days_g)} days" if len(exact.days_g) > 1 else ""
    finer = _name_finer(dose, choices, dosing_kg) if choices.rule == "vial" else ""
    return Refusal(
        "step-outside-tolerance" if choices.rule == "step" else "vials-outside-tolerance",
        why,
        f"type --round none for exactly {show(exact.rounding.course_g)} g{over}{parts}"
        + (f", or choose a product whose vials keep the dose: {finer}" if finer else ""),
        choices.regimen.sources,
    )


def warn_of_tolerance(given: Given, dose: Dose, choices: Choices, dosing_kg: Ratio) -> Iterator[Notice]:
    """Warnings where exact grams stand in for whole vials or a step, and where the direction asked for is not kept."""
    if given.instead_of is not None:
        why = given.instead_of[:1].upper() + given.instead_of[1:]
        finer = _name_finer(dose, choices, dosing_kg)
        if given.rounding.part_vials:
            yield Notice(
                "part-vials",
                "warning",
                f"{why}. Exact grams from part vials: open and draw as listed, discard the rest."
                f"{f' Whole vials would do with {finer}.' if finer else ''}",
            )
        else:
            yield Notice("step-outside-tolerance", "warning", f"{why}. The exact grams are given.")
    difference, direction = given.rounding.difference_g.numerator, given.rounding.direction
    if given.rounding.rule != "none" and (
        (direction == "up" and difference < 0) or (direction == "down" and difference > 0)
    ):
        yield Notice(
            "round-direction-not-kept",
            "warning",
            f"Rounding {direction} was asked for and is not kept: {show(given.rounding.course_g)} g, "
            f"{describe_change(given.rounding.difference_percent)} than the exact {show_ratio(dose.course_g)} g, is "
            f"the nearest that the limits and tolerances allow.",
        )


def _name_finer(dose: Dose, choices: Choices, dosing_kg: Ratio) -> str:
    """The first other products whose whole vials keep the dose, those of the same region first; '' where none do."""
    if choices.product is None:
        return ""
    return ", ".join([product.id for product in _list_finer(dose, choices, dosing_kg)][:_PRODUCTS_NAMED])


def _list_finer(dose: Dose, choices: Choices, dosing_kg: Ratio) -> Iterator[Product]:
    product = choices.product
    region = product.region if product else ""
    allowed = allow_grams(dose, choices, dosing_kg)
    for other in sorted(choices.catalogue.products.values(), key=lambda other: other.region != region):
        if product is not None and other.id == product.id:
            continue
        grid = VialGrid(tuple(vial.g for vial in other.vials))
        if split_course(dose.days_g, grid, choices.direction, allowed) is not None:
            yield other
