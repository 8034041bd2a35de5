"""Facts of the request beside the client's history: other debts, past loans, past payments.

Incomes and instalments are monthly, so that an amount over an income is a number of months.
"""

from __future__ import annotations

from scoring.facts.declare import Fact, fact
from scoring.facts.shapes import computed
from scoring.facts.subjects import (
    NO_AMOUNT,
    NO_ANNUITY,
    NO_APPROVED_LOAN,
    NO_CARD,
    NO_INCOME,
    NO_INSTALMENT,
    NO_OPEN_CREDIT,
    NO_OTHER_CREDIT,
    NO_PAST_REQUEST,
)

FACTS: tuple[Fact, ...] = (
    computed(
        "external_debt_to_income",
        "other_debt",
        "times",
        (
            "Reste dû sur les crédits en cours ailleurs : {value} mois de revenu déclaré.",
            "Still owed on open credits elsewhere: {value} months of declared income.",
        ),
        ("Le rapport des dettes ailleurs au revenu", "The ratio of debt elsewhere to income"),
        NO_OTHER_CREDIT,
        NO_OPEN_CREDIT,
        *NO_INCOME,
        none=(
            "Aucun reste dû connu sur les crédits en cours ailleurs.",
            "Nothing known as still owed on open credits elsewhere.",
        ),
    ),
    computed(
        "total_exposure_to_income",
        "commitments",
        "times",
        (
            "Crédit demandé et reste dû ailleurs, ensemble : {value} mois de revenu déclaré.",
            "Credit requested and debt elsewhere, together: {value} months of declared income.",
        ),
        (
            "Le rapport du crédit demandé et des dettes au revenu",
            "The ratio of the credit requested and debt to income",
        ),
        NO_OTHER_CREDIT,
        NO_OPEN_CREDIT,
        NO_AMOUNT,
        *NO_INCOME,
    ),
    computed(
        "all_instalments_to_income",
        "commitments",
        "percent",
        (
            "Mensualité demandée et mensualités en cours ailleurs : {value} du revenu mensuel.",
            "Instalment requested and open instalments elsewhere: {value} of the monthly income.",
        ),
        (
            "Le rapport de toutes les mensualités au revenu",
            "The ratio of all instalments to income",
        ),
        NO_OTHER_CREDIT,
        NO_OPEN_CREDIT,
        NO_ANNUITY,
        *NO_INCOME,
    ),
    fact(
        "external_overdue_to_income",
        "other_delays",
        "percent",
        known=(
            "Plus grand montant passé en retard ailleurs : {value} du revenu mensuel déclaré.",
            "Largest amount ever past due elsewhere: {value} of the declared monthly income.",
        ),
        none=(
            "Aucun montant passé en retard ailleurs n'est connu.",
            "No amount ever past due elsewhere is known.",
        ),
        unknown=(
            "Le plus grand montant passé en retard ailleurs n'est pas connu.",
            "The largest amount ever past due elsewhere is not known.",
        ),
        absences=(NO_OTHER_CREDIT, *NO_INCOME),
    ),
    computed(
        "credit_to_external_mean",
        "other_amounts",
        "times",
        (
            "Le crédit demandé vaut {value} fois le montant moyen emprunté ailleurs.",
            "The credit requested is {value} times the average amount borrowed elsewhere.",
        ),
        (
            "Le rapport du crédit demandé aux montants empruntés ailleurs",
            "The ratio of the credit requested to amounts borrowed elsewhere",
        ),
        NO_OTHER_CREDIT,
        NO_AMOUNT,
    ),
    computed(
        "credit_to_external_max",
        "other_amounts",
        "times",
        (
            "Le crédit demandé vaut {value} fois le plus grand montant emprunté ailleurs.",
            "The credit requested is {value} times the largest amount borrowed elsewhere.",
        ),
        (
            "Le rapport du crédit demandé aux montants empruntés ailleurs",
            "The ratio of the credit requested to amounts borrowed elsewhere",
        ),
        NO_OTHER_CREDIT,
        NO_AMOUNT,
    ),
    computed(
        "credit_to_previous_mean",
        "past_terms",
        "times",
        (
            "Le crédit demandé vaut {value} fois le montant moyen des prêts acceptés chez nous.",
            "The credit requested is {value} times the average of loans approved with us.",
        ),
        (
            "Le rapport du crédit demandé aux prêts acceptés chez nous",
            "The ratio of the credit requested to loans approved with us",
        ),
        NO_PAST_REQUEST,
        NO_APPROVED_LOAN,
        NO_AMOUNT,
    ),
    computed(
        "credit_to_previous_max",
        "past_terms",
        "times",
        (
            "Le crédit demandé vaut {value} fois le plus grand prêt accepté chez nous.",
            "The credit requested is {value} times the largest loan approved with us.",
        ),
        (
            "Le rapport du crédit demandé aux prêts acceptés chez nous",
            "The ratio of the credit requested to loans approved with us",
        ),
        NO_PAST_REQUEST,
        NO_APPROVED_LOAN,
        NO_AMOUNT,
    ),
    computed(
        "instalment_to_previous_mean",
        "past_terms",
        "times",
        (
            "La mensualité vaut {value} fois la mensualité moyenne des prêts acceptés chez nous.",
            "The instalment is {value} times the average instalment of loans approved with us.",
        ),
        (
            "Le rapport de la mensualité à celles des prêts acceptés",
            "The ratio of the instalment to those of approved loans",
        ),
        NO_PAST_REQUEST,
        NO_APPROVED_LOAN,
        NO_ANNUITY,
    ),
    computed(
        "instalment_to_previous_max",
        "past_terms",
        "times",
        (
            "La mensualité vaut {value} fois la plus forte mensualité d'un prêt accepté chez nous.",
            "The instalment is {value} times the largest instalment of a loan approved with us.",
        ),
        (
            "Le rapport de la mensualité à celles des prêts acceptés",
            "The ratio of the instalment to those of approved loans",
        ),
        NO_PAST_REQUEST,
        NO_APPROVED_LOAN,
        NO_ANNUITY,
    ),
    computed(
        "term_to_previous_mean",
        "past_terms",
        "times",
        (
            "La durée demandée, hors intérêts, vaut {value} fois la moyenne des prêts acceptés.",
            "The term requested, without interest, is {value} times the average of approved loans.",
        ),
        (
            "Le rapport de la durée demandée à celles des prêts acceptés",
            "The ratio of the term requested to those of approved loans",
        ),
        NO_PAST_REQUEST,
        NO_APPROVED_LOAN,
        NO_AMOUNT,
        NO_ANNUITY,
    ),
    fact(
        "card_balance_to_income",
        "card_use",
        "percent",
        known=(
            "Solde moyen de la carte sur 3 mois : {value} du revenu mensuel déclaré.",
            "Average card balance over 3 months: {value} of the declared monthly income.",
        ),
        none=(
            "Aucun solde dû sur la carte, en moyenne sur 3 mois.",
            "No balance owed on the card, on average over 3 months.",
        ),
        unknown=(
            "Le solde moyen de la carte sur 3 mois n'est pas connu.",
            "The average card balance over 3 months is not known.",
        ),
        absences=(NO_CARD, *NO_INCOME),
    ),
    computed(
        "instalment_to_past_payments",
        "commitments",
        "times",
        (
            "La mensualité vaut {value} fois le règlement moyen d'une échéance sur 12 mois.",
            "The instalment is {value} times the average payment per instalment over 12 months.",
        ),
        (
            "Le rapport de la mensualité aux règlements des 12 derniers mois",
            "The ratio of the instalment to payments of the last 12 months",
        ),
        NO_INSTALMENT,
        NO_ANNUITY,
    ),
    computed(
        "past_instalments_to_income",
        "commitments",
        "percent",
        (
            "Échéances dues chez nous sur 12 mois, par mois : {value} du revenu mensuel déclaré.",
            "Instalments due to us over 12 months, a month: {value} of declared monthly income.",
        ),
        (
            "Le rapport des échéances des 12 derniers mois au revenu",
            "The ratio of instalments of the last 12 months to income",
        ),
        NO_INSTALMENT,
        *NO_INCOME,
        none=(
            "Aucune échéance due chez nous n'est connue sur 12 mois.",
            "No instalment due to us is known over 12 months.",
        ),
    ),
)
