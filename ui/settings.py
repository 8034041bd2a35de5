"""What the app is told when it starts, read once at the edge."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass

from scoring.contract.currency import CURRENCIES, CURRENCY


@dataclass(frozen=True)
class Settings:
    """Addresses, currency and cookie policy of one running app."""

    service: str = "http://127.0.0.1:3000"
    host: str = "127.0.0.1"
    port: int = 7860
    currency: str = CURRENCY
    secure_cookie: bool = False
    """True behind TLS: the browser then never sends the session in clear."""


def read_settings(arguments: Sequence[str] | None = None) -> Settings:
    """Read the options of ``python -m ui``; the environment gives the defaults."""
    parser = argparse.ArgumentParser(prog="python -m ui", description="The advisor's app.")
    parser.add_argument(
        "--service",
        default=os.environ.get("SCORING_SERVICE_URL", Settings.service),
        help="address of the scoring service",
    )
    parser.add_argument("--host", default=Settings.host, help="address to listen on")
    parser.add_argument("--port", type=int, default=Settings.port, help="port to listen on")
    parser.add_argument(
        "--currency",
        choices=sorted(CURRENCIES),
        default=os.environ.get("SCORING_CURRENCY") or CURRENCY,
        help="currency the amounts are written in",
    )
    parser.add_argument(
        "--secure-cookie", action="store_true", help="the app is reached through TLS"
    )
    options = parser.parse_args(arguments)
    return Settings(
        service=options.service.rstrip("/"),
        host=options.host,
        port=options.port,
        currency=options.currency,
        secure_cookie=options.secure_cookie,
    )
