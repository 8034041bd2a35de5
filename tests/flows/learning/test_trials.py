"""The search for parameters: logged, resumed, and written as a recipe that training reads."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from flows.learning.dataset import Labelled
from flows.learning.recipe import RECIPE, Recipe
from flows.learning.reference import loss_of_trees
from flows.learning.trials import open_study, search
from scoring.errors import InvalidRecipe
from tests import training_world as world

FEW = replace(world.QUICK, folds=2, max_rounds=25)


@pytest.fixture(scope="module")
def clients() -> Labelled:
    """Clients of the small world, with a few features."""
    return world.parts()[0].only(world.learned().names[:12])


def test_a_stopped_search_goes_on(tmp_path: Path, clients: Labelled) -> None:
    """Two trials, then four in all: two are added, and the best is the best of the four."""
    file = tmp_path / "search.sqlite"
    lines: list[str] = []
    search(open_study(file, "one", 1), clients, FEW, 2, 1, lines.append)
    assert len(lines) == 2
    study = open_study(file, "one", 1)
    best = search(study, clients, FEW, 4, 1, lines.append)
    assert len(lines) == 4
    assert len(study.trials) == 4
    assert loss_of_trees(clients, best, 1) == study.best_value
    assert search(open_study(file, "one", 1), clients, FEW, 4, 1, lines.append) == best
    assert len(lines) == 4


def test_the_same_seed_searches_the_same(tmp_path: Path, clients: Labelled) -> None:
    """Same data, same seed: the same recipe; another seed looks elsewhere."""
    found = [
        search(open_study(tmp_path / f"{n}.sqlite", "one", seed), clients, FEW, 2, 1, print)
        for n, seed in enumerate((1, 1, 2))
    ]
    assert found[0] == found[1]
    assert found[0] != found[2]


def test_a_recipe_reads_back(tmp_path: Path) -> None:
    """What is written is what is read."""
    for recipe in (RECIPE, world.QUICK):
        recipe.write(tmp_path / "recipe.json")
        assert Recipe.read(tmp_path / "recipe.json") == recipe


@pytest.mark.parametrize("text", ["", "[]", '{"seed": 3}', '{"seeds": "many"}'])
def test_what_is_no_recipe_is_refused(tmp_path: Path, text: str) -> None:
    """The message names the file and the command that writes one."""
    file = tmp_path / "recipe.json"
    file.write_text(text)
    with pytest.raises(InvalidRecipe, match=r"recipe\.json is not a recipe"):
        Recipe.read(file)
    with pytest.raises(InvalidRecipe):
        Recipe.read(tmp_path / "absent.json")
