"""Files of rows and cells: text of any encoding and delimiter, and spreadsheets."""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from interceptor.errors import CallError
from interceptor.termlists.reading import MAX_BYTES

WORKBOOKS = (".xlsx", ".xlsm")
"""How names of spreadsheets end."""

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|", "none": ""}
"""What may part cells, by the name that people call it; none: a term a line."""

_LOOKED_AT = 500
"""Rows from which the delimiter is told."""

_COMMENT = re.compile(r"(?:^|\s)#.*")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


_LEGACY = (
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874"),
    *("gb18030", "big5", "cp932", "cp949", "koi8_r", "mac_roman"),
)
"""Encodings that spreadsheet programs save tables in, and those of old text files; short files fit many others."""


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row that holds anything, and the line it begins on."""

    line: int
    cells: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one file, and how they were found."""

    path: Path
    rows: tuple[Row, ...] = field(repr=False)
    how: str
    """For the person who has to say whether that is right."""


def read(
    path: Path, *, encoding: str | None = None, delimiter: str | None = None, sheet: str | None = None
) -> Sheet:
    """Read the file ``path``; what is None is found out. ``delimiter`` is one of the names in `DELIMITERS`.

    Raises `CallError` where it cannot be read, is larger than a list may be, is no text in ``encoding``, or needs a
    library that is not there.
    """
    if path.suffix.lower() in WORKBOOKS:
        return _workbook(path, sheet)
    if path.suffix.lower() == ".xls":
        raise CallError(f"{path}: is of an old kind of spreadsheet. Save it as .xlsx or as CSV.")
    text, codec = _decode(_bytes(path), path, encoding)
    part = DELIMITERS[delimiter] if delimiter else _delimiter(text, path)
    how = f"encoding {codec}, " + (f"cells parted by {_name(part)}" if part else "a term a line")
    return Sheet(path, tuple(_rows(text, part, path)), how)


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as cause:
        raise CallError(f"{path}: cannot be read ({cause.strerror}). Check the path.") from None
    if len(data) > MAX_BYTES:
        raise CallError(f"{path}: is larger than {MAX_BYTES:,} bytes. Split it.")
    return data


def _decode(data: bytes, path: Path, encoding: str | None) -> tuple[str, str]:
    """The text of ``data`` and the encoding that it is in, which is guessed where nothing tells it."""
    marked = next((codec for mark, codec in _MARKS if data.startswith(mark)), None)
    for codec in (encoding,) if encoding else (marked, "utf-8"):
        if codec is None:
            continue
        try:
            return _lines(data.decode(codec), path), codec.removesuffix("-sig")
        except (LookupError, UnicodeError):
            if encoding:
                raise CallError(f"{path}: is no text in the encoding that --encoding names.") from None
    try:
        from charset_normalizer import from_bytes
    except ImportError:
        raise CallError(
            f"{path}: is not UTF-8. Name its encoding (--encoding cp1252), or install search-interceptor[curation]."
        ) from None
    best = from_bytes(data, cp_isolation=list(_LEGACY)).best()
    if best is None:
        raise CallError(f"{path}: is no text in any encoding known here. Save it as CSV UTF-8.")
    return _lines(str(best), path), f"{best.encoding} (guessed)"


def _lines(text: str, path: Path) -> str:
    if "\0" in text:
        raise CallError(f"{path}: is no text. Save it as CSV UTF-8, or as .xlsx.")
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _delimiter(text: str, path: Path) -> str:
    """What parts the cells: what gives the most rows of the same size, if that is more than one cell."""
    if path.suffix.lower() == ".tsv":
        return "\t"
    lines = [line for line in text.split("\n") if line.strip()][:_LOOKED_AT]
    best, most = "", 0.0
    for delimiter in (",", ";", "\t", "|"):
        try:
            sizes = Counter(map(len, csv.reader(lines, delimiter=delimiter)))
        except csv.Error:
            continue
        size, agreeing = max(sizes.items(), key=lambda item: (item[0] > 1, item[1]))
        share = agreeing / sum(sizes.values())
        # In a list of one term a line, a comma stands here and there, in a table in every row.
        if size > 1 and share > most and (share >= 0.6 or path.suffix.lower() == ".csv"):
            best, most = delimiter, share
    return best


def _rows(text: str, delimiter: str, path: Path) -> Iterator[Row]:
    if not delimiter:
        for number, whole in enumerate(text.split("\n"), 1):
            term = _COMMENT.sub("", whole).strip().strip('"').strip()
            if term:
                yield Row(number, (term,))
        return
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    while True:
        line = reader.line_num + 1
        try:
            cells = tuple(cell.strip() for cell in next(reader))
        except StopIteration:
            return
        except csv.Error:
            raise CallError(
                f"{path}:{line}: is not a table: a quote is not closed, or a cell is too long."
            ) from None
        if any(cells):
            yield Row(line, cells)


def _workbook(path: Path, sheet: str | None) -> Sheet:
    try:
        import openpyxl
        from openpyxl.utils.exceptions import InvalidFileException
    except ImportError:
        raise CallError(
            f"{path}: spreadsheets need a library: install search-interceptor[curation], or save it as CSV UTF-8."
        ) from None
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except OSError as cause:
        raise CallError(f"{path}: cannot be read ({cause.strerror}). Check the path.") from None
    except (zipfile.BadZipFile, KeyError, ValueError, InvalidFileException):
        # The cause's text may quote a cell.
        raise CallError(
            f"{path}: is no spreadsheet, or one with a password. Save it anew as .xlsx."
        ) from None
    try:
        if sheet is not None and sheet not in book.sheetnames:
            raise CallError(f"{path}: has no sheet of that name, but {len(book.sheetnames)} others.")
        chosen = sheet or book.sheetnames[0]
        rows = tuple(
            Row(number, cells)
            for number, values in enumerate(book[chosen].iter_rows(values_only=True), 1)
            if any(cells := tuple(map(_cell, values)))
        )
    finally:
        book.close()
    others = len(book.sheetnames) - 1
    how = "spreadsheet, first sheet" if sheet is None else "spreadsheet"
    return Sheet(path, rows, f"{how}; {others} more: --sheet NAME" if others and sheet is None else how)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _name(delimiter: str) -> str:
    return next(name for name, part in DELIMITERS.items() if part == delimiter)
