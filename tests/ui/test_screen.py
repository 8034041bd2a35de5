"""The screens as an advisor uses them, in a real Chromium."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import Running, sign_in
from playwright.sync_api import Page, expect
from stand_in import DECLINED, GRANTED, HOSTILE, STUDIED
from stand_in_facts import ATTACK

from ui.service import PATIENCE
from ui.words import LANGUAGES, Language, words_in

pytestmark = pytest.mark.browser
FIELD = "#case-number input, #case-number textarea"


def open_case(page: Page, typed: str) -> None:
    """Type a case number and press Enter."""
    page.fill(FIELD, typed)
    page.press(FIELD, "Enter")


def open_tab(page: Page, language: Language, tab: str) -> None:
    """Open a tab by its name."""
    page.get_by_role("tab", name=words_in(language)(f"tab.{tab}"), exact=True).click()


def violations(page: Page) -> str:
    """Return what axe-core finds wrong, empty when nothing."""
    results = Axe().run(page)
    return results.generate_report() if results.violations_count else ""


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - innerWidth")


@pytest.fixture
def outside(page: Page) -> list[str]:
    """Addresses asked from other hosts."""
    asked: list[str] = []
    page.on(
        "request",
        lambda request: (
            asked.append(request.url)
            if "127.0.0.1" not in request.url and not request.url.startswith("data:")
            else None
        ),
    )
    return asked


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_tab_is_accessible_and_fetches_nothing_outside(
    page: Page, running: Running, language: Language, outside: list[str]
) -> None:
    """axe-core finds nothing on any page or tab, wide or narrow, and no other host is asked."""
    page.goto(f"{running.app}/{language}/")
    assert not violations(page)
    sign_in(page, running.app, language, DECLINED)
    assert page.evaluate("document.documentElement.lang") == language
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        for tab in ("decision", "simulate", "compare", "dossier", "letter"):
            open_tab(page, language, tab)
            page.wait_for_selector("#levers ul", state="attached")
            if tab == "compare":
                page.wait_for_selector("#compared figure")
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            page.wait_for_timeout(300)
            assert not violations(page)
            assert overflow(page) <= 0
    page.goto(f"{running.app}/{language}/help")
    assert not violations(page)
    assert not outside


@pytest.mark.parametrize(
    ("number", "kind", "words"),
    [
        (GRANTED, "grant", "Accord proposé"),
        (STUDIED, "refer", "Dossier à étudier"),
        (DECLINED, "decline", "Refus proposé"),
    ],
)
def test_a_case_shows_its_proposal(
    page: Page, running: Running, number: int, kind: str, words: str
) -> None:
    """The band is announced to who does not see it, and the address keeps the case."""
    sign_in(page, running.app)
    open_case(page, str(number))
    expect(page.locator(f"[aria-live=polite] .band-{kind}")).to_contain_text(words)
    expect(page.locator("#case")).to_contain_text("135")
    assert page.url.endswith(f"?case={number}")


def test_each_figure_has_caption_label_and_table(page: Page, running: Running) -> None:
    """axe does not notice an unlabelled chart: we do."""
    sign_in(page, running.app, "fr", DECLINED)
    page.locator("summary", has_text="Voir chaque élément").click()
    figures = page.locator("figure.figure").all()
    assert len(figures) == 2
    for figure in figures:
        caption = figure.locator("figcaption").inner_text()
        assert caption
        assert figure.locator("[role=img]").get_attribute("aria-label") == caption
        figure.locator("summary").click()
        expect(figure.locator("details table")).to_be_visible()
    scales = page.locator("figure.fact-scale").all()
    assert len(scales) == 5
    for scale in scales:
        caption = scale.locator("figcaption").inner_text()
        assert scale.locator("[role=img]").get_attribute("aria-label") == caption


def test_the_whole_way_by_keyboard(page: Page, running: Running) -> None:
    """Sign in, open a case, its figures and the other tab without a mouse, the focus seen."""
    page.goto(f"{running.app}/fr/")
    for typed in ("Claire Martin", "a long enough sentence"):
        tab_to(page, "input")
        page.keyboard.type(typed)
    page.keyboard.press("Enter")
    page.wait_for_selector("#case-number")
    page.wait_for_selector("#verdict .notice")
    tab_to(page, "input")
    page.keyboard.type(str(DECLINED))
    page.keyboard.press("Enter")
    page.wait_for_selector(".band-decline")
    tab_to(page, '[role="tab"]')
    assert page.evaluate("getComputedStyle(document.activeElement).outlineWidth") == "3px"
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Simuler")).to_be_focused()
    expect(page.locator("#simulate h2")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    tab_to(page, "summary")
    page.keyboard.press("Enter")
    expect(page.locator("figure details[open]")).to_have_count(1)


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is on a new element of that kind."""
    for _ in range(25):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    pytest.fail(f"the keyboard does not reach {selector}")


