"""The files of an import: CSV or JSON lines, as they are, gzipped or in a ZIP, or Parquet; read from the start on."""

import codecs
import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal, NamedTuple, cast
from zipfile import BadZipFile, ZipFile, is_zipfile

from cli.errors import CliError
from cli.imports import parquet
from functions.sources.tabular import reading
from functions.sources.tabular.records import Refusal, Row

# Characters by which it is told what a file is.
_SAMPLE = 65_536
_CHUNK = 1 << 20
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_DAMAGED = (EOFError, zlib.error, BadZipFile, gzip.BadGzipFile, RuntimeError, NotImplementedError)


class Size(NamedTuple):
    """How many lines a part has, and a digest of what is in it."""

    lines: int
    digest: str


@dataclass(frozen=True, slots=True)
class Part:
    """A file, or one of a ZIP (``member``), in an encoding; ``mark`` stands between the columns of CSV."""

    path: Path
    member: str
    encoding: str
    kind: Literal["csv", "json", "parquet"] = "json"
    mark: str = ""

    @property
    def name(self) -> str:
        """The name of the file itself."""
        return self.member.rpartition("/")[2] or self.path.name

    def rows(self) -> Iterator[Row | Refusal]:
        """The rows in their order; raises CliError for a damaged file, behind the rows before the damage."""
        if self.kind == "parquet":
            yield from parquet.rows(self.path)
            return
        with self._told(), self._text() as text:
            lines = reading.bounded(text)
            yield from reading.csv_rows(lines, self.mark) if self.kind == "csv" else reading.json_rows(lines)

    def size(self) -> Size:
        """How much is in it."""
        lines, digest = 0, hashlib.sha256()
        with self._told(), self._bytes() as file:
            while chunk := file.read(_CHUNK):
                lines += chunk.count(b"\n")
                digest.update(chunk)
        return Size(parquet.count(self.path) if self.kind == "parquet" else lines, digest.hexdigest())

    def sample(self) -> str:
        """How it begins."""
        with self._told(), self._text() as text:
            return text.read(_SAMPLE)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except _DAMAGED as error:
            raise CliError(f"{self.name} is damaged, or cannot be unpacked: {error}") from None
        except UnicodeError:
            raise CliError(f"{self.name} is not {self.encoding}; --encoding says what it is") from None

    @contextmanager
    def _text(self) -> Iterator[IO[str]]:
        with self._bytes() as file:
            # Bytes that the encoding lacks are the fault of their row alone.
            yield io.TextIOWrapper(file, self.encoding, errors="surrogateescape", newline="")

    @contextmanager
    def _bytes(self) -> Iterator[IO[bytes]]:
        if self.member:
            with ZipFile(self.path) as archive, archive.open(self.member) as file:
                yield file
            return
        with self.path.open("rb") as plain:
            is_gzip = plain.read(2) == b"\x1f\x8b"
            plain.seek(0)
            if not is_gzip:
                yield plain
                return
            with closing(gzip.GzipFile(fileobj=plain)) as unpacked:
                yield cast(IO[bytes], unpacked)


def parts(path: Path, encoding: str | None) -> list[Part]:
    """The files at the path, in the order of their names."""
    if encoding:
        _must_be_known(encoding)
    with path.open("rb") as file:
        is_archive = file.read(2) == b"PK" and is_zipfile(path)
    if not is_archive:
        return [_part(Part(path, "", ""), encoding)]
    with ZipFile(path) as archive:
        names = sorted(each.filename for each in archive.infolist() if not each.is_dir())
    wanted = [name for name in names if not name.rpartition("/")[2].startswith(".") and "__MACOSX" not in name]
    if not wanted:
        raise CliError(f"{path} holds no file")
    return [_part(Part(path, name, ""), encoding) for name in wanted]


def _part(part: Part, encoding: str | None) -> Part:
    with part._told(), part._bytes() as file:
        head = file.read(4)
    if head == parquet.MAGIC:
        if part.member or not _begins_with(part.path, head):
            raise CliError(f"{part.name}: Parquet is read as it is; unpack it first")
        return Part(part.path, "", "", "parquet")
    is_utf16 = head[:2] in _UTF16
    known = Part(part.path, part.member, encoding or ("utf-16" if is_utf16 else "utf-8-sig"))
    sample = known.sample()
    if sample.lstrip().startswith("["):
        raise CliError(f"{part.name} is one JSON list; make it a line an object: jq -c '.[]' {part.name}")
    if sample.lstrip().startswith("{"):
        return Part(part.path, part.member, known.encoding, "json")
    return Part(part.path, part.member, known.encoding, "csv", reading.delimiter(sample))


def _begins_with(path: Path, head: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(len(head)) == head


def _must_be_known(encoding: str) -> None:
    try:
        codecs.lookup(encoding)
    except LookupError:
        raise CliError(f"no encoding is called {encoding!r}; there are utf-8, utf-16, cp1252, iso-8859-1 …") from None
