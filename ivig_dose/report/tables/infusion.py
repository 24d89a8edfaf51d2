"""The infusion on screen: the steps as a nurse follows them, and the rate over time as a small chart."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from ivig_dose.core.results import GivenDay, InfusionStep
from ivig_dose.quantity import ZERO, Ratio
from ivig_dose.report.numbers import show_amount, show_minutes, show_value
from ivig_dose.report.tables.columns import Column, Columns
from ivig_dose.report.tables.layout import BLANK, Block, Line, RichBlock, stack
from ivig_dose.report.tables.wording import bind

CHART_ROWS: Final = 5
MAX_CHART_COLUMNS: Final = 60
LEAST_CHART_COLUMNS: Final = 16
_EIGHTHS: Final = " ▁▂▃▄▅▆▇█"
_ASCII_EIGHTHS: Final = "    #####"


def lay_out_steps(day: GivenDay) -> Columns:
    """The steps of one infusion, with the clock where it is known and the minutes since the start where not."""
    clock = day.steps[0].starts is not None
    columns = (
        Column("step", "step {}"),
        Column("clock", "from {}", "text") if clock else Column("from min", "from {} min"),
        Column("mL/h", "{} mL/h"),
        Column("mL/kg/h", "{} mL/kg/h"),
        Column("min", "for {} min"),
        Column("mL", "{} mL"),
        Column("total mL", "total {} mL"),
    )
    rows = []
    elapsed = ZERO
    for step in day.steps:
        rows.append(
            (
                str(step.step),
                _name_clock(step, day.steps[0]) if clock else show_value(elapsed, 1),
                show_value(step.rate_ml_per_h),
                show_value(step.rate_ml_per_kg_per_h),
                show_value(step.minutes, 1),
                show_value(step.volume_ml, 2),
                show_value(step.cumulative_ml, 2),
            )
        )
        elapsed += step.minutes
    return Columns(columns, tuple(rows))


def _name_clock(step: InfusionStep, first: InfusionStep) -> str:
    if step.starts is None or first.starts is None:
        return ""
    days_on = (step.starts.date() - first.starts.date()).days
    return step.starts.strftime("%H:%M") + (f" +{days_on} d" if days_on else "")


def lay_out_infusion(day: GivenDay, with_chart: bool) -> Block:
    """The steps and, where the rate changes and a chart is wanted, the chart below them."""
    if with_chart and len(day.steps) > 1:
        return stack([lay_out_steps(day), BLANK, RateChart(day.steps)])
    return lay_out_steps(day)


class RateChart(RichBlock):
    """The rate in mL/h over the time of one infusion. It repeats the steps, and is left out where it has no room."""

    __slots__ = ("steps",)

    def __init__(self, steps: tuple[InfusionStep, ...]) -> None:
        self.steps = steps

    def lay_out(self, width: int, ascii_only: bool) -> Iterator[Line]:
        """A row of blocks for each part of the rate, with the highest rate above and the times below."""
        total = sum([step.minutes for step in self.steps], ZERO)
        top = max([step.rate_ml_per_h for step in self.steps])
        columns = min(width - 1, MAX_CHART_COLUMNS)
        end = show_minutes(total)
        if columns < max(LEAST_CHART_COLUMNS, len(end) + 2):
            return
        heights = [
            max(1, int(Ratio(rate * CHART_ROWS * 8, top).to_step(Decimal(1)))) for rate in self.sample_rates(columns)
        ]
        axis, corner, floor = ("|", "+", "-") if ascii_only else ("│", "└", "─")
        yield [(bind(f"rate, up to {show_amount(top, 'mL/h')}"), "quiet")]
        for row in reversed(range(CHART_ROWS)):
            yield [(axis, "quiet"), (_draw_row(heights, row, ascii_only), "bar")]
        yield [(corner + floor * columns, "quiet")]
        yield [(" 0" + bind(end).rjust(columns - 1), "quiet")]

    def sample_rates(self, columns: int) -> list[Decimal]:
        """The rate in the middle of each of so many equal parts of the infusion."""
        total = sum([step.minutes for step in self.steps], ZERO)
        ends: list[Decimal] = []
        for step in self.steps:
            ends.append((ends[-1] if ends else ZERO) + step.minutes)
        rates = []
        at = 0
        for column in range(columns):
            # the middle of the column is (2 column + 1) / (2 columns) of the total time
            while at < len(ends) - 1 and ends[at] * 2 * columns <= total * (2 * column + 1):
                at += 1
            rates.append(self.steps[at].rate_ml_per_h)
        return rates

    def find_least_width(self) -> int:
        """None: it gives way."""
        return 0


def _draw_row(heights: Sequence[int], row: int, ascii_only: bool) -> str:
    signs = _ASCII_EIGHTHS if ascii_only else _EIGHTHS
    return "".join([signs[min(max(height - row * 8, 0), 8)] for height in heights]).rstrip(" ")
