"""Who may ask what: the declared table, checked cell by cell on the real service."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from api.access import OPEN, OPERATIONS, Operation
from api.application import ROUTERS
from api.questions import QUESTIONS
from scoring.contract import Problem
from storage import keys, people
from storage.engine import writing
from storage.roles import Role
from storage.store import Store

CALLERS = ["no key", "malformed", "unknown", "revoked", "ended session", *(r.value for r in Role)]
SOMEBODY = {"client_id": "1"}
REFUSED = ("no key", "malformed", "unknown", "revoked", "ended session")


@pytest.fixture(scope="module")
def tokens(service: Any) -> dict[str, str | None]:
    """One Authorization header for each kind of caller."""
    store = Store.open(service.settings)
    key_id, revoked = store.create_key(Role.ADMIN, "to revoke")
    session = people.log_in(store.engine, "the admin", "correct horse battery")
    with writing(store.engine) as connection:
        keys.revoke_key(connection, key_id)
        keys.end_session(connection, keys.hashed(session.token))
    store.close()
    return {
        "no key": None,
        "malformed": "Basic abc",
        "unknown": f"Bearer {keys.KEY_PREFIX}{'x' * 43}",
        "revoked": f"Bearer {revoked}",
        "ended session": f"Bearer {session.token}",
        **{role.value: f"Bearer {service.keys[role.value]}" for role in Role},
    }


@pytest.mark.parametrize("route", OPERATIONS, ids=lambda route: route.name)
@pytest.mark.parametrize("caller", CALLERS)
def test_each_cell_of_the_matrix(
    service: Any, tokens: dict[str, str | None], route: Operation, caller: str
) -> None:
    """401 without a valid key, 403 for a role the table leaves out, neither for the others.

    Health and login are open. The body is empty on purpose: access is decided before it is read.
    """
    header = tokens[caller]
    headers = {"Authorization": header} if header else {}
    path = re.sub(r"{(\w+)}", lambda named: SOMEBODY.get(named[1], "none_1"), route.path)
    answer = httpx.request(route.method, service.url + path, headers=headers, timeout=10)
    if route.roles == OPEN:
        assert answer.status_code not in {401, 403}
        assert answer.status_code < 500
        return
    expected = 401 if caller in REFUSED else 403 if Role(caller) not in route.roles else None
    if expected is None:
        assert answer.status_code not in {401, 403}
        assert answer.status_code < 500
    else:
        assert answer.status_code == expected
        Problem.model_validate_json(answer.content)


def test_only_health_and_login_are_open() -> None:
    """Nothing else answers without a key."""
    assert {r.name for r in OPERATIONS if r.roles == OPEN} == {"livez", "readyz", "log_in"}


def test_a_key_revoked_is_refused_at_the_next_call(service: Any) -> None:
    """Revocation does not wait for a cache to expire."""
    store = Store.open(service.settings)
    key_id, token = store.create_key(Role.API, "short-lived")
    headers = {"Authorization": f"Bearer {token}"}
    assert httpx.get(f"{service.url}/model", headers=headers).status_code == 200
    with writing(store.engine) as connection:
        keys.revoke_key(connection, key_id)
    assert httpx.get(f"{service.url}/model", headers=headers).status_code == 401
    store.close()


def test_a_person_logs_in_and_out(service: Any) -> None:
    """A login gives a token with the person's role; ended, it is refused."""
    body = {"name": "the advisor", "password": "correct horse battery"}
    session = httpx.post(f"{service.url}/sessions", json=body).json()
    assert session["role"] == "advisor"
    headers = {"Authorization": f"Bearer {session['token']}"}
    assert httpx.get(f"{service.url}/clients/1", headers=headers).status_code == 200
    assert httpx.delete(f"{service.url}/sessions", headers=headers).status_code == 200
    assert httpx.get(f"{service.url}/clients/1", headers=headers).status_code == 401


@pytest.mark.parametrize("name", ["the auditor", "nobody of this name"])
def test_wrong_passwords_slow_a_name_down(service: Any, name: str) -> None:
    """Known or not, the sixth try is told to come back in some seconds; others are not held up."""
    wrong = {"name": name, "password": "wrong"}
    answers = [httpx.post(f"{service.url}/sessions", json=wrong) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    assert {answer.json()["detail"] for answer in answers[:5]} == {
        "The name or the password is not valid."
    }
    assert answers[5].json()["code"] == "slow_down"
    assert 0 < int(answers[5].headers["Retry-After"]) <= 10
    other = {"name": "the risk", "password": "correct horse battery"}
    assert httpx.post(f"{service.url}/sessions", json=other).status_code == 200


def test_right_passwords_never_slow_anybody_down(service: Any) -> None:
    """Ten logins in a row of one person are ten sessions."""
    body = {"name": "the admin", "password": "correct horse battery"}
    statuses = [httpx.post(f"{service.url}/sessions", json=body).status_code for _ in range(10)]
    assert statuses == [200] * 10


def test_the_table_is_what_answers() -> None:
    """Every operation is a method of the service, a route of the application, or BentoML's own."""
    routes = {
        (method, route.path)
        for router in ROUTERS
        for route in router.routes.routes
        for method in route.methods
    }
    asked = {("POST", f"/{name}") for name in QUESTIONS}
    assert {(one.method, one.path) for one in OPERATIONS} == routes | asked | {
        ("GET", "/schema.json")
    }
