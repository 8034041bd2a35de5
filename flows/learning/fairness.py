"""How proposals fall on groups of people, judged by what the policy demands.

Gender, age band and family status are read here, and only here: none is an input of the
scorecard. Three measures compare the groups of one attribute:

- ``granted_ratio``: share granted, relative to the best-served group (the four-fifths rule of the
  US EEOC Uniform Guidelines, 1978). It asks that groups be granted alike, whatever their risk.
- ``granted_good_ratio``: the same among clients who did not default (equal opportunity; Hardt,
  Price and Srebro, 2016). It asks that a good client be granted alike in whatever group.
- ``calibration_gap``: mean probability said less share that defaulted. It asks that the
  probability mean the same in each group.

The policy names the measure and its limit for each attribute. A sample is not the world, so a
limit is held against the 95 % bootstrap interval: a group whose whole interval lies beyond it
blocks the release; one beyond it whose interval reaches it is *doubtful*, and named. What cannot be
computed does not pass.

The figures of each group are a fairlearn ``MetricFrame``; the intervals are not, because its
bootstrap repeats every metric in pandas where a share needs no more than a binomial draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
from fairlearn.metrics import MetricFrame, count
from numpy.typing import NDArray
from sklearn.metrics import recall_score

from features.raw.prepare import Prepared
from flows.learning.groups import Array, Flags, Groups, Measured
from scoring import metrics
from scoring.contract import Verdict
from scoring.cost import CostOfError
from scoring.gate import BLOCKED, PASSED, UNCOMPUTED, waived
from scoring.policy import Fairness as Bound
from scoring.policy import FairnessDemands

AGE_BANDS = ((0, 30), (30, 40), (40, 50), (50, 60), (60, 120))


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """One group of one attribute. Shares are 0 to 1; who is referred is not granted."""

    attribute: str
    group: str
    clients: int
    default_rate: float
    said: float
    selection: Measured
    """Share granted."""
    granted_ratio: Measured
    granted_good_ratio: Measured
    calibration_gap: Measured
    referred_share: float
    refused_good_share: float | None
    """Good clients not granted."""
    granted_default_share: float | None
    """Clients in default granted."""
    auc: float | None
    expected_cost: float


class Standing(StrEnum):
    """How a group stands against the policy's limit."""

    MET = "met"
    DOUBTFUL = "doubtful"
    """Beyond the limit, but so little that chance explains it."""
    BROKEN = "broken"
    UNCOMPUTED = "uncomputed"


@dataclass(frozen=True, slots=True)
class Finding:
    """One group held against the limit of its attribute; no group when none can be compared."""

    attribute: str
    group: str | None
    measure: str
    limit: float
    found: Measured
    standing: Standing

    def __str__(self) -> str:
        """Name the group."""
        return f"{self.attribute}: {self.group}" if self.group else self.attribute


