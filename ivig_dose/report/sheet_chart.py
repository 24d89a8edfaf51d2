"""The rate of an infusion over its time as a step chart in SVG: black lines, drawn here, with every rate in figures."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from ivig_dose.core.results import GivenDay
from ivig_dose.quantity import ZERO, round_to_places
from ivig_dose.report.numbers import show_value, write_number
from ivig_dose.report.sheet_text import escape

WIDTH: Final = Decimal(320)
HEIGHT: Final = Decimal(112)
LEFT: Final = Decimal(30)
RIGHT: Final = Decimal(12)
TOP: Final = Decimal(13)
BOTTOM: Final = Decimal(14)
MOST_TICKS: Final = 9
_DIGIT_WIDTH: Final = 6
_TICK_MINUTES: Final = (15, 30, 60, 120, 240, 480, 1440, 2880, 7200, 14400)
_LINES: Final = (("solid", ""), ("dashed", "4 2"), ("dotted", "1 2"))


class Curve(NamedTuple):
    """One infusion to be drawn and what it is called, such as `days 1-3`."""

    name: str
    day: GivenDay


def draw_rates(curves: Sequence[Curve]) -> str:
    """The chart of one or more infusions over the same axes: mL/h upward, time to the right. SVG as text."""
    longest = max(curve.day.total_minutes or ZERO for curve in curves)
    fastest = max(step.rate_ml_per_h for curve in curves for step in curve.day.steps)
    scale = _Scale((WIDTH - LEFT - RIGHT) / longest, (HEIGHT - TOP - BOTTOM) / fastest)
    parts = [
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(_describe(curves))}">',
        *_draw_axes(scale, longest),
        *[_draw_curve(curves, number, scale) for number in range(len(curves))],
        *_write_rates(curves[0], scale),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def describe_lines(curves: Sequence[Curve]) -> str:
    """What is drawn, and which line is which infusion: `Rate over the time ...; dashed: days 4-5`."""
    others = [f"{_line_of(number)[0]}: {curve.name}" for number, curve in enumerate(curves) if number]
    return "; ".join(["Rate over the time from the start (h:min)", *others])


class _Scale(NamedTuple):
    """Units of the drawing for one minute and for one mL/h."""

    per_minute: Decimal
    per_ml_per_h: Decimal

    def x(self, minutes: Decimal) -> str:
        return write_number(round_to_places(LEFT + minutes * self.per_minute, 1))

    def y(self, rate: Decimal) -> str:
        return write_number(round_to_places(HEIGHT - BOTTOM - rate * self.per_ml_per_h, 1))


def _line_of(number: int) -> tuple[str, str]:
    return _LINES[min(number, len(_LINES) - 1)]


def _describe(curves: Sequence[Curve]) -> str:
    said = []
    for curve in curves:
        rates = ", then ".join([f"{show_value(step.rate_ml_per_h)} mL/h" for step in curve.day.steps])
        said.append(f"{curve.name}: {rates}")
    return "Rate over time; " + "; ".join(said)


def _draw_axes(scale: _Scale, longest: Decimal) -> Iterator[str]:
    left, right, bottom = scale.x(ZERO), write_number(WIDTH - RIGHT), scale.y(ZERO)
    yield f'<path d="M{left} {write_number(TOP)}V{bottom}H{right}" fill="none" stroke="#000" stroke-width="0.8"/>'
    yield f'<text x="{left}" y="8" text-anchor="middle">mL/h</text>'
    every = next((tick for tick in _TICK_MINUTES if longest / tick <= MOST_TICKS), _TICK_MINUTES[-1])
    for tick in range(int(longest // every) + 1):
        minutes = tick * every
        x = scale.x(Decimal(minutes))
        yield f'<path d="M{x} {bottom}v3" stroke="#000" stroke-width="0.8"/>'
        y = write_number(HEIGHT - BOTTOM + 11)
        yield f'<text x="{x}" y="{y}" text-anchor="middle">{_write_tick(minutes)}</text>'


def _write_tick(minutes: int) -> str:
    """`0:30`, `12:00`."""
    return f"{minutes // 60}:{minutes % 60:02}"


def _draw_curve(curves: Sequence[Curve], number: int, scale: _Scale) -> str:
    """The line of one infusion; what it shares with the first one is left to that one's line."""
    steps, first = curves[number].day.steps, curves[0].day.steps
    alike = number > 0 and all(
        one.rate_ml_per_h == other.rate_ml_per_h for one, other in zip(steps, first, strict=False)
    )
    at = ZERO
    path = f"M{scale.x(ZERO)} {scale.y(ZERO)}"
    for step in steps:
        at += step.minutes
        path += f"V{scale.y(step.rate_ml_per_h)}H{scale.x(at)}"
    if alike:
        path = f"M{scale.x(at)} {scale.y(steps[-1].rate_ml_per_h)}"
    dash = _line_of(number)[1]
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path d="{path}V{scale.y(ZERO)}" fill="none" stroke="#000" stroke-width="1.6"{dashes}/>'


def _write_rates(curve: Curve, scale: _Scale) -> Iterator[str]:
    """The figure of each step above its line: in the middle, or reaching to the left where the step is too short."""
    at = ZERO
    for step in curve.day.steps:
        text = show_value(step.rate_ml_per_h)
        y = write_number(Decimal(scale.y(step.rate_ml_per_h)) - 3)
        fits = step.minutes * scale.per_minute >= _DIGIT_WIDTH * len(text)
        x, anchor = (scale.x(at + step.minutes / 2), "middle") if fits else (scale.x(at + step.minutes), "end")
        yield f'<text x="{x}" y="{y}" text-anchor="{anchor}">{text}</text>'
        at += step.minutes
