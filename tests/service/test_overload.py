"""More is asked than can be given: every refusal says when to come back, and it is over at once."""

from __future__ import annotations

import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from storage import audit, records
from storage.engine import reading
from storage.store import Store

CALLERS = 32
A_SECOND = 30.0


@pytest.fixture(scope="module")
def slow(
    tmp_path_factory: pytest.TempPathFactory, scorecard_folder: Path, service: Any
) -> Iterator[Any]:
    """A service of this module's own that gives each caller thirty answers a second."""
    start = sys.modules[type(service).__module__].a_service
    own = start(
        tmp_path_factory.mktemp("overload"), scorecard_folder, SCORING_RATE_LIMIT=str(A_SECOND)
    )
    yield own
    own.stop()


def _ask(running: Any, seconds: float, role: str = "api") -> list[httpx.Response]:
    """Have many callers ask without a pause, each once at least however busy the machine is."""
    end = time.monotonic() + seconds

    def one(number: int) -> list[httpx.Response]:
        body = {"client_id": number % 50 + 1}
        with running.client(role) as client:
            answers = [client.post("/score", json=body)]
            while time.monotonic() < end:
                answers.append(client.post("/score", json=body))
        return answers

    with ThreadPoolExecutor(CALLERS) as pool:
        return [answer for answers in pool.map(one, range(CALLERS)) for answer in answers]


def test_who_asks_too_fast_is_told_when_to_come_back(slow: Any) -> None:
    """Only 200 and 429 with Retry-After; what is given stays near the limit; then all is well."""
    start = time.monotonic()
    answers = _ask(slow, 2.0)
    took = time.monotonic() - start
    statuses = Counter(answer.status_code for answer in answers)
    assert set(statuses) == {200, 429}
    assert statuses[200] <= A_SECOND * (2 + took) + CALLERS
    refused = [answer for answer in answers if answer.status_code == 429]
    assert all(int(answer.headers["retry-after"]) >= 1 for answer in refused)
    assert all(answer.json()["code"] == "too_many" for answer in refused)
    time.sleep(int(refused[-1].headers["retry-after"]))
    with slow.client("api") as client:
        assert client.post("/score", json={"client_id": 1}).status_code == 200


def test_another_caller_is_not_held_up(slow: Any) -> None:
    """One caller's flood does not use up another's share."""
    with ThreadPoolExecutor(1) as pool:
        flood = pool.submit(_ask, slow, 2.0)
        with slow.client("risk") as other:
            for _ in range(10):
                assert other.post("/score", json={"client_id": 2}).status_code == 200
                time.sleep(0.05)
        flood.result()


def test_a_store_that_stands_still_gives_503_then_recovers(service: Any) -> None:
    """Many callers while nothing can be recorded: 503 with Retry-After, nothing half-done."""
    with closing(sqlite3.connect(service.home / "scoring.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        start = time.monotonic()
        answers = _ask(service, 1.0)
        took = time.monotonic() - start
        other.execute("ROLLBACK")
    assert {answer.status_code for answer in answers} == {503}
    assert all("retry-after" in answer.headers for answer in answers)
    assert took < 8
    answers = _ask(service, 1.0)
    given = [answer.json()["assessment_id"] for answer in answers if answer.status_code == 200]
    assert given
    assert {answer.status_code for answer in answers} <= {200, 503}
    with closing(Store.open(service.settings)) as store, reading(store.engine) as connection:
        assert all(records.by_id(connection, one) is not None for one in given)
        assert audit.verify(store).broken == []
