"""`ivig-dose list`: the ids of one kind of catalogue entry."""

from typing import Annotated

import typer

from ivig_dose.cli import terminal
from ivig_dose.cli.command import StrictCommand, new_app
from ivig_dose.cli.completion import complete_sections
from ivig_dose.cli.options import CatalogueOption, JsonOption
from ivig_dose.cli.plans import open_catalogue
from ivig_dose.core.reading import choose
from ivig_dose.quantity import quote
from ivig_dose.report.entries import SECTIONS, entries_of, list_document

app = new_app()

EXAMPLES = """
    ivig-dose list indications
    ivig-dose list regimens --json
"""


@app.command("list", cls=StrictCommand, epilog=EXAMPLES)
def list_entries(
    section: Annotated[
        str,
        typer.Argument(
            metavar="WHAT", help=f"One of {', '.join(SECTIONS)}.", show_default=False, autocompletion=complete_sections
        ),
    ],
    json: JsonOption = False,
    catalogue: CatalogueOption = None,
) -> None:
    """List the entries of one kind: id, title and sources."""
    name = choose(section.lower(), {each: each for each in SECTIONS}, f"{quote(section)} as a kind of entry")
    entries = entries_of(open_catalogue(catalogue), name)
    if json:
        from ivig_dose.report.as_json import dump

        terminal.write_document(dump(list_document(entries)))
    else:
        from ivig_dose.report.tables.entries import lay_out_list

        terminal.show(lay_out_list(entries))
