"""What is said of the request: beside the income, the goods, and the client's history."""

from __future__ import annotations

from collections.abc import Mapping

from scoring.facts import FACTS
from scoring.facts.commitments import FACTS as WITH_HISTORY
from scoring.facts.declare import Values
from scoring.facts.subjects import NO_CARD, NO_INSTALMENT, NO_OTHER_CREDIT, NO_PAST_REQUEST

ADA, BEN, CLEO, DOV, EVE, FINN = range(100001, 100007)


def said(values: Values, item: str) -> str | None:
    """Return what is said of an item in French."""
    return FACTS[item].sentence(values, "fr", "EUR")


def test_the_request_is_set_beside_the_income(clients: Mapping[int, Values]) -> None:
    """The effort rate is a share of the monthly income, the credit a number of months of it."""
    ada = clients[ADA]
    assert said(ada, "instalment_to_income") == (
        "La mensualité prend 9,4\xa0% du revenu mensuel déclaré."
    )
    assert said(ada, "income_total") == "Revenu mensuel déclaré : 240\u202f000\xa0€."
    assert said(clients[BEN], "credit_to_income") == (
        "Le crédit demandé représente 7,5 mois de revenu déclaré."
    )


def test_the_request_is_set_beside_the_goods(clients: Mapping[int, Values]) -> None:
    """A credit above, equal to and below the price of the goods is each said with its sign."""
    item = "credit_beyond_goods_to_instalment"
    assert said(clients[ADA], item) == "Le crédit demandé est égal au prix du bien."
    assert said(clients[EVE], item) == (
        "Crédit demandé moins prix du bien, compté en mensualités : 1,5."
    )
    below = {**clients[EVE], item: -2.0}
    assert said(below, item) == "Crédit demandé moins prix du bien, compté en mensualités : −2,0."


def test_an_instalment_above_the_income_keeps_its_sign(clients: Mapping[int, Values]) -> None:
    """What is left of the income may be less than nothing."""
    values = {**clients[ADA], "income_less_instalment": -2500.0}
    assert said(values, "income_less_instalment") == (
        "Revenu mensuel déclaré moins la mensualité : −2\u202f500\xa0€."
    )


def test_what_is_missing_is_named_before_what_it_hides(clients: Mapping[int, Values]) -> None:
    """Without an income the effort rate is not said to be beyond computing: the income is."""
    values = {**clients[ADA], "instalment_to_income": None, "income_total": None}
    assert said(values, "instalment_to_income") == "Le revenu déclaré n'est pas connu."
    values["income_total"] = 0.0
    assert said(values, "instalment_to_income") == "Le revenu déclaré est nul."


def test_a_new_applicant_reads_only_that_nothing_is_known(clients: Mapping[int, Values]) -> None:
    """Nothing is claimed of the history of a client who has none."""
    nothing = {
        absence.words.fr for absence in (NO_OTHER_CREDIT, NO_PAST_REQUEST, NO_CARD, NO_INSTALMENT)
    }
    assert {said(clients[DOV], fact.item) for fact in WITH_HISTORY} == nothing


def test_money_owed_to_the_client_is_no_debt(clients: Mapping[int, Values]) -> None:
    """A credit balance with another lender is said as nothing owed."""
    assert said(clients[FINN], "external_debt_to_income") == (
        "Aucun reste dû connu sur les crédits en cours ailleurs."
    )
