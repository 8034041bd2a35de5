"""What is said of a record is true, also when the answer to its commit is lost."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from storage import audit, clients
from storage.engine import writing
from storage.errors import Recorded, StoreUnavailable
from storage.records import Entry, FirstAnswer, Record
from storage.rectification import Rectification
from storage.settings import StorageSettings
from storage.store import Store
from tests.postgresql import PostgreSQL
from tests.storage.test_clients import APPLICATIONS, HISTORY

ANSWER = FirstAnswer("key", "request", 200, b"{}")


class Line:
    """A network between a store and its server that can be cut around a COMMIT, for once or all."""

    def __init__(self, port: int) -> None:
        self._server = ("127.0.0.1", port)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.cut_at_commit = 0
        """How many commits are still to be cut."""
        self.forward_it = True
        """Whether the server gets the commit before the line is cut."""
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                given, _ = self._listening.accept()
                threading.Thread(target=self._carry, args=(given,), daemon=True).start()

    def _carry(self, given: socket.socket) -> None:
        with given, socket.create_connection(self._server) as server, suppress(OSError):
            threading.Thread(target=self._back, args=(server, given), daemon=True).start()
            while sent := given.recv(65_536):
                if b"COMMIT" in sent and self.cut_at_commit > 0:
                    self.cut_at_commit -= 1
                    given.shutdown(socket.SHUT_RDWR)  # its answer reaches nobody
                    if self.forward_it:
                        server.sendall(sent)
                        server.recv(100)
                    server.shutdown(socket.SHUT_RDWR)
                    return
                server.sendall(sent)

    def _back(self, server: socket.socket, given: socket.socket) -> None:
        with suppress(OSError):
            while answered := server.recv(65_536):
                given.sendall(answered)

    def close(self) -> None:
        """Take no more connections."""
        self._listening.close()


@pytest.fixture
def line(postgresql: PostgreSQL) -> Iterator[Line]:
    """A line to the server of the tests."""
    with closing(Line(postgresql.port)) as made:
        yield made


@pytest.fixture
def far(postgresql: PostgreSQL, line: Line, tmp_path: Path) -> Iterator[Store]:
    """A store at the other end of the line."""
    address = make_url(postgresql.new_database()).set(port=line.port)
    url = address.render_as_string(hide_password=False)
    settings = StorageSettings(url, tmp_path / "records.anchor", wait_s=2.0)
    with closing(Store.open(settings)) as store:
        yield store


def an_entry(answer: FirstAnswer | None = None, kind: str = "assessment") -> Entry:
    """A record about client 1."""
    return Entry(kind, {"verdict": "GRANT"}, "key_1", "api", 1, answer=answer)


@pytest.mark.parametrize("forward_it", [True, False])
def test_a_lost_answer_is_asked_for_again(far: Store, line: Line, forward_it: bool) -> None:
    """Committed or not before the line was cut, it is recorded once and the receipt is its."""
    line.forward_it, line.cut_at_commit = forward_it, 1
    receipts = far.record_now([an_entry(), an_entry(ANSWER)])
    assert line.cut_at_commit == 0
    assert list(far.records()) == receipts
    (repeat,) = far.record_now([an_entry(ANSWER)])
    assert repeat == ANSWER
    assert audit.verify(far).broken == []


@pytest.mark.parametrize("forward_it", [True, False])
def test_a_correction_whose_answer_was_lost_is_made_once(
    far: Store, line: Line, forward_it: bool
) -> None:
    """Record and correction are one, whatever happened to the line."""
    clients.put_frame(far.engine, APPLICATIONS, HISTORY, "source-1")
    line.forward_it, line.cut_at_commit = forward_it, 1
    change = Rectification(1, "income_total", 1234.5)
    receipt = far.rectify(an_entry(kind="request_accepted"), change)
    assert isinstance(receipt, Record)
    assert [record.id for record in far.records(kind="request_accepted")] == [receipt.id]
    assert audit.verify(far).broken == []


def test_what_cannot_be_known_is_not_said(far: Store, line: Line) -> None:
    """The line is cut again when it is asked: "nothing was recorded" would be false."""
    line.cut_at_commit = 2
    line.forward_it = False
    with pytest.raises(StoreUnavailable) as failure:
        far.record_now([an_entry(ANSWER)])
    assert failure.value.recorded is Recorded.UNKNOWN
    assert "othing" not in str(failure.value)
    far.record_now([an_entry(ANSWER)])
    assert len(list(far.records())) == 1


def test_a_failure_before_the_commit_records_nothing(store: Store) -> None:
    """The transaction is undone, and the error says so."""
    with pytest.raises(StoreUnavailable) as failure, writing(store.engine) as connection:
        connection.execute(text("INSERT INTO nowhere VALUES (1)"))
    assert failure.value.recorded is Recorded.NOTHING
