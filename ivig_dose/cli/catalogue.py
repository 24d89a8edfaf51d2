"""`ivig-dose catalogue`: check, find and compare catalogue files."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from ivig_dose.catalogue import loader
from ivig_dose.catalogue.loader import check_catalogue, read_catalogue, shipped_path
from ivig_dose.catalogue.models import Catalogue
from ivig_dose.cli import terminal
from ivig_dose.cli.boundary import CommandUsageError, leave
from ivig_dose.cli.command import CommandGroup, StrictCommand, new_app
from ivig_dose.cli.exits import ExitCode
from ivig_dose.cli.options import JsonOption
from ivig_dose.cli.plans import today
from ivig_dose.core.plan import make_plan
from ivig_dose.core.request import Request
from ivig_dose.problems import Problem, Refusal
from ivig_dose.quantity import DOSE_STEP_G, quote
from ivig_dose.report.phrases import count

EXAMPLES = """
    ivig-dose catalogue new site.yaml
    ivig-dose catalogue check
    ivig-dose catalogue check site.yaml
    ivig-dose catalogue diff old.yaml new.yaml
    ivig-dose catalogue path
"""

TEMPLATE = Path(loader.__file__).with_name("site.yaml")
YEAR = timedelta(days=365)

app = new_app(cls=CommandGroup, no_args_is_help=False, epilog=EXAMPLES, help="Check, compare and find catalogue files.")


@app.command(cls=StrictCommand, epilog="ivig-dose catalogue check site.yaml")
def check(
    file: Annotated[
        str | None,
        typer.Argument(metavar="FILE", help="A whole catalogue or a site's own file; without it, the shipped one."),
    ] = None,
    json: JsonOption = False,
) -> None:
    """List every problem of a catalogue file.

    Each stands as FILE:LINE:COLUMN: path: message [rule], with its line and what to do.

    Exit codes: 0 the file can be used (advice may be listed), 3 it cannot.
    """
    problems = check_catalogue(None if file is None else Path(file))
    name = file if file is not None else str(shipped_path())
    usable = all(problem.severity != "error" for problem in problems)
    if json:
        from ivig_dose.report.as_json import SCHEMA, dump

        found = [problem_document(problem) for problem in problems]
        terminal.write_document(dump({"schema": SCHEMA, "file": name, "usable": usable, "problems": found}))
    else:
        from ivig_dose.catalogue.messages import format_problems

        listed = [*format_problems(problems).split("\n"), ""] if problems else []
        show_lines([*listed, summarise(name, problems)])
    if not usable:
        leave(ExitCode.CATALOGUE)


def problem_document(problem: Problem) -> dict[str, object]:
    """One problem as data."""
    line, column = problem.position or (None, None)
    return {
        "file": problem.file,
        "line": line,
        "column": column,
        "path": problem.path,
        "message": problem.message,
        "rule": problem.rule,
        "severity": problem.severity,
        "hint": problem.hint,
    }


def summarise(name: str, problems: tuple[Problem, ...]) -> str:
    """The closing line: whether the file can be used, and how much was found."""
    errors = sum(problem.severity == "error" for problem in problems)
    advice = len(problems) - errors
    found = [count(errors, "problem")] if errors else ["no problem"]
    if advice:
        found.append(f"{advice} advice")
    return f"{name}: {', '.join(found)}; {'cannot' if errors else 'can'} be used"


@app.command(cls=StrictCommand, epilog="ivig-dose catalogue new site.yaml")
def new(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The file to write; it must not be there yet.")],
) -> None:
    """Write a site's own file to start from: its edition, and examples to uncomment and change.

    A default, a source, a regimen, an indication, a weight policy, a rounding policy and a product stand in it. It
    checks clean.
    """
    day = today()
    text = TEMPLATE.read_text(encoding="utf-8").format(today=day, review_by=day + YEAR)
    try:
        with Path(file).open("x", encoding="utf-8", newline="\n") as target:
            target.write(text)
    except FileExistsError:
        raise CommandUsageError(f"{quote(file)} is already there", "give another name; nothing was written") from None
    terminal.tell(f"{file} is written: open it in an editor, then `ivig-dose catalogue check {file}`")


@app.command(cls=StrictCommand, epilog="ivig-dose catalogue path")
def path() -> None:
    """Print where the shipped catalogue is, to read or copy it."""
    terminal.write_document(str(shipped_path()))


@app.command(cls=StrictCommand, epilog="ivig-dose catalogue schema > regimens.schema.json")
def schema() -> None:
    """Print the JSON Schema of a catalogue file, for editors."""
    from json import dumps

    from ivig_dose.catalogue.schema import make_schema

    terminal.write_document(dumps(make_schema(), indent=2))


@app.command(cls=StrictCommand, epilog="ivig-dose catalogue diff old.yaml new.yaml")
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="The catalogue, or the site's file, as it was.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The same as it is now.")],
    json: JsonOption = False,
) -> None:
    """Show what changed between two catalogue files: entries, doses and rates.

    First stand the doses that move, by indication, and the rates, at 3, 10, 70 and 120 kg of actual weight (the JSON
    has 15 weights), then each entry with its fields. Exit codes: 0 compared, 3 one of the files cannot be used.
    """
    from ivig_dose.catalogue.diff import diff_catalogues, format_diff

    changes = diff_catalogues(read_catalogue(Path(old)), read_catalogue(Path(new)), find_doses)
    if json:
        from dataclasses import asdict

        from ivig_dose.report.as_json import SCHEMA, dump

        terminal.write_document(dump({"schema": SCHEMA, "old": old, "new": new, **asdict(changes)}))
    else:
        show_lines(format_diff(changes).split("\n"))


def find_doses(catalogue: Catalogue, indication: str, regimen: str, weight_kg: Decimal) -> dict[str, Decimal]:
    """Grams of the unrounded day and course at the regimen's defaults and actual weight; empty where none is given."""
    request = Request(indication, weight_kg, regimen=regimen, weight_policy="actual", rounding="none")
    plan = make_plan(request, catalogue)
    if isinstance(plan, Refusal):
        return {}
    course_g = plan.dose.course_g.to_step(DOSE_STEP_G)
    return {"day": max(plan.dose.days_g).to_step(DOSE_STEP_G), "course": course_g}


def show_lines(lines: Sequence[str]) -> None:
    """Write lines that other tools read to stdout, unwrapped."""
    from ivig_dose.report.tables.words import stack, write_verbatim

    terminal.show(stack([write_verbatim(line) for line in lines]))
