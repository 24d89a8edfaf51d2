"""An unquoted value is read as one thing by every reader, or refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig_dose.catalogue.scalars import Refused, read_plain


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("0", 0),
        ("5", 5),
        ("999999999999", 999999999999),
        ("0.4", Decimal("0.4")),
        ("0.40", Decimal("0.40")),
        ("2026-11-22", "2026-11-22"),
        ("5 g", "5 g"),
        ("10%", "10%"),
        ("1.2.3", "1.2.3"),
        ("D69.3", "D69.3"),
        ("mL/kg/h", "mL/kg/h"),
        ("-", "-"),
        ("...", "..."),
        ("nobody", "nobody"),
    ],
)
def test_a_value_is_what_every_reader_takes_it_for(text: str, value: object) -> None:
    read = read_plain(text)

    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("rule", "texts"),
    [
        ("yes-or-no", "yes no on off y n Yes NO On OFF Y N True FALSE Null NULL"),
        ("number-leading-zero", "010 00 007 00.5 01.0"),
        ("number-sexagesimal", "1:30 60:30 1:30:00 1:30.5 +1:30 0:0"),
        ("number-underscore", "1_000 1_0.5 1_ +1_0"),
        ("number-exponent", "1e3 1E3 1.5e-3 1e+10 .5e1 -1e3"),
        ("number-base", "0x1f 0o10 0b11 0X1F -0x1f"),
        ("number-point", ".5 5. .05"),
        ("number-sign", "-5 -0.5 -.5 -5. +5 +0.5 +.5"),
        ("number-comma", "0,4 1,000 1,000.5 70,5"),
        ("number-digits", "\u0660 \u0660.\u0664 \uff17\uff10 7\u0660"),
        ("number-not-finite", ".nan .NaN .inf -.inf +.inf nan inf -inf Infinity"),
        ("number-too-long", "1234567890123 0.12345678901 1e" + "9" * 50),
    ],
)
def test_what_readers_disagree_on_is_refused_with_a_hint(rule: str, texts: str) -> None:
    for text in texts.split():
        refused = read_plain(text)

        assert isinstance(refused, Refused), text
        assert refused.rule == rule, text
        assert refused.hint, text


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("010", "write 10; or"),
        ("00.5", "write 0.5; or"),
        ("00", "write 0; or"),
        (".5", "write 0.5; or"),
        ("+5", "write 5; or"),
        ("1_000", "write the digits together: 1000; or"),
    ],
)
def test_a_hint_gives_the_number_to_write(text: str, hint: str) -> None:
    refused = read_plain(text)

    assert isinstance(refused, Refused)
    assert refused.hint.startswith(hint)


@given(st.decimals(min_value=0, max_value=9999, places=3))
def test_a_decimal_keeps_every_digit_that_is_written(number: Decimal) -> None:
    assert str(read_plain(str(number))) == str(number)


@given(st.text(alphabet="0123456789.,:_+-eExXoabnif\u0664"))
def test_no_number_is_made_of_anything_but_digits_and_one_point(text: str) -> None:
    value = read_plain(text)

    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        assert text.replace(".", "", 1).isascii()
        assert text.replace(".", "", 1).isdigit()
        assert Decimal(text) == value
