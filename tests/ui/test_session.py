"""Sessions: who is signed in, for how long."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ui import session
from ui.session import Session, Sessions


def signed_in(minutes: int = 10) -> Session:
    """Return an advisor's session that lasts so long."""
    return Session("token", "Claire", "advisor", datetime.now(UTC) + timedelta(minutes=minutes))


def test_a_session_is_found_by_its_number_only() -> None:
    """A guess, an empty cookie and an ended session find nobody."""
    sessions = Sessions()
    number = sessions.open(signed_in())
    assert sessions.find(number) is not None
    assert sessions.find("guess") is None
    assert sessions.find(None) is None
    assert sessions.close(number) is not None
    assert sessions.find(number) is None


def test_a_session_the_service_ended_is_read_to_its_end() -> None:
    """The answer that says so still reaches the screen; then nobody is found."""
    sessions = Sessions()
    number = sessions.open(signed_in())
    sessions.end_soon(number)
    kept = sessions.find(number)
    assert kept is not None
    assert kept.expires_at < datetime.now(UTC) + timedelta(minutes=1)
    sessions.end_soon(number, within_s=0)
    assert sessions.find(number) is None
    sessions.end_soon("guess")
    assert sessions.find("guess") is None


def test_a_session_ends_when_the_service_says() -> None:
    """An expired session is forgotten."""
    sessions = Sessions()
    assert sessions.find(sessions.open(signed_in(minutes=-1))) is None


def test_a_flood_of_logins_closes_the_oldest(monkeypatch) -> None:
    """Memory stays bounded."""
    monkeypatch.setattr(session, "MOST_SESSIONS", 3)
    sessions = Sessions()
    numbers = [sessions.open(signed_in()) for _ in range(4)]
    assert sessions.find(numbers[0]) is None
    assert sessions.find(numbers[3]) is not None


def test_a_token_is_not_printed() -> None:
    """A session in a log or an error does not give its token away."""
    assert "token'" not in repr(signed_in())
