"""`ivig-dose replay`: a plan's JSON computed again."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, BinaryIO, Final, NamedTuple

import typer

from ivig_dose.catalogue.models import Catalogue
from ivig_dose.cli import terminal
from ivig_dose.cli.boundary import CommandUsageError, leave
from ivig_dose.cli.command import StrictCommand, new_app, takes
from ivig_dose.cli.exits import ExitCode
from ivig_dose.cli.options import CatalogueOptions, JsonOption
from ivig_dose.cli.plans import open_catalogue, today
from ivig_dose.core.order import check_order
from ivig_dose.core.order_parts import OrderReader, OrderTexts
from ivig_dose.core.plan import describe_origin, make_plan
from ivig_dose.core.reading import read_request
from ivig_dose.core.results import OrderCheck, Plan
from ivig_dose.problems import Refusal
from ivig_dose.quantity import QuantityError, quote
from ivig_dose.replay.comparison import Document, NotAPlanError
from ivig_dose.replay.json_reading import JsonError, read_json
from ivig_dose.replay.run import Replay, replay_document
from ivig_dose.report.as_json import check_document, dump, dump_line, plan_document, refusal_document
from ivig_dose.report.request_json import find_order, type_request

app = new_app()

STDIN: Final = "-"
MAX_BYTES: Final = 64 * 1024 * 1024
"""Of one document; a plan of a thousand cycles takes a tenth of it."""

EXAMPLES = """
    ivig-dose replay plan.json
    ivig-dose dose itp -w 70 --json | ivig-dose replay -
    ivig-dose replay answers.jsonl --json
    ivig-dose replay plan.json --catalogue our-hospital.yaml
"""


class ReplayOptions(CatalogueOptions):
    """What `replay` takes."""

    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="What `dose --json`, `check --json` or `batch` in JSON Lines wrote; - is standard input.",
        ),
    ]
    json: JsonOption = False


class Numbered(NamedTuple):
    """A document and the line it begins on."""

    line: int
    content: Any


@app.command(cls=StrictCommand, epilog=EXAMPLES)
@takes(ReplayOptions)
def replay(options: ReplayOptions) -> None:
    """Compute the JSON of a plan or a check again: identical, or what changed and which entry moved it.

    Exit codes: 0 identical, 6 changed, 2 no plan can be read, 3 the catalogue is not usable. A change of tool or
    catalogue that moves no figure is identical.
    """
    catalogue = open_catalogue(options.catalogue)
    changed = False
    with open_input(options.file) as stream:
        documents = read_documents(stream, options.file)
        first = next(documents)
        second = next(documents, None)
        if second is None:
            changed = _write_one(_replay(first, catalogue, options.file), options.json)
        else:
            changed = _write_all(_chain(first, second, documents), catalogue, options)
    if changed:
        leave(ExitCode.MISMATCH)


def _chain(first: Numbered, second: Numbered, rest: Iterator[Numbered]) -> Iterator[Numbered]:
    yield first
    yield second
    yield from rest


def _write_one(result: Replay, as_json: bool) -> bool:
    if as_json:
        terminal.write_document(dump(result.to_document()))
    else:
        from ivig_dose.replay.screen import lay_out_replay

        terminal.show(lay_out_replay(result))
    return bool(result.changes)


def _write_all(documents: Iterator[Numbered], catalogue: Catalogue, options: ReplayOptions) -> bool:
    """Each document's result as it comes: a line of JSON, or on screen those that changed and a count of all."""
    counts = {"identical": 0, "changed": 0, "skipped": 0}
    for document in documents:
        result = _replay(document, catalogue, options.file, skip=True)
        counts[result.status] += 1
        if options.json:
            terminal.write_document(dump_line(result.to_document()))
        elif result.status == "changed":
            from ivig_dose.replay.screen import lay_out_row

            terminal.show(lay_out_row(result, document.line))
    if not options.json:
        from ivig_dose.replay.screen import lay_out_counts

        terminal.show(lay_out_counts(counts))
    return counts["changed"] > 0


