"""`ivig-dose batch`: a file of patients in, one answer per row out."""

import os
from collections.abc import Callable
from typing import Annotated, BinaryIO, Final

import typer

from ivig_dose.batch.answering import Answerer, Counts, Summed
from ivig_dose.batch.fields import Fields
from ivig_dose.batch.forms import BatchForm
from ivig_dose.batch.problems import UntrustedFileError
from ivig_dose.batch.requests import Defaults
from ivig_dose.batch.survey import Survey, survey_file
from ivig_dose.batch.workers import answer_file, choose_jobs
from ivig_dose.catalogue.models import Catalogue
from ivig_dose.cli import terminal
from ivig_dose.cli.boundary import CommandUsageError, leave
from ivig_dose.cli.command import StrictCommand, new_app, takes
from ivig_dose.cli.completion import complete_indications, complete_policies, complete_words
from ivig_dose.cli.exits import ExitCode
from ivig_dose.cli.infile import STANDARD_INPUT, Source, open_rows
from ivig_dose.cli.options import CatalogueOptions, RequestOptions
from ivig_dose.cli.outfile import STANDARD_OUTPUT, Target, find_target, open_target, refuse_same_file
from ivig_dose.cli.plans import list_texts, open_catalogue, today
from ivig_dose.cli.progress import Progress, wants_progress
from ivig_dose.cli.summary import describe_counts, sum_up, write_summary
from ivig_dose.core.names import find_entry, refuse_unknown
from ivig_dose.core.reading import choose, read_request
from ivig_dose.core.tally import Tally
from ivig_dose.quantity import parse_count, quote
from ivig_dose.report.as_excel import EXCEL_FORMS, ExcelForm, ExcelLines

app = new_app()

AskedForm = BatchForm | ExcelForm
FORMS: Final[tuple[AskedForm, ...]] = ("csv", "jsonl", "markdown", *EXCEL_FORMS)

EXAMPLES = """
    ivig-dose batch patients.csv --out doses.csv
    ivig-dose batch patients.csv --product privigen-us --round-direction down > doses.csv
    ivig-dose batch patients.csv --fields given_course_g,given_day_g,volume_ml
    ivig-dose batch orders.csv --json | jq -c 'select(.status == "mismatch")'
    ivig-dose batch patients.csv --out doses.csv --summary --compare-policy bmi-30
    generate-rows | ivig-dose batch - --quiet
"""


class BatchOptions(CatalogueOptions, RequestOptions):
    """What `batch` takes."""

    PANEL = "File"

    file: Annotated[str, typer.Argument(metavar="FILE|-", help="CSV or JSON Lines; - reads standard input.")]
    indication: Annotated[
        str | None,
        typer.Option(
            "--indication",
            metavar="ID",
            help="For rows that leave it empty, as every option here that has a column.",
            autocompletion=complete_indications,
        ),
    ] = None
    skip_lines: Annotated[
        str | None, typer.Option("--skip-lines", metavar="N", help="Title lines above the headings, not to be read.")
    ] = None
    format: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="csv|jsonl|markdown|excel-csv",
            help="Form of the output (csv); excel-csv has a decimal comma, excel-csv-point a point.",
            autocompletion=complete_words(*FORMS),
        ),
    ] = None
    fields: Annotated[
        str | None,
        typer.Option(
            "--fields", metavar="A,B,C", help="Only these columns, with id, warnings and refusal: course_g,volume_ml."
        ),
    ] = None
    json: Annotated[bool, typer.Option("--json", help="The same as --format jsonl; a summary is JSON too.")] = False
    summary: Annotated[
        bool, typer.Option("--summary", help="Sum up grams, vials and refusals: on stdout with --out, else on stderr.")
    ] = False
    compare_policy: Annotated[
        str | None,
        typer.Option(
            "--compare-policy",
            metavar="ID",
            help="Sum up, with the grams that this weight policy would save or add.",
            autocompletion=complete_policies,
        ),
    ] = None
    out: Annotated[
        str | None, typer.Option("--out", "-o", metavar="FILE", help="Write here; an old file stays until all is done.")
    ] = None
    jobs: Annotated[
        str | None, typer.Option("--jobs", metavar="N", help="Processes (1); the answer never depends on it.")
    ] = None
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no closing line on stderr.")] = False


