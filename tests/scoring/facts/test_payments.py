"""What is said of the instalments of loans with us, and of the records of credit cards."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from scoring.facts.declare import Values
from scoring.facts.payments import FACTS
from scoring.facts.subjects import NO_CARD, NO_INSTALMENT

ADA, BEN, CLEO, DOV, EVE = range(100001, 100006)
BY_ITEM = {fact.item: fact for fact in FACTS}


@pytest.mark.parametrize(
    ("client", "item", "fr"),
    [
        (
            BEN,
            "instalments_late_share",
            "Échéances en retard (réglées ou non) : 3 sur 3 (100\xa0%).",
        ),
        (
            ADA,
            "instalments_late_count",
            "Échéances en retard (réglées ou non) : aucune n'est connue.",
        ),
        (ADA, "instalments_late_365_days_share", "Aucune échéance n'est connue sur un an."),
        (CLEO, "instalments_underpaid_count", "Échéances non réglées en entier : 1 sur 2."),
        (
            BEN,
            "instalments_late_days_max",
            "Plus long retard d'une échéance : 1\xa0an et 1\xa0mois après la date prévue.",
        ),
        (
            ADA,
            "instalments_late_days_max",
            "Plus long retard d'une échéance : 2\xa0jours avant la date prévue.",
        ),
        (CLEO, "instalments_late_days_max", "Plus long retard d'une échéance : aucun."),
        (BEN, "instalments_past_due_days_mean", "Jours de retard par échéance, en moyenne : 160."),
        (
            BEN,
            "instalments_unpaid_sum",
            "Total dû moins total réglé aux échéances : 12\u202f000\xa0€.",
        ),
        (
            CLEO,
            "instalments_total_paid_to_due",
            "Part réglée du total dû aux échéances : 88\xa0%.",
        ),
        (BEN, "instalments_missed_count", "Échéances dues et jamais réglées : 1 sur 3."),
        (
            ADA,
            "instalments_on_time_streak_count",
            "Dernières échéances de suite réglées à temps et en entier : 2.",
        ),
        (
            CLEO,
            "instalments_on_time_streak_count",
            "La dernière échéance n'est pas connue comme réglée à temps et en entier.",
        ),
        (
            BEN,
            "instalments_last_late_days",
            "Dernière échéance en retard, réglée ou non : due il y a 1\xa0an et 1\xa0mois.",
        ),
        (
            ADA,
            "instalments_last_late_days",
            "Aucune échéance en retard d'un prêt chez nous n'est connue.",
        ),
        (
            BEN,
            "cards_use_max",
            "Solde de carte en part de son plafond, au maximum : 95\xa0%.",
        ),
        (BEN, "cards_late_months_share", "Relevés de carte en retard : 1 sur 2 (50\xa0%)."),
        (EVE, "cards_late_months_count", "Relevés de carte en retard : aucun n'est connu."),
        (
            BEN,
            "cards_drawings_mean",
            "Montant utilisé par carte et par mois, en moyenne : 17\u202f500\xa0€.",
        ),
        (BEN, "cards_days_past_due_max", "Plus long retard relevé sur une carte : 10\xa0jours."),
        (EVE, "cards_days_past_due_max", "Aucun retard n'est relevé sur une carte."),
        (ADA, "cards_use_mean", NO_CARD.words.fr),
    ],
)
def test_sentences_tell_the_records(
    clients: Mapping[int, Values], client: int, item: str, fr: str
) -> None:
    """What is said of the hand-written clients is what their records hold."""
    assert BY_ITEM[item].sentence(clients[client], "fr", "EUR") == fr


def test_a_new_applicant_reads_only_that_nothing_is_known(clients: Mapping[int, Values]) -> None:
    """Without any loan or card, those are the only things said."""
    for language in ("fr", "en"):
        said = {fact.sentence(clients[DOV], language) for fact in FACTS}
        assert said == {absence.words.in_(language) for absence in (NO_INSTALMENT, NO_CARD)}
