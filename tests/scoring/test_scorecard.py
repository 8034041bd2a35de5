"""A scorecard on disk and in memory."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from scoring import files
from scoring.errors import ModelRejected
from scoring.scorecard import Scorecard
from tests import training_world as world


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A scorecard's files that a test may damage."""
    world.write_scorecard(tmp_path)
    return tmp_path


def test_it_comes_back_as_it_was_written() -> None:
    """Scores, probabilities and contributions of the loaded scorecard are the trained booster's."""
    data = world.parts()[1].only(world.metadata().features)
    loaded = world.scorecard()
    raw = world.learned().booster.predict(data.matrix, raw_score=True)
    np.testing.assert_allclose(loaded.raw_score(data.matrix), raw, rtol=0, atol=1e-12)
    np.testing.assert_allclose(
        loaded.default_probability(raw), world.learned().probability(data), rtol=0, atol=1e-12
    )


def test_contributions_add_up_from_the_granted_population() -> None:
    """Base plus contributions is the raw score, and they average to zero over the granted."""
    data = world.parts()[1].only(world.metadata().features)
    loaded = world.scorecard()
    total = loaded.metadata.granted.base + loaded.contributions(data.matrix).sum(axis=1)
    np.testing.assert_allclose(total, loaded.raw_score(data.matrix), rtol=0, atol=1e-9)
    train = world.parts()[0].only(world.metadata().features)
    granted = world.learned().decided.probability <= loaded.metadata.cut_off.value
    means = loaded.contributions(train.matrix[granted]).mean(axis=0)
    np.testing.assert_allclose(means, 0.0, atol=1e-9)


@pytest.mark.parametrize("name", files.REQUIRED)
def test_a_changed_file_is_refused_before_it_is_read(folder: Path, name: str) -> None:
    """One changed character is enough; the message names the file."""
    path = folder / name
    text = path.read_bytes()
    path.write_bytes(text[:-2] + b" " + text[-1:])
    with pytest.raises(ModelRejected, match=name):
        Scorecard.load(folder)


def test_a_truncated_booster_is_refused_and_the_process_lives(folder: Path) -> None:
    """LightGBM would abort the process on it."""
    path = folder / files.BOOSTER
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(ModelRejected, match=files.BOOSTER):
        Scorecard.load(folder)


@pytest.mark.parametrize("name", [files.BOOSTER, files.MANIFEST])
def test_a_missing_file_is_refused(folder: Path, name: str) -> None:
    """The message says what to do."""
    (folder / name).unlink()
    with pytest.raises(ModelRejected, match=name):
        Scorecard.load(folder)


def test_swapped_files_are_refused(folder: Path) -> None:
    """A manifest edited to match changed files no longer matches its own hash."""
    path = folder / files.CALIBRATION
    path.write_text('{"a": 2.0, "b": 1.0, "c": 0.0}\n')
    manifest = json.loads((folder / files.MANIFEST).read_text())
    manifest["files"][files.CALIBRATION] = files.sha256(path.read_bytes())
    (folder / files.MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(ModelRejected, match="manifest"):
        Scorecard.load(folder)


def test_a_scorecard_of_other_feature_declarations_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Features that changed meaning would be scored wrongly, so it says to train again."""
    from features.catalogue import CATALOGUE

    monkeypatch.setitem(CATALOGUE.__dict__, "version", "another")
    with pytest.raises(ModelRejected, match="Train again"):
        Scorecard.load(folder)


def test_golden_rows_guard_against_a_library_that_scores_otherwise(folder: Path) -> None:
    """Files that agree with each other but not with their scores are refused."""
    contents, _ = files.read(folder)
    golden = json.loads(contents[files.GOLDEN])
    golden["raw_scores"][0] += 1e-6
    files.write(folder, {**contents, files.GOLDEN: json.dumps(golden)})
    with pytest.raises(ModelRejected, match="golden"):
        Scorecard.load(folder)


def test_the_hash_tells_scorecards_apart_and_not_the_hour(tmp_path: Path) -> None:
    """The same scorecard written twice has one hash, though the files say when."""
    assert world.write_scorecard(tmp_path / "a") == world.write_scorecard(tmp_path / "b")
    assert not [p for p in (tmp_path / "a").iterdir() if p.suffix not in {".json", ".txt"}]


def test_no_person_is_kept_in_the_files(folder: Path) -> None:
    """No row of the training matrix stands in the golden rows."""
    rows = np.array(json.loads((folder / files.GOLDEN).read_text())["rows"], dtype=float)
    train = world.parts()[0].only(world.metadata().features).matrix
    same = np.array([((train == row) | (np.isnan(train) & np.isnan(row))).mean(1) for row in rows])
    assert same.max() < 0.95


def test_one_row_is_explained_as_many_are() -> None:
    """The fast kernel and LightGBM give the same contributions."""
    card = world.scorecard()
    rows = world.parts()[1].only(card.metadata.features).matrix[:5]
    assert card.kernel is not None
    alone = np.concatenate([card.contributions(rows[i : i + 1]) for i in range(5)])
    np.testing.assert_allclose(alone, card.contributions(rows), rtol=0, atol=1e-9)


def test_without_a_place_to_compile_lightgbm_explains(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A read-only machine serves the same explanations, slower, and says so once."""
    import scoring.kernel

    def nowhere(_booster: object) -> None:
        msg = "cannot cache function: no locator available"
        raise RuntimeError(msg)

    monkeypatch.setattr(scoring.kernel, "Kernel", nowhere)
    card = Scorecard.load(folder)
    assert card.kernel is None
    assert "LightGBM scores and explains" in caplog.text
    rows = world.parts()[1].only(card.metadata.features).matrix[:1]
    np.testing.assert_allclose(
        card.contributions(rows), world.scorecard().contributions(rows), rtol=0, atol=1e-9
    )
