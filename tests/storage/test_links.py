"""Links: the secret's file, and tokens that cannot be made without it."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import links
from storage.errors import SecretUnusable
from storage.links import Link
from storage.settings import StorageSettings
from storage.store import Store

SECRET = bytes(range(32))
LINK = Link("lnk_0123456789abcdef01234567", 100_002, datetime(2026, 12, 1, 9, tzinfo=UTC))


def test_a_token_says_its_link() -> None:
    """Whose it is and when it ends are read back; another secret reads nothing."""
    token = links.seal(SECRET, LINK)
    assert links.opened(SECRET, token) == LINK
    assert links.opened(bytes(32), token) is None
    assert links.seal(SECRET, LINK) == token


@given(text=st.text(max_size=100) | st.from_regex(r"padl_[A-Za-z0-9_-]{76}", fullmatch=True))
def test_nothing_made_up_opens(text: str) -> None:
    """Whatever the text, no exception and no link."""
    assert links.opened(SECRET, text) is None


def test_the_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    """Several processes at the same time end with the same secret, mode 0600."""
    path = tmp_path / "home" / "links.secret"
    with ThreadPoolExecutor(8) as together:
        made = set(together.map(lambda _: links.secret_of(path), range(8)))
    assert len(made) == 1
    assert len(made.pop()) == links.SECRET_BYTES
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["links.secret"]


def test_a_secret_others_can_read_is_refused(tmp_path: Path) -> None:
    """So is one that is too short, or a file that cannot be made."""
    path = tmp_path / "links.secret"
    links.secret_of(path)
    path.chmod(0o640)
    with pytest.raises(SecretUnusable, match="chmod 600"):
        links.secret_of(path)
    path.chmod(0o600)
    path.write_bytes(b"short")
    with pytest.raises(SecretUnusable, match="no secret"):
        links.secret_of(path)
    with pytest.raises(SecretUnusable, match="cannot be made"):
        links.secret_of(path / "below" / "a file")


def test_a_secret_that_was_exchanged_ends_the_links_at_once(tmp_path: Path) -> None:
    """No restart is needed: the file is what counts."""
    settings = StorageSettings(f"sqlite:///{tmp_path / 'a.db'}", tmp_path / "anchor")
    with closing(Store.open(settings)) as store:
        before = store.token_of(LINK)
        secret = tmp_path / "links.secret"
        secret.write_bytes(SECRET)
        assert store.token_of(LINK) == links.seal(SECRET, LINK) != before
