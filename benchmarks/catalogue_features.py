"""The product's whole feature table, as a benchmark: ``python -m ... PREPARED [OUT.parquet]``."""

from __future__ import annotations

import sys
from pathlib import Path

from features.build import build
from features.raw.prepared import open_prepared


def main() -> None:
    """Build, and write the result when a file is given."""
    frame = build(open_prepared(Path(sys.argv[1])))
    sys.stdout.write(f"{frame.height} clients, {frame.width - 2} features\n")
    if len(sys.argv) > 2:
        frame.write_parquet(sys.argv[2])


if __name__ == "__main__":
    main()
