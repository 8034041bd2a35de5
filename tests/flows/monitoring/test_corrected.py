"""A portfolio is scored on what is held of its clients, corrections included."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from polars.testing import assert_frame_equal

from features.build import KEY
from flows.monitoring.corrected import on_what_is_held
from scoring.assess import assess
from scoring.batch import assess_frame
from scoring.policy import policy
from scoring.scorecard import Scorecard
from storage import clients
from storage.clients import ClientBook
from storage.engine import reading
from storage.records import Entry
from storage.rectification import Rectification
from storage.settings import StorageSettings
from storage.store import Store
from tests import training_world as world


def test_a_corrected_client_is_scored_as_the_service_would(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others keep their scores to the last bit, and all do when nothing was corrected."""
    monkeypatch.setenv("SCORING_HOME", str(tmp_path))
    for name in ("SCORING_DATABASE_URL", "SCORING_ANCHOR"):
        monkeypatch.delenv(name, raising=False)
    world.write_scorecard(tmp_path / "scorecard")
    scorecard = Scorecard.load(tmp_path / "scorecard")
    source = world.prepared().fingerprint
    features = world.table().features.head(50)
    forms = world.prepared().scan("applications").collect()
    scores = assess_frame(scorecard, policy(), features, forms).sort(KEY)
    who = int(scores[KEY][7])
    settings = StorageSettings.from_environment({"SCORING_HOME": str(tmp_path)})
    with closing(Store.open(settings)) as store:
        clients.load(world.prepared(), store.engine)
        assert on_what_is_held(scores, scorecard, policy(), source) is scores
        accepted = Entry("request_accepted", {}, "key_1", "risk", who)
        store.rectify(accepted, Rectification(who, "external_score_2", 0.001))
        with reading(store.engine) as connection:
            (held,) = ClientBook().find(connection, [who])
    assert held is not None
    expected = assess(scorecard, policy(), held.snapshot.application, held.snapshot.history)
    found = on_what_is_held(scores, scorecard, policy(), source)
    mine = found.filter(found[KEY] == who).row(0, named=True)
    assert mine["default_probability"] == pytest.approx(expected.default_probability, abs=1e-9)
    assert mine["verdict"] == expected.verdict.value
    assert mine["decided_by"] == expected.decided_by.value
    assert mine["rules"] == list(expected.rules)
    assert mine["default_probability"] != scores["default_probability"][7]
    assert_frame_equal(found.filter(found[KEY] != who), scores.filter(scores[KEY] != who))
