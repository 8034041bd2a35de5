"""Facts of past applications with us: how many, when, of which kind, and what came of them.

An application that led to a loan is said to be a *credit obtained*: an offer that was approved
and never used is none.
"""

from __future__ import annotations

from collections.abc import Iterator

from scoring.facts import loans, past_terms
from scoring.facts.declare import Absence, Fact, absence, fact
from scoring.facts.past_terms import requests_share
from scoring.facts.periods import ALL, Part, latest
from scoring.facts.portions import Portion
from scoring.facts.shapes import Pair, since
from scoring.facts.subjects import NO_APPROVED_LOAN, NO_PAST_REQUEST

CASH = Part("cash", " pour un prêt personnel", " for a cash loan")
CONSUMER = Part("consumer", " pour un crédit à la consommation", " for a consumer loan")
REVOLVING = Part("revolving", " pour un crédit renouvelable", " for a revolving credit")
HALF_YEAR = Part("half_year", " sur six mois", " over the last six months")
YEAR = Part("year", " sur un an", " over the last year")
TWO_YEARS = Part("2_years", " sur deux ans", " over the last two years")
LAST_3, LAST_5 = latest(3), latest(5)

COUNTED = (ALL, CASH, CONSUMER, YEAR)
"""Parts whose applications the catalogue counts."""

REQUESTS = "previous_applications"


def _no_request(part: Part) -> Absence:
    return absence(
        part.item(REQUESTS, "count"),
        "zero",
        f"Aucune demande passée chez nous{part.fr} n'est connue.",
        f"No past application with us{part.en} is known.",
    )


def _requests(part: Part) -> Fact:
    return fact(
        part.item(REQUESTS, "count"),
        "past_requests",
        "count",
        known=(
            f"Demandes passées chez nous{part.fr} : {{value}}.",
            f"Past applications with us{part.en}: {{value}}.",
        ),
        none=(
            f"Aucune demande passée chez nous{part.fr} n'est connue.",
            f"No past application with us{part.en} is known.",
        ),
        unknown=(
            f"Le nombre de demandes passées chez nous{part.fr} n'est pas connu.",
            f"The number of past applications with us{part.en} is not known.",
        ),
        absences=(NO_PAST_REQUEST,),
    )


def _none_over(part: Part) -> tuple[Absence, ...]:
    """Why nothing is known over ``part``, from the widest absence to the narrowest."""
    return (NO_PAST_REQUEST, _no_request(part)) if part in COUNTED[1:] else (NO_PAST_REQUEST,)


def _outcome(measure: str, fr: str, en: str, counted: tuple[Part, ...] = COUNTED) -> Portion:
    return Portion(
        f"previous_{measure}",
        REQUESTS,
        "past_refusals",
        (f"Demandes passées {fr}", f"Past applications {en}"),
        ("aucune", "none"),
        counted,
        _none_over,
    )


REFUSED = _outcome("refusals", "refusées", "refused")
OBTAINED = _outcome("approvals", "ayant abouti à un crédit", "that led to a credit")
CANCELLED = _outcome("cancellations", "annulées", "cancelled", ())
UNUSED = _outcome("unused_offers", "acceptées mais non utilisées", "approved but not used", ())


LAST_REFUSED = fact(
    "previous_refusals_last_1_share",
    "past_refusals",
    "flag",
    known=(
        "La dernière demande passée chez nous a été refusée.",
        "The latest past application with us was refused.",
    ),
    none=(
        "La dernière demande passée chez nous n'a pas été refusée.",
        "The latest past application with us was not refused.",
    ),
    unknown=(
        "L'issue de la dernière demande passée chez nous n'est pas connue.",
        "The outcome of the latest past application with us is not known.",
    ),
    absences=(NO_PAST_REQUEST,),
)


