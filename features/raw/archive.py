"""The raw archive: a zip or a folder holding tables as CSV, CSV.gz or parquet.

Nothing is ever unpacked to a path the archive chose: a zip's members are read as streams. Members
that leave the archive, hide behind a password or claim an absurd size are refused before any of
their bytes is read.
"""

from __future__ import annotations

import gzip
import zipfile
import zlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import IO, Literal, cast

from features.errors import (
    DuplicateFile,
    MissingFile,
    NotAnArchive,
    SourceNotFound,
    TruncatedArchive,
    UnsafeArchive,
)
from features.raw.tables import FILES

Format = Literal["csv", "csv.gz", "parquet"]
FORMATS: tuple[Format, ...] = ("csv.gz", "csv", "parquet")
REQUIRED = "application_train"
PLAIN_PLEASE = "Ask its sender for the plain tables."
PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
SEND_AGAIN = "Download or copy it again, then start over; nothing was changed."


@dataclass(frozen=True, slots=True)
class Limits:
    """How large an archive may be. The full competition archive is 2.7 GB, packed 4 to 7 times."""

    bytes_in_all: int = 200 * 2**30
    ratio: int = 100
    ratio_from_bytes: int = 2**20


@dataclass(frozen=True, slots=True)
class RawFile:
    """One table's file as found: ``stem`` is its name without folder and ending."""

    path: str
    stem: str
    format: Format
    size: int


class Archive(AbstractContextManager["Archive"], ABC):
    """An open source of raw tables; close it when done. ``files`` maps stem to file."""

    files: MappingProxyType[str, RawFile]
    limits: Limits

    @abstractmethod
    def open(self, file: RawFile) -> IO[bytes]:
        """Return the file's bytes as stored, to be read once from the start."""

    @abstractmethod
    def checksum(self, file: RawFile) -> int:
        """Return the CRC-32 of the file's bytes as stored: the same in a zip and in a folder."""

    @contextmanager
    def stream(self, file: RawFile) -> Iterator[IO[bytes]]:
        """Give the bytes of a CSV, unpacked when it is gzipped."""
        with self.open(file) as stored:
            if file.format != "csv.gz":
                yield stored
                return
            with _Gunzip(stored, file, self.limits) as unpacked:
                yield cast("IO[bytes]", unpacked)


class _Gunzip(gzip.GzipFile):
    """A gzip stream that stops when it has given absurdly more than it holds."""

    def __init__(self, stored: IO[bytes], file: RawFile, limits: Limits) -> None:
        super().__init__(fileobj=stored)
        self._file = file
        self._ratio = limits.ratio
        self._left = max(limits.ratio_from_bytes, limits.ratio * file.size)

    def read(self, size: int | None = -1) -> bytes:
        block = super().read(size)
        self._left -= len(block)
        if self._left < 0:
            raise UnsafeArchive(
                f"it unpacks to more than {self._ratio} times its size",
                file=self._file.path,
                remedy=PLAIN_PLEASE,
            )
        return block


class _Zip(Archive):
    def __init__(self, path: Path, limits: Limits) -> None:
        self.limits = limits
        self._zip = _open_zip(path)
        try:
            members = [m for m in self._zip.infolist() if not m.is_dir()]
            for member in members:
                _refuse_unsafe(member, path.name, limits)
            _refuse_oversized(members, path.name, limits)
            self.files = _tables((m.filename, m.file_size) for m in members)
        except BaseException:
            self._zip.close()
            raise

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def open(self, file: RawFile) -> IO[bytes]:
        return self._zip.open(file.path)

    def checksum(self, file: RawFile) -> int:
        return self._zip.getinfo(file.path).CRC


class _Folder(Archive):
    def __init__(self, path: Path, limits: Limits) -> None:
        self.limits = limits
        self._path = path
        found = sorted(p for p in path.rglob("*") if p.is_file() and not p.is_symlink())
        self.files = _tables((p.relative_to(path).as_posix(), p.stat().st_size) for p in found)

    def __exit__(self, *_: object) -> None:
        return None

    def open(self, file: RawFile) -> IO[bytes]:
        return (self._path / file.path).open("rb")

    def checksum(self, file: RawFile) -> int:
        crc = 0
        with self.open(file) as stored:
            while block := stored.read(2**22):
                crc = zlib.crc32(block, crc)
        return crc


def open_archive(source: Path, limits: Limits | None = None) -> Archive:
    """Open a zip file or a folder of raw tables.

    Raises ``SourceNotFound``, ``NotAnArchive``, ``TruncatedArchive``, ``UnsafeArchive``,
    ``DuplicateFile`` or ``MissingFile`` (without ``application_train``).
    """
    if not source.exists():
        raise SourceNotFound(
            "nothing is there",
            file=str(source),
            remedy="Give the path of the archive: a zip file or a folder.",
        )
    limits = limits or Limits()
    archive = _Folder(source, limits) if source.is_dir() else _Zip(source, limits)
    if REQUIRED not in archive.files:
        archive.__exit__()
        raise MissingFile(
            f"no {REQUIRED} (.csv, .csv.gz or .parquet) in it",
            file=source.name,
            remedy="Add that file: it holds the clients whose outcome is known.",
        )
    return archive


def table_of(name: str) -> tuple[str, Format] | None:
    """Return the declared stem and the format of a file's name; ``None`` for any other file."""
    declared = {stem.lower(): stem for stems in FILES.values() for stem in stems}
    for ending in FORMATS:
        stem = name.lower().removesuffix(f".{ending}")
        if stem != name.lower() and stem in declared:
            return declared[stem], ending
    return None


def _tables(found: Iterable[tuple[str, int]]) -> MappingProxyType[str, RawFile]:
    files: dict[str, RawFile] = {}
    for path, size in found:
        name = PurePosixPath(path).name
        table = None if "__MACOSX" in path else table_of(name)
        if table is None:
            continue
        stem, ending = table
        if stem in files:
            raise DuplicateFile(
                f"the same table is also in {files[stem].path}",
                file=path,
                remedy="Keep one of the two files.",
            )
        files[stem] = RawFile(path, stem, ending, size)
    return MappingProxyType(files)


def _open_zip(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except zipfile.BadZipFile:
        with path.open("rb") as file:
            begins_like_a_zip = file.read(4) == b"PK\x03\x04"
    if begins_like_a_zip:
        raise TruncatedArchive("its end is missing", file=path.name, remedy=SEND_AGAIN)
    raise NotAnArchive(
        "it is not a zip file",
        file=path.name,
        remedy="Give a zip file, or the folder that holds the tables.",
    )


def _refuse_unsafe(member: zipfile.ZipInfo, archive: str, limits: Limits) -> None:
    path = PurePosixPath(member.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in "".join(path.parts[:1]):
        problem = "a member's path leaves the archive"
    elif member.compress_type not in PACKINGS:
        problem = f"{path.name} is packed in a way that is not read here"
    elif member.flag_bits & 1:
        problem = f"{path.name} is protected by a password"
    elif member.file_size > max(limits.ratio_from_bytes, limits.ratio * member.compress_size):
        problem = f"{path.name} claims to be more than {limits.ratio} times its packed size"
    else:
        return
    raise UnsafeArchive(problem, file=archive, remedy=PLAIN_PLEASE)


def _refuse_oversized(members: list[zipfile.ZipInfo], archive: str, limits: Limits) -> None:
    if sum(member.file_size for member in members) > limits.bytes_in_all:
        raise UnsafeArchive(
            f"it claims to hold more than {limits.bytes_in_all // 2**30} GB",
            file=archive,
            remedy="Unpack it yourself and give the folder when it is genuine.",
        )
