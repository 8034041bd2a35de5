"""The desk: what the routes work with for the life of one worker.

It knows the store and the served scorecard, turns a request into a subject (who is asked about,
on what snapshot), has it assessed, and gives an answer only once its record is committed.
"""

from __future__ import annotations

import asyncio
import hashlib
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

from gateway import measurements
from gateway.asked import Answer, Asked
from gateway.memory import Memory
from gateway.settings import Settings
from scoring.assess import Assessment, Explanation, assess, assess_many, explain
from scoring.contract import Language, ReferCause
from scoring.policy import Policy, policy
from scoring.scorecard import Scorecard
from storage import records
from storage.checkpoints import Checkpoints
from storage.clients import StoredClient
from storage.direct import Direct, Elsewhere
from storage.engine import reading
from storage.errors import AlreadyRecorded, StoreUnavailable, UnknownClient
from storage.keys import KEY_PREFIX, SESSION_PREFIX
from storage.records import Entry, FirstAnswer
from storage.roles import Caller
from storage.snapshots import Snapshot
from storage.store import Store

KEPT_ASSESSMENTS = 50_000
"""Assessments of unchanged stored snapshots kept by a worker, about 1 KB each."""
KEPT_SCORECARDS = 2
"""Scorecards of the past kept in memory for replays."""
Input = tuple[str, str]
"""A snapshot's hash and a scorecard's tag: the same two always say the same."""
Models = Callable[[str], Path]
"""Where the files of a scorecard are, by its tag. Raises ``ModelRejected`` when not held."""
FREE_DISK_BYTES = 50_000_000
READ_DIRECTLY = (KEY_PREFIX, SESSION_PREFIX)
"""Tokens that one look-up by key recognises."""
REPLAYED = (b"idempotency-replayed", b"true")


@dataclass(frozen=True, slots=True)
class Subject:
    """Who is asked about: the client's number if known, and the snapshot to assess."""

    client_id: int | None
    snapshot: Snapshot
    is_stored: bool


@dataclass(frozen=True)
class Served:
    """The scorecard that answers, its tag in the store of models, and the policy beside it."""

    scorecard: Scorecard
    tag: str
    policy: Policy


