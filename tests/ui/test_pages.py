"""What the pages say, read as a person reads them: their text, not their markup."""

from __future__ import annotations

import re
from html import unescape

import pytest
from stand_in import (
    ATTACK,
    DECLINED,
    GRANTED,
    HOSTILE,
    STUDIED,
    dossier,
    explanation,
    standing,
)

from scoring.contract import CompareResponse, ExplainResponse
from ui.errors import Refused, ServiceDown, SessionExpired, TooManyAttempts
from ui.figures.risk import Risk
from ui.figures.score_bar import scale_end
from ui.format import Format
from ui.pages import notices
from ui.pages.decision import band, beside_page, decision_page
from ui.pages.dossier import dossier_page
from ui.pages.standing import standing_page
from ui.reading import as_shown
from ui.words import LANGUAGES, Language, words_in

FORMATS = {language: Format(words_in(language)) for language in LANGUAGES}
FRENCH = FORMATS["fr"]


def seen(html: str) -> str:
    """Return what is read on the page, with ordinary spaces."""
    plain = unescape(re.sub(r"<[^>]+>", " ", html))
    return re.sub(r"\s+", " ", plain)


def page_of(number: int, language: Language = "fr") -> str:
    """Return the whole Décision tab of an invented client."""
    answer = as_shown(explanation(number, language), words_in(language))
    form = FORMATS[language]
    beside = beside_page(answer, dossier(number, language), form)
    return band(answer, form) + decision_page(answer, form) + beside


@pytest.mark.parametrize(
    ("number", "shape", "words"),
    [
        (GRANTED, "●", "Accord proposé"),
        (STUDIED, "■", "Dossier à étudier"),
        (DECLINED, "▲", "Refus proposé"),
    ],
)
def test_each_verdict_has_its_shape_and_words(number: int, shape: str, words: str) -> None:
    """The three states are told apart without any colour."""
    said = seen(band(explanation(number, "fr"), FRENCH))
    assert shape in said
    assert words in said


def test_the_risk_is_said_as_a_count() -> None:
    """People read 14 out of 100 better than 0.137."""
    said = seen(band(explanation(DECLINED, "fr"), FRENCH))
    assert "Sur 100 dossiers comparables, environ 14 ont connu" in said
    assert "Nous acceptons jusqu'à 9 ." in said


@pytest.mark.parametrize(
    ("probability", "cut_off", "expected"),
    [
        (0.137, 0.0909, (14, 9, 100)),
        (0.0934, 0.0909, (93, 91, 1000)),
        (0.0909, 0.0909, (9, 9, 100)),
        (0.002, 0.0909, (0, 9, 100)),
        (1.0, 0.0909, (100, 9, 100)),
    ],
)
def test_counts_tell_the_case_from_the_cut_off(
    probability: float, cut_off: float, expected: tuple[int, int, int]
) -> None:
    """Out of a thousand when only that shows which side of the cut-off the case is on."""
    risk = Risk.of_probability(probability, cut_off)
    assert (risk.risk, risk.limit, risk.of) == expected
    assert risk.above == (probability > cut_off)


@pytest.mark.parametrize("probability", [0.0, 0.05, 0.28, 0.4, 0.69, 0.95, 1.0])
def test_the_case_stays_on_the_scale(probability: float) -> None:
    """Whatever the risk, its mark is inside the bar."""
    assert max(probability, 0.09) <= scale_end(probability, 0.09) <= 1


def test_a_risk_near_zero_is_said_in_words() -> None:
    """No case is said to have no risk at all."""
    answer = explanation(GRANTED, "fr").model_copy(update={"default_probability": 0.001})
    assert "moins de 1 a connu un défaut" in seen(band(answer, FRENCH))


def test_one_case_in_a_hundred_is_singular() -> None:
    """One case "a connu", two "ont connu"."""
    answer = explanation(GRANTED, "fr").model_copy(update={"default_probability": 0.012})
    assert "environ 1 a connu un défaut" in seen(band(answer, FRENCH))


@pytest.mark.parametrize("language", LANGUAGES)
def test_reasons_carry_value_and_median(language: Language) -> None:
    """Each reason gives the client's value, and the accepted clients' median in brackets."""
    said = seen(page_of(DECLINED, language))
    assert {"fr": "41 % (24 %)", "en": "41% (24%)"}[language] in said
    assert {"fr": "5 mois (4 ans)", "en": "5 months (4 years)"}[language] in said


def test_at_most_four_reasons_each_side() -> None:
    """The rest is one line, not a list nobody reads."""
    answer = explanation(DECLINED, "fr")
    assert page_of(DECLINED).count('class="reason weighs"') <= 4
    assert len(answer.weighs) == 4
    assert "Autres éléments" in seen(page_of(DECLINED))


@pytest.mark.parametrize("language", LANGUAGES)
def test_protected_characteristics_are_never_a_reason(language: Language) -> None:
    """Even when the service gives one; its weight stays in the other items."""
    answer = explanation(DECLINED, language)
    assert any(reason.group == "age" for reason in answer.favours)
    said = seen(page_of(DECLINED, language))
    assert {"fr": "Âge", "en": "Age"}[language] not in said
    assert {"fr": "tranche d'âge", "en": "age band"}[language] not in said
    kept = as_shown(answer, words_in(language))
    assert total(kept) == pytest.approx(total(answer))


