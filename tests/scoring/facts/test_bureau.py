"""What is said of the credits with other lenders and of their delays."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from scoring.facts.bureau import FACTS
from scoring.facts.declare import Values
from scoring.facts.subjects import NO_OTHER_CREDIT

ADA, BEN, CLEO, DOV, EVE, FINN = range(100001, 100007)
BY_ITEM = {fact.item: fact for fact in FACTS}


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
            "Clôture en moyenne, tous crédits ailleurs : 20\xa0jours avant la fin prévue.",
        ),
        (
            ADA,
            "end_days_open_latest",
            "Fin prévue la plus tardive, crédits en cours ailleurs : "
            "1\xa0an et 11\xa0mois après la demande.",
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
            "Mois en retard sur 12 mois, tous crédits ailleurs confondus : 2.",
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
