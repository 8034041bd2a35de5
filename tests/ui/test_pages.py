"""What the pages say, read as a person reads them: their text, not their markup."""

from __future__ import annotations

import re
from html import unescape

import pytest
from stand_in import (
    DECLINED,
    GRANTED,
    HOSTILE,
    RULED,
    STUDIED,
    dossier,
    explanation,
    levers,
    simulation,
    standing,
)
from stand_in_facts import ATTACK, INVENTED

from scoring.contract import (
    Changes,
    CompareResponse,
    ExplainResponse,
    RecourseRequest,
    SimulateRequest,
)
from ui.client_file import client_file_page
from ui.comparison import comparison_page
from ui.decision.page import band, beside_page, decision_page
from ui.decision.recourse import recourse_page
from ui.errors import (
    Conflict,
    Refused,
    ServiceDown,
    ServiceError,
    SessionExpired,
    TooManyAttempts,
)
from ui.figures.items import item_bars
from ui.figures.risk import Risk, scale_end
from ui.format import Format
from ui.pages import failure, sign_in_address, status_of
from ui.reading import as_shown
from ui.simulation import simulation_page
from ui.words import LANGUAGES, Language, words_in

FORMATS = {language: Format(words_in(language)) for language in LANGUAGES}
FRENCH = FORMATS["fr"]


def seen(html: str) -> str:
    """Return what is read on the page, with ordinary spaces."""
    plain = unescape(re.sub(r"<[^>]+>", " ", html))
    return re.sub(r"\s+", " ", plain)


def page_of(number: int, language: Language = "fr") -> str:
    """Return the whole Décision tab of an invented client."""
    answer, form = as_shown(explanation(number, language)), FORMATS[language]
    client = dossier(number, language)
    beside = beside_page(answer, client, form)
    return band(answer, form) + decision_page(answer, client, form) + beside


def first_layer(number: int, language: Language = "fr") -> str:
    """Return the tab without what only opens on request."""
    return re.sub(r"<details.*?</details>", "", page_of(number, language), flags=re.DOTALL)


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
def test_a_reason_is_a_fact_with_its_comparison(language: Language) -> None:
    """The service's sentence, then the client's figure and that of accepted clients, as given."""
    said = seen(first_layer(DECLINED, language))
    assert {
        "fr": "6 sur 32. 6 · Chez les clients acceptés, d'ordinaire : 0.",
        "en": "6 of 32. 6 · For accepted clients, usually: 0.",
    }[language] in said
    assert {"fr": "Emploi actuel occupé depuis 5 mois.", "en": "Current job held for 5 months."}[
        language
    ] in said


def test_a_scale_is_drawn_for_numbers_alone() -> None:
    """Five numbers have a diamond and a dash; words and what is not known have none."""
    drawn = re.findall(r'class="fact">.*?</li>', first_layer(DECLINED), re.DOTALL)
    with_scale = {seen(fact): "small-scale" in fact for fact in drawn}
    without = [fact for fact, scale in with_scale.items() if not scale]
    assert sum(with_scale.values()) == 5
    assert any("Niveau d'études déclaré" in fact for fact in without)
    assert any("Aucune voiture n'est déclarée" in fact for fact in without)


def test_at_most_four_reasons_each_side() -> None:
    """The rest is one figure, not a list nobody reads."""
    drawn = re.findall(r'class="side (\w+)">(.*?)</ul>', first_layer(DECLINED), re.DOTALL)
    assert [side for side, _ in drawn] == ["weighs", "favours"]
    assert all(facts.count('class="fact"') <= 4 for _, facts in drawn)
    assert "Autres éléments, additionnés : ils jouent en faveur, pour 5 % de l'ensemble." in seen(
        first_layer(DECLINED)
    )


