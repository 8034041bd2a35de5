"""Which features a scorecard reads."""

from __future__ import annotations

from dataclasses import replace

from flows.steps.recipe import COMPACT
from flows.steps.selection import select
from tests import training_world as world


def test_a_compact_recipe_keeps_the_strongest() -> None:
    """At most as many as asked, in the order of the matrix, the external scores among them."""
    train = world.parts()[0]
    quick = replace(world.QUICK, folds=2, max_rounds=25, most_features=30)
    names = select(train, quick, world.SEED)
    assert len(names) == 30
    assert [name for name in train.names if name in names] == list(names)
    assert any(name.startswith("external_score") for name in names)


def test_the_compact_scorecard_has_at_most_150_features() -> None:
    """The size that was agreed; a small catalogue is kept whole."""
    assert COMPACT.most_features == 150
    few = world.parts()[0].only(world.learned().names[:20])
    assert select(few, COMPACT, world.SEED) == few.names
