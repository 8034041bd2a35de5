"""How real the synthetic portfolio is: ``python -m benchmarks.realism --data ARCHIVE --json OUT``.

``--data`` is a genuine archive with histories; ``--applications``, when given, a larger one of
applications for the curves and marginals of the application. Figures only; no row is shown.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
from sklearn.metrics import roc_auc_score

from benchmarks import realism_measures as measures
from features.build import build
from features.catalogue import CATALOGUE
from features.encode import Encoder
from features.raw.prepare import prepare
from portfolio import write
from portfolio.archive import read_table
from portfolio.estimate import estimate

Report = Callable[[str], None]

HISTORIES = (
    "bureau",
    "bureau_balance",
    "previous_application",
    "POS_CASH_balance",
    "installments_payments",
    "credit_card_balance",
)
_LEFT_OUT = "instalments"  # the genuine archive holds a fragment of them only
KEY_COLUMNS = (
    "EXT_SOURCE_1", "EXT_SOURCE_2", "EXT_SOURCE_3", "DAYS_BIRTH", "DAYS_EMPLOYED",
    "DAYS_ID_PUBLISH", "DAYS_REGISTRATION", "DAYS_LAST_PHONE_CHANGE", "AMT_INCOME_TOTAL",
    "AMT_CREDIT", "AMT_ANNUITY", "AMT_GOODS_PRICE", "OWN_CAR_AGE", "CNT_CHILDREN",
    "CNT_FAM_MEMBERS", "REGION_RATING_CLIENT", "REGION_POPULATION_RELATIVE",
    "DEF_30_CNT_SOCIAL_CIRCLE", "OBS_30_CNT_SOCIAL_CIRCLE", "AMT_REQ_CREDIT_BUREAU_YEAR",
)  # fmt: skip
CURVES = (
    *KEY_COLUMNS, "NAME_EDUCATION_TYPE", "NAME_INCOME_TYPE", "NAME_FAMILY_STATUS",
    "OCCUPATION_TYPE", "NAME_HOUSING_TYPE", "CODE_GENDER",
)  # fmt: skip
TARGETS = {
    "transfer_auc": ">= 0.72",
    "transfer_auc_held_out": ">= 0.72",
    "psi_share_within": ">= 0.90",
    "discriminator_auc": "<= 0.80",
    "privacy_ratio": ">= 1",
}


def measure(
    data: Path, applications: Path, clients: int, seed: int, held_out: bool, report: Report
) -> dict[str, object]:
    """All measures between the genuine archives and a portfolio of ``clients`` clients."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        synthetic = folder / "portfolio"
        write(synthetic, clients, seed, "parquet", report=report)
        genuine = read_table(applications, "application_train")
        made = pl.read_parquet(synthetic / "application_train.parquet")
        result = {"clients": clients, "seed": seed, **_applications(genuine, made, report)}
        result |= _stability(data, genuine, synthetic, made, report)
        result |= _transfer(data, synthetic, folder, report)
        if held_out:
            result |= _held_out(data, applications, clients, seed, folder, report)
    return result


def _applications(genuine: pl.DataFrame, made: pl.DataFrame, report: Report) -> dict[str, object]:
    report("realism: applications against applications")
    mean_gap, largest_gap = measures.correlation_gap(genuine, made, KEY_COLUMNS)
    curves = {column: round(measures.curve_gap(genuine, made, column), 4) for column in CURVES}
    columns = [c for c in genuine.columns if c not in ("SK_ID_CURR", "TARGET")]
    small, small_made = genuine.head(12_000), made.head(12_000)
    near, among = measures.privacy(small, small_made, KEY_COLUMNS)
    return {
        "default_rate": made["TARGET"].mean(),
        "default_rate_genuine": genuine["TARGET"].mean(),
        "correlation_gap_mean": mean_gap,
        "correlation_gap_max": largest_gap,
        "curve_gap_mean": float(np.mean(list(curves.values()))),
        "curve_gaps": curves,
        "discriminator_auc": measures.discriminator_auc(
            small.select(columns), small_made.select(columns)
        ),
        "privacy_nearest_p1": near,
        "privacy_genuine_p1": among,
        "privacy_ratio": near / among,
    }


