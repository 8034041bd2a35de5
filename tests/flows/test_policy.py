"""What a changed policy would change, said before it is put in force."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import polars as pl
import pytest

from flows.policy import PolicyChange, compare_policies, main
from scoring.contract import Verdict
from scoring.cut_off import CutOff
from scoring.policy import FILE, Policy, policy

CUT_OFF = CutOff(value=0.09, interval=(0.08, 0.10), grey_zone=(0.085, 0.095))
SCORES = pl.DataFrame(
    {
        "client_id": [1, 2, 3, 4, 5],
        "default_probability": [0.02, 0.02, 0.02, 0.30, 0.09],
        "refer_causes": [[], ["POLICY"], ["THIN_FILE"], [], ["GREY_ZONE"]],
    },
    schema_overrides={"refer_causes": pl.List(pl.String)},
)
"""At an effort of 20, 50, 70, 50 and 20 % of the income."""
FORMS = pl.DataFrame(
    {
        "client_id": [5, 4, 3, 2, 1],
        "income_total": [100_000.0] * 5,
        "annuity": [20_000.0, 50_000.0, 70_000.0, 50_000.0, 20_000.0],
        "amount_credit": [700_000.0] * 5,
    }
)


def candidate(**limits: float) -> Policy:
    """Return the product's policy with another ceiling and mark of the effort rate."""
    content = json.loads(FILE.read_text(encoding="utf-8"))
    for rule in content["rules"]:
        if rule["code"] == "EFFORT_MAXIMUM":
            rule["conditions"] = [{"measure": "effort_rate", "above": limits["ceiling"]}]
            rule["examples"] = {"hit": {"annuity": 9, "income_total": 1},
                                "spared": {"annuity": 1, "income_total": 9}}  # fmt: skip
    return Policy.model_validate(content | {"version": "2026-12"})


def compared(then: Policy) -> PolicyChange:
    """Compare the policy in force with another on the five clients."""
    return compare_policies(SCORES, FORMS, CUT_OFF, policy(), then)


def test_the_policy_in_force_changes_nothing() -> None:
    """Proposed again under the same rules, every client gets the same answer."""
    same = compared(policy())
    assert same.changed == 0
    assert same.verdicts == {
        (Verdict.DECLINE, Verdict.DECLINE): 2,
        (Verdict.GRANT, Verdict.GRANT): 1,
        (Verdict.REFER, Verdict.REFER): 2,
    }
    assert all(rule.hits_now == rule.hits_then for rule in same.rules)


def test_a_lower_ceiling_declines_whom_it_hits() -> None:
    """Who passes from study to refusal is counted, and by which rule."""
    change = compared(candidate(ceiling=0.4))
    assert change.changed == 1
    assert change.verdicts[Verdict.REFER, Verdict.DECLINE] == 1
    (rule,) = (rule for rule in change.rules if rule.code == "EFFORT_MAXIMUM")
    assert (rule.hits_now, rule.hits_then) == (1, 3)
    assert (change.by_policy_now, change.by_policy_then) == (2, 3)


def test_a_rule_left_out_is_named() -> None:
    """A rule of one policy alone has no effect in the other, and hits nobody there."""
    content = json.loads(FILE.read_text(encoding="utf-8"))
    content["rules"] = [rule for rule in content["rules"] if rule["code"] != "EFFORT_MAXIMUM"]
    change = compared(Policy.model_validate(content))
    (rule,) = (rule for rule in change.rules if rule.code == "EFFORT_MAXIMUM")
    assert (rule.effect_now, rule.effect_then) == ("decline", None)
    assert (rule.hits_now, rule.hits_then) == (1, 0)
    assert change.verdicts[Verdict.DECLINE, Verdict.REFER] == 1, "a thin file remains to study"


def test_the_tables_say_the_same_as_the_figures() -> None:
    """A person at a terminal and a program read the same counts."""
    change = compared(candidate(ceiling=0.4))
    written = change.as_json()
    assert sum(move["clients"] for move in written["verdicts"]) == written["clients"] == 5
    assert written["share_decided_by_policy"] == {"now": 0.4, "then": 0.6}
    assert "1 with another proposal" in change.as_text()
    assert "Decided by the policy: 40.00% now, 60.00% then." in change.as_text()
    assert written["then"].startswith("2026-12-")


def test_an_empty_portfolio_has_no_share() -> None:
    """Nobody to propose to is no division by zero."""
    change = compare_policies(SCORES.clear(), FORMS, CUT_OFF, policy(), policy())
    assert change.as_json()["share_decided_by_policy"] == {"now": 0.0, "then": 0.0}


def test_a_candidate_that_cannot_be_put_in_force_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command ends with a sentence, before any client is scored."""
    file = tmp_path / "next.json"
    file.write_text('{"version": "2026-12"}', encoding="utf-8")
    arguments = ["flows.policy", "--data", str(tmp_path), "--candidate", str(file)]
    monkeypatch.setattr(sys, "argv", arguments)
    assert main() == 1
    assert "next.json is no policy that can be put in force" in capsys.readouterr().err
