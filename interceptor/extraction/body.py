"""Bodies: which content types can hold a query, and who reads each."""

from __future__ import annotations

from interceptor.errors import MalformedError
from interceptor.extraction import fields, json_document, multipart_form
from interceptor.extraction.charsets import keeps_ascii
from interceptor.extraction.fields import Findings, Names, octets_as_text

_FORMS = ("application/x-www-form-urlencoded", "application/x-url-encoded")
_WORTH_READING = ("", *_FORMS, "multipart/form-data", "text/plain")


def media_type(content_type: str | None) -> str:
    """Return the type without its parameters, in lower case; empty where there is none."""
    return (content_type or "").partition(";")[0].partition(",")[0].strip().lower()


def may_hold_query(content_type: str | None) -> bool:
    """Tell whether a body of this type is worth reading where the configuration does not name the path.

    No type and plain text are worth it, since engines are lenient about the type of a form or of JSON.
    """
    media = media_type(content_type)
    return media in _WORTH_READING or media.endswith("json")


def is_plain(content_encoding: str | None) -> bool:
    """Tell whether a body comes without a content coding (RFC 9110, section 8.4)."""
    codings = (content_encoding or "").lower().split(",")
    return all(coding.strip() in ("", "identity") for coding in codings)


def scan(
    body: bytes, content_type: str | None, names: Names, findings: Findings, *, most: int, largest_file: int
) -> None:
    """Add to ``findings`` what ``body`` holds under ``names``, as its content type says to read it.

    A body without a type, or of a type that says nothing, is read as whatever it looks like, and none is
    malformed. Raises `MalformedError` where a body is not what its type says, and for too many fields.
    """
    media = media_type(content_type)
    for label in multipart_form.charsets_in(content_type or ""):
        findings.add_charset(label)
    if media.endswith("json"):
        if not json_document.scan(body, findings.codecs, names, findings, most):
            raise MalformedError
    elif media in _FORMS:
        _scan_form(body, names, findings, most)
        # Clients that send JSON under their library's default type are many, and engines read it.
        if json_document.looks_like_json(body):
            json_document.scan(body, [], names, findings, most)
    elif media.startswith("multipart/"):
        boundary = multipart_form.boundary_of(content_type or "")
        if boundary is None:
            raise MalformedError
        multipart_form.scan(body, boundary, names, findings, most=most, largest_file=largest_file)
    elif not (
        json_document.looks_like_json(body)
        and json_document.scan(body, findings.codecs, names, findings, most)
    ):
        # Lines, as in enctype="text/plain", are fields here.
        _scan_form(body.replace(b"\r", b"").replace(b"\n", b"&"), names, findings, None)
        if len(findings.encoded) > most:
            raise MalformedError


def _scan_form(body: bytes, names: Names, findings: Findings, most: int | None) -> None:
    fields.scan(octets_as_text(body), names, findings, most)
    for codec in tuple(findings.codecs):
        if not keeps_ascii(codec):
            text = body.decode(codec, "replace")
            fields.scan(octets_as_text(text.encode("utf-8", "replace")), names, findings, most)
