"""The reference: trees beside curves, loaded, served and explained as the grid is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from features.build import build
from scoring import files
from scoring.assess import assess, explain
from scoring.batch import assess_frame
from scoring.errors import ModelRejected
from scoring.grid import Grid
from scoring.policy import policy
from scoring.reference import ROWS_PER_THREAD, Reference
from scoring.scorecard import Scorecard, save
from tests import training_world as world
from tests.scoring import clients

TOLERANCE = 1e-9
SHARES = (0.0, 0.25, 1.0)


def _mixed(share: float) -> Reference:
    """The reference of the small portfolio with another weight of its trees."""
    return replace(world.reference().model, share=share)


def _written(folder: Path, share: float = 0.25) -> Scorecard:
    """Write the reference with this weight; return what was written."""
    made = world.made().reference
    model = _mixed(share)
    card = made.scorecard.metadata.model_copy(update={"trees_share": share})
    written = replace(made.scorecard, model=model, metadata=card)
    save(folder, written, golden=made.golden)
    return written


@pytest.fixture(scope="module")
def matrix() -> np.ndarray:
    """The learning clients as the reference reads them."""
    return world.parts()[0].only(world.reference().names).matrix


@pytest.mark.parametrize("share", SHARES)
def test_the_raw_score_is_a_weighted_sum_of_trees_and_curves(
    matrix: np.ndarray, share: float
) -> None:
    """Trees by their weight, curves by what is left of one, on the items that each reads."""
    model = _mixed(share)
    places = [model.items.index(item) for item in model.grid.items]
    trees = np.asarray(model.booster.predict(matrix, raw_score=True))
    curves = model.grid.raw_score(matrix[:, places])
    np.testing.assert_allclose(
        model.raw_score(matrix), share * trees + (1 - share) * curves, rtol=0, atol=TOLERANCE
    )


@pytest.mark.parametrize("share", SHARES)
def test_base_and_effects_are_the_raw_score(matrix: np.ndarray, share: float) -> None:
    """To 1e-9 for every client, whatever the weight: what is explained is what is scored."""
    model = _mixed(share)
    total = model.base + model.effects(matrix).sum(axis=1)
    np.testing.assert_allclose(total, model.raw_score(matrix), rtol=0, atol=TOLERANCE)


def test_contributions_add_up_from_the_granted_population() -> None:
    """So do those of the scorecard, measured from the clients it would grant."""
    card = world.made().reference.scorecard
    for form, past in list(zip(clients.forms(), clients.pasts(), strict=True))[::40]:
        found = assess(card, policy(), form, past)
        assert found.values is not None
        total = card.metadata.granted.base + card.contributions(found.values).sum()
        assert total == pytest.approx(found.raw_score, abs=TOLERANCE)


def test_a_client_scores_as_among_many(matrix: np.ndarray) -> None:
    """To the last bit, though many are scored on several threads."""
    model = _mixed(0.25)
    crowd = np.tile(matrix, (2 * ROWS_PER_THREAD // len(matrix) + 1, 1))
    together = model.raw_score(crowd)
    alone = np.concatenate([model.raw_score(row[np.newaxis]) for row in matrix[:200]])
    np.testing.assert_array_equal(together[:200], alone)


def test_it_comes_back_as_it_was_written(tmp_path: Path, matrix: np.ndarray) -> None:
    """Kind, weight, scores and effects of the loaded scorecard are those of the written one."""
    written, loaded = _written(tmp_path), Scorecard.load(tmp_path)
    assert loaded.metadata.kind == "reference"
    assert isinstance(loaded.model, Reference)
    assert loaded.model.share == loaded.metadata.trees_share == 0.25
    np.testing.assert_array_equal(loaded.raw_score(matrix), written.raw_score(matrix))
    np.testing.assert_array_equal(
        loaded.model.effects(matrix[:50]), written.model.effects(matrix[:50])
    )


def test_its_kind_says_what_serves(tmp_path: Path) -> None:
    """The card of a grid makes a grid, the card of a reference trees: never one for the other."""
    world.write_scorecard(tmp_path / "grid")
    _written(tmp_path / "reference")
    grid, reference = (Scorecard.load(tmp_path / name) for name in ("grid", "reference"))
    assert (grid.metadata.kind, reference.metadata.kind) == ("grid", "reference")
    assert isinstance(grid.model, Grid)
    assert isinstance(reference.model, Reference)
    contents, _ = files.read(tmp_path / "reference")
    card = contents[files.SCORECARD]
    changed = card.replace('"kind": "reference"', '"kind": "grid"')
    assert changed != card
    files.write(tmp_path / "reference", {**contents, files.SCORECARD: changed})
    with pytest.raises(ModelRejected):
        Scorecard.load(tmp_path / "reference")


def test_it_assesses_and_explains_like_any_scorecard(tmp_path: Path) -> None:
    """Served, it gives verdicts, the batch gives the same, and reasons have words."""
    _written(tmp_path)
    card = Scorecard.load(tmp_path)
    forms = world.prepared().scan("applications").collect()
    together = assess_frame(card, policy(), build(world.prepared()).head(100), forms)
    told = 0
    for row, form, past in zip(together.to_dicts(), clients.forms(), clients.pasts(), strict=False):
        found = assess(card, policy(), form, past)
        assert row["client_id"] == form["client_id"]
        assert row["default_probability"] == pytest.approx(found.default_probability, abs=TOLERANCE)
        assert row["verdict"] == found.verdict
        why = explain(card, found, "fr")
        assert all(reason.sentence for reason in (*why.weighs, *why.favours))
        told += bool(why.weighs or why.favours)
    assert told > 90


@pytest.mark.parametrize("name", [files.BOOSTER, files.GRID])
def test_a_changed_digit_is_refused(tmp_path: Path, name: str) -> None:
    """In its trees or its curves, at ten places all over the file."""
    _written(tmp_path)
    path = tmp_path / name
    text = path.read_text()
    digits = [place for place, letter in enumerate(text) if letter.isdigit()]
    for place in digits[:: len(digits) // 10]:
        other = str((int(text[place]) + 1) % 10)
        path.write_text(text[:place] + other + text[place + 1 :])
        with pytest.raises(ModelRejected, match=name):
            Scorecard.load(tmp_path)


def test_another_weight_is_refused_by_the_golden_rows(tmp_path: Path) -> None:
    """Trees weighed otherwise than in training score otherwise, whatever the manifest says."""
    _written(tmp_path)
    contents, _ = files.read(tmp_path)
    changed = contents[files.SCORECARD].replace('"trees_share": 0.25', '"trees_share": 0.26')
    assert changed != contents[files.SCORECARD]
    files.write(tmp_path, {**contents, files.SCORECARD: changed})
    with pytest.raises(ModelRejected, match="golden"):
        Scorecard.load(tmp_path)
