"""The guard and the sign-in pages, over real HTTP."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from conftest import Running
from stand_in import DECLINED, PASSWORD


@pytest.fixture
def caller(running: Running):
    """A program that talks to the app as a browser does, without following redirects."""
    with httpx.Client(base_url=running.app, trust_env=False) as client:
        yield client


def enter(caller: httpx.Client, **typed: str) -> httpx.Response:
    """Send the sign-in form."""
    form = {"name": "Claire Martin", "password": PASSWORD, **typed}
    return caller.post("/fr/login", data=form)


def test_the_first_page_is_french(caller: httpx.Client) -> None:
    """French is the default language."""
    assert caller.get("/").headers["location"] == "/fr/"


@pytest.mark.parametrize("path", ["/fr", "/fr/", "/en/", "/fr/help", "/fr/export/100002.json"])
def test_pages_ask_who_is_there(caller: httpx.Client, path: str) -> None:
    """Nobody sees a screen without signing in."""
    answer = caller.get(path)
    assert answer.status_code == 303
    assert "/login" in answer.headers["location"]


def test_signing_in_gives_a_cookie_scripts_cannot_read(caller: httpx.Client) -> None:
    """The service's token stays in the app; the cookie is HttpOnly and SameSite."""
    answer = enter(caller, case="100234")
    cookie = answer.headers["set-cookie"]
    assert answer.status_code == 303
    assert answer.headers["location"] == "/fr/?case=100234"
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "stand-in-token" not in cookie
    assert caller.get("/fr/").status_code == 200


def test_a_wrong_password_is_said_next_to_the_fields(caller: httpx.Client) -> None:
    """The name is kept, the password is not, and nobody is signed in."""
    answer = enter(caller, password="wrong")
    assert answer.status_code == 401
    assert "Le nom ou le mot de passe ne convient pas" in answer.text
    assert 'value="Claire Martin"' in answer.text
    assert "wrong" not in answer.text
    assert "set-cookie" not in answer.headers


def test_the_wait_asked_by_the_service_is_said(caller: httpx.Client, running: Running) -> None:
    """After too many failures the page says how long to wait."""
    running.mood.failed_logins = 5
    answer = enter(caller)
    assert answer.status_code == 429
    assert "Attendez 5 minutes" in answer.text


def test_a_service_down_is_said(caller: httpx.Client, running: Running) -> None:
    """Signing in while the service is down is no failed attempt."""
    running.mood.down = True
    answer = enter(caller)
    assert answer.status_code == 503
    assert "Le service ne répond pas" in answer.text


def test_another_role_does_not_open_the_desk(caller: httpx.Client) -> None:
    """The right password of somebody who is no advisor is not enough."""
    answer = enter(caller, name="Rita Roy")
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_signing_out_ends_both_sessions(caller: httpx.Client, running: Running) -> None:
    """The browser's session and the service's end together."""
    enter(caller)
    assert caller.post("/fr/logout").status_code == 303
    assert "DELETE /sessions" in running.mood.asked
    assert caller.get("/fr/").status_code == 303


def test_a_form_sent_from_elsewhere_is_refused(caller: httpx.Client) -> None:
    """Another site cannot sign anybody in or out."""
    answer = caller.post("/fr/logout", headers={"Origin": "http://elsewhere.example"})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/fr/gradio_api/upload"),
        ("GET", "/fr/gradio_api/file=/etc/passwd"),
        ("GET", "/fr/gradio_api/proxy=http://example.org"),
        ("POST", "/fr/gradio_api/run/predict"),
        ("GET", "/fr/gradio_api/runs"),
        ("GET", "/fr/monitoring"),
        ("GET", "/docs"),
        ("GET", "/openapi.json"),
        ("PUT", "/fr/"),
    ],
)
def test_what_the_screens_do_not_need_is_closed(
    caller: httpx.Client, method: str, path: str
) -> None:
    """Uploads, files, proxies and the programming interface are not served."""
    enter(caller)
    assert caller.request(method, path).status_code == 404


def test_large_bodies_are_refused(caller: httpx.Client) -> None:
    """Nothing the screens send is that large, whether the length is said or not."""
    assert caller.post("/fr/login", content=b"x" * 100_000).status_code == 413
    pieces = (b"x" * 1_000 for _ in range(100))
    assert caller.post("/fr/login", content=pieces).status_code == 413
    assert caller.request("GET", "/fr/login", content=b"x").status_code == 413


