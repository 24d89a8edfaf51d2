"""What a request chooses before the patient's weight matters: regimen, product, weight policy, rounding, rates."""

from decimal import Decimal
from typing import Literal, NamedTuple

from ivig_dose.catalogue.models import Catalogue, Indication, Product, RoundingPolicy, VaccineTable, WeightPolicy
from ivig_dose.core.dosing import choose_indication, choose_regimen, refuse_cycles, refuse_known
from ivig_dose.core.ladder import Caps, Concern, Ladder, choose_ladder, starts_anew
from ivig_dose.core.names import find_entry, refuse_unknown
from ivig_dose.core.request import MAX_ROUNDING_STEP_G, Request
from ivig_dose.core.results import Patient, RegimenChoice
from ivig_dose.core.risks import Risks, read_risks
from ivig_dose.core.stock import Shelf
from ivig_dose.core.vials import Grid, StepGrid, VialGrid
from ivig_dose.problems import Refusal
from ivig_dose.quantity import DAYS_PER_YEAR, DOSE_STEP_G, Direction, parse_number, show

ASSUMED_G_PER_100_ML = Decimal(10)
"""The concentration for volumes where no product is named: most products sold today are 10 %."""
NEWBORN_DAYS = 28
PREGNANCY = "pregnancy"
PRODUCT_SWITCH = "product-switch"
RoundingRule = Literal["vial", "step", "none"]


class Choices(NamedTuple):
    """Everything that a plan needs besides the patient's body; one set of choices serves many patients.

    `rule` and its `step_g` and `grid` are what is tried; `rounding_named` says that the request itself named them, so
    that nothing else is given in their place. `sizes_g` are the vials of the product, none where none is named.
    `ladder` is for a patient whom the label's words for patients at risk do not concern: see `slow_for_risk`.
    """

    catalogue: Catalogue
    indication: Indication
    regimen: RegimenChoice
    policy: WeightPolicy
    product: Product | None
    g_per_100_ml: Decimal
    rule: RoundingRule
    rounding_named: bool
    rounding_policy: RoundingPolicy | None
    step_g: Decimal | None
    grid: Grid
    sizes_g: tuple[Decimal, ...]
    direction: Direction
    tolerance_percent: Decimal
    day_tolerance_percent: Decimal
    stock: Shelf | None
    risks: Risks
    ladder: Ladder | None
    caps: Caps
    pump_step_ml_per_h: Decimal
    vaccine_table: VaccineTable
    cycles: int


def resolve_choices(request: Request, catalogue: Catalogue) -> Choices | Refusal:
    """The entries that the request names and the defaults for what it does not say, or the first refusal met."""
    defaults = catalogue.defaults
    indication = choose_indication(request, catalogue)
    if isinstance(indication, Refusal):
        return indication
    regimen = choose_regimen(request, indication, catalogue)
    if isinstance(regimen, Refusal):
        return regimen
    refusal = refuse_cycles(regimen, request.cycles)
    if refusal is not None:
        return refusal
    policy_name = defaults.weight_policy if request.weight_policy is None else request.weight_policy
    policy = find_entry(policy_name, catalogue.weight_policies)
    if policy is None:
        return refuse_known("policy", policy_name, catalogue) or refuse_unknown(
            "weight-policy", policy_name, catalogue.weight_policies
        )
    product_name = defaults.product if request.product is None else request.product
    product = None if product_name is None else find_entry(product_name, catalogue.products)
    if product_name is not None and product is None:
        return refuse_known("product", product_name, catalogue) or refuse_unknown(
            "product", product_name, catalogue.products
        )
    risks = read_risks(request.risks, catalogue.risks)
    if isinstance(risks, Refusal):
        return risks
    rounding = _choose_rounding_policy(request, catalogue)
    if isinstance(rounding, Refusal):
        return rounding
    grid = _choose_grid(request, catalogue, product, rounding)
    if isinstance(grid, Refusal):
        return grid
    rule, step_g, doses = grid
    tolerance_percent = defaults.tolerance_percent
    if rounding is not None and rounding.tolerance_percent is not None:
        tolerance_percent = rounding.tolerance_percent
    if request.max_rate is not None and product is None:
        return Refusal(
            "max-rate-needs-product",
            "pump steps depend on the product, and none is named",
            "add --product, or leave --max-rate out",
            kind="usage",
        )
    caps = Caps(defaults.at_risk, indication.maximum_rate, request.max_rate)
    return Choices(
        catalogue=catalogue,
        indication=indication,
        regimen=regimen,
        policy=policy,
        product=product,
        g_per_100_ml=product.g_per_100_ml if product else ASSUMED_G_PER_100_ML,
        rule=rule,
        rounding_named=request.rounding is not None,
        step_g=step_g,
        grid=doses,
        sizes_g=tuple(vial.g for vial in product.vials) if product else (),
        rounding_policy=rounding,
        direction=request.round_direction or (rounding.direction if rounding else defaults.round_direction),
        tolerance_percent=_first_given(request.tolerance_percent, tolerance_percent),
        day_tolerance_percent=defaults.day_tolerance_percent,
        stock=request.stock,
        risks=risks,
        ladder=None if product is None else choose_ladder(product, indication.id, starts_anew(risks), caps=caps),
        caps=caps,
        pump_step_ml_per_h=_first_given(request.pump_step_ml_per_h, defaults.pump_step_ml_per_h),
        vaccine_table=catalogue.vaccines[defaults.vaccine_table],
        cycles=request.cycles,
    )


