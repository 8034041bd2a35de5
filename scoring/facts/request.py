"""Facts of the request: the loan asked beside the income and the goods.

Incomes and instalments are monthly, so that an amount over an income is a number of months.
"""

from __future__ import annotations

from scoring.facts.declare import Fact, fact
from scoring.facts.shapes import column, computed
from scoring.facts.subjects import NO_AMOUNT, NO_ANNUITY, NO_GOODS, NO_HOUSEHOLD, NO_INCOME

FACTS: tuple[Fact, ...] = (
    column(
        "income_total",
        "effort",
        "amount",
        ("Revenu mensuel déclaré : {value}.", "Declared monthly income: {value}."),
    ),
    column(
        "annuity",
        "effort",
        "amount",
        ("Mensualité demandée : {value}.", "Monthly instalment requested: {value}."),
    ),
    computed(
        "instalment_to_income",
        "effort",
        "percent",
        (
            "La mensualité prend {value} du revenu mensuel déclaré.",
            "The instalment takes {value} of the declared monthly income.",
        ),
        ("Le taux d'effort", "The effort rate"),
        NO_ANNUITY,
        *NO_INCOME,
    ),
    computed(
        "income_less_instalment",
        "effort",
        "amount",
        (
            "Revenu mensuel déclaré moins la mensualité : {value}.",
            "Declared monthly income less the instalment: {value}.",
        ),
        ("Le revenu moins la mensualité", "Income less the instalment"),
        NO_ANNUITY,
        NO_INCOME[0],
    ),
    computed(
        "income_per_person",
        "effort",
        "amount",
        (
            "Revenu mensuel déclaré par personne du foyer : {value}.",
            "Declared monthly income per person in the household: {value}.",
        ),
        ("Le revenu par personne du foyer", "Income per person in the household"),
        NO_INCOME[0],
        NO_HOUSEHOLD,
    ),
    computed(
        "instalment_to_income_per_person",
        "effort",
        "percent",
        (
            "La mensualité représente {value} du revenu mensuel déclaré par personne du foyer.",
            "The instalment is {value} of the declared monthly income per person in the household.",
        ),
        (
            "Le rapport de la mensualité au revenu par personne",
            "The ratio of the instalment to income per person",
        ),
        NO_ANNUITY,
        *NO_INCOME,
        NO_HOUSEHOLD,
    ),
    column(
        "contract_type",
        "amount",
        "word",
        ("Type de crédit demandé : {value}.", "Type of credit requested: {value}."),
    ),
    column(
        "amount_credit",
        "amount",
        "amount",
        ("Montant demandé : {value}.", "Amount requested: {value}."),
    ),
    computed(
        "credit_to_income",
        "amount",
        "times",
        (
            "Le crédit demandé représente {value} mois de revenu déclaré.",
            "The credit requested is {value} months of declared income.",
        ),
        ("Le rapport du crédit au revenu", "The ratio of the credit to income"),
        NO_AMOUNT,
        *NO_INCOME,
    ),
    computed(
        "implied_term_months",
        "amount",
        "months",
        (
            "Durée de remboursement à la mensualité demandée, hors intérêts : {value}.",
            "Time to repay at the instalment requested, without interest: {value}.",
        ),
        ("Le temps de remboursement hors intérêts", "The time to repay without interest"),
        NO_AMOUNT,
        NO_ANNUITY,
    ),
    computed(
        "instalment_to_goods",
        "amount",
        "percent",
        (
            "La mensualité représente {value} du prix du bien.",
            "The instalment is {value} of the price of the goods.",
        ),
        (
            "Le rapport de la mensualité au prix du bien",
            "The ratio of the instalment to the price of the goods",
        ),
        NO_GOODS,
        NO_ANNUITY,
    ),
    column(
        "goods_price",
        "purchase",
        "amount",
        ("Prix du bien à financer : {value}.", "Price of the goods to finance: {value}."),
    ),
    computed(
        "goods_to_income",
        "purchase",
        "times",
        (
            "Le prix du bien représente {value} mois de revenu déclaré.",
            "The price of the goods is {value} months of declared income.",
        ),
        (
            "Le rapport du prix du bien au revenu",
            "The ratio of the price of the goods to income",
        ),
        NO_GOODS,
        *NO_INCOME,
    ),
    computed(
        "credit_to_goods",
        "purchase",
        "percent",
        (
            "Le crédit demandé représente {value} du prix du bien.",
            "The credit requested is {value} of the price of the goods.",
        ),
        (
            "Le rapport du crédit au prix du bien",
            "The ratio of the credit to the price of the goods",
        ),
        NO_GOODS,
        NO_AMOUNT,
    ),
    fact(
        "credit_beyond_goods_to_instalment",
        "purchase",
        "times",
        known=(
            "Crédit demandé moins prix du bien, compté en mensualités : {value}.",
            "Credit requested less the price of the goods, in instalments: {value}.",
        ),
        none=(
            "Le crédit demandé est égal au prix du bien.",
            "The credit requested equals the price of the goods.",
        ),
        unknown=(
            "L'écart entre le crédit et le prix du bien ne peut pas être calculé.",
            "The gap between the credit and the price of the goods cannot be computed.",
        ),
        absences=(NO_GOODS, NO_AMOUNT, NO_ANNUITY),
    ),
)
