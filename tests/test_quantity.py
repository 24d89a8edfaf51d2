"""Numbers and units: what is read, what is refused with which hint, rounding, and how a number is shown."""

import re
from decimal import ROUND_UP, Context, Decimal, FloatOperation, Inexact, localcontext
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivig_dose.quantity import (
    QuantityError,
    Ratio,
    parse_age_years,
    parse_count,
    parse_height_cm,
    parse_number,
    parse_weight_kg,
    quote,
    round_to_places,
    show,
    show_grouped,
    show_ratio,
    steps_in,
    years_of_days,
)
from tests.strategies import as_fraction, decimals, ratios

quick = settings(max_examples=100, derandomize=True, deadline=None, database=None)
D = Decimal


def hint_of(read, *args):
    with pytest.raises(QuantityError) as caught:
        read(*args)
    return caught.value.hint


# --- the grammar of numbers


@pytest.mark.parametrize("text", ["0", "7", "70", "70.5", "0.4", "007", "70.50", "123456789012", "1234567890.1"])
def test_digits_with_at_most_one_inner_point_are_read_exactly(text):
    assert parse_number(text) == Decimal(text)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("70,5", "a comma is ambiguous; write the decimal point: 70.5"),
        ("7,5", "a comma is ambiguous; write the decimal point: 7.5"),  # E-26: was read as 75 elsewhere
        ("12,8", "a comma is ambiguous; write the decimal point: 12.8"),
        ("1,500", "a comma is ambiguous; write 1500 or 1.5"),
        (".5", "put a zero before the point: 0.5"),  # E-27: was read as 5 elsewhere
        (".05", "put a zero before the point: 0.05"),
        ("70.", "leave the point out: 70"),
        ("1e2", "write the number out without an exponent"),
        ("1.5E-3", "write the number out without an exponent"),
        ("-70", "a negative value is not possible"),
        ("+70", "leave the plus sign out: 70"),
        ("7_0", "write the digits together, without underscores or spaces"),
        ("7 0", "write the digits together, without underscores or spaces"),
        (" 70", "leave the spaces out: 70"),
        ("70\n", "leave the spaces out: 70"),
        ("", "type a number such as 70 or 70.5"),
        ("   ", "type a number such as 70 or 70.5"),
        ("\u0667\u0660", "use the digits 0 to 9"),  # Arabic-Indic
        ("\uff17\uff10", "use the digits 0 to 9"),  # full width
        ("²", "use the digits 0 to 9"),
        ("nan", "use digits with a decimal point, such as 70 or 70.5"),
        ("inf", "use digits with a decimal point, such as 70 or 70.5"),
        ("7O", "use digits with a decimal point, such as 70 or 70.5"),
        ("1.2.3", "use digits with a decimal point, such as 70 or 70.5"),
        ("1'500", "use digits with a decimal point, such as 70 or 70.5"),
        ("0x46", "use digits with a decimal point, such as 70 or 70.5"),
        ("9" * 13, "use at most 12 characters"),
        ("1234567890,5", "a comma is ambiguous; write the decimal point: 1234567890.5"),  # 12 are not too many
        (" 7O", "use digits with a decimal point, such as 70 or 70.5"),  # without its spaces it is no number either
        ("9" * 5000, "use at most 12 characters"),
        ("1e999999999", "write the number out without an exponent"),
    ],
)
def test_anything_else_is_refused_with_what_to_type_instead(text, hint):
    assert hint_of(parse_number, text) == hint


def test_an_error_names_the_quantity_the_text_and_the_remedy():
    with pytest.raises(QuantityError, match=r"^weight '70,5' is not a number this tool reads; a comma is ambiguous"):
        parse_number("70,5", "weight")


def test_an_error_without_a_hint_is_its_problem_alone():
    error = QuantityError("nothing is known", "")
    assert str(error) == error.problem == "nothing is known"


