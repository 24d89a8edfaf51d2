"""Hypothesis strategies for command lines: most are right but for one or two slips, some are nonsense."""

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from hypothesis import strategies as st

from tests.strategies import decimals, shipped

PATIENT = ("--weight", "--height", "--age")
"""Options whose values are the patient's: none of them may stand in a message about another option."""
FORMS = {
    "dose": ("table", "json", "csv", "markdown"),
    "check": ("table", "json"),
    "compare": ("table", "json"),
}

NUMBERS = (
    "0", "-70", "+70", "70,5", "1,500", "7_0", "1e2", "1E400", ".5", "70.", "70.0", "0070", "nan", "inf", "-inf", "NaN",
    "\u0667\u0660", "\uff17\uff10", "²", "½", "0x46", "1 000", "70 kg", "70kg", "70KG", "154 lb", "154lbs", "70 g",
    "3200 g", "70 000 g",
    "1.75", "1.75 m", "175cm", "5 ft 9", "5'9\"", "18 months", "10 days", "200 d", "9" * 12, "9" * 13, "9" * 5000,
    "0.0000000001", "0.001", "0.3", "0.299", "350", "350.001", "349.999", "1..5", "1.2.3", "--70", "1/3", "70%", "100%",
)  # fmt: skip
WORDS = (
    "", " ", "\t", "\n", "a\nb", "\r", "\x1b[31mred", "\x07", "\x1b]0;t\x07", "\u202e07", "\u200b", "\ufeff70",
    "[red]X", "[/]", ":100:", "{0}", "%s", "$(id)", "`id`", "'; --", "\"", "'", "\\", "/", "../..", "=1+1", "@SUM", "-",
    "--", "-w", "--json", "None", "null", "true", "é", "ß", "İ", "ﬁ", "\U0001f489", "\udcff", "\udc80x", "x" * 300,
    "a" * 100_000, "actual", "privigen", "privigen us", "Privigen", "octagam", "octagam 10", "ITP", "itp-daily", "none",
    "no-", "no-diabetes", "vial", "5g", "5 g", "0g", "0.0005g", "100g", "101g", "0.001g", "7g", "nearest", "UP", "F",
    "m", "female", "x", "O+", "ab", "10x4,5x2", "10x4;5x2", "10\u00d74", "10x0", "10x4,", "10x4,10x2", "0x4",
    "10x999999999999", "10 x 4", "2.5x9", "5x1", "2026-01-31", "2026-02-30", "2026-1-31", "31/01/2026",
    "2026-01-31T09:00", "2026-01-31 23:59", "2026-01-31T24:00", "2100-12-31", "2101-01-01", "1979-12-31", "9999-12-31",
    "0000-00-00", "2026-01-31T09:00Z", "\u0662\u0660\u0662\u0666-01-31",
    "30 g/day", "30g/d", "30", "24 g", "150 g/course", "2 g/kg/course", "0.4 g/kg/day", "0.4 mg/kg/day", "1,5 g/kg/day",
    "30 g/week", "0 g/day", "30 g / day", "g/day", "30 g/day/day", "999999999999 g/day", "-30 g/day", "150 g/total",
)  # fmt: skip
UNKNOWN_OPTIONS = ("--wieght", "--dose", "--g-per-kg-day", "-x", "--no-json", "--weight-kg", "--version", "--help")


class CommandLine(NamedTuple):
    """A command line: its arguments, the patient's values that nobody changed, and what it was before the slips."""

    arguments: tuple[str, ...]
    untouched: tuple[str, ...]
    form: str
    values: dict[str, str]


class Slips(NamedTuple):
    """What a slip may change: the options in order, the options that may come after, and which were touched."""

    options: list[tuple[str, str]]
    before: list[str]
    after: list[str]
    touched: set[str]


def hostile_texts() -> st.SearchStrategy[str]:
    """Values that somebody has typed, pasted or exported somewhere, and a few that nobody has. A NUL is in no argv."""
    anything = st.text(st.characters(exclude_characters="\0"), max_size=30)
    number_like = st.from_regex(r"[-+ ]?[0-9]{0,14}[.,]?[0-9]{0,14} ?(kg|g|lb|cm|m|%|y|d)?", fullmatch=True)
    return st.one_of(st.sampled_from(NUMBERS), st.sampled_from(WORDS), number_like, anything)