_KINDS: dict[str, Pair] = {
    # The portfolio is recorded of nearly all credits obtained, hardly of requests cancelled: a
    # cash loan asked for may well be of none.
    "for_goods": ("au portefeuille des achats en magasin", "in the portfolio of shop purchases"),
    "for_cash": ("au portefeuille des prêts personnels", "in the portfolio of cash loans"),
    "for_card": ("au portefeuille des cartes", "in the portfolio of cards"),
    "walk_in": ("à l'initiative du client", "on the client's initiative"),
    "cross_sold": ("sur proposition du prêteur", "on the lender's offer"),
    "as_new": ("comme nouveau client", "as a new client"),
    "as_repeater": ("comme client connu", "as a known client"),
    "as_returning": ("comme client de retour", "as a returning client"),
    "by_bank_cash": ("avec paiement en espèces à la banque", "payable in cash at the bank"),
    "by_contact_center": ("par téléphone", "through the contact centre"),
    "by_agency": ("en agence", "in a credit and cash office"),
    "by_shop": ("dans un réseau national", "in a nationwide network"),
}


NO_REFUSAL = absence(
    "previous_refusals_count",
    "zero",
    "Aucune demande passée refusée n'est connue.",
    "No past application that was refused is known.",
)
_DATES: dict[str, tuple[str, str, Absence | None]] = {
    "latest": ("Dernière demande passée chez nous", "Latest past application with us", None),
    "oldest": ("Première demande passée chez nous", "First past application with us", None),
    "mean": (
        "Date moyenne des demandes passées chez nous",
        "Average date of past applications with us",
        None,
    ),
    "approved_latest": (
        "Dernière demande ayant abouti à un crédit",
        "Latest application that led to a credit",
        NO_APPROVED_LOAN,
    ),
    "approved_oldest": (
        "Première demande ayant abouti à un crédit",
        "First application that led to a credit",
        NO_APPROVED_LOAN,
    ),
    "approved_mean": (
        "Date moyenne des demandes ayant abouti à un crédit",
        "Average date of the applications that led to a credit",
        NO_APPROVED_LOAN,
    ),
    "refused_latest": (
        "Dernière demande passée refusée",
        "Latest past application refused",
        NO_REFUSAL,
    ),
    "refused_oldest": (
        "Première demande passée refusée",
        "First past application refused",
        NO_REFUSAL,
    ),
    "refused_mean": (
        "Date moyenne des demandes passées refusées",
        "Average date of the past applications refused",
        NO_REFUSAL,
    ),
    "cash_latest": (
        "Dernière demande passée pour un prêt personnel",
        "Latest past application for a cash loan",
        _no_request(CASH),
    ),
    "consumer_latest": (
        "Dernière demande passée pour un crédit à la consommation",
        "Latest past application for a consumer loan",
        _no_request(CONSUMER),
    ),
}
"""The events that decisions date, and why there may be none."""

GAP = fact(
    "previous_gap_days",
    "past_dates",
    "days",
    known=(
        "Temps moyen entre deux demandes passées : {value}.",
        "Average time between two past applications: {value}.",
    ),
    unknown=(
        "Moins de deux demandes passées chez nous sont connues avec leur date.",
        "Fewer than two past applications with us are known with their date.",
    ),
    absences=(NO_PAST_REQUEST,),
)


def _dates() -> Iterator[Fact]:
    for name, (fr, en, narrow) in _DATES.items():
        why = (NO_PAST_REQUEST,) if narrow is None else (NO_PAST_REQUEST, narrow)
        yield since(f"previous_decision_days_{name}", "past_dates", (fr, en), *why)
    yield GAP


FACTS: tuple[Fact, ...] = (
    *(_requests(part) for part in (ALL, CASH, CONSUMER, REVOLVING, YEAR)),
    *(REFUSED.count(part) for part in (ALL, CASH, CONSUMER, HALF_YEAR, YEAR, TWO_YEARS)),
    *(REFUSED.share(part) for part in (ALL, CASH, YEAR, TWO_YEARS, LAST_3, LAST_5)),
    LAST_REFUSED,
    *(OBTAINED.count(part) for part in (ALL, YEAR, TWO_YEARS)),
    *(OBTAINED.share(part) for part in (ALL, YEAR, TWO_YEARS, LAST_3, LAST_5)),
    CANCELLED.share(ALL),
    UNUSED.share(ALL),
    *(requests_share(name, "past_kinds", fr, en) for name, (fr, en) in _KINDS.items()),
    *_dates(),
    *past_terms.FACTS,
    *loans.FACTS,
)
"""The facts of past applications, of their terms, and of the monthly records of their loans."""