def test_other_elements_that_even_out_are_said_so() -> None:
    """No side is named for less than one hundredth of the whole."""
    answer = as_shown(explanation(DECLINED, "fr")).model_copy(update={"others": 0.001})
    said = seen(decision_page(answer, dossier(DECLINED, "fr"), FRENCH))
    assert "Autres éléments, additionnés : ils se compensent." in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_protected_characteristics_are_never_shown(language: Language) -> None:
    """Not even when the service gives one; its part stays in the other elements."""
    answer = explanation(DECLINED, language)
    assert any(reason.item == "birth_days" for reason in answer.favours)
    asked = SimulateRequest(client_id=DECLINED, changes=Changes(annuity=1.0), language=language)
    moved = simulation_page(simulation(asked), FORMATS[language])
    said = seen(page_of(DECLINED, language) + moved)
    for age in {"fr": ("Âge ", "Votre âge"), "en": ("Age ", "Your age")}[language]:
        assert age not in said.replace("Âge de la voiture", "").replace("Age of the car", "")
    assert total(as_shown(answer)) == pytest.approx(total(answer))


def total(answer: ExplainResponse) -> float:
    """Return the sum of everything the explanation says."""
    return sum(r.contribution for r in (*answer.weighs, *answer.favours)) + answer.others


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_code_nor_number_of_the_trade_is_shown(language: Language) -> None:
    """No item code, no rule code, no log-odds, no probability with decimals of a computer."""
    said = seen(page_of(DECLINED, language) + page_of(RULED, language))
    assert not [one.item for one in INVENTED if "_" in one.item and one.item in said]
    assert "EFFORT_MAX" not in said
    assert not re.search(r"0[.,]82|0[.,]44|shap|log-odds|0[.,]137", said, re.IGNORECASE)


def test_no_weight_is_on_the_first_layer() -> None:
    """What each item weighs is for who opens the detail, as a share."""
    assert "Poids dans le calcul" not in seen(first_layer(DECLINED))
    assert "Poids dans le calcul" in seen(page_of(DECLINED))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_detail_lists_every_item(language: Language) -> None:
    """Signed bars for the strongest, one for the others added up, and a line for each item."""
    answer = explanation(DECLINED, language)
    assert answer.items is not None
    drawn = item_bars(answer.items, FORMATS[language])
    assert all(seen(line.label) in seen(drawn) for line in answer.items)
    assert drawn.count('<th scope="row">') == len(answer.items)
    assert {"fr": "20 autres éléments, additionnés", "en": "20 other items, added up"}[
        language
    ] in seen(drawn)


def test_what_decided_is_said_with_the_policy_s_sentences() -> None:
    """A refusal by a rule is not passed off as the calculation's, and the rule is given."""
    ruled, scored = seen(first_layer(RULED)), seen(first_layer(DECLINED))
    assert "Une règle de la politique de crédit décide de cette proposition." in ruled
    rule = "Ce que dit la politique de crédit La mensualité prend plus de 60 % du revenu mensuel"
    assert f"{rule} : 63 %. Où se situe" in ruled
    assert "À savoir avant de décider Aucun crédit passé" in ruled
    assert "Le calcul propose" in scored
    assert "politique de crédit décide" not in scored


def test_a_simulation_gives_figures_before_and_after() -> None:
    """Each item that moved has both figures and the direction in words."""
    asked = SimulateRequest(client_id=DECLINED, changes=Changes(annuity=1.0), language="fr")
    said = seen(simulation_page(simulation(asked), FRENCH))
    assert "Crédit sur revenu mensuel 12,4 mois 9,0 mois plus favorable" in said
    assert "Ce qui décide de la proposition le calcul du risque le calcul du risque" in said


def test_a_proposal_that_is_given_up_is_named_in_good_french() -> None:
    """The words before a vowel are elided."""
    asked = SimulateRequest(client_id=DECLINED, changes=Changes(annuity=1.0), language="fr")
    turned = simulation(asked)
    lost = turned.model_copy(update={"before": turned.after, "after": turned.before})
    assert "refus proposé au lieu d'accord proposé." in seen(simulation_page(lost, FRENCH))


