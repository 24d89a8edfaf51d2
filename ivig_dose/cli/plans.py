"""What `dose`, `check` and `compare` share: the request from the options, the catalogue, today, and a refusal."""

import os
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

from ivig_dose.catalogue.loader import load_catalogue
from ivig_dose.catalogue.models import Catalogue
from ivig_dose.cli.boundary import CommandUsageError, RefusedError
from ivig_dose.cli.options import CATALOGUE_VARIABLE, OutputOptions, PatientOptions, RequestOptions, TreatmentOptions
from ivig_dose.core.reading import choose, read_request
from ivig_dose.core.request import Request
from ivig_dose.problems import Refusal
from ivig_dose.quantity import quote

Form = Literal["table", "json", "csv", "markdown", "html", "excel-csv", "excel-csv-point"]
ALL_FORMS: Final[tuple[Form, ...]] = ("table", "json", "csv", "markdown", "html", "excel-csv", "excel-csv-point")
CSV_FORMS: Final[tuple[Form, ...]] = ("csv", "excel-csv", "excel-csv-point")

Answer = TypeVar("Answer")


def read_options(options: PatientOptions, **treatment: str) -> Request:
    """The request that the options spell, with what is said of other courses and doses (`list_treatment`).

    Raises `QuantityError` for the first that cannot be read.
    """
    return read_request(
        **list_texts(options),
        **treatment,
        indication=options.indication,
        weight=options.weight,
        risks=tuple(options.risk or ()),
    )


def list_treatment(options: TreatmentOptions) -> dict[str, str]:
    """What is said of other courses and doses, as typed, by the argument of `read_request` that each one is."""
    texts = {"given": options.given, "earlier": options.earlier, "then": options.then}
    texts |= {"igg": options.igg, "igg_target": options.igg_target}
    return {argument: text for argument, text in texts.items() if text is not None}


def list_texts(options: RequestOptions) -> dict[str, Any]:
    """The options that were given, as typed, by the argument of `read_request` that each one is."""
    texts = {
        "height": options.height,
        "sex": options.sex,
        "age": options.age,
        "regimen": options.regimen,
        "g_per_kg": options.g_per_kg,
        "days": options.days,
        "weight_policy": options.weight_policy,
        "product": options.product,
        "rounding": options.round,
        "round_direction": options.round_direction,
        "tolerance": options.tolerance,
        "stock": options.stock,
        "blood_group": options.blood_group,
        "start": options.start,
        "cycles": options.cycles,
        "interval": options.interval,
        "until": options.until,
        "pump_step": options.pump_step,
        "max_rate": options.max_rate,
        "rounding_policy": options.rounding_policy,
    }
    return {argument: text for argument, text in texts.items() if text is not None}


def read_form(options: OutputOptions, forms: tuple[Form, ...] = ALL_FORMS) -> Form:
    """The form of the output; `--json` is `--format json`. Raises for an unknown form or for two different ones."""
    if options.format is None:
        return "json" if options.json else "table"
    form = choose(options.format.lower(), {form: form for form in forms}, f"format {quote(options.format)}")
    if options.json and form != "json":
        raise CommandUsageError(f"--json and --format {form} contradict each other", "give one of them")
    return form


def open_catalogue(file: str | None) -> Catalogue:
    """The shipped catalogue with a site's own file laid over it: `file`, else the one that the environment names.

    Raises:
        CatalogueError: with every problem of a file that cannot be used.
    """
    # Typer 0.26 does not read the environment of every option, and a site's catalogue must never be left out unseen.
    overlay = file or os.environ.get(CATALOGUE_VARIABLE)
    return load_catalogue(Path(overlay) if overlay else None)


def today() -> date:
    """The day on which the command is run, by the local calendar."""
    return datetime.now().astimezone().date()


def accept(
    answer: Answer | Refusal, request: Request, catalogue: Catalogue, form: Form, ordered: str | None = None
) -> Answer:
    """The answer where there is one. Raises `RefusedError`, which ends the command, for a refusal.

    `ordered` is the order that was to be checked.
    """
    if isinstance(answer, Refusal):
        raise RefusedError(answer, _write_refusal(answer, request, catalogue, form, ordered))
    return answer


def write_csv(text: str, form: Form) -> str:
    """A whole CSV document in the form that was asked for."""
    if form == "excel-csv" or form == "excel-csv-point":  # noqa: PLR1714 - so that mypy narrows the form
        from ivig_dose.report.as_excel import ExcelLines

        return ExcelLines(form).convert(text)
    return text


def _write_refusal(
    refusal: Refusal, request: Request, catalogue: Catalogue, form: Form, ordered: str | None
) -> str | None:
    """The refusal in the form in which the answer was wanted, so that a file of answers has no gap; None on screen."""
    if form == "json":
        from ivig_dose.core.plan import describe_origin
        from ivig_dose.report.as_json import dump, refusal_document

        return dump(refusal_document(refusal, describe_origin(catalogue), request=request, ordered=ordered))
    if form in CSV_FORMS:
        from ivig_dose.report.as_csv import refusal_csv

        return write_csv(refusal_csv(refusal, request.indication), form)
    if form == "markdown":
        from ivig_dose.report.as_markdown import refusal_markdown

        return refusal_markdown(refusal)
    return None
