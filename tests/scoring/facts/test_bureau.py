"""What is said of the credits with other lenders and of their delays."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.build import build
from features.prepare import Prepared
from scoring.facts.bureau import FACTS
from scoring.facts.declare import Fact, Values
from scoring.facts.subjects import NO_OTHER_CREDIT
from tests.scoring.facts.checking import (
    check_declaration,
    check_said,
    not_in_the_catalogue,
    protected,
    values_of,
)

ADA, BEN, CLEO, DOV, EVE, FINN = range(100001, 100007)
BY_ITEM = {fact.item: fact for fact in FACTS}


@pytest.fixture(scope="module")
def clients(prepared_world: Prepared) -> Mapping[int, Values]:
    """The features of the six clients, by number."""
    return {row["client_id"]: row for row in build(prepared_world).to_dicts()}


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.item)
def test_both_languages_declare_the_same(fact: Fact) -> None:
    """The two languages of a fact leave the same places for the same figures."""
    check_declaration(fact)


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.item)
@settings(max_examples=30)
@given(data=st.data())
def test_what_is_said_follows_from_the_values(fact: Fact, data: st.DataObject) -> None:
    """Known, zero and missing values each choose their sentence, short and whole."""
    check_said(fact, data.draw(values_of(fact)))


def test_facts_are_about_features_that_may_be_read() -> None:
    """Each item is stated once, exists, and neither is nor reads a protected attribute."""
    assert len(BY_ITEM) == len(FACTS)
    assert not not_in_the_catalogue(FACTS)
    assert not protected(FACTS)


@pytest.mark.parametrize(
    ("client", "item", "fr"),
    [
        (ADA, "credits_count", "Crédits connus dans d'autres établissements : 2."),
        (ADA, "open_share", "Encore en cours, tous crédits ailleurs : 1 sur 2 (50\xa0%)."),
        (
            ADA,
            "debt_open_sum",
            "Total restant dû connu, crédits en cours ailleurs : 120\u202f000\xa0€.",
        ),
        (
            ADA,
            "opened_days_latest",
            "Ouverture la plus récente, tous crédits ailleurs : il y a 10\xa0mois.",
        ),
        (
            ADA,
            "closed_late_days_mean",
            "Clôture moyenne après la fin prévue, tous crédits ailleurs : "
            "−20\xa0jours (négatif : avant).",
        ),
        (
            ADA,
            "end_days_open_latest",
            "Fin prévue la plus tardive après la demande, crédits en cours ailleurs : "
            "700\xa0jours (négatif : avant).",
        ),
        (
            ADA,
            "late_months_count",
            "Aucun mois en retard connu, crédits ailleurs.",
        ),
        (
            BEN,
            "overdue_days_max",
            "Plus long retard au dernier relevé, tous crédits ailleurs : 45\xa0jours.",
        ),
        (
            BEN,
            "late_months_12_months_count",
            "Mois en retard sur 12 mois, crédits ailleurs additionnés : 2.",
        ),
        (
            BEN,
            "month_severity_max",
            "Retard le plus long, crédits ailleurs : "
            "niveau 2 (1 : 30 jours au plus ; 5 : plus de 120).",
        ),
        (
            BEN,
            "last_late_month",
            "Dernier mois en retard sur un crédit ailleurs : il y a 1\xa0mois.",
        ),
        (
            BEN,
            "opened_days_closed_latest",
            "Aucun crédit terminé dans un autre établissement n'est connu.",
        ),
        (
            BEN,
            "credits_card_count",
            "Aucun crédit par carte dans un autre établissement n'est connu.",
        ),
        (
            FINN,
            "debt_sum",
            "Total restant dû connu, tous crédits ailleurs : −1\u202f500\xa0€.",
        ),
        (FINN, "late_months_share", "Aucun relevé mensuel d'un crédit ailleurs n'est connu."),
        (
            FINN,
            "gap_days",
            "L'intervalle moyen entre crédits ailleurs demande au moins deux dates d'ouverture.",
        ),
        (
            FINN,
            "once_overdue_credits_year_share",
            "Aucun crédit ouvert depuis un an dans un autre établissement n'est connu.",
        ),
    ],
)
def test_sentences_tell_the_records(
    clients: Mapping[int, Values], client: int, item: str, fr: str
) -> None:
    """What is said of the hand-written clients is what their records hold."""
    assert BY_ITEM[f"bureau_{item}"].sentence(clients[client], "fr", "EUR") == fr


def test_a_new_applicant_reads_only_that_nothing_is_known(clients: Mapping[int, Values]) -> None:
    """Without any record of other lenders, that is the one thing said, in both languages."""
    for language in ("fr", "en"):
        said = {fact.sentence(clients[DOV], language) for fact in FACTS}
        assert said == {NO_OTHER_CREDIT.words.in_(language)}
