"""What a worker remembers, and when it must not."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.desk import Desk, Served, Subject
from gateway.settings import Settings
from scoring.assess import Assessment, assess, explain
from scoring.calibration import Calibration
from scoring.policy import policy
from scoring.scorecard import Scorecard, save
from storage import clients
from storage.engine import writing
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


@pytest.fixture
def desk(tmp_path: Path, folders: dict[str, Path]) -> Iterator[Desk]:
    """A desk that serves the first scorecard, with an empty store."""
    storage = StorageSettings(f"sqlite:///{tmp_path / 'a.db'}", tmp_path / "anchor")
    desk = Desk(Settings(storage, pace_file=tmp_path / "pace"), folders.__getitem__)
    desk.open(FIRST)
    yield desk
    desk.close()


def _client(place: int) -> Snapshot:
    """Return the small scorecard's client, with another income for each place."""
    income = 150_000.0 + 10_000.0 * place
    return Snapshot.of({**small.CLIENT, "income_total": income}, small.PAST)


def _put(desk: Desk, snapshot: Snapshot) -> None:
    with writing(desk.store.engine) as connection:
        clients.put(connection, {1: snapshot}, "test")


def _score(desk: Desk) -> Assessment:
    return desk.score(asyncio.run(desk.subject(1, None)), desk.served)


def _plain(scorecard: Scorecard, snapshot: Snapshot) -> float:
    found = assess(scorecard, policy(), snapshot.application, snapshot.history)
    return found.default_probability


def test_an_unchanged_client_is_computed_once(desk: Desk) -> None:
    """The remembered answer is the computed one."""
    _put(desk, _client(0))
    once, again = _score(desk), _score(desk)
    assert again is once
    assert again.default_probability == _plain(desk.served.scorecard, _client(0))


def test_a_changed_client_never_gets_the_old_answer(desk: Desk) -> None:
    """The very next question rests on what is held now."""
    for place in (0, 1, 0, 2):
        _put(desk, _client(place))
        expected = _plain(desk.served.scorecard, _client(place))
        assert _score(desk).default_probability == expected


def test_another_scorecard_never_gives_the_old_ones_answers(
    desk: Desk, folders: dict[str, Path]
) -> None:
    """After the swap, and after the swap back, each answers for itself."""
    _put(desk, _client(0))
    cards = {tag: Scorecard.load(folder) for tag, folder in folders.items()}
    expected = {tag: _plain(card, _client(0)) for tag, card in cards.items()}
    assert expected[FIRST] < expected[SECOND]
    for tag in (FIRST, SECOND, FIRST, SECOND):
        desk.serve(Served(cards[tag], tag, policy()))
        for _ in range(2):
            assert _score(desk).default_probability == expected[tag]


def test_a_batch_and_single_questions_remember_for_each_other(desk: Desk) -> None:
    """Whoever came first, the figures are the same to the last digit."""
    snapshots = [_client(place) for place in range(6)]
    alone = [
        desk.score(Subject(place, snapshot, is_stored=True), desk.served)
        for place, snapshot in enumerate(snapshots[:3])
    ]
    together = desk.score_many(snapshots, desk.served)
    assert all(one is other for one, other in zip(alone, together[:3], strict=True))
    for snapshot, one in zip(snapshots, together, strict=True):
        assert one.default_probability == _plain(desk.served.scorecard, snapshot)
        assert desk.score(Subject(9, snapshot, is_stored=True), desk.served) is one


def test_an_explanation_is_of_this_client_and_this_scorecard(
    desk: Desk, folders: dict[str, Path]
) -> None:
    """Reasons, figures and score are those computed afresh, whatever changes in between."""
    cards = {tag: Scorecard.load(folder) for tag, folder in folders.items()}
    for place, tag in ((0, FIRST), (1, FIRST), (0, SECOND), (0, FIRST), (1, SECOND)):
        _put(desk, _client(place))
        desk.serve(Served(cards[tag], tag, policy()))
        subject = asyncio.run(desk.subject(1, None))
        plain = assess(cards[tag], policy(), _client(place).application, small.PAST)
        for _ in range(2):
            found = desk.explain(desk.served, desk.assess(subject, desk.served), "fr")
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
        desk = Desk(settings, folders.__getitem__)
        desk.open(FIRST)
        kept = [record.about for record in desk.store.records(kind="policy")]
        found = desk.policy(policy().identity)
        nowhere = desk.policy("2020-01-000000000000")
        desk.close()
    assert kept == [policy().identity, changed.identity]
    assert found == policy()
    assert nowhere is None


def test_an_application_that_is_not_stored_is_not_remembered(desk: Desk) -> None:
    """What somebody only tries leaves nothing behind."""
    tried = Subject(None, _client(0), is_stored=False)
    assert desk.score(tried, desk.served) is not desk.score(tried, desk.served)


def test_the_stop_switch_refers_whole_batches_too(tmp_path: Path, folders: dict[str, Path]) -> None:
    """Nobody is granted or refused by machine while proposals are suspended."""
    storage = StorageSettings(f"sqlite:///{tmp_path / 'a.db'}", tmp_path / "anchor")
    desk = Desk(Settings(storage, pace_file=tmp_path / "pace", stopped=True), folders.__getitem__)
    desk.open(FIRST)
    found = desk.score_many([_client(place) for place in range(3)], desk.served)
    assert {one.verdict.value for one in found} == {"REFER"}
    desk.close()
