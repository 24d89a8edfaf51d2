"""`ivig-dose show`: one entry of the catalogue, whole."""

from typing import Annotated, NamedTuple

import typer

from ivig_dose.catalogue.models import Catalogue, CatalogueFile
from ivig_dose.cli import terminal
from ivig_dose.cli.boundary import CommandUsageError
from ivig_dose.cli.command import StrictCommand, new_app
from ivig_dose.cli.completion import complete_everything, complete_sections
from ivig_dose.cli.options import CatalogueOption, JsonOption
from ivig_dose.cli.plans import open_catalogue
from ivig_dose.core.names import fold, join_or, nearest_names
from ivig_dose.core.reading import choose
from ivig_dose.quantity import quote
from ivig_dose.report.entries import SECTIONS, CatalogueEntry, entries_of, entry_document

app = new_app()

EXAMPLES = """
    ivig-dose show itp-daily
    ivig-dose show privigen-us --json
    ivig-dose show itp --kind indications
"""


class Found(NamedTuple):
    """An entry and the kind of entry that it is, as `list` names it."""

    kind: str
    entry: CatalogueEntry


@app.command(cls=StrictCommand, epilog=EXAMPLES)
def show(
    name: Annotated[str, typer.Argument(metavar="ID", help="Id or alias.", autocompletion=complete_everything)],
    kind: Annotated[
        str | None,
        typer.Option(
            "--kind", metavar="WHAT", help="Where an id names several entries.", autocompletion=complete_sections
        ),
    ] = None,
    json: JsonOption = False,
    catalogue: CatalogueOption = None,
) -> None:
    """Show one entry of the catalogue: everything it says, its sources, and the file it comes from."""
    kinds = tuple(SECTIONS)
    if kind is not None:
        kinds = (choose(kind.lower(), {each: each for each in SECTIONS}, f"kind {quote(kind)}"),)
    content = open_catalogue(catalogue)
    found = find_one(name, kinds, content)
    file = find_file(found, content)
    if json:
        from ivig_dose.report.as_json import dump

        origin = {"kind": found.kind, "file": None if file is None else file._asdict()}
        terminal.write_document(dump({**entry_document(found.entry), **origin}))
    else:
        from ivig_dose.report.tables.entries import lay_out_entry

        terminal.show(lay_out_entry(found.entry, content, file))


def find_one(name: str, kinds: tuple[str, ...], catalogue: Catalogue) -> Found:
    """The one entry of that id or alias; an id goes before an alias. Raises `CommandUsageError` for none or several."""
    wanted = fold(name)
    entries = [Found(kind, entry) for kind in kinds for entry in entries_of(catalogue, kind)]
    found = [each for each in entries if fold(each.entry.id) == wanted]
    found = found or [each for each in entries if wanted in map(fold, getattr(each.entry, "aliases", ()))]
    if len(found) > 1:
        choices = join_or([f"--kind {each.kind}" for each in found])
        raise CommandUsageError(f"{quote(name)} names {len(found)} entries", f"add {choices}")
    if not found:
        # A source's id often holds a product's name; what is dosed is meant more often than what is cited.
        near = nearest_names(name, [each.entry.id for each in entries if each.kind != "sources"])
        near = near or nearest_names(name, [each.entry.id for each in entries])
        hint = f"did you mean {join_or(near)}?" if near else "`ivig-dose list` shows the ids of each kind"
        raise CommandUsageError(f"{quote(name)} is not in the catalogue", hint)
    return found[0]


def find_file(found: Found, catalogue: Catalogue) -> CatalogueFile | None:
    """The catalogue file that an entry comes from."""
    if not catalogue.files:
        return None
    return catalogue.files[catalogue.entry_file.get(f"{SECTIONS[found.kind]}/{found.entry.id}", 0)]
