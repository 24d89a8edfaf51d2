"""The screen of `batch --summary`: what all rows of a file come to."""

from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType

from ivig_dose.quantity import show_grouped
from ivig_dose.report.batch_summary import BatchSummary, list_rules, list_uses, list_vials
from ivig_dose.report.tables.rows import Column, Rows
from ivig_dose.report.tables.words import BLANK, stack, write

Lines = Sequence[tuple[str, ...]]


def lay_out_summary(summary: BatchSummary) -> Group:
    """The figures of the whole file, then grams by indication and product, vials to order, and refusals by rule."""
    tally = summary.tally
    uses = [
        (indication, product or "not named", show_grouped(use.rows), f"{show_grouped(use.given_course_g)} g")
        for (indication, product), use in list_uses(tally)
    ]
    vials = [
        (product, f"{show_grouped(size_g)} g", show_grouped(count)) for (product, size_g), count in list_vials(tally)
    ]
    rules = [(rule, show_grouped(rows)) for rule, rows in list_rules(tally)]
    return stack(
        [
            *_lay_out_table("Summary", ("what", "figure"), _list_figures(summary), 1),
            *_lay_out_table("Given over one course of each row", ("indication", "product", "rows", "given"), uses, 2),
            *_lay_out_table("Vials for one course of each row", ("product", "vial", "count"), vials, 1),
            *_lay_out_table("Refused", ("rule", "rows"), rules, 1),
        ]
    )


def _lay_out_table(title: str, headings: Sequence[str], lines: Lines, names: int) -> Iterable[RenderableType]:
    """A table under its title; nothing where it has no line. The first columns, so many, are names and no figures."""
    if lines:
        yield write((title, "strong"))
        columns = [
            Column(
                heading,
                "{}" if at == 0 or heading == "figure" else f"{heading} {{}}",
                "text" if at < names else "number",
            )
            for at, heading in enumerate(headings)
        ]
        yield Rows(columns, lines)
        yield BLANK


def _list_figures(summary: BatchSummary) -> list[tuple[str, ...]]:
    tally, change, policy = summary.tally, summary.tally.change, summary.policy
    outside = f"{show_grouped(tally.outside_tolerance)} rows, {show_grouped(tally.outside_percent, 2)} %"
    lines: list[tuple[str, ...]] = [
        ("rows", show_grouped(summary.rows)),
        ("patients (different ids)", show_grouped(summary.patients)),
        ("with a plan", show_grouped(summary.planned)),
        ("orders not matching", show_grouped(summary.mismatched)),
        ("refused", show_grouped(summary.refused)),
        ("given over one course", f"{show_grouped(tally.given_course_g)} g"),
        ("rounded outside the tolerance", outside),
    ]
    if policy is not None:
        lines += [
            (f"compared with {policy}", f"{show_grouped(change.compared)} rows"),
            (f"refused by {policy}", f"{show_grouped(change.refused)} rows"),
            (f"saved by {policy}", f"{show_grouped(change.saved_g)} g"),
            (f"added by {policy}", f"{show_grouped(change.added_g)} g"),
        ]
    return lines
