"""CSV as a spreadsheet opens it by a double click: byte order mark, its delimiter and decimal sign, ids as text.

Excel and LibreOffice read a CSV file by the locale of the computer: in most of Europe a semicolon parts the cells, and
a comma the decimals. What looks like a date or a large number is changed on opening; a cell that must stay as it is
written stands as the formula of a text, `="00123"`, which all of them show as 00123.
"""

import csv
import io
import re
from typing import Final, Literal

ExcelForm = Literal["excel-csv", "excel-csv-point"]
EXCEL_FORMS: Final[tuple[ExcelForm, ...]] = ("excel-csv", "excel-csv-point")
"""For computers with a decimal comma, and for those with a decimal point."""
_BYTE_ORDER_MARK: Final = "\ufeff"
_FIGURE: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,10})(?:\.[0-9]+)?", re.ASCII)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_CHANGED_ON_OPENING: Final = re.compile(
    r"[+-]?[0-9][0-9.,:/ eE+-]*|[0-9]{1,2}[ ./-]*[a-z]{3,9}[ ./-]*[0-9]{0,4}|[a-z]{3,9}[ ./-]*[0-9]{1,4}"
    r"|true|false|wahr|falsch",
    re.ASCII | re.IGNORECASE,
)
"""What a spreadsheet takes for a number, a date, a time or a truth value, in one locale or another."""


class ExcelLines:
    """Turns lines of our CSV, headings first, into lines for a spreadsheet."""

    def __init__(self, form: ExcelForm) -> None:
        self._decimal_sign = "," if form == "excel-csv" else "."
        self._delimiter = ";" if form == "excel-csv" else ","
        self._headings: list[str] | None = None

    def convert(self, text: str) -> str:
        """Whole lines of CSV, the first of them the headings where none came before."""
        out = io.StringIO()
        writer = csv.writer(out, delimiter=self._delimiter, lineterminator="\r\n")
        begins = _BYTE_ORDER_MARK if self._headings is None else ""
        for cells in csv.reader(io.StringIO(text, newline="")):
            if self._headings is None:
                self._headings = cells
                writer.writerow(cells)
            else:
                writer.writerow(
                    [self._write(cell, heading) for cell, heading in zip(cells, self._headings, strict=False)]
                )
        return begins + out.getvalue()

    def _write(self, cell: str, heading: str) -> str:
        if _DAY.fullmatch(cell):
            return cell
        if _FIGURE.fullmatch(cell) and heading != "id":
            return cell.replace(".", self._decimal_sign)
        return f'="{cell}"' if _CHANGED_ON_OPENING.fullmatch(cell) else cell
