"""A batch: whole processes on the same file, beside Python's csv module and `clincalc.batch("bmi")`.

python benchmarks/batch.py BIN_OF_IVIG_DOSE BIN_OF_CLINCALC [ROWS] [ROUNDS]
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from make_rows import write_rows
from side_by_side import time_commands, write_table

COPY = """
import csv, sys
with open(sys.argv[1], newline="") as source, open(sys.argv[2], "w", newline="") as target:
    csv.writer(target).writerows(csv.reader(source))
"""
BMI = """
import sys, time
import clincalc, pandas
frame = pandas.read_csv(sys.argv[1])[["weight_kg", "height_cm"]]
began = time.perf_counter()
clincalc.batch("bmi", frame)
print(time.perf_counter() - began)
"""


def main(ours: Path, theirs: Path, rows: int, rounds: int) -> None:
    """Write the rows, time the commands and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        patients, out = Path(folder, "patients.csv"), Path(folder, "out.csv")
        write_rows(rows, patients)
        batch = [str(ours / "ivig-dose"), "batch", str(patients), "--quiet", "--out", str(out)]
        commands = {
            "csv copy": [str(ours / "python"), "-c", COPY, str(patients), str(out)],
            "ivig-dose batch, 1 process": [*batch, "--jobs", "1"],
            "ivig-dose batch, 2 processes": [*batch, "--jobs", "2"],
            "clincalc bmi, process": [str(theirs / "python"), "-c", BMI, str(patients)],
        }
        print(f"{rows:,} rows, {rounds} rounds, {os.cpu_count()} cores")
        print(write_table(time_commands(commands, rounds), "csv copy"))
        words = [str(theirs / "python"), "-c", BMI, str(patients)]
        bmi = min(float(subprocess.run(words, check=True, capture_output=True).stdout) for _ in range(rounds))
        print(f"clincalc.batch alone, pandas loaded and file read: {bmi * 1000:.0f} ms, {rows / bmi:,.0f} rows/s")


if __name__ == "__main__":
    main(
        Path(sys.argv[1]),
        Path(sys.argv[2]),
        int(sys.argv[3]) if len(sys.argv) > 3 else 100_000,
        int(sys.argv[4]) if len(sys.argv) > 4 else 5,
    )
