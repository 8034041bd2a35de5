"""The pictures of the app: taken from the app itself, small, said in words, of the right model."""

from __future__ import annotations

import io
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import uvicorn
from PIL import Image
from starlette.types import ASGIApp

from flows.reports.documents import figures
from flows.reports.documents.render import DOCS
from flows.reports.documents.screens import MOST_BYTES, SCREENS, small, take
from tests.ports import free_port

sys.path.insert(0, str(Path(__file__).parents[3] / "ui"))

from stand_in import DECLINED, PASSWORD, Mood, stand_in

from ui.app import create_app
from ui.settings import Settings


def _serve(app: ASGIApp, port: int) -> uvicorn.Server:
    config = uvicorn.Config(app, port=port, log_level="error", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    threading.Thread(target=server.run, daemon=True).start()
    deadline = time.monotonic() + 60
    while not server.started:
        assert time.monotonic() < deadline, "the server does not start"
        time.sleep(0.05)
    return server


@pytest.fixture(scope="module")
def app() -> Iterator[str]:
    """The address of a running app, in front of a service that stands in for ours."""
    service_port, app_port = free_port(), free_port()
    settings = Settings(service=f"http://127.0.0.1:{service_port}", port=app_port)
    servers = [
        _serve(stand_in(Mood()), service_port),
        _serve(create_app(settings), app_port),
    ]
    yield f"http://127.0.0.1:{app_port}"
    for server in servers:
        server.should_exit = True


@pytest.mark.browser
def test_every_screen_is_found_in_the_app(app: str, tmp_path: Path) -> None:
    """A tab or an element that was renamed stops the command, not only its pictures."""
    take(app, "Claire Martin", PASSWORD, DECLINED, tmp_path)
    for screen in SCREENS:
        picture = Image.open(tmp_path / screen.file)
        assert picture.width == screen.width
        assert 200 <= picture.height <= screen.most_height
        assert len(picture.convert("RGB").getcolors(1 << 24)) > 10


def test_the_committed_screens_are_small_and_of_the_documented_scorecard() -> None:
    """Each has its picture and a sentence; they show the scorecard the documents speak of."""
    found = figures.load()
    screens = found["screens"]
    assert screens["model_tag"] == found["run"]["model_tag"], "run make screens"
    assert [one["file"] for one in screens["screens"]] == [one.file for one in SCREENS]
    slides = (DOCS / "presentation.html").read_text(encoding="utf-8")
    for one in screens["screens"]:
        assert (DOCS / figures.IMAGES / one["file"]).stat().st_size <= MOST_BYTES
        assert one["sentence"].endswith(".")
    assert slides.count('class="shot"') == 5


def test_a_picture_is_made_small_or_refused() -> None:
    """Few colours are kept whole; noise of a whole screen fits no palette and is refused."""
    plain = Image.new("RGB", (800, 600), (20, 83, 45))
    assert Image.open(io.BytesIO(small(_png(plain)))).convert("RGB").getpixel((5, 5)) == (
        20,
        83,
        45,
    )
    noise = np.random.default_rng(1).integers(0, 256, (900, 1280, 3), dtype=np.uint8)
    with pytest.raises(ValueError, match="does not fit"):
        small(_png(Image.fromarray(noise)))


def _png(picture: Image.Image) -> bytes:
    held = io.BytesIO()
    picture.save(held, "PNG")
    return held.getvalue()