def slow_for_risk(choices: Choices, concern: Concern) -> Choices:
    """The same choices with the product's rates for a patient whom the label's or the class's words concern."""
    product = choices.product
    if product is None:
        return choices
    first = starts_anew(choices.risks)
    return choices._replace(ladder=choose_ladder(product, choices.indication.id, first, concern, choices.caps))


def _first_given(asked: Decimal | None, default: Decimal) -> Decimal:
    return default if asked is None else asked


GridChoice = tuple[RoundingRule, Decimal | None, Grid]
EXACT_GRID: GridChoice = "none", DOSE_STEP_G, StepGrid(DOSE_STEP_G)


def exact_for_newborn(choices: Choices, patient: Patient) -> Choices:
    """The choices without rounding where a rounding policy would be applied to a newborn; else as they are."""
    if choices.rounding_policy is None or not is_newborn(choices, patient):
        return choices
    rule, step_g, grid = EXACT_GRID
    return choices._replace(rule=rule, step_g=step_g, grid=grid)


def is_newborn(choices: Choices, patient: Patient) -> bool:
    """Whether the patient is known to be in the first 28 days of life, by age or by whom the regimen is for."""
    population = choices.regimen.regimen.population
    for_newborns = population is not None and population.age_days_at_most is not None
    return for_newborns or (patient.age_years is not None and patient.age_years * DAYS_PER_YEAR < NEWBORN_DAYS)


def _choose_rounding_policy(request: Request, catalogue: Catalogue) -> RoundingPolicy | Refusal | None:
    """The policy that the request names, or the site's where the request names no rounding of its own."""
    name = request.rounding_policy
    if name is None:
        name = None if request.rounding is not None or request.stock is not None else catalogue.defaults.rounding_policy
    elif request.rounding is not None:
        return Refusal(
            "rounding-twice",
            f"rounding policy {name} and --round are both given",
            "give one of them",
            kind="usage",
        )
    if name is None:
        return None
    policy = find_entry(name, catalogue.rounding_policies)
    return policy or refuse_unknown("rounding-policy", name, catalogue.rounding_policies)


def _choose_grid(
    request: Request, catalogue: Catalogue, product: Product | None, policy: RoundingPolicy | None
) -> GridChoice | Refusal:
    """The rounding rule, its step and the grid of doses."""
    sizes_g = tuple(vial.g for vial in product.vials) if product else ()
    if request.stock is not None:
        refusal = _refuse_stock(request, product, sizes_g)
        if refusal is not None:
            return refusal
        return EXACT_GRID if request.rounding == "none" else ("vial", None, VialGrid(sizes_g))
    asked: Literal["vial", "none"] | Decimal
    if policy is not None:
        asked = _read_policy(policy, product, named=request.rounding_policy is not None)
    elif request.rounding is not None:
        asked = request.rounding
    else:
        asked = _read_default(catalogue.defaults.rounding, product)
    if asked == "none":
        return EXACT_GRID
    if asked == "vial":
        if product is None:
            return Refusal(
                "rounding-needs-product",
                "whole vials depend on the product, and none is named",
                "add --product, or round to a step in grams such as --round 5g",
                kind="usage",
            )
        return "vial", None, VialGrid(sizes_g)
    if not 0 < asked <= MAX_ROUNDING_STEP_G or asked % DOSE_STEP_G:
        return Refusal(
            "rounding-step-unusable",
            f"{show(asked, 12)} g is no rounding step",
            f"give a step of {show(DOSE_STEP_G)} to {show(MAX_ROUNDING_STEP_G)} g, such as --round 5g",
            kind="usage",
        )
    return "step", asked, VialGrid(sizes_g, asked) if product else StepGrid(asked)


def _read_policy(policy: RoundingPolicy, product: Product | None, named: bool) -> Literal["vial", "none"] | Decimal:
    """What a policy rounds to; a site's own leaves grams exact where it asks for vials and no product is named."""
    if policy.rule == "step" and policy.step_g is not None:
        return policy.step_g
    if policy.rule == "vial" and (named or product is not None):
        return "vial"
    return "none"


def _refuse_stock(request: Request, product: Product | None, sizes_g: tuple[Decimal, ...]) -> Refusal | None:
    if product is None:
        return Refusal(
            "stock-needs-product",
            "vials on the shelf belong to a product, and none is named",
            "add --product",
            kind="usage",
        )
    if request.rounding not in (None, "vial", "none"):
        return Refusal(
            "stock-needs-vials",
            "doses from stock are made of its vials and not of a step in grams",
            "leave --round out, or leave --stock out",
            kind="usage",
        )
    strange = [size for size, _ in request.stock or () if size not in sizes_g]
    if strange:
        return Refusal(
            "stock-not-of-product",
            f"{product.id} has no vial of {show(strange[0])} g",
            f"its vials are {', '.join(show(size) for size in sizes_g)} g",
            kind="usage",
        )
    return None


def _read_default(rounding: str | None, product: Product | None) -> Literal["vial", "none"] | Decimal:
    """The site's default rounding; whole vials where a product is named and the site does not say."""
    if rounding in (None, "vial"):
        return "vial" if product else "none"
    if rounding == "none":
        return "none"
    return parse_number(str(rounding).removesuffix("g").strip(), "rounding step")
