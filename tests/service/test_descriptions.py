"""What the service says of itself, to three kinds of readers: OpenAPI's, BentoML's and callers'."""

from __future__ import annotations

from typing import Any, get_type_hints

import bentoml
import httpx
import pytest
from bentoml.exceptions import BentoMLException
from openapi_spec_validator import validate

from api.access import OPERATIONS
from api.questions import QUESTIONS


def test_bentomls_own_client_asks_every_question(service: Any) -> None:
    """It reads /schema.json with the key, and is answered what everybody is answered."""
    bodies: dict[str, dict[str, Any]] = {
        "score": {"client_id": 3},
        "explain": {"client_id": 3, "language": "en"},
        "simulate": {"client_id": 3, "changes": {"annuity": 9_000.0}},
        "recourse": {"client_id": 3},
        "compare": {"client_id": 3, "with": "all"},
        "score_batch": {"client_ids": [3, 4]},
    }
    assert bodies.keys() == QUESTIONS.keys()
    key = service.keys["api"]
    with bentoml.SyncHTTPClient(service.url, token=key, server_ready_timeout=5) as client:
        for name, body in bodies.items():
            answer = client.call(name, body)
            QUESTIONS[name].answer.model_validate_json(httpx.Response(200, json=answer).content)
        with pytest.raises(BentoMLException):
            client.call("score", {"client_id": 999_999})


def test_the_schema_needs_a_key(service: Any, api: httpx.Client) -> None:
    """BentoML's description names every question; nobody reads it without a key."""
    assert httpx.get(f"{service.url}/schema.json").status_code == 401
    said = api.get("/schema.json").json()
    assert {route["route"] for route in said["routes"]} == {f"/{name}" for name in QUESTIONS}


def test_the_openapi_document_is_valid_and_complete(api: httpx.Client) -> None:
    """OpenAPI 3.1, every operation, every status it answers, our error shape, the promise."""
    document = api.get("/docs.json").json()
    validate(document)
    assert document["openapi"].startswith("3.1")
    assert "What you can rely on" in document["info"]["description"]
    declared = {(m.upper(), p) for p, methods in document["paths"].items() for m in methods}
    assert declared == {(one.method, one.path) for one in OPERATIONS}
    for methods in document["paths"].values():
        for operation in methods.values():
            assert operation["summary"]
            assert operation["tags"]
            assert "503" in operation["responses"]
            if operation["security"]:
                assert {"401", "403"} <= operation["responses"].keys()


def test_the_document_says_what_the_methods_take() -> None:
    """The service's methods and what is described of them are the same."""
    import service

    for name, method in service.Scoring.apis.items():
        hints = get_type_hints(method.func)
        question = QUESTIONS[name]
        assert (hints["request"], hints["return"]) == (question.request, question.answer)
        assert (method.route, method.doc) == (f"/{name}", question.summary)
    assert service.Scoring.apis.keys() == QUESTIONS.keys()


def test_every_answer_tells_what_may_still_be_asked(api: httpx.Client) -> None:
    """``RateLimit`` and its policy, on good answers and refusals alike; not on open ones."""
    for answer in (api.get("/model"), api.get("/nothing")):
        assert answer.headers["RateLimit-Policy"] == '"caller";q=20000;w=2'
        left = answer.headers["RateLimit"].split(";")
        assert left[0] == '"caller"'
        assert 0 < int(left[1].removeprefix("r=")) < 20_000
    assert "RateLimit" not in api.get("/livez").headers


MALFORMED = [
    (b'{"client_id": 1,\n "client_id": 2}', "line 2, column 2", "duplicate_name"),
    (b'{"application": {"annuity": NaN}}', "line 1, column 29", "not_finite"),
    (b'{"client_id": 1e999}', "line 1, column 15", "not_finite"),
    (b'{"client_id": 1', "line 1, column 16", "syntax"),
    (b'{"a": "\\ud800"}', "line 1, column 7", "text"),
    (b'{"a": "\xff"}', "line 1, column 8", "encoding"),
    (b"[" * 30_000, "line 1, column 1", "nesting"),
]


@pytest.mark.parametrize(("body", "place", "code"), MALFORMED)
def test_malformed_json_is_told_with_its_place(
    api: httpx.Client, body: bytes, place: str, code: str
) -> None:
    """One message, where it is, and nothing of what was sent."""
    answer = api.post("/score", content=body, headers={"Content-Type": "application/json"})
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (400, "malformed")
    assert place in problem["detail"]
    assert [item["code"] for item in problem["errors"]] == [code]
