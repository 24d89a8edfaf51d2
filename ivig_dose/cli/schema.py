"""`ivig-dose schema`: the JSON Schema of a document that the tool writes."""

from typing import Annotated

import typer

from ivig_dose.cli import terminal
from ivig_dose.cli.command import StrictCommand, new_app
from ivig_dose.core.reading import choose
from ivig_dose.quantity import quote
from ivig_dose.report.schemas import NAMES, make_schema

app = new_app()


@app.command(cls=StrictCommand, epilog="ivig-dose schema plan > plan.schema.json")
def schema(
    name: Annotated[str, typer.Argument(metavar="NAME", help=f"One of {', '.join(NAMES)}.")],
) -> None:
    """Print the JSON Schema (2020-12) of a document that --json writes, with the meaning and the unit of each key."""
    from json import dumps

    name = choose(name.lower(), {each: each for each in NAMES}, f"document {quote(name)}")
    terminal.write_document(dumps(make_schema(name), indent=2))
