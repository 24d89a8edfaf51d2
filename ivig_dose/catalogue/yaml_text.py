"""YAML text to plain data with the place of every value, in one pass over parser events.

Events are read instead of nodes because the composers call themselves for each level: the C one ends the process
at 50,000 brackets. Depth is counted here and reading stops at 20.
"""

from dataclasses import dataclass, field
from typing import Any, Final

from ivig_dose.catalogue.document import Document, Path
from ivig_dose.catalogue.scalars import Refused, read_plain
from ivig_dose.catalogue.syntax import explain
from ivig_dose.catalogue.text import split_lines
from ivig_dose.problems import Position
from ivig_dose.quantity import MAX_NUMBER_LENGTH, quote

MAX_DEPTH: Final = 20
MAX_VALUES: Final = 100_000
_QUOTED: Final = frozenset("'\"|>")
_SHOWN: Final = 60


def read_yaml(text: str, file: str) -> Document:
    """The data of one YAML document with the place of every value; whatever is wrong is in its `problems`."""
    document = Document(file, split_lines(text))
    builder = _Builder(document)
    error = _take_events(text, builder)
    if error is not None:
        # A parser may refuse deep nesting itself, before it has given the events that lead there: what stands before
        # the place of its error is read again, so that the answer is ours whichever parser and version reads it.
        until = getattr(getattr(error, "problem_mark", None), "index", 0)
        again = Document(file, document.lines)
        _take_events(text[:until], _Builder(again))
        deep = [problem for problem in again.problems if problem.rule == "yaml-depth"]
        if deep:
            document.problems += deep
            document.usable = False
        else:
            document.stop(*explain(error, document.lines))
    builder.report_unread_features()
    if document.usable and not document.problems and document.data is None:
        document.stop(Position(1, 1), Refused("the file is empty", "file-empty", "is this the right file?"))
    document.problems.sort(key=lambda problem: problem.position or Position(1, 1))
    return document


def _take_events(text: str, builder: "_Builder") -> Exception | None:
    """Give the builder the events of a text as far as it wants them; the parser's error, where it ends in one."""
    import yaml

    try:
        # CLoader is the C parser where PyYAML has one; only its events are read, and it constructs nothing
        parser: Any = yaml.CLoader(text) if yaml.__with_libyaml__ else yaml.SafeLoader(text)
        while builder.document.usable and not isinstance(event := parser.get_event(), yaml.StreamEndEvent):
            builder.take(event)
    except yaml.YAMLError as error:
        return error
    return None


@dataclass(slots=True)
class _Level:
    """A mapping or a list that is being read. Where `muted`, its content belongs to a key that was refused."""

    path: Path
    content: dict[str, Any] | list[Any]
    muted: bool
    in_braces: bool = False
    key: str | None = None
    key_position: Position | None = None
    key_refused: bool = False
    waits_for_value: bool = False