@pytest.mark.parametrize(
    ("read", "texts", "what"),
    [
        (parse_weight_kg, ["7,5", "7,5 kg", "7,5 g", "7,5 lb", "7e1 kg", "70e", "70 lb", "70 st"], "weight"),
        (parse_height_cm, ["7,5", "7,5 cm", "7,5 m", "7e1 cm", "70e", "1.75", "70 in"], "height"),
        (parse_age_years, ["7,5", "7,5 y", "7,5 months", "7e1 y", "70e", "8 fortnights"], "age"),
        (parse_count, ["five"], "count"),
        (parse_number, ["7,5"], "number"),
    ],
)
def test_every_error_says_which_quantity_it_is_about_and_what_was_typed(read, texts, what):
    """Of three numbers on one command line, the message must point at the wrong one."""
    for text in texts:
        with pytest.raises(QuantityError) as caught:
            read(text)
        number_or_all = "|".join(map(re.escape, (text.split()[0], text)))
        assert re.match(f"{what} '({number_or_all})' ", caught.value.problem), text


def test_a_unit_that_begins_with_e_is_a_unit_and_an_e_beside_the_digits_is_half_an_exponent():
    assert hint_of(parse_weight_kg, "70 each") == hint_of(parse_weight_kg, "70 units")
    for text in ("70e", "70E", "70eu"):
        assert hint_of(parse_weight_kg, text) == "use digits with a decimal point, such as 70 or 70.5"


def spells_a_number(text: str) -> bool:
    """The grammar of design section 3, written out: ASCII digits, one optional point between digits, 12 characters."""
    whole, point, part = text.partition(".")
    digits = set("0123456789")
    return (
        len(text) <= 12 and bool(whole) and set(whole) <= digits and (not point or (bool(part) and set(part) <= digits))
    )


@quick
@given(st.one_of(st.text(max_size=14), st.text(alphabet="0123456789.,-+eE_ ", max_size=14)))
def test_a_text_is_read_exactly_when_it_fits_the_grammar(text):
    if spells_a_number(text):
        assert parse_number(text) == Decimal(text)
    else:
        assert hint_of(parse_number, text)


@quick
@given(decimals("0", "99999999", "0.001"))
def test_what_is_shown_reads_back_as_the_same_number(value):
    assert parse_number(show(value)) == value


@pytest.mark.parametrize(("text", "count"), [("1", 1), ("5", 5), ("05", 5), ("123456789012", 123456789012)])
def test_counts_are_whole_numbers_of_1_or_more(text, count):
    assert parse_count(text) == count


@pytest.mark.parametrize("text", ["0", "00", "-1", "1.5", "five", "", "\u0663", "9" * 13, "1e3", " 5"])
def test_other_counts_are_refused(text):
    assert hint_of(parse_count, text) == "type a number such as 5"


# --- weight


@pytest.mark.parametrize(
    ("text", "kg"),
    [("70", "70"), ("70kg", "70"), ("70 kg", "70"), ("70 KG", "70"), ("70 kgs", "70"), (" 70 kg ", "70"),
     ("3200 g", "3.2"), ("3200g", "3.2"), ("850 g", "0.85"), ("0.85", "0.85"), ("70.50", "70.5")],
)  # fmt: skip
def test_weight_is_read_in_kilograms_or_grams(text, kg):
    assert parse_weight_kg(text) == Decimal(kg)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("154 lb", "154 lb is 69.853 kg: type --weight 69.853"),  # 154 x 0.45359237 = 69.853225
        ("154lbs", "154 lb is 69.853 kg: type --weight 69.853"),
        ("43 pound", "43 lb is 19.504 kg: type --weight 19.504"),  # 19.50447191; rounded twice it would be 19.505
        ("25 pounds", "25 lb is 11.34 kg: type --weight 11.34"),  # E-02: 25 x 0.45359237 = 11.33981
        (
            "110.2 lb",
            "110.2 lb is 49.986 kg: type --weight 49.986",
        ),  # E-55: by 2.2 it would be 50.09, over a 50 kg gate
    ],
)
def test_pounds_are_refused_with_the_exact_weight_to_retype(text, hint):
    assert hint_of(parse_weight_kg, text) == hint


