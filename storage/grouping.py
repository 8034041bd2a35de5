"""Many small pieces of database work done together by one thread, answered to async callers.

A commit costs one wait for the disk whatever it holds: callers that arrive while one is under
way share the next. Nobody is answered before the work that holds their item is done.
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from storage.errors import Recorded, StoreBusy, StoreUnavailable

Item = TypeVar("Item")
Answer = TypeVar("Answer")


@dataclass(eq=False, slots=True)
class _Waiting(Generic[Item, Answer]):
    """One item that waits: for its turn, then for its answer."""

    future: asyncio.Future[Answer]
    item: Item
    is_taken: bool = False


class Grouped(Generic[Item, Answer]):
    """One thread that does ``work`` on all the items waiting, at most ``most`` at a time.

    It rests ``pause_s`` after each turn, so that another process's turn may come: a lock that is
    asked for again at once is never free for those who ask now and then.
    ``work`` returns one answer for each item, in order, or raises for all of them. Lives as long
    as the service's worker; ``close`` ends it once what is waiting is done.

    Nobody waits longer than ``wait_s`` for a turn, nor than ``settle_s`` more once it has begun. An
    item whose turn has not come is withdrawn and is not worked on: nothing was recorded. Of one
    that is being worked on ``late`` says what whoever gives up may believe.
    """

    def __init__(
        self,
        name: str,
        work: Callable[[Sequence[Item]], Sequence[Answer]],
        *,
        most: int = 256,
        waiting_most: int = 2_000,
        wait_s: float = 4.5,
        settle_s: float = 2.0,
        pause_s: float = 0.0,
        late: Recorded = Recorded.NOTHING,
    ) -> None:
        self._work = work
        self._most = most
        self._waiting_most = waiting_most
        self._wait_s = wait_s
        self._settle_s = settle_s
        self._pause_s = pause_s
        self._late = late
        self._taking = threading.Lock()
        self._queue: queue.SimpleQueue[_Waiting[Item, Answer] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """How many items wait to be taken up."""
        return self._queue.qsize()

    async def do(self, item: Item) -> Answer:
        """Have ``item`` worked on; return its answer once the work is done.

        Raises ``StoreBusy`` at once when too much waits, ``StoreUnavailable`` when the work did
        not end in time, and whatever the work raised.
        """
        if self._queue.qsize() >= self._waiting_most:
            msg = "The store has too much to record. Try again in a moment."
            raise StoreBusy(msg)
        loop = asyncio.get_running_loop()
        waiting: _Waiting[Item, Answer] = _Waiting(loop.create_future(), item)
        timer = loop.call_later(self._wait_s, self._withdraw, waiting)
        self._queue.put(waiting)
        try:
            return await waiting.future
        finally:
            timer.cancel()

    def _withdraw(self, waiting: _Waiting[Item, Answer]) -> None:
        """Give up an item whose turn has not come; wait a little longer for one under way."""
        if waiting.future.done():
            return
        with self._taking:
            if not waiting.is_taken:
                waiting.future.set_exception(StoreUnavailable("The store has no time for it now."))
                return
        asyncio.get_running_loop().call_later(self._settle_s, self._give_up, waiting.future)

    def _give_up(self, future: asyncio.Future[Answer]) -> None:
        if not future.done():
            future.set_exception(StoreUnavailable("The store did not answer in time.", self._late))

    def close(self) -> None:
        """Finish what waits, then end the thread."""
        self._queue.put(None)
        self._thread.join(timeout=10)

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            asked = [first]
            ending = False
            while len(asked) < self._most and not self._queue.empty():
                another = self._queue.get()
                if another is None:
                    ending = True
                    break
                asked.append(another)
            self._answer(self._taken(asked))
            if ending:
                return
            time.sleep(self._pause_s)

    def _taken(self, asked: list[_Waiting[Item, Answer]]) -> list[_Waiting[Item, Answer]]:
        """Take up those nobody has given up; from here on they are worked on."""
        with self._taking:
            taken = [one for one in asked if not one.future.done()]
            for one in taken:
                one.is_taken = True
        return taken

    def _answer(self, asked: list[_Waiting[Item, Answer]]) -> None:
        if not asked:
            return
        loop = asked[0].future.get_loop()
        try:
            answers = self._work([one.item for one in asked])
        except Exception as error:
            loop.call_soon_threadsafe(_fail, asked, error)
        else:
            loop.call_soon_threadsafe(_settle, asked, answers)


def _settle(asked: list[_Waiting[Item, Answer]], answers: Sequence[Answer]) -> None:
    for one, answer in zip(asked, answers, strict=True):
        if not one.future.done():
            one.future.set_result(answer)


def _fail(asked: list[_Waiting[Item, Answer]], error: Exception) -> None:
    for one in asked:
        if not one.future.done():
            one.future.set_exception(error)