def test_a_missing_value_is_the_reason_itself() -> None:
    """The theme's sentence would say something of a value nobody knows."""
    answer = explanation(DECLINED, "fr")
    unknown = answer.weighs[0].model_copy(update={"value": None})
    answer = answer.model_copy(update={"weighs": [unknown]})
    said = seen(decision_page(as_shown(answer, words_in("fr")), FRENCH))
    assert "Une information manque : mensualité et crédit rapportés au revenu." in said
    assert "part importante de vos revenus" not in said


def total(answer: ExplainResponse) -> float:
    """Return the sum of everything the figure draws."""
    return sum(r.contribution for r in (*answer.weighs, *answer.favours)) + answer.others


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_code_nor_number_of_the_trade_is_shown(language: Language) -> None:
    """No feature code, no log-odds, no probability with decimals of a computer."""
    answer = explanation(DECLINED, language)
    said = seen(page_of(DECLINED, language))
    codes = [feature.feature for feature in answer.by_feature if "_" in feature.feature]
    assert not [code for code in codes if code in said]
    assert not re.search(r"0[.,]82|shap|log-odds|0[.,]137", said, re.IGNORECASE)


def test_hostile_values_stay_text() -> None:
    """A label from outside can neither add an element nor run a script."""
    html = page_of(HOSTILE)
    assert "<img" not in html
    assert ATTACK in unescape(html)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", [GRANTED, STUDIED, DECLINED])
def test_each_figure_has_caption_label_and_table(number: int, language: Language) -> None:
    """Who does not see the drawing has its sentence and its numbers."""
    figures = re.findall(r"<figure.*?</figure>", page_of(number, language), re.DOTALL)
    assert len(figures) == 2
    for figure in figures:
        caption = re.search(r"<figcaption[^>]*>(.+?)</figcaption>", figure)
        label = re.search(r'role="img" aria-label="([^"]+)"', figure)
        assert caption is not None
        assert label is not None
        assert label[1] == caption[1]
        assert re.search(r"<details.*<table>.*<caption>.*</table>.*</details>", figure, re.DOTALL)


def test_a_study_says_why() -> None:
    """Who must study the case is told what stopped the calculation."""
    said = seen(page_of(STUDIED))
    assert "trop proche du seuil" in said
    assert "trop peu d'historique" in said


def test_the_words_of_the_service_are_not_said_twice() -> None:
    """When the service says why a person must study the case, we do not repeat it."""
    answer = explanation(STUDIED, "fr").model_copy(update={"cautions": ["Risque près du seuil."]})
    said = seen(beside_page(answer, dossier(STUDIED, "fr"), FRENCH))
    assert "Risque près du seuil." in said
    assert "trop proche du seuil" not in said


def test_the_first_comparisons_are_of_different_kinds() -> None:
    """At most two items of a kind come first, and protected ones not at all."""
    names = ["external_a", "external_b", "external_c", "birth_days", "income_total"]
    answer = CompareResponse(
        client_id=GRANTED,
        group="granted",
        clients=100,
        default_rate=0.04,
        language="fr",
        standings=[standing("fr", name, 1.0) for name in names],
        not_shown=[],
    )
    drawn = re.findall(r'id="strip-([\w-]+)-caption"', standing_page(answer, FRENCH))
    assert drawn == ["external-a", "external-b", "income-total", "external-c"]


def test_an_external_score_among_the_reasons_says_whom_to_ask() -> None:
    """The client can go to the body that gave the score."""
    assert "demander à cet organisme" in seen(page_of(DECLINED))
    assert "demander à cet organisme" not in seen(page_of(GRANTED))


def test_the_file_says_everything_and_what_is_missing() -> None:
    """Held items with their origin, and the missing ones by name."""
    said = seen(dossier_page(dossier(DECLINED, "fr"), FRENCH))
    assert "Origine : bureau de crédit" in said
    assert "Montant du crédit 135 000 €" in said
    assert "Dernier changement de téléphone il y a 12 jours" in said
    assert "2 éléments non renseignés" in said
    assert "Âge de la voiture" in said


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ServiceDown("x"), "Aucune proposition n'est affichée"),
        (SessionExpired("x"), "Connectez-vous à nouveau"),
        (TooManyAttempts(30), "Attendez 30 secondes"),
        (Refused("x"), "Vérifiez ce qui est saisi"),
    ],
)
def test_a_failure_says_what_to_do_next(error: Exception, words: str) -> None:
    """Each failure has its own words, and none shows a verdict."""
    said = seen(notices.failure(error, "100 234", words_in("fr")))
    assert words in said
    assert "proposé" not in said


def test_signing_in_again_comes_back_to_the_same_case() -> None:
    """What was typed is kept; anything but digits is dropped."""
    assert notices.sign_in_address(words_in("fr"), "100 234").endswith("&case=100234")
    assert "script" not in notices.sign_in_address(words_in("fr"), "<script>")