def test_what_is_typed_before_the_page_is_ready_is_kept(page: Page, running: Running) -> None:
    """Who types at once loses nothing when the page greets them."""
    sign_in(page, running.app)
    page.fill(FIELD, str(GRANTED))
    expect(page.locator(".who")).to_contain_text("Claire Martin")
    assert page.input_value(FIELD) == str(GRANTED)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("999", "Aucun dossier ne porte le numéro 999."),
        ("abc", "Un numéro de dossier ne contient que des chiffres."),
        ("", "Indiquez un numéro de dossier."),
    ],
)
def test_a_wrong_number_is_said_and_nothing_else_is_shown(
    page: Page, running: Running, typed: str, said: str
) -> None:
    """The last case leaves the screen, the words stand next to the field."""
    sign_in(page, running.app, "fr", DECLINED)
    open_case(page, typed)
    expect(page.locator("#problem")).to_contain_text(said)
    expect(page.locator(".band")).to_have_count(0)
    expect(page.locator("#dossier dl")).to_have_count(0)
    assert page.input_value(FIELD) == typed


def test_a_service_down_shows_no_stale_verdict(page: Page, running: Running) -> None:
    """No verdict is shown, what was typed is kept, and a second try works when it is back."""
    sign_in(page, running.app, "fr", DECLINED)
    running.mood.down = True
    open_case(page, str(GRANTED))
    expect(page.locator("#verdict")).to_contain_text("Le service ne répond pas")
    expect(page.locator(".band, figure")).to_have_count(0)
    expect(page.locator("#sign")).to_be_hidden()
    assert page.input_value(FIELD) == str(GRANTED)
    running.mood.down = False
    open_case(page, str(GRANTED))
    expect(page.locator(".band-grant")).to_be_visible()


def test_a_slow_service_is_said_within_five_seconds(page: Page, running: Running) -> None:
    """The search is announced at once; the last verdict is gone meanwhile; patience ends."""
    sign_in(page, running.app, "fr", DECLINED)
    running.mood.seconds_to_answer = 30
    open_case(page, str(GRANTED))
    expect(page.locator("#verdict")).to_contain_text("en cours", timeout=3000)
    expect(page.locator(".band")).to_have_count(0)
    expect(page.locator("#verdict")).to_contain_text("Le service ne répond pas", timeout=8000)
    assert PATIENCE.read is not None
    assert PATIENCE.read <= 4  # the rest of the five seconds is the machine's


def test_an_expired_session_leads_back_to_the_same_case(page: Page, running: Running) -> None:
    """The message says so; signing in again opens the case that was asked for."""
    sign_in(page, running.app, "fr", DECLINED)
    running.mood.forgets_sessions = True
    open_case(page, str(GRANTED))
    expect(page.locator("#verdict")).to_contain_text("Votre session a expiré")
    expect(page.locator(".band")).to_have_count(0)
    running.mood.forgets_sessions = False
    page.get_by_role("link", name="Se reconnecter").first.click()
    page.fill("#name", "Claire Martin")
    page.fill("#password", "a long enough sentence")
    page.press("#password", "Enter")
    expect(page.locator(".band-grant")).to_be_visible()


def test_a_session_that_ended_elsewhere_is_said_and_keeps_what_was_typed(
    page: Page, running: Running
) -> None:
    """Signed out in another tab: the click says so, with the way back to the same case."""
    sign_in(page, running.app, "fr", DECLINED)
    page.get_by_label("Motif").fill("Un garant solide s'engage.")
    elsewhere = page.context.new_page()
    elsewhere.goto(f"{running.app}/fr/")
    elsewhere.get_by_role("button", name="Quitter").click()
    elsewhere.wait_for_selector("#password")
    page.get_by_role("radio", name="Accorder le crédit").check()
    page.click("#sign-submit")
    expect(page.get_by_role("alert").first).to_contain_text("Votre session a expiré")
    assert page.get_by_label("Motif").input_value() == "Un garant solide s'engage."
    assert not violations(page)
    assert not running.mood.decisions
    page.get_by_role("link", name="Se reconnecter").click()
    assert page.url.endswith(f"/fr/login?reason=expired&case={DECLINED}")


