"""A screen as the text that Rich prints of it."""

import io

from rich.console import Console, RenderableType

from ivig_dose.report.tables.words import Screen


class _File(io.StringIO):
    def __init__(self, encoding: str) -> None:
        super().__init__()
        self._encoding = encoding

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._encoding


def write_plain(screen: RenderableType, width: int, ascii_only: bool = False) -> str:
    """The text without colour at so many columns."""
    file = _File("ascii" if ascii_only else "utf-8")
    Console(file=file, width=width, color_system=None, markup=False, highlight=False).print(Screen(screen), crop=False)
    return file.getvalue()
