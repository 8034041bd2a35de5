"""Facts of the terms of past applications: amounts, length, what they cost, how they ended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scoring.facts.declare import Absence, Fact, absence, fact
from scoring.facts.figures import Form
from scoring.facts.periods import Part
from scoring.facts.shapes import Pair, since
from scoring.facts.subjects import NO_APPROVED_LOAN, NO_PAST_REQUEST

NOTHING_OBTAINED = (NO_PAST_REQUEST, NO_APPROVED_LOAN)

REQUESTED = Part("", " lors des demandes passées", " in past applications")
OBTAINED = Part("approved", " des crédits obtenus chez nous", " of the credits obtained with us")
# Only credits obtained have a ratio to the amount granted: these items need no slice of them.
ANY_OBTAINED = Part("", OBTAINED.fr, OBTAINED.en)
CASH = Part(
    "cash", " des prêts personnels obtenus chez nous", " of the cash loans obtained with us"
)
CONSUMER = Part(
    "consumer",
    " des crédits à la consommation obtenus chez nous",
    " of the consumer loans obtained with us",
)
LAST_1 = Part(
    "last_1",
    " du crédit issu de la dernière demande passée",
    " of the credit from the latest past application",
)
LAST_3, LAST_5 = (
    Part(
        f"last_{count}",
        f" des crédits issus des dernières demandes passées ({count} au plus)",
        f" of the credits from the latest past applications ({count} at most)",
    )
    for count in (3, 5)
)


def _no_request(name: str, fr: str, en: str) -> tuple[Absence, ...]:
    """Why nothing is known of one kind of loan, from the widest absence to the narrowest."""
    narrow = absence(
        f"previous_applications_{name}_count",
        "zero",
        f"Aucune demande passée de {fr} n'est connue.",
        f"No past application for a {en} is known.",
    )
    return (*NOTHING_OBTAINED, narrow)


def _none_led(count: int) -> tuple[Absence, ...]:
    narrow = absence(
        f"previous_approvals_last_{count}_share",
        "zero",
        f"Aucune des dernières demandes passées ({count} au plus) n'a abouti à un crédit.",
        f"Not one of the latest past applications ({count} at most) led to a credit.",
    )
    return (*NOTHING_OBTAINED, narrow)


_ABSENCES: dict[Part, tuple[Absence, ...]] = {
    REQUESTED: (NO_PAST_REQUEST,),
    OBTAINED: NOTHING_OBTAINED,
    ANY_OBTAINED: NOTHING_OBTAINED,
    CASH: _no_request("cash", "prêt personnel", "cash loan"),
    CONSUMER: _no_request("consumer", "crédit à la consommation", "consumer loan"),
    LAST_1: NOTHING_OBTAINED,
    LAST_3: _none_led(3),
    LAST_5: _none_led(5),
}

_STATISTICS: dict[str, Pair] = {
    "mean": (", en moyenne", ", on average"),
    "max": (", au maximum", ", at the highest"),
    "min": (", au minimum", ", at the lowest"),
    "sum": (", au total", ", in total"),
}


@dataclass(frozen=True, slots=True)
class Term:
    """One term of applications: its measure, its words, and those that follow its figure."""

    measure: str
    form: Form
    words: Pair
    after: Pair = ("", "")
    subject: str = "past_terms"

    def over(self, part: Part, *statistics: str) -> Iterator[Fact]:
        """Yield the facts of this term over ``part``."""
        for statistic in statistics:
            # The latest application alone has no average: it has a value.
            stat_fr, stat_en = ("", "") if part is LAST_1 else _STATISTICS[statistic]
            fr, en = f"{self.words[0]}{part.fr}", f"{self.words[1]}{part.en}"
            yield fact(
                part.item(f"previous_{self.measure}", statistic),
                self.subject,
                self.form,
                known=(
                    f"{fr}{stat_fr} : {{value}}{self.after[0]}.",
                    f"{en}{stat_en}: {{value}}{self.after[1]}.",
                ),
                unknown=(f"{fr} : information non connue.", f"{en}: not known."),
                absences=_ABSENCES[part],
            )


ANNUITY = Term("annuity", "amount", ("Mensualité", "Monthly instalment"))
GRANTED = Term("granted", "amount", ("Montant", "Amount"))
REQUEST = Term("requested", "amount", ("Montant demandé", "Amount requested"))
GOODS = Term("goods_price", "amount", ("Prix du bien", "Price of the goods"))
DOWN = Term("down_payment", "amount", ("Apport", "Down payment"))
DOWN_SHARE = Term("down_payment_share", "percent", ("Part d'apport", "Down-payment share"))
LENGTH = Term("term_months", "months", ("Durée", "Term"))
INTEREST = Term(
    "yearly_interest",
    "percent",
    ("Coût annuel prévu", "Planned yearly cost"),
    (" du montant", " of the amount"),
    "past_costs",
)
ASKED = Term(
    "requested_to_granted",
    "percent",
    ("Rapport du montant demandé au montant accordé", "Requested over granted amount"),
)
TO_GOODS = Term(
    "granted_to_goods",
    "percent",
    ("Rapport du montant accordé au prix du bien", "Granted amount over the goods' price"),
)
TO_CREDIT = Term(
    "instalment_to_credit",
    "percent",
    ("Rapport de la mensualité au montant accordé", "Instalment over the amount granted"),
    subject="past_costs",
)


def _terms() -> Iterator[Fact]:
    for term in (ANNUITY, GRANTED):
        yield from term.over(OBTAINED, "mean", "max", "min", "sum")
    for term in (REQUEST, GOODS, DOWN, DOWN_SHARE):
        yield from term.over(REQUESTED, "mean", "max")
    for term in (LENGTH, INTEREST):
        for part in (OBTAINED, CASH, CONSUMER):
            yield from term.over(part, "mean", "max")
    yield from INTEREST.over(OBTAINED, "min")
    yield from ASKED.over(ANY_OBTAINED, "mean", "max")
    yield from TO_GOODS.over(OBTAINED, "mean", "max")
    yield from TO_CREDIT.over(OBTAINED, "mean")
    for term in (ANNUITY, GRANTED, LENGTH, INTEREST):
        for part in (LAST_1, LAST_3, LAST_5):
            yield from term.over(part, "mean")


_RATE_BANDS: dict[str, Pair] = {
    "high_rate": ("dans la tranche de taux haute", "in the high rate band"),
    "middle_rate": ("dans la tranche de taux moyenne", "in the middle rate band"),
    "low_rate": ("dans la tranche de taux basse", "in the low rate band"),
    "promotional_rate": ("à taux promotionnel", "at a promotional rate"),
}


def requests_share(name: str, subject: str, fr: str, en: str) -> Fact:
    """Declare the share of one kind among the past applications whose kind is recorded."""
    return fact(
        f"previous_{name}_share",
        subject,
        "percent",
        known=(
            f"Part des demandes passées {fr}, parmi celles renseignées : {{value}}.",
            f"Share of past applications {en}, among those recorded: {{value}}.",
        ),
        none=(
            f"Aucune demande passée {fr} n'est connue.",
            f"No past application {en} is known.",
        ),
        unknown=(
            f"La part des demandes passées {fr} n'est pas connue.",
            f"The share of past applications {en} is not known.",
        ),
        absences=(NO_PAST_REQUEST,),
    )


def _rate_of_credits(name: str, fr: str, en: str) -> Fact:
    return fact(
        f"previous_{name}_approved_share",
        "past_costs",
        "percent",
        known=(
            f"Part des crédits obtenus chez nous {fr}, parmi ceux renseignés : {{value}}.",
            f"Share of the credits obtained with us {en}, among those recorded: {{value}}.",
        ),
        none=(
            f"Aucun crédit obtenu chez nous {fr} n'est connu.",
            f"No credit obtained with us {en} is known.",
        ),
        unknown=(
            f"La part des crédits obtenus chez nous {fr} n'est pas connue.",
            f"The share of the credits obtained with us {en} is not known.",
        ),
        absences=NOTHING_OBTAINED,
    )


INSURED = fact(
    "previous_insured_mean",
    "past_terms",
    "percent",
    known=(
        "Part assurée des demandes passées dont l'assurance est renseignée : {value}.",
        "Share insured of the past applications whose insurance is recorded: {value}.",
    ),
    none=(
        "Aucune demande passée assurée n'est connue.",
        "No past application with insurance is known.",
    ),
    unknown=(
        "L'assurance des demandes passées n'est pas connue.",
        "The insurance of past applications is not known.",
    ),
    absences=NOTHING_OBTAINED,
)

_ENDED: dict[str, tuple[str, str, tuple[Absence, ...]]] = {
    "": ("anciens crédits", "past credits", NOTHING_OBTAINED),
    "cash_": ("anciens prêts personnels", "past cash loans", _ABSENCES[CASH]),
    "consumer_": ("anciens crédits à la consommation", "past consumer loans", _ABSENCES[CONSUMER]),
}


def _end(item: str, end: Pair, how: Pair, why: tuple[Absence, ...]) -> Fact:
    fr, en = (f"{words}, {said}" for words, said in zip(end, how, strict=True))
    return fact(
        item,
        "past_ends",
        "after_days",
        known=(f"{fr} : {{value}} la fin prévue.", f"{en}: {{value}} the planned end."),
        none=(f"{fr} : le jour prévu.", f"{en}: on the planned day."),
        unknown=(f"{end[0]} : information non connue.", f"{end[1]}: not known."),
        absences=why,
    )


def _actual_ends() -> Iterator[Fact]:
    for name, (fr, en, why) in _ENDED.items():
        end = (f"Fin réelle des {fr}", f"Actual end of {en}")
        item = f"previous_ended_late_days_{name}"
        yield _end(f"{item}mean", end, ("en moyenne", "on average"), why)
        yield _end(f"{item}min", end, ("au plus tôt", "at the earliest"), why)


_ENDS: dict[str, Pair] = {
    "first_due": (
        "Première échéance la plus récente d'un crédit chez nous",
        "Most recent first due date of a credit with us",
    ),
    "last_due": (
        "Fin d'échéancier la plus récente d'un crédit chez nous",
        "Most recent end of the schedule of a credit with us",
    ),
    "termination": (
        "Fin de contrat la plus récente d'un crédit chez nous",
        "Most recent end of the contract of a credit with us",
    ),
}

FACTS: tuple[Fact, ...] = (
    *_terms(),
    *(requests_share(name, "past_costs", fr, en) for name, (fr, en) in _RATE_BANDS.items()),
    *(_rate_of_credits(name, fr, en) for name, (fr, en) in _RATE_BANDS.items()),
    INSURED,
    *_actual_ends(),
    *(
        since(f"previous_{name}_days_latest", "past_ends", event, *NOTHING_OBTAINED)
        for name, event in _ENDS.items()
    ),
)
