"""The client's own page, as whoever was given its link opens it."""

from __future__ import annotations

import logging

import httpx
import pytest
from conftest import Running
from playwright.sync_api import Page, expect
from stand_in import DECLINED, GRANTED
from stand_in_rights import OWN_TOKEN
from test_screen import overflow, violations

from ui.words import LANGUAGES, Language

pytestmark = pytest.mark.browser
WHY = "Je souhaite qu'une personne relise."


@pytest.fixture
def own(page: Page, running: Running) -> Page:
    """The page, opened by its link."""
    page.goto(f"{running.app}/fr/link/{OWN_TOKEN}")
    return page


@pytest.fixture
def caller(running: Running):
    """A program that follows no redirect and keeps cookies."""
    with httpx.Client(base_url=running.app, trust_env=False) as client:
        yield client


def test_the_link_opens_the_client_s_own_page(own: Page) -> None:
    """Decision, reasons, data with their origin; the address holds the token no more."""
    assert own.url.endswith("/fr/my")
    for said in (
        "Votre demande n'est pas acceptée",
        "environ 14 ont connu un défaut",
        "La mensualité prend 41\u00a0% du revenu mensuel déclaré.",
        "Chez les clients acceptés, d'ordinaire : 24\u00a0%.",
        "Origine : bureau de crédit",
        "Un crédit plus petit conviendrait.",
    ):
        expect(own.locator("main")).to_contain_text(said)
    assert OWN_TOKEN not in own.content()


def test_no_protected_reason_and_no_name_is_shown(own: Page) -> None:
    """Age is no reason, and who handled the request is named by role alone."""
    expect(own.locator("main")).not_to_contain_text("Votre âge")
    expect(own.locator("main")).not_to_contain_text("Claire Martin")
    expect(own.locator("#case-number, #sign, .links-of")).to_have_count(0)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [320, 1280])
def test_the_page_is_accessible(
    page: Page, running: Running, language: Language, width: int
) -> None:
    """axe-core finds nothing with every form open; nothing is cut; the language is right."""
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{running.app}/{language}/link/{OWN_TOKEN}")
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert not violations(page)
    assert overflow(page) <= 0
    assert page.evaluate("document.documentElement.lang") == language


def test_a_request_is_filed_by_the_client_once(own: Page, running: Running) -> None:
    """A double click records one; it is in the list at once, with its due date."""
    own.get_by_text("Demander un examen ou s'opposer").click()
    own.get_by_label("Examen de l'évaluation par une personne").check()
    own.locator("#other-motive").fill(WHY)
    own.get_by_role("button", name="Envoyer la demande").locator("visible=true").dblclick()
    expect(own.locator(".said")).to_contain_text("23/12/2026")
    expect(own.locator("ol.requests")).to_contain_text("Déposée par le client")
    (filed,) = running.mood.filed.requests
    assert (filed.role, filed.motive) == ("client", WHY)


def test_what_cannot_be_filed_keeps_what_was_typed(own: Page, running: Running) -> None:
    """The service goes down while the client writes: it is said beside the button."""
    own.get_by_text("Demander un examen ou s'opposer").click()
    own.get_by_label("Opposition à l'usage d'une donnée").check()
    own.locator("#other-motive").fill(WHY)
    running.mood.down = True
    send = own.get_by_role("button", name="Envoyer la demande").locator("visible=true")
    send.click()
    expect(own.locator(".form-problem").last).to_contain_text("ne répond pas")
    running.mood.down, running.mood.link_is_shut = False, True
    send.click()
    expect(own.locator(".form-problem").last).to_contain_text("ne s'ouvre plus")
    assert own.locator("#other-motive").input_value() == WHY
    assert not running.mood.filed.requests


def test_the_data_are_taken_away(own: Page) -> None:
    """The file has a name in the client's language and no number."""
    with own.expect_download() as download:
        own.get_by_role("link", name="Télécharger en CSV").click()
    assert download.value.suggested_filename == "mes-donnees.csv"


@pytest.mark.parametrize("token", ["padl_altered", "hello", "%3Cscript%3E", OWN_TOKEN])
def test_a_link_that_is_no_good_says_so(page: Page, running: Running, token: str) -> None:
    """Altered, foreign, or revoked since: one clear page, in the language asked."""
    running.mood.link_is_shut = True
    page.goto(f"{running.app}/en/link/{token}")
    expect(page.locator("h1")).to_have_text("This link no longer opens")
    expect(page.locator("main")).to_contain_text("Ask your advisor for a new one")
    assert not violations(page)
    expect(page.locator("dl, .band")).to_have_count(0)


def test_a_service_down_is_said_in_place_of_the_page(page: Page, running: Running) -> None:
    """Nothing stale is shown, and trying again works once it is back."""
    running.mood.down = True
    page.goto(f"{running.app}/fr/link/{OWN_TOKEN}")
    expect(page.locator("h1")).to_have_text("La page n'est pas disponible")
    running.mood.down = False
    page.get_by_role("link", name="Réessayer").click()
    expect(page.locator("h1")).to_have_text("Votre dossier de crédit")


def test_leaving_forgets_the_link(own: Page, running: Running) -> None:
    """On a shared computer the next person finds nothing."""
    own.get_by_role("button", name="Fermer la page").click()
    expect(own.locator("h1")).to_have_text("La page est fermée")
    own.goto(f"{running.app}/fr/my")
    expect(own.locator("h1")).to_have_text("Ce lien ne s'ouvre plus")


def test_the_token_stays_out_of_scripts_and_logs(
    caller: httpx.Client, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """The cookie is HttpOnly, and no log of the app holds the token, good or altered."""
    with caplog.at_level(logging.DEBUG, logger="uvicorn"), caplog.at_level(logging.INFO):
        answer = caller.get(f"/fr/link/{OWN_TOKEN}")
        caller.get("/fr/my")
        caller.get("/fr/link/padl_altered-canary")
        caller.get("/fr/my")
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert "SameSite=lax" in answer.headers["set-cookie"]
    assert answer.headers["location"] == "/fr/my"
    kept = [r.getMessage() for r in caplog.records if not r.name.startswith("http")]
    written = " ".join([*kept, *capfd.readouterr()])
    assert OWN_TOKEN not in written
    assert "altered-canary" not in written


def test_a_link_opens_no_other_client_and_no_desk(caller: httpx.Client) -> None:
    """The advisor's pages ask who is there, whatever the link."""
    caller.get(f"/fr/link/{OWN_TOKEN}")
    for path in ("/fr/", f"/fr/export/{GRANTED}.json", f"/fr/export/{DECLINED}.json"):
        assert "/login" in caller.get(path).headers["location"]
    rights = f"/fr/rights/{GRANTED}/asm_000000000000000000000001/requests"
    assert caller.get(rights).status_code == 401


def test_a_form_of_another_site_is_refused(caller: httpx.Client) -> None:
    """Nobody files a request in the client's name from elsewhere."""
    caller.get(f"/fr/link/{OWN_TOKEN}")
    elsewhere = {"Origin": "http://elsewhere.example"}
    assert caller.post("/fr/my/requests", data={}, headers=elsewhere).status_code == 403
