"""The screen of `replay`: identical or changed, what changed from what to what, and the entry that moved it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from rich.console import Group

from ivig_dose.replay.run import Change, Replay
from ivig_dose.report.json_text import dump_line
from ivig_dose.report.phrases import DIGEST_DIGITS, count
from ivig_dose.report.tables.words import BLANK, Words, stack, write

_WORD_KEYS: Final = ("level", "text", "dose_g", "volume_ml", "rate_ml_per_h", "minutes", "course_g")
_IN_WORDS: Final = {
    "text": "{level}: {text}",
    "dose_g": "{dose_g} g in {volume_ml} mL",
    "rate_ml_per_h": "{rate_ml_per_h} mL/h for {minutes} min",
    "course_g": "{course_g} g for the course",
}
_DAY: Final = re.compile(r"^schedule\[[^]]*\]")


def lay_out_replay(replay: Replay, indent: int = 0) -> Group:
    """The verdict on one document, its changes under the entries that moved them, and both origins."""
    words = [_lay_out_verdict(replay), *_lay_out_changes(replay), *_lay_out_origins(replay)]
    for each in words:
        each.indent += indent if each.plain else 0
    return stack(words)


def lay_out_row(replay: Replay, line: int) -> Group:
    """One changed document of many, named by its line and its row."""
    row = ", ".join([f"{key} {value}" for key, value in replay.row.items() if value is not None])
    name = f"line {line}" + (f" ({row})" if row else "")
    return stack([write(f"{name}: ", hanging=2), lay_out_replay(replay, indent=2), BLANK])


def lay_out_counts(counts: Mapping[str, int]) -> Words:
    """How many documents there were and what became of them."""
    skipped = f", {counts['skipped']} without a request to compute" if counts["skipped"] else ""
    total = count(sum(counts.values()), "document")
    return write(f"{total}: {counts['identical']} identical, {counts['changed']} changed{skipped}")


def _lay_out_verdict(replay: Replay) -> Words:
    if not replay.changes:
        same = "every dose, rate, notice and line of the working is the same"
        if replay.refused_by is not None:
            same = f"no dose was given, and none is now: refused by {replay.refused_by}"
        return write(("identical", "good"), f": {same}", hanging=2)
    values = count(len(replay.changes), "value")
    return write(("changed", "warning"), f": {values} of the document {_is_or_are(replay)} not the same", hanging=2)


def _is_or_are(replay: Replay) -> str:
    return "is" if len(replay.changes) == 1 else "are"


def _lay_out_changes(replay: Replay) -> Iterator[Words]:
    """The changes by cause. Those of the working only repeat the others and are counted."""
    own = [change for change in replay.changes if not change.path.startswith("working")]
    repeated = len(replay.changes) - len(own) if own else 0
    causes: dict[str, list[Change]] = {}
    for change in own or replay.changes:
        causes.setdefault(change.moved_by, []).append(change)
    for cause, changes in causes.items():
        yield BLANK
        yield write("moved by ", (cause, "strong"))
        yield from [write(line, hanging=4, indent=2) for line in _write_changes(changes)]
    if repeated:
        yield BLANK
        yield write(f"and {count(repeated, 'line')} of the working with them (--json lists all)")


def _write_changes(changes: Iterable[Change]) -> Iterator[str]:
    """A line for each change; the same change on several days is one."""
    alike: dict[tuple[str, str], list[Change]] = {}
    for change in changes:
        values = f"{_show(change.old)} -> {_show(change.new)}"
        alike.setdefault((_DAY.sub("", change.path), values), []).append(change)
    for (_, values), same in alike.items():
        also = f", and alike on {count(len(same) - 1, 'more day')}" if len(same) > 1 else ""
        yield f"{same[0].path}: {values}{also}"


def _show(value: Any) -> str:
    """A value as a person reads it: text and numbers bare, null as `none`, a notice, day or step by what it says."""
    if value is None:
        return "none"
    if isinstance(value, str):
        return value
    if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        return ", ".join(value)
    if isinstance(value, list) and value and all(isinstance(each, dict) and "count" in each for each in value):
        return " + ".join([f"{each['count']} x {each.get('g')} g" for each in value])
    if isinstance(value, dict):
        for key, words in _IN_WORDS.items():
            if key in value:
                return words.format_map({**dict.fromkeys(_WORD_KEYS), **value})
    return dump_line(value)


def _lay_out_origins(replay: Replay) -> Iterator[Words]:
    yield BLANK
    if replay.not_in_document:
        yield write(f"not compared, because the document does not have them: {', '.join(replay.not_in_document)}")
    if replay.same_origin():
        yield write(f"then and now: {_describe(replay.origin_now)}", hanging=2)
        return
    yield write(f"then: {_describe(replay.origin_then)}", hanging=2)
    yield write(f"now: {_describe(replay.origin_now)}", hanging=2)


def _describe(origin: Mapping[str, Any] | None) -> str:
    if not isinstance(origin, dict) or not isinstance(origin.get("files"), list):
        return "not stated"
    files = [file for file in origin["files"] if isinstance(file, dict)]
    named = [f"{file.get('path')} {str(file.get('sha256'))[:DIGEST_DIGITS]}" for file in files]
    return f"ivig-dose {origin.get('tool')}; catalogue version {origin.get('version')}: {', '.join(named)}"
