"""What the checks can say no to.

::

    ExpectationsError
    └── ChecksFailed
"""

from __future__ import annotations

from collections.abc import Sequence


class ExpectationsError(Exception):
    """Something is wrong with the data or with what is expected of them."""


class ChecksFailed(ExpectationsError):
    """Critical expectations are not met. ``failed`` names them as ``table.column: sentence``."""

    def __init__(self, failed: Sequence[str]) -> None:
        self.failed = tuple(failed)
        several = "s are" if len(self.failed) > 1 else " is"
        super().__init__(
            f"{len(self.failed)} critical expectation{several} not met: {'; '.join(self.failed)}. "
            "Correct the data, or the expectation if it is wrong; the report shows them all."
        )