class Desk:
    """Store, scorecard and settings of one worker. ``open`` before the first request."""

    def __init__(self, settings: Settings, models: Models) -> None:
        self.settings = settings
        self._models = models
        self._former: Memory[str, Scorecard] = Memory(KEPT_SCORECARDS)
        self._store: Store | None = None
        self._direct: Direct | None = None
        self._checkpoints: Checkpoints | None = None
        self._served: Served | None = None
        self._kept: Memory[Input, Assessment] = Memory(KEPT_ASSESSMENTS)

    def open(self, tag: str) -> None:
        """Connect to the store and load the scorecard ``tag`` and the policy.

        Raises ``ModelRejected`` or ``InvalidPolicy``.
        """
        in_force = policy(self.settings.policy_file)
        self.serve(Served(Scorecard.load(self._models(tag)), tag, in_force))
        self._store = Store.open(self.settings.storage)
        self._store.start_groups()
        self._direct = Direct(self._store.engine)
        self._checkpoints = Checkpoints(self._store.engine)
        self._store.record_now([put_in_force(in_force)])

    def serve(self, served: Served) -> None:
        """Answer with this scorecard from now on; all that is made once is made before."""
        rehearse(served, self.settings.currency)
        self._served = served
        trained = served.scorecard.metadata.trained_at.timestamp()
        measurements.TRAINED.labels(served.tag).set(trained)

    def close(self) -> None:
        """Commit what waits and let go of the database."""
        for part in (self._checkpoints, self._direct):
            if part is not None:
                part.close()
        if self._store is not None:
            self._store.close()

    @property
    def store(self) -> Store:
        """The store. Raises ``StoreUnavailable`` before ``open``."""
        if self._store is None:
            msg = "The service is starting."
            raise StoreUnavailable(msg)
        return self._store

    @property
    def served(self) -> Served:
        """The scorecard that answers now. Raises ``StoreUnavailable`` before ``open``."""
        if self._served is None:
            msg = "The service is starting."
            raise StoreUnavailable(msg)
        return self._served

    def scorecard(self, tag: str) -> Scorecard:
        """Return a scorecard by its tag, served now or before. Raises ``ModelRejected``."""
        if tag == self.served.tag:
            return self.served.scorecard
        former = self._former.find(tag)
        if former is None:
            former = Scorecard.load(self._models(tag))
            self._former.keep(tag, former)
        return former

    def policy(self, identity: str) -> Policy | None:
        """Return a policy by its identity, in force now or before; ``None`` when not held."""
        if identity == self.served.policy.identity:
            return self.served.policy
        with reading(self.store.engine) as connection:
            kept = records.about(connection, identity, "policy")
        return Policy.model_validate(kept[0].body["policy"]) if kept else None

    async def must_be_ready(self) -> None:
        """Raise ``StoreUnavailable`` unless an answer could be given and recorded now."""
        _ = self.served
        try:
            await asyncio.wait_for(asyncio.to_thread(self._check_store), timeout=3)
        except TimeoutError:
            msg = "The database does not answer."
            raise StoreUnavailable(msg) from None

    def _check_store(self) -> None:
        self.store.ping()
        folders = self.settings.storage.folders
        if min(shutil.disk_usage(folder).free for folder in folders) < FREE_DISK_BYTES:
            msg = "The disk is full."
            raise StoreUnavailable(msg)

    async def caller(self, token: str) -> Caller | None:
        """Return who holds ``token``, ``None`` when it is not in force."""
        if self._direct is not None and token.startswith(READ_DIRECTLY):
            with suppress(Elsewhere):
                return self._direct.caller(token)
        return await self.store.caller(token)

    async def find_client(self, client_id: int) -> StoredClient | None:
        """Return a client, ``None`` when none has this number. Raises ``StoreUnavailable``."""
        if self._direct is not None:
            with suppress(Elsewhere):
                return self._direct.client(client_id)
        return await self.store.find_client(client_id)

    async def client(self, client_id: int) -> StoredClient:
        """Return a client. Raises ``UnknownClient``, ``StoreUnavailable``."""
        found = await self.find_client(client_id)
        if found is None:
            msg = "No client has this number."
            raise UnknownClient(msg)
        return found

    async def subject(
        self, client_id: int | None, application: Mapping[str, Any] | None
    ) -> Subject:
        """Return who is asked about. An application given replaces the one held, not the history.

        A client number that is not known is taken as a new applicant when an application (plain
        names, what is known) comes with it. Raises ``UnknownClient`` otherwise.
        """
        if application is None:
            assert client_id is not None, "the contract asks for one or the other"
            client = await self.client(client_id)
            return Subject(client_id, client.snapshot, is_stored=True)
        history = await self._history(client_id)
        return Subject(client_id, Snapshot.of(application, history), is_stored=False)

    async def _history(self, client_id: int | None) -> Mapping[str, float | None] | None:
        if client_id is None:
            return None
        client = await self.find_client(client_id)
        return client.snapshot.history if client else None

    def assess(self, subject: Subject, served: Served) -> Assessment:
        """Assess the subject, with the values that an explanation needs."""
        snapshot = subject.snapshot
        assessment = assess(served.scorecard, served.policy, snapshot.application, snapshot.history)
        assessment = self._stopped(assessment)
        measurements.assessed(assessment)
        return assessment

    def explain(self, served: Served, assessment: Assessment, language: Language) -> Explanation:
        """Say why, in facts. ``assessment`` has its values."""
        return explain(served.scorecard, assessment, language, self.settings.currency)

    def score(self, subject: Subject, served: Served) -> Assessment:
        """Assess the subject without its values.

        The same scorecard says the same of the same snapshot: a stored one is computed once.
        """
        key = (subject.snapshot.hash, served.tag)
        known = self._kept.find(key)
        if known is not None:
            measurements.assessed(known)
            return known
        bare = replace(self.assess(subject, served), values=None)
        if subject.is_stored:
            self._kept.keep(key, bare)
        return bare

    def score_many(self, snapshots: Sequence[Snapshot], served: Served) -> list[Assessment]:
        """Assess stored snapshots, each as ``score`` would; those not met yet in columns."""
        known = [self._kept.find((snapshot.hash, served.tag)) for snapshot in snapshots]
        unmet = [place for place, one in enumerate(known) if one is None]
        found = assess_many(
            served.scorecard,
            served.policy,
            [snapshots[place].application for place in unmet],
            [snapshots[place].history for place in unmet],
        )
        for place, assessment in zip(unmet, found, strict=True):
            bare = self._stopped(assessment)
            self._kept.keep((snapshots[place].hash, served.tag), bare)
            known[place] = bare
        assessed = [assessment for assessment in known if assessment is not None]
        for assessment in assessed:
            measurements.assessed(assessment)
        return assessed

    def _stopped(self, assessment: Assessment) -> Assessment:
        return assessment.referred(ReferCause.STOPPED) if self.settings.stopped else assessment

    async def give(
        self, asked: Asked, entry: Entry, response: BaseModel | bytes, *, only: str | None = None
    ) -> Answer:
        """Record ``entry``, then return ``response`` (a model, or JSON) as the answer.

        ``only`` names a place that one entry alone can take, whoever asks. A repeat of the same
        request (its ``Idempotency-Key``) gets the first answer, and nothing more is recorded.
        Raises ``AlreadyRecorded`` when the key was used for another request,
        ``StoreUnavailable`` when nothing could be recorded.
        """
        body = response if isinstance(response, bytes) else response.model_dump_json().encode()
        kept = first_answer(asked, only or asked.answer_key, body)
        receipt = await self.store.record(entry if kept is None else entry.answered_by(kept))
        if isinstance(receipt, FirstAnswer):
            return repeated(asked, receipt)
        return Answer(body)

    async def earlier_answer(self, asked: Asked) -> Answer | None:
        """Return the first answer to this request when it is a repeat."""
        if asked.answer_key is None:
            return None
        found = await asyncio.to_thread(self.store.first_answer, asked.answer_key)
        return None if found is None else repeated(asked, found)


