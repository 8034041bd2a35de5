"""The limit of requests on the real service, with two workers."""

from __future__ import annotations

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import httpx

RATE = 5


def test_two_workers_share_the_limit(tmp_path: Path, scorecard_folder: Path, service: Any) -> None:
    """A caller on many connections gets what the limit says, and is told when to come back."""
    own = sys.modules[type(service).__module__].a_service(
        tmp_path, scorecard_folder, SCORING_WORKERS="2", SCORING_RATE_LIMIT=str(RATE)
    )

    def ask(_number: int) -> tuple[int, str | None]:
        """On a connection of its own, which either worker may take."""
        with closing(HTTPConnection("127.0.0.1", own.port, timeout=15)) as line:
            line.request("GET", "/model", headers=headers)
            answer = line.getresponse()
            return answer.status, answer.getheader("Retry-After")

    headers = {"Authorization": f"Bearer {own.keys['api']}"}
    try:
        start = time.monotonic()
        with ThreadPoolExecutor(16) as together:
            answers = list(together.map(ask, range(400)))
        allowed = sum(status == 200 for status, _ in answers)
        assert 2 * RATE <= allowed <= 2 * RATE + (time.monotonic() - start) * RATE + 1
        assert {answer for answer in answers if answer[0] != 200} == {(429, "1")}
        with own.client("risk") as other:
            assert other.get("/model").status_code == 200
        assert httpx.get(f"{own.url}/livez").status_code == 200
    finally:
        own.stop()
