"""Recourse in words: each sentence is a complete condition, of 25 words at most.

Figures are those of ``scoring.facts.figures``, so that what is read is what was scored. A term is
the amount over the instalment: no interest is known.
"""

from __future__ import annotations

from features.catalogue import CATALOGUE
from features.raw.tables import Language, Words
from scoring.contract import Verdict
from scoring.facts import Form, figure
from scoring.facts.figures import HARD
from scoring.offers import Offer
from scoring.recourse import MONTHS_AHEAD, Easing, Largest, Range, Recourse, WithTime


def whole(found: Recourse, language: Language) -> str:
    """Say the whole in one sentence."""
    if found.verdict is Verdict.GRANT:
        return _GRANTED.in_(language)
    if found.levers:
        return _REACHABLE.in_(language)
    beyond = found.beyond_reach or found.rules_beyond_reach
    return (_BEYOND if beyond else _NO_LEVER).in_(language)


def lever(one: Range, language: Language, currency: str = "") -> str:
    """Say a range with all its conditions; ``currency`` is the lender's."""
    nearest, furthest = one.first.offer, one.last.offer
    words = _LEVERS[one.lever]
    if nearest.goods_price is None:
        words = _WITHOUT_GOODS.get(one.lever, words)
    return words.in_(language).format(**_parts(nearest, furthest, language, currency))


def even_if(one: Range, language: Language, currency: str = "") -> str:
    """Say how far a granted request could move: to the last offer of the range."""
    offer = one.last.offer
    said = _EVEN_IF[one.lever].in_(language)
    if one.lever == "larger_credit":
        said += _for_goods(offer, one.first.offer).in_(language)
    return said.format(**_parts(offer, offer, language, currency))


def largest(found: Largest, language: Language, currency: str = "") -> str:
    """Say the largest amount granted, with its conditions."""
    offer, asked = found.end.offer, found.asked
    if offer == asked:
        return _LARGEST_AS_ASKED.in_(language)
    words = _LARGEST_CAPPED if found.capped else _LARGEST
    said = words.in_(language) + _for_goods(offer, asked).in_(language)
    return said.format(**_parts(offer, offer, language, currency))


def with_time(found: WithTime, language: Language) -> str:
    """Say the first month that would be granted, or that none would."""
    months = found.granted_in_months
    said = figure(float(months or MONTHS_AHEAD), "months", language)
    return (_TIME_EASES if months is None else _TIME_GRANTS).in_(language).format(months=said)


def easing(one: Easing, language: Language) -> str:
    """Say which item weighs less, and when."""
    months = figure(float(one.months), "months", language)
    return _EASING.in_(language).format(label=label(one.item, language), months=months)


def label(item: str, language: Language) -> str:
    """Return the words that name an item."""
    return CATALOGUE[item].label.in_(language)


def _for_goods(offer: Offer, asked: Offer) -> Words:
    if offer.goods_price is None:
        return _NO_GOODS
    return _SAME_GOODS if offer.goods_price == asked.goods_price else _OTHER_GOODS


def _parts(one: Offer, other: Offer, language: Language, currency: str) -> dict[str, str]:
    """Write the figures of a range between two offers, by their name in the sentences."""

    def span(form: Form, first: float | None, second: float | None) -> str:
        if first is None or second is None:
            return ""
        low, high = (figure(v, form, language, currency) for v in sorted((first, second)))
        if low == high:
            return high
        unit = HARD + high.rpartition(HARD)[2]
        return f"{low.removesuffix(unit)} {'à' if language == 'fr' else 'to'} {high}"

    return {
        "amount": span("amount", one.amount, other.amount),
        "instalment": span("amount", one.instalment, other.instalment),
        "goods": span("amount", one.goods_price, other.goods_price),
        "down": span("amount", one.down_payment, other.down_payment),
        "income": span("amount", one.income, other.income),
        "term": span("months", one.term_months, other.term_months),
    }