@pytest.mark.parametrize("text", ["70 mg", "70 ug", "70 µg", "70 kg/h", "70 units", "70 banana", "70 m"])
def test_an_unknown_unit_of_weight_is_refused_and_never_guessed(text):
    assert hint_of(parse_weight_kg, text) == "give kilograms, such as 70 or 70 kg, or grams: 3200 g"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("70,5 kg", "a comma is ambiguous; write the decimal point: 70.5"),
        ("70e", "use digits with a decimal point, such as 70 or 70.5"),
        ("7e1 kg", "write the number out without an exponent"),
        ("kg", "use digits with a decimal point, such as 70 or 70.5"),
        (".5 kg", "put a zero before the point: 0.5"),
        ("-70 kg", "a negative value is not possible"),
    ],
)
def test_the_number_before_the_unit_keeps_to_the_grammar(text, hint):
    assert hint_of(parse_weight_kg, text) == hint


@quick
@given(st.integers(1, 350_000))
def test_grams_and_kilograms_of_one_weight_agree(grams):
    kg = f"{grams // 1000}.{grams % 1000:03d}"
    assert parse_weight_kg(f"{grams} g") == parse_weight_kg(kg) == parse_weight_kg(f"{kg} kg") == Decimal(kg)


# --- height and age


@pytest.mark.parametrize(
    ("text", "cm"),
    [("175", "175"), ("175 cm", "175"), ("175CM", "175"), ("1.75 m", "175"), ("1.75m", "175"), ("2 m", "200"),
     ("152.4", "152.4"), ("3", "3"), ("2.9 cm", "2.9")],
)  # fmt: skip
def test_height_is_read_in_centimetres_or_metres(text, cm):
    assert parse_height_cm(text) == Decimal(cm)


def test_a_bare_height_below_3_is_refused_with_both_ways_to_write_it():
    assert hint_of(parse_height_cm, "1.75") == "type 175 for centimetres or 1.75 m"


@pytest.mark.parametrize("text", ["1750 mm", "175 kg"])
def test_other_units_of_height_are_refused(text):
    assert hint_of(parse_height_cm, text) == "give centimetres, such as 175 or 175 cm, or 1.75 m"


@pytest.mark.parametrize(
    ("text", "cm"),
    [
        ("70 in", "177.8"),  # 70 x 2.54
        ('70"', "177.8"),
        ("5 ft", "152.4"),  # 60 x 2.54
        ("5'9\"", "175.26"),  # 69 x 2.54
        ("5\u20199\u201d", "175.26"),
        ("5 ft 9 in", "175.26"),
        ("5ft9", "175.26"),
        ("5 foot 9.5 inches", "176.53"),  # 69.5 x 2.54
    ],
)
def test_feet_and_inches_are_refused_with_the_height_to_retype(text, cm):
    assert hint_of(parse_height_cm, text) == f"it is {cm} cm: type --height {cm}"


@pytest.mark.parametrize(
    ("text", "kg"),
    [
        ("11 st", "69.853"),  # 11 x 14 x 0.45359237 = 69.85322498
        ("11st 4lb", "71.668"),  # 158 x 0.45359237 = 71.66759446
        ("11 stone 4", "71.668"),
        ("7 lb 8 oz", "3.402"),  # 7.5 x 0.45359237 = 3.401942775
        ("7lbs, 8oz", "3.402"),
    ],
)
def test_stones_and_ounces_are_refused_with_the_weight_to_retype(text, kg):
    assert hint_of(parse_weight_kg, text) == f"it is {kg} kg: type --weight {kg}"


@pytest.mark.parametrize("text", ["NA", "N/A", "null", "None", "#N/A", "?", "-"])
@pytest.mark.parametrize("parse", [parse_weight_kg, parse_height_cm, parse_age_years])
def test_a_word_for_not_known_is_refused_and_says_to_leave_it_empty(parse, text):
    assert hint_of(parse, text) == "type a number such as 70 or 70.5; leave it empty where it is not known"


@pytest.mark.parametrize(("text", "count"), [("5", 5), ("5.0", 5), ("12.000", 12)])
def test_a_whole_number_may_be_written_as_a_decimal(text, count):
    assert parse_count(text) == count


