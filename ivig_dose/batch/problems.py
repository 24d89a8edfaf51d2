"""What makes a whole file unfit to dose from: one exception that names the line."""


class UntrustedFileError(Exception):
    """A file cannot be trusted as a whole, so no dose is given from it.

    `line` counts from 1; 0 stands for the file as a whole.
    """

    def __init__(self, line: int, problem: str, hint: str) -> None:
        super().__init__(f"line {line}: {problem}; {hint}" if line else f"{problem}; {hint}")
        self.line = line
        self.problem = problem
        self.hint = hint
