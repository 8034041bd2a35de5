"""Snapshots: exact, and filed under the hash of their content."""

from __future__ import annotations

import math
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from storage import snapshots
from storage.engine import reading, writing
from storage.snapshots import Layouts, Snapshot
from storage.store import Store

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


@given(
    application=st.dictionaries(st.text(min_size=1), NUMBERS | st.integers(-(2**53), 2**53)),
    history=st.dictionaries(st.text(min_size=1), st.none() | NUMBERS),
)
def test_what_goes_in_comes_out_to_the_bit(
    application: dict[str, float | int], history: dict[str, float | None]
) -> None:
    """Numbers survive packing exactly, and missing stays missing."""
    made = Snapshot.of(application, history)
    again = Snapshot(made.hash, made.application_json, made.layout, made.packed)
    assert again.application == application
    assert again.history == history
    assert again.is_intact()


def test_the_hash_covers_every_bit() -> None:
    """One bit of one number, in the application or the history, changes the hash."""
    base = Snapshot.of({"annuity": 1.0}, {"late_share": 0.5})
    nearly = math.nextafter(0.5, 1)
    assert base.hash != Snapshot.of({"annuity": 1.0}, {"late_share": nearly}).hash
    assert base.hash != Snapshot.of({"annuity": 1.0}, {"other_share": 0.5}).hash
    assert base.hash != Snapshot.of({"annuity": 1.5}, {"late_share": 0.5}).hash
    assert base.hash != Snapshot.of({"annuity": 1.0}).hash
    assert not replace(base, application_json='{"annuity":2.0}').is_intact()


def test_the_same_snapshot_is_stored_once(store: Store) -> None:
    """Content-addressed: storing it again changes nothing, and it is found by its hash."""
    made = Snapshot.of({"annuity": 1.0}, {"late_share": 0.5})
    for _ in range(2):
        with writing(store.engine) as connection:
            snapshots.keep(connection, [made])
    with reading(store.engine) as connection:
        found = snapshots.find(connection, [made.hash, "absent"], Layouts())
    assert found == {made.hash: made}
    assert found[made.hash].history == {"late_share": 0.5}


def test_the_layouts_held_in_memory_are_few(store: Store) -> None:
    """However many there have been, and each is read again when it is asked for again."""
    made = [Snapshot.of({"a": 1.0}, {f"feature_{number}": 0.5}) for number in range(40)]
    with writing(store.engine) as connection:
        snapshots.keep(connection, made)
    layouts = Layouts()
    with reading(store.engine) as connection:
        for snapshot in (*made, *made[:3]):
            (found,) = snapshots.find(connection, [snapshot.hash], layouts).values()
            assert dict(found.history or {}) == dict(snapshot.history or {})
    assert len(layouts) == snapshots.LAYOUTS_KEPT
