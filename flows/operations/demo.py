"""What the demo does around the training flow: data, store, access, commands, announcement."""

from __future__ import annotations

import os
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path

import portfolio
from features.raw.prepare import Prepared
from flows.operations.terminal import say
from flows.settings import ROOT
from scoring.assess import assess
from scoring.contract import Verdict
from scoring.policy import Policy
from scoring.scorecard import Scorecard
from storage import clients
from storage.engine import reading, writing
from storage.keys import list_keys, revoke_key
from storage.people import create_user
from storage.roles import Role
from storage.settings import StorageSettings
from storage.store import Store

SYNTHETIC_CLIENTS = 20_000
SEED = 2018
DEMO_USER = "conseil"
DEMO_KEY = "demo"
LOOKED_AT = 300
WORDS = {
    Verdict.GRANT: "granted",
    Verdict.REFER: "to be studied",
    Verdict.DECLINE: "refused",
}


@dataclass(frozen=True, slots=True)
class Access:
    """What the demo's visitor needs to come in; made new at each start."""

    name: str
    password: str
    key: str


def synthetic_portfolio(home: Path) -> Path:
    """Return the demo's archive under ``home``, made on the first call."""
    archive = home / "portfolio" / f"synthetic-{SYNTHETIC_CLIENTS}-{SEED}.zip"
    if not archive.exists():
        say(f"Making a synthetic portfolio of {SYNTHETIC_CLIENTS:,} clients in {archive}")
        archive.parent.mkdir(parents=True, exist_ok=True)
        portfolio.write(archive, clients=SYNTHETIC_CLIENTS, seed=SEED, fmt="zip", report=say)
    return archive


def loaded_store(prepared: Prepared) -> Store:
    """Open the store and fill it with the clients of the prepared tables, once per content."""
    store = Store.open(StorageSettings.from_environment(os.environ))
    if clients.count(store.engine, prepared.fingerprint) < prepared.rows["applications"]:
        say("Storing the clients")
        clients.load(prepared, store.engine, report=say)
        store.anchor_tail()
    return store


def new_access(store: Store) -> Access:
    """Make the demo's login and key anew; the key of the last demo is revoked."""
    password = secrets.token_urlsafe(9)
    with writing(store.engine) as connection:
        for old in list_keys(connection):
            if old.label == DEMO_KEY and old.revoked_at is None:
                revoke_key(connection, old.id)
        create_user(connection, DEMO_USER, Role.ADVISOR, password)
    _, key = store.create_key(Role.API, DEMO_KEY)
    return Access(DEMO_USER, password, key)


def suggested_cases(
    store: Store, scorecard: Scorecard, policy: Policy, source: str
) -> dict[Verdict, int]:
    """Return one case number for each verdict among the first ``LOOKED_AT`` clients of ``source``.

    Nothing is recorded: nobody asked about these clients yet.
    """
    with reading(store.engine) as connection:
        first = clients.ClientBook().page(connection, after=0, limit=LOOKED_AT, source=source)
    found: dict[Verdict, int] = {}
    for client in first:
        snapshot = client.snapshot
        verdict = assess(scorecard, policy, snapshot.application, snapshot.history).verdict
        found.setdefault(verdict, client.client_id)
    return found


def service_command(port: int) -> list[str]:
    """Return the command that serves the scorecard on loopback."""
    bentoml = Path(sys.executable).with_name("bentoml")
    return [
        *(str(bentoml), "serve", "service.py:Scoring", "--working-dir", str(ROOT)),
        *("--host", "127.0.0.1", "--port", str(port)),
    ]


def app_command(port: int, ui_port: int) -> list[str]:
    """Return the command that runs the advisor's app on loopback."""
    service = f"http://127.0.0.1:{port}"
    return [sys.executable, "-m", "ui", "--service", service, "--port", str(ui_port)]


def announce(access: Access, cases: dict[Verdict, int], port: int, ui_port: int) -> None:
    """Print where everything is and how to come in."""
    case = next(iter(cases.values()))
    suggested = ", ".join(f"{client_id} ({WORDS[verdict]})" for verdict, client_id in cases.items())
    say(
        f"""
Ready.

  App        http://127.0.0.1:{ui_port}/fr   (in English: /en)
  Login      {access.name}
  Password   {access.password}
  Try cases  {suggested}

  Service    http://127.0.0.1:{port}   (contract: /docs.json)
  API key    {access.key}

  curl -s http://127.0.0.1:{port}/score -H 'Authorization: Bearer {access.key}' \\
       -H 'Content-Type: application/json' -d '{{"client_id": {case}}}'

Ctrl-C stops everything."""
    )
