"""Clients in the store, on both databases."""

from __future__ import annotations

import polars as pl
import pytest

from features.build import Source, history_features
from features.raw.prepared import Prepared
from storage import clients
from storage.clients import ClientBook
from storage.engine import reading
from storage.store import Store

APPLICATIONS = pl.DataFrame(
    {
        "client_id": [1, 2, 3],
        "default": [0, 1, None],
        "income_total": [1000.0, 2000.5, None],
        "owns_car": [1, None, 0],
        "contract_type": ["Cash loans", None, "Revolving loans"],
    },
    schema_overrides={"contract_type": pl.Enum(["Cash loans", "Revolving loans"])},
)
HISTORY = pl.DataFrame({"client_id": [1, 3], "late_share": [0.1, None], "loans_count": [3.0, 0.0]})


def test_clients_come_back_as_they_were_loaded(store: Store) -> None:
    """Application items and history features are equal to the frames'; the outcome is not kept."""
    assert clients.put_frame(store.engine, APPLICATIONS, HISTORY, "source-1") == 3
    with reading(store.engine) as connection:
        one, nobody, two = ClientBook().find(connection, [1, 99, 2])
    assert nobody is None
    assert one is not None
    assert two is not None
    assert one.snapshot.application == {
        "income_total": 1000.0,
        "owns_car": 1,
        "contract_type": "Cash loans",
    }
    assert one.snapshot.history == {"late_share": 0.1, "loans_count": 3.0}
    assert one.source == "source-1"
    assert two.snapshot.application == {"income_total": 2000.5}
    assert two.snapshot.history == {"late_share": None, "loans_count": None}


def test_loading_the_same_data_again_changes_nothing(store: Store) -> None:
    """The time of reception stays that of the first loading; new data replaces the snapshot."""
    clients.put_frame(store.engine, APPLICATIONS, HISTORY, "source-1")
    with reading(store.engine) as connection:
        before = ClientBook().find(connection, [1, 2, 3])
    clients.put_frame(store.engine, APPLICATIONS, HISTORY, "source-1")
    with reading(store.engine) as connection:
        assert ClientBook().find(connection, [1, 2, 3]) == before
    raised = APPLICATIONS.with_columns(pl.col("income_total") + 1)
    clients.put_frame(store.engine, raised, HISTORY, "source-2")
    with reading(store.engine) as connection:
        (one,) = ClientBook().find(connection, [1])
    assert one is not None
    assert one.snapshot.application["income_total"] == 1001.0
    assert clients.count(store.engine) == 3


def test_clients_without_any_history_can_be_loaded(store: Store) -> None:
    """An archive of applications alone has no history features at all."""
    clients.put_frame(store.engine, APPLICATIONS, APPLICATIONS.select("client_id"), "source-1")
    with reading(store.engine) as connection:
        (one,) = ClientBook().find(connection, [1])
    assert one is not None
    assert one.snapshot.history is None


def test_loading_holds_the_history_of_some_clients_at_a_time(
    store: Store, prepared_world: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many there are, and each is stored as if all had been computed together."""
    whole = history_features(prepared_world)
    held: list[int] = []

    def counted(source: Source) -> pl.DataFrame:
        history = history_features(source)
        held.append(history.height)
        return history

    monkeypatch.setattr(clients, "TOGETHER", 4)
    monkeypatch.setattr(clients, "history_features", counted)
    assert clients.load(prepared_world, store.engine) == 6
    assert held == [4, 2]
    with reading(store.engine) as connection:
        found = ClientBook().find(connection, whole["client_id"].to_list())
    assert [dict(client.snapshot.history or {}) for client in found if client] == whole.drop(
        "client_id"
    ).to_dicts()


@pytest.mark.parametrize(("after", "expected"), [(0, [1, 2]), (2, [3]), (3, [])])
def test_clients_are_read_page_by_page(store: Store, after: int, expected: list[int]) -> None:
    """A page starts after the last client seen."""
    clients.put_frame(store.engine, APPLICATIONS, HISTORY, "source-1")
    with reading(store.engine) as connection:
        page = ClientBook().page(connection, after, 2)
    assert [client.client_id for client in page] == expected
