"""Memory of a batch: the highest sum over all its processes while it runs, for 10,000 and for 1,000,000 rows,
as CSV and as whole plans in JSON Lines.

python benchmarks/memory.py BIN_OF_IVIG_DOSE [ROWS ...]

RSS counts a page that two processes share in each of them; PSS counts it once. Linux only.
"""

import itertools
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from make_rows import write_rows

KIB_PER_MIB = 1024


def measure(words: list[str]) -> tuple[float, float, float]:
    """Run a command: the highest sums of RSS and PSS of its processes in MiB, and its seconds."""
    began = time.perf_counter()
    process = subprocess.Popen(words)
    highest_rss = highest_pss = 0
    while process.poll() is None:
        rss = pss = 0
        for member in _list_family(process.pid):
            sizes = _read_sizes(member)
            rss, pss = rss + sizes.get("Rss", 0), pss + sizes.get("Pss", 0)
        highest_rss, highest_pss = max(highest_rss, rss), max(highest_pss, pss)
        time.sleep(0.02)
    return highest_rss / KIB_PER_MIB, highest_pss / KIB_PER_MIB, time.perf_counter() - began


def _list_family(process: int) -> list[int]:
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text()
    except OSError:
        return []
    return [process, *[member for child in children.split() for member in _list_family(int(child))]]


def _read_sizes(process: int) -> dict[str, int]:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:]
    except OSError:
        return {}
    return {name: int(size.split()[0]) for name, _, size in (line.partition(":") for line in lines)}


def main(ours: Path, counts: list[int]) -> None:
    """Measure each number of rows in both forms with one and with two processes, and print a line for each."""
    with tempfile.TemporaryDirectory() as folder:
        for count in counts:
            patients = Path(folder, "patients.csv")
            write_rows(count, patients)
            for form, jobs in itertools.product(("csv", "jsonl"), ("1", "2")):
                words = [str(ours / "ivig-dose"), "batch", str(patients), "--quiet", "--format", form, "--jobs", jobs]
                rss, pss, seconds = measure([*words, "--out", str(Path(folder, "out"))])
                print(
                    f"{count:>9,} rows to {form}, {jobs} process(es): RSS {rss:.0f} MiB, PSS {pss:.0f} MiB, "
                    f"{seconds:.1f} s, {count / seconds:,.0f} rows/s"
                )


if __name__ == "__main__":
    main(Path(sys.argv[1]), [int(count) for count in sys.argv[2:]] or [10_000, 1_000_000])
