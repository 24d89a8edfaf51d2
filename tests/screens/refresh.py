"""Write the transcripts of all screens anew: `python tests/screens/refresh.py`. Then read the diff, all of it.

A transcript says what a screen is, not what it should be: only a person can see that a change is right.
"""

import sys
from pathlib import Path

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER.parent.parent))

from tests.screens.cases import CASES  # noqa: E402 - the path comes first
from tests.screens.recording import record  # noqa: E402


def refresh():
    """Write each case's file, and take away those of cases that are no more."""
    for stale in FOLDER.glob("*.txt"):
        if stale.stem not in CASES:
            stale.unlink()
    for name, command in CASES.items():
        (FOLDER / f"{name}.txt").write_text(record(command), encoding="utf-8")


if __name__ == "__main__":
    refresh()
