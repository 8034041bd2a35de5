"""A search is what the address says, and nothing else."""

from __future__ import annotations

from scoring.contract import Verdict
from ui.cases import Search


def test_the_address_says_the_search() -> None:
    """Filters, cursor and run are read back as they were written."""
    search = Search.read({"verdict": "REFER", "open_request": "true"})
    again = Search.read(dict(pair.split("=") for pair in search.address(7, "run")[1:].split("&")))
    assert again == Search({"verdict": "REFER", "open_request": "true"}, 7, "run")
    query = again.query()
    assert (query.verdict, query.open_request, query.after) == (Verdict.REFER, "true", 7)
    assert query.run_id == "run"


def test_what_is_none_of_our_values_is_left_out() -> None:
    """A stale or hostile address lists everything instead of failing."""
    asked = {"verdict": "<script>", "risk_band": "Z", "open_request": "maybe", "after": "-1"}
    assert Search.read({**asked, "case": "1"}) == Search({})
    assert Search.read({"after": "9" * 16}).query().after == 2**53 - 1
    assert Search.read({"run": "x" * 200}).query().run_id == "x" * 40