def put_in_force(policy: Policy) -> Entry:
    """Return the record of a policy put in force, in full: replays need the one of their day.

    Every worker and every start gives it; it is recorded once.
    """
    key = hashlib.sha256(f"policy {policy.identity}".encode()).hexdigest()
    return Entry(
        kind="policy",
        content={"policy": policy.model_dump(mode="json")},
        actor="gateway.desk",
        role="system",
        about=policy.identity,
        answer=FirstAnswer(key, policy.identity, 200, b""),
        id=records.new_id("policy"),
    )


def rehearse(served: Served, currency: str) -> None:
    """Assess and explain nobody: formulas are compiled and sheets made before any request."""
    nobody = assess(served.scorecard, served.policy, {}, None)
    for language in get_args(Language):
        explain(served.scorecard, nobody, language, currency)
    assess_many(served.scorecard, served.policy, [{}, {}], [None, None])


def first_answer(asked: Asked, key: str | None, body: bytes) -> FirstAnswer | None:
    """Return what to keep for a repeat under ``key``; ``None`` without one."""
    return None if key is None else FirstAnswer(key, asked.body_hash, 200, body)


def repeated(asked: Asked, first: FirstAnswer) -> Answer:
    """Answer a repeat. Raises ``AlreadyRecorded`` when the request is not the same."""
    if first.request != asked.body_hash:
        msg = "Another request was recorded in its place. Use a new Idempotency-Key, or revise it."
        raise AlreadyRecorded(msg)
    return Answer(first.body, status=first.status, headers=(REPLAYED,))


def said(model: BaseModel, **more: Any) -> Answer:
    """Write an answer that rests on no record."""
    return Answer(model.model_dump_json().encode(), **more)
