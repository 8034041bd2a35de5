"""Clients looked for, on both databases."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from storage import clients, scores, search
from storage.engine import reading
from storage.records import Entry
from storage.scores import PortfolioScore
from storage.search import Wanted
from storage.store import Store

COUNT = 30
BANDS = "ABCDEFG"


@pytest.fixture
def filled(store: Store) -> Store:
    """Thirty clients, the last one not scored; two runs; assessments, an open request."""
    frame = pl.DataFrame({"client_id": range(1, COUNT + 1), "income_total": [1.0] * COUNT})
    clients.put_frame(store.engine, frame, frame.select("client_id"), "source-1")
    for run_id, step in (("run-1", 2), ("run-2", 3)):
        said = [
            PortfolioScore(
                n, n / 100, "DECLINE" if n % step == 0 else "GRANT", 600 - n, BANDS[n % 7]
            )
            for n in range(1, COUNT)
        ]
        scores.keep(store.engine, run_id, "scorecard:a", said)
    store.record_now(
        [
            Entry("assessment", {}, "key_1", "api", 4, at="2026-11-01T10:00:00.000000Z"),
            Entry("assessment", {}, "key_1", "api", 5, at="2026-11-20T10:00:00.000000Z"),
            Entry("request", {}, "key_1", "advisor", 6, id="req_open"),
            Entry("request", {}, "key_1", "advisor", 7, id="req_closed"),
            Entry("request_refused", {}, "key_1", "risk", 7, about="req_closed"),
        ]
    )
    return store


def found(store: Store, wanted: Wanted, after: int = 0, limit: int = 100) -> list[int]:
    """Return the numbers found; the last run counts unless one is named."""
    with reading(store.engine) as connection:
        run_id = wanted.run_id or search.last_run(connection)
        page = search.page(connection, replace(wanted, run_id=run_id), after, limit)
    return [one.client.client_id for one in page]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, range(1, 31)),
        ({"client_id": 8}, [8]),
        ({"source": "elsewhere"}, []),
        ({"verdict": "DECLINE"}, range(3, 30, 3)),
        ({"verdict": "DECLINE", "run_id": "run-1"}, range(2, 30, 2)),
        ({"verdict": "DECLINE", "run_id": "no run"}, []),
        ({"probability": (0.1, 0.12)}, [10, 11, 12]),
        ({"probability": (None, 0.02)}, [1, 2]),
        ({"points": (598, None)}, [1, 2]),
        ({"risk_band": "A"}, [7, 14, 21, 28]),
        ({"assessed_since": "2026-11-10"}, [5]),
        ({"assessed_since": "2026-10-01"}, [4, 5]),
        ({"open_request": True}, [6]),
        ({"open_request": False, "verdict": "DECLINE", "points": (590, 600)}, [3, 9]),
    ],
)
def test_each_filter_finds_what_it_should(
    filled: Store, wanted: dict[str, Any], expected: Any
) -> None:
    """Bounds are included; a client without a score is found unless a score is asked for."""
    assert found(filled, Wanted(**wanted)) == list(expected)


def test_pages_hold_each_client_once_while_a_newer_run_ends(filled: Store) -> None:
    """The run of the first page, named again, keeps the search on its scores."""
    wanted, seen, after = Wanted(verdict="DECLINE", run_id="run-2"), list[int](), 0
    while page := found(filled, wanted, after, limit=4):
        seen += page
        after = page[-1]
        scores.keep(filled.engine, f"run-{after}", "scorecard:b", [])
    assert seen == list(range(3, 30, 3))


def test_the_score_comes_with_the_client(filled: Store) -> None:
    """That of the run; none for the client whom the run did not score."""
    with reading(filled.engine) as connection:
        page = search.page(connection, Wanted(run_id="run-2"), 28, 10)
    assert [one.score for one in page] == [PortfolioScore(29, 0.29, "GRANT", 571, "B"), None]
