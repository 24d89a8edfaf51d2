"""Repeated ids: found among many in little memory, and flagged only where their answers differ."""

from ivig_dose.batch.repeats import IdCounter


def count(ids, block=500):
    with IdCounter() as counter:
        for start in range(0, len(ids), block):
            counter.add(ids[start : start + block])
        return counter.find_repeated()


def test_ids_that_come_once_are_not_repeated():
    repeats = count([f"P{number}" for number in range(5_000)])

    assert len(repeats) == 0
    assert not repeats.includes("P1")


def test_repeated_ids_are_found_also_where_they_went_to_disk():
    # 200,000 ids are more than 64 parts of 1,024 keep in memory
    ids = [f"P{number}" for number in range(200_000)]

    repeats = count([*ids, "P7", "P199999", "P7"])

    assert len(repeats) == 2
    assert repeats.includes("P7")
    assert repeats.includes("P199999")
    assert not repeats.includes("P8")


def test_only_different_answers_differ():
    repeats = count(["A", "A", "B", "B"])
    for row_id, answer in (("A", ("28",)), ("B", ("28",)), ("A", ("30",)), ("B", ("28",))):
        repeats.note_answer(row_id, answer)

    assert repeats.differs("A")
    assert not repeats.differs("B")

    repeats.forget_unflagged()

    assert len(repeats) == 1
    assert repeats.differs("A")
    assert not repeats.includes("B")
