"""`ivig-dose check`: an order compared with the plan."""

from typing import Annotated

import typer

from ivig_dose.cli import terminal
from ivig_dose.cli.boundary import CommandUsageError, leave
from ivig_dose.cli.command import StrictCommand, new_app, takes
from ivig_dose.cli.exits import ExitCode
from ivig_dose.cli.options import CatalogueOptions, OutputOptions, PatientOptions
from ivig_dose.cli.plans import accept, open_catalogue, read_form, read_options, today
from ivig_dose.core.order import check_order
from ivig_dose.core.order_text import parse_ordered

app = new_app()

EXAMPLES = """
    ivig-dose check gbs --weight 75 --ordered "150 g/day" --days 5
    ivig-dose check itp -w 70 --ordered "0.4 g/kg/day"
    ivig-dose check cidp -w 118 --height 170 --sex F --weight-policy adjusted --ordered "165 g/course" --json
"""


class CheckOptions(CatalogueOptions, OutputOptions, PatientOptions):
    """What `check` takes."""

    ordered: Annotated[
        str | None,
        typer.Option(
            "--ordered",
            metavar="ORDER",
            help='As written (needed): "30 g/day", "28 g daily x 5", "2 g/kg over 5 days", "30 g every 4 weeks".',
        ),
    ] = None
    explain: Annotated[bool, typer.Option("--explain", help="Show every note.")] = False


@app.command(cls=StrictCommand, epilog=EXAMPLES)
@takes(CheckOptions)
def check(options: CheckOptions) -> None:
    """Compare an order with the plan, say match or mismatch, and name the slip that would explain a mismatch.

    Exit codes: 0 match, 6 mismatch, 2 usage, 3 the catalogue is not usable, 4 refused (no dose is given).
    """
    form = read_form(options, ("table", "json"))
    if options.ordered is None:
        raise CommandUsageError("the order is missing", 'give it as written: --ordered "30 g/day"')
    ordered = parse_ordered(options.ordered)
    request = read_options(options)
    catalogue = open_catalogue(options.catalogue)
    result = accept(check_order(request, ordered, catalogue, today()), request, catalogue, form, ordered.text)
    if form == "json":
        from ivig_dose.report.as_json import check_document, dump

        terminal.write_document(dump(check_document(result)))
    else:
        from ivig_dose.report.tables.check import lay_out_check

        terminal.show(lay_out_check(result, options.explain))
    if result.status == "mismatch":
        leave(ExitCode.MISMATCH)
