"""Fields of a ``multipart/form-data`` body (RFC 7578)."""

from __future__ import annotations

import binascii
import re

from multipart import MultipartSegment, PushMultipartParser  # type: ignore[import-untyped]

from interceptor.errors import MalformedError
from interceptor.extraction.charsets import codec_for
from interceptor.extraction.fields import Findings, Names, octets_as_text

_BOUNDARY = re.compile(r'boundary[ \t]*=[ \t]*(?:"([^"]*)"|([^\s;,"]+)(?=[\s;]|\Z))', re.IGNORECASE)
_BOUNDARY_TEXT = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]")
"""What RFC 2046, section 5.1.1, lets a boundary be."""
_NAME = re.compile(r'\bname\*?[ \t]*=[ \t]*(?:"((?:\\.|[^"\\])*)"|([^\s;"]+))', re.IGNORECASE)
_CHARSET = re.compile(r"charset[ \t]*=[ \t]*[\"']?([^\s;,\"']+)", re.IGNORECASE)
_LONGEST_CHARSET_FIELD = 40


def boundary_of(content_type: str) -> bytes | None:
    """Return the boundary that a content type names; None where it names none, several, or an impossible one.

    Servers take the first or the last of several, so no part would be sure to be seen as the engine sees it.
    """
    found = _BOUNDARY.findall(content_type)
    if len(found) != 1 or content_type.lower().count("boundary") != 1:
        return None
    boundary = found[0][0] or found[0][1]
    return boundary.encode("ascii") if _BOUNDARY_TEXT.fullmatch(boundary) else None


def charsets_in(header: str) -> list[str]:
    """Return the labels of the character sets that a ``Content-Type`` value names."""
    return _CHARSET.findall(header)


def scan(
    body: bytes, boundary: bytes, names: Names, findings: Findings, *, most: int, largest_file: int
) -> None:
    """Add to ``findings`` what ``body`` holds under ``names``.

    A part with a file name counts like any other up to ``largest_file`` octets; above that it is a file.
    Raises `MalformedError` for a body that breaks the format and for more than ``most`` parts.
    """
    sound = True
    parser = PushMultipartParser(boundary, header_charset="latin-1", max_segment_count=most)
    segment: MultipartSegment | None = None
    chunks: list[bytes] = []
    try:
        with parser:
            for event in parser.parse(body):
                if isinstance(event, MultipartSegment):
                    segment, chunks = event, []
                elif event:
                    chunks.append(bytes(event))
                elif segment is not None:
                    _file(segment, b"".join(chunks), names, findings, largest_file)
    except ValueError:  # MultipartError is one
        sound = False
    if not sound:
        # Raised here, so that not even its context holds what the parser quoted.
        raise MalformedError


def _file(
    segment: MultipartSegment, octets: bytes, names: Names, findings: Findings, largest_file: int
) -> None:
    wanted = {names.get(name) for name in _names_of(segment)}
    if False in wanted and len(octets) <= _LONGEST_CHARSET_FIELD:
        findings.add_charset(octets_as_text(octets))
    if True not in wanted or (segment.filename is not None and len(octets) > largest_file):
        return
    codecs = tuple(
        codec
        for header, value in segment.headerlist
        if header == "Content-Type"
        for codec in map(codec_for, charsets_in(value)[:1])
        if codec
    )[:1]
    findings.octets.append((octets, codecs))
    for header, value in segment.headerlist:
        if header == "Content-Transfer-Encoding":
            decoded = _transferred(octets, value.strip().lower())
            if decoded is not None:
                findings.octets.append((decoded, codecs))
                break


def _names_of(segment: MultipartSegment) -> list[str]:
    """Return every name that a server may take for the part's; they differ over quotes and repeats."""
    return [
        (quoted.replace("\\", "") if quoted else bare.strip("'").rpartition("'")[2])
        for header, value in segment.headerlist
        if header == "Content-Disposition"
        for quoted, bare in _NAME.findall(value)
    ]


def _transferred(octets: bytes, encoding: str) -> bytes | None:
    """Undo a part's transfer encoding, which RFC 7578 ended but some servers still honour."""
    if encoding == "quoted-printable":
        return binascii.a2b_qp(octets)
    if encoding == "base64":
        try:
            return binascii.a2b_base64(octets + b"==")
        except ValueError:
            return None
    return None
