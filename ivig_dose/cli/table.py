"""`ivig-dose table`: a grid by weight, as wards print it."""

from typing import Annotated

import typer

from ivig_dose.cli import terminal
from ivig_dose.cli.boundary import CommandUsageError
from ivig_dose.cli.command import StrictCommand, new_app, takes
from ivig_dose.cli.options import CatalogueOptions, IndicationOptions, OutputOptions, RequestOptions
from ivig_dose.cli.plans import CSV_FORMS, Form, accept, list_texts, open_catalogue, read_form, today, write_csv
from ivig_dose.core.grid import plan_weights, read_weights_kg
from ivig_dose.core.plan import describe_origin
from ivig_dose.core.reading import read_request
from ivig_dose.core.results import Origin
from ivig_dose.problems import Refusal
from ivig_dose.report.weight_grid import GridRow, find_falls

app = new_app()

EXAMPLES = """
    ivig-dose table itp --weights 40:100:5 --product privigen-us
    ivig-dose table kawasaki --weights 5:30:2.5 --product gamunex-c --format markdown
    ivig-dose table pid --weights 50,60,75 --json
"""


class TableOptions(CatalogueOptions, OutputOptions, RequestOptions, IndicationOptions):
    """What `table` takes."""

    PANEL = "Patient"

    weights: Annotated[
        str | None,
        typer.Option("--weights", metavar="FROM:TO:STEP", help="In kg: 40:100:5, or a list: 50,60,75 (needed)."),
    ] = None


@app.command(cls=StrictCommand, epilog=EXAMPLES)
@takes(TableOptions)
def table(options: TableOptions) -> None:
    """Print the plan for each of a range of weights: grams, vials, volume, rates of each step and total time.

    The grid is checked: no dose, volume or rate of a step may fall as weight rises. Where one does, as with a weight
    policy that changes to a lower weight at a threshold, no grid is printed.

    Exit codes: 0 a grid (a weight that is refused says so in its line), 2 usage, 3 the catalogue is not usable,
    4 every weight is refused, or a figure falls.
    """
    form = read_form(options)
    if options.weights is None:
        raise CommandUsageError("the weights are missing", "give a range in kg: --weights 40:100:5")
    weights_kg = read_weights_kg(options.weights)
    request = read_request(
        **list_texts(options),
        indication=options.indication,
        weight=format(weights_kg[0], "f"),
        risks=tuple(options.risk or ()),
    )
    catalogue = open_catalogue(options.catalogue)
    rows = [GridRow(*planned) for planned in plan_weights(request, weights_kg, catalogue, today())]
    refusals = [row.result for row in rows if isinstance(row.result, Refusal)]
    if len(refusals) == len(rows) or (refusals and refusals[0].kind == "usage"):
        accept(refusals[0], request, catalogue, form)
    falls = find_falls(rows)
    if falls:
        accept(refuse_falls(falls), request, catalogue, form)
    write_grid(rows, describe_origin(catalogue), form)


def refuse_falls(falls: list[str]) -> Refusal:
    """The refusal of a grid in which a heavier patient would read a smaller figure."""
    more = f" (and {len(falls) - 1} more)" if len(falls) > 1 else ""
    return Refusal(
        "grid-falls",
        f"no grid is printed, because {falls[0]}{more}",
        "print the weights on each side of the threshold by themselves, or use `ivig-dose dose` for each patient",
    )


def write_grid(rows: list[GridRow], origin: Origin, form: Form) -> None:
    """Write the grid to stdout in the form that was asked for."""
    if form == "json":
        from ivig_dose.report.as_json import dump
        from ivig_dose.report.weight_grid import grid_document

        terminal.write_document(dump(grid_document(rows, origin)))
    elif form in CSV_FORMS:
        from ivig_dose.report.weight_grid import grid_csv

        terminal.write_document(write_csv(grid_csv(rows, origin), form))
    elif form == "markdown":
        from ivig_dose.report.as_markdown import grid_markdown

        terminal.write_document(grid_markdown(rows, origin))
    else:
        from ivig_dose.report.tables.grid import lay_out_grid

        terminal.show(lay_out_grid(rows, origin))
