"""What is typed in a request's form, read as the contract takes it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ui.rights.filing import Incomplete, Typed, read_number, read_request
from ui.words import words_in

RECEIVED = datetime(2026, 11, 23, 9, tzinfo=UTC)
WHY = "Le bulletin de paie le montre."
ASSESSMENT = "asm_000000000000000000000001"


def correction(item: str, value: str, **more: object) -> Typed:
    """Return a filled-in form that corrects an item."""
    return Typed(kind="rectification", item=item, value=value, motive=WHY, **more)


@pytest.mark.parametrize(
    ("item", "typed", "read"),
    [
        ("income_total", "128 250,50", 128_250.5),
        ("children_count", "2", 2),
        ("employment_days", "2026-11-13", -10),
        ("owns_car", "0", 0),
        ("education", "Higher education", "Higher education"),
    ],
)
def test_a_value_is_read_by_what_its_item_holds(item: str, typed: str, read: object) -> None:
    """Amounts as written in the language, dates as days, words of the list."""
    asked = read_request(correction(item, typed), ASSESSMENT, RECEIVED, "fr")
    assert asked == {"kind": "rectification", "item": item, "value": read, "motive": WHY}
    assert type(asked["value"]) is type(read)


def test_a_value_may_be_unknown() -> None:
    """What is held may be wrong and nobody know the right value."""
    typed = correction("goods_price", "", unknown=True)
    assert read_request(typed, "", RECEIVED, "fr")["value"] is None


@pytest.mark.parametrize(
    ("item", "typed", "key"),
    [
        ("income_total", "", "file.value.missing"),
        ("income_total", "beaucoup", "file.value.wrong"),
        ("income_total", "-1", "file.value.wrong"),
        ("children_count", "1,5", "file.value.wrong"),
        ("employment_days", "2027-01-01", "file.value.wrong"),
        ("birth_days", "hier", "file.date.wrong"),
        ("education", "CANARY", "file.value.wrong"),
        ("default", "1", "file.item.missing"),
        ("late_share", "1", "file.item.missing"),
    ],
)
def test_what_cannot_be_held_is_said_in_words(item: str, typed: str, key: str) -> None:
    """Each mistake has its sentence, in both languages."""
    with pytest.raises(Incomplete) as wrong:
        read_request(correction(item, typed), "", RECEIVED, "fr")
    assert wrong.value.key == key
    assert key in words_in("fr").texts
    assert key in words_in("en").texts


def test_a_request_needs_its_words_and_kind() -> None:
    """A motive of ten characters, a kind, and for a review what is to be reviewed."""
    review = Typed(kind="review", motive=WHY)
    assert read_request(review, ASSESSMENT, RECEIVED, "fr")["assessment_id"] == ASSESSMENT
    for typed, key in (
        (Typed(kind="review", motive="  court   "), "file.motive.missing"),
        (Typed(kind="", motive=WHY), "file.kind.missing"),
        (review, "file.wrong"),
    ):
        with pytest.raises(Incomplete, match=key):
            read_request(typed, "", RECEIVED, "fr")


def test_numbers_are_read_as_each_language_writes_them() -> None:
    """A comma is a decimal mark in French and a thousands mark in English."""
    assert read_number("1\u202f234,5", "fr") == 1234.5
    assert read_number("1,234.5", "en") == 1234.5
    with pytest.raises(Incomplete):
        read_number("1e9", "en")


def test_a_form_sent_twice_is_one_request() -> None:
    """The same form and content is the same; another content or form is another."""
    typed = correction("income_total", "1", number="a")
    assert typed.once() == typed.model_copy().once()
    assert typed.once() != typed.model_copy(update={"value": "2"}).once()
    assert typed.once() != typed.model_copy(update={"number": "b"}).once()