@pytest.mark.parametrize("length", ["Content-Length: 150000000", "Transfer-Encoding: chunked"])
@pytest.mark.parametrize("path", ["gradio_api/upload", "gradio_api/queue/join", "login"])
def test_who_sends_too_much_is_cut_off(running: Running, path: str, length: str) -> None:
    """Nobody keeps the app busy with 150 MB: the connection closes once it is too much."""
    address = urlsplit(running.app)
    piece = b"x" * 65_536
    chunk = b"10000\r\n" + piece + b"\r\n" if "chunked" in length else piece
    with socket.create_connection((address.hostname or "", address.port or 0)) as sending:
        sending.settimeout(10)
        sending.sendall(f"POST /fr/{path} HTTP/1.1\r\nHost: here\r\n{length}\r\n\r\n".encode())
        with pytest.raises(OSError, match=r"reset|[Bb]roken pipe"):
            sending.sendall(chunk * (150_000_000 // len(piece)))


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "config"),
        ("GET", "gradio_api/info"),
        ("GET", "gradio_api/startup-events"),
        ("GET", "gradio_api/app_id"),
        ("GET", "gradio_api/heartbeat/abc"),
        ("GET", "gradio_api/queue/data?session_hash=abc"),
        ("POST", "gradio_api/queue/join"),
        ("POST", "gradio_api/cancel"),
        ("POST", "gradio_api/reset"),
    ],
)
def test_the_components_answer_nobody_without_session(
    caller: httpx.Client, method: str, path: str
) -> None:
    """Each address behind the screens asks who is there, after signing out too."""
    body = {"session_hash": "abc", "fn_index": 0, "data": [], "event_id": "x"}
    sent = {"json": body} if method == "POST" else {}
    assert caller.request(method, f"/fr/{path}", **sent).status_code == 401
    enter(caller)
    number = caller.cookies["session"]
    caller.post("/fr/logout")
    kept = {"Cookie": f"session={number}"}
    assert caller.request(method, f"/fr/{path}", headers=kept, **sent).status_code == 401


class Screen:
    """A screen as its program talks to Gradio: by the page's name and the number of an event."""

    def __init__(self, caller: httpx.Client, page: str) -> None:
        self._caller, self._page = caller, page
        config = caller.get("/fr/config").json()
        self._names = {c["id"]: c["props"].get("elem_id") for c in config["components"]}
        self._events = config["dependencies"]

    def event(self, output: str, trigger: str) -> dict[str, Any]:
        """Return the event that fills ``output``, begun by an event of that name."""
        return next(
            event
            for event in self._events
            if output in [self._names[number] for number in event["outputs"]]
            and trigger in [target[1] for target in event["targets"]]
        )

    def ask(self, output: str, trigger: str, *data: object) -> str:
        """Run an event to its end and return everything that was answered."""
        body = {
            "session_hash": self._page,
            "fn_index": self.event(output, trigger)["id"],
            "data": list(data),
        }
        joined = self._caller.post("/fr/gradio_api/queue/join", json=body)
        assert joined.status_code == 200, joined.text
        return self.read()

    def read(self) -> str:
        """Return what the queue has for this page."""
        asked = {"session_hash": self._page}
        with self._caller.stream("GET", "/fr/gradio_api/queue/data", params=asked) as answer:
            return "".join(answer.iter_text())


@pytest.fixture
def other(running: Running) -> Iterator[httpx.Client]:
    """Another browser."""
    with httpx.Client(base_url=running.app, trust_env=False) as client:
        yield client


def test_what_a_screen_remembers_belongs_to_its_session(
    caller: httpx.Client, other: httpx.Client
) -> None:
    """Knowing a page's name gives nobody its open case: nor a colleague, nor after signing out."""
    enter(caller)
    mine = Screen(caller, "page1")
    assert "band-decline" in mine.ask("verdict", "submit", str(DECLINED))
    assert f"{DECLINED}.json" in mine.ask("exports", "change", None)
    enter(other)
    theirs = Screen(other, "page1")
    assert str(DECLINED) not in theirs.ask("exports", "change", None)
    assert f"{DECLINED}.json" in mine.ask("exports", "change", None)
    caller.post("/fr/logout")
    enter(caller)
    assert str(DECLINED) not in Screen(caller, "page1").ask("exports", "change", None)


def test_a_page_without_name_is_refused(caller: httpx.Client) -> None:
    """What names no page, or is no JSON object, reaches no component."""
    enter(caller)
    for body in (b"", b"[]", b"{", json.dumps({"session_hash": 1}).encode()):
        answer = caller.post("/fr/gradio_api/queue/join", content=body)
        assert answer.status_code == 400
    assert caller.get("/fr/gradio_api/queue/data").status_code == 400


def test_answers_forbid_other_hosts(caller: httpx.Client) -> None:
    """The browser is told to fetch from here only and to keep nothing."""
    headers = caller.get("/fr/login").headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
