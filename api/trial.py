"""A scorecard on trial, in a process of its own: ``python -m api.trial FOLDER``.

LightGBM can end the whole process on a file it does not like, so no scorecard is loaded by a
worker that answers before this one came through: manifest, hashes, declarations, golden rows.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from scoring.errors import ModelRejected
from scoring.scorecard import Scorecard

WITHIN_S = 60


def must_pass(folder: Path) -> None:
    """Try the scorecard of ``folder`` apart. Raises ``ModelRejected`` with the reason."""
    command = [sys.executable, "-m", "api.trial", str(folder)]
    root = Path(__file__).resolve().parent.parent
    try:
        tried = subprocess.run(
            command, cwd=root, capture_output=True, text=True, timeout=WITHIN_S, check=False
        )
    except subprocess.TimeoutExpired:
        msg = f"{folder.name}: the scorecard could not be tried within {WITHIN_S} s."
        raise ModelRejected(msg) from None
    if tried.returncode != 0:
        said = tried.stderr.strip().splitlines()
        raise ModelRejected(said[-1] if said else f"{folder.name}: the scorecard ended its trial.")


def main() -> int:
    """Load the scorecard named on the command line; 1 and the reason when it may not serve."""
    try:
        Scorecard.load(Path(sys.argv[1]))
    except ModelRejected as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