@app.command(cls=StrictCommand, epilog=EXAMPLES)
@takes(BatchOptions)
def batch(options: BatchOptions) -> None:
    """Answer every row of a file with its plan, or with the reason why it has none, in the order of the rows.

    The columns id, indication and weight_kg are needed; height_cm, sex, age_years, regimen, g_per_kg, days,
    weight_policy, product, risks, blood_group, start and ordered are read where they are there; all others are passed
    through. A file that cannot be trusted is refused whole before any dose is printed.

    Exit codes: 0 every row has a plan, 2 usage or a file that cannot be trusted, 3 the catalogue is not usable,
    5 some rows are refused, 6 none is refused and some orders do not match.
    """
    form = _read_form(options)
    asked = 1 if options.jobs is None else parse_count(options.jobs, "number of jobs")
    title_lines = 0 if options.skip_lines is None else parse_count(options.skip_lines, "number of lines")
    defaults = _read_defaults(options)
    catalogue = open_catalogue(options.catalogue)
    summed = _read_summed(options, catalogue)
    target = find_target(options.out)
    with open_rows(options.file) as source:
        file = source.file
        refuse_same_file(file, target)
        survey = _survey(source, options.file, defaults, title_lines)
        jobs = choose_jobs(asked, survey, file)
        fields = None if options.fields is None else Fields(options.fields, survey.columns)
        excel = ExcelLines(form) if form == "excel-csv" or form == "excel-csv-point" else None  # noqa: PLR1714 - for mypy
        of_rows: BatchForm = "jsonl" if form == "jsonl" else "markdown" if form == "markdown" else "csv"
        answerer = Answerer(survey, defaults, catalogue, today(), of_rows, fields, summed)
        progress = Progress(survey.row_count, wants_progress(options.quiet, target == STANDARD_OUTPUT))
        counts, tally = _write_answers(file, answerer, jobs, target, progress, excel)
    if not options.quiet:
        terminal.tell(describe_counts(counts, catalogue, survey))
    if summed is not None:
        summary = sum_up(survey, counts, tally, summed.compare_policy, catalogue)
        write_summary(summary, options.json, beside_rows=target == STANDARD_OUTPUT)
    if counts.refused:
        leave(ExitCode.ROWS_REFUSED)
    if counts.mismatched:
        leave(ExitCode.MISMATCH)


def _read_form(options: BatchOptions) -> AskedForm:
    if options.format is None:
        return "jsonl" if options.json else "csv"
    form = choose(options.format.lower(), {form: form for form in FORMS}, f"format {quote(options.format)}")
    # Beside a summary, --json is the form of the summary where the rows have a form of their own.
    if options.json and form != "jsonl" and not options.summary:
        raise CommandUsageError(f"--json and --format {form} contradict each other", "give one of them")
    return form


def _read_summed(options: BatchOptions, catalogue: Catalogue) -> Summed | None:
    if options.compare_policy is None:
        return Summed() if options.summary else None
    policy = find_entry(options.compare_policy, catalogue.weight_policies)
    if policy is None:
        refusal = refuse_unknown("weight-policy", options.compare_policy, catalogue.weight_policies)
        raise CommandUsageError(refusal.message, refusal.hint)
    return Summed(policy.id)


def _read_defaults(options: BatchOptions) -> Defaults:
    texts = list_texts(options)
    if options.indication is not None:
        texts["indication"] = options.indication
    # An option that cannot be read is a mistake of the command and not of every row.
    read_request(**{"indication": "", **texts}, weight="70")
    return Defaults(texts, tuple(options.risk or ()))


def _survey(source: Source, name: str, defaults: Defaults, title_lines: int) -> Survey:
    try:
        return survey_file(source.file, defaults.texts, source.start, title_lines)
    except UntrustedFileError as error:
        place = "standard input" if name == STANDARD_INPUT else name
        where = f"{place}, line {error.line}" if error.line else place
        raise CommandUsageError(f"{where}: {error.problem}", f"{error.hint}; no dose is given from this file") from None


def _write_answers(
    file: BinaryIO, answerer: Answerer, jobs: int, target: Target, progress: Progress, excel: ExcelLines | None
) -> tuple[Counts, Tally]:
    try:
        answerer.note_repeats(file)
        with open_target(target) as write:
            written = write if excel is None else lambda text: write(excel.convert(text))
            return _pass_on(file, answerer, jobs, written, progress)
    finally:
        progress.end()


def _pass_on(
    file: BinaryIO, answerer: Answerer, jobs: int, write: Callable[[str], object], progress: Progress
) -> tuple[Counts, Tally]:
    """Write every answer as it comes, and sum up. Raises `OSError` where the file was changed under our hands."""
    before = _read_state(file)
    counts, tally = Counts(), Tally()
    write(answerer.write_head())
    for portion in answer_file(file, answerer, jobs):
        write(portion.text)
        counts = counts.plus(portion.counts)
        if portion.tally is not None:
            tally.merge(portion.tally)
        progress.move(counts.rows, counts.refused)
    if _read_state(file) != before:
        raise OSError("the file was changed while it was read, so its answer cannot be trusted")
    if counts.rows != answerer.row_count:
        rows = f"{counts.rows:,} of {answerer.row_count:,} rows"
        raise OSError(f"{rows} were answered, so the answer cannot be trusted")
    return counts, tally


def _read_state(file: BinaryIO) -> tuple[int, int] | None:
    """The size and the time of change of an open file; None for what has neither."""
    try:
        state = os.fstat(file.fileno())
    except (OSError, ValueError):
        return None
    return state.st_size, state.st_mtime_ns
