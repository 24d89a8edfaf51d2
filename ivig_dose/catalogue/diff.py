"""What changed between two catalogues: each entry with its fields, and each dose and rate that moves by weight."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Final, Literal

from ivig_dose.catalogue.document import Path, show_path
from ivig_dose.catalogue.fields import ENTRY_SECTIONS
from ivig_dose.catalogue.models import Catalogue, Entry, LabelRate, Product, RateTable
from ivig_dose.catalogue.weakening import find_weakenings
from ivig_dose.quantity import Ratio, round_to_places, show

DoseOf = Callable[[Catalogue, str, str, Decimal], Mapping[str, Decimal]]
"""Grams of the `day` and of the `course` that the core gives for a catalogue, indication, regimen and weight in kg."""

WHATS: Final[tuple[Literal["day", "course"], ...]] = ("day", "course")
WEIGHTS_KG: Final = tuple(Decimal(kg) for kg in (3, 5, 10, 15, 20, 30, 40, 50, 60, 70, 80, 90, 100, 120, 150))
"""The grid of weights on which doses and rates are compared, from a newborn to the usual upper bound."""
TOLD_KG: Final = tuple(Decimal(kg) for kg in (3, 10, 70, 120))
"""The weights of which the text tells; the JSON has the whole grid."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One value of an entry that differs: its path in the file, and both values as text (empty where not there)."""

    path: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class EntryChange:
    """One entry that was added, removed or changed; `fields` are the values that differ, for a changed one."""

    section: str
    id: str
    kind: Literal["added", "removed", "changed"]
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """A figure that moves at one weight; `None` where one of the catalogues gives none."""

    weight_kg: Decimal
    old: Decimal | None
    new: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        """By how much it moves, new minus old, where both are there."""
        return None if self.old is None or self.new is None else self.new - self.old


@dataclass(frozen=True, slots=True)
class DoseChange:
    """The day's or the course's grams, at each weight at which they move.

    The regimens differ where another became the default.
    """

    what: Literal["day", "course"]
    indication: str
    old_regimen: str
    new_regimen: str
    is_default: bool
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class RateChange:
    """A rate of a product (such as `start`, `step 2` or `at-risk maximum`) in mL/h, where it moves."""

    product: str
    indication: str
    infusion: str
    what: str
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class Weakened:
    """One entry of the new catalogue that allows more than the old one, how, and the reason that it gives."""

    section: str
    id: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class CatalogueDiff:
    """Everything that differs between two catalogues."""

    entries: tuple[EntryChange, ...]
    doses: tuple[DoseChange, ...]
    rates: tuple[RateChange, ...]
    weakened: tuple[Weakened, ...] = ()


def diff_catalogues(old: Catalogue, new: Catalogue, dose_of: DoseOf) -> CatalogueDiff:
    """Every entry that was added, removed or changed, and every dose and rate that moves on the grid of weights."""
    return CatalogueDiff(
        tuple(_diff_entries(old, new)),
        tuple(_diff_doses(old, new, dose_of)),
        tuple(_diff_rates(old, new)),
        tuple(Weakened(*each) for each in find_weakenings(old, new)),
    )


def _diff_entries(old: Catalogue, new: Catalogue) -> Iterator[EntryChange]:
    for section in ("catalogue", "defaults"):
        changed = tuple(_diff_fields((section,), getattr(old, section), getattr(new, section)))
        if changed:
            yield EntryChange(section, "", "changed", changed)
    for section in ENTRY_SECTIONS:
        before, after = getattr(old, section), getattr(new, section)
        for entry_id in [*before, *(each for each in after if each not in before)]:
            if entry_id not in after:
                yield EntryChange(section, entry_id, "removed")
            elif entry_id not in before:
                yield EntryChange(section, entry_id, "added")
            elif before[entry_id] != after[entry_id]:
                changed = tuple(_diff_fields((section, entry_id), before[entry_id], after[entry_id]))
                yield EntryChange(section, entry_id, "changed", changed)


def _diff_fields(path: Path, old: Entry, new: Entry) -> Iterator[FieldChange]:
    before, after = dict(_leaves(path, old)), dict(_leaves(path, new))
    for place in [*before, *(each for each in after if each not in before)]:
        if before.get(place, "") != after.get(place, ""):
            yield FieldChange(show_path(place), before.get(place, ""), after.get(place, ""))


def _leaves(path: Path, value: object) -> Iterator[tuple[Path, str]]:
    """Every single value inside an entry, with its path, as text."""
    if isinstance(value, Entry):
        for each in fields(value):  # type: ignore[arg-type]  # every entry is a dataclass
            yield from _leaves((*path, each.name), getattr(value, each.name))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _leaves((*path, key), item)
    elif isinstance(value, tuple) and any(isinstance(item, Entry) for item in value):
        for index, item in enumerate(value):
            yield from _leaves((*path, index), item)
    elif value is not None and value != ():
        yield path, _show(value)