@st.composite
def right_options(draw: Callable, with_product: bool | None = None) -> dict[str, str]:
    """The options of a command line that can be read, by name; the indication is under ''."""
    catalogue = shipped()
    indication = draw(st.sampled_from(list(catalogue.indications.values())))
    regimen = catalogue.regimens[draw(st.sampled_from(indication.regimens))]
    product = catalogue.products[draw(st.sampled_from(list(catalogue.products)))]
    every_risk = st.sampled_from([*catalogue.risks, *(f"no-{name}" for name in catalogue.risks), "none"])
    risks = st.one_of(every_risk, st.sampled_from(product.at_risk.risks)) if product.at_risk else every_risk
    # Two decimals or more, so that a weight in a message is not another figure by chance.
    weight = draw(st.one_of(decimals("0.31", "349.99", "0.01"), decimals("2.51", "120.01", "0.01")))
    values = {"": draw(st.sampled_from((indication.id, *indication.aliases))), "--weight": str(weight)}
    optional = {
        "--height": decimals("30.1", "249.9", "0.1").map(str),
        "--sex": st.sampled_from("FMfm"),
        "--age": st.one_of(decimals("0", "119.93", "0.01").map(str), st.integers(0, 90).map("{} days".format)),
        "--regimen": st.sampled_from([regimen.id, regimen.id.upper()]),
        "--g-per-kg": decimals(str(regimen.g_per_kg.low), str(regimen.g_per_kg.high), "0.01").map(str),
        "--days": st.integers(regimen.days.low, regimen.days.high).map(str),
        "--weight-policy": st.sampled_from(list(catalogue.weight_policies)),
        "--product": st.just(product.id),
        "--round": st.sampled_from(["vial", "none", "5g", "0.5 g", "10g", "0.001g", "3g"]),
        "--round-direction": st.sampled_from(["nearest", "down", "up"]),
        "--tolerance": st.sampled_from(["0", "5", "10%", "100", "2.5"]),
        "--stock": st.lists(st.sampled_from(product.vials), min_size=1, unique_by=lambda vial: vial.g).flatmap(
            lambda vials: st.lists(st.integers(1, 40), min_size=len(vials), max_size=len(vials)).map(
                lambda counts: ",".join(f"{vial.g}x{count}" for vial, count in zip(vials, counts, strict=True))
            )
        ),
        "--blood-group": st.sampled_from(["O", "A", "B", "AB"]),
        "--start": st.sampled_from(["2026-01-31", "2026-12-01T09:00", "2028-02-29", "2100-12-31", "2026-11-22 23:30"]),
        "--cycles": st.integers(1, 14).map(str),
        "--pump-step": st.sampled_from(["0.1", "1", "0.01", "5", "0.001", "100"]),
    }
    often = {"--regimen", "--product"}
    for name, texts in optional.items():
        if name == "--product" and with_product is not None:
            wanted = with_product
        else:
            wanted = draw(st.booleans()) if name in often else draw(st.integers(0, 3)) == 0
        if wanted:
            values[name] = draw(texts)
    if draw(st.integers(0, 3)) == 0:
        values["--risk"] = "\n".join(draw(st.lists(risks, min_size=1, max_size=3)))
    return values


def as_arguments(values: dict[str, str]) -> list[tuple[str, str]]:
    """Each option with its value, the risks one by one, the indication under ''."""
    pairs = []
    for name, text in values.items():
        pairs += [(name, each) for each in text.split("\n")] if name == "--risk" else [(name, text)]
    return pairs


def orders() -> st.SearchStrategy[str]:
    """Orders as they are written."""
    amounts = st.one_of(decimals("0.1", "4", "0.1"), decimals("1", "300", "1"))
    units = st.sampled_from([" g/day", " g/course", " g/kg/day", " g/kg/course", " g", "g/d", " G/DAY", " g/kg"])
    return st.builds(lambda amount, unit: f"{amount}{unit}", amounts, units)