def test_the_other_language_opens_the_same_case(page: Page, running: Running) -> None:
    """One link, the same case, the other words."""
    sign_in(page, running.app, "fr", DECLINED)
    page.get_by_role("link", name="English").click()
    expect(page.locator(".band-decline")).to_contain_text("Refusal proposed")
    assert page.evaluate("document.documentElement.lang") == "en"


def test_hostile_words_of_the_service_run_nothing(page: Page, running: Running) -> None:
    """Neither HTML nor the template language of the components is evaluated."""
    alarms: list[str] = []
    page.on("dialog", lambda dialog: (alarms.append(dialog.message), dialog.dismiss()))
    sign_in(page, running.app, "fr", HOSTILE)
    expect(page.locator(".facts")).to_contain_text(ATTACK)
    assert page.locator(".facts img").count() == 0
    assert not alarms


def test_nothing_of_the_client_stays_in_the_browser(page: Page, running: Running) -> None:
    """No storage of the browser holds what was typed or shown."""
    sign_in(page, running.app, "fr", DECLINED)
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert str(DECLINED) not in kept
    assert page.evaluate("indexedDB.databases().then(all => all.length)") == 0
    assert "session" not in page.evaluate("document.cookie")


def test_the_night_theme_of_the_browser_changes_nothing(page: Page, running: Running) -> None:
    """A browser that prefers the dark still shows readable words."""
    page.emulate_media(color_scheme="dark")
    sign_in(page, running.app, "fr", DECLINED)
    assert not violations(page)


def test_print_opens_the_details(page: Page, running: Running) -> None:
    """A printed page holds the numbers and not the search."""
    sign_in(page, running.app, "fr", DECLINED)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator("figure details table").first).to_be_visible()
    expect(page.locator("#search-row")).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("figure details[open]").count() == 0


def test_a_case_can_be_chosen_from_a_list(page: Page, running: Running) -> None:
    """Who has no number at hand turns the pages of cases and opens one."""
    sign_in(page, running.app)
    page.get_by_role("link", name="Dossiers suivants").click()
    expect(page.locator("#cases tbody tr").first).to_contain_text("015")
    assert not violations(page)
    page.go_back()
    page.locator("#cases tbody a").nth(1).click()
    expect(page.locator(".band-decline")).to_be_visible()
    expect(page.locator("#cases")).to_be_hidden()


def test_the_list_is_narrowed_by_keyboard(page: Page, running: Running) -> None:
    """The filters stay chosen, the address keeps them, the next page too, and one link clears."""
    sign_in(page, running.app)
    page.get_by_label("Proposition", exact=True).focus()
    page.keyboard.type("Refus")
    tab_to(page, "button.action")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?verdict=DECLINE*")
    expect(page.locator("#cases tbody tr")).to_have_count(3)
    expect(page.locator("#cases tbody tr").first).to_contain_text("14 sur 100")
    expect(page.get_by_label("Proposition", exact=True)).to_have_value("DECLINE")
    page.get_by_label("Classe de risque").select_option("A")
    page.get_by_role("button", name="Filtrer").click()
    expect(page.locator("#cases")).to_contain_text("Aucun dossier ne correspond")
    assert not violations(page)
    page.get_by_role("link", name="Effacer les filtres").click()
    expect(page.locator("#cases tbody tr")).to_have_count(10)
    asked = [(one.verdict, one.risk_band) for one in running.mood.searched]
    assert asked == [(None, None), ("DECLINE", None), ("DECLINE", "A"), (None, None)]


def test_a_search_that_fails_is_said(page: Page, running: Running) -> None:
    """Who asked for a list is not left with an empty place."""
    sign_in(page, running.app)
    running.mood.down = True
    page.goto(f"{running.app}/fr/?verdict=DECLINE")
    expect(page.locator("#cases")).to_contain_text("Le service ne répond pas")


