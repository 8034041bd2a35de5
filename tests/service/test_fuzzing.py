"""Thousands of requests made up from the OpenAPI document: nothing breaks, nothing invalid passes.

schemathesis draws good and bad values for every route and checks that an answer has a declared
status, media type and shape, and that what the document forbids is refused. Its seed is printed.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CASES = 5_000
SEED = os.environ.get("FUZZ_SEED", "63578620989692990378836532566232893887")
"""The same requests each time, unless ``FUZZ_SEED`` asks for others."""
CHECKS = ("not_a_server_error", "status_code_conformance", "content_type_conformance",
          "response_schema_conformance", "negative_data_rejection")  # fmt: skip

REFUSALS = """\
[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 428, 429]
"""
"""What counts as refused: schemathesis leaves out 413, our answer to a body that is too large."""


@pytest.fixture
def own(tmp_path: Path, scorecard_folder: Path, service: Any) -> Iterator[Any]:
    """A service of this test's own, whose clients may be replaced by anything."""
    running = sys.modules[type(service).__module__].a_service(tmp_path, scorecard_folder)
    yield running
    running.stop()


def fuzz(service: Any, role: str, *more: str) -> int:
    """Run schemathesis as ``role``; return how many cases it made. Fails with what it found."""
    configuration = service.home / "schemathesis.toml"
    configuration.write_text(REFUSALS)
    document = service.home / "docs.json"
    with service.client("admin") as admin:
        document.write_bytes(admin.get("/docs.json").content)
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        "--config-file", str(configuration), "run", str(document), "--url", service.url,
        "--header", f"Authorization: Bearer {service.keys[role]}", "--mode", "all",
        "--checks", ",".join(CHECKS), "--continue-on-failure", "--no-shrink", "--no-color",
        "--seed", SEED, "--generation-database", "none", "--warnings", "off", *more,
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=service.home)
    sys.stdout.write(done.stdout[-2000:])
    if done.returncode != 0:
        pytest.fail(done.stdout[-6000:] + done.stderr[-1000:])
    return sum(int(number) for number in re.findall(r"(\d+) generated", done.stdout))


def test_no_request_breaks_the_service(own: Any) -> None:
    """At least 5,000 cases: 0 server errors, 0 invalid inputs accepted, 0 undeclared answers.

    Logins are left out: they slow names down, as they must, and would answer 429. The client's
    view comes first, before an administrator's requests may have revoked its link.
    """
    made = fuzz(own, "client", "--include-path-regex", "^/view", "--max-examples", "100")
    left_out = ("--exclude-path-regex", "^/(sessions|decisions|view)")
    made += fuzz(own, "admin", *left_out, "--max-examples", "100")
    made += fuzz(own, "advisor", "--include-path", "/decisions", "--max-examples", "100")
    assert made >= CASES
    assert "Traceback" not in own.log.read_text()
