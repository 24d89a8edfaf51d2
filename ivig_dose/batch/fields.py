"""A slim answer: the fields that were asked for, with the id, the warnings and the refusal of every row."""

from collections.abc import Sequence
from typing import Any, Final

from ivig_dose.batch.answers import Answer
from ivig_dose.batch.columns import Columns
from ivig_dose.batch.json_rows import NumberText, write_value
from ivig_dose.core.names import join_or, nearest_names
from ivig_dose.problems import Refusal
from ivig_dose.quantity import QuantityError, quote

ALWAYS_LAST: Final = ("warnings", "refusal")
"""No dose goes without its warnings, and no refused row looks like one that is only empty."""
_NUMBERS: Final = frozenset(
    {
        "dosing_weight_kg",
        "day_g",
        "course_g",
        "given_course_g",
        "days",
        "volume_ml",
        "actual_weight_kg",
        "difference_pct",
    }
)
_LISTS: Final = frozenset({"notices", "warnings", "notes", "dose_warnings", "dose_notes", "slips"})


class Fields:
    """The columns of a slim answer and where they stand in a whole line."""

    def __init__(self, asked: str, columns: Columns) -> None:
        """Read the names, separated by commas. Raises `QuantityError` for one that is unknown or stands twice."""
        answered = columns.answered
        names = [name.strip() for name in asked.split(",")]
        for name in names:
            if name not in answered:
                near = nearest_names(name, answered) or answered
                raise QuantityError(f"field {quote(name)} is no column of the answer", f"type {join_or(list(near))}")
            if name == "row":
                raise QuantityError("field 'row' would hide the number of the row", "rename the column of the file")
            if names.count(name) > 1:
                raise QuantityError(f"field {quote(name)} is named twice", "name each field once")
        last = [columns.name_of(name) for name in ALWAYS_LAST]
        self.names = tuple(dict.fromkeys(["id", *names, *last]))
        self._at = [answered.index(name) for name in self.names]
        self._passed = frozenset(columns.passed)

    def pick(self, line: Sequence[str]) -> list[str]:
        """The cells of these fields out of a whole line."""
        return [line[at] for at in self._at]

    def write_document(self, answer: Answer, row_id: str | None, line: Sequence[str], passed: dict[str, Any]) -> str:
        """The fields as one line of JSON: `row` and `id` in front, numbers as numbers, ids of notices as lists."""
        document: dict[str, Any] = {"row": NumberText(answer.row.number), "id": row_id}
        for name, cell in zip(self.names[1:], self.pick(line)[1:], strict=True):
            document[name] = passed.get(name) if name in self._passed else _read_cell(name, cell, answer)
        return f"{write_value(document)}\n"


def _read_cell(name: str, cell: str, answer: Answer) -> Any:
    if name == "refusal":
        result = answer.result
        if not isinstance(result, Refusal):
            return None
        return {
            "rule": result.rule,
            "message": result.message,
            "hint": result.hint,
            "sources": list(result.sources),
        }
    if name in _LISTS:
        return cell.split()
    if not cell:
        return None
    return NumberText(cell) if name in _NUMBERS else cell
