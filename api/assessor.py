"""The scorecard that answers, the policy beside it, and what is remembered of its work."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import get_args

from cachetools import LRUCache

from api import measurements
from api.clients import Subject
from api.stop import StopSwitch
from scoring.assess import Assessment, Explanation, assess, assess_many, explain
from scoring.contract import Language, ReferCause
from scoring.policy import Policy
from scoring.scorecard import Scorecard
from storage import records
from storage.engine import reading
from storage.records import Entry, FirstAnswer
from storage.snapshots import Snapshot
from storage.store import Store

KEPT_ASSESSMENTS = 50_000
"""Assessments of unchanged stored snapshots kept by a worker, about 1 KB each."""
KEPT_SCORECARDS = 2
"""Scorecards of the past kept in memory for replays."""
Models = Callable[[str], Path]
"""Where the files of a scorecard are, by its tag. Raises ``ModelRejected`` when not held."""


@dataclass(frozen=True)
class Served:
    """The scorecard that answers, its tag in the store of models, and the policy beside it."""

    scorecard: Scorecard
    tag: str
    policy: Policy


class Assessor:
    """Assesses and explains with what is served; lives as long as the worker.

    It remembers assessments by (hash of the snapshot, tag of the scorecard): the same two always
    say the same, so nothing remembered is older than the database. The stop switch is read anew
    each time.
    """

    def __init__(
        self, served: Served, models: Models, store: Store, stop: StopSwitch, currency: str
    ) -> None:
        self._models = models
        self._store = store
        self._stop = stop
        self.currency = currency
        self._former: LRUCache[str, Scorecard] = LRUCache(KEPT_SCORECARDS)
        self._known: LRUCache[tuple[str, str], Assessment] = LRUCache(KEPT_ASSESSMENTS)
        self._lock = Lock()
        self.serve(served)

    def serve(self, served: Served) -> None:
        """Answer with this scorecard from now on; all that is made once is made before."""
        rehearse(served, self.currency)
        self._served = served
        trained = served.scorecard.metadata.trained_at.timestamp()
        measurements.TRAINED.labels(served.tag).set(trained)

    @property
    def served(self) -> Served:
        """What answers now; a request takes it once, and ends with what it began with."""
        return self._served

    def scorecard(self, tag: str) -> Scorecard:
        """Return a scorecard by its tag, served now or before. Raises ``ModelRejected``."""
        if tag == self.served.tag:
            return self.served.scorecard
        with self._lock:
            former = self._former.get(tag)
        if former is None:
            former = Scorecard.load(self._models(tag))
            with self._lock:
                self._former[tag] = former
        return former

    def policy(self, identity: str) -> Policy | None:
        """Return a policy by its identity, in force now or before; ``None`` when not held."""
        if identity == self.served.policy.identity:
            return self.served.policy
        with reading(self._store.engine) as connection:
            kept = records.about(connection, identity, "policy")
        return Policy.model_validate(kept[0].body["policy"]) if kept else None

    def assess(self, subject: Subject, served: Served) -> Assessment:
        """Assess the subject, with the values that an explanation needs."""
        snapshot = subject.snapshot
        found = assess(served.scorecard, served.policy, snapshot.application, snapshot.history)
        return self._given([found])[0]

    def explain(self, served: Served, assessment: Assessment, language: Language) -> Explanation:
        """Say why, in facts. ``assessment`` has its values."""
        return explain(served.scorecard, assessment, language, self.currency)

    def score(self, subject: Subject, served: Served) -> Assessment:
        """Assess the subject without its values; a stored snapshot is computed once."""
        snapshot, key = subject.snapshot, (subject.snapshot.hash, served.tag)
        with self._lock:
            found = self._known.get(key)
        if found is None:
            found = assess(served.scorecard, served.policy, snapshot.application, snapshot.history)
            found = replace(found, values=None)
            if subject.is_stored:
                with self._lock:
                    self._known[key] = found
        return self._given([found])[0]

    def score_many(self, snapshots: Sequence[Snapshot], served: Served) -> list[Assessment]:
        """Assess stored snapshots, each as ``score`` would; those not met yet in columns."""
        keys = [(snapshot.hash, served.tag) for snapshot in snapshots]
        with self._lock:
            known = {key: found for key in keys if (found := self._known.get(key)) is not None}
        unmet = {one.hash: one for one in snapshots if (one.hash, served.tag) not in known}
        computed = assess_many(
            served.scorecard,
            served.policy,
            [snapshot.application for snapshot in unmet.values()],
            [snapshot.history for snapshot in unmet.values()],
        )
        new = {(name, served.tag): one for name, one in zip(unmet, computed, strict=True)}
        with self._lock:
            self._known.update(new)
        return self._given([known.get(key) or new[key] for key in keys])

    def _given(self, found: list[Assessment]) -> list[Assessment]:
        """Return the assessments as they are given: counted, and referred while stopped."""
        if self._stop.is_on():
            found = [one.referred(ReferCause.STOPPED) for one in found]
        for one in found:
            measurements.assessed(one)
        return found


def rehearse(served: Served, currency: str) -> None:
    """Assess and explain nobody: formulas are compiled and sheets made before any request."""
    nobody = assess(served.scorecard, served.policy, {}, None)
    for language in get_args(Language):
        explain(served.scorecard, nobody, language, currency)
    assess_many(served.scorecard, served.policy, [{}, {}], [None, None])


def put_in_force(policy: Policy) -> Entry:
    """Return the record of a policy put in force, in full: replays need the one of their day.

    Every worker and every start gives it; it is recorded once.
    """
    key = hashlib.sha256(f"policy {policy.identity}".encode()).hexdigest()
    return Entry(
        kind="policy",
        content={"policy": policy.model_dump(mode="json")},
        actor="api.assessor",
        role="system",
        about=policy.identity,
        answer=FirstAnswer(key, policy.identity, 200, b""),
        id=records.new_id("policy"),
    )
