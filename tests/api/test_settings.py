"""How the environment is read."""

from __future__ import annotations

import pytest

from api.settings import Settings


def test_each_setting_has_a_default() -> None:
    """Nothing needs to be set; what is set is taken."""
    assert Settings.from_environment({}).workers == 2
    given = Settings.from_environment({"SCORING_WORKERS": "3", "SCORING_SUCCESSION_S": "0.5"})
    assert (given.workers, given.succession_every_s) == (3, 0.5)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("SCORING_WORKERS", "two"),
        ("SCORING_WORKERS", "0"),
        ("SCORING_WORKERS", "1.5"),
        ("SCORING_RATE_LIMIT", "-5"),
        ("SCORING_RATE_LIMIT", "nan"),
        ("SCORING_SUCCESSION_S", "0"),
    ],
)
def test_a_wrong_number_is_refused_by_name(name: str, written: str) -> None:
    """The variable is named: a default in its place would hide the mistake."""
    with pytest.raises(ValueError, match=name):
        Settings.from_environment({name: written})