@pytest.mark.parametrize("text", ["5.5", "5.", ".0", "0.0", "5.01", "5,0", "5.0000", "5.0.0"])
def test_what_is_no_whole_number_is_no_count(text):
    assert hint_of(parse_count, text) == "type a number such as 5"


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("8", "8"),
        ("8 y", "8"),
        ("8.5 years", "8.5"),
        ("1 year", "1"),
        ("8 yr", "8"),
        ("18 months", "1.5"),
        ("1 month", "0.0833"),
        ("1 mo", "0.0833"),  # 1 / 12 = 0.08333
        ("6 weeks", "0.115"),  # 42 / 365.25 = 0.114990
        ("10 days", "0.0274"),  # 10 / 365.25 = 0.027379
        ("28 days", "0.0767"),  # 28 / 365.25 = 0.076660
        ("4 wk", "0.0767"),
        ("1 week", "0.0192"),  # 7 / 365.25 = 0.019165
        ("1 day", "0.0027"),  # 1 / 365.25 = 0.002738
        ("29 d", "0.0794"),  # 29 / 365.25 = 0.079398
        ("0 d", "0"),
    ],
)
def test_age_is_read_in_years_months_weeks_or_days(text, years):
    assert parse_age_years(text) == Decimal(years)


def test_an_age_and_an_age_limit_in_days_are_rounded_alike():
    """A newborn of 28 days is inside a limit of 28 days, and one of 29 days is not."""
    assert parse_age_years("28 days") <= years_of_days(D(28)) < parse_age_years("29 days")


def test_an_unknown_unit_of_age_is_refused():
    assert hint_of(parse_age_years, "8 fortnights") == "give years, or add months, weeks or days: 10 days"


# --- exact quotients and rounding


@pytest.mark.parametrize(
    ("amount", "step", "nearest", "down", "up"),
    [
        ("2.5", "5", 1, 0, 1),  # E-53: 5 kg x 0.5 g/kg; half to even would give 0 g
        ("12.5", "5", 3, 2, 3),  # 25 kg x 0.5 g/kg; half to even would give 10 g
        ("22.5", "5", 5, 4, 5),
        ("2.49", "5", 0, 0, 1),
        ("5", "5", 1, 1, 1),
        ("0", "5", 0, 0, 0),
        ("110", "10", 11, 11, 11),  # 100 kg x 1.1 g/kg: a float's ceil gives 12 vials
        ("1.2", "0.1", 12, 12, 12),  # E-52: a float's floor(1.2 / 0.1) gives 11
    ],
)
def test_steps_are_counted_to_the_nearest_ties_up_or_down_or_up(amount, step, nearest, down, up):
    counts = [steps_in(Ratio(D(amount)), D(step), direction) for direction in ("nearest", "down", "up")]
    assert counts == [nearest, down, up]
    assert steps_in(Ratio(D(amount)), D(step)) == nearest


@quick
@given(ratios(), decimals("0.001", "10", "0.001"))
def test_rounding_to_a_step_agrees_with_fractions(ratio, step):
    exact, unit = as_fraction(ratio), Fraction(step)
    below = (exact / unit).__floor__()
    assert ratio.to_step(step, "down") == below * step
    assert ratio.to_step(step, "up") == (-(-exact / unit).__floor__()) * step
    assert ratio.to_step(step) == (exact / unit + Fraction(1, 2)).__floor__() * step


@quick
@given(ratios(), ratios(), decimals("0.1", "5", "0.1"))
def test_multiplying_dividing_and_comparing_are_exact(first, second, factor):
    assert as_fraction(first.times(factor)) == as_fraction(first) * Fraction(factor)
    assert as_fraction(first.per(factor)) == as_fraction(first) / Fraction(factor)
    assert (first < second) == (as_fraction(first) < as_fraction(second))
    assert (first > second) == (as_fraction(first) > as_fraction(second))
    assert first.is_above(factor) == (as_fraction(first) > Fraction(factor))
    assert first.is_below(factor) == (as_fraction(first) < Fraction(factor))


