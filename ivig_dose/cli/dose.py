"""`ivig-dose dose`: the plan for one patient."""

from typing import Annotated

import typer

from ivig_dose.catalogue.models import Catalogue
from ivig_dose.cli import terminal
from ivig_dose.cli.boundary import CommandUsageError
from ivig_dose.cli.command import StrictCommand, new_app, takes
from ivig_dose.cli.options import CatalogueOptions, OutputOptions, PatientOptions, TreatmentOptions
from ivig_dose.cli.plans import (
    CSV_FORMS,
    Form,
    accept,
    list_treatment,
    open_catalogue,
    read_form,
    read_options,
    today,
    write_csv,
)
from ivig_dose.core.plan import make_plan
from ivig_dose.core.results import Plan

app = new_app()

EXAMPLES = """
    ivig-dose dose itp --weight 70
    ivig-dose dose cidp -w 118 --height 170 --sex F --weight-policy adjusted --product privigen-us
    ivig-dose dose pid -w 83.7 --start 2026-12-01 --cycles 6
    ivig-dose dose pid -w 64.5 --regimen replacement-label-us --interval "3 weeks" --start 2026-12-01 --until 2027-11-30
    ivig-dose dose cidp -w 70 --regimen induction-divided --then "cidp-maintenance: 8 cycles"
    ivig-dose dose itp -w 70 --given "60 g octagam-10-us" --product gamunex-c
    ivig-dose dose kawasaki -w 12 --stock "10x2,5x2" --product octagam-10-us --json
    ivig-dose dose itp -w 70 --explain
    ivig-dose dose itp -w 70 --product privigen-us --format html > sheet.html
"""


class DoseOptions(CatalogueOptions, OutputOptions, TreatmentOptions, PatientOptions):
    """What `dose` takes."""

    PANEL = "Output"

    explain: Annotated[
        bool, typer.Option("--explain", help="Also show every step of the working, every note and every source.")
    ] = False
    brief: Annotated[bool, typer.Option("--brief", help="Show the dose and the warnings only, on the screen.")] = False


@app.command(cls=StrictCommand, epilog=EXAMPLES)
@takes(DoseOptions)
def dose(options: DoseOptions) -> None:
    """Compute the plan for one patient: grams a day and for the course, schedule, vials, infusion steps, notices.

    Exit codes: 0 a plan, 2 usage, 3 the catalogue is not usable, 4 refused (no dose is given).
    """
    form = read_form(options)
    if options.brief and (options.explain or form != "table"):
        other = "--explain" if options.explain else f"--format {form}"
        raise CommandUsageError(f"--brief and {other} contradict each other", "give one of them")
    request = read_options(options, **list_treatment(options))
    catalogue = open_catalogue(options.catalogue)
    plan = accept(make_plan(request, catalogue, today()), request, catalogue, form)
    write_plan(plan, catalogue, form, options.explain, options.brief)


def write_plan(plan: Plan, catalogue: Catalogue, form: Form, explain: bool, brief: bool) -> None:
    """Write a plan to stdout in the form that was asked for; `brief` is for the screen only."""
    if form == "json":
        from ivig_dose.report.as_json import dump, plan_document

        terminal.write_document(dump(plan_document(plan)))
    elif form in CSV_FORMS:
        from ivig_dose.report.as_csv import plan_csv

        terminal.write_document(write_csv(plan_csv(plan), form))
    elif form == "markdown":
        from ivig_dose.report.as_markdown import plan_markdown

        terminal.write_document(plan_markdown(plan, explain))
    elif form == "html":
        from ivig_dose.report.sheet import write_sheet

        terminal.write_document(write_sheet(plan, catalogue))
    else:
        from ivig_dose.report.tables.dose import lay_out_brief, lay_out_plan

        terminal.show(lay_out_brief(plan) if brief else lay_out_plan(plan, explain))
