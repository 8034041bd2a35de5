"""What a body must be, on the real service: every refusal has its status and the one shape."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from api.access import BODY_BYTES
from scoring.contract import Problem

GOOD = {
    "contract_type": "Cash loans",
    "income_total": 120000.0,
    "amount_credit": 300000.0,
    "annuity": 20000.0,
    "birth_days": -12000,
}
JSON = {"Content-Type": "application/json"}


def the_error(answer: httpx.Response, status: int) -> Problem:
    """Check the status and the one shape of errors."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return Problem.model_validate_json(answer.content)


def an_application(**changes: Any) -> dict[str, Any]:
    """A complete application, with some items changed."""
    return {"application": {**GOOD, **changes}}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"\xef\xbb\xbf{}",
        b'{"client_id": NaN}',
        b'{"client_id": Infinity}',
        b'{"application": {"income_total": -Infinity}}',
        b'{"application": {"income_total": 1e999}}',
        b'{"client_id": 1, "client_id": 2}',
        b'{"application": {"annuity": 1, "annuity": 2}}',
        b'{"client_id": 1} {}',
        b'{"client_id": ' + b"9" * 5000 + b"}",
        b"[" * 30_000,
        b'{"application": {"contract_type": "\\ud800"}}',
        b'{"application": {"contract_type": "\\u0000"}}',
        b"{'client_id': 1}",
    ],
)
def test_what_is_not_strict_json_is_malformed(api: httpx.Client, body: bytes) -> None:
    """400, whatever the field: these have no one reading."""
    error = the_error(api.post("/score", content=body, headers=JSON), 400)
    assert error.code == "malformed"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"client_id": "1000"}, "/client_id"),
        ({"client_id": True}, "/client_id"),
        ({"client_id": 1.5}, "/client_id"),
        ({"client_id": 0}, "/client_id"),
        ({"client_id": 2**53}, "/client_id"),
        ({"client_id": None}, ""),
        ({}, ""),
        ([], ""),
        ({"client_id": 1, "extra": 1}, "/extra"),
        (an_application(income_total="1000"), "/application/income_total"),
        (an_application(income_total=True), "/application/income_total"),
        (an_application(income_total=0), "/application/income_total"),
        (an_application(income_total=-5.0), "/application/income_total"),
        (an_application(amount_credit=1e12), "/application/amount_credit"),
        (an_application(birth_days=12000), "/application/birth_days"),
        (an_application(owns_car=2), "/application/owns_car"),
        (an_application(owns_car=True), "/application/owns_car"),
        (an_application(external_score_1=1.01), "/application/external_score_1"),
        (an_application(contract_type=3), "/application/contract_type"),
        (an_application(default=1), "/application/default"),
        (an_application(annuity=None), "/application/annuity"),
        ({"application": {"annuity": 1.0}}, "/application/contract_type"),
    ],
)
def test_a_refused_value_is_named(api: httpx.Client, body: Any, field: str) -> None:
    """422, with the field's name and never its value."""
    error = the_error(api.post("/score", json=body), 422)
    assert field in [item.pointer for item in error.errors]
    assert "Value error" not in error.model_dump_json()


@pytest.mark.parametrize(
    "media",
    ["text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded",
     "application/vnd.bentoml+pickle", "application/json; charset=latin-1", "", None],
)  # fmt: skip
def test_only_json_is_taken(api: httpx.Client, media: str | None) -> None:
    """415 for any other media type, pickles included, and for none."""
    headers = {} if media is None else {"Content-Type": media}
    the_error(api.post("/score", content=b'{"client_id": 1}', headers=headers), 415)


def test_a_large_body_is_refused_before_it_is_read(api: httpx.Client) -> None:
    """413 at once on a declared length, and as soon as the limit is passed without one."""
    start = time.monotonic()
    the_error(api.post("/score", content=b" " * (BODY_BYTES + 1), headers=JSON), 413)

    def without_length() -> Iterator[bytes]:
        for _ in range(40):
            yield b" " * 4096

    the_error(api.post("/score", content=without_length(), headers=JSON), 413)
    assert time.monotonic() - start < 5


def test_two_hundred_megabytes_do_not_reach_memory(api: httpx.Client) -> None:
    """The refusal comes after the headers; the sender is cut off."""
    host, port = api.base_url.host, api.base_url.port
    key = api.headers["Authorization"]
    with socket.create_connection((host, port), timeout=10) as line:
        line.sendall(
            f"POST /score HTTP/1.1\r\nHost: x\r\nAuthorization: {key}\r\n"
            "Content-Type: application/json\r\nContent-Length: 200000000\r\n\r\n".encode()
        )
        assert b" 413 " in line.recv(200)


def test_the_largest_body_allowed_is_read(api: httpx.Client) -> None:
    """64 KiB exactly is not too large."""
    body = json.dumps({"client_id": 1}).encode().ljust(BODY_BYTES)
    assert api.post("/score", content=body, headers=JSON).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/score", 405),
        ("PUT", "/score", 405),
        ("POST", "/clients/1", 405),
        ("GET", "/healthz", 404),
        ("POST", "/score/submit", 404),
        ("GET", "/", 404),
        ("GET", "/nothing", 404),
        ("GET", "/clients/1/", 404),
        ("GET", "/clients/999999", 404),
        ("GET", "/clients/abc", 422),
        ("GET", "/clients/1e3", 422),
        ("GET", "/clients/-1", 422),
        ("GET", "/clients/%D9%A1", 422),
        ("GET", "/clients/9007199254740992", 422),
        ("GET", "/clients/1?language=de", 422),
        ("GET", "/clients/1?colour=red", 422),
        ("GET", "/clients/1?language=fr&language=en", 400),
        ("GET", "/model?x=1", 422),
    ],
)
def test_addresses_are_strict_too(api: httpx.Client, method: str, path: str, status: int) -> None:
    """Unknown addresses, methods, numbers and parameters are refused in the one shape."""
    the_error(api.request(method, path), status)


def test_an_unknown_client_is_said(api: httpx.Client) -> None:
    """404 when nothing is held; the number is not repeated."""
    error = the_error(api.post("/score", json={"client_id": 999_999}), 404)
    assert "999" not in error.detail


def test_raw_bytes_never_break_the_service(api: httpx.Client) -> None:
    """Whatever arrives on the line, the next caller is answered."""
    host, port = api.base_url.host, api.base_url.port
    for garbage in (b"\x00" * 500, b"GET / HTTP/9.9\r\n\r\n", b"POST /score\r\n\r\n", b"\r\n" * 99):
        with socket.create_connection((host, port), timeout=5) as line:
            line.sendall(garbage)
            line.shutdown(socket.SHUT_WR)
            line.recv(1000)
    assert api.get("/livez").status_code == 200
