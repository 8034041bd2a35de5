"""The fast form of an explanation's lines, against the models that declare them."""

from __future__ import annotations

import json

import numpy as np
import pytest

from features.build import history_features
from features.catalogue import CATALOGUE
from scoring.assess import Explanation, assess, explain
from scoring.explain import contributed
from tests import training_world as world


@pytest.fixture(scope="module")
def explanations() -> list[Explanation]:
    """Thirty clients explained in each language."""
    applications = world.prepared().scan("applications").head(30).collect().to_dicts()
    held = {row.pop("client_id"): row for row in history_features(world.prepared()).to_dicts()}
    card = world.scorecard()
    assessed = [assess(card, one, held[one["client_id"]]) for one in applications]
    return [explain(card, one, language) for one in assessed for language in ("fr", "en")]


def test_what_is_written_at_once_is_what_the_models_write(explanations: list[Explanation]) -> None:
    """Same lines, same order, same digits, words of categories and missing values included."""
    seen: set[type] = set()
    for why in explanations:
        plain = [line.model_dump(mode="json") for line in why.by_feature]
        assert json.loads(b"".join(why.by_feature_written())) == plain
        everything = np.arange(len(why.values))
        lines = [why.wording.feature(i, why.contributions[i], why.values) for i in everything]
        plain = [line.model_dump(mode="json") for line in lines]
        written = why.wording.lines(everything, why.contributions, why.values)
        assert json.loads(b"".join(written)) == plain
        seen |= {type(line["value"]) for line in plain}
    assert seen == {float, str, type(None)}


def test_nothing_contributed_is_an_empty_list(explanations: list[Explanation]) -> None:
    """A scorecard that learnt nothing explains with no line."""
    why = explanations[0]
    nothing = np.zeros_like(why.contributions)
    written = why.wording.lines(why.wording.by_strength(nothing), nothing, why.values)
    assert b"".join(written) == b"[]"


def test_lines_say_what_the_catalogue_and_the_scorecard_say(
    explanations: list[Explanation],
) -> None:
    """Label, group, unit and reference are the declared ones; the strongest line comes first."""
    medians = world.metadata().granted.medians
    for why in explanations[:4]:
        strengths = [(-abs(line.contribution), line.feature) for line in why.by_feature]
        assert strengths == sorted(strengths)
        for line in why.by_feature:
            feature = CATALOGUE[line.feature]
            assert line.label == feature.label.in_(why.wording.language)
            assert (line.group, line.unit) == (feature.group, feature.unit)
            assert line.reference == medians.get(line.feature)


def test_only_what_contributes_nothing_is_left_out(explanations: list[Explanation]) -> None:
    """Every feature whose contribution is not exactly zero has its line."""
    for why in explanations:
        assert len(why.by_feature) == np.count_nonzero(why.contributions)
        assert all(line.contribution != 0 for line in why.by_feature)


def test_groups_add_up_their_features(explanations: list[Explanation]) -> None:
    """Each group is the sum of the lines that name it, to the last digits."""
    for why in explanations:
        sums: dict[str, float] = dict.fromkeys((g.group for g in why.by_group), 0.0)
        for line in why.by_feature:
            sums[line.group] += line.contribution
        for group in why.by_group:
            assert group.contribution == pytest.approx(sums[group.group], abs=1e-12)


def test_contributions_are_those_of_the_scorecard() -> None:
    """An explanation rests on the assessment's own values."""
    application = world.prepared().scan("applications").head(1).collect().to_dicts()[0]
    card = world.scorecard()
    one = assess(card, application, None)
    contributions = contributed(card, one)
    np.testing.assert_array_equal(explain(card, one, "fr").contributions, contributions)
    known = explain(card, one, "fr", contributions)
    assert known.by_feature_written() == explain(card, one, "fr").by_feature_written()
