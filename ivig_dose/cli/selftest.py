"""`ivig-dose selftest`: the shipped golden cases computed on this installation."""

from pathlib import Path
from typing import Annotated, Any

import typer

from ivig_dose import __version__
from ivig_dose.catalogue.loader import load_catalogue
from ivig_dose.catalogue.models import Catalogue
from ivig_dose.cli import terminal
from ivig_dose.cli.boundary import CommandUsageError, leave
from ivig_dose.cli.command import Options, StrictCommand, new_app, takes
from ivig_dose.cli.exits import ExitCode
from ivig_dose.cli.options import JsonOption
from ivig_dose.core.order import check_order
from ivig_dose.core.order_parts import OrderReader, OrderTexts
from ivig_dose.core.plan import describe_origin, make_plan
from ivig_dose.core.reading import read_request
from ivig_dose.core.results import OrderCheck
from ivig_dose.problems import Refusal
from ivig_dose.quantity import quote
from ivig_dose.replay.json_reading import read_json
from ivig_dose.report.as_json import SCHEMA, check_document, dump, dump_line, plan_document, refusal_document
from ivig_dose.report.request_json import type_request
from ivig_dose.selftest.cases import Case, Difference, Golden, load_golden, read_vectors, run_case

app = new_app()

EXAMPLES = """
    ivig-dose selftest --verbose > validation-record.txt
    ivig-dose selftest --json
    ivig-dose selftest --vectors ours.jsonl --catalogue site.yaml
"""


class SelftestOptions(Options):
    """What `selftest` takes."""

    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="A line for each case, with its arithmetic.")] = False
    json: JsonOption = False
    vectors: Annotated[
        str | None,
        typer.Option("--vectors", metavar="FILE", help="Compute these cases (JSON Lines) instead: docs/vectors."),
    ] = None
    catalogue: Annotated[
        str | None, typer.Option("--catalogue", metavar="FILE", help="A site's own file, for its own --vectors.")
    ] = None


@app.command(cls=StrictCommand, epilog=EXAMPLES)
@takes(SelftestOptions)
def selftest(options: SelftestOptions) -> None:
    """Compute the shipped golden cases here and compare them with their expected results, for validation records.

    The shipped catalogue is used, and a site's own only for its own cases. Exit codes: 0 all cases are as expected,
    1 one is not, 2 the file of cases cannot be read.
    """
    if options.catalogue is not None and options.vectors is None:
        raise CommandUsageError(
            "--catalogue is for --vectors", "the shipped cases are computed with the shipped catalogue"
        )
    catalogue = load_catalogue(None if options.catalogue is None else Path(options.catalogue))
    golden = load_golden() if options.vectors is None else read_file(options.vectors)
    results = [(case, run_case(case, lambda each: compute(each, catalogue))) for case in golden.cases]
    record = describe_run(results, catalogue, golden.sha256)
    if options.json:
        terminal.write_document(dump(record))
    else:
        from ivig_dose.selftest.screen import lay_out_selftest

        terminal.show(lay_out_selftest(results, record, options.verbose))
    if record["failed"]:
        leave(ExitCode.FAULT)


def read_file(name: str) -> Golden:
    """The cases of a file of vectors."""
    try:
        return read_vectors(Path(name).read_bytes())
    except OSError as fault:
        raise CommandUsageError(f"{quote(name)} cannot be read: {fault.strerror}", "give a file of vectors") from None
    except ValueError as fault:
        raise CommandUsageError(
            f"{quote(name)}: {fault}", "docs/vectors has examples and what each key means"
        ) from None


def compute(case: Case, catalogue: Catalogue) -> Any:
    """The document that this installation gives for a case, read back as any program would read it."""
    request = read_request(**type_request(case.request))
    answer = (
        make_plan(request, catalogue, case.today)
        if case.ordered is None
        else check_order(request, OrderReader(catalogue.products).read(OrderTexts(case.ordered)), catalogue, case.today)
    )
    if isinstance(answer, Refusal):
        document = refusal_document(answer, describe_origin(catalogue), request=request)
    elif isinstance(answer, OrderCheck):
        document = check_document(answer)
    else:
        document = plan_document(answer)
    return read_json(dump_line(document))


def describe_run(
    results: list[tuple[Case, list[Difference]]], catalogue: Catalogue, golden_sha256: str
) -> dict[str, Any]:
    """The run as a JSON document: the counts, what was run on what and when, and the outcome of each case."""
    import platform
    from datetime import datetime

    origin = describe_origin(catalogue)
    failed = [differences for _, differences in results if differences]
    return {
        "schema": SCHEMA,
        "status": "failed" if failed else "ok",
        "cases": len(results),
        "failed": len(failed),
        "tool": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "catalogue": {
            "version": origin.version,
            "sha256": origin.sha256,
            "files": [file._asdict() for file in origin.files],
        },
        "golden": {"sha256": golden_sha256},
        "run_at": datetime.now().astimezone().isoformat(timespec="seconds"),
        "results": [
            {
                "id": case.id,
                "status": "failed" if differences else "ok",
                "why": case.why,
                "differences": [
                    {"field": each.field, "expected": each.expected, "got": each.got} for each in differences
                ],
            }
            for case, differences in results
        ],
    }
