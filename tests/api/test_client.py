"""The Python client against a line that loses answers."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from api.client import (
    RequestRefused,
    ScoringClient,
    ServiceUnavailable,
    TooManyRequests,
)
from scoring.contract import FileRequest, FollowUpRequest

ANSWER = {
    "assessment_id": "asm_1", "client_id": 7, "assessed_at": "2026-11-23T09:00:00Z",
    "model_tag": "scorecard:1", "default_probability": 0.1, "cut_off": 0.09,
    "verdict": "DECLINE", "refer_causes": [], "grey_zone": [0.08, 0.1], "points": 500,
    "risk_band": "D", "policy": "2026-11-0123456789ab", "decided_by": "scorecard", "rules": [],
    "rule_sentences": [], "cautions": [],
}  # fmt: skip
REFUSED = {
    "type": "/docs.json", "title": "Refused.", "status": 422, "detail": "No.", "code": "invalid",
    "errors": [{"pointer": "/client_id", "code": "wrong_type", "message": "A whole number."}],
}  # fmt: skip


class Line(ThreadingHTTPServer):
    """A server that plays a list of outcomes: a status, or 0 for a line that breaks."""

    def __init__(self, outcomes: list[int]) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.outcomes = outcomes
        self.keys: list[str | None] = []
        self.callers: list[str | None] = []
        self.paths: list[str] = []
        self.retry_after: str | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class Answering(BaseHTTPRequestHandler):
    """Plays the next outcome."""

    server: Line

    def do_POST(self) -> None:
        """Note the key and who asks, then answer or hang up."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.keys.append(self.headers["Idempotency-Key"])
        self.server.callers.append(self.headers["Authorization"])
        self.server.paths.append(self.path)
        status = self.server.outcomes.pop(0)
        if status == 0:
            self.close_connection = True
            return
        body = json.dumps(ANSWER if status == 200 else REFUSED).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if self.server.retry_after is not None:
            self.send_header("Retry-After", self.server.retry_after)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def line(request: pytest.FixtureRequest) -> Iterator[Line]:
    """A server on a thread, with the outcomes the test names."""
    server = Line(list(request.param))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("line", [(0, 503, 200)], indirect=True)
def test_a_lost_call_is_sent_again_under_one_key(line: Line) -> None:
    """A broken line and a 503 are retried with the same Idempotency-Key."""
    with ScoringClient(line.url, "key") as scoring:
        assert scoring.score(client_id=7).default_probability == 0.1
    assert len(line.keys) == 3
    assert len(set(line.keys)) == 1


@pytest.mark.parametrize("line", [(422,)], indirect=True)
def test_a_refusal_is_raised_at_once_with_its_fields(line: Line) -> None:
    """What the caller must correct is not retried."""
    with ScoringClient(line.url, "key") as scoring, pytest.raises(RequestRefused) as refused:
        scoring.score(client_id=7)
    assert refused.value.status == 422
    assert refused.value.problem.errors[0].pointer == "/client_id"


@pytest.mark.parametrize("line", [(503, 503)], indirect=True)
def test_it_gives_up_after_the_retries(line: Line) -> None:
    """The last outcome stands."""
    with ScoringClient(line.url, "key", retries=1) as scoring, pytest.raises(ServiceUnavailable):
        scoring.score(client_id=7)


@pytest.mark.parametrize("line", [(422,)], indirect=True)
def test_a_caller_may_name_what_it_files(line: Line) -> None:
    """Who sends a form twice under its own key has it filed once."""
    request = FileRequest(client_id=7, kind="objection", motive="Not with this credit bureau.")
    with ScoringClient(line.url) as scoring, pytest.raises(RequestRefused):
        scoring.file_request(request, key="form-1")
    assert line.keys == ["form-1"]


@pytest.mark.parametrize("line", [(200, 200, 200)], indirect=True)
def test_one_client_asks_for_several_callers(line: Line) -> None:
    """A caller that holds another key uses the same connections, under its own name."""
    with ScoringClient(line.url, "mine") as scoring:
        scoring.score(client_id=7)
        scoring.holding("another").score(client_id=7)
        scoring.holding(None).score(client_id=7)
    assert line.callers == ["Bearer mine", "Bearer another", None]


@pytest.mark.parametrize("line", [(429, 200)], indirect=True)
def test_a_long_wait_is_left_to_the_caller(line: Line) -> None:
    """Told to come back in minutes, it says so at once instead of sleeping."""
    line.retry_after = "900"
    with ScoringClient(line.url, "key") as scoring, pytest.raises(TooManyRequests) as told:
        scoring.score(client_id=7)
    assert told.value.wait_s == 900
    assert line.outcomes == [200]


@pytest.mark.parametrize("line", [(429, 200)], indirect=True)
def test_a_short_wait_is_waited(line: Line) -> None:
    """As long as the service says."""
    line.retry_after = "1"
    with ScoringClient(line.url, "key") as scoring:
        start = time.monotonic()
        assert scoring.score(client_id=7).client_id == 7
    assert time.monotonic() - start >= 1


@pytest.mark.parametrize("line", [(200,)], indirect=True)
def test_whatever_is_typed_as_an_id_stays_one_part_of_the_address(line: Line) -> None:
    """No other route is reached through it."""
    with ScoringClient(line.url) as scoring, pytest.raises(ServiceUnavailable):
        scoring.follow_up("../links/lnk_1?x=", FollowUpRequest(outcome="accepted"))
    assert line.paths == ["/requests/..%2Flinks%2Flnk_1%3Fx%3D/follow-up"]
