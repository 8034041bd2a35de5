"""Whether what clients are told is true: the truth table of an archive, with the serving scorecard.

python -m flows.truth --data ARCHIVE [--clients N] [--json OUT]

Every client is explained in both languages, once as known and once as a newcomer without history.
Each sentence is read back and held to the client's own data. Ends with 1 when one is false.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from features.raw.prepare import prepare
from flows import SETTINGS
from flows.learning.truth import MEDIAN_TARGET, P95_TARGET, Tally, tell
from flows.operations.champion import load_champion
from flows.operations.errors import EXPECTED
from flows.operations.terminal import say


def truth(data: Path, home: Path, clients: int | None = None) -> tuple[str, Tally]:
    """Return the tag of the serving scorecard, and what was found of its sentences on ``data``."""
    tag, scorecard = load_champion(SETTINGS.model_tag)
    return tag, tell(scorecard, prepare(data, home, report=say), clients)


def lines(tally: Tally) -> list[str]:
    """Return the truth table as lines to print."""
    found = tally.figures()
    shares = f"{found['others_share_median']:.1%} / {found['others_share_p95']:.1%}"
    alone = f"{found['newcomers_others_share_median']:.1%} / "
    alone += f"{found['newcomers_others_share_p95']:.1%}"
    rows = {
        "clients explained": f"{tally.clients:,}",
        "sentences checked": f"{tally.sentences:,}",
        "false sentences": f"{found['sentences_false']:,}",
        "reasons whose figure equals the usual one": f"{tally.as_usual:,}",
        "directed items told on the wrong side": f"{tally.wrong_side:,}",
        "explanations unlike in the two languages": f"{tally.unlike:,}",
        "clients without any reason": f"{tally.without_reason:,}",
        f"other elements, median (at most {MEDIAN_TARGET:.0%}) / "
        f"95th percentile (at most {P95_TARGET:.0%})": shares,
        "newcomers told a figure of a history": f"{tally.newcomers_told_a_history:,}",
        "newcomers told that a history is not known": f"{tally.newcomers_told_of_none:,}",
        "newcomers without any reason": f"{tally.newcomers_without_reason:,}",
        "newcomers: other elements, median / 95th percentile": alone,
    }
    wide = max(map(len, rows))
    return [f"{name:<{wide}}  {value:>16}" for name, value in rows.items()]


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and tell; 1 when a sentence is false or nothing can be checked."""
    parser = argparse.ArgumentParser(prog="python -m flows.truth", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="archive (zip or folder)")
    parser.add_argument("--clients", type=int, help="so many clients, evenly spread; else all")
    parser.add_argument("--json", type=Path, help="file for the figures")
    parser.add_argument("--home", type=Path, default=SETTINGS.home, help="for the prepared tables")
    options = parser.parse_args(arguments)
    try:
        tag, tally = truth(options.data, options.home.resolve(), options.clients)
    except EXPECTED as error:
        sys.stderr.write(f"{error}\n")
        return 1
    say("\n".join(lines(tally)))
    figures = {"model_tag": tag, **tally.figures()}
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return 1 if tally.false or tally.newcomers_told_a_history else 0


if __name__ == "__main__":
    sys.exit(main())