def test_the_screen_can_be_turned_to_the_client(page: Page, running: Running) -> None:
    """Search, signature and references are hidden until the advisor turns it back."""
    sign_in(page, running.app, "fr", DECLINED)
    page.get_by_role("checkbox", name="Vue client").check()
    for hidden in ("#search-row", "#sign", ".record", ".links"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.locator(".facts")).to_be_visible()
    assert not violations(page)
    page.get_by_role("checkbox", name="Vue client").uncheck()
    expect(page.locator("#search-row")).to_be_visible()


def test_a_decision_is_signed_once_with_its_motive(page: Page, running: Running) -> None:
    """Departing needs a motive; a double click records once; the letter follows."""
    sign_in(page, running.app, "fr", DECLINED)
    page.click("#sign-submit")
    expect(page.locator("#sign-problem")).to_contain_text("Choisissez une décision")
    page.get_by_role("radio", name="Accorder le crédit").check()
    page.click("#sign-submit")
    expect(page.locator("#sign-problem")).to_contain_text("10 caractères au moins")
    page.get_by_label("Motif").fill("Un garant solide s'engage.")
    page.dblclick("#sign-submit")
    expect(page.locator("#signed")).to_contain_text("Décision enregistrée")
    assert [d.decision for d in running.mood.decisions] == ["GRANT"]
    open_tab(page, "fr", "letter")
    expect(page.locator("article.letter")).to_contain_text("est acceptée")
    expect(page.locator("article.letter")).not_to_contain_text("pourrait changer")
    assert not violations(page)


def test_the_letter_of_a_refusal_says_what_would_change_it(page: Page, running: Running) -> None:
    """The levers that are on the screen are in the letter, in the client's words."""
    sign_in(page, running.app, "fr", DECLINED)
    expect(page.locator("#levers")).to_contain_text("98")
    page.get_by_role("radio", name="Refuser le crédit").check()
    page.click("#sign-submit")
    expect(page.locator("#signed")).to_contain_text("Décision enregistrée")
    open_tab(page, "fr", "letter")
    letter = page.locator("article.letter")
    expect(letter).to_contain_text("Ce qui pourrait changer la réponse")
    expect(letter).to_contain_text("sur 31 mois, mensualité de 2 920 à 3 180.")
    expect(letter).to_contain_text("Montant le plus grand accordé")
    expect(letter).to_contain_text("Valable jusqu'au 23/12/2026")
    assert not violations(page)


def test_a_second_decision_replaces_the_first(page: Page, running: Running) -> None:
    """It names the one it revises, so that both stay in the register."""
    sign_in(page, running.app, "fr", DECLINED)
    page.get_by_role("radio", name="Refuser le crédit").check()
    page.click("#sign-submit")
    expect(page.locator("#signed .decided")).to_have_text("Refuser le crédit")
    page.get_by_role("radio", name="Demander un second avis").check()
    page.get_by_label("Motif").fill("Revenus à vérifier ensemble.")
    page.click("#sign-submit")
    expect(page.locator("#signed .decided")).to_have_text("Demander un second avis")
    assert [d.revises for d in running.mood.decisions] == [None, "dec_000000000000000000000001"]


def test_a_decision_that_cannot_be_saved_keeps_what_was_typed(page: Page, running: Running) -> None:
    """The service goes down between reading and signing: it is said, nothing is lost."""
    sign_in(page, running.app, "fr", DECLINED)
    page.get_by_role("radio", name="Accorder le crédit").check()
    page.get_by_label("Motif").fill("Un garant solide s'engage.")
    running.mood.down = True
    page.click("#sign-submit")
    expect(page.locator("#sign-problem")).to_contain_text("La décision n'est pas enregistrée")
    assert page.get_by_label("Motif").input_value() == "Un garant solide s'engage."
    expect(page.locator(".recorded")).to_have_count(0)


def test_another_case_empties_the_signature(page: Page, running: Running) -> None:
    """No motive nor decision of the last client is left for the next."""
    sign_in(page, running.app, "fr", DECLINED)
    page.get_by_role("radio", name="Refuser le crédit").check()
    page.click("#sign-submit")
    expect(page.locator(".recorded")).to_be_visible()
    open_case(page, str(GRANTED))
    expect(page.locator(".band-grant")).to_be_visible()
    expect(page.locator(".recorded")).to_have_count(0)
    expect(
        page.get_by_role("radio", name="Accorder le crédit (suit la proposition)")
    ).to_be_visible()
    assert page.locator("#sign input:checked").count() == 0


