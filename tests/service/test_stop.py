"""The stop switch: live, recorded, turned by the risk team or from the command line."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from api.client import RequestRefused, ScoringClient
from storage import audit
from storage.store import Store

ROOT = Path(__file__).resolve().parents[2]
WHY = "The bureau's figures are wrong since this morning."


@pytest.fixture
def risk(service: Any) -> Iterator[ScoringClient]:
    """Somebody of the risk team, who leaves the switch off."""
    with ScoringClient(service.url, service.keys["risk"]) as caller:
        yield caller
        caller.turn_stop(stopped=False, motive="End of this test, nothing is wrong.")


def command(service: Any, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command beside the service."""
    return subprocess.run(
        [sys.executable, "-m", "api.stop", *arguments],
        cwd=ROOT, env=service.environment, text=True, capture_output=True, check=False,
    )  # fmt: skip


def verdicts(caller: ScoringClient) -> set[str]:
    """Return every verdict given now: alone, in a batch, and as a search for another one."""
    batch = caller.score_batch(list(range(1, 20)))
    return {
        *(row.verdict.value for row in batch.rows),
        *(caller.score(client_id=number).verdict.value for number in range(1, 6)),
        caller.recourse(1).verdict.value,
    }


def test_it_takes_effect_when_it_is_answered_and_leaves_a_trace(
    service: Any, risk: ScoringClient
) -> None:
    """The very next proposal is for a person; turned off, proposals are what they were."""
    assert verdicts(risk) != {"REFER"}
    turned = risk.turn_stop(stopped=True, motive=WHY)
    assert (turned.stopped, turned.motive, turned.role) == (True, WHY, "risk")
    assert verdicts(risk) == {"REFER"}
    assert risk.stop_state() == turned
    risk.turn_stop(stopped=False, motive="Corrected and checked by two people.")
    assert verdicts(risk) != {"REFER"}
    with closing(Store.open(service.settings)) as store:
        turns = list(store.records(kind="stop"))
        assert [turn.body["stopped"] for turn in turns][-2:] == [True, False]
        assert audit.verify(store).broken == []


def test_it_is_turned_from_the_command_line(service: Any, risk: ScoringClient) -> None:
    """Without a restart; it says how it stands and who turned it."""
    assert command(service, "on", "--motive", WHY).returncode == 0
    assert verdicts(risk) == {"REFER"}
    said = command(service, "show").stdout
    assert said.startswith("The stop switch is on")
    assert "command line" in said
    assert command(service, "off", "--motive", WHY).stdout.startswith("The stop switch is off")
    assert verdicts(risk) != {"REFER"}
    assert command(service, "on").returncode != 0


def test_it_is_not_everybodys(service: Any) -> None:
    """An advisor sees it and does not turn it; a motive is needed."""
    with ScoringClient(service.url, service.keys["advisor"]) as advisor:
        assert advisor.stop_state().stopped is False
        with pytest.raises(RequestRefused, match="403"):
            advisor.turn_stop(stopped=True, motive=WHY)
    with service.client("risk") as risk:
        assert risk.put("/stop", json={"stopped": True}).status_code == 422