def _replay(document: Numbered, catalogue: Catalogue, file: str, skip: bool = False) -> Replay:
    """The document computed again. Raises `CommandUsageError` where there is nothing to compute.

    With `skip`, a refused row without a request, which could not even be read, is passed over.
    """
    where = f"{_name(file)}:{document.line}"
    try:
        return replay_document(document.content, lambda request: _compute(request, catalogue), catalogue, skip)
    except (NotAPlanError, QuantityError) as problem:
        raise CommandUsageError(f"{where}: {problem}") from None


def _compute(request_document: Document, catalogue: Catalogue) -> dict[str, Any]:
    """The present answer to the request of a document, read as that document was: a plan, or a check of its order."""
    request, ordered = read_request(**type_request(request_document)), find_order(request_document)
    if ordered is None:
        answer: Plan | OrderCheck | Refusal = make_plan(request, catalogue, today())
    else:
        answer = check_order(request, OrderReader(catalogue.products).read(OrderTexts(ordered)), catalogue, today())
    if isinstance(answer, Refusal):
        origin = describe_origin(catalogue)
        text = dump_line(refusal_document(answer, origin, request=request, ordered=ordered))
    elif isinstance(answer, OrderCheck):
        text = dump_line(check_document(answer))
    else:
        text = dump_line(plan_document(answer))
    document: dict[str, Any] = read_json(text)
    return document


@contextmanager
def open_input(file: str) -> Iterator[BinaryIO]:
    """The file, or standard input for `-`. Raises `CommandUsageError` where that is a terminal or cannot be read."""
    if file == STDIN:
        if sys.stdin is None or terminal.is_terminal(sys.stdin):
            raise CommandUsageError("replay waits for a plan's JSON on standard input", "pipe one in, or name a file")
        yield sys.stdin.buffer
        return
    try:
        stream = Path(file).open("rb")  # noqa: SIM115 - closed below; only opening it is a question of usage
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        raise CommandUsageError(f"{_name(file)} cannot be read: {reason}", "give the path of a plan's JSON") from None
    with stream:
        yield stream


def read_documents(stream: BinaryIO, file: str) -> Iterator[Numbered]:
    """The documents of a file: one over many lines, or one a line (JSON Lines). Raises `CommandUsageError`."""
    name = _name(file)
    first = stream.readline(MAX_BYTES)
    line = 1
    while first and not first.removeprefix(b"\xef\xbb\xbf").strip():
        first = stream.readline(MAX_BYTES)
        line += 1
    if not first:
        raise CommandUsageError(f"{name} is empty", "give what `ivig-dose dose ... --json` wrote")
    try:
        yield Numbered(line, read_json(_decode(first, name, line)))
    except JsonError:
        content = first + stream.read(MAX_BYTES)
        if len(content) >= MAX_BYTES:
            raise CommandUsageError(f"{name} is larger than {MAX_BYTES // 1024 // 1024} MB", "give one plan") from None
        yield Numbered(line, _read(_decode(content, name, line), name, line))
        return
    for number, content in enumerate(iter(lambda: stream.readline(MAX_BYTES), b""), start=line + 1):
        if content.strip():
            yield Numbered(number, _read(_decode(content.strip(), name, number), name, number))


def _read(text: str, name: str, line: int) -> Any:
    try:
        return read_json(text)
    except JsonError as problem:
        where = f"{name}:{line + problem.line - 1}"
        raise CommandUsageError(f"{where}: this is no JSON: {problem}", "give the file as ivig-dose wrote it") from None


def _decode(content: bytes, name: str, line: int) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CommandUsageError(f"{name}:{line}: this is not UTF-8 text", "save the file as UTF-8") from None


def _name(file: str) -> str:
    return "standard input" if file == STDIN else quote(file).strip("'")
