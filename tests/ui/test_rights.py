"""A client's requests and links, as the advisor follows them in the Dossier tab."""

from __future__ import annotations

import re

import httpx
import pytest
from conftest import PASSWORD, Running, sign_in
from playwright.sync_api import Page, expect
from stand_in import DECLINED
from stand_in_rights import OWN_TOKEN
from test_screen import open_tab, overflow, violations

from ui.words import LANGUAGES, Language

pytestmark = pytest.mark.browser
WHY = "Trois bulletins de paie le montrent."
ADDRESS = f"/fr/rights/{DECLINED}/asm_000000000000000000000001"


@pytest.fixture
def tab(page: Page, running: Running) -> Page:
    """The Dossier tab of a case, its rights read."""
    open_rights(page, running, "fr")
    return page


def open_rights(page: Page, running: Running, language: Language) -> None:
    """Open a case and its Dossier tab."""
    sign_in(page, running.app, language, DECLINED)
    open_tab(page, language, "dossier")
    page.wait_for_selector("#rights h2")


def correct_income(page: Page, value: str) -> None:
    """Choose the declared income and fill the form in."""
    page.get_by_text("Faire corriger une donnée").click()
    page.get_by_label("Donnée à corriger").select_option("income_total")
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("Valeur juste (€)").fill(value)
    page.locator("#correct-motive").fill(WHY)


def submit(page: Page, name: str = "Envoyer la demande") -> None:
    """Send the form that is seen."""
    page.get_by_role("button", name=name).locator("visible=true").first.dblclick()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_part_is_accessible_with_everything_open(
    page: Page, running: Running, language: Language
) -> None:
    """axe-core finds nothing, wide or narrow, and nothing is cut."""
    with httpx.Client(base_url=running.app, trust_env=False) as caller:
        caller.post("/fr/login", data={"name": "Claire Martin", "password": PASSWORD})
        typed = {"kind": "objection", "motive": WHY, "number": "a"}
        assert caller.post(f"{ADDRESS}/requests", data=typed).status_code == 200
        assert caller.post(f"{ADDRESS}/links", data={"days": "7"}).status_code == 200
    open_rights(page, running, language)
    for summary in page.locator("#rights summary").all():
        summary.click()
    assert not violations(page)
    page.set_viewport_size({"width": 320, "height": 800})
    assert not violations(page)
    assert overflow(page) <= 0


def test_a_correction_is_filed_once(tab: Page, running: Running) -> None:
    """A double click records one request, with the value proposed and the motive."""
    correct_income(tab, "130 000,50")
    submit(tab)
    expect(tab.locator("#rights [role=status].said")).to_contain_text("est enregistrée")
    (filed,) = running.mood.filed.requests
    assert (filed.item, filed.value, filed.motive) == ("income_total", 130_000.5, WHY)
    expect(tab.locator("#rights ol.requests")).to_contain_text("au lieu de 128")
    expect(tab.locator("#rights .said")).to_be_focused()


def test_what_cannot_be_filed_keeps_what_was_typed(tab: Page, running: Running) -> None:
    """A wrong value, then a service down: said beside the button within five seconds."""
    correct_income(tab, "beaucoup")
    submit(tab)
    expect(tab.locator("#rights .form-problem").first).to_contain_text("ne convient pas")
    tab.get_by_label("Valeur juste (€)").fill("130000")
    running.mood.seconds_to_answer = 30
    submit(tab)
    expect(tab.locator("#rights .form-problem").first).to_contain_text(
        "ne répond pas", timeout=6_000
    )
    running.mood.seconds_to_answer, running.mood.forgets_sessions = 0, True
    submit(tab)
    expect(tab.locator("#rights .form-problem").first).to_contain_text("session a expiré")
    assert tab.get_by_label("Valeur juste (€)").input_value() == "130000"
    assert tab.locator("#correct-motive").input_value() == WHY
    running.mood.forgets_sessions = False
    submit(tab)
    expect(tab.locator("#rights .said")).to_contain_text("est enregistrée")
    assert len(running.mood.filed.requests) == 1


def test_a_request_is_followed_to_its_end(tab: Page, running: Running) -> None:
    """Refusing needs words; accepting a correction leads to a new calculation."""
    correct_income(tab, "130000")
    submit(tab)
    tab.get_by_text("Répondre et clore").click()
    tab.get_by_label("Refuser", exact=True).check()
    submit(tab, "Clore la demande")
    expect(tab.locator("#rights .form-problem").first).to_contain_text("10 caractères au moins")
    tab.get_by_label("Accepter", exact=True).check()
    submit(tab, "Clore la demande")
    again = tab.get_by_role("link", name="Ouvrir à nouveau le dossier pour un nouveau calcul")
    expect(again).to_have_attribute("href", f"/fr/?case={DECLINED}")
    expect(tab.locator("#rights ol.requests")).to_contain_text("Close par Claire Martin")
    assert running.mood.filed.requests[0].state == "accepted"


def test_a_review_names_the_assessment(tab: Page, running: Running) -> None:
    """What a person must look at again is the assessment on the screen."""
    tab.get_by_text("Demander un examen ou s'opposer").click()
    tab.get_by_label("Examen de l'évaluation par une personne").check()
    tab.locator("#other-motive").fill("Ma situation a changé depuis.")
    submit(tab)
    expect(tab.locator("#rights .said")).to_be_visible()
    (filed,) = running.mood.filed.requests
    assert (filed.kind, filed.assessment_id) == ("review", "asm_000000000000000000000001")


def test_a_link_is_made_shown_once_and_revoked(tab: Page, running: Running) -> None:
    """Its address and end are shown, then only that it exists; revoking closes it."""
    tab.get_by_text("Créer un lien").click()
    submit(tab, "Créer le lien")
    expect(tab.get_by_label("Lien à remettre au client")).to_have_value(
        f"{running.app}/fr/link/{OWN_TOKEN}"
    )
    expect(tab.locator(".new-link")).to_contain_text("Il s'ouvre jusqu'au 30/11/2026")
    assert len(running.mood.filed.links) == 1
    submit(tab, "Révoquer ce lien")
    expect(tab.locator("#rights .said")).to_contain_text("Le lien est révoqué")
    expect(tab.locator("#rights")).to_contain_text("révoqué")
    assert OWN_TOKEN not in tab.content()
    expect(tab.get_by_role("button", name="Révoquer ce lien")).to_have_count(0)


def test_the_client_s_view_hides_the_part(tab: Page) -> None:
    """Names of colleagues and closing forms are not for the client's eyes."""
    tab.get_by_role("checkbox", name="Vue client").check()
    expect(tab.locator("#rights")).to_be_hidden()


@pytest.mark.parametrize("path", ["requests", "follow-up", "links", "revoke"])
def test_nobody_reaches_it_without_signing_in(running: Running, path: str) -> None:
    """Each route asks who is there, and says where to sign in."""
    with httpx.Client(base_url=running.app, trust_env=False) as caller:
        answer = caller.post(f"{ADDRESS}/{path}", data={"days": "7"}, headers={"X-Part": "1"})
        assert answer.status_code == 401
        assert re.search(r'href="/fr/login\?reason=expired&amp;case=\d+"', answer.text)
    assert not running.mood.filed.requests
    assert not running.mood.filed.links