@st.composite
def command_lines(draw: Callable) -> CommandLine:
    """`dose`, `check` or `compare` with nought to two slips in it."""
    command = draw(st.sampled_from(["dose", "dose", "dose", "check", "compare"]))
    values = draw(right_options())
    if command == "compare":
        values.pop("--weight-policy", None)
    if command == "check":
        values["--ordered"] = draw(orders())
    form = draw(st.sampled_from(FORMS[command]))
    slips = Slips(as_arguments(values), [], [], set())
    if form == "json" and draw(st.booleans()):
        slips.after.append("--json")
    elif form != "table" or draw(st.booleans()):
        slips.after.extend(["--format", form])
    if command != "compare" and draw(st.integers(0, 3)) == 0:
        slips.after.append("--explain")
    for _ in range(draw(st.sampled_from([0, 0, 1, 1, 1, 2]))):
        draw(st.sampled_from(SLIPS))(draw, slips)
    separate = draw(st.booleans())
    arguments = [command, *slips.before]
    for name, text in draw(st.permutations(slips.options)):
        arguments += [text] if not name else [name, text] if separate else [f"{name}={text}"]
    untouched = tuple(values[name] for name in PATIENT if name in values and name not in slips.touched)
    return CommandLine((*arguments, *slips.after), untouched, form, {} if slips.touched else values)


def _change(draw: Callable, slips: Slips) -> None:
    at = draw(st.integers(0, len(slips.options) - 1))
    name, _ = slips.options[at]
    slips.options[at] = (name, draw(hostile_texts()))
    slips.touched.add(name)


def _repeat(draw: Callable, slips: Slips) -> None:
    name, text = draw(st.sampled_from(slips.options))
    slips.options.append((name, draw(st.one_of(st.just(text), hostile_texts()))))
    slips.touched.add(name)


def _leave_out(draw: Callable, slips: Slips) -> None:
    at = draw(st.integers(0, len(slips.options) - 1))
    slips.touched.add(slips.options.pop(at)[0] or "indication")
    if not slips.options:
        slips.options.append(("", "itp"))


def _swap(draw: Callable, slips: Slips) -> None:
    one, other = (draw(st.integers(0, len(slips.options) - 1)) for _ in range(2))
    (first, first_text), (second, second_text) = slips.options[one], slips.options[other]
    slips.options[one], slips.options[other] = (first, second_text), (second, first_text)
    slips.touched.update((first, second))


def _add_nonsense(draw: Callable, slips: Slips) -> None:
    where = draw(st.sampled_from([slips.before, slips.after]))
    where.append(draw(st.one_of(st.sampled_from(UNKNOWN_OPTIONS), hostile_texts())))
    # what stands beside it may now be the value of another option
    slips.touched.update(("", "extra", *PATIENT))


def _add_option(draw: Callable, slips: Slips) -> None:
    names = ["--risk", "--stock", "--round", "--start", "--cycles", "--pump-step", "--tolerance", "--days"]
    names += ["--interval", "--until", "--given", "--earlier", "--then", "--igg", "--igg-target"]
    slips.options.append((draw(st.sampled_from(names)), draw(hostile_texts())))
    slips.touched.add("extra")


SLIPS = (_change, _change, _change, _change, _repeat, _leave_out, _swap, _add_nonsense, _add_option)


def other_lines() -> st.SearchStrategy[tuple[str, ...]]:
    """Command lines of the commands that need no patient, and plain nonsense."""
    catalogue = shipped()
    ids = [*catalogue.indications, *catalogue.regimens, *catalogue.products, *catalogue.safety, *catalogue.sources]
    names = st.one_of(st.sampled_from(ids), hostile_texts())
    flags = st.sampled_from([(), ("--json",), ("--help",), ("-h",), ("--catalogue", "/nowhere.yaml"), ("--jsn",)])
    commands = st.sampled_from(["dose", "check", "compare", "table", "list", "show", "catalogue", "bathc", ""])
    kinds = st.sampled_from(["regimens", "indications", "products", "policies", "rules", "sources", "Regimens", "x"])
    grids = st.sampled_from(
        ["40:100:5", "40:100", "100:40:5", "40:100:0", "0.3:350:0.001", "a:b:c", "40:100:5:1", "70", "-1:5:1"]
    )
    return st.one_of(
        st.builds(lambda kind, flag: ("list", kind, *flag), st.one_of(kinds, names), flags),
        st.builds(lambda name, flag: ("show", name, *flag), names, flags),
        st.builds(lambda command, rest: (command, *rest), commands, st.lists(hostile_texts(), max_size=4)),
        st.builds(
            lambda name, grid, flag: ("table", name, "--weights", grid, *flag),
            st.one_of(st.sampled_from(list(catalogue.indications)), names),
            st.one_of(grids, hostile_texts()),
            flags,
        ),
    )


def as_decimal(text: str) -> Decimal:
    """A number of JSON as it is written. No exponent and no trailing zero may stand in one."""
    assert "e" not in text.lower(), text
    assert "." not in text or not text.endswith("0"), text
    return Decimal(text)
