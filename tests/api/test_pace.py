"""The limit of requests: a bucket for each caller, shared by every worker of a machine."""

from __future__ import annotations

import hashlib
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from api import pace
from api.pace import Pace

ROOT = Path(__file__).resolve().parents[2]
SLOW = 0.5
"""Requests a second: what fills during a test does not matter."""
ANOTHER_WORKER = """
import sys
from pathlib import Path
from api.pace import Pace
mine, taken = Pace(float(sys.argv[1]), Path(sys.argv[2])), 0
while not mine.take(sys.argv[3]).wait_s:
    taken += 1
print(taken)
"""


def caller(name: int) -> str:
    """Return a caller's hash."""
    return hashlib.sha256(str(name).encode()).hexdigest()


def taken(mine: Pace, who: str) -> int:
    """Ask until refused; return how often it was allowed."""
    for count in range(10_000):
        if mine.take(who).wait_s:
            return count
    pytest.fail("never refused")


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[Pace]:
    """A limit of one request every two seconds."""
    made = Pace(SLOW, tmp_path / "home" / "pace")
    yield made
    made.close()


def test_a_caller_gets_a_bucket_and_then_the_rate(tmp_path: Path) -> None:
    """Twice the rate at once, refused after, allowed again at the steady rate."""
    mine = Pace(50, tmp_path / "pace")
    start = time.monotonic()
    first = taken(mine, caller(1))
    assert 100 <= first <= 100 + (time.monotonic() - start) * 50 + 1
    time.sleep(0.2)
    assert 9 <= taken(mine, caller(1)) <= (time.monotonic() - start) * 50 + 1
    mine.close()


def test_a_refusal_says_when_to_come_back(slow: Pace) -> None:
    """In whole seconds, and what is left and most of it."""
    first = slow.take(caller(1))
    assert (first.left, first.most, first.wait_s) == (0, 1, 0)
    assert slow.take(caller(1)).wait_s == 2


def test_what_is_given_back_may_be_taken_again(slow: Pace) -> None:
    """And no more than that."""
    assert taken(slow, caller(1)) == 1
    for _ in range(3):
        slow.give_back(caller(1))
    assert taken(slow, caller(1)) == 1


def test_callers_do_not_share_a_bucket(slow: Pace) -> None:
    """Each of many has their own."""
    assert [taken(slow, caller(number)) for number in range(50)] == [1] * 50


def test_workers_share_the_buckets(tmp_path: Path) -> None:
    """Four processes that ask at the same time get together what one would get."""
    command = [sys.executable, "-c", ANOTHER_WORKER, "2000", str(tmp_path / "pace"), caller(1)]
    start = time.monotonic()
    workers = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(4)
    ]
    total = sum(int(worker.communicate(timeout=120)[0]) for worker in workers)
    assert 4_000 <= total <= 4_000 + (time.monotonic() - start) * 2_000


def test_the_one_that_asked_longest_ago_is_forgotten_first(
    slow: Pace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A place for everybody is not needed: a forgotten caller starts with a full bucket."""
    monkeypatch.setattr(pace, "PLACES", 1)
    callers = [caller(number) for number in range(pace.NEIGHBOURS + 1)]
    for one in callers[:-1]:
        assert taken(slow, one) == 1
    assert taken(slow, callers[1]) == 0
    assert taken(slow, callers[-1]) == 1
    assert taken(slow, callers[0]) == 1


def test_a_clock_that_starts_again_locks_nobody_out(slow: Pace, tmp_path: Path) -> None:
    """After a restart of the machine the file's times lie ahead."""
    assert taken(slow, caller(1)) == 1
    file = tmp_path / "home" / "pace"
    written = bytearray(file.read_bytes())
    for place in range(0, len(written), 24):
        number, held, since = struct.unpack_from("<Qdd", written, place)
        if number:
            struct.pack_into("<Qdd", written, place, number, held, since + 1e9)
    with file.open("r+b") as opened:
        opened.write(written)
    assert taken(slow, caller(1)) == 1
