"""Start-up: `ivig-dose` beside `drugdose` and a bare interpreter.

python benchmarks/startup.py BIN_OF_IVIG_DOSE BIN_OF_DRUGDOSE [ROUNDS]

Each BIN is the `bin` folder of a virtual environment into which the wheel was installed, so that both are compiled.
"""

import sys
from pathlib import Path

from side_by_side import time_commands, write_table

WITHOUT_SITE = "-I"


def main(ours: Path, theirs: Path, rounds: int) -> None:
    """Time the commands and print the table."""
    dose = [str(ours / "ivig-dose"), "dose", "itp", "--weight", "70"]
    drugdose = [str(theirs / "drugdose"), "list"]
    commands = {
        "bare interpreter": [str(ours / "python"), WITHOUT_SITE, "-c", "pass"],
        "drugdose list": drugdose,
        "ivig-dose --help": [str(ours / "ivig-dose"), "--help"],
        "ivig-dose --version": [str(ours / "ivig-dose"), "--version"],
        "ivig-dose dose --json": [*dose, "--json"],
        "ivig-dose dose": dose,
        "ivig-dose dose, with product": [*dose, "--product", "privigen-us"],
        "ivig-dose dose, in colour": ["env", "FORCE_COLOR=1", *dose],
    }
    print(write_table(time_commands(commands, rounds), "drugdose list"))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 20)
