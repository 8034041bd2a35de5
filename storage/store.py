"""The store: one object for everything the service and the flows read and record.

``Store.open(settings)`` migrates the database and connects. Async callers (the service) go
through the groups: one thread reads, one thread commits, and an answer comes back only once what
it rests on is committed. Other callers use ``record_now`` and the functions of the package.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence

from sqlalchemy import Connection, Engine

from storage import clients, keys, links, records, rectification
from storage.anchor import Anchor
from storage.clients import ClientBook, StoredClient
from storage.engine import YIELD_S, open_engine, ping, reading, writing
from storage.errors import Recorded, SecretUnusable, StoreUnavailable, UnknownClient
from storage.grouping import Grouped
from storage.links import Link
from storage.migrate import migrate
from storage.records import Entry, FirstAnswer, Receipt, Record
from storage.rectification import Rectification
from storage.roles import Caller, Role
from storage.settings import StorageSettings

Work = Callable[[Connection], list[Receipt]]
"""What is done in one transaction that records."""

LOG = logging.getLogger("scoring.storage")


class Store:
    """Clients, records, keys and people, for the life of one process."""

    def __init__(self, engine: Engine, settings: StorageSettings) -> None:
        self.engine = engine
        self.settings = settings
        self.anchor = Anchor(settings.anchor)
        self._book = ClientBook()
        self._finding: Grouped[int, StoredClient | None] | None = None
        self._knowing: Grouped[str, Caller | None] | None = None
        self._recording: Grouped[Entry, Receipt] | None = None

    @classmethod
    def open(cls, settings: StorageSettings) -> Store:
        """Bring the database to the present schema and connect. Raises ``StoreUnavailable``."""
        engine = open_engine(settings.url, settings.wait_s)
        migrate(engine)
        return cls(engine, settings)

    def start_groups(self) -> None:
        """Start the threads that serve async callers."""
        wait_s = self.settings.wait_s + 0.5
        self._finding = Grouped("find clients", self._find, wait_s=wait_s)
        self._knowing = Grouped("know callers", self._know, wait_s=wait_s)
        pause_s = YIELD_S if self.engine.dialect.name == "sqlite" else 0.0
        self._recording = Grouped(
            "record", self._append, wait_s=wait_s, pause_s=pause_s, late=Recorded.UNKNOWN
        )

    def close(self) -> None:
        """Record what waits, end the threads and the connections."""
        for group in (self._finding, self._knowing, self._recording):
            if group is not None:
                group.close()
        self.anchor.flush()
        self.engine.dispose()

    # For async callers

    async def find_client(self, client_id: int) -> StoredClient | None:
        """Return a client, ``None`` when none has this number. Raises ``StoreUnavailable``."""
        assert self._finding is not None, "start_groups comes first"
        return await self._finding.do(client_id)

    async def caller(self, token: str) -> Caller | None:
        """Return who holds ``token``, ``None`` when it is not in force."""
        assert self._knowing is not None, "start_groups comes first"
        return await self._knowing.do(token)

    async def record(self, entry: Entry) -> Receipt:
        """Append ``entry``; return once it is committed.

        Raises ``StoreUnavailable``, whose ``recorded`` says whether it may be recorded all the
        same: then a repeat under the same key gives the first answer or records it, once.
        """
        assert self._recording is not None, "start_groups comes first"
        return await self._recording.do(entry)

    @property
    def waiting(self) -> int:
        """How many entries wait to be recorded."""
        return self._recording.waiting if self._recording is not None else 0

    # For everybody

    def record_now(self, entries: Sequence[Entry]) -> list[Receipt]:
        """Append ``entries`` in one transaction; return once they are committed.

        Raises ``StoreUnavailable`` as ``record`` does.
        """
        return self._append(entries)

    def rectify(self, entry: Entry, change: Rectification) -> Receipt:
        """Append ``entry`` and correct the client's application, both or neither.

        Nothing is corrected when the entry's place was taken before: the receipt is then the
        first answer. Raises ``UnknownClient``, ``StoreUnavailable``.
        """
        entry = entry.named()

        def work(connection: Connection) -> list[Receipt]:
            clients.alone(connection)
            (held,) = ClientBook().find(connection, [change.client_id])
            source = held.source if held else ""
            given = rectification.recorded(entry, change, source)
            (receipt,) = records.append(connection, [given])
            if isinstance(receipt, Record):
                if held is None:
                    msg = "No client has this number."
                    raise UnknownClient(msg)
                rectification.keep(connection, change, source, receipt.id)
                clients.put(connection, {change.client_id: change.of(held.snapshot)}, source)
            return [receipt]

        return self._committed([entry], work)[0]

    def anchor_tail(self) -> Record | None:
        """Anchor the last record at once, whoever wrote it; return it, ``None`` without any.

        For whoever recorded by another way than this object: a command that ends.
        """
        with reading(self.engine) as connection:
            record = records.last(connection)
        if record is not None:
            self.anchor.write(record)
        return record

    def token_of(self, link: Link) -> str:
        """Return the token of a client's link, to be shown once. Raises ``SecretUnusable``."""
        return links.seal(self._signing(), link)

    def create_key(self, role: Role, label: str) -> tuple[str, str]:
        """Make a key; return its id and the key, which is shown once."""
        with writing(self.engine) as connection:
            made = keys.create_key(connection, role, label)
        self.anchor_tail()
        return made

    def records(
        self, *, kind: str | None = None, since: str | None = None, until: str | None = None
    ) -> Iterator[Record]:
        """Yield records in order, streamed; times are ISO UTC text."""
        with reading(self.engine) as connection:
            yield from records.every(connection, kind=kind, since=since, until=until)

    def first_answer(self, key: str) -> FirstAnswer | None:
        """Return the first answer kept under ``key``."""
        with reading(self.engine) as connection:
            return records.first_answers(connection, [key]).get(key)

    def ping(self) -> None:
        """Raise ``StoreUnavailable`` unless the database answers."""
        ping(self.engine)

    # The work of the groups

    def _find(self, ids: Sequence[int]) -> list[StoredClient | None]:
        with reading(self.engine) as connection:
            return self._book.find(connection, ids)

    def _know(self, tokens: Sequence[str]) -> list[Caller | None]:
        """Tell who holds each token: a key, a session, or a client's link."""
        with reading(self.engine) as connection:
            known = keys.callers(connection, tokens)
            for place, token in enumerate(tokens):
                if token.startswith(links.PREFIX):
                    known[place] = self._client(connection, token)
        return known

    def _client(self, connection: Connection, token: str) -> Caller | None:
        try:
            return links.caller(connection, self._signing(), token)
        except SecretUnusable as error:
            LOG.error("no link can be opened: %s", error)
            return None

    def _signing(self) -> bytes:
        """Return the secret that signs links, as the file holds it now: exchanged, it ends them."""
        default = self.settings.anchor.with_name("links.secret")
        return links.secret_of(self.settings.link_secret or default)

    def _append(self, entries: Sequence[Entry]) -> list[Receipt]:
        named = [entry.named() for entry in entries]
        return self._committed(named, lambda connection: records.append(connection, named))

    def _committed(self, entries: Sequence[Entry], work: Work) -> list[Receipt]:
        """Return the receipts of ``work``, which appends ``entries``, once it is committed.

        When the answer to the commit is lost, the database is asked what became of it: recorded,
        that is the receipt; not recorded, the work is done again. Only when it cannot be asked
        does ``StoreUnavailable`` say that it is not known.
        """
        try:
            with writing(self.engine) as connection:
                receipts = work(connection)
        except StoreUnavailable as error:
            if error.recorded is not Recorded.UNKNOWN:
                raise
            receipts = self._asked_again(entries, work)
        written = [receipt for receipt in receipts if isinstance(receipt, Record)]
        if written:
            self.anchor.note(written[-1])
        return receipts

    def _asked_again(self, entries: Sequence[Entry], work: Work) -> list[Receipt]:
        try:
            with writing(self.engine) as connection:
                clients.alone(connection)
                known = records.receipts(connection, entries)
                return work(connection) if known is None else known
        except StoreUnavailable as error:
            raise StoreUnavailable(str(error), Recorded.UNKNOWN) from None
