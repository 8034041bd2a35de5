"""What facts are about: items of one subject say the same thing, and are told once.

Absences that many facts share stand here too: of whole tables, and of figures of the form.
"""

from __future__ import annotations

from types import MappingProxyType

from features.raw.tables import Words
from scoring.facts.declare import absence

SUBJECTS = MappingProxyType(
    {
        "external_scores": Words("Notes d'organismes extérieurs", "Scores from external bodies"),
        "comparable_cases": Words("Dossiers comparables", "Comparable cases"),
        "effort": Words("Mensualité et revenu", "Instalment and income"),
        "amount": Words("Montant et durée demandés", "Amount and term requested"),
        "purchase": Words("Bien financé et apport", "Goods financed and down payment"),
        "employment": Words("Emploi", "Employment"),
        "occupation": Words("Profession et employeur", "Occupation and employer"),
        "education": Words("Formation", "Education"),
        "household": Words("Foyer", "Household"),
        "housing": Words("Logement", "Housing"),
        "assets": Words("Biens possédés", "Assets"),
        "contact": Words("Coordonnées", "Contact details"),
        "documents": Words("Pièces et informations fournies", "Documents and information given"),
        "stability": Words("Ancienneté des coordonnées", "Age of the contact details"),
        "address": Words("Adresses déclarées", "Declared addresses"),
        "bureau_requests": Words("Consultations du bureau de crédit", "Credit bureau enquiries"),
        "other_credits": Words("Crédits ailleurs", "Credits elsewhere"),
        "other_dates": Words("Dates des crédits ailleurs", "Dates of credits elsewhere"),
        "other_amounts": Words("Montants empruntés ailleurs", "Amounts borrowed elsewhere"),
        "other_debt": Words("Encours ailleurs", "Amounts owed elsewhere"),
        "other_delays": Words("Retards ailleurs", "Late payments elsewhere"),
        "past_requests": Words("Demandes passées chez nous", "Past applications with us"),
        "past_kinds": Words("Nature des demandes passées", "Kinds of past applications"),
        "past_dates": Words("Dates des demandes passées", "Dates of past applications"),
        "past_refusals": Words("Refus et accords passés", "Past refusals and approvals"),
        "past_terms": Words("Conditions des anciens prêts", "Terms of past loans"),
        "past_costs": Words("Coût des anciens crédits", "Cost of past credits"),
        "past_ends": Words("Fin des anciens crédits", "Ends of past credits"),
        "loans_with_us": Words("Prêts en cours chez nous", "Current loans with us"),
        "loans_terms": Words("Durée des prêts chez nous", "Term of loans with us"),
        "loans_history": Words("Historique des prêts chez nous", "History of loans with us"),
        "delays_with_us": Words("Retards chez nous", "Late payments with us"),
        "payments": Words("Échéances réglées", "Instalments paid"),
        "unpaid": Words("Reste à payer aux échéances", "Left unpaid on instalments"),
        "payment_amounts": Words("Montants des échéances", "Amounts of instalments"),
        "card_use": Words("Utilisation de la carte", "Use of the card"),
        "card_limit": Words("Plafond de la carte", "Limit of the card"),
        "card_drawings": Words("Dépenses par carte", "Card drawings"),
        "card_cash": Words("Retraits d'espèces par carte", "Cash drawn by card"),
        "card_history": Words("Historique de la carte", "History of the card"),
        "card_payments": Words("Paiements de la carte", "Card payments"),
        "card_delays": Words("Retards de la carte", "Late payments on the card"),
        "commitments": Words("Ensemble des engagements", "All commitments together"),
    }
)
"""Every subject with its heading, in the order a grid lists them."""

NO_OTHER_CREDIT = absence(
    "bureau_credits_count",
    "unknown",
    "Aucun crédit dans un autre établissement n'est connu.",
    "No credit with another lender is known.",
)
NO_OPEN_CREDIT = absence(
    "bureau_credits_open_count",
    "zero",
    "Aucun crédit en cours dans un autre établissement n'est connu.",
    "No open credit with another lender is known.",
)
NO_PAST_REQUEST = absence(
    "previous_applications_count",
    "unknown",
    "Aucune demande passée chez nous n'est connue.",
    "No past application with us is known.",
)
NO_APPROVED_LOAN = absence(
    "previous_approvals_count",
    "zero",
    "Aucun crédit obtenu chez nous n'est connu.",
    "No credit obtained with us is known.",
)
NO_LOAN_MONTH = absence(
    "pos_months_count",
    "unknown",
    "Aucun suivi mensuel d'un prêt chez nous n'est connu.",
    "No monthly record of a loan with us is known.",
)
NO_INSTALMENT = absence(
    "instalments_loans_count",
    "unknown",
    "Aucune échéance d'un prêt chez nous n'est connue.",
    "No instalment of a loan with us is known.",
)
NO_CARD = absence(
    "cards_count",
    "unknown",
    "Aucune carte de crédit chez nous n'est connue.",
    "No credit card with us is known.",
)

NO_INCOME = (
    absence(
        "income_total",
        "unknown",
        "Le revenu déclaré n'est pas connu.",
        "The declared income is not known.",
    ),
    absence("income_total", "zero", "Le revenu déclaré est nul.", "The declared income is zero."),
)
NO_ANNUITY = absence(
    "annuity",
    "unknown",
    "La mensualité demandée n'est pas connue.",
    "The instalment requested is not known.",
)
NO_AMOUNT = absence(
    "amount_credit",
    "unknown",
    "Le montant demandé n'est pas connu.",
    "The amount requested is not known.",
)
NO_GOODS = absence(
    "goods_price",
    "unknown",
    "Le prix du bien n'est pas connu.",
    "The price of the goods is not known.",
)
NO_HOUSEHOLD = absence(
    "family_members_count",
    "unknown",
    "Le nombre de personnes du foyer n'est pas connu.",
    "The number of people in the household is not known.",
)
