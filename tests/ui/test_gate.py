"""The gate and the sign-in pages, over real HTTP."""

from __future__ import annotations

import httpx
import pytest
from conftest import Running
from stand_in import PASSWORD


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
    """Nothing the screens send is that large."""
    assert caller.post("/fr/login", content=b"x" * 100_000).status_code == 413


def test_answers_forbid_other_hosts(caller: httpx.Client) -> None:
    """The browser is told to fetch from here only and to keep nothing."""
    headers = caller.get("/fr/login").headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
