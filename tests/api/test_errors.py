"""Errors as the document describes them are errors as they are answered."""

from __future__ import annotations

import ast
import inspect
import json

import pytest
from pydantic import BaseModel, ValidationError

from api import errors
from api.errors import CODES, PROBLEM, TITLES, Refused, invalid, refusal
from api.openapi import document
from scoring.contract import OwnRequest, Problem, ScoreRequest
from scoring.errors import ModelRejected
from storage.errors import (
    AlreadyRecorded,
    NotAllowed,
    SecretUnusable,
    StoreUnavailable,
    UnknownClient,
    UnknownRecord,
)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (UnknownClient("none"), 404),
        (UnknownRecord("none"), 404),
        (AlreadyRecorded("other"), 409),
        (NotAllowed("wrong"), 401),
        (StoreUnavailable("down"), 503),
        (ModelRejected("damaged"), 503),
        (SecretUnusable("/somewhere/links.secret can be read by others"), 503),
        (ZeroDivisionError("42"), 500),
        (Refused(403, "forbidden", "No."), 403),
    ],
)
def test_each_error_has_its_status(error: Exception, status: int) -> None:
    """What is ours keeps its words; what is not says nothing of its cause."""
    refused = refusal(error)
    assert refused.status == status
    response = refused.response()
    assert response.media_type == PROBLEM
    problem = Problem.model_validate_json(bytes(response.body))
    assert (problem.status, problem.code) == (status, refused.code)
    if status >= 500:
        assert str(error) not in problem.detail


def test_every_status_has_words_a_code_and_an_example() -> None:
    """The same in the document and in the answers."""
    assert CODES.keys() == TITLES.keys()
    for status, response in document()["components"]["responses"].items():
        problem = Problem.model_validate(response["content"][PROBLEM]["example"])
        assert (problem.code, problem.title) == (CODES[int(status)], TITLES[int(status)])


def test_the_codes_answered_are_those_described() -> None:
    """Each ``Refused(status, code, ...)`` of this module uses the code of its status."""
    calls = [
        node
        for node in ast.walk(ast.parse(inspect.getsource(errors)))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refused"
    ]
    said = {tuple(ast.literal_eval(argument) for argument in call.args[:2]) for call in calls}
    assert said <= set(CODES.items())


WORDINGS = [
    (ScoreRequest, {"client_id": "1"}, ("/client_id", "wrong_type", "It must be a whole number.")),
    (ScoreRequest, {"client_id": 0}, (
        "/client_id", "out_of_limits", "It must be greater than or equal to 1.")),
    (ScoreRequest, {"extra": 1}, (
        "/extra", "unknown_field", "Nothing of this name is taken here.")),
    (ScoreRequest, {"a b": 1}, ("/?", "unknown_field", "Nothing of this name is taken here.")),
    (ScoreRequest, {}, ("", "invalid", "Give client_id, application, or both.")),
    (ScoreRequest, {"client_id": 1, "language": "de"}, (
        "/language", "out_of_limits", "It must be 'fr' or 'en'.")),
    (OwnRequest, {"motive": "long enough", "kind": "objection", "value": [1]}, (
        "/value", "wrong_type", "None of the kinds of value this may be.")),
    (OwnRequest, {"motive": "short", "kind": "objection"}, (
        "/motive", "out_of_limits", "It must have at least 10 characters.")),
]  # fmt: skip


@pytest.mark.parametrize(("model", "sent", "told"), WORDINGS)
def test_each_cause_is_told_once_in_our_words(
    model: type[BaseModel], sent: dict[str, object], told: tuple[str, str, str]
) -> None:
    """With where it is, a code and a remedy; nothing of the library's wording, no value."""
    with pytest.raises(ValidationError) as refused:
        model.model_validate_json(json.dumps(sent))
    (item,) = invalid(refused.value.errors(), sent).errors
    assert (item.pointer, item.code, item.message) == told
