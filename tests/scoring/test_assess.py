"""One application in, one assessment and its words out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from features.build import history_features
from features.catalogue import CATALOGUE
from scoring.assess import EXTERNAL_SCORES, Assessment, assess, assess_many, explain
from scoring.contract import ExplainResponse, ReferCause, ScoreResponse, Verdict
from scoring.explain import NEVER_A_REASON
from scoring.policy import policy
from tests import training_world as world


@pytest.fixture(scope="module")
def cases() -> list[tuple[dict[str, Any], dict[str, float | None]]]:
    """Forty clients: application as received, history features as stored."""
    applications = world.prepared().scan("applications").head(40).collect().to_dicts()
    history = history_features(world.prepared())
    held = {row.pop("client_id"): row for row in history.to_dicts()}
    return [(application, held[application["client_id"]]) for application in applications]


def test_one_row_agrees_with_the_batch(
    cases: list[tuple[dict[str, Any], dict[str, float | None]]],
) -> None:
    """A client is given the same score alone as among all."""
    card = world.scorecard()
    frame = world.table().features
    ids = [application["client_id"] for application, _ in cases]
    rows = frame.filter(pl.col("client_id").is_in(ids)).sort("client_id")
    raw = dict(
        zip(rows["client_id"], card.raw_score(card.encoder.matrix(rows)).tolist(), strict=True)
    )
    for application, history in cases:
        found = assess(card, policy(), application, history)
        assert found.raw_score == pytest.approx(raw[application["client_id"]], abs=1e-9)


def _plain(cases: list[tuple[dict[str, Any], dict[str, float | None]]]) -> Assessment:
    found = (
        assess(world.scorecard(), policy(), application, history) for application, history in cases
    )
    return next(a for a in found if not a.refer_causes)


def test_many_are_assessed_as_each_alone(
    cases: list[tuple[dict[str, Any], dict[str, float | None]]],
) -> None:
    """The same verdicts, causes and figures to the last digit; nobody is nothing."""
    card = world.scorecard()
    odd = [({**cases[0][0], "amount_credit": 9e8}, {}), ({"contract_type": "Barter"}, None)]
    applications, histories = zip(*cases, *odd, strict=True)
    alone = [
        replace(assess(card, policy(), application, history), values=None)
        for application, history in (*cases, *odd)
    ]
    assert assess_many(card, policy(), applications, histories) == alone
    assert assess_many(card, policy(), [], []) == []


def test_nothing_known_of_the_past_is_a_thin_file(
    cases: list[tuple[dict[str, Any], dict[str, float | None]]],
) -> None:
    """No history, or only zeros and missing values, goes to a person and is said."""
    application, history = cases[0]
    for known in (None, {}, dict.fromkeys(history, 0.0), dict.fromkeys(history)):
        found = assess(world.scorecard(), policy(), application, known)
        assert found.verdict is Verdict.REFER
        assert ReferCause.THIN_FILE in found.refer_causes
    words = explain(world.scorecard(), found, "fr").cautions
    assert any("Aucun crédit passé" in sentence for sentence in words)


def test_without_any_external_score_a_person_looks(
    cases: list[tuple[dict[str, Any], dict[str, float | None]]],
) -> None:
    """One score is enough to be scored, none is not."""
    application, history = cases[0]
    without = application | dict.fromkeys(EXTERNAL_SCORES)
    causes = assess(world.scorecard(), policy(), without, history).refer_causes
    assert ReferCause.NO_EXTERNAL_SCORE in causes
    one = without | {"external_score_2": 0.5}
    assert (
        ReferCause.NO_EXTERNAL_SCORE
        not in assess(world.scorecard(), policy(), one, history).refer_causes
    )


def test_a_value_beyond_training_is_said_by_name(
    cases: list[tuple[dict[str, Any], dict[str, float | None]]],
) -> None:
    """A credit a hundred times the largest known goes to a person, with the item named."""
    application, history = cases[0]
    found = assess(world.scorecard(), policy(), application | {"amount_credit": 9e8}, history)
    assert ReferCause.OUT_OF_RANGE in found.refer_causes
    assert "amount_credit" in found.out_of_range
    cautions = explain(world.scorecard(), found, "en").cautions
    assert any("beyond" in sentence and "credit" in sentence.lower() for sentence in cautions)


def test_a_category_never_declared_counts_as_missing_and_is_said(
    cases: list[tuple[dict[str, Any], dict[str, float | None]]],
) -> None:
    """The score is that of a missing answer; the caution says so."""
    application, history = cases[0]
    name = next(iter(world.scorecard().encoder.categories))
    odd = assess(world.scorecard(), policy(), application | {name: "Cosmonaut"}, history)
    missing = assess(world.scorecard(), policy(), application | {name: None}, history)
    assert odd.raw_score == missing.raw_score
    assert odd.unseen_categories == (name,)
    assert explain(world.scorecard(), odd, "fr").cautions


def test_explanations_are_true_and_brief(
    cases: list[tuple[dict[str, Any], dict[str, float | None]]],
) -> None:
    """They add up by feature and by group; at most four reasons a side; others is the rest."""
    for application, history in cases[:10]:
        found = assess(world.scorecard(), policy(), application, history)
        why = explain(world.scorecard(), found, "en")
        assert why.base + sum(f.contribution for f in why.by_feature) == pytest.approx(
            found.raw_score, abs=1e-9
        )
        assert why.base + sum(g.contribution for g in why.by_group) == pytest.approx(
            found.raw_score, abs=1e-9
        )
        shown = [*why.weighs, *why.favours]
        assert len(why.weighs) <= 4
        assert len(why.favours) <= 4
        assert all(reason.contribution > 0 for reason in why.weighs)
        assert all(reason.contribution < 0 for reason in why.favours)
        assert why.base + sum(r.contribution for r in shown) + why.others == pytest.approx(
            found.raw_score, abs=1e-9
        )


def test_a_reason_is_led_by_an_item_out_of_the_ordinary(
    cases: list[tuple[dict[str, Any], dict[str, float | None]]],
) -> None:
    """It pushes to the reason's side, and differs from its reference when any such item does."""
    card, typical = world.scorecard(), 0
    for application, history in cases:
        why = explain(card, assess(card, policy(), application, history), "fr")
        lines = {line.feature: line for line in why.by_feature}
        for reason in (*why.weighs, *why.favours):
            assert reason.contribution * lines[reason.feature].contribution > 0
            if reason.value == reason.reference:
                typical += 1
                same_side = (
                    line
                    for line in why.by_feature
                    if line.group == reason.group and line.contribution * reason.contribution > 0
                )
                assert all(line.value == line.reference for line in same_side)
    assert typical < len(cases)


