"""Loads put on a form of the service: by ``wrk`` for single questions, by hand for batches."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

BATCH = 5_000
ABOUT_ONE = """'{"client_id": ' .. id .. '}'"""
CHANGED = (
    """'{"client_id": ' .. id .. ', "changes": {"amount_credit": '"""
    """ .. (500 + place * 37 % 400) * 1000 .. '}}'"""
)
"""Bodies, as expressions of the load generator's language. The amounts tried are large enough for
the policy to receive them: it refuses goods above ten times the credit, and those would count as
errors."""


@dataclass(frozen=True)
class Figure:
    """One form under one load; of a batch, ``per_second`` counts clients."""

    form: str
    load: str
    callers: int
    per_second: float
    p50_ms: float
    p99_ms: float
    errors: int
    cpu_us: float


@dataclass(frozen=True)
class Form:
    """A running form: where it listens, its processes, and how long it took to answer."""

    name: str
    url: str
    tree: psutil.Process
    started_s: float

    @property
    def cpu_s(self) -> float:
        """CPU spent so far by all its processes."""
        times = [p.cpu_times() for p in (self.tree, *self.tree.children(recursive=True))]
        return sum(one.user + one.system for one in times)

    @property
    def memory_mb(self) -> float:
        """Memory of its largest process: a worker."""
        processes = (self.tree, *self.tree.children(recursive=True))
        return max(process.memory_info().rss for process in processes) / 1e6


def script(path: Path, ids: Sequence[int], key: str, body: str = ABOUT_ONE) -> Path:
    """Write what ``wrk`` sends: each request is about the next of ``ids``."""
    path.write_text(
        f"local ids = {{{','.join(map(str, ids))}}}\n"
        "local place = 0\n"
        'local headers = {["Content-Type"]="application/json", '
        f'["Authorization"]="Bearer {key}"}}\n'
        "request = function()\n"
        "  place = place % #ids + 1\n"
        "  local id = ids[place]\n"
        f'  return wrk.format("POST", nil, headers, {body})\n'
        "end\n"
    )
    return path


def asked(form: Form, load: str, route: str, callers: int, seconds: int, asking: Path) -> Figure:
    """Have ``callers`` ask without a pause; return what they saw."""
    command = ["wrk", "-t1", "--latency", "-s", str(asking), form.url + route]
    before = form.cpu_s
    done = subprocess.run(
        [*command, f"-c{callers}", f"-d{seconds}s"], capture_output=True, text=True, check=True
    )
    spent, said = form.cpu_s - before, done.stdout
    calls = int(_found(r"(\d+) requests in", said))
    failed = sum(int(n) for n in re.findall(r"Non-2xx or 3xx responses: (\d+)", said))
    broken = re.findall(r"Socket errors: (.*)", said)
    failed += sum(int(n) for line in broken for n in re.findall(r"\d+", line))
    return Figure(
        form=form.name,
        load=load,
        callers=callers,
        per_second=float(_found(r"Requests/sec:\s+([\d.]+)", said)),
        p50_ms=_ms(_found(r"\n\s+50%\s+([\d.]+\w+)", said)),
        p99_ms=_ms(_found(r"\n\s+99%\s+([\d.]+\w+)", said)),
        errors=failed,
        cpu_us=spent / max(1, calls) * 1e6,
    )


def batched(form: Form, load: str, key: str, ids: Sequence[int], media: str) -> Figure:
    """Send ``ids`` in batches, each answered as ``media``; return clients a second."""
    headers = {
        "Authorization": f"Bearer {key}",
        "Content-Type": "application/json",
        "Accept": media,
    }
    before, start, took, failed = form.cpu_s, time.monotonic(), [], 0
    with httpx.Client(base_url=form.url, headers=headers, timeout=120) as caller:
        for first in range(0, len(ids), BATCH):
            body = _body(ids[first : first + BATCH])
            sent = time.monotonic()
            failed += caller.post("/score_batch", content=body).status_code != 200
            took.append((time.monotonic() - sent) * 1000)
    seconds, spent = time.monotonic() - start, form.cpu_s - before
    took.sort()
    rate, cpu_us = len(ids) / seconds, spent / len(ids) * 1e6
    return Figure(form.name, load, 1, rate, took[len(took) // 2], took[-1], failed, cpu_us)


def _body(ids: Sequence[int]) -> bytes:
    return b'{"client_ids": [%s]}' % b",".join(b"%d" % one for one in ids)


def _found(pattern: str, said: str) -> str:
    found = re.search(pattern, said)
    return found.group(1) if found else "0"


def _ms(written: str) -> float:
    units = {"us": 0.001, "ms": 1.0, "s": 1000.0}
    unit = next(unit for unit in units if written.endswith(unit)) if written != "0" else "ms"
    return float(written.removesuffix(unit)) * units[unit]