def test_the_larger_of_two_quotients_is_the_larger_amount_and_not_the_larger_tuple():
    third, half = Ratio(D(1), D(3)), Ratio(D(1), D(2))
    assert max(third, half) == half
    assert min(third, half) == third
    assert sorted([Ratio(D(9), D(10)), half, third]) == [third, half, Ratio(D(9), D(10))]


def test_lengths_stay_exact():
    """E-61: 70 cm is 0.7 m and not 0.7000000000000001."""
    assert parse_height_cm("70") / 100 == D("0.7")
    assert parse_height_cm("0.7 m") == 70


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [("0.0005", 3, "0.001"), ("2.345", 2, "2.35"), ("2.5", 0, "3"), ("3.15", 1, "3.2"), ("0.0004", 3, "0")],
)
def test_ties_go_up_where_a_number_is_rounded_for_showing(value, places, rounded):
    assert round_to_places(D(value), places) == D(rounded)


# --- how a number is shown


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (D("140"), "140"),
        (D("1.4E+2"), "140"),
        (D("28.0"), "28"),
        (D("0.280"), "0.28"),
        (D("0.4"), "0.4"),
        (D("100"), "100"),
        (D("0"), "0"),
        (D("-0.0001"), "0"),  # never -0
        (D("-2.50"), "-2.5"),
        (D("0.00049"), "0"),
        (D("69.8532249"), "69.853"),
        (D("123456789.125"), "123456789.125"),  # E-25: large values survive
        (7, "7"),  # E-20: a plain integer is shown too
        (0, "0"),
    ],
)
def test_a_number_is_shown_as_ismp_asks(value, text):
    assert show(value) == text


@quick
@given(decimals("-2000", "2000", "0.0001"), st.integers(0, 6))
def test_no_number_is_shown_with_a_trailing_zero_a_bare_point_or_an_exponent(value, places):
    """E-33: neither 28.0 nor .5, whatever the number."""
    text = show(value, places)
    assert re.fullmatch(r"-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?", text)
    assert text != "-0"
    assert abs(Fraction(text) - Fraction(value)) * 2 <= Fraction(1, 10**places)


@pytest.mark.parametrize(
    ("value", "text"),
    [(D(1400), "1,400"), (D("1027.50"), "1,027.5"), (D("999.9996"), "1,000"), (D(140), "140"), (1234567, "1,234,567")],
)
def test_thousands_are_grouped_only_where_asked(value, text):
    assert show_grouped(value) == text
    assert "," not in show(value)


def test_the_number_of_decimals_is_kept_to_whatever_the_size():
    assert show_grouped(D("1234.567"), 1) == "1,234.6"
    assert show(D("0.0000001"), 7) == "0.0000001"  # Python itself writes 1E-7


@pytest.mark.parametrize(
    ("ratio", "places", "text"),
    [
        (Ratio(D(1), D(3)), 3, "0.333"),
        (Ratio(D(2), D(3)), 3, "0.667"),
        (Ratio(D(1), D(2)), 0, "1"),
        (Ratio(D(28)), 3, "28"),
    ],
)
def test_a_quotient_is_divided_and_rounded_only_when_it_is_shown(ratio, places, text):
    assert show_ratio(ratio, places) == text


def test_showing_does_not_depend_on_the_callers_decimal_context():
    with localcontext(Context(prec=3, rounding=ROUND_UP, traps=[Inexact, FloatOperation])):
        assert show(D("1234.5674")) == "1234.567"
        assert round_to_places(D("0.0004"), 3) == 0


def test_a_text_from_outside_is_quoted_short_and_with_nothing_that_a_terminal_obeys():
    assert quote("70 kg") == "'70 kg'"
    assert quote("\x1b[31m70\x07") == "'\\u001b[31m70\\u0007'"
    assert quote("7\u202e0") == "'7\\u202e0'"
    assert quote("9" * 41) == "'" + "9" * 39 + "…'"
    assert quote("9" * 40) == "'" + "9" * 40 + "'"