def test_an_explanation_fits_the_contract(
    cases: list[tuple[dict[str, Any], dict[str, float | None]]],
) -> None:
    """Each of its fields is one of the answer of the service, and the answer lacks none."""
    brief = explain(world.scorecard(), _plain(cases), "fr").brief()
    own = {"language", *ScoreResponse.model_fields}
    assert {*brief, "by_feature"} == set(ExplainResponse.model_fields) - own


def test_words_change_with_the_language_and_figures_do_not(
    cases: list[tuple[dict[str, Any], dict[str, float | None]]],
) -> None:
    """French and English say the same reasons."""
    found = _plain(cases)
    french, english = (explain(world.scorecard(), found, language) for language in ("fr", "en"))
    assert [r.group for r in french.weighs] == [r.group for r in english.weighs]
    assert all(a.sentence != b.sentence for a, b in zip(french.weighs, english.weighs, strict=True))


def test_reasons_hold_under_negligible_changes(
    cases: list[tuple[dict[str, Any], dict[str, float | None]]],
) -> None:
    """One unit more of income moves neither the main reason nor the score noticeably."""
    application, history = cases[1]
    richer = application | {"income_total": application["income_total"] + 1}
    card = world.scorecard()
    one, other = (
        assess(card, policy(), application, history),
        assess(card, policy(), richer, history),
    )
    assert one.raw_score == pytest.approx(other.raw_score, abs=0.05)
    assert (
        explain(card, one, "fr").by_group[0].group == explain(card, other, "fr").by_group[0].group
    )


def test_a_stopped_scorecard_refers_everybody(
    cases: list[tuple[dict[str, Any], dict[str, float | None]]],
) -> None:
    """The stop switch adds its cause once, and the caution says why."""
    stopped = _plain(cases).referred(ReferCause.STOPPED).referred(ReferCause.STOPPED)
    assert (stopped.verdict, stopped.refer_causes) == (Verdict.REFER, (ReferCause.STOPPED,))
    assert "suspendues" in explain(world.scorecard(), stopped, "fr").cautions[0]


def test_a_protected_attribute_is_never_a_reason(
    cases: list[tuple[dict[str, Any], dict[str, float | None]]],
) -> None:
    """Age counts among the other items and is nobody's reason; all still adds up."""
    card = world.scorecard()
    for application, history in cases:
        why = explain(card, assess(card, policy(), application, history), "fr")
        shown = (*why.weighs, *why.favours)
        assert not {reason.group for reason in shown} & NEVER_A_REASON
        assert why.base + sum(r.contribution for r in shown) + why.others == pytest.approx(
            why.raw_score, abs=1e-9
        )
    assert NEVER_A_REASON & {CATALOGUE[name].group for name in card.metadata.features}
