"""No value of a client leaves by a log, a trace, a metric or an error, whatever the route."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from api.access import OPERATIONS, Operation
from api.glossary import REQUESTS
from api.openapi import document
from storage.roles import Role

WORD = "CANARY-WORD"
NUMBER = 777_123_456_789
"""A client number nobody has."""
AMOUNT = 66.654321
NAME = f"{WORD} as a name"
"""A plain name of a field that is unknown is repeated, so that it can be corrected; not this."""
CANARIES = (WORD, str(NUMBER), str(AMOUNT))


@pytest.fixture(scope="module")
def watched(
    tmp_path_factory: pytest.TempPathFactory, scorecard_folder: Path, service: Any
) -> Iterator[Any]:
    """A service that says all it can: access log and traces."""
    start = sys.modules[type(service).__module__].a_service
    home = tmp_path_factory.mktemp("watched")
    own = start(home, scorecard_folder, SCORING_ACCESS_LOG="1", SCORING_TRACES="console")
    yield own
    own.stop()


def bodies(one: Operation) -> list[dict[str, Any]]:
    """Return good and bad bodies with a canary in every place a value can be."""
    if not one.takes_body:
        return []
    good = dict(REQUESTS[one.name])
    content = described(one)["requestBody"]["content"]["application/json"]["schema"]
    model = document()["components"]["schemas"][content["$ref"].rpartition("/")[2]]
    planted: list[dict[str, Any]] = [{**good, NAME: AMOUNT}]
    for name in model["properties"]:
        planted += [{**good, name: value} for value in (WORD, NUMBER, AMOUNT, {NAME: AMOUNT})]
    return planted


def described(one: Operation) -> dict[str, Any]:
    """Return an operation of the OpenAPI document."""
    operation: dict[str, Any] = document()["paths"][one.path][one.method.lower()]
    return operation


def addresses(one: Operation) -> list[str]:
    """Return the operation's address with canaries for its parts and its parameters."""
    plain = [re.sub(r"{\w+}", value, one.path) for value in (WORD, str(NUMBER))]
    names = [q["name"] for q in described(one)["parameters"] if q["in"] == "query"]
    asked = [f"{plain[1]}?{name}={value}" for name in names for value in (WORD, NUMBER, AMOUNT)]
    return [*dict.fromkeys(plain), *asked, f"{plain[0]}?{quote(NAME)}={AMOUNT}"]


def asked(route: Operation, caller: httpx.Client) -> list[httpx.Response]:
    """Ask a route in every way that plants a canary."""
    said = [caller.request(route.method, address) for address in addresses(route)]
    own = addresses(route)[-2 if route.takes_query else 0].partition("?")[0]
    said += [caller.request(route.method, own, json=body) for body in bodies(route)]
    raw = f'{{"motive": "{WORD}", "value": {AMOUNT}'.encode()
    for media in ("application/json", WORD):
        headers = {"Content-Type": media, "Idempotency-Key": f"{WORD}-{media}"}
        said.append(caller.request(route.method, own, content=raw, headers=headers))
    return said


def test_no_route_tells_a_value(watched: Any) -> None:
    """Every route, by a caller who may ask it, with canaries in each place: errors stay silent."""
    said: list[httpx.Response] = []
    for route in OPERATIONS:
        role = min(route.roles) if route.roles else Role.API
        with watched.client(role.value) as caller:
            said += asked(route, caller)
    with httpx.Client(base_url=watched.url) as nobody:
        for header in (f"Bearer {WORD}-{WORD}-{WORD}", f"Bearer padl_{WORD:x<76}", WORD):
            said.append(nobody.get("/view", headers={"Authorization": header}))
    assert len(said) > 300
    assert {answer.status_code for answer in said} <= {200, 400, 401, 403, 404, 409, 415, 422, 429}
    errors = " ".join(answer.text for answer in said if answer.status_code != 200)
    with watched.client("api") as api:
        everything = errors + watched.log.read_text() + api.get("/metrics").text
    assert [canary for canary in CANARIES if canary in everything] == []


def test_what_a_client_writes_stays_in_the_book(watched: Any) -> None:
    """The words of a request and of its answer are given back to who may read them, only there."""
    body = {"client_id": 2, "kind": "objection", "motive": f"My reason is {WORD}."}
    with watched.client("advisor") as advisor:
        filed = advisor.post("/requests", json=body).json()
        closing = {"outcome": "answered", "motive": f"We answer {WORD}."}
        closed = advisor.post(f"/requests/{filed['request_id']}/follow-up", json=closing).json()
        assert WORD in closed["motive"]
        assert WORD in closed["follow_up"]["motive"]
        assert WORD in advisor.get("/clients/2/export").text
    with watched.client("api") as api:
        assert WORD not in watched.log.read_text() + api.get("/metrics").text
