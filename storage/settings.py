"""Where the store is, read once from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def home_of(environment: Mapping[str, str]) -> Path:
    """Return the folder of everything the product writes: ``SCORING_HOME``, or ``data`` here."""
    return Path(environment.get("SCORING_HOME") or ROOT / "data").resolve()


@dataclass(frozen=True, slots=True)
class StorageSettings:
    """Database address, anchor file of the records, and how long to wait for the database.

    ``link_secret`` names the file of the secret that signs clients' links (made when missing).
    """

    url: str
    anchor: Path
    wait_s: float = 4.0
    link_secret: Path | None = None

    @property
    def folders(self) -> tuple[Path, ...]:
        """Existing folders whose disks need room: the anchor's and an SQLite database's."""
        wanted = [self.anchor.parent]
        if self.url.startswith("sqlite:///"):
            wanted.append(Path(self.url.removeprefix("sqlite:///")).resolve().parent)
        return tuple(
            next(folder for folder in (one, *one.parents) if folder.is_dir()) for one in wanted
        )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> StorageSettings:
        """Read ``SCORING_HOME`` and, when they are set, the addresses of each part.

        ``SCORING_DATABASE_URL``, ``SCORING_ANCHOR`` and ``SCORING_LINK_SECRET``.
        """
        home = home_of(environment)
        url = environment.get("SCORING_DATABASE_URL") or f"sqlite:///{home / 'scoring.db'}"
        anchor = environment.get("SCORING_ANCHOR")
        secret = environment.get("SCORING_LINK_SECRET")
        return cls(
            url=url,
            anchor=Path(anchor) if anchor else home / "records.anchor",
            link_secret=Path(secret) if secret else home / "links.secret",
        )
