"""A client's application sent and replaced: nobody undoes a change they have not seen."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.client import RequestRefused, ScoringClient
from storage import audit
from storage.store import Store
from tests.scoring import small_scorecard as small

NEW, HELD = 7_001, 45
FORM = {name: value for name, value in small.CLIENT.items() if value is not None}


@pytest.fixture(scope="module")
def own(
    tmp_path_factory: pytest.TempPathFactory, scorecard_folder: Path, service: Any
) -> Iterator[Any]:
    """A service of this module's own: others count its clients."""
    start = sys.modules[type(service).__module__].a_service
    running = start(tmp_path_factory.mktemp("replacing"), scorecard_folder)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def caller(own: Any) -> Iterator[ScoringClient]:
    """A program."""
    with ScoringClient(own.url, own.keys["api"]) as client:
        yield client


def income(caller: ScoringClient, client_id: int) -> object:
    """Return the income held."""
    sections = caller.client(client_id, "en").sections
    return next(i.value for section in sections for i in section.items if i.name == "income_total")


def test_a_client_is_received_and_scored(caller: ScoringClient) -> None:
    """Without a version when nobody has the number; with one, nothing is there to replace."""
    with pytest.raises(RequestRefused, match="412"):
        caller.put_client(NEW, FORM, version="ab" * 32)
    kept = caller.put_client(NEW, FORM)
    assert kept == caller.client(NEW)
    assert "THIN_FILE" in caller.score(client_id=NEW).refer_causes


def test_a_version_not_seen_is_not_replaced(own: Any, caller: ScoringClient) -> None:
    """428 without a version, 412 with an old one; with the one held, history stays."""
    before = caller.client(HELD)
    changed = {**FORM, "income_total": 77_000.0}
    with pytest.raises(RequestRefused, match="428"):
        caller.put_client(HELD, changed)
    kept = caller.put_client(HELD, changed, before.version)
    assert income(caller, HELD) == 77_000.0
    assert kept.version != before.version
    names = [[s.name for s in one.sections if s.name[0] == "b"] for one in (before, kept)]
    assert names[0] == names[1] != []
    with pytest.raises(RequestRefused, match="412"):
        caller.put_client(HELD, FORM, before.version)
    assert income(caller, HELD) == 77_000.0
    headers = {"Authorization": f"Bearer {own.keys['api']}"}
    answer = httpx.get(f"{own.url}/clients/{HELD}", headers=headers)
    assert answer.headers["ETag"] == f'"{kept.version}"'


def test_of_two_at_the_same_time_one_is_told(caller: ScoringClient) -> None:
    """The other's change is not undone unseen."""
    version = caller.client(46).version

    def replace(amount: float) -> str:
        try:
            caller.put_client(46, {**FORM, "income_total": amount}, version)
        except RequestRefused as refused:
            return str(refused.status)
        return str(amount)

    with ThreadPoolExecutor(2) as together:
        told = set(together.map(replace, (81_000.0, 82_000.0)))
    assert told == {"412", str(income(caller, 46))}


def test_who_read_and_who_replaced_is_recorded(own: Any, caller: ScoringClient) -> None:
    """In the book, which holds, by whom; and it is said with what the client takes away."""
    caller.client(47)
    caller.put_client(47, FORM, caller.client(47).version)
    caller.export(47)
    with closing(Store.open(own.settings)) as store:
        kinds = [one.kind for one in store.records() if one.client_id == 47]
        actors = {one.actor for one in store.records() if one.client_id == 47}
        assert audit.verify(store).broken == []
    assert kinds == ["read", "read", "replacement", "read"]
    assert all(actor.startswith("key_") for actor in actors)


def test_what_the_policy_refuses_is_not_received(caller: ScoringClient) -> None:
    """A minor's application is refused as everywhere, and nothing is held."""
    minor = {**FORM, "birth_days": -17 * 365}
    with pytest.raises(RequestRefused) as refused:
        caller.put_client(7_002, minor)
    assert "/application/birth_days" in [one.pointer for one in refused.value.problem.errors]
    with pytest.raises(RequestRefused, match="404"):
        caller.client(7_002)
