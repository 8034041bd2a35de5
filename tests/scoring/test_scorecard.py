"""A scorecard on disk and in memory."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from features.catalogue import CATALOGUE
from scoring import files
from scoring.errors import ModelRejected
from scoring.estimates import Estimates
from scoring.grid import Grid, passing_through
from scoring.scorecard import Scorecard, save
from tests import training_world as world
from tests.scoring import clients
from tests.scoring import small_scorecard as small

TOLERANCE = 1e-9
IDENTITY = (files.GRID, files.ESTIMATES, files.BOOSTER)


def _golden() -> np.ndarray:
    """The small scorecard's rows of nobody, with the three items made of estimates beside."""
    beside = np.linspace(0, 1, 24, dtype=np.float32).reshape(8, 3)
    return np.hstack([small.golden(), beside])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files of a scorecard that reads estimates, which a test may damage."""
    save(tmp_path, clients.estimating(), golden=_golden())
    return tmp_path


def _rewritten(folder: Path, name: str, change: Callable[[str], str]) -> None:
    """Change one file and write a manifest that agrees with the change."""
    contents, _ = files.read(folder)
    changed = change(contents[name])
    assert changed != contents[name]
    files.write(folder, {**contents, name: changed})


def test_it_comes_back_as_it_was_written(folder: Path) -> None:
    """Curves, estimates, calibration, identity card and order of the values: all equal."""
    written, loaded = clients.estimating(), Scorecard.load(folder)
    assert isinstance(loaded.model, Grid)
    assert isinstance(written.model, Grid)
    assert loaded.model.model_dump() == written.model.model_dump()
    assert loaded.estimates is not None
    assert loaded.estimates.model_dump() == clients.estimates().model_dump()
    assert loaded.calibration == written.calibration
    assert loaded.metadata == written.metadata
    assert loaded.encoder == written.encoder


def test_a_trained_scorecard_scores_everyone_as_it_was_learnt() -> None:
    """To the last bit from the loaded curves, and to 1e-9 from LightGBM alone."""
    learned, loaded = world.fairer()[0], world.scorecard()
    matrix = loaded.encoder.matrix(world.table().features)[:, : len(loaded.items)]
    raw = loaded.raw_score(matrix)
    np.testing.assert_array_equal(raw, learned.grid.raw_score(matrix))
    by_trees = loaded.booster.predict(matrix, raw_score=True)
    np.testing.assert_allclose(by_trees, raw, rtol=0, atol=TOLERANCE)
    np.testing.assert_array_equal(
        loaded.default_probability(raw), learned.decided.calibration.probability(raw)
    )


@pytest.mark.parametrize(
    "card", [world.scorecard, clients.whole, lambda: world.made().reference.scorecard],
    ids=["grid", "every item", "reference"],
)  # fmt: skip
def test_one_row_scores_as_among_many(card: Callable[[], Scorecard]) -> None:
    """To the last bit, raw score and probability, for every client of the portfolio."""
    scorecard = card()
    values = scorecard.intake.many(clients.forms(), clients.pasts())
    matrix = scorecard.matrix(values)
    together = scorecard.raw_score(matrix)
    alone = [scorecard.raw_score(row[np.newaxis]) for row in matrix]
    np.testing.assert_array_equal(np.concatenate(alone), together)
    said = [scorecard.default_probability(raw) for raw in alone]
    np.testing.assert_array_equal(np.concatenate(said), scorecard.default_probability(together))


def test_contributions_add_up_from_the_granted_population() -> None:
    """Base plus contributions is the raw score of every client."""
    card = world.scorecard()
    values = card.intake.many(clients.forms(), clients.pasts())
    total = [card.metadata.granted.base + card.contributions(one).sum() for one in values]
    raw = card.raw_score(card.matrix(values))
    np.testing.assert_allclose(total, raw, rtol=0, atol=TOLERANCE)


def test_contributions_are_measured_from_the_granted_clients() -> None:
    """Each item's contributions average to zero over the clients whom learning would grant."""
    card, learned = world.scorecard(), world.fairer()[0]
    granted = learned.decided.probability <= card.metadata.cut_off.value
    matrix = world.parts()[0].only(card.items).matrix[granted]
    means = card.model.effects(matrix).mean(axis=0)
    np.testing.assert_allclose(means, card.metadata.granted.mean_effects, rtol=0, atol=TOLERANCE)
    base = card.raw_score(matrix).mean()
    assert card.metadata.granted.base == pytest.approx(base, abs=TOLERANCE)


