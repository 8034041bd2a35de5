"""Portfolio scores on each database."""

from __future__ import annotations

import pytest

from storage import scores
from storage.errors import StoreUnavailable
from storage.scores import PortfolioScore
from storage.store import Store


def some(clients: int) -> list[PortfolioScore]:
    """Return scores of ``clients`` clients, every third one declined."""
    return [
        PortfolioScore(n, n / 100_000, "DECLINE" if n % 3 == 0 else "GRANT", 600, "C")
        for n in range(1, clients + 1)
    ]


def test_a_run_is_kept_whole(store: Store) -> None:
    """Every client of a run is kept, whatever the number of chunks."""
    clients = scores.CHUNK + 2
    scores.keep(store.engine, "run-1", "scorecard:a", some(clients))
    assert sum(scores.count(store.engine, "run-1").values()) == clients
    assert scores.count(store.engine, "run-1")["DECLINE"] == clients // 3


def test_a_run_cut_short_does_not_count_and_can_be_done_again(store: Store) -> None:
    """A run that fails in its second chunk counts for nothing, and its number can be used again."""
    with pytest.raises(StoreUnavailable):
        scores.keep(store.engine, "run-2", "scorecard:a", [*some(scores.CHUNK), *some(1)])
    assert scores.count(store.engine, "run-2") == {}
    scores.keep(store.engine, "run-2", "scorecard:a", some(4))
    assert sum(scores.count(store.engine, "run-2").values()) == 4


def test_runs_do_not_mix(store: Store) -> None:
    """Two runs keep their own scores of the same clients."""
    scores.keep(store.engine, "run-3", "scorecard:a", some(3))
    scores.keep(store.engine, "run-4", "scorecard:b", some(6))
    assert sum(scores.count(store.engine, "run-3").values()) == 3
