"""What can be wrong with raw data, as one tree.

::

    DataError
    ├── SourceNotFound
    ├── UnreadableArchive
    │   ├── NotAnArchive
    │   ├── TruncatedArchive
    │   └── UnsafeArchive
    ├── MissingFile
    ├── DuplicateFile
    ├── EmptyTable
    ├── WrongHeader
    │   ├── MissingColumn
    │   └── DuplicateColumn
    ├── WrongRows
    │   ├── RaggedRows
    │   └── NotUtf8
    ├── WrongValues
    │   ├── WrongType
    │   ├── NegativeIncome
    │   └── InvalidTarget
    ├── DuplicateClient
    └── SingleClass

Every error names the file, the column and the first line numbers where it knows them, and says
what to do next. None ever carries a value of the data: a line number is enough to find it.
"""

from __future__ import annotations

from collections.abc import Sequence

SHOWN_LINES = 3
"""How many line numbers a message names."""


class DataError(Exception):
    """Raw data that cannot be prepared. ``remedy`` is a sentence for the person who sent it."""

    def __init__(
        self,
        problem: str,
        *,
        file: str,
        column: str | None = None,
        lines: Sequence[int] = (),
        remedy: str,
    ) -> None:
        self.problem = problem
        self.file = file
        self.column = column
        self.lines = tuple(lines[:SHOWN_LINES])
        self.remedy = remedy
        super().__init__(f"{self._place()}: {problem}. {remedy}")

    def _place(self) -> str:
        place = self.file
        if self.column is not None:
            place += f", column {self.column}"
        if self.lines:
            plural = "s" if len(self.lines) > 1 else ""
            place += f", line{plural} {', '.join(map(str, self.lines))}"
        return place


class SourceNotFound(DataError):
    """Nothing is at the path given."""


class UnreadableArchive(DataError):
    """The file is there and cannot be read as an archive of tables."""


class NotAnArchive(UnreadableArchive):
    """Neither a folder nor a zip file."""


class TruncatedArchive(UnreadableArchive):
    """The end of the file is missing, or its content does not match its checksum."""


class UnsafeArchive(UnreadableArchive):
    """A path that leaves the archive, a secret password or an absurd size: refused unread."""


class MissingFile(DataError):
    """A required table is not in the archive."""


class DuplicateFile(DataError):
    """The archive holds the same table twice."""


class EmptyTable(DataError):
    """The table's file has no row that can be used."""


class WrongHeader(DataError):
    """The table's columns are not those declared in ``columns.csv``."""


class MissingColumn(WrongHeader):
    """A declared column is absent, or was renamed."""


class DuplicateColumn(WrongHeader):
    """The header names a column twice."""


class WrongRows(DataError):
    """Rows that cannot be read as rows."""


class RaggedRows(WrongRows):
    """A row has more or fewer values than the header has names."""


class NotUtf8(WrongRows):
    """Text in another encoding, such as Latin-1."""


class WrongValues(DataError):
    """Values that the column's declaration excludes."""


class WrongType(WrongValues):
    """Text where a number or a flag is declared."""


class NegativeIncome(WrongValues):
    """A declared income below zero."""


class InvalidTarget(WrongValues):
    """A target other than 0, 1 or empty."""


class DuplicateClient(DataError):
    """The same client applies twice."""


class SingleClass(DataError):
    """The labelled clients all repaid, or all defaulted: nothing can be learnt."""
