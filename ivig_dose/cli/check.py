"""`ivig-dose check`: an order compared with the plan."""

from typing import Annotated

import typer

from ivig_dose.cli import terminal
from ivig_dose.cli.boundary import CommandUsageError, leave
from ivig_dose.cli.command import StrictCommand, new_app, takes
from ivig_dose.cli.completion import complete_products
from ivig_dose.cli.exits import ExitCode
from ivig_dose.cli.options import CatalogueOptions, OutputOptions, PatientOptions
from ivig_dose.cli.plans import accept, open_catalogue, read_form, read_options, today
from ivig_dose.core.order import check_order
from ivig_dose.core.order_parts import OrderReader, OrderTexts
from ivig_dose.core.reading import read_order_tolerance

app = new_app()

EXAMPLES = """
    ivig-dose check gbs --weight 75 --ordered "150 g/day" --days 5
    ivig-dose check itp -w 70 --ordered "0.4 g/kg/day"
    ivig-dose check cidp -w 118 --height 170 --sex F --weight-policy adjusted --ordered "165 g/course" --json
"""


class CheckOptions(CatalogueOptions, OutputOptions, PatientOptions):
    """What `check` takes."""

    PANEL = "Order"

    ordered: Annotated[
        str | None,
        typer.Option(
            "--ordered",
            metavar="ORDER",
            help='As written (needed): "30 g/day", "28 g daily x 5", "2 g/kg over 5 days", "30 g every 4 weeks".',
        ),
    ] = None
    ordered_days: Annotated[
        str | None, typer.Option("--ordered-days", metavar="N", help="Its days, where they stand apart.")
    ] = None
    ordered_interval: Annotated[
        str | None, typer.Option("--ordered-interval", metavar="WEEKS", help='Its interval: "4 weeks", "monthly".')
    ] = None
    ordered_product: Annotated[
        str | None,
        typer.Option(
            "--ordered-product",
            metavar="ID",
            help="Its product; checked against --product.",
            autocompletion=complete_products,
        ),
    ] = None
    ordered_volume: Annotated[
        str | None, typer.Option("--ordered-volume", metavar="ML", help='Its volume: "300 mL", "300 mL/day".')
    ] = None
    ordered_rate: Annotated[
        str | None,
        typer.Option(
            "--ordered-rate",
            metavar="STEPS",
            help='Its rate: "120 mL/h", "0.5 mL/kg/h x30min, 1, 2, max 4"; checked against the label.',
        ),
    ] = None
    order_tolerance: Annotated[
        str | None,
        typer.Option(
            "--order-tolerance", metavar="PCT", help='What the order may be off, at most 20: "5", or "-5 +10".'
        ),
    ] = None
    explain: Annotated[bool, typer.Option("--explain", help="Show every note.")] = False


@app.command(cls=StrictCommand, epilog=EXAMPLES)
@takes(CheckOptions)
def check(options: CheckOptions) -> None:
    """Compare an order with the plan, say match or mismatch, and name the slip that would explain a mismatch.

    An order is an amount (g, mg, g/kg, mg/kg, mL) with what it is for (/day, daily, OD, q24h, /dose, /course, in
    total), its days (x 5, for 5 days, over 5 days, in 5 divided doses), its interval (every 4 weeks, q4w, monthly), the
    time of one infusion (over 4 hours), the product and the rate (at 0.5 mL/kg/h x 30 min, 1, max 4). docs/orders.md
    has it all.

    Exit codes: 0 match, 6 mismatch, 2 usage, 3 the catalogue is not usable, 4 refused (no dose is given).
    """
    form = read_form(options, ("table", "json"))
    if options.ordered is None and options.ordered_volume is None:
        raise CommandUsageError("the order is missing", 'give it as written: --ordered "30 g/day"')
    request = read_options(options)
    if options.order_tolerance is not None:
        request = request._replace(order_tolerance_percent=read_order_tolerance(options.order_tolerance))
    catalogue = open_catalogue(options.catalogue)
    ordered = OrderReader(catalogue.products).read(_list_order_texts(options))
    result = accept(check_order(request, ordered, catalogue, today()), request, catalogue, form, ordered.text)
    if form == "json":
        from ivig_dose.report.as_json import check_document, dump

        terminal.write_document(dump(check_document(result)))
    else:
        from ivig_dose.report.tables.check import lay_out_check

        terminal.show(lay_out_check(result, options.explain))
    if result.status == "mismatch":
        leave(ExitCode.MISMATCH)


def _list_order_texts(options: CheckOptions) -> OrderTexts:
    """The order's options as typed. Raises `QuantityError` for one that is given and empty."""
    typed = {
        "dose": options.ordered,
        "days": options.ordered_days,
        "interval": options.ordered_interval,
        "product": options.ordered_product,
        "volume": options.ordered_volume,
        "rate": options.ordered_rate,
    }
    for name, text in typed.items():
        if text is not None and not text.strip():
            option = "--ordered" if name == "dose" else f"--ordered-{name}"
            raise CommandUsageError(f"{option} is empty", "leave it out where the order does not write it")
    return OrderTexts(**{name: text or "" for name, text in typed.items()})
