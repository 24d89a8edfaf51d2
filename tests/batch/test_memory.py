"""The memory of a batch: bounded, and what comes often is kept."""

import pytest

from ivig_dose.batch.memory import Memory


def test_what_was_remembered_is_recalled():
    memory = Memory(2)
    memory.remember("a", None)

    assert memory.recall("a") is None
    with pytest.raises(KeyError):
        memory.recall("b")


def test_no_more_than_two_generations_are_held():
    memory = Memory(10)
    for number in range(1_000):
        memory.remember(number, number)
        assert len(memory) <= 20
    with pytest.raises(KeyError):
        memory.recall(0)


def test_what_comes_often_is_kept_among_what_comes_once():
    memory = Memory(10)
    memory.remember("often", 1)
    for number in range(1_000):
        memory.remember(number, number)
        assert memory.recall("often") == 1
