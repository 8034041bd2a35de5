"""What a changed policy would change on a portfolio, before it is put in force.

python -m flows.policy --data ARCHIVE --candidate FILE [--json OUT]

Every client of the archive is scored by the serving scorecard; then the policy in force
(``SCORING_POLICY``, or the product's own) and the candidate propose from the same probabilities.
Nothing is put in force and nothing recorded.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import polars as pl

from features.build import KEY, build
from features.raw.prepare import prepare
from flows import SETTINGS
from flows.operations.champion import load_champion
from flows.operations.errors import EXPECTED
from flows.operations.terminal import say
from scoring.batch import assess_frame, read_in_batch
from scoring.contract import DecidedBy, ReferCause, Verdict
from scoring.cut_off import CutOff
from scoring.policy import Policy, Rule, policy
from scoring.verdict import Proposal, propose

OF_A_PROPOSAL = frozenset({ReferCause.GREY_ZONE, ReferCause.POLICY})
"""Causes that ``propose`` finds itself: never handed to it again."""


@dataclass(frozen=True, slots=True)
class RuleChange:
    """One rule under both policies: its effect (``None`` where it is not) and the clients hit."""

    code: str
    effect_now: str | None
    effect_then: str | None
    hits_now: int
    hits_then: int


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """What a candidate would change: ``verdicts`` counts clients by (verdict now, then)."""

    now: str
    then: str
    clients: int
    verdicts: Mapping[tuple[Verdict, Verdict], int]
    rules: tuple[RuleChange, ...]
    by_policy_now: int
    by_policy_then: int

    @property
    def changed(self) -> int:
        """Clients who would be proposed something else."""
        return sum(count for (now, then), count in self.verdicts.items() if now is not then)

    def as_json(self) -> dict[str, Any]:
        """Return the figures as plain values; shares are of all clients."""
        moves = [
            {"from": now, "to": then, "clients": count}
            for (now, then), count in self.verdicts.items()
        ]
        return {
            "now": self.now,
            "then": self.then,
            "clients": self.clients,
            "changed": self.changed,
            "verdicts": moves,
            "rules": [asdict(rule) for rule in self.rules],
            "share_decided_by_policy": {
                "now": _share(self.by_policy_now, self.clients),
                "then": _share(self.by_policy_then, self.clients),
            },
        }

    def as_text(self) -> str:
        """Return the tables a person reads in a terminal."""
        names = list(Verdict)
        lines = [
            f"Policy {self.now} now, {self.then} then; {self.clients:,} clients, "
            f"{self.changed:,} with another proposal.",
            "",
            f"{'now / then':<12}" + "".join(f"{then.value:>12}" for then in names),
        ]
        for now in names:
            counts = (self.verdicts.get((now, then), 0) for then in names)
            lines.append(f"{now.value:<12}" + "".join(f"{count:>12,}" for count in counts))
        lines += ["", f"{'rule':<28}{'effect now':>14}{'then':>14}{'hits now':>12}{'then':>12}"]
        for rule in self.rules:
            effects = f"{rule.effect_now or '-':>14}{rule.effect_then or '-':>14}"
            lines.append(f"{rule.code:<28}{effects}{rule.hits_now:>12,}{rule.hits_then:>12,}")
        shares = (_share(n, self.clients) for n in (self.by_policy_now, self.by_policy_then))
        lines += ["", "Decided by the policy: {:.2%} now, {:.2%} then.".format(*shares)]
        return "\n".join(lines)


def compare_policies(
    scores: pl.DataFrame, applications: pl.DataFrame, cut_off: CutOff, now: Policy, then: Policy
) -> PolicyChange:
    """Propose for the same clients under two policies.

    ``scores`` has client_id, default_probability and refer_causes (a list); ``applications`` the
    forms, by client_id in any order.
    """
    forms = scores.select(KEY).join(applications, on=KEY, how="left", maintain_order="left")
    hits_now, hits_then = now.hits_frame(forms), then.hits_frame(forms)
    proposed_now = _proposals(scores, cut_off, hits_now)
    proposed_then = _proposals(scores, cut_off, hits_then)
    pairs = zip(proposed_now, proposed_then, strict=True)
    return PolicyChange(
        now=now.identity,
        then=then.identity,
        clients=scores.height,
        verdicts=dict(sorted(Counter((a.verdict, b.verdict) for a, b in pairs).items())),
        rules=_rules(now, then, _counted(hits_now), _counted(hits_then)),
        by_policy_now=_by_policy(proposed_now),
        by_policy_then=_by_policy(proposed_then),
    )


def _proposals(
    scores: pl.DataFrame, cut_off: CutOff, hits: Sequence[tuple[Rule, ...]]
) -> list[Proposal]:
    columns = scores["default_probability"].to_list(), scores["refer_causes"].to_list()
    return [
        propose(probability, cut_off, _handed(causes), met)
        for probability, causes, met in zip(*columns, hits, strict=True)
    ]


def _handed(causes: Sequence[str]) -> list[ReferCause]:
    return [cause for cause in map(ReferCause, causes) if cause not in OF_A_PROPOSAL]


def _counted(hits: Sequence[tuple[Rule, ...]]) -> Counter[str]:
    return Counter(rule.code for met in hits for rule in met)


def _rules(
    now: Policy, then: Policy, hits_now: Counter[str], hits_then: Counter[str]
) -> tuple[RuleChange, ...]:
    before = {rule.code: rule.effect.value for rule in now.rules}
    after = {rule.code: rule.effect.value for rule in then.rules}
    return tuple(
        RuleChange(code, before.get(code), after.get(code), hits_now[code], hits_then[code])
        for code in before | after
    )


def _by_policy(proposed: Sequence[Proposal]) -> int:
    return sum(one.decided_by is DecidedBy.POLICY for one in proposed)


def _share(count: int, clients: int) -> float:
    return count / clients if clients else 0.0


def compare(data: Path, home: Path, candidate: Path) -> PolicyChange:
    """Score the archive ``data`` and compare the policy in force with the file ``candidate``.

    Raises ``InvalidPolicy`` for a file that could not be put in force, before anything is scored.
    """
    now, then = policy(SETTINGS.policy_file), policy(candidate)
    _, scorecard = load_champion(SETTINGS.model_tag)
    prepared = prepare(data, home, report=say)
    applications = prepared.scan("applications").collect()
    scores = assess_frame(
        scorecard, now, build(prepared, names=read_in_batch(scorecard), report=say), applications
    )
    return compare_policies(scores, applications, scorecard.metadata.cut_off, now, then)


def main() -> int:
    """Read the command line and compare; 1 and a sentence when it cannot be done."""
    parser = argparse.ArgumentParser(prog="python -m flows.policy", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="archive (zip or folder)")
    parser.add_argument("--candidate", type=Path, required=True, help="the changed policy file")
    parser.add_argument("--json", type=Path, help="file for the figures")
    parser.add_argument("--home", type=Path, default=SETTINGS.home, help="for the prepared tables")
    options = parser.parse_args()
    try:
        change = compare(options.data, options.home.resolve(), options.candidate)
    except EXPECTED as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(change.as_json(), indent=1) + "\n", encoding="utf-8")
    say(change.as_text())
    return 0


if __name__ == "__main__":
    sys.exit(main())
