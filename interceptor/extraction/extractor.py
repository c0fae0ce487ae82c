"""The one call that turns a request into the texts to decide on."""

from __future__ import annotations

from collections.abc import Sequence

from interceptor.config import Limits, Search
from interceptor.errors import (
    BodyTooLargeError,
    EncodingRefusedError,
    ExtractionError,
    TargetTooLongError,
)
from interceptor.extraction import body as bodies
from interceptor.extraction import fields
from interceptor.extraction.decoding import readings, unquote_field
from interceptor.extraction.fields import Findings, octets_as_text
from interceptor.extraction.paths import Paths, split

_BODILESS = frozenset({"CONNECT", "TRACE"})
"""Methods whose body no engine reads. That of GET, HEAD or OPTIONS is read by more than one framework."""

_TOGETHER = 8
"""How many of the longest queries all texts of one request may add up to, since each has to be matched."""
_LEAST_COST = 16
"""What a text counts for in that sum beside its characters: matching costs something however short it is."""


class Extractor:
    """Finds the queries in requests, as ``searches`` says where and ``limits`` how much.

    Safe to share between threads; it keeps nothing of any request.
    """

    def __init__(self, searches: tuple[Search, ...], limits: Limits) -> None:
        self._paths = Paths(searches)
        self._limits = limits
        self._shortest_bound = min(limits.query, limits.fields)
        """No target of so few characters can go beyond any limit."""

    def reads_body(self, method: str, target: str, content_type: str | None) -> bool:
        """Tell whether the body of a request may hold a query, so that it has to be read for `extract`.

        The caller reads at most ``limits.search_body`` octets and answers 413 beyond. Under a path that the
        configuration names, a body of any type is read; where every path is a search, forms, JSON, plain text
        and bodies of no type are. It holds for GET too: a request without a body costs nothing.
        """
        if method in _BODILESS:
            return False
        place = self._paths.find(split(_as_octets(target))[0])
        return place is not None and (place.named or bodies.may_hold_query(content_type))

    def extract(
        self,
        method: str,
        target: str,
        content_type: str | None = None,
        body: bytes | None = None,
        content_encoding: str | None = None,
    ) -> tuple[str, ...]:
        """Return every distinct text that the request may be searching for; empty where it is no search.

        ``target`` is the request target as received, its octets decoded as Latin-1 or as UTF-8 with
        ``surrogateescape``. ``body`` is None where it was not read. A text is well-formed Unicode (no
        surrogates) and not blank.

        Raises `TargetTooLongError` and `BodyTooLargeError`, by where it stood also for a value of more than
        ``limits.query`` characters and for texts of more than eight times that together;
        `EncodingRefusedError` for a body in a content coding; and `MalformedError` for a body that is not
        what its type says and for more than ``limits.fields`` fields.
        """
        limits = self._limits
        if len(target) > limits.target:
            raise TargetTooLongError
        if not target.isascii():
            target = _as_octets(target)
            if len(target) > limits.target:
                raise TargetTooLongError
        if "?" not in target and not body and not self._paths.hold_queries and ";" not in target:
            return ()
        if target.startswith("/"):
            path, _, query = target.partition("?")
        else:
            path, query = split(target)
        place = self._paths.find(path)
        if place is None or method == "CONNECT":
            return ()
        if not body and len(target) <= self._shortest_bound and not place.queries and ";" not in path:
            value = place.names.only(query)
            if value is not None:
                # As nearly every search is; what follows finds the same.
                text = value.replace("+", " ")
                return () if text.isspace() else (text,)
        found = Findings()
        if query:
            fields.scan(query, place.names, found, limits.fields)
            if "#" in query:
                # No fragment belongs into a target; servers that get one cut it off or keep it.
                fields.scan(query.partition("#")[0], place.names, found, limits.fields)
        if ";" in path:
            fields.scan(path.partition(";")[2].replace("/", "&"), place.names, found, limits.fields)
        for text in place.queries:
            # Only in a query string is '+' a space, but engines with queries in paths often read it so.
            found.octets += (
                (way.encode("latin-1"), ()) for way in dict.fromkeys((text, text.replace("+", " ")))
            )
        if not body or method in _BODILESS or not (place.named or bodies.may_hold_query(content_type)):
            return _texts(found, found.codecs, limits.query, TargetTooLongError) if found else ()
        if len(body) > limits.search_body:
            raise BodyTooLargeError
        if not bodies.is_plain(content_encoding):
            raise EncodingRefusedError
        sent = Findings()
        bodies.scan(body, content_type, place.names, sent, most=limits.fields, largest_file=limits.query)
        codecs = tuple(dict.fromkeys((*found.codecs, *sent.codecs)))
        texts = _texts(found, codecs, limits.query, TargetTooLongError)
        return tuple(dict.fromkeys(texts + _texts(sent, codecs, limits.query, BodyTooLargeError)))


def _texts(
    found: Findings, codecs: Sequence[str], most: int, too_long: type[ExtractionError]
) -> tuple[str, ...]:
    """Return the distinct readings of what was found; raises ``too_long`` where ``most`` forbids them."""
    texts: dict[str, None] = {}
    values = found.octets
    for encoded in found.encoded:
        if "%" in encoded or codecs or not encoded.isascii():
            values.append((unquote_field(encoded), ()))
        else:
            # Nearly every value, and one reading is all it has: '&' has parted any '&#'.
            text = encoded.replace("+", " ")
            if len(text) > most:
                raise too_long
            if not text.isspace():
                texts[text] = None
    cost = len(texts) * _LEAST_COST + sum(map(len, texts))
    for octets, own in dict.fromkeys(values):
        first = True
        for text in readings(octets, () if own is None else (*own, *codecs)):
            if first and len(text) > most:
                raise too_long
            first = False
            if text and text not in texts and not text.isspace():
                texts[text] = None
                cost += len(text) + _LEAST_COST
                if cost > most * _TOGETHER:
                    raise too_long
    if cost > most * _TOGETHER:
        raise too_long
    return tuple(texts)


def _as_octets(target: str) -> str:
    """Return ``target`` with one character an octet, whichever way its octets were decoded."""
    if target.isascii():
        return target
    try:
        # Decoded UTF-8 that fits into Latin-1 is taken for the latter; it is then read as the Windows-1252 that
        # it looks like, to the same text.
        target.encode("latin-1")
    except UnicodeEncodeError:
        octets = target.encode("utf-8", "surrogateescape" if _escapes_only(target) else "replace")
        return octets_as_text(octets)
    return target


def _escapes_only(target: str) -> bool:
    """Tell whether every surrogate in ``target`` stands for an octet."""
    return all("\udc80" <= char <= "\udcff" for char in target if "\ud800" <= char <= "\udfff")