def test_a_simulation_compares_before_and_after(page: Page, running: Running) -> None:
    """Only what was moved is sent; the slider and its number have names in the language."""
    sign_in(page, running.app, "fr", DECLINED)
    open_tab(page, "fr", "simulate")
    page.click("#simulate-go")
    expect(page.locator("#simulated")).to_contain_text("Changez au moins un élément")
    page.get_by_label("Valeur : Montant du crédit").fill("98000")
    page.click("#simulate-go")
    expect(page.locator("#simulated")).to_contain_text("accord proposé au lieu de refus proposé")
    expect(page.get_by_role("table", name="Avant et après")).to_contain_text("6 sur 100")
    moved = page.get_by_role("table", name="Éléments dont le poids a changé")
    expect(moved).to_contain_text("12,4 mois")
    changes = running.mood.simulated[-1].changes.model_dump(exclude_none=True)
    assert changes == {"amount_credit": 98_000}
    assert page.get_by_label("Curseur : Montant du crédit").count() == 1
    assert not violations(page)


def test_a_simulation_that_the_policy_refuses_says_what_to_correct(
    page: Page, running: Running
) -> None:
    """The policy's own sentence, in the screen's language; what was typed stays."""
    sign_in(page, running.app, "fr", DECLINED)
    open_tab(page, "fr", "simulate")
    income = page.get_by_label("Valeur : Revenu, une fois justifié")
    expect(income).to_have_value("128250")
    income.fill("240000")
    page.click("#simulate-go")
    expect(page.locator("#simulated")).to_contain_text(
        "dépasse 200 000\u00a0€ : il est à corriger."
    )
    expect(income).to_have_value("240000")
    assert not running.mood.simulated


@pytest.mark.parametrize("width", [1280, 320])
def test_a_number_of_the_simulation_is_seen_whole(page: Page, running: Running, width: int) -> None:
    """Nothing around a number box is smaller than it and cuts it."""
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, running.app, "fr", DECLINED)
    open_tab(page, "fr", "simulate")
    expect(page.get_by_label("Valeur : Montant du crédit")).to_have_value("135000")
    expect(page.get_by_label("Valeur : Prix du bien financé")).to_be_hidden()
    for box in page.locator("#simulate input[type=number]:visible").all():
        inner, outer = box.bounding_box(), box.locator("..").bounding_box()
        assert inner is not None
        assert outer is not None
        assert outer["y"] <= inner["y"]
        assert inner["y"] + inner["height"] <= outer["y"] + outer["height"]
        assert outer["x"] + outer["width"] <= width - 36


def test_a_lever_can_be_tried_in_the_simulation(page: Page, running: Running) -> None:
    """The largest amount and the levers follow the proposal; one click tries the first."""
    sign_in(page, running.app, "fr", DECLINED)
    expect(page.locator("#levers")).to_contain_text("Un crédit de 90 000 à 98 000")
    expect(page.locator("#levers")).to_contain_text("de la demande : 8 sur 100.")
    page.click("#levers-try")
    expect(page.get_by_label("Valeur : Montant du crédit")).to_have_value("98000")
    expect(page.get_by_label("Valeur : Mensualité")).to_have_value("3180")
    page.click("#simulate-go")
    expect(page.get_by_role("table", name="Avant et après")).to_be_visible()


def test_the_client_is_placed_among_others(page: Page, running: Running) -> None:
    """One strip an item with its sentence; no protected item; a group too small is said."""
    sign_in(page, running.app, "fr", DECLINED)
    open_tab(page, "fr", "compare")
    captions = page.locator("#compared figcaption")
    expect(captions.first).to_contain_text("25 % des clients acceptés ont une valeur plus basse")
    expect(captions).to_have_count(8)
    expect(page.locator("#compared")).to_contain_text("Élément 1 : non renseigné pour ce dossier")
    page.get_by_role("radio", name="Tous les clients").check()
    expect(captions.first).to_contain_text("25 % des clients ont")
    page.get_by_role("radio", name="Les clients semblables").check()
    expect(page.locator("#compared")).to_contain_text("moins de 20 clients")


def test_the_client_s_data_are_taken_away_as_a_file(page: Page, running: Running) -> None:
    """The file comes from the service through the session of whoever is signed in."""
    sign_in(page, running.app, "fr", DECLINED)
    open_tab(page, "fr", "letter")
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger en JSON").click()
    assert download.value.suggested_filename == f"{DECLINED}.json"
