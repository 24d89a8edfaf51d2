"""The screen of `selftest`: each difference, each case on request, and the closing line for validation records."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Group

from ivig_dose.report.json_text import dump_line
from ivig_dose.report.tables.words import Words, stack, write
from ivig_dose.selftest.cases import Case, Difference


def lay_out_selftest(
    results: Sequence[tuple[Case, list[Difference]]], record: Mapping[str, Any], verbose: bool
) -> Group:
    """A line for each difference (and with `verbose` for each case), then counts, versions and digests."""
    return stack([*_lay_out_cases(results, verbose), _lay_out_closing(record)])


def _lay_out_cases(results: Sequence[tuple[Case, list[Difference]]], verbose: bool) -> Iterator[Words]:
    for case, differences in results:
        if differences:
            for each in differences:
                values = f"expected {_show(each.expected)}, got {_show(each.got)}"
                yield write(("FAILED", "warning"), f" {case.id}: {each.field}: {values}", hanging=4)
        elif verbose:
            yield write(("ok", "good"), f" {case.id}: {case.why}", hanging=4)


def _lay_out_closing(record: Mapping[str, Any]) -> Words:
    passed, total = record["cases"] - record["failed"], record["cases"]
    verdict: tuple[str, Any] = ("FAILED", "warning") if record["failed"] else ("passed", "good")
    catalogue = record["catalogue"]
    site = "".join([f" with {file['path']} sha256 {file['sha256']}" for file in catalogue["files"][1:]])
    return write(
        verdict,
        f": {passed} of {total} golden cases are as expected; ivig-dose {record['tool']}, Python {record['python']}, "
        f"{record['platform']}; catalogue {catalogue['version']} sha256 {catalogue['sha256']}{site}; "
        f"golden cases sha256 {record['golden']['sha256']}; {record['run_at']}",
        hanging=2,
    )


def _show(value: Any) -> str:
    return value if isinstance(value, str) else dump_line(value)
