"""Whole processes timed side by side in one run, so that what else the machine does hits all of them alike."""

import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence

NO_ANSWERS = b"\n" * 20
"""What is typed where a command asks, as drugdose does for what was not given."""


def time_commands(commands: Mapping[str, Sequence[str]], rounds: int) -> dict[str, list[float]]:
    """The seconds of each command in each round; every round runs every command once, in turn.

    Raises:
        subprocess.CalledProcessError: if a command fails, because the time of a failure means nothing.
    """
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            began = time.perf_counter()
            subprocess.run(command, check=True, input=NO_ANSWERS, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            seconds[name].append(time.perf_counter() - began)
    return seconds


def write_table(seconds: Mapping[str, list[float]], base: str) -> str:
    """Lines of best and median in ms, and the best as a multiple of the best of `base`."""
    best = {name: min(times) for name, times in seconds.items()}
    lines = [f"{'':34}{'best ms':>9}{'median ms':>11}{'x ' + base:>16}"]
    for name, times in seconds.items():
        median = statistics.median(times)
        lines.append(f"{name:34}{best[name] * 1000:9.0f}{median * 1000:11.0f}{best[name] / best[base]:16.2f}")
    return "\n".join(lines)
