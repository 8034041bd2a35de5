"""The documents in a real browser: pages printed, slides turned, nothing fetched."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from flows.reports.documents.render import DOCS, NOTE_PDF

pytestmark = pytest.mark.browser

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
MOST_PAGES = 10


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium: the system's, or the one playwright installs."""
    with sync_playwright() as playwright:
        own = shutil.which("chromium")
        opened = playwright.chromium.launch(executable_path=own, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def asked() -> list[str]:
    """Addresses the page under test asked for."""
    return []


@pytest.fixture
def page(browser: Browser, asked: list[str]) -> Iterator[Page]:
    """A page that notes every address it asks for."""
    opened = browser.new_page(viewport={"width": 1280, "height": 720})
    opened.on("request", lambda request: asked.append(request.url))
    yield opened
    opened.close()


def pages_of(pdf: bytes) -> int:
    """Count the pages of a PDF."""
    return len(re.findall(rb"/Type\s*/Page[^s]", pdf))


def test_the_note_is_at_most_ten_pages() -> None:
    """As it is set on A4, pictures and tables included."""
    pages = re.findall(rb"/Type\s*/Pages.{0,400}?/Count (\d+)", _plain(NOTE_PDF), re.DOTALL)
    assert 4 <= max(map(int, pages)) <= MOST_PAGES


def _plain(name: str) -> bytes:
    return (DOCS / name).read_bytes()


@pytest.mark.parametrize("name", ["presentation.html", "exploration.html"])
def test_a_page_fetches_nothing(page: Page, asked: list[str], name: str) -> None:
    """Only the file itself is read; no address is even written in it but to be read."""
    page.goto((DOCS / name).as_uri())
    assert [address for address in asked if not address.startswith("data:")] == [
        (DOCS / name).as_uri()
    ]
    text = (DOCS / name).read_text(encoding="utf-8")
    assert not re.search(r"(src|href)=[\"'](?!#|data:image/png;base64,)", text)


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("name", ["presentation.html", "exploration.html"])
def test_a_page_fits_its_screen(page: Page, name: str, width: int) -> None:
    """Text never runs out of the screen sideways; wide pictures and tables scroll on their own."""
    page.set_viewport_size({"width": width, "height": 720})
    page.goto((DOCS / name).as_uri())
    for _ in range(page.locator(".slide").count() or 1):
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.keyboard.press("ArrowRight")


def test_every_slide_has_its_notes(page: Page) -> None:
    """Fifteen to twenty slides, each with a title and words for the speaker."""
    page.goto((DOCS / "presentation.html").as_uri())
    slides = page.locator(".slide")
    assert 15 <= slides.count() <= 20
    for at in range(slides.count()):
        assert len(slides.nth(at).locator(".notes p").text_content() or "") > 40
        assert slides.nth(at).locator("h1").text_content()


def test_slides_turn_by_keyboard_and_notes_open(page: Page) -> None:
    """Arrows, Home and End move; N shows the notes and hides them again."""
    page.goto((DOCS / "presentation.html").as_uri())
    shown = page.locator(".slide:visible")
    first = shown.locator("h1").text_content()
    page.keyboard.press("ArrowRight")
    assert shown.count() == 1
    assert shown.locator("h1").text_content() != first
    assert not shown.locator(".notes").is_visible()
    page.keyboard.press("n")
    assert shown.locator(".notes").is_visible()
    page.keyboard.press("n")
    assert not shown.locator(".notes").is_visible()
    page.keyboard.press("End")
    last = shown.locator("h1").text_content()
    page.keyboard.press("ArrowRight")
    assert shown.locator("h1").text_content() == last
    page.keyboard.press("Home")
    assert shown.locator("h1").text_content() == first


def test_everybody_can_read_them(page: Page) -> None:
    """axe-core finds nothing on the exploration, nor on any slide, notes open."""
    page.goto((DOCS / "exploration.html").as_uri())
    assert _faults(page) == []
    page.goto((DOCS / "presentation.html").as_uri())
    page.keyboard.press("n")
    for _ in range(page.locator(".slide").count()):
        assert _faults(page) == []
        page.keyboard.press("ArrowRight")


def _faults(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{fault['id']}: {fault['nodes'][0]['html'][:120]}" for fault in found]


def test_a_slide_fits_a_projector(page: Page) -> None:
    """At 1280 by 720 no slide needs to be scrolled."""
    page.goto((DOCS / "presentation.html").as_uri())
    for at in range(page.locator(".slide").count()):
        height = page.evaluate("document.documentElement.scrollHeight")
        assert height <= 722, f"slide {at + 1} is {height} px high"
        page.keyboard.press("ArrowRight")


def test_a_slide_is_printed_on_a_page_with_its_notes(page: Page) -> None:
    """As many pages as slides, notes visible on paper."""
    page.goto((DOCS / "presentation.html").as_uri())
    assert pages_of(page.pdf(prefer_css_page_size=True)) == page.locator(".slide").count()
    page.emulate_media(media="print")
    assert page.locator(".notes").first.is_visible()


def test_every_picture_has_its_numbers() -> None:
    """In the exploration each chart stands with a sentence and a table."""
    page = (DOCS / "exploration.html").read_text(encoding="utf-8")
    figures = re.findall(r"<figure>.*?</figure>", page, re.DOTALL)
    assert len(figures) >= 20
    for figure in figures:
        assert "<table" in figure
        assert re.search(r"<figcaption>[^<]{15,}</figcaption>", figure)


def test_the_documents_name_nothing_of_a_machine() -> None:
    """No absolute path, no address of a machine in what is committed."""
    for path in sorted(DOCS.rglob("*")):
        if path.suffix in {".md", ".html", ".json", ".j2", ".svg", ".typ"}:
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"(?<![\w.])/(home|root|tmp|opt|Users|work)/", text), _name(path)


def _name(path: Path) -> str:
    return path.relative_to(DOCS).as_posix()
