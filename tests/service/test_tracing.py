"""OpenTelemetry's spans: off by default; when on, by route name and without a client's value."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from api.tracing import TracesRefused, must_be_possible

TRACE = "0af7651916cd43dd8448eb211c80319c"
CANARY = "CANARY-TEXT"
HAS_EXPORTER = find_spec("opentelemetry.exporter") is not None


@pytest.fixture(scope="module")
def traced(
    tmp_path_factory: pytest.TempPathFactory, scorecard_folder: Path, service: Any
) -> Iterator[Any]:
    """A service that writes its spans to its log."""
    start = sys.modules[type(service).__module__].a_service
    own = start(tmp_path_factory.mktemp("traced"), scorecard_folder, SCORING_TRACES="console")
    yield own
    own.stop()


def spans(log: str) -> list[dict[str, Any]]:
    """Return the JSON objects of a log that are spans."""
    found, place, decoder = [], 0, json.JSONDecoder()
    while (place := log.find('{\n    "name"', place)) >= 0:
        span, place = decoder.raw_decode(log, place)
        found.append(span)
    return found


def told_of(traced: Any, names: set[str]) -> list[dict[str, Any]]:
    """Return the spans once those of these names are written, which comes after the answers."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        told = spans(traced.log.read_text())
        if names <= {span["name"] for span in told}:
            return told
        time.sleep(0.05)
    msg = f"not all of {sorted(names)} were told"
    raise AssertionError(msg)


def test_a_span_says_route_status_and_request_id_and_nothing_of_the_client(traced: Any) -> None:
    """The caller's trace goes on; no address, no number, no text that was sent."""
    headers = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}
    with traced.client("api") as api:
        answer = api.get("/clients/54", headers=headers)
        api.post("/score", json={"client_id": 54, CANARY: 1})
        api.get(f"/{CANARY}?client_id=54")
    told = told_of(traced, {"client", "score", "none"})
    mine = next(span for span in told if span["context"]["trace_id"] == f"0x{TRACE}")
    assert mine["name"] == "client"
    assert mine["attributes"] == {
        "http.request.method": "GET",
        "http.route": "client",
        "http.response.status_code": 200,
        "scoring.request_id": answer.headers["X-Request-ID"],
    }
    assert CANARY not in traced.log.read_text()
    assert "/clients/54" not in traced.log.read_text()


def test_traces_are_off_by_default(service: Any) -> None:
    """Nothing is told unless somebody asks for it."""
    with service.client("api") as api:
        api.get("/model")
    assert spans(service.log.read_text()) == []


@pytest.mark.skipif(HAS_EXPORTER, reason="the extra is installed")
def test_a_collector_without_the_extra_is_said_at_start() -> None:
    """One sentence that says what to install."""
    with pytest.raises(TracesRefused, match="extra `tracing`"):
        must_be_possible("http://127.0.0.1:4318/v1/traces")


@pytest.mark.skipif(not HAS_EXPORTER, reason="the extra is not installed")
def test_spans_reach_a_collector() -> None:
    """Sent over HTTP, as OTLP."""
    received = threading.Event()

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.set()
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Collector)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    code = (
        "import asyncio, sys\n"
        "from api.tracing import Traced\n"
        "async def app(scope, receive, send):\n"
        "    scope['state']['operation'] = 'livez'\n"
        "    await send({'type': 'http.response.start', 'status': 200, 'headers': []})\n"
        "async def send(message): pass\n"
        "traced = Traced(app, sys.argv[1])\n"
        "scope = {'type': 'http', 'method': 'GET', 'path': '/livez', 'headers': []}\n"
        "asyncio.run(traced(scope, None, send)); traced._provider.shutdown()\n"
    )
    address = f"http://127.0.0.1:{server.server_address[1]}/v1/traces"
    subprocess.run([sys.executable, "-c", code, address], check=True, env=dict(os.environ))
    assert received.wait(5)
    server.shutdown()
    server.server_close()
