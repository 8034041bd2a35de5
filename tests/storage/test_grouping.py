"""Work done together."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Sequence
from itertools import pairwise

import pytest

from storage.errors import Recorded, StoreBusy, StoreUnavailable
from storage.grouping import Grouped


def test_callers_that_wait_share_the_next_turn() -> None:
    """While one piece of work is under way, those that arrive are done together, each answered."""
    turns: list[int] = []
    gate = threading.Event()

    def work(items: Sequence[int]) -> list[int]:
        gate.wait(5)
        turns.append(len(items))
        return [item * 2 for item in items]

    async def run() -> list[int]:
        group = Grouped("test", work)
        asked = [asyncio.create_task(group.do(number)) for number in range(50)]
        await asyncio.sleep(0.05)
        gate.set()
        answers = await asyncio.gather(*asked)
        group.close()
        return answers

    assert asyncio.run(run()) == [number * 2 for number in range(50)]
    assert len(turns) <= 3


def test_a_failure_reaches_every_caller_of_the_turn() -> None:
    """An error of the work is raised where the answer was awaited, and the next turn works."""

    def work(items: Sequence[int]) -> list[int]:
        if 0 in items:
            raise StoreUnavailable("no database")
        return list(items)

    async def run() -> int:
        group = Grouped("test", work)
        with pytest.raises(StoreUnavailable):
            await group.do(0)
        answer = await group.do(1)
        group.close()
        return answer

    assert asyncio.run(run()) == 1


def test_nobody_waits_for_ever_and_nobody_queues_without_end() -> None:
    """Work that hangs is given up in time; beyond the limit callers are refused at once."""
    gate = threading.Event()

    def work(items: Sequence[int]) -> list[int]:
        gate.wait(10)
        return list(items)

    async def run() -> None:
        group = Grouped("test", work, most=1, waiting_most=3, wait_s=0.2, settle_s=0.1)
        asked = [asyncio.create_task(group.do(0))]
        await asyncio.sleep(0.05)  # the first is taken up, the next three wait
        asked += [asyncio.create_task(group.do(number)) for number in range(1, 4)]
        await asyncio.sleep(0.01)
        with pytest.raises(StoreBusy):
            await group.do(9)
        answers = await asyncio.gather(*asked, return_exceptions=True)
        assert all(isinstance(answer, StoreUnavailable) for answer in answers)
        gate.set()
        group.close()

    asyncio.run(run())


def test_who_gives_up_is_told_what_is_true() -> None:
    """Withdrawn before its turn, an item is never worked on; under way, nobody knows."""
    gate = threading.Event()
    done: list[int] = []

    def work(items: Sequence[int]) -> Sequence[int]:
        gate.wait(10)
        done.extend(items)
        return items

    async def run() -> list[object]:
        late = Recorded.UNKNOWN
        group = Grouped("test", work, most=1, wait_s=0.1, settle_s=0.1, late=late)
        asked = [asyncio.create_task(group.do(0))]
        await asyncio.sleep(0.05)  # the first is under way, the second waits for its turn
        asked.append(asyncio.create_task(group.do(1)))
        answers = await asyncio.gather(*asked, return_exceptions=True)
        gate.set()
        group.close()
        return [getattr(answer, "recorded", None) for answer in answers]

    assert asyncio.run(run()) == [Recorded.UNKNOWN, Recorded.NOTHING]
    assert done == [0]


def test_an_answer_that_comes_a_little_late_is_given() -> None:
    """What is under way when the time is over is waited for a little longer."""
    gate = threading.Event()

    def work(items: Sequence[int]) -> Sequence[int]:
        gate.wait(10)
        return items

    async def run() -> int:
        group = Grouped("test", work, wait_s=0.1, settle_s=5.0)
        asked = asyncio.create_task(group.do(7))
        await asyncio.sleep(0.3)
        gate.set()
        answer = await asked
        group.close()
        return answer

    assert asyncio.run(run()) == 7


def test_others_may_come_in_between_two_turns() -> None:
    """A group told to rest does so after each turn, whatever waits."""
    times: list[tuple[float, float]] = []

    def work(items: Sequence[int]) -> Sequence[int]:
        began = time.monotonic()
        times.append((began, time.monotonic()))
        return items

    async def run() -> None:
        group = Grouped("test", work, most=1, pause_s=0.02)
        await asyncio.gather(*(group.do(number) for number in range(5)))
        group.close()

    asyncio.run(run())
    assert len(times) == 5
    assert all(after[0] - before[1] >= 0.02 for before, after in pairwise(times))