def _stability(
    data: Path, genuine: pl.DataFrame, synthetic: Path, made: pl.DataFrame, report: Report
) -> dict[str, object]:
    """PSI of each column of each table, labelled clients only."""
    labelled = read_table(data, "application_train").select("SK_ID_CURR")
    every = {"application": measures.psi_of_table(genuine, made)}
    for stem in HISTORIES:
        report(f"realism: {stem}")
        left, right = read_table(data, stem), pl.read_parquet(synthetic / f"{stem}.parquet")
        if "SK_ID_CURR" in left.columns:
            left = left.join(labelled, on="SK_ID_CURR", how="semi")
            right = right.join(made.select("SK_ID_CURR"), on="SK_ID_CURR", how="semi")
        every[stem] = measures.psi_of_table(left, right)
    values = [v for table in every.values() for v in table.values()]
    failing = {
        f"{table}.{column}": round(value, 3)
        for table, columns in every.items()
        for column, value in columns.items()
        if value > 0.1
    }
    return {
        "psi_columns": len(values),
        "psi_share_within": float(np.mean(np.array(values) <= 0.1)),
        "psi_share_by_table": {
            t: round(float(np.mean(np.array(list(c.values())) <= 0.1)), 3) for t, c in every.items()
        },
        "psi_failing": dict(sorted(failing.items(), key=lambda item: -item[1])),
    }


def _transfer(data: Path, synthetic: Path, folder: Path, report: Report) -> dict[str, object]:
    """Train on synthetic clients, rank genuine ones, with the product's own features."""
    genuine, made = (_features(source, folder) for source in (data, synthetic))
    pairs = _matrices(genuine, made)
    report("realism: training on synthetic clients, then on genuine ones")
    transfer, own = measures.transfer_auc(*pairs), measures.own_auc(pairs[1])
    return {
        "features": pairs[0][0].shape[1],
        "transfer_auc": transfer,
        "own_auc": own,
        "transfer_ratio": transfer / own,
    }


def _held_out(
    data: Path, applications: Path, clients: int, seed: int, folder: Path, report: Report
) -> dict[str, object]:
    """The same, with parameters that never saw the clients that judge: two halves, in turn."""
    genuine = _features(data, folder)
    scores, default = [], []
    for half in (0, 1):
        report(f"realism: parameters without half {half + 1} of the genuine clients")
        judges = genuine.filter(pl.col("client_id") % 2 == half)
        parameters = folder / f"parameters-{half}.json"
        parameters.write_text(estimate(applications, data, judges["client_id"]).to_json())
        out = folder / f"half-{half}"
        write(out, clients, seed, "parquet", parameters=parameters)
        made, judged = _matrices(judges, _features(out, folder))
        scores.append(measures.rank_shares(measures.train(*made).predict(judged[0])))
        default.append(judged[1])
    auc = float(roc_auc_score(np.concatenate(default), np.concatenate(scores)))
    return {"transfer_auc_held_out": auc}


def _features(source: Path, folder: Path) -> pl.DataFrame:
    """The product's features of the labelled clients of an archive."""
    prepared = prepare(source, folder, report=lambda _line: None)
    return build(prepared).filter(pl.col("default").is_not_null())


def _matrices(genuine: pl.DataFrame, made: pl.DataFrame) -> tuple[measures.Labelled, ...]:
    """Matrix and default of the synthetic, then of the genuine clients, features in both only."""
    names = [
        name
        for name in genuine.columns
        if name in made.columns and name in CATALOGUE and CATALOGUE[name].table != _LEFT_OUT
    ]
    encoder = Encoder.of(names)
    return tuple(
        (encoder.matrix(t).astype(float), t["default"].cast(pl.Int64).to_numpy())
        for t in (made, genuine)
    )


def table_of(result: dict[str, object]) -> str:
    """The measures as a markdown table, then the columns that fail."""
    lines = ["| measure | value | target |", "|---|---|---|"]
    for name, value in result.items():
        if isinstance(value, dict):
            continue
        shown = f"{value:.4f}" if isinstance(value, float) else f"{value:,}"
        lines.append(f"| {name} | {shown} | {TARGETS.get(name, '')} |")
    for name in ("psi_share_by_table", "psi_failing", "curve_gaps"):
        found = result[name]
        assert isinstance(found, dict)
        lines += ["", f"{name}: " + (", ".join(f"{k} {v}" for k, v in found.items()) or "none")]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Command line of the realism benchmark."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.realism", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--applications", type=Path)
    parser.add_argument("--clients", type=int, default=30_000)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--json", type=Path)
    parser.add_argument(
        "--held-out",
        action="store_true",
        help="also estimate parameters without the clients that judge, half by half (slow)",
    )
    options = parser.parse_args()

    def report(text: str) -> None:
        sys.stderr.write(text + "\n")

    result = measure(
        options.data,
        options.applications or options.data,
        options.clients,
        options.seed,
        options.held_out,
        report,
    )
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(table_of(result))


if __name__ == "__main__":
    main()
