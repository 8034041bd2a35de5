"""Times as stored: UTC, ISO 8601 text with microseconds, so that text order is time order."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present moment, UTC."""
    return datetime.now(UTC)


def text(moment: datetime) -> str:
    """Write ``moment`` as stored.

    >>> text(datetime(2026, 11, 23, 9, 5, tzinfo=UTC))
    '2026-11-23T09:05:00.000000Z'
    """
    written = moment.astimezone(UTC).isoformat(timespec="microseconds")
    return written.removesuffix("+00:00") + "Z"


def moment(written: str) -> datetime:
    """Read a stored time back."""
    return datetime.fromisoformat(written)
