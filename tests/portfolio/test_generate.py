"""Making a portfolio: the same bytes from the same seed, whatever the blocks; bad input refused."""

from __future__ import annotations

import hashlib
import json
import resource
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from portfolio import write
from portfolio.errors import InvalidRequest, OutputExists, UnusableParameters
from portfolio.parameters import DEFAULT_PATH

STEMS = {
    "application_train", "application_test", "bureau", "bureau_balance", "previous_application",
    "POS_CASH_balance", "installments_payments", "credit_card_balance", "application_dates",
}  # fmt: skip


def _digests(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())}


def test_same_seed_gives_same_bytes_whatever_the_blocks(tmp_path: Path) -> None:
    """Two runs with other block sizes write the same files, byte for byte."""
    for name, block in (("one", 1_000), ("all", 50_000)):
        write(tmp_path / name, 2_100, 7, "parquet", block_clients=block)
    assert _digests(tmp_path / "one") == _digests(tmp_path / "all")


def test_another_seed_gives_another_portfolio(tmp_path: Path) -> None:
    """The seed is what decides."""
    for seed in (1, 2):
        write(tmp_path / str(seed), 50, seed, "parquet")
    first, second = (_digests(tmp_path / str(seed)) for seed in (1, 2))
    assert first["application_train.parquet"] != second["application_train.parquet"]


def test_zip_and_parquet_hold_the_same_rows(tmp_path: Path) -> None:
    """The format changes the packing, not the people."""
    write(tmp_path / "p", 60, 5, "parquet")
    write(tmp_path / "p.zip", 60, 5, "zip")
    from portfolio.archive import read_table

    for stem in ("application_train", "bureau"):
        packed, plain = read_table(tmp_path / "p.zip", stem), read_table(tmp_path / "p", stem)
        assert packed.columns == plain.columns
        assert packed["SK_ID_CURR"].to_list() == plain["SK_ID_CURR"].to_list()


def test_one_client_is_enough(tmp_path: Path) -> None:
    """The smallest portfolio has every file."""
    write(tmp_path / "one", 1, 1, "parquet")
    assert {p.stem for p in (tmp_path / "one").iterdir()} == STEMS


@pytest.mark.parametrize("clients", [0, -5, 10**9])
def test_impossible_numbers_of_clients_are_refused(tmp_path: Path, clients: int) -> None:
    """Nothing is written when the number of clients makes no sense."""
    with pytest.raises(InvalidRequest, match="--clients must be between"):
        write(tmp_path / "out", clients, 1)
    assert list(tmp_path.iterdir()) == []


def test_unknown_scenario_and_format_are_refused(tmp_path: Path) -> None:
    """The message names the choices."""
    with pytest.raises(InvalidRequest, match="recession"):
        write(tmp_path / "out", 10, 1, scenario="war")
    with pytest.raises(InvalidRequest, match="parquet"):
        write(tmp_path / "out", 10, 1, "xlsx")  # type: ignore[arg-type]


def test_existing_output_is_kept_unless_told(tmp_path: Path) -> None:
    """What is there stays, unless --force replaces it."""
    out = tmp_path / "out.zip"
    out.write_text("mine")
    with pytest.raises(OutputExists, match="--force"):
        write(out, 10, 1)
    assert out.read_text() == "mine"
    write(out, 10, 1, force=True)
    assert out.stat().st_size > 1_000


@pytest.mark.parametrize("text", ["{}", "not json", json.dumps({"version": 999})])
def test_unusable_parameters_are_refused(tmp_path: Path, text: str) -> None:
    """Damaged parameters, or those of another version, say how to make them again."""
    path = tmp_path / "parameters.json"
    path.write_text(text)
    with pytest.raises(UnusableParameters, match=r"portfolio\.estimate"):
        write(tmp_path / "out", 10, 1, parameters=path)


def test_full_disk_leaves_nothing_behind(tmp_path: Path) -> None:
    """When writing fails half-way, the message is clear and no half file is left."""
    limit = 200_000  # bytes a file may have: the same refusal as a full disk

    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    run = subprocess.run(
        [sys.executable, "-m", "portfolio", "--clients", "800", "--out", str(tmp_path / "out.zip")],
        preexec_fn=small_files, capture_output=True, text=True, check=False,
        cwd=Path(__file__).resolve().parents[2],
    )  # fmt: skip
    assert run.returncode == 2
    assert "could not be written" in run.stderr
    assert "Traceback" not in run.stderr
    assert list(tmp_path.iterdir()) == []


def test_dates_span_two_years_and_outcomes_mature_later(tmp_path: Path) -> None:
    """Applications are dated over 24 months and each outcome is known a month to a year later."""
    write(tmp_path / "p", 1_500, 4, "parquet")
    dates = pl.read_parquet(tmp_path / "p" / "application_dates.parquet")
    people = pl.read_parquet(tmp_path / "p" / "application_train.parquet")
    joined = dates.join(people, on="SK_ID_CURR")
    assert (joined["outcome"] == joined["TARGET"]).all()
    days = dates.select((pl.col("outcome_date") - pl.col("application_date")).dt.total_days())
    assert days.to_series().is_between(30, 365).all()
    assert dates["application_date"].dt.strftime("%Y-%m").n_unique() == 24
    weekday = joined["application_date"].dt.strftime("%A").str.to_uppercase()
    assert (weekday == joined["WEEKDAY_APPR_PROCESS_START"]).all()


def test_parameters_hold_aggregates_only() -> None:
    """The file is small, states its k-anonymity and has no identifier of anyone."""
    text = DEFAULT_PATH.read_text(encoding="utf-8")
    assert len(text.encode()) <= 300_000
    data = json.loads(text)
    assert data["anonymity"] == 20
    assert "SK_ID" not in text