@pytest.mark.parametrize("name", [*files.REQUIRED, files.GRID, files.ESTIMATES])
def test_a_changed_file_is_refused_before_it_is_read(folder: Path, name: str) -> None:
    """One changed character is enough; the message names the file."""
    path = folder / name
    text = path.read_bytes()
    path.write_bytes(text[:-2] + b" " + text[-1:])
    with pytest.raises(ModelRejected, match=name):
        Scorecard.load(folder)


@pytest.mark.parametrize("name", IDENTITY)
def test_a_changed_digit_is_refused(folder: Path, name: str) -> None:
    """Wherever it stands in curves, estimates or trees: here, ten places all over the file."""
    path = folder / name
    text = path.read_text()
    digits = [place for place, letter in enumerate(text) if letter.isdigit()]
    for place in digits[:: len(digits) // 10]:
        other = str((int(text[place]) + 1) % 10)
        path.write_text(text[:place] + other + text[place + 1 :])
        with pytest.raises(ModelRejected, match=name):
            Scorecard.load(folder)
    path.write_text(text)
    assert Scorecard.load(folder).items == clients.estimating().items


@pytest.mark.parametrize("item", [*small.CURVES, *clients.ESTIMATED_CURVES])
def test_a_curve_changed_with_its_manifest_is_refused(folder: Path, item: str) -> None:
    """Whoever writes a new manifest too meets the golden rows: they no longer score the same."""

    def dearer(text: str) -> str:
        grid = Grid.model_validate_json(text)
        curves = tuple(
            one.model_copy(update={"effects": tuple(effect + 1e-6 for effect in one.effects)})
            if one.item == item
            else one
            for one in grid.curves
        )
        return Grid(base=grid.base, curves=curves).model_dump_json()

    _rewritten(folder, files.GRID, dearer)
    with pytest.raises(ModelRejected, match="golden"):
        Scorecard.load(folder)


@pytest.mark.parametrize("score", sorted(clients.estimates().grids))
def test_an_estimate_changed_with_its_manifest_is_refused(folder: Path, score: str) -> None:
    """Wherever a curve of an estimate is moved, in one interval alone or where nothing is known."""

    def moved(text: str, item: str, interval: int) -> str:
        estimates = Estimates.model_validate_json(text)
        (curve,) = (one for one in estimates.grids[score].curves if one.item == item)
        effects = [*curve.effects, curve.unknown]
        effects[interval] += 1e-6
        changed = {"effects": tuple(effects[:-1]), "unknown": effects[-1]}
        grid = estimates.grids[score]
        curves = tuple(
            one.model_copy(update=changed) if one is curve else one for one in grid.curves
        )
        grids = {**estimates.grids, score: Grid(base=grid.base, curves=curves)}
        return Estimates(grids=grids).model_dump_json()

    kept = (folder / files.ESTIMATES).read_text()
    for curve in clients.estimates().grids[score].curves:
        for interval in range(len(curve.effects) + 1):
            _rewritten(
                folder,
                files.ESTIMATES,
                lambda _text, of=(curve.item, interval): moved(kept, *of),
            )
            with pytest.raises(ModelRejected, match="golden"):
                Scorecard.load(folder)
    _rewritten(folder, files.ESTIMATES, lambda _text: kept)
    loaded = Scorecard.load(folder).estimates
    assert loaded is not None
    assert loaded.grids == clients.estimates().grids


def test_golden_forms_lead_through_every_interval_of_a_trained_estimate() -> None:
    """Each curve that was learnt adds each of its effects to some row."""
    estimates = clients.whole().estimates
    assert estimates is not None
    for grid in estimates.grids.values():
        curves = [curve for one in estimates.grids.values() for curve in one.curves]
        forms = passing_through(curves, estimates.inputs)
        for curve in grid.curves:
            column = forms[:, estimates.inputs.index(curve.item)]
            assert set(curve.of(column)) == {*curve.effects, curve.unknown}


def test_trees_changed_with_their_manifest_are_refused(folder: Path) -> None:
    """The booster must say what the curves say, to 1e-9."""
    grid = clients.estimating().model
    assert isinstance(grid, Grid)
    other = Grid(base=grid.base + 1e-6, curves=grid.curves).as_booster()
    _rewritten(folder, files.BOOSTER, lambda _text: other.model_to_string())
    with pytest.raises(ModelRejected, match="golden"):
        Scorecard.load(folder)


def test_golden_rows_guard_against_a_library_that_scores_otherwise(folder: Path) -> None:
    """Files that agree with each other but not with their scores are refused."""
    contents, _ = files.read(folder)
    golden = json.loads(contents[files.GOLDEN])
    golden["raw_scores"][0] += 1e-6
    files.write(folder, {**contents, files.GOLDEN: json.dumps(golden)})
    with pytest.raises(ModelRejected, match="golden"):
        Scorecard.load(folder)


def test_curves_of_other_items_are_refused(folder: Path) -> None:
    """Two items in another order would each be read from the other's column."""

    def turned(text: str) -> str:
        grid = Grid.model_validate_json(text)
        return Grid(base=grid.base, curves=grid.curves[::-1]).model_dump_json()

    _rewritten(folder, files.GRID, turned)
    with pytest.raises(ModelRejected, match="not of the items"):
        Scorecard.load(folder)


def test_a_truncated_booster_is_refused_and_the_process_lives(folder: Path) -> None:
    """LightGBM would abort the process on it."""
    path = folder / files.BOOSTER
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(ModelRejected, match=files.BOOSTER):
        Scorecard.load(folder)


@pytest.mark.parametrize("name", [files.BOOSTER, files.GRID, files.ESTIMATES, files.MANIFEST])
def test_a_missing_file_is_refused(folder: Path, name: str) -> None:
    """The message says what to do."""
    (folder / name).unlink()
    with pytest.raises(ModelRejected, match=name) as refusal:
        Scorecard.load(folder)
    assert any(way in str(refusal.value) for way in ("Restore", "Register"))


@pytest.mark.parametrize("name", [files.GRID, files.ESTIMATES])
def test_a_scorecard_without_what_it_reads_is_refused(folder: Path, name: str) -> None:
    """A manifest that never listed curves or estimates does not help."""
    contents, _ = files.read(folder)
    del contents[name]
    (folder / name).unlink()
    files.write(folder, contents)
    with pytest.raises(ModelRejected, match="rain again"):
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
    monkeypatch.setitem(CATALOGUE.__dict__, "version", "another")
    with pytest.raises(ModelRejected, match="Train again"):
        Scorecard.load(folder)


def test_the_hash_tells_scorecards_apart_and_not_the_hour(tmp_path: Path) -> None:
    """The same scorecard written twice has one hash; other estimates make it another one."""
    card = clients.estimating()
    later = card.metadata.trained_at.replace(year=2030)
    hashes = [
        save(tmp_path / str(number), one, golden=_golden())
        for number, one in enumerate(
            [
                card,
                replace(card, metadata=card.metadata.model_copy(update={"trained_at": later})),
                replace(card, estimates=_bolder()),
            ]
        )
    ]
    assert hashes[0] == hashes[1] != hashes[2]
    assert Scorecard.load(tmp_path / "1").scorecard_hash == hashes[0]
    assert {path.suffix for path in (tmp_path / "0").iterdir()} == {".json", ".txt"}


def _bolder() -> Estimates:
    """The small estimates, each a little higher."""
    grids = clients.estimates().grids
    return Estimates(
        grids={
            name: Grid(base=grid.base + 1e-6, curves=grid.curves) for name, grid in grids.items()
        }
    )


def test_no_person_is_kept_in_the_files(tmp_path: Path) -> None:
    """No row of the training matrix stands in the golden rows."""
    world.write_scorecard(tmp_path)
    rows = np.array(json.loads((tmp_path / files.GOLDEN).read_text())["rows"], dtype=float)
    train = world.parts()[0].only(world.metadata().items).matrix
    same = np.array([((train == row) | (np.isnan(train) & np.isnan(row))).mean(1) for row in rows])
    assert same.max() < 0.95
