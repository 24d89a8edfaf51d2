"""A catalogue problem as the text that a person reads: place, entry, message, rule, the line itself and a hint."""

from collections.abc import Sequence

from ivig_dose.problems import Problem

MAX_LISTED = 100
"""How many problems are written out. A file with more is broken in one way, many times over."""
LINE_WIDTH = 100
_TAIL_AFTER_CARET = 40


def format_problem(problem: Problem) -> str:
    """`FILE:LINE:COL: path: message [rule-id]`, then the line with a caret under the place, and a hint.

    The last line begins with `advice:` instead of `hint:` where the file can be used as it is. Whatever a terminal
    would act on is shown as its code.
    """
    place = problem.file
    if problem.position:
        place += f":{problem.position.line}:{problem.position.column}"
    path = f"{problem.path}: " if problem.path else ""
    lines = [f"{place}: {path}{problem.message} [{problem.rule}]"]
    if problem.position and problem.source_line.strip():
        lines += _excerpt(problem.source_line, problem.position.column)
    if problem.hint:
        lines.append(f"{'advice' if problem.severity == 'advice' else 'hint'}: {problem.hint}")
    return "\n".join(_printable(line) for line in lines)


def format_problems(problems: Sequence[Problem]) -> str:
    """All the problems, one after another with an empty line between; after the hundredth only their number."""
    shown = [format_problem(problem) for problem in problems[:MAX_LISTED]]
    if len(problems) > MAX_LISTED:
        shown.append(f"and {len(problems) - MAX_LISTED:,} more problems")
    return "\n\n".join(shown)


def _excerpt(line: str, column: int) -> list[str]:
    """The source line, cut to a window around the column where it is long, and a caret below it."""
    line = line.rstrip().replace("\t", " ")
    start = 0
    if len(line) > LINE_WIDTH:
        start = max(0, min(column - 1 - (LINE_WIDTH - _TAIL_AFTER_CARET), len(line) - LINE_WIDTH))
    window = line[start : start + LINE_WIDTH]
    before = "…" if start else ""
    after = "…" if start + LINE_WIDTH < len(line) else ""
    return [f"    {before}{window}{after}", " " * (4 + len(before) + column - 1 - start) + "^"]


def _printable(line: str) -> str:
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in line)
