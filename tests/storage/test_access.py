"""Keys, people and sessions."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from sqlalchemy import text, update

from storage import access, keys, people, times
from storage.engine import reading, writing
from storage.errors import NotAllowed
from storage.roles import Role
from storage.schema import SESSIONS
from storage.settings import StorageSettings
from storage.store import Store

PASSWORD = "correct horse battery"


def holder(store: Store, token: str) -> str | None:
    """Name of the token's holder, ``None`` when it is not in force."""
    with reading(store.engine) as connection:
        (caller,) = keys.callers(connection, [token])
    return caller.name if caller else None


def add_person(store: Store) -> None:
    """Marie, an advisor."""
    with writing(store.engine) as connection:
        people.create_user(connection, "marie", Role.ADVISOR, PASSWORD)


def test_a_key_works_until_it_is_revoked(store: Store) -> None:
    """A key says who and in which role; revoked, it is nobody's from the next call on."""
    key_id, token = store.create_key(Role.RISK, "reports")
    with reading(store.engine) as connection:
        caller, nobody = keys.callers(connection, [token, token + "x"])
    assert caller is not None
    assert (caller.name, caller.role, caller.is_person) == (key_id, Role.RISK, False)
    assert nobody is None
    with writing(store.engine) as connection:
        keys.revoke_key(connection, key_id)
    assert holder(store, token) is None


def test_no_token_and_no_password_is_stored(store: Store) -> None:
    """The whole database holds neither the key, the session token nor the password."""
    _, token = store.create_key(Role.API, "a program")
    add_person(store)
    session = people.log_in(store.engine, "marie", PASSWORD)
    with reading(store.engine) as connection:
        everything = str(
            [
                connection.execute(text(f"SELECT * FROM {table}")).all()
                for table in ("api_keys", "users", "sessions")
            ]
        )
    for secret in (token, session.token, PASSWORD):
        assert secret not in everything


def test_a_login_opens_a_session_that_ends(store: Store) -> None:
    """A session is in force until it is ended, expires, or its user is disabled."""
    add_person(store)
    tokens = [people.log_in(store.engine, "marie", PASSWORD).token for _ in range(3)]
    assert [holder(store, token) for token in tokens] == ["marie"] * 3
    past = times.text(times.now() - timedelta(seconds=1))
    expired = update(SESSIONS).where(SESSIONS.c.hash == keys.hashed(tokens[1]))
    with writing(store.engine) as connection:
        keys.end_session(connection, keys.hashed(tokens[0]))
        connection.execute(expired.values(expires_at=past))
    assert [holder(store, token) for token in tokens] == [None, None, "marie"]
    with writing(store.engine) as connection:
        people.disable_user(connection, "marie")
    assert holder(store, tokens[2]) is None
    with pytest.raises(NotAllowed):
        people.log_in(store.engine, "marie", PASSWORD)


def test_wrong_name_and_wrong_password_are_said_alike(store: Store) -> None:
    """Nobody learns from the answer whether a name exists."""
    add_person(store)
    with pytest.raises(NotAllowed) as wrong_password:
        people.log_in(store.engine, "marie", "wrong")
    with pytest.raises(NotAllowed) as wrong_name:
        people.log_in(store.engine, "nobody", "wrong")
    assert str(wrong_password.value) == str(wrong_name.value)


def test_the_command_line_makes_lists_and_revokes(
    settings: StorageSettings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A key is shown once when made; a list never shows it; revoking ends it."""
    monkeypatch.setenv("SCORING_DATABASE_URL", settings.url)
    assert access.main(["create-key", "--role", "api", "--label", "batch"]) == 0
    token = capsys.readouterr().out.splitlines()[-1]
    monkeypatch.setattr("sys.stdin", io.StringIO("a long enough password\n"))
    assert access.main(["create-user", "marie", "--role", "advisor", "--password-stdin"]) == 0
    assert access.main(["list"]) == 0
    listed = capsys.readouterr().out
    assert token not in listed
    assert "marie" in listed
    key_id = next(line for line in listed.splitlines() if "batch" in line).split()[0]
    store = Store.open(settings)
    assert holder(store, token) == key_id
    assert access.main(["revoke", key_id]) == 0
    assert holder(store, token) is None
    assert access.main(["revoke", key_id]) == 1
    assert "No key" in capsys.readouterr().err
    store.close()
