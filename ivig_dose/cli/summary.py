"""What `batch` says when it is done: one line for the person, and the tables or the document of `--summary`."""

from typing import Final

from ivig_dose.batch.answering import Counts
from ivig_dose.batch.survey import Survey
from ivig_dose.catalogue.models import Catalogue
from ivig_dose.cli import terminal
from ivig_dose.core.plan import describe_origin
from ivig_dose.core.tally import Tally
from ivig_dose.quantity import quote
from ivig_dose.report.batch_summary import BatchSummary, summary_document

_SHOWN: Final = 200


def write_summary(summary: BatchSummary, as_json: bool, beside_rows: bool) -> None:
    """Write the summary to stdout, or to stderr where stdout holds the rows."""
    if as_json:
        from ivig_dose.report.as_json import dump

        text = dump(summary_document(summary))
        if beside_rows:
            terminal.tell_lines(text)
        else:
            terminal.write_document(text)
        return
    from ivig_dose.report.tables.summary import lay_out_summary

    write = terminal.tell_screen if beside_rows else terminal.show
    write(lay_out_summary(summary))


def sum_up(survey: Survey, counts: Counts, tally: Tally, policy: str | None, catalogue: Catalogue) -> BatchSummary:
    """All that `--summary` says."""
    return BatchSummary(
        survey.row_count,
        survey.repeats.different,
        *counts,
        tally,
        policy,
        survey.columns.passed,
        describe_origin(catalogue),
    )


def describe_counts(counts: Counts, catalogue: Catalogue, survey: Survey) -> str:
    """One line: how many rows have which answer, which columns were not read, and from which catalogue."""
    origin = describe_origin(catalogue)
    said = [f"{_count(counts.rows, 'row')}: {counts.planned:,} with a plan"]
    if counts.mismatched:
        said.append(f"{_count(counts.mismatched, 'order')} not matching")
    said.append(f"{counts.refused:,} refused")
    if len(survey.repeats):
        said.append(f"{_count(len(survey.repeats), 'id')} on more than one row with different answers")
    if survey.shortened.total:
        total, first = survey.shortened
        said.append(f"{_count(total, 'id')} shortened by a spreadsheet, such as {quote(first)}")
    names = ", ".join([quote(name, _SHOWN) for name in survey.columns.passed])
    unread = f"; passed through unread: {names}" if names else ""
    return f"{', '.join(said)}{unread}; catalogue {origin.version}, sha256 {origin.sha256[:12]}"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
