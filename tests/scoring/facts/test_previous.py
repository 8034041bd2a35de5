"""What is said of past applications, of their terms, and of the monthly records of their loans."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from scoring.facts.declare import Values
from scoring.facts.previous import FACTS
from scoring.facts.subjects import NO_LOAN_MONTH, NO_PAST_REQUEST

ADA, BEN, CLEO, DOV, EVE = range(100001, 100006)
BY_ITEM = {fact.item: fact for fact in FACTS}


@pytest.mark.parametrize(
    ("client", "item", "fr"),
    [
        (EVE, "previous_applications_count", "Demandes passées chez nous : 2."),
        (
            EVE,
            "previous_applications_revolving_count",
            "Aucune demande passée chez nous pour un crédit renouvelable n'est connue.",
        ),
        (EVE, "previous_refusals_share", "Demandes passées refusées : 1 sur 2 (50\xa0%)."),
        (
            EVE,
            "previous_refusals_last_1_share",
            "La dernière demande passée chez nous a été refusée.",
        ),
        (
            ADA,
            "previous_refusals_last_1_share",
            "La dernière demande passée chez nous n'a pas été refusée.",
        ),
        (
            ADA,
            "previous_refusals_year_share",
            "Aucune demande passée chez nous sur un an n'est connue.",
        ),
        (
            ADA,
            "previous_decision_days_refused_latest",
            "Aucune demande passée refusée n'est connue.",
        ),
        (
            EVE,
            "previous_decision_days_refused_latest",
            "Dernière demande passée refusée : il y a 3\xa0mois.",
        ),
        (EVE, "previous_gap_days", "Temps moyen entre deux demandes passées : 600\xa0jours."),
        (
            ADA,
            "previous_gap_days",
            "Moins de deux demandes passées chez nous sont connues avec leur date.",
        ),
        (
            EVE,
            "previous_granted_approved_max",
            "Montant des crédits obtenus chez nous, au maximum : 180\u202f000\xa0€.",
        ),
        (
            EVE,
            "previous_granted_last_1_mean",
            "Montant du crédit issu de la dernière demande passée : information non connue.",
        ),
        (
            BEN,
            "previous_requested_to_granted_mean",
            "Rapport du montant demandé au montant accordé des crédits obtenus chez nous, "
            "en moyenne : 89\xa0%.",
        ),
        (
            ADA,
            "previous_yearly_interest_approved_mean",
            "Coût annuel prévu des crédits obtenus chez nous, en moyenne : 20\xa0% du montant.",
        ),
        (
            CLEO,
            "previous_term_months_consumer_mean",
            "Aucune demande passée de crédit à la consommation n'est connue.",
        ),
        (
            ADA,
            "previous_termination_days_latest",
            "Fin de contrat la plus récente d'un crédit chez nous : il y a 1\xa0an et 1\xa0mois.",
        ),
        (
            BEN,
            "pos_late_tolerant_months_12_months_share",
            "Relevés mensuels de prêt en retard (petits montants exclus) sur 12 mois : "
            "1 sur 2 (50\xa0%).",
        ),
        (BEN, "pos_days_past_due_max", "Plus long retard relevé sur un prêt : 31\xa0jours."),
        (ADA, "pos_days_past_due_max", "Aucun retard n'est relevé sur un prêt."),
        (
            ADA,
            "pos_days_past_due_12_months_max",
            "Aucun relevé mensuel de prêt n'est connu sur 12 mois.",
        ),
        (
            BEN,
            "pos_remaining_months_now_sum",
            "Mensualités restant à régler au dernier relevé de chaque prêt, au total : 6.",
        ),
        (
            BEN,
            "pos_active_loans_now_count",
            "Prêts en cours au dernier relevé de chaque prêt : 1 sur 1.",
        ),
        (ADA, "pos_month_oldest", "Premier relevé de prêt connu : il y a 1\xa0an et 3\xa0mois."),
        (EVE, "pos_loans_count", NO_LOAN_MONTH.words.fr),
    ],
)
def test_sentences_tell_the_records(
    clients: Mapping[int, Values], client: int, item: str, fr: str
) -> None:
    """What is said of the hand-written clients is what their records hold."""
    assert BY_ITEM[item].sentence(clients[client], "fr", "EUR") == fr


def test_an_end_before_its_date_reads_as_such() -> None:
    """A loan that ended early says so in words, in both languages."""
    fact = BY_ITEM["previous_ended_late_days_mean"]
    early: Values = {fact.item: -40.0}
    said = {language: fact.sentence(early, language) for language in ("fr", "en")}
    assert said == {
        "fr": "Fin réelle des anciens crédits, en moyenne : 40\xa0jours avant la fin prévue.",
        "en": "Actual end of past credits, on average: 40\xa0days before the planned end.",
    }


def test_a_new_applicant_reads_only_that_nothing_is_known(clients: Mapping[int, Values]) -> None:
    """Without any past application or loan, those are the only things said."""
    for language in ("fr", "en"):
        said = {fact.sentence(clients[DOV], language) for fact in FACTS}
        nothing = (NO_PAST_REQUEST, NO_LOAN_MONTH)
        assert said == {absence.words.in_(language) for absence in nothing}
