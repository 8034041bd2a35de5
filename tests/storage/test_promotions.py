"""Which scorecard served when, told from the records."""

from __future__ import annotations

import pytest

from storage import promotions
from storage.engine import reading, writing
from storage.promotions import Choice
from storage.store import Store


def play(store: Store, said: str) -> None:
    """Record ``+A`` (A serves), ``!A`` (A is promoted), ``<A`` (back to A), one after another."""
    for what, tag in said.split():
        with writing(store.engine) as connection:
            if what == "+":
                promotions.note_serving(connection, tag)
            else:
                choice = Choice.PROMOTE if what == "!" else Choice.ROLLBACK
                promotions.keep(connection, tag, choice, "operator", {})


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ("", ""),
        ("+A +A +B +B", "AB"),
        ("+A !B !C +C", "AC"),
        ("+A +B <A +A", "A"),
        ("+A +B +C <B +B <A +A", "A"),
        ("+A +B !A +A", "ABA"),
        ("+A +B !A +A <B +B", "AB"),
        ("+A +B <A +C", "ABC"),
    ],
)
def test_the_path_of_what_served(store: Store, said: str, path: str) -> None:
    """A promotion is a step on, going back a step back, what never served no step at all."""
    play(store, said)
    with reading(store.engine) as connection:
        assert "".join(tag for tag, _ in promotions.served(connection)) == path


def test_workers_that_change_together_record_it_once(store: Store) -> None:
    """Each says it; the second is no news."""
    play(store, "+A +A +B +B +B")
    assert [record.body["model_tag"] for record in store.records(kind="serving")] == ["A", "B"]