def _show(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(_show(item) for item in value)
    return show(value, places=12) if isinstance(value, Decimal) else str(value)


def _diff_doses(old: Catalogue, new: Catalogue, dose_of: DoseOf) -> Iterator[DoseChange]:
    """For indications in both: the regimens that both name, and the default where another regimen took its place."""
    for name, before in old.indications.items():
        after = new.indications.get(name)
        if after is None:
            continue
        pairs = [(regimen, regimen, False) for regimen in before.regimens if regimen in after.regimens]
        defaults = (before.regimens[0], after.regimens[0])
        if defaults[0] != defaults[1] and not (before.no_default or after.no_default):
            pairs.insert(0, (*defaults, True))
        for old_regimen, new_regimen, is_default in pairs:
            doses = [
                (kg, dose_of(old, name, old_regimen, kg), dose_of(new, name, new_regimen, kg)) for kg in WEIGHTS_KG
            ]
            for what in WHATS:
                moves = _find_moves([(kg, was.get(what), now.get(what)) for kg, was, now in doses])
                if moves:
                    yield DoseChange(what, name, old_regimen, new_regimen, is_default, moves)


def _find_moves(figures: Iterable[tuple[Decimal, Decimal | None, Decimal | None]]) -> tuple[Move, ...]:
    return tuple(Move(kg, old, new) for kg, old, new in figures if old != new)


def _diff_rates(old: Catalogue, new: Catalogue) -> Iterator[RateChange]:
    for product_id, before in old.products.items():
        after = new.products.get(product_id)
        if after is None:
            continue
        tables_before, tables_after = _tables(before), _tables(after)
        for key in [*tables_before, *(each for each in tables_after if each not in tables_before)]:
            rates_before = _rates(before, tables_before.get(key))
            rates_after = _rates(after, tables_after.get(key))
            for what in [*rates_before, *(each for each in rates_after if each not in rates_before)]:
                was, now = rates_before.get(what), rates_after.get(what)
                moves = _find_moves([(kg, _ml_per_h(was, kg), _ml_per_h(now, kg)) for kg in WEIGHTS_KG])
                if moves:
                    yield RateChange(product_id, *key, what, moves)


def _tables(product: Product) -> dict[tuple[str, str], RateTable]:
    return {(indication, table.infusion): table for table in product.rates for indication in table.indications}


def _rates(product: Product, table: RateTable | None) -> dict[str, Ratio]:
    """Every rate of a table by its name, in mL/kg/h, and the lower maximum for patients at risk."""
    if table is None:
        return {}
    named: dict[str, LabelRate] = {"start": table.start}
    named |= {f"step {number}": step for number, step in enumerate(table.steps, start=1)}
    named["maximum"] = table.maximum
    if product.at_risk is not None and product.at_risk.maximum is not None:
        named["at-risk maximum"] = product.at_risk.maximum
    return {name: rate.effective(product.g_per_100_ml) for name, rate in named.items()}


def _ml_per_h(rate: Ratio | None, weight_kg: Decimal) -> Decimal | None:
    """A rate in mL/h, rounded to 0.001 for comparing; a plan rounds to the pump's step instead."""
    return None if rate is None else rate.times(weight_kg).to_step(Decimal("0.001"))


def format_diff(diff: CatalogueDiff) -> str:
    """The differences as a pharmacist reads them: what allows more, the doses by indication, the rates, the entries.

    Doses and rates stand at the weights of `TOLD_KG`, or at the first where they move, if they stay there.
    """
    lines = [f"WEAKER {each.section}.{each.id}: {each.text}{_reason(each)}" for each in diff.weakened]
    indication = ""
    for dose in _list_told(diff.doses):
        if dose.indication != indication:
            indication = dose.indication
            lines.append(f"dose {indication}")
        regimen = dose.old_regimen
        if dose.is_default:
            regimen = f"default regimen, {dose.old_regimen} to {dose.new_regimen}"
        lines.append(f"  {regimen}, {dose.what}: {_tell_moves(dose.moves, 'g')}")
    for rate in diff.rates:
        infusion = "" if rate.infusion == "any" else f", {rate.infusion} infusion"
        lines.append(
            f"rate {rate.product} ({rate.indication}{infusion}), {rate.what}: {_tell_moves(rate.moves, 'mL/h')}"
        )
    lines += [line for entry in diff.entries for line in _format_entry(entry)]
    return "\n".join(lines) if lines else "no difference"


def _list_told(doses: Iterable[DoseChange]) -> Iterator[DoseChange]:
    """The doses but for a course that moves as its one day does, which is told once."""
    before: DoseChange | None = None
    for dose in doses:
        same = before is not None and (before.indication, before.old_regimen) == (dose.indication, dose.old_regimen)
        if not (same and before is not None and before.moves == dose.moves):
            yield dose
        before = dose


def _tell_moves(moves: tuple[Move, ...], unit: str) -> str:
    told = [move for move in moves if move.weight_kg in TOLD_KG] or moves[:1]
    return "; ".join([_format_move(move, unit) for move in told])


def _reason(each: Weakened) -> str:
    return f" ({each.reason})" if each.reason else ""


def _format_entry(entry: EntryChange) -> list[str]:
    name = f"{entry.section}.{entry.id}" if entry.id else entry.section
    lines = [f"{entry.kind} {name}"]
    for change in entry.fields:
        lines.append(f"  {change.path}: {change.old or '(none)'} -> {change.new or '(none)'}")
    return lines


def _format_move(move: Move, unit: str) -> str:
    old, new = ("none" if each is None else f"{show(each)} {unit}" for each in (move.old, move.new))
    line = f"{show(move.weight_kg)} kg {old} -> {new}"
    if move.difference is None:
        return line
    sign = "+" if move.difference > 0 else "-"
    line += f" ({sign}{show(abs(move.difference))} {unit}"
    if move.old:
        percent = round_to_places(abs(move.difference) * 100 / move.old, 1)
        line += f", {sign}{show(percent, 1)} %"
    return f"{line})"
