"""What a worker remembers, and when it must not."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from api import stop
from api.assessor import Served
from api.clients import Subject
from api.settings import Settings
from api.worker import Worker
from scoring.assess import Assessment, assess, explain
from scoring.calibration import Calibration
from scoring.policy import policy
from scoring.scorecard import Scorecard, save
from storage import clients
from storage.engine import writing
from storage.records import Entry
from storage.settings import StorageSettings
from storage.snapshots import Snapshot
from tests.scoring import small_scorecard as small

FIRST, SECOND = "scorecard:first", "scorecard:second"


def _shifted(folder: Path) -> Path:
    """Write the scorecard again, each probability higher than the first one's."""
    calibration = Calibration(a=1.0, b=1.0, c=1.0)
    save(folder, Scorecard.of(small.grid(), calibration, small.metadata()), golden=small.golden())
    return folder


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Two scorecards that never give the same probability."""
    first = tmp_path_factory.mktemp("first")
    small.write(first)
    return {FIRST: first, SECOND: _shifted(tmp_path_factory.mktemp("second"))}


def _opened(home: Path, folders: dict[str, Path]) -> Worker:
    storage = StorageSettings(f"sqlite:///{home / 'a.db'}", home / "anchor")
    return Worker.open(Settings(storage, pace_file=home / "pace"), folders.__getitem__, FIRST)


@pytest.fixture
def worker(tmp_path: Path, folders: dict[str, Path]) -> Iterator[Worker]:
    """A worker that serves the first scorecard, with an empty store."""
    worker = _opened(tmp_path, folders)
    yield worker
    worker.close()


def _client(place: int) -> Snapshot:
    """Return the small scorecard's client, with another income for each place."""
    income = 150_000.0 + 10_000.0 * place
    return Snapshot.of({**small.CLIENT, "income_total": income}, small.PAST)


def _put(worker: Worker, snapshot: Snapshot) -> None:
    with writing(worker.store.engine) as connection:
        clients.put(connection, {1: snapshot}, "test")


def _score(worker: Worker) -> Assessment:
    return worker.assessor.score(
        asyncio.run(worker.clients.subject(1, None)), worker.assessor.served
    )


def _plain(scorecard: Scorecard, snapshot: Snapshot) -> float:
    found = assess(scorecard, policy(), snapshot.application, snapshot.history)
    return found.default_probability


def test_an_unchanged_client_is_computed_once(worker: Worker) -> None:
    """The remembered answer is the computed one."""
    _put(worker, _client(0))
    once, again = _score(worker), _score(worker)
    assert again is once
    assert again.default_probability == _plain(worker.assessor.served.scorecard, _client(0))


def test_a_changed_client_never_gets_the_old_answer(worker: Worker) -> None:
    """The very next question rests on what is held now."""
    for place in (0, 1, 0, 2):
        _put(worker, _client(place))
        expected = _plain(worker.assessor.served.scorecard, _client(place))
        assert _score(worker).default_probability == expected


def test_another_scorecard_never_gives_the_old_ones_answers(
    worker: Worker, folders: dict[str, Path]
) -> None:
    """After the swap, and after the swap back, each answers for itself."""
    _put(worker, _client(0))
    cards = {tag: Scorecard.load(folder) for tag, folder in folders.items()}
    expected = {tag: _plain(card, _client(0)) for tag, card in cards.items()}
    assert expected[FIRST] < expected[SECOND]
    for tag in (FIRST, SECOND, FIRST, SECOND):
        worker.assessor.serve(Served(cards[tag], tag, policy()))
        for _ in range(2):
            assert _score(worker).default_probability == expected[tag]


