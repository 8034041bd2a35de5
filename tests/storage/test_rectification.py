"""Corrections of an application, on both databases."""

from __future__ import annotations

import pytest

from storage import clients
from storage.clients import ClientBook
from storage.engine import reading
from storage.errors import UnknownClient
from storage.records import Entry, FirstAnswer
from storage.rectification import Rectification
from storage.store import Store
from tests.storage.test_clients import APPLICATIONS, HISTORY

CHANGE = Rectification(1, "income_total", 1234.5)


def accepted(answer: FirstAnswer | None = None) -> Entry:
    """The record that accepts a request."""
    return Entry("request_accepted", {}, "key_1", "risk", 1, about="req_1", answer=answer)


def income(store: Store, client_id: int = 1) -> object:
    """What is held now."""
    with reading(store.engine) as connection:
        (client,) = ClientBook().find(connection, [client_id])
    assert client is not None
    assert client.snapshot.history
    assert client.snapshot.is_intact()
    return client.snapshot.application.get("income_total")


def test_a_correction_outlives_a_new_load_of_the_same_data(store: Store) -> None:
    """The same data loaded again keeps it; newer data from elsewhere replaces it."""
    clients.put_frame(store.engine, APPLICATIONS, HISTORY, "source-1")
    store.rectify(accepted(), CHANGE)
    assert income(store) == 1234.5
    clients.put_frame(store.engine, APPLICATIONS, HISTORY, "source-1")
    assert income(store) == 1234.5
    assert income(store, 3) is None
    clients.put_frame(store.engine, APPLICATIONS, HISTORY, "source-2")
    assert income(store) == 1000.0


def test_a_value_can_be_corrected_to_not_known_and_again(store: Store) -> None:
    """The last correction stands."""
    clients.put_frame(store.engine, APPLICATIONS, HISTORY, "source-1")
    store.rectify(accepted(), Rectification(1, "income_total", None))
    assert income(store) is None
    store.rectify(accepted(), CHANGE)
    clients.put_frame(store.engine, APPLICATIONS, HISTORY, "source-1")
    assert income(store) == 1234.5


def test_corrected_data_was_received_when_it_was_received(store: Store) -> None:
    """Days are counted from then, on the client's page too; other data has a time of its own."""

    def received() -> str:
        with reading(store.engine) as connection:
            (client,) = ClientBook().find(connection, [1])
        assert client is not None
        return client.received_at

    clients.put_frame(store.engine, APPLICATIONS, HISTORY, "source-1")
    at_first = received()
    store.rectify(accepted(), CHANGE)
    assert received() == at_first
    clients.put_frame(store.engine, APPLICATIONS, HISTORY, "source-2")
    assert received() > at_first


def test_record_and_correction_are_one(store: Store) -> None:
    """No record without the correction, no second correction for a place taken."""
    with pytest.raises(UnknownClient):
        store.rectify(accepted(), CHANGE)
    assert list(store.records()) == []
    clients.put_frame(store.engine, APPLICATIONS, HISTORY, "source-1")
    answer = FirstAnswer("place", "request", 200, b"{}")
    store.rectify(accepted(answer), CHANGE)
    repeat = store.rectify(accepted(answer), Rectification(1, "income_total", 9.0))
    assert repeat == answer
    assert income(store) == 1234.5
    assert len(list(store.records(kind="request_accepted"))) == 1
