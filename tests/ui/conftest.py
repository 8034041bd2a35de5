"""A running app in front of a running stand-in, and a real Chromium to look at it."""

from __future__ import annotations

import shutil
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright
from starlette.types import ASGIApp

sys.path.insert(0, str(Path(__file__).parent))

from stand_in import PASSWORD, Mood, stand_in

from tests.ports import free_port
from ui.app import create_app
from ui.settings import Settings

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 15_000


@dataclass
class Running:
    """Both processes' addresses, and the mood of the service."""

    app: str
    service: str
    mood: Mood


def serve(app: ASGIApp, port: int) -> uvicorn.Server:
    """Serve an app from a thread and wait until it listens."""
    config = uvicorn.Config(app, port=port, log_level="error", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    threading.Thread(target=server.run, daemon=True).start()
    deadline = time.monotonic() + 30
    while not server.started:
        assert time.monotonic() < deadline, "the server does not start"
        time.sleep(0.05)
    return server


@pytest.fixture(scope="session")
def _servers() -> Iterator[Running]:
    service_port, app_port = free_port(), free_port()
    mood = Mood()
    service = f"http://127.0.0.1:{service_port}"
    servers = [
        serve(stand_in(mood), service_port),
        serve(create_app(Settings(service=service, port=app_port)), app_port),
    ]
    yield Running(f"http://127.0.0.1:{app_port}", service, mood)
    for server in servers:
        server.should_exit = True


@pytest.fixture
def running(_servers: Running) -> Iterator[Running]:
    """The app and the service, the service in a good mood."""
    _servers.mood.__dict__.update(Mood().__dict__)
    yield _servers
    _servers.mood.__dict__.update(Mood().__dict__)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh window, nobody signed in."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def sign_in(page: Page, app: str, language: str = "fr", case: int | None = None) -> None:
    """Sign the invented advisor in, and wait for the desk; open a case on the way if asked."""
    asked = "" if case is None else f"?case={case}"
    page.goto(f"{app}/{language}/{asked}")
    page.fill("#name", "Claire Martin")
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_selector("#case-number")
    if case is not None:
        page.wait_for_selector(".band")
