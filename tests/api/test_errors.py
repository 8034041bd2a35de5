"""Errors as the document describes them are errors as they are answered."""

from __future__ import annotations

import ast
import inspect

import pytest

from gateway import errors
from gateway.errors import CODES, STATUSES, Refused, refusal
from gateway.openapi import document
from scoring.contract import ErrorResponse
from scoring.errors import ModelRejected
from storage.errors import (
    AlreadyRecorded,
    LockedOut,
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
        (LockedOut(60), 429),
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
    ErrorResponse.model_validate_json(refused.answer().body)
    if status >= 500:
        assert str(error) not in refused.message


def test_every_status_has_words_a_code_and_an_example() -> None:
    """The same in the document and in the answers."""
    assert CODES.keys() == STATUSES.keys()
    for status, response in document()["components"]["responses"].items():
        example = response["content"]["application/json"]["example"]
        error = ErrorResponse.model_validate(example).error
        assert (error.code, error.message) == (CODES[int(status)], STATUSES[int(status)])


def test_the_codes_answered_are_those_described() -> None:
    """Each ``Refused(status, code, ...)`` of this module uses the code of its status."""
    calls = [
        node
        for node in ast.walk(ast.parse(inspect.getsource(errors)))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refused"
    ]
    said = {tuple(ast.literal_eval(argument) for argument in call.args[:2]) for call in calls}
    assert said - {(429, "locked_out")} <= set(CODES.items())
