"""A request sent again under its Idempotency-Key: the first answer, whoever logs in anew."""

from __future__ import annotations

import json
from contextlib import closing
from typing import Any

import httpx
import pytest

from storage import people
from storage.engine import writing
from storage.roles import Role
from storage.store import Store

PASSWORD = "correct horse battery"
JSON = {"Content-Type": "application/json"}


def sent(caller: httpx.Client, path: str, body: str, key: str) -> httpx.Response:
    """Post a body as it is written, under a key."""
    return caller.post(path, content=body, headers={**JSON, "Idempotency-Key": key})


def a_session(service: Any, name: str) -> httpx.Client:
    """Log a person in."""
    answer = httpx.post(f"{service.url}/sessions", json={"name": name, "password": PASSWORD})
    headers = {"Authorization": f"Bearer {answer.json()['token']}"}
    return httpx.Client(base_url=service.url, headers=headers, timeout=15)


def test_a_new_login_does_not_forget_a_request(service: Any) -> None:
    """The key is the person's, not the session's; another person's key is another."""
    with closing(Store.open(service.settings)) as store, writing(store.engine) as connection:
        people.create_user(connection, "another admin", Role.ADMIN, PASSWORD)
    with a_session(service, "the admin") as first, a_session(service, "the admin") as again:
        one = sent(first, "/score", '{"client_id": 41}', "the-same-for-ever")
        assert first.delete("/sessions").status_code == 200
        other = sent(again, "/score", '{"client_id": 41}', "the-same-for-ever")
    assert one.status_code == 200
    assert one.content == other.content
    assert other.headers["Idempotency-Replayed"] == "true"
    with a_session(service, "another admin") as somebody:
        theirs = sent(somebody, "/score", '{"client_id": 41}', "the-same-for-ever")
    assert theirs.json()["assessment_id"] != one.json()["assessment_id"]


def test_the_order_of_names_makes_no_other_request(api: httpx.Client) -> None:
    """Reordered and spaced otherwise it is the same; another value is another (409)."""
    one = sent(api, "/score", '{"client_id": 42, "language": "en"}', "ordered")
    other = sent(api, "/score", '{\n "language":"en","client_id":42}', "ordered")
    assert (one.status_code, one.content) == (200, other.content)
    assert sent(api, "/score", '{"client_id": 42, "language": "fr"}', "ordered").status_code == 409


@pytest.mark.parametrize("accept", ["application/json", "application/vnd.apache.arrow.stream"])
def test_a_batch_repeated_gives_its_first_rows(
    api: httpx.Client, service: Any, accept: str
) -> None:
    """Byte for byte, and nothing more is recorded; other clients under the key are refused."""
    key = f"a-batch-as-{accept}"
    headers = {"Idempotency-Key": key, "Accept": accept}
    body = {"client_ids": [*range(1, 40), 777_777]}
    one = api.post("/score_batch", json=body, headers=headers)
    before = recorded(service)
    other = api.post("/score_batch", json=body, headers=headers)
    assert (one.status_code, one.content) == (200, other.content)
    assert recorded(service) == before
    assert api.post("/score_batch", json={"client_ids": [50]}, headers=headers).status_code == 409


def recorded(service: Any) -> int:
    """Return how many records the book has."""
    with closing(Store.open(service.settings)) as store:
        return sum(1 for _ in store.records())


def test_a_link_repeated_is_the_same_link(service: Any) -> None:
    """One link, the same token, which is stored nowhere."""
    with service.client("advisor") as advisor:
        before = len(advisor.get("/links", params={"client_id": 43}).json()["links"])
        answers = [sent(advisor, "/links", '{"client_id": 43}', "a-link") for _ in range(2)]
        after = len(advisor.get("/links", params={"client_id": 43}).json()["links"])
        other = sent(advisor, "/links", '{"client_id": 44}', "a-link")
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].content == answers[1].content
    assert (after - before, other.status_code) == (1, 409)
    token = json.loads(answers[0].content)["token"].encode()
    assert not any(token in file.read_bytes() for file in service.home.glob("scoring.db*"))
