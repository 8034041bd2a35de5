"""What can go wrong in the store, as one tree.

    StorageError
    ├── StoreUnavailable       the database does not answer, is locked or full; ``recorded`` tells
    │   │                      what became of what was to be recorded
    │   └── StoreBusy          too much is waiting already
    ├── UnknownClient          no client has this number
    ├── UnknownRecord          no record has this id
    ├── AlreadyRecorded        the Idempotency-Key was used for another request
    ├── NotAllowed             wrong name, password or key, said without saying which
    ├── UnknownAccess          no key or user of this name (command line)
    ├── SecretUnusable         the secret that signs links is missing, or others can read it
    ├── BackupRefused          nothing was saved or restored, and why
    └── RecordsBroken          the chain of records does not hold

Messages never carry a client's value.
"""

from __future__ import annotations

from enum import StrEnum


class Recorded(StrEnum):
    """What is recorded of a request that failed, in words that are true for whoever asked."""

    NOTHING = "nothing was recorded"
    PART = "a part was recorded"
    """Earlier slices of a batch."""
    UNKNOWN = "whether it was recorded is not known"
    """A commit was sent and its answer did not come. Asking again with the same key tells."""


class StorageError(Exception):
    """Root of the package's errors."""


class StoreUnavailable(StorageError):
    """The database could not do the work in time; ``recorded`` says what became of it."""

    def __init__(self, message: str, recorded: Recorded = Recorded.NOTHING) -> None:
        super().__init__(message)
        self.recorded = recorded


class StoreBusy(StoreUnavailable):
    """More is waiting than the store can record in time."""


class UnknownClient(StorageError):
    """No client has this number."""


class UnknownRecord(StorageError):
    """No record has this id."""


class AlreadyRecorded(StorageError):
    """This Idempotency-Key already stands for another request."""


class NotAllowed(StorageError):
    """The name, password, key or session is not valid."""


class UnknownAccess(StorageError):
    """No key or user of this name."""


class SecretUnusable(StorageError):
    """The file of the secret that signs links cannot be made or read, or others can read it."""


class BackupRefused(StorageError):
    """The backup cannot be made, or what is there must not be restored over or from."""


class RecordsBroken(StorageError):
    """The chain of records does not hold."""
