"""The commands of `ivig-dose`, and the group that loads only the one that is asked for."""

import contextlib
import sys
from importlib import import_module
from typing import Annotated, Any, NamedTuple

import typer
from typer.core import TyperCommand
from typer.main import get_command

from ivig_dose import __version__
from ivig_dose.cli import terminal
from ivig_dose.cli.boundary import CommandUsageError, run_guarded
from ivig_dose.cli.command import CommandGroup, new_app
from ivig_dose.cli.exits import ExitCode

# The class of "no such option" and its like. Typer has it under no public name that is the same in all its versions,
# but its bad parameter has always been one.
TYPER_USAGE_ERROR: Any = typer.BadParameter.__bases__[0]


class Listed(NamedTuple):
    """A command as the overview shows it: the module of `ivig_dose.cli` that holds its `app`, and its summary."""

    module: str
    summary: str


COMMANDS = {
    "dose": Listed("dose", "The plan for one patient: grams a day, schedule, vials, rates."),
    "check": Listed("check", "Verify an order against the plan and name the slip."),
    "compare": Listed("compare", "All weight policies side by side for one patient."),
    "table": Listed("table", "A grid by weight, as wards print it."),
    "batch": Listed("batch", "A file of patients in, one answer per row out."),
    "list": Listed("lists", "The ids of indications, regimens, products and the rest."),
    "show": Listed("show", "One entry of the catalogue, whole, with its sources."),
    "catalogue": Listed("catalogue", "Check, compare and find catalogue files."),
    "schema": Listed("schema", "The JSON Schema of a document that --json writes."),
    "selftest": Listed("selftest", "The shipped golden cases computed on this installation."),
    "replay": Listed("replay", "A plan's JSON computed again: identical, or what changed."),
}
"""One line registers a command."""

EXAMPLES = """
    ivig-dose dose itp --weight 70
    ivig-dose dose kawasaki --weight 12 --product privigen-us --json
    ivig-dose check gbs --weight 75 --ordered "150 g/day" --days 5
    ivig-dose list indications
"""


class Shell(CommandGroup):
    """The group of all commands. A command's module is imported when it is run or its own help is read."""

    def __init__(self, **settings: Any) -> None:
        placeholders = {name: TyperCommand(name, short_help=listed.summary) for name, listed in COMMANDS.items()}
        super().__init__(**{**settings, "commands": placeholders})

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The named command, loaded. An unknown name is a usage error with the nearest names."""
        name, placeholder, rest = super().resolve_command(ctx, args)
        return name, placeholder and load_command(str(name)), rest

    def main(self, *args: Any, **settings: Any) -> Any:
        """Run the command behind the boundary and leave with its exit code."""
        run_typer = super().main

        def run_command() -> Any:
            try:
                return run_typer(*args, **{**settings, "standalone_mode": False})
            except TYPER_USAGE_ERROR as problem:
                hint = "" if problem.ctx is None else f"see `{problem.ctx.command_path} --help`"
                raise CommandUsageError(_word(problem.format_message()), hint) from None

        raise SystemExit(run_guarded(run_command))


def _word(message: str) -> str:
    """Typer's message, but for the one that repeats every argument left over: the line may hold a patient's data."""
    if message.startswith("Got unexpected extra argument"):
        return "an argument is left over: write a name of several words in quotes, and options without a bare `--`"
    return message.rstrip(".")


def load_command(name: str) -> Any:
    """The command of that name, built from its own module."""
    command = get_command(import_module(f"ivig_dose.cli.{COMMANDS[name].module}").app)
    command.name = name
    return command


app = new_app(add_completion=True, cls=Shell, invoke_without_command=True, epilog=EXAMPLES)


def _show_version(wanted: bool) -> None:
    if wanted:
        terminal.write_document(f"ivig-dose {__version__}")
        raise typer.Exit


@app.callback()
def start(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001 - its callback has already answered
        bool, typer.Option("--version", help="Show the version and leave.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Weight-based IVIG doses with their working, sources and notices."""
    if context.invoked_subcommand is None:
        with contextlib.redirect_stdout(sys.stderr):
            context.get_help()
        raise typer.Exit(ExitCode.USAGE)
