"""Writes a CSV file of generated patients, the same on every machine: `python make_rows.py ROWS FILE`.

Adults with height, sex, age, product and ward; BMI is normally distributed around 26. Eight indications and five
choices of product (one of them none) are drawn evenly, which no hospital does: with fewer, more is shared and a batch
is faster.
"""

import random
import sys
from pathlib import Path

INDICATIONS = ("itp", "pid", "cidp", "gbs", "mmn", "cll", "kawasaki", "dermatomyositis")
PRODUCTS = ("privigen-us", "octagam-10-us", "gamunex-c", "panzyga-us", "")


def write_rows(count: int, path: Path) -> None:
    """Write `count` patients to `path`."""
    draw = random.Random(20261122)  # noqa: S311 - patients, not keys
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("id,indication,weight_kg,height_cm,sex,age_years,product,ward\n")
        for number in range(count):
            height_cm = min(max(round(draw.gauss(170, 10)), 140), 205)
            bmi = min(max(draw.gauss(26, 5), 16), 45)
            weight_kg = f"{bmi * height_cm * height_cm / 10_000:.1f}"
            cells = (
                f"P{number:07}",
                draw.choice(INDICATIONS),
                weight_kg,
                str(height_cm),
                draw.choice("FM"),
                str(draw.randint(18, 90)),
                draw.choice(PRODUCTS),
                draw.choice("ABCDE"),
            )
            file.write(",".join(cells) + "\n")


if __name__ == "__main__":
    write_rows(int(sys.argv[1]), Path(sys.argv[2]))
