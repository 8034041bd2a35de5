"""What a worker remembers."""

from __future__ import annotations

from gateway.memory import Memory


def test_the_newest_are_kept() -> None:
    """What is kept is found again until too much came after it; the rest is as if never met."""
    memory: Memory[str, int] = Memory(2)
    assert memory.find("a") is None
    for number, key in enumerate("abc"):
        memory.keep(key, number)
        assert memory.find(key) == number
    assert [memory.find(key) for key in "abc"] == [None, 1, 2]


def test_one_kept_again_takes_no_second_place() -> None:
    """The last said counts, and nothing else is pushed out for it."""
    memory: Memory[str, int] = Memory(2)
    for key, number in (("a", 1), ("b", 2), ("b", 3)):
        memory.keep(key, number)
    assert [memory.find(key) for key in "ab"] == [1, 3]
