"""`ivig-dose compare`: all weight policies, and all rounding policies, side by side for one patient."""

from ivig_dose.catalogue.models import Catalogue
from ivig_dose.cli import terminal
from ivig_dose.cli.boundary import CommandUsageError
from ivig_dose.cli.command import StrictCommand, new_app, takes
from ivig_dose.cli.options import CatalogueOptions, OutputOptions, PatientOptions
from ivig_dose.cli.plans import accept, open_catalogue, read_form, read_options, today
from ivig_dose.core.plan import make_plan
from ivig_dose.core.request import Request
from ivig_dose.core.results import Plan
from ivig_dose.problems import Refusal

app = new_app()

Comparison = dict[str, Plan | Refusal]

EXAMPLES = """
    ivig-dose compare cidp --weight 118 --height 170 --sex F --age 54
    ivig-dose compare cidp -w 118 --height 170 --sex F --product privigen-us --json
"""


class CompareOptions(CatalogueOptions, OutputOptions, PatientOptions):
    """What `compare` takes."""


@app.command(cls=StrictCommand, epilog=EXAMPLES)
@takes(CompareOptions)
def compare(options: CompareOptions) -> None:
    """Show every weight policy side by side: dosing weight, grams, and the branch that was taken or what is missing.

    Below them stand the rounding policies, at the default weight policy.

    Exit codes: 0 at least one policy gives a plan, 2 usage, 3 the catalogue is not usable, 4 all refuse.
    """
    form = read_form(options, ("table", "json"))
    if options.weight_policy is not None:
        raise CommandUsageError("compare shows all weight policies", "leave --weight-policy out")
    request = read_options(options)
    catalogue = open_catalogue(options.catalogue)
    results = plan_by_policy(request, catalogue)
    if not any(isinstance(result, Plan) for result in results.values()):
        accept(next(iter(results.values())), request, catalogue, form)
    if form == "json":
        terminal.write_document(write_comparison(results, plan_by_rounding(request, catalogue)))
    else:
        from ivig_dose.report.tables.compare import lay_out_comparison

        terminal.show(lay_out_comparison(results, plan_by_rounding(request, catalogue)))


def plan_by_policy(request: Request, catalogue: Catalogue) -> Comparison:
    """The plan or the refusal of each weight policy of the catalogue, by the policy's id."""
    now = today()
    return {
        policy: make_plan(request._replace(weight_policy=policy), catalogue, now)
        for policy in catalogue.weight_policies
    }


def plan_by_rounding(request: Request, catalogue: Catalogue) -> Comparison:
    """The plan or the refusal of each rounding policy, by its id; none where the request names its own rounding."""
    if request.rounding is not None or request.rounding_policy is not None or request.stock is not None:
        return {}
    now = today()
    return {
        policy: make_plan(request._replace(rounding_policy=policy), catalogue, now)
        for policy in catalogue.rounding_policies
    }


def write_comparison(results: Comparison, roundings: Comparison) -> str:
    """The comparison as JSON: for each policy the document of its plan or of its refusal, then each rounding policy."""
    from ivig_dose.report.as_json import SCHEMA, dump, plan_document, refusal_document, rounding_document

    documents = [
        plan_document(result, {"policy": policy})
        if isinstance(result, Plan)
        else refusal_document(result, None, {"policy": policy})
        for policy, result in results.items()
    ]
    rounded = [rounding_document(policy, result) for policy, result in roundings.items()]
    return dump({"schema": SCHEMA, "policies": documents, "rounding_policies": rounded})
