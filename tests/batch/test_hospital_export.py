"""A hospital's export of 200 orders with 12 slips in it: every slip is found, no right order is called wrong.

The grams of the right orders are worked out here with fractions, from the regimens' own g/kg.
"""

import csv
import io
from fractions import Fraction

DAILY = (
    "{} g daily x {days}",
    "{} g/day for {days} days",
    "IVIG {} gm IV once daily x{days}d",
    "{} g OD x {days} days",
    "{total} g over {days} days",
    "{total} g divided over {days} days",
    "{per_kg} mg/kg/day for {days} days",
    "{} g q24h x {days} (total {total} g)",
)
ONCE = ("{} g once", "{} g stat", "{} g as a single infusion", "{per_kg} mg/kg x 1")
EVERY = ("{} g every {weeks} weeks", "{} g q{weeks}w", "{} g {weeks}-weekly", "{per_kg} mg/kg every {weeks} weeks")

USES = (
    ("itp", Fraction(2, 5), 5, None, DAILY),
    ("gbs", Fraction(2, 5), 5, None, DAILY),
    ("mg", Fraction(2, 5), 5, None, DAILY),
    ("cidp", Fraction(1, 2), 4, None, DAILY),
    ("aiha", Fraction(1), 2, None, DAILY),
    ("kawasaki", Fraction(2), 1, None, ONCE),
    ("pid", Fraction(2, 5), 1, 4, EVERY),
    ("sid", Fraction(2, 5), 1, 4, EVERY),
    ("cll", Fraction(2, 5), 1, 3, EVERY),
    ("cidp", Fraction(1), 1, 3, EVERY),
)
SLIPS = {
    7: ("itp", 70, "140 g daily x 5", "course-taken-as-daily"),
    23: ("gbs", 75, "30 g over 5 days", "daily-taken-as-course"),
    41: ("itp", 64, "25.6 g/day for 8 days", "wrong-number-of-days"),
    58: ("kawasaki", 14, "2.8 g once", "decimal-shifted"),
    76: ("mg", 82, "32.8 mg/day for 5 days", "mg-for-g"),
    93: ("itp", 90, "79 g daily x 5", "pounds-taken-as-kg"),  # 90 kg are 198.4 lb, x 0.4 = 79.4
    109: ("sid", 66, "26.4 g every week", "wrong-interval"),
    128: ("kawasaki", 12, "2 g once", "g-per-kg-taken-as-g"),
    146: ("gbs", 68, "68 g daily x 5", "weight-taken-as-dose"),
    163: ("sid", 58, "58 g every 4 weeks", "weight-taken-as-dose"),
    181: ("itp", 72, "10 mg/kg/day for 5 days", ""),
    199: ("cidp", 80, "160 g/day for 5 days", "course-taken-as-daily"),
}


def write_number(value):
    """At most one decimal, as an export holds grams."""
    return f"{float(value):.1f}".removesuffix(".0")


def write_right_order(number):
    indication, per_kg, days, weeks, wordings = USES[number % len(USES)]
    kg = Fraction(9 + number % 8 if indication == "kawasaki" else 45 + number % 57) + Fraction(number % 10, 10)
    each = per_kg * kg
    words = wordings[number // len(USES) % len(wordings)]
    text = words.format(
        write_number(each), days=days, total=write_number(each * days), per_kg=write_number(per_kg * 1000), weeks=weeks
    )
    return indication, write_number(kg), text


def write_export():
    rows = []
    for number in range(1, 201):
        indication, kg, text, slip = (*write_right_order(number), None)
        if number in SLIPS:
            indication, kg, text, slip = SLIPS[number]
        rows.append((f"ORD-{number:04}", indication, str(kg), text, slip))
    return rows


def test_two_hundred_orders_with_twelve_slips(batch):
    rows = write_export()
    file = io.StringIO()
    head = ["id", "indication", "weight_kg", "ordered", "ward"]
    csv.writer(file).writerows([head, *[[*row[:4], "Ward 7"] for row in rows]])
    answers = batch(file.getvalue()).rows

    assert [answer["id"] for answer in answers] == [row[0] for row in rows]
    wrong = {answer["id"]: answer for answer in answers if answer["status"] != "match"}
    assert {name: answer["ordered"] for name, answer in wrong.items()} == {
        f"ORD-{number:04}": order for number, (_, _, order, _) in SLIPS.items()
    }
    assert {answer["status"] for answer in wrong.values()} == {"mismatch"}
    for number, (_, _, _, slip) in SLIPS.items():
        slips = wrong[f"ORD-{number:04}"]["slips"].split()
        assert slip == "" or slip in slips, (number, slips)
