"""Ids that stand on more than one row with different answers, found in little memory however many rows there are."""

import tempfile
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from itertools import pairwise
from typing import BinaryIO, Final

from ivig_dose.batch.row_ids import fold_id

_PARTS: Final = 64
_BUFFERED: Final = 1024
_ITEM_BYTES: Final = 8
_UNSEEN, _SEEN, _DIFFERS = 0, 1, 2


class IdCounter:
    """Finds the ids that come more than once, by a 64-bit digest of each id as `fold_id` compares it.

    Digests are sorted into 64 parts that are kept on disk, so that only one part is in memory at a time. Two
    different ids share a digest about once in ten million files of a million rows; they would then carry a
    needless warning.
    """

    def __init__(self) -> None:
        self._buffers = [array("q") for _ in range(_PARTS)]
        self._pieces: list[list[tuple[int, int]]] = [[] for _ in range(_PARTS)]
        self._file: BinaryIO | None = None

    def add(self, ids: Iterable[str]) -> None:
        """Count the ids of some rows."""
        buffers = self._buffers
        for digest in map(hash, map(fold_id, ids)):
            buffers[digest & 63].append(digest)
        for part, buffer in enumerate(buffers):
            if len(buffer) >= _BUFFERED:
                self._store(part, buffer)

    def __enter__(self) -> "IdCounter":
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def find_repeated(self) -> "Repeats":
        """The ids that came more than once."""
        repeated, different = array("q"), 0
        for part, buffer in enumerate(self._buffers):
            digests = sorted([*self._recall(part), *buffer])
            again = [one for one, other in pairwise(digests) if one == other]
            different += len(digests) - len(again)
            repeated.extend(dict.fromkeys(again))
        return Repeats(array("q", sorted(repeated)), different)

    def _store(self, part: int, buffer: "array[int]") -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed at the end of the block
        self._pieces[part].append((self._file.tell(), len(buffer)))
        buffer.tofile(self._file)
        del buffer[:]

    def _recall(self, part: int) -> "array[int]":
        digests = array("q")
        for offset, count in self._pieces[part]:
            if self._file is not None:
                self._file.seek(offset)
                digests.frombytes(self._file.read(count * _ITEM_BYTES))
        return digests


class Repeats:
    """The repeated ids of a file, and which of them have answers that differ: 17 bytes for each repeated id."""

    def __init__(self, digests: "array[int]", different: int) -> None:
        self.different = different
        """How many different ids the file has."""
        self._digests = digests
        self._answers = array("q", bytes(_ITEM_BYTES * len(digests)))
        self._states = bytearray(len(digests))

    def __len__(self) -> int:
        """How many ids are repeated."""
        return len(self._digests)

    def note_answer(self, row_id: str, answer: object) -> None:
        """Remember the answer of one row of a repeated id, to compare it with the others."""
        at = self._find(row_id)
        if at is None:
            return
        digest = hash(answer)
        if self._states[at] == _UNSEEN:
            self._answers[at] = digest
            self._states[at] = _SEEN
        elif self._answers[at] != digest:
            self._states[at] = _DIFFERS

    def includes(self, row_id: str) -> bool:
        """Whether the id stands on more than one row."""
        return self._find(row_id) is not None

    def differs(self, row_id: str) -> bool:
        """Whether the id has been noted with different answers."""
        at = self._find(row_id)
        return at is not None and self._states[at] == _DIFFERS

    def forget_unflagged(self) -> None:
        """Keep only the ids whose answers differ, once all answers have been noted."""
        kept = [at for at, state in enumerate(self._states) if state == _DIFFERS]
        self._digests = array("q", [self._digests[at] for at in kept])
        self._answers = array("q", bytes(_ITEM_BYTES * len(kept)))
        self._states = bytearray([_DIFFERS] * len(kept))

    def _find(self, row_id: str) -> int | None:
        if not self._digests:
            return None
        digest = hash(fold_id(row_id))
        at = bisect_left(self._digests, digest)
        return at if at < len(self._digests) and self._digests[at] == digest else None
