"""The loads of the benchmark: what is sent, and how the load generator's report is read."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from benchmarks.load import CHANGED, Form, asked, batched, script
from tests.ports import free_port

ECHO = """
import json, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

class Echo(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with open(sys.argv[2], "ab") as seen:
            seen.write(body + b"\\n--\\n")
        self.send_response(500 if self.path == "/bad" else 200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        return None

ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Echo).serve_forever()
"""


@pytest.fixture
def form(tmp_path: Path) -> Iterator[Form]:
    """A form that writes down what it is asked."""
    port = free_port()
    command = [sys.executable, "-c", ECHO, str(port), str(tmp_path / "seen")]
    with subprocess.Popen(command) as process:
        url = f"http://127.0.0.1:{port}"
        transport = httpx.HTTPTransport(retries=8)  # each waits longer for the process to listen
        with httpx.Client(transport=transport, base_url=url) as client:
            client.post("/", content=b"{}")
        yield Form("echo", url, psutil.Process(process.pid), 0.0)
        process.terminate()


def test_batches_carry_every_client_once(form: Form, tmp_path: Path) -> None:
    """Twelve thousand clients go in three bodies; the figure counts clients."""
    figure = batched(form, "batch", "key", range(1, 12_001), "application/json")
    bodies = (tmp_path / "seen").read_bytes().split(b"\n--\n")[1:-1]
    sent = [one for body in bodies for one in body[body.index(b"[") + 1 : -2].split(b",")]
    assert [int(one) for one in sent] == list(range(1, 12_001))
    assert (len(bodies), figure.errors) == (3, 0)
    assert figure.per_second > 0


@pytest.mark.skipif(shutil.which("wrk") is None, reason="the load generator is not installed")
def test_refusals_are_counted_as_errors(form: Form, tmp_path: Path) -> None:
    """Every answer that is no success is an error; each request names a client and a change."""
    asking = script(tmp_path / "ask.lua", [7, 8], "key", CHANGED)
    good = asked(form, "good", "/good", 2, 1, asking)
    bad = asked(form, "bad", "/bad", 2, 1, asking)
    assert good.errors == 0
    assert good.per_second > 0
    assert bad.errors > 0
    assert good.p50_ms <= good.p99_ms
    seen = (tmp_path / "seen").read_bytes()
    assert b'{"client_id": 7, "changes": {"amount_credit": 537000}}' in seen
