"""The charts of the documents, in French, drawn from their figures and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from features.tables import APPLICATIONS
from flows.steps.charts import FRENCH, Bars, Figure, Series
from flows.steps.documents.formats import Formats
from flows.steps.documents.rate_chart import RateChart, Rates
from flows.steps.documents.words import WORDS

Values = Mapping[str, Any]
Archive = tuple[str, Values]

FR = Formats("fr")
ARCHIVES = {
    "exploration": "jeu de la grille",
    "exploration_core": "Home Credit, complet",
    "exploration_applications": "Home Credit, demandes",
}
AXES = {
    "external_score_1": "Note extérieure 1",
    "external_score_2": "Note extérieure 2",
    "external_score_3": "Note extérieure 3",
    "age_years": "Âge (années)",
    "employment_years": "Ancienneté dans l'emploi (années)",
    "income_total": "Revenu déclaré (milliers)",
    "amount_credit": "Montant du crédit (milliers)",
    "instalment_to_income_percent": "Mensualité rapportée au revenu (%)",
    "term_months": "Crédit rapporté à la mensualité (mois)",
    "phone_change_years": "Dernier changement de téléphone (années)",
}
SHORT = {
    "bureau": "crédits ailleurs",
    "bureau_balance": "suivi mensuel",
    "previous": "demandes passées",
    "pos": "prêts par mois",
    "instalments": "échéances",
    "cards": "cartes",
}
THOUSANDS = ("income_total", "amount_credit")


def archives(figures: Values) -> list[Archive]:
    """Return the explored archives with their names, that of the run first."""
    return [(name, figures[key]) for key, name in ARCHIVES.items() if figures.get(key)]


def curve(explored: Sequence[Archive], column: str) -> RateChart:
    """Draw the default rate by band of a number, the missing ones last."""
    edges = explored[0][1]["curves"][column]["edges"]
    scale = 1000 if column in THOUSANDS else 1
    names = _band_names([edge / scale for edge in edges])
    curves = [(name, values["curves"][column]) for name, values in explored]
    series = [Rates(name, tuple(_placed(c["bands"], range(len(names))))) for name, c in curves]
    caption = _range_in_words(series[0])
    axis = AXES[column]
    if any(c["missing"] for _, c in curves):
        names = (*names, "inconnu")
        series = [
            Rates(name, (*known.rates, c["missing"]))
            for known, (name, c) in zip(series, curves, strict=True)
        ]
    return RateChart(axis, caption, axis, names, tuple(series))


def categories(explored: Sequence[Archive], column: str) -> RateChart:
    """Draw the default rate by category."""
    names = sorted({g["group"] for _, values in explored for g in values["categories"][column]})
    series = tuple(
        Rates(name, tuple(_placed(values["categories"][column], names)))
        for name, values in explored
    )
    label = APPLICATIONS[column].label.fr
    shown = tuple(WORDS["fr"][str(name)] for name in names)
    return RateChart(label, _range_in_words(series[0]), label, shown, series)


def scores_known(explored: Sequence[Archive]) -> RateChart:
    """Draw the default rate by how many external scores are known."""
    counts = sorted({rate["group"] for _, values in explored for rate in values["scores_known"]})
    series = tuple(
        Rates(name, tuple(_placed(values["scores_known"], counts))) for name, values in explored
    )
    title = "Nombre de notes extérieures connues"
    return RateChart(title, _range_in_words(series[0]), title, tuple(map(str, counts)), series)


def histories(explored: Values) -> RateChart:
    """Draw the default rate of the clients with and without each history."""
    tables = [table for table in explored["tables"] if table["table"] != "applications"]
    names = tuple(SHORT[table["table"]] for table in tables)
    series = (
        Rates("avec historique", tuple(table["with"] for table in tables)),
        Rates("sans historique", tuple(table["without"] for table in tables)),
    )
    gaps = [
        (name, table["without"]["rate"] - table["with"]["rate"])
        for name, table in zip(names, tables, strict=True)
        if table["with"] and table["without"]
    ]
    name, gap = max(gaps, key=lambda item: abs(item[1]), default=("aucune table", 0.0))
    caption = (
        f"L'écart le plus grand est celui de « {name} » : "
        f"{FR.signed(100 * gap, 1)} points sans historique."
    )
    return RateChart("Avec ou sans historique", caption, "Historique", names, series)


def missing(explored: Values) -> Bars:
    """Draw the columns of the form that are missing most."""
    rows = tuple((i["label"]["fr"], 100 * i["share"]) for i in explored["missing"])
    caption = f"« {rows[0][0]} » manque pour {FR.percent(rows[0][1] / 100, 0)} des clients."
    return Bars("Colonnes les plus absentes", caption, "Part absente (%)", rows, FRENCH)


def drift(explored: Values) -> Bars:
    """Draw what moved most between labelled and unlabelled clients."""
    rows = tuple((item["label"]["fr"], item["psi"]) for item in explored["drift"])
    above = sum(item["level"] in {"watch", "alert"} for item in explored["drift"])
    caption = (
        f"{above} colonne{'s' if above > 1 else ''} au-dessus du seuil de surveillance "
        f"entre les clients étiquetés et les autres."
    )
    return Bars("Indice de stabilité (PSI)", caption, "PSI", rows, FRENCH)


def strongest(explored: Values) -> Bars:
    """Draw how well the best feature of each group ranks alone."""
    rows = tuple((item["label"]["fr"], abs(item["gini"])) for item in explored["strongest"])
    caption = f"La plus forte, seule : « {rows[0][0]} », Gini {FR.decimal(rows[0][1], 2)}."
    return Bars("Variables les plus fortes, une par groupe", caption, "Gini", rows, FRENCH)


def roc(run: Values) -> Figure:
    """Draw the ROC curve of the test split."""
    points = run["curves"]["roc"]
    return Figure(
        "Courbe ROC",
        f"De deux clients dont un en défaut, la grille classe le bon en tête "
        f"{FR.percent(run['metrics']['auc'])} du temps.",
        "Bons clients au-dessus",
        "Défauts au-dessus",
        (
            Series("grille", points["x"], points["y"]),
            Series("au hasard", (0.0, 1.0), (0.0, 1.0)),
        ),
        words=FRENCH,
    )


def cost(run: Values) -> Figure:
    """Draw the cost of errors by cut-off."""
    points = run["curves"]["cost"]
    return Figure(
        "Coût des erreurs",
        f"À la limite choisie ({FR.percent(run['cut_off'], 2)}), un client coûte "
        f"{FR.decimal(run['metrics']['expected_cost'])} en moyenne.",
        "Limite (probabilité)",
        "Coût par client",
        (Series("clients de test", points["x"], points["y"]),),
        mark=("limite", run["cut_off"]),
        words=FRENCH,
    )


def calibration(run: Values) -> Figure:
    """Draw said against observed default rates."""
    bins = run["calibration"]
    said, happened = [b["said"] for b in bins], [b["happened"] for b in bins]
    top = max(*said, *happened)
    return Figure(
        "Calibration",
        f"Écart moyen entre dit et observé : {FR.percent(run['metrics']['calibration_error'], 2)}.",
        "Probabilité annoncée",
        "Taux de défaut observé",
        (
            Series("dix groupes", said, happened, dots=True),
            Series("parfaite", (0.0, top), (0.0, top)),
        ),
        words=FRENCH,
    )


def contributions(run: Values, shown: int = 10) -> Bars:
    """Draw the groups of features that move the answers most."""
    rows = tuple((g["label"]["fr"], g["mean_contribution"]) for g in run["groups"][:shown])
    caption = f"« {rows[0][0]} » pèse le plus."
    return Bars("Ce qui pèse dans les réponses", caption, "Log-cotes", rows, FRENCH)


def selection(run: Values) -> Bars:
    """Draw the ratio of selection rates of each group of people."""
    rows = tuple(
        (f"{WORDS['fr'][g['attribute']]} : {WORDS['fr'][g['group']]}", g["ratio"])
        for g in run["fairness"]["groups"]
    )
    below = len(run["fairness"]["below_floor"])
    caption = f"{below} groupe(s) sous le plancher de {FR.decimal(run['fairness']['floor'], 2)}."
    return Bars("Rapport au groupe le mieux servi", caption, "Rapport", rows, FRENCH)


def explained(example: Values) -> Bars:
    """Draw the strongest groups of one explained case, by size; the label says the sign."""
    rows = tuple(
        (f"{'+' if g['contribution'] > 0 else '−'} {g['label']}", abs(g["contribution"]))
        for g in example["groups"]
    )
    return Bars("Ce qui pèse dans ce dossier", "Écart aux dossiers accordés.", "Log-cotes", rows,
                FRENCH)  # fmt: skip


def _band_names(edges: Sequence[float]) -> tuple[str, ...]:
    written = [FRENCH.number(edge) for edge in edges]
    middle = [f"{a}–{b}" for a, b in pairwise(written)]
    return (f"< {written[0]}", *middle, f"≥ {written[-1]}")


def _placed(rates: Sequence[Values], groups: Sequence[Any]) -> list[Values | None]:
    found = {rate["group"]: rate for rate in rates}
    return [found.get(group) for group in groups]


def _range_in_words(series: Rates) -> str:
    shares = [rate["rate"] for rate in series.rates if rate]
    if not shares:
        return f"Trop peu de clients ({series.name})."
    return (
        f"Taux de défaut de {FR.percent(min(shares))} à {FR.percent(max(shares))} "
        f"selon la classe ({series.name})."
    )
