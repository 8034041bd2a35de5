"""Command line of the generator: ``python -m portfolio --clients 20000 --out portfolio.zip``."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from portfolio.errors import PortfolioError
from portfolio.generate import write
from portfolio.parameters import DEFAULT_PATH
from portfolio.scenarios import SCENARIOS, START


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m portfolio",
        description="Make a synthetic portfolio in the Kaggle layout.",
        epilog=f"Scenarios start on {START}: {', '.join(SCENARIOS)}.",
    )
    parser.add_argument(
        "--clients",
        type=int,
        default=20_000,
        help="labelled clients; 16 %% more come without label",
    )
    parser.add_argument("--out", type=Path, required=True, help="the zip or the folder to make")
    parser.add_argument("--format", default="zip", help="zip (of CSV) or parquet (a folder)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scenario", default="none", help="a drift: " + ", ".join(SCENARIOS))
    parser.add_argument("--parameters", type=Path, default=DEFAULT_PATH)
    parser.add_argument(
        "--block-clients",
        type=int,
        default=5_000,
        help="clients drawn at a time; changes memory, never the result",
    )
    parser.add_argument("--force", action="store_true", help="replace an existing output")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code is 0, or 2 when nothing was made."""
    options = _parser().parse_args(arguments)
    started = time.monotonic()

    def report(text: str) -> None:
        sys.stdout.write(f"[{time.monotonic() - started:6.1f} s] {text}\n")
        sys.stdout.flush()

    try:
        write(
            options.out,
            options.clients,
            options.seed,
            options.format,
            options.scenario,
            options.force,
            report,
            parameters=options.parameters,
            block_clients=options.block_clients,
        )
    except PortfolioError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    report(f"portfolio: {options.out} is ready")
    return 0


if __name__ == "__main__":
    sys.exit(main())
