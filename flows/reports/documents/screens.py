"""Pictures of the advisor's app, taken in a real Chromium: what the slides show of it."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking")
PATIENCE_MS = 60_000
SETTLED_MS = 1_500
"""For figures that are drawn after the rest of a tab stands."""
MARGIN = 12
"""Pixels around what is pictured."""
MOST_BYTES = 120 * 1024
"""Largest file of one screen."""
COLOURS = (256, 128, 64, 32)
"""Palettes tried until a screen is small enough; letters stay sharp, unlike with JPEG."""


@dataclass(frozen=True, slots=True)
class Screen:
    """A part of one tab, from the top of one element to the bottom of another.

    ``sentence`` says what it shows to who does not see it; ``{verdict}`` is what is proposed.
    """

    file: str
    tab: str
    first: str
    last: str
    sentence: str
    width: int = 800
    """Of the window, in pixels: a narrow one keeps letters large on a slide."""
    most_height: int = 2_000


SCREENS = (
    Screen(
        "decision-fr.png",
        "Décision",
        "body",
        "#decision .part >> nth=1",
        "Onglet Décision d'un client synthétique : {verdict} proposé, la place du dossier face au "
        "seuil, les faits qui pèsent et ceux qui jouent en faveur, le formulaire de décision.",
        width=1280,
    ),
    Screen(
        "verdict-fr.png",
        "Décision",
        "#case",
        "#decision .part >> nth=0",
        "Haut de l'onglet Décision d'un client synthétique : {verdict} proposé, à confirmer par le "
        "conseiller, et la place du dossier face au seuil.",
    ),
    Screen(
        "reasons-fr.png",
        "Décision",
        "#decision .part >> nth=1",
        "#decision .part >> nth=1",
        "Suite de l'onglet Décision : à gauche les faits qui pèsent sur le dossier, à droite ceux "
        "qui jouent en faveur, chacun avec la valeur habituelle des clients acceptés.",
    ),
    Screen(
        "simulate-fr.png",
        "Simuler",
        "#simulate",
        "#simulated table >> nth=0",
        "Onglet Simuler du même client : montant, mensualité, prix du bien et revenu à déplacer, "
        "puis la proposition et le risque, avant et après.",
    ),
    Screen(
        "compare-fr.png",
        "Se situer",
        "#compare",
        "#compared",
        "Onglet Se situer du même client : ses valeurs parmi celles des clients acceptés, "
        "élément par élément.",
        most_height=830,
    ),
    Screen(
        "file-fr.png",
        "Dossier client",
        "#dossier",
        "#dossier",
        "Onglet Dossier client du même client : tout ce qui est tenu à son sujet, rangé par "
        "origine.",
        most_height=830,
    ),
)


def take(app: str, name: str, password: str, client_id: int, folder: Path) -> None:
    """Write every screen of one client's case into ``folder``.

    ``app`` is the address of the app that runs, ``name`` and ``password`` those of an advisor.
    Raises ``ValueError`` for a screen that no palette makes small enough.
    """
    with _page() as page:
        _open_case(page, f"{app}/fr/?case={client_id}", name, password)
        for screen in SCREENS:
            page.set_viewport_size({"width": screen.width, "height": 900})
            page.get_by_role("tab", name=screen.tab, exact=True).click()
            if screen.tab == "Simuler":
                _simulate(page)
            (folder / screen.file).write_bytes(small(_picture(page, screen)))


@contextmanager
def _page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        own = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=own, args=list(FLAGS))
        context = browser.new_context(reduced_motion="reduce", locale="fr-FR")
        context.set_default_timeout(PATIENCE_MS)
        yield context.new_page()
        browser.close()


def _open_case(page: Page, address: str, name: str, password: str) -> None:
    page.goto(address)
    page.fill("#name", name)
    page.fill("#password", password)
    page.press("#password", "Enter")
    page.wait_for_selector(".band")
    page.wait_for_selector("#levers ul", state="attached")


def _simulate(page: Page) -> None:
    """Try the first lever, when there is one; else the application as it stands."""
    page.get_by_role("tab", name="Décision", exact=True).click()
    lever = page.locator("#levers-try")
    if lever.is_visible():
        lever.click()
    page.get_by_role("tab", name="Simuler", exact=True).click()
    page.click("#simulate-go")
    page.wait_for_selector("#simulated table")


def _picture(page: Page, screen: Screen) -> bytes:
    """Return the part of the page as PNG. Raises playwright's error when it is not there."""
    page.wait_for_selector(screen.last)
    page.wait_for_timeout(SETTLED_MS)
    first, last = (page.locator(one).bounding_box() for one in (screen.first, screen.last))
    assert first is not None
    assert last is not None
    scrolled = float(page.evaluate("scrollY"))
    top = max(0.0, first["y"] + scrolled - MARGIN)
    height = min(last["y"] + last["height"] + scrolled + MARGIN - top, screen.most_height)
    clip = {"x": 0.0, "y": top, "width": float(screen.width), "height": height}
    return page.screenshot(full_page=True, clip=clip)  # type: ignore[arg-type]


def small(picture: bytes) -> bytes:
    """Return a PNG with as many colours as fit into ``MOST_BYTES``. Raises ``ValueError``."""
    drawn = Image.open(io.BytesIO(picture)).convert("RGB")
    for colours in COLOURS:
        held = io.BytesIO()
        drawn.quantize(colours, dither=Image.Dither.NONE).save(held, "PNG", optimize=True)
        if held.tell() <= MOST_BYTES:
            return held.getvalue()
    msg = f"a screen of {drawn.width} by {drawn.height} does not fit into {MOST_BYTES:,} bytes"
    raise ValueError(msg)
