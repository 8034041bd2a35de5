"""A scorecard on disk: plain files, and a manifest with the SHA-256 of each.

LightGBM aborts the whole process on a truncated model and scores wrongly on a changed digit, so
nothing is given to it before the manifest agrees.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from scoring.errors import ModelRejected

MANIFEST = "manifest.json"
BOOSTER = "booster.txt"
GRID = "grid.json"
ESTIMATES = "estimates.json"
CALIBRATION = "calibration.json"
ENCODER = "encoder.json"
SCORECARD = "scorecard.json"
GOLDEN = "golden.json"
RUN = "run.json"
POPULATION = "population.json"

REQUIRED = (BOOSTER, CALIBRATION, ENCODER, SCORECARD, GOLDEN, RUN)
NOT_IDENTITY = (RUN,)
"""Files that say when a scorecard was made, not what it is."""

FORMAT = 2


def sha256(text: str | bytes) -> str:
    """Return the SHA-256 of a text (as UTF-8) or bytes, in hexadecimal."""
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


def scorecard_hash(files: Mapping[str, str]) -> str:
    """Return one hash for what the scorecard is, from the hashes of its files.

    The same data, code and seed give the same hash, whenever the training ran.
    """
    lines = (f"{name} {files[name]}" for name in sorted(files) if name not in NOT_IDENTITY)
    return sha256("\n".join(lines))


def write(folder: Path, contents: Mapping[str, str]) -> str:
    """Write the files and their manifest into ``folder``; return the scorecard's hash."""
    folder.mkdir(parents=True, exist_ok=True)
    hashes = {name: sha256(text) for name, text in sorted(contents.items())}
    for name, text in contents.items():
        (folder / name).write_bytes(text.encode())
    identity = scorecard_hash(hashes)
    manifest = {"format": FORMAT, "scorecard_hash": identity, "files": hashes}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    return identity


def read(folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Return the verified contents and hashes of a scorecard's files.

    Raises ``ModelRejected`` when a file is missing, changed, or not in the manifest's format.
    """
    hashes = _manifest(folder)
    contents = {}
    for name, expected in hashes.items():
        try:
            text = (folder / name).read_bytes()
        except OSError as error:
            msg = f"{folder.name}: {name} cannot be read. Restore the scorecard or train again."
            raise ModelRejected(msg) from error
        if sha256(text) != expected:
            msg = (
                f"{folder.name}: {name} is not the file that was registered (SHA-256 differs). "
                "Restore the scorecard or train again."
            )
            raise ModelRejected(msg)
        contents[name] = text.decode()
    return contents, hashes


def _manifest(folder: Path) -> dict[str, str]:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files, identity = dict(manifest["files"]), manifest["scorecard_hash"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        msg = f"{folder}: no readable {MANIFEST}. Register a scorecard: make train."
        raise ModelRejected(msg) from error
    if manifest.get("format") != FORMAT or any(Path(name).name != name for name in files):
        msg = f"{folder.name}: the manifest is of another format. Train again with this code."
        raise ModelRejected(msg)
    missing = [name for name in REQUIRED if name not in files]
    if missing or scorecard_hash(files) != identity:
        msg = f"{folder.name}: the manifest is incomplete or was changed. Restore or train again."
        raise ModelRejected(msg)
    return files
