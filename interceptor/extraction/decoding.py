"""From one value as it was sent to every text that an engine may make of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote_to_bytes

from interceptor.extraction.charsets import texts_of, well_formed

LEVELS = 3
"""How many times a value or a name is decoded beyond what its place asks for."""
_GUESSED_LEVELS = 2
"""On how many of those levels a legacy encoding is guessed: each guess costs a whole pass of matching."""

_CODE_UNIT = re.compile(r"%[uU]([0-9A-Fa-f]{4})")
"""What JavaScript's ``escape()`` writes for a UTF-16 code unit (ECMA-262, annex B.2.1.1)."""
_REFERENCE = re.compile(r"&#(?:[xX]0*([0-9A-Fa-f]{1,6})|0*([0-9]{1,7}));?")
"""What a form in a legacy encoding sends for characters that the encoding lacks (WHATWG URL Standard, section
1.3, "percent-encode after encoding"). Named references are not sent, so they are not read."""


def unquote(text: str) -> bytes:
    """Percent-decode ``text`` (octets as Latin-1 text) once; what is no escape stays as it is."""
    return unquote_to_bytes(text.encode("latin-1", "replace"))


def unquote_field(text: str) -> bytes:
    """Decode a name or value of a query string or form once, ``+`` being a space."""
    return unquote(text.replace("+", " "))


def readings(octets: bytes, codecs: Sequence[str] = ()) -> Iterator[str]:
    """Yield every text that a value may stand for, the likeliest first, not all of them distinct.

    ``octets`` is the value after the one decoding that its place asks for, ``codecs`` the encodings that the
    request names. Percent escapes that are left are decoded too, up to three times; each step is a reading.
    """
    for level in range(LEVELS + 1):
        for text in texts_of(octets, codecs, guess=level < _GUESSED_LEVELS):
            yield text
            if "%u" in text or "%U" in text:
                yield well_formed(_CODE_UNIT.sub(_from_code_unit, text))
            if "&#" in text:
                yield well_formed(_REFERENCE.sub(_from_reference, text))
        if b"%" not in octets:
            return
        further = unquote_to_bytes(octets)
        if further == octets:
            return
        octets = further


def _from_code_unit(match: re.Match[str]) -> str:
    return chr(int(match[1], 16))


def _from_reference(match: re.Match[str]) -> str:
    number = int(match[1], 16) if match[1] else int(match[2])
    return chr(number) if number <= 0x10FFFF else "\N{REPLACEMENT CHARACTER}"