def test_a_batch_and_single_questions_remember_for_each_other(worker: Worker) -> None:
    """Whoever came first, the figures are the same to the last digit."""
    snapshots = [_client(place) for place in range(6)]
    alone = [
        worker.assessor.score(Subject(place, snapshot, is_stored=True), worker.assessor.served)
        for place, snapshot in enumerate(snapshots[:3])
    ]
    together = worker.assessor.score_many(snapshots, worker.assessor.served)
    assert all(one is other for one, other in zip(alone, together[:3], strict=True))
    for snapshot, one in zip(snapshots, together, strict=True):
        assert one.default_probability == _plain(worker.assessor.served.scorecard, snapshot)
        assert (
            worker.assessor.score(Subject(9, snapshot, is_stored=True), worker.assessor.served)
            is one
        )


def test_an_explanation_is_of_this_client_and_this_scorecard(
    worker: Worker, folders: dict[str, Path]
) -> None:
    """Reasons, figures and score are those computed afresh, whatever changes in between."""
    cards = {tag: Scorecard.load(folder) for tag, folder in folders.items()}
    for place, tag in ((0, FIRST), (1, FIRST), (0, SECOND), (0, FIRST), (1, SECOND)):
        _put(worker, _client(place))
        worker.assessor.serve(Served(cards[tag], tag, policy()))
        subject = asyncio.run(worker.clients.subject(1, None))
        plain = assess(cards[tag], policy(), _client(place).application, small.PAST)
        for _ in range(2):
            found = worker.assessor.explain(
                worker.assessor.served,
                worker.assessor.assess(subject, worker.assessor.served),
                "fr",
            )
            expected = explain(cards[tag], plain, "fr")
            assert (found.weighs, found.favours) == (expected.weighs, expected.favours)
            assert (found.items, found.raw_score) == (expected.items, expected.raw_score)


def test_a_policy_put_in_force_is_recorded_once_and_found_again(
    tmp_path: Path, folders: dict[str, Path]
) -> None:
    """Whatever starts again: a replay needs the policy of its day, in full."""
    storage = StorageSettings(f"sqlite:///{tmp_path / 'a.db'}", tmp_path / "anchor")
    content = json.loads(policy().model_dump_json(exclude_none=True))
    file = tmp_path / "policy.json"
    file.write_text(json.dumps({**content, "version": "2027-01"}))
    changed = policy(file)
    earlier = Settings(storage, pace_file=tmp_path / "pace")
    for settings in (earlier, earlier, replace(earlier, policy_file=file)):
        worker = Worker.open(settings, folders.__getitem__, FIRST)
        kept = [record.about for record in worker.store.records(kind="policy")]
        found = worker.assessor.policy(policy().identity)
        nowhere = worker.assessor.policy("2020-01-000000000000")
        worker.close()
    assert kept == [policy().identity, changed.identity]
    assert found == policy()
    assert nowhere is None


def test_an_application_that_is_not_stored_is_not_remembered(worker: Worker) -> None:
    """What somebody only tries leaves nothing behind."""
    tried = Subject(None, _client(0), is_stored=False)
    assert worker.assessor.score(tried, worker.assessor.served) is not worker.assessor.score(
        tried, worker.assessor.served
    )


def test_the_stop_switch_refers_at_once_and_whole_batches_too(worker: Worker) -> None:
    """Nobody is granted or refused by machine while it is on, whatever was remembered before."""
    _put(worker, _client(0))
    before = _score(worker)
    _turn(worker, "on")
    held = [_client(place) for place in range(3)]
    found = [_score(worker), *worker.assessor.score_many(held, worker.assessor.served)]
    assert {one.verdict.value for one in found} == {"REFER"}
    _turn(worker, "off")
    assert _score(worker) == before


def _turn(worker: Worker, to: str) -> None:
    """Turn the switch as another process does, and wait as long as it does."""
    motive = "The figures of the bureau are checked."
    entry = Entry(
        stop.KIND,
        stop.content_of(stopped=to == "on", motive=motive),
        "tester",
        "risk",
        about=stop.KIND,
    )
    worker.store.record_now([entry])
    time.sleep(stop.TAKEN_UP_S)