@dataclass(slots=True)
class _Builder:
    """Takes parser events in their order and fills a document."""

    document: Document
    levels: list[_Level] = field(default_factory=list)
    values: int = 0
    documents: int = 0
    features: dict[str, list[tuple[Position, Path, str]]] = field(default_factory=dict)

    def take(self, event: Any) -> None:
        """Reads one event: a scalar, the start or the end of a mapping or a list, or something that is refused."""
        match type(event).__name__:
            case "ScalarEvent":
                self._take_scalar(event)
            case "MappingStartEvent":
                self._open(event, {})
            case "SequenceStartEvent":
                self._open(event, [])
            case "MappingEndEvent" | "SequenceEndEvent":
                self.levels.pop()
            case "AliasEvent":
                self._take_reference(event)
            case "DocumentStartEvent":
                self._start_document(event)
            case _:
                pass

    def _take_reference(self, event: Any) -> None:
        self._note("yaml-anchor", event, f"the reference *{event.anchor}")
        if self._expects_key():
            self._refuse_next_value(self.levels[-1])
        else:
            self._put(None, self._at(event), unread=True)

    def _start_document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            message = "a second document begins here (---); a catalogue file holds one"
            self.document.stop(
                self._at(event), Refused(message, "yaml-documents", "leave out the --- or split the file")
            )

    def _take_scalar(self, event: Any) -> None:
        position = self._at(event)
        plain = not (event.style and event.style in _QUOTED)
        if self._expects_key():
            self._take_key(event, position, plain)
            return
        self._note_properties(event)
        value: object = event.value
        if plain:
            value = read_plain(event.value)
        if isinstance(value, Refused):
            path, muted = self._next_path()
            self.document.report(position, () if muted else path, value)
            self._put(None, position, unread=True)
        else:
            if plain and isinstance(value, str):
                self._advise_of_comment(value, event, position)
            self._put(value, position, unread=event.tag is not None)

    def _advise_of_comment(self, text: str, event: Any, position: Position) -> None:
        """Note text of several words, or text before `#2`, that a `#` may have cut: the rest of its line is unread."""
        mark = event.end_mark
        rest = self.document.lines[mark.line][mark.column :].lstrip() if mark.line < len(self.document.lines) else ""
        path, muted = self._next_path()
        if muted or not rest.startswith("#") or not (" " in text or rest[1:2].strip("# ")):
            return
        message = f"the text ends before {quote(rest, _SHOWN)}, which is a comment to YAML"
        hint = "put the text in quotes if the # belongs to it, else write the comment on a line of its own"
        refused = Refused(message, "text-cut", hint)
        self.document.advice.append(self.document.problem(position, path, refused, "advice"))

    def _take_key(self, event: Any, position: Position, plain: bool) -> None:
        level = self.levels[-1]
        self._note_properties(event)
        key = event.value
        refused = _refuse_key(key, plain, level.in_braces)
        first = self.document.key_place.get((*level.path, key)) if not level.muted else None
        if refused is None and key in level.content and first:
            message = f"the key {quote(key)} is written twice: here and on line {first.line}"
            refused = Refused(message, "duplicate-key", "keep the one that is meant; neither is trusted")
        if refused:
            self.document.report(position, level.path, refused)
            if refused.rule == "number-comma" and level.key is not None:
                self.document.unread.add((*level.path, level.key))  # half of the number before the comma
            self._refuse_next_value(level)
            return
        level.key, level.key_position, level.key_refused, level.waits_for_value = key, position, False, True
        if not level.muted:
            self.document.key_place[(*level.path, key)] = position

    def _refuse_next_value(self, level: _Level) -> None:
        level.key, level.key_refused, level.waits_for_value = None, True, True
        if not level.muted:
            self.document.incomplete.add(level.path)

    def _open(self, event: Any, content: dict[str, Any] | list[Any]) -> None:
        position = self._at(event)
        if len(self.levels) >= MAX_DEPTH:
            message = f"more than {MAX_DEPTH} levels of nesting"
            self.document.stop(position, Refused(message, "yaml-depth", "a catalogue needs 8 at most"))
            return
        self._note_properties(event)
        if self._expects_key():
            self._refuse_container_as_key(position)
            self.levels.append(_Level((), content, muted=True))
            return
        path, muted = self._next_path()
        self._put(content, position)
        self.levels.append(_Level(path, content, muted, in_braces=bool(event.flow_style)))

    def _refuse_container_as_key(self, position: Position) -> None:
        level = self.levels[-1]
        if not level.muted:
            message = "a mapping or a list stands where a key belongs"
            hint = "a key is one word; put text that begins with { or [ in quotes"
            self.document.report(position, level.path, Refused(message, "yaml-key", hint))
        self._refuse_next_value(level)

    def _expects_key(self) -> bool:
        return bool(self.levels) and isinstance(self.levels[-1].content, dict) and not self.levels[-1].waits_for_value

    def _next_path(self) -> tuple[Path, bool]:
        """The path of the value that comes next, and whether it belongs to something refused."""
        if not self.levels:
            return (), False
        level = self.levels[-1]
        if isinstance(level.content, list):
            return (*level.path, len(level.content)), level.muted
        return (*level.path, level.key or ""), level.muted or level.key_refused

    def _put(self, value: Any, position: Position, unread: bool = False) -> None:
        """Stores a value under the key or index that it was read for, unless that was refused."""
        self.values += 1
        if self.values > MAX_VALUES:
            message = f"the file is too large: more than {MAX_VALUES:,} values"
            self.document.stop(position, Refused(message, "file-too-large", "is this the right file?"))
        path, muted = self._next_path()
        place = position
        if not self.levels:
            self.document.data = value
        elif isinstance(content := self.levels[-1].content, list):
            content.append(value)
        else:
            level = self.levels[-1]
            level.waits_for_value = False
            if level.key is not None:
                content[level.key] = value
            if isinstance(value, dict | list):
                place = level.key_position or position
        if not muted:
            self.document.place[path] = place
            if unread:
                self.document.unread.add(path)

    def _note_properties(self, event: Any) -> None:
        if event.anchor is not None:
            self._note("yaml-anchor", event, f"the anchor &{event.anchor}")
        if event.tag is not None:
            self._note("yaml-tag", event, f"the tag {event.tag.replace('tag:yaml.org,2002:', '!!')}")

    def _note(self, rule: str, event: Any, what: str) -> None:
        path, muted = self._next_path()
        self.features.setdefault(rule, []).append((self._at(event), () if muted else path, what))

    def _at(self, event: Any) -> Position:
        """Where an event begins; what is only implied behind the last line, at its end."""
        mark, lines = event.start_mark, self.document.lines
        if mark.line >= len(lines):
            return Position(len(lines), len(lines[-1]) + 1)
        return Position(mark.line + 1, mark.column + 1)

    def report_unread_features(self) -> None:
        """One problem for all anchors and references and one for all tags: each names every line."""
        hints = {
            "yaml-anchor": "write each entry out: a reference can change an entry that nobody was looking at",
            "yaml-tag": "leave it out; quotes make text, and a bare number is a number",
        }
        for rule, found in self.features.items():
            position, path, what = found[0]
            others = list(dict.fromkeys(place.line for place, _, _ in found[1:] if place.line != position.line))
            more = f" (also on line{'s' if len(others) > 1 else ''} {_list_lines(others)})" if others else ""
            refused = Refused(f"{quote(what)[1:-1]} is not read here{more}", rule, hints[rule])
            self.document.report(position, path, refused)


def _list_lines(lines: list[int], most: int = 10) -> str:
    shown = ", ".join(str(line) for line in lines[:most])
    return f"{shown} and {len(lines) - most} more" if len(lines) > most else shown


def _refuse_key(key: str, plain: bool, in_braces: bool) -> Refused | None:
    if not plain:
        return None
    if in_braces and key.isdigit():
        message = f"the comma ends the value before it, and {key[:MAX_NUMBER_LENGTH]} is read as a key"
        return Refused(message, "number-comma", "write a decimal point, such as 0.4")
    if key == "<<":
        hint = "write each entry out: a merge changes entries that nobody was looking at"
        return Refused("the merge key << is not read here", "yaml-merge", hint)
    value = read_plain(key)
    if isinstance(value, str):
        return None
    if isinstance(value, Refused):
        return Refused(f"the key {value.message}", value.rule, f"put the key in quotes: '{quote(key)[1:-1]}'")
    message = f"the key {quote(key)} is not text" if key else "a key is missing before the colon"
    return Refused(message, "yaml-key", f"put it in quotes: '{quote(key)[1:-1]}'" if key else "write key: value")
