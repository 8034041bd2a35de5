"""A batch that broke off half-way, asked again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.context import RequestContext
from api.questions.batch import Batch
from api.settings import Settings
from api.worker import Worker
from storage import clients
from storage.engine import writing
from storage.errors import AlreadyRecorded
from storage.roles import Caller, Role
from storage.settings import StorageSettings
from storage.snapshots import Snapshot
from tests.scoring import small_scorecard as small

IDS = range(1, 31)
KEY = "ab" * 32


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Worker]:
    """A worker with thirty clients."""
    card = tmp_path / "card"
    card.mkdir()
    small.write(card)
    storage = StorageSettings(f"sqlite:///{tmp_path / 'a.db'}", tmp_path / "anchor")
    worker = Worker.open(Settings(storage, tmp_path / "pace"), lambda _tag: card, "scorecard:one")
    incomes = {number: {**small.CLIENT, "income_total": 90_000.0 + number} for number in IDS}
    held = {number: Snapshot.of(form, small.PAST) for number, form in incomes.items()}
    with writing(worker.store.engine) as connection:
        clients.put(connection, held, "test")
    yield worker
    worker.close()


def asked(worker: Worker, ids: range, said: str = "the same") -> Batch:
    """Score ``ids`` in a request that says ``said``, under the one key."""
    caller = Caller("key_1", Role.API, "cd" * 32, is_person=False)
    context = RequestContext("1", "score_batch", caller, KEY, said)
    batch = Batch(worker.store, worker.assessor, context)
    batch.score(ids)
    return batch


def test_what_was_committed_is_given_and_the_rest_is_scored(worker: Worker) -> None:
    """No client is recorded twice, and the rows stand in the order asked."""
    first = asked(worker, IDS[:20]).rows
    again = asked(worker, IDS).rows
    assert again[:20] == first
    assert [row.client_id for row in again] == list(IDS)
    assert asked(worker, IDS).rows == again
    assert len(list(worker.store.records(kind="assessment"))) == len(IDS)


def test_another_request_under_the_key_is_refused(worker: Worker) -> None:
    """Whether it names the same clients or others."""
    asked(worker, IDS[:5])
    for ids in (IDS[:5], IDS[10:12]):
        with pytest.raises(AlreadyRecorded):
            asked(worker, ids, "something else")
    assert len(list(worker.store.records(kind="assessment"))) == 5


def test_a_repeat_knows_its_request_though_a_client_came_in_between(worker: Worker) -> None:
    """The row that stands for the whole request stays that client's."""
    first = asked(worker, range(5, 10)).rows
    again = asked(worker, range(3, 10)).rows
    assert again[2:] == first
