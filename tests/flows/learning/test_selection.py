"""Which items a grid reads, and how many: those that together say what all candidates say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from flows.learning import selection
from flows.learning.dataset import Labelled
from flows.learning.learned import candidates
from flows.learning.recipe import RECIPE
from flows.learning.selection import Whole, choose, ranked, saying
from scoring.errors import TooFewClients
from scoring.facts import FACTS
from tests import training_world as world
from tests.flows.learning.test_curves import described, drawn

CLIENTS = 6_000
TELLING = ("first", "second", "third")


@pytest.fixture(scope="module")
def clients() -> Labelled:
    """Three items that make the outcomes, a copy of one of them, and twenty of noise."""
    draw = np.random.default_rng(9)
    columns = {f"noise {place}": draw.normal(0, 1, CLIENTS) for place in range(20)}
    columns |= {name: draw.normal(0, 1, CLIENTS) for name in TELLING}
    columns["echo"] = columns["first"] + draw.normal(0, 0.05, CLIENTS)
    effects = (1.2 * columns["first"], np.abs(columns["second"]), 0.6 * columns["third"])
    return described(columns, drawn(sum(effects, np.full(CLIENTS, -2.5))), {"first": 1, "echo": 1})


def test_planted_items_are_found_among_noise(clients: Labelled) -> None:
    """The three come first, one whose effect is no line among them; the copy is not taken twice."""
    order = [clients.names[place] for place in ranked(Whole.of(clients), 3)]
    assert {"first" if name == "echo" else name for name in order} == set(TELLING)


def test_the_fewest_items_within_one_standard_error_are_kept(clients: Labelled) -> None:
    """Three say what can be said: more are within chance, fewer are not."""
    choice = choose(clients, (1, 2, 3, 6, 24), 3, seed=1)
    assert choice.items == 3
    by_size = {size.items: size for size in choice.sizes}
    best = min(choice.sizes, key=lambda size: size.log_loss)
    assert by_size[3].excess <= by_size[3].standard_error
    for fewer in (1, 2):
        assert by_size[fewer].excess > by_size[fewer].standard_error
    for size in choice.sizes:
        assert size.excess == pytest.approx(size.log_loss - best.log_loss)


def test_a_grid_has_at_most_eighty_items() -> None:
    """The size that one can read, whatever cross-validation would like."""
    assert max(RECIPE.sizes) == 80


def test_the_order_does_not_depend_on_how_many_are_asked_for(clients: Labelled) -> None:
    """The best ten begin with the best five, so that sizes compare one list with itself."""
    whole = Whole.of(clients)
    assert ranked(whole, 10)[:5] == ranked(whole, 5)


def test_a_kept_curve_goes_the_way_that_was_declared() -> None:
    """In the small world too, for every directed item of the grid that was learnt."""
    learned = world.learned()
    directions = dict(zip(world.parts()[0].names, world.parts()[0].directions, strict=True))
    held = [curve for curve in learned.grid.curves if directions[curve.item]]
    assert held
    for curve in held:
        assert (directions[curve.item] * np.diff(curve.effects) >= 0).all(), curve.item


def test_only_items_that_can_be_told_to_a_person_are_candidates() -> None:
    """Each carries a fact; the rest of the catalogue is the reference's."""
    train = world.parts()[0]
    found = candidates(train)
    assert 0 < len(found) < len(train.names)
    assert set(found) <= set(FACTS)
    assert set(world.learned().names) <= set(found)


def test_items_that_say_nothing_are_left_out() -> None:
    """Constant, all missing, or known for a handful only."""
    train = world.parts()[0].only(world.learned().names[:4])
    matrix = train.matrix.copy()
    matrix[:, 0], matrix[:, 1] = 3.0, np.nan
    few = np.arange(len(matrix)) < selection.LEAST_KNOWN - 1
    matrix[:, 2] = np.where(few, matrix[:, 2], np.nan)
    assert saying(replace(train, matrix=matrix)) == train.names[3:]


def test_an_item_that_is_known_for_some_says_something() -> None:
    """All who answered gave the same answer: that others did not is told."""
    column = np.where(np.arange(400) < 100, 1.0, np.nan)
    assert saying(described({"x": column}, np.zeros(400))) == ("x",)


def test_so_few_clients_that_nothing_tells_them_apart_are_refused() -> None:
    """No interval could rest on enough of them: the refusal counts them, and says what to do."""
    draw = np.random.default_rng(1)
    x = draw.normal(0, 1, 60)
    with pytest.raises(TooFewClients, match="60 labelled clients"):
        ranked(Whole.of(described({"x": x}, drawn(x))), 5)