@dataclass(frozen=True, slots=True)
class Fairness:
    """The figures of every group, how each stands, and whether the gate lets the scorecard by."""

    groups: tuple[GroupFigures, ...]
    findings: tuple[Finding, ...]
    waiver: str | None

    @property
    def gate(self) -> str:
        """The label of ``scoring.gate``: a waiver in force passes; no finding is no pass."""
        standings = {finding.standing for finding in self.findings}
        if self.waiver is not None:
            return PASSED
        if Standing.BROKEN in standings:
            return BLOCKED
        return UNCOMPUTED if Standing.UNCOMPUTED in standings or not standings else PASSED

    @property
    def passed(self) -> bool:
        """Whether promotion is allowed."""
        return self.gate == PASSED

    def named(self, standing: Standing) -> tuple[str, ...]:
        """Name the groups that stand so."""
        return tuple(str(finding) for finding in self.findings if finding.standing == standing)

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain values."""
        named = {f"{word}_groups": self.named(word) for word in Standing if word != Standing.MET}
        return {**asdict(self), "gate": self.gate, "passed": self.passed, **named}


def people(prepared: Prepared, client_ids: NDArray[np.int64]) -> pl.DataFrame:
    """Return gender, age band and family status of these clients, in their order."""
    wanted = pl.DataFrame({"client_id": client_ids})
    columns = ("client_id", "gender", "family_status", "birth_days")
    known = prepared.scan("applications").select(columns).collect()
    years = (pl.col("birth_days") / -365.25).floor()
    bands = pl.lit(None, dtype=pl.String)
    for low, high in AGE_BANDS:
        words = f"{low}-{high - 1}" if high < 100 else f"{low} and over"
        bands = pl.when(years.is_between(low, high - 1)).then(pl.lit(words)).otherwise(bands)
    return wanted.join(known, on="client_id", how="left", maintain_order="left").select(
        pl.col("gender").cast(pl.String), bands.alias("age_band"),
        pl.col("family_status").cast(pl.String),
    )  # fmt: skip


def judge_fairness(
    who: pl.DataFrame,
    verdicts: Sequence[str] | NDArray[np.str_],
    default: Array,
    probability: Array,
    demands: FairnessDemands,
    cost: CostOfError,
    *,
    waiver: Path | None = None,
    today: date,
    seed: int = 0,
) -> Fairness:
    """Compare the groups of each attribute of ``who`` (one row a client), and judge them.

    ``verdicts`` (n,) are those of ``scoring.contract.Verdict``, the policy's rules applied;
    ``default`` (n,) is 0/1, ``probability`` (n,) calibrated; ``demands`` are the policy's, an
    attribute without any is shown and not judged. Raises ``ValueError`` for a verdict of another
    name.
    """
    proposed = np.asarray([Verdict(word) for word in verdicts], dtype=np.str_)
    sample = _Sample(proposed, np.asarray(default), np.asarray(probability), cost)
    random = np.random.default_rng(seed)
    figures = {
        attribute: _compared(attribute, Groups.of(who[attribute]), sample, random)
        for attribute in who.columns
    }
    findings = (_held(name, figures.get(name, ()), bound) for name, bound in demands.bounds.items())
    return Fairness(
        groups=tuple(chain.from_iterable(figures.values())),
        findings=tuple(chain.from_iterable(findings)),
        waiver=waived(waiver, today),
    )


@dataclass(frozen=True, eq=False, slots=True)
class _Sample:
    """The clients judged: what was proposed, what became of them, what was said (each (n,))."""

    proposed: NDArray[np.str_]
    default: Array
    probability: Array
    cost: CostOfError

    @property
    def good(self) -> Flags:
        return np.asarray(self.default == 0)

    @property
    def granted(self) -> Flags:
        return np.asarray(self.proposed == Verdict.GRANT)

    @property
    def referred(self) -> Flags:
        return np.asarray(self.proposed == Verdict.REFER)


def _compared(
    attribute: str, groups: Groups, sample: _Sample, random: np.random.Generator
) -> tuple[GroupFigures, ...]:
    """Return the figures of each group; none when there are no two to compare."""
    if not groups.comparable:
        return ()
    everybody = np.ones(len(sample.default), dtype=np.bool_)
    found = zip(
        _by_group(groups, sample),
        groups.measured_means(sample.granted.astype(np.float64), random),
        groups.measured_ratios(sample.granted, everybody, random),
        groups.measured_ratios(sample.granted, sample.good, random),
        groups.measured_means(sample.probability - sample.default, random),
        strict=True,
    )
    return tuple(
        GroupFigures(
            attribute=attribute,
            selection=share,
            granted_ratio=ratio,
            granted_good_ratio=good_ratio,
            calibration_gap=gap,
            **plain,
        )
        for plain, share, ratio, good_ratio, gap in found
    )


def _by_group(groups: Groups, sample: _Sample) -> list[dict[str, Any]]:
    """Return the plain figures of each group, by name. A share of nobody is ``None``, not 0."""
    shown = groups.places >= 0
    probability = {"probability": sample.probability[shown]}
    frame = MetricFrame(
        metrics={
            "clients": count,
            "default_rate": lambda good, _granted: 1 - good.mean(),
            "said": lambda _good, _granted, probability: probability.mean(),
            "referred_share": lambda _good, _granted, referred: referred.mean(),
            "refused_good_share": lambda good, granted: 1 - _recall(good, granted),
            "granted_default_share": lambda good, granted: 1 - _recall(~good, ~granted),
            "auc": lambda good, _granted, probability: metrics.auc(~good, probability),
            "expected_cost": lambda good, granted: sample.cost.expected(~good, ~granted),
        },
        y_true=sample.good[shown],
        y_pred=sample.granted[shown],
        sensitive_features=pd.Series(np.array(groups.names)[groups.places[shown]], name="group"),
        sample_params={
            "said": probability,
            "auc": probability,
            "referred_share": {"referred": sample.referred[shown]},
        },
    )
    table: pl.DataFrame = pl.from_pandas(frame.by_group.reset_index()).sort("group")
    return table.with_columns(pl.col("clients").cast(pl.Int64)).to_dicts()


def _recall(wanted: Flags, given: Flags) -> float:
    return float(recall_score(wanted, given, zero_division=np.nan))


def _held(attribute: str, groups: Sequence[GroupFigures], bound: Bound) -> tuple[Finding, ...]:
    """Hold every group of an attribute against its bound."""
    (limit,) = (value for value in (bound.floor, bound.ceiling) if value is not None)
    if not groups:
        nothing = Measured(None, None)
        return (Finding(attribute, None, bound.measure, limit, nothing, Standing.UNCOMPUTED),)
    found: list[Finding] = []
    for group in groups:
        measured: Measured = getattr(group, bound.measure)
        standing = _standing(bound.measure, limit, measured)
        found.append(Finding(attribute, group.group, bound.measure, limit, measured, standing))
    return tuple(found)


def _standing(measure: str, limit: float, found: Measured) -> Standing:
    if found.value is None or found.interval is None:
        return Standing.UNCOMPUTED
    low, high = found.interval
    if measure == "calibration_gap":
        nearest = max(low, -high, 0.0)  # of the interval to no gap at all
        met, may_be_met = abs(found.value) <= limit, nearest <= limit
    else:
        met, may_be_met = found.value >= limit, high >= limit
    if met:
        return Standing.MET
    return Standing.DOUBTFUL if may_be_met else Standing.BROKEN