def test_levers_are_given_with_their_conditions_and_term() -> None:
    """The service's sentences, the risk they lead to, and until when they hold."""
    declined = levers(RecourseRequest(client_id=DECLINED, language="fr"))
    said = seen(recourse_page(declined, FRENCH))
    assert "Un crédit de 90 000 à 98 000 sur 31 mois, mensualité de 2 920 à 3 180." in said
    assert "Risque estimé au plus près de la demande : 8 sur 100." in said
    assert "Valable jusqu'au 23/12/2026" in said
    assert "La recherche s'est arrêtée là" not in said


def test_a_granted_client_sees_how_far_the_request_may_go() -> None:
    """Room left is said item by item, and that the search stopped at its bound."""
    said = seen(recourse_page(levers(RecourseRequest(client_id=GRANTED, language="fr")), FRENCH))
    assert "Accord proposé même avec un revenu de 90 000." in said
    assert "La recherche s'est arrêtée là" in said


def test_hostile_values_stay_text() -> None:
    """A label from outside can neither add an element nor run a script."""
    html = page_of(HOSTILE)
    assert "<img" not in html
    assert ATTACK in unescape(html)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", [GRANTED, STUDIED, DECLINED])
def test_each_figure_has_caption_label_and_table(number: int, language: Language) -> None:
    """Who does not see the drawing has its sentence and its numbers."""
    page = page_of(number, language)
    figures = re.findall(r'<figure class="figure.*?</figure>', page, re.DOTALL)
    assert len(figures) == 2
    for figure in figures:
        caption = re.search(r"<figcaption[^>]*>(.+?)</figcaption>", figure)
        label = re.search(r'role="img" aria-label="([^"]+)"', figure)
        assert caption is not None
        assert label is not None
        assert label[1] == caption[1]
        assert re.search(r"<details.*<table>.*<caption>.*</table>.*</details>", figure, re.DOTALL)
    for scale in re.findall(r'<figure class="fact-scale".*?</figure>', page, re.DOTALL):
        label = re.search(r'role="img" aria-label="([^"]+)"', scale)
        assert label is not None
        assert f"<figcaption>{label[1]}</figcaption>" in scale
        assert label[1].split(" ·")[0] in re.findall(r"<td>([^<]+)</td>", page)


def test_a_study_says_why() -> None:
    """Who must study the case is told what stopped the calculation."""
    said = seen(page_of(STUDIED))
    assert "Pourquoi une étude Le risque estimé est trop proche de la limite" in said
    assert said.count("Aucun crédit passé n'est connu") == 1


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
    drawn = re.findall(r'id="strip-([\w-]+)-caption"', comparison_page(answer, FRENCH))
    assert drawn == ["external-a", "external-b", "income-total", "external-c"]


def test_an_external_score_among_the_reasons_says_whom_to_ask() -> None:
    """The client can go to the body that gave the score."""
    assert "demander à cet organisme" in seen(page_of(DECLINED))
    assert "demander à cet organisme" not in seen(page_of(GRANTED))


def test_the_file_says_everything_and_what_is_missing() -> None:
    """Held items with their origin, and the missing ones by name."""
    said = seen(client_file_page(dossier(DECLINED, "fr"), FRENCH))
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
        (Refused("x", "Le revenu est à corriger."), "Le revenu est à corriger."),
    ],
)
def test_a_failure_says_what_to_do_next(error: Exception, words: str) -> None:
    """Each failure has its own words, and none shows a verdict."""
    said = seen(failure(error, "100 234", words_in("fr")))
    assert words in said
    assert "proposé" not in said


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Refused("x"), 422),
        (Conflict("x"), 409),
        (TooManyAttempts(30), 429),
        (ServiceDown("x"), 503),
    ],
)
def test_a_failure_has_the_status_that_says_the_same(error: ServiceError, status: int) -> None:
    """What was sent is not passed off as a service that is down."""
    assert status_of(error) == status


def test_signing_in_again_comes_back_to_the_same_case() -> None:
    """What was typed is kept; anything but digits is dropped."""
    assert sign_in_address(words_in("fr"), "100 234").endswith("&case=100234")
    assert "script" not in sign_in_address(words_in("fr"), "<script>")