_LEVERS = {
    "smaller_credit": Words(
        "Un crédit de {amount} sur {term} hors intérêts, mensualité de {instalment}, "
        "pour un bien de {goods}.",
        "A credit of {amount} over {term} without interest, instalment of {instalment}, "
        "for goods of {goods}.",
    ),
    "larger_down_payment": Words(
        "Même bien, apport de {down}, crédit de {amount} sur {term} hors intérêts, "
        "mensualité de {instalment}.",
        "Same goods, down payment of {down}, credit of {amount} over {term} without interest, "
        "instalment of {instalment}.",
    ),
    "smaller_credit_shorter_term": Words(
        "Un crédit de {amount} sur {term} hors intérêts, mensualité inchangée, "
        "pour un bien de {goods}.",
        "A credit of {amount} over {term} without interest, same instalment, for goods of {goods}.",
    ),
    "longer_term": Words(
        "Le même crédit sur une durée plus longue, {term} hors intérêts, "
        "mensualité de {instalment}.",
        "The same credit over a longer term, {term} without interest, instalment of {instalment}.",
    ),
    "shorter_term": Words(
        "Le même crédit sur une durée plus courte, {term} hors intérêts, "
        "mensualité de {instalment}.",
        "The same credit over a shorter term, {term} without interest, instalment of {instalment}.",
    ),
}
_WITHOUT_GOODS = {
    "smaller_credit": Words(
        "Un crédit de {amount} sur {term} hors intérêts, mensualité de {instalment}.",
        "A credit of {amount} over {term} without interest, instalment of {instalment}.",
    ),
    "smaller_credit_shorter_term": Words(
        "Un crédit de {amount} sur {term} hors intérêts, mensualité inchangée.",
        "A credit of {amount} over {term} without interest, same instalment.",
    ),
}
_EVEN_IF = {
    "larger_credit": Words(
        "La proposition resterait un accord jusqu'à {amount} sur {term} hors intérêts, "
        "mensualité de {instalment}",
        "The proposal would still be to grant up to {amount} over {term} without interest, "
        "instalment of {instalment}",
    ),
    "shorter_term": Words(
        "La proposition resterait un accord jusqu'à une mensualité de {instalment}, "
        "le montant demandé étant remboursé en {term} hors intérêts.",
        "The proposal would still be to grant up to an instalment of {instalment}, "
        "the amount requested repaid in {term} without interest.",
    ),
    "lower_income": Words(
        "La proposition resterait un accord avec un revenu mensuel ramené à {income}, "
        "la demande étant la même.",
        "The proposal would still be to grant with a monthly income down to {income}, "
        "the request being the same.",
    ),
}
_LARGEST = Words(
    "La proposition serait un accord jusqu'à {amount} sur {term} hors intérêts, "
    "mensualité de {instalment}",
    "The proposal would be to grant up to {amount} over {term} without interest, "
    "instalment of {instalment}",
)
_LARGEST_CAPPED = Words(
    "Accord encore proposé au plus grand montant essayé : {amount} sur {term} hors intérêts, "
    "mensualité de {instalment}",
    "A grant is still proposed at the largest amount tried: {amount} over {term} without "
    "interest, instalment of {instalment}",
)
_NO_GOODS = Words(".", ".")
_SAME_GOODS = Words(", pour le même bien.", ", for the same goods.")
_OTHER_GOODS = Words(", pour un bien de {goods}.", ", for goods of {goods}.")
_LARGEST_AS_ASKED = Words(
    "Le montant demandé est le plus élevé pour lequel la proposition est un accord.",
    "The amount requested is the largest for which the proposal is to grant.",
)
_TIME_GRANTS = Words(
    "Si rien d'autre ne change, la proposition serait un accord dans {months}.",
    "If nothing else changes, the proposal would be to grant in {months}.",
)
_TIME_EASES = Words(
    "Si rien d'autre ne change, des points pèseraient moins avec le temps, sans accord "
    "d'ici {months}.",
    "If nothing else changes, some points would weigh less with time, with no grant within "
    "{months}.",
)
_EASING = Words(
    "{label} : ce point pèserait moins dans {months}, si rien d'autre ne change.",
    "{label}: this point would weigh less in {months}, if nothing else changes.",
)
_GRANTED = Words("La demande est déjà acceptable.", "The request can already be granted.")
_REACHABLE = Words(
    "Ces changements de la demande la rendraient acceptable.",
    "These changes would make the request grantable.",
)
_BEYOND = Words(
    "Aucun changement de la demande ne suffit : ce qui empêche l'accord n'en dépend pas.",
    "No change of the request is enough: what prevents a grant does not depend on it.",
)
_NO_LEVER = Words(
    "Aucun changement essayé du montant, de la durée ou de l'apport ne suffit.",
    "No change tried of the amount, the term or the down payment is enough.",
)
